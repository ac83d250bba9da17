/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_INTX_H
#define _GPUPROBE_INTX_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct gp_view;

/**
 * struct gp_intx - the workaround "intx"
 * @lock:	protects @functions and what is in it; nothing but memory is
 *		waited for under it
 * @functions:	those of which something is known
 * @enabled:	the module parameter; may change at any time
 */
struct gp_intx {
	struct mutex lock;	/* protects functions */
	struct list_head functions;
	const bool *enabled;
};

void gp_intx_start(struct gp_intx *intx, const bool *enabled);
void gp_intx_stop(struct gp_intx *intx);
void gp_intx_note_trial(struct gp_view *view, bool passed);
void gp_intx_before_snapshot(struct gp_view *view);
void gp_intx_after_snapshot(struct gp_view *view, bool gone);

#endif /* _GPUPROBE_INTX_H */
