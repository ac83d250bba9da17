/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_OBSERVER_H
#define _GPUPROBE_OBSERVER_H

#include <linux/notifier.h>

struct gp_intx;
struct gp_match;
struct gp_store;

/**
 * struct gp_observer - takes snapshots when something happens to a function
 * @bus_events:	registered at the PCI bus
 * @store:	where they go
 * @intx:	the workaround, applied and taken back by what happens
 * @match:	which functions
 */
struct gp_observer {
	struct notifier_block bus_events;
	struct gp_store *store;
	struct gp_intx *intx;
	const struct gp_match *match;
};

int gp_observer_start(struct gp_observer *observer, struct gp_store *store,
		      struct gp_intx *intx, const struct gp_match *match);
void gp_observer_stop(struct gp_observer *observer);
int gp_observer_rescan(struct gp_observer *observer);

#endif /* _GPUPROBE_OBSERVER_H */
