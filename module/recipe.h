/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_RECIPE_H
#define _GPUPROBE_RECIPE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "uapi/gpuprobe.h"

struct gp_recipe;

#define GP_PANEL_PAGES	3
#define GP_PANEL_SAVED	4

/**
 * struct gp_panel - the interrupt registers of a GPU while it is tested
 * @recipe:	how its interrupts are raised
 * @chip:	one of GP_KEPLER to GP_GB2XX
 * @pages:	what is mapped; NULL is not
 * @saved:	what @recipe has found and will restore
 * @reads:	of BAR0, counted
 * @writes:	likewise
 */
struct gp_panel {
	const struct gp_recipe *recipe;
	u32 chip;
	void __iomem *pages[GP_PANEL_PAGES];
	u32 saved[GP_PANEL_SAVED];
	atomic_t reads;
	atomic_t writes;
};

/**
 * struct gp_recipe - how the GPUs of some generations raise an interrupt
 * @id:		enum gpuprobe_irq_recipe
 * @chips:	which they are
 * @pages:	offsets in BAR0 of the pages that are needed; 0 at the end
 * @save:	remember what is changed; -EBUSY if it is in use, -EAGAIN if a
 *		register cannot be read
 * @arm:	nothing may raise an interrupt but @trigger
 * @trigger:	raise it
 * @is_pending:	is it raised? false if the GPU does not answer
 * @acknowledge: lower it
 * @rearm:	let the next one out; GPUPROBE_IRQ_TYPE_*
 * @disarm:	nothing may raise an interrupt
 * @restore:	as @save has found it
 * @is_restored: by reading it
 *
 * @is_pending, @acknowledge and @disarm may be called in an interrupt.
 */
struct gp_recipe {
	u32 id;
	u32 chips;
	u32 pages[GP_PANEL_PAGES];
	int (*save)(struct gp_panel *panel);
	void (*arm)(struct gp_panel *panel);
	void (*trigger)(struct gp_panel *panel);
	bool (*is_pending)(struct gp_panel *panel);
	void (*acknowledge)(struct gp_panel *panel);
	void (*rearm)(struct gp_panel *panel, u32 type);
	void (*disarm)(struct gp_panel *panel);
	void (*restore)(struct gp_panel *panel);
	bool (*is_restored)(struct gp_panel *panel);
};

const struct gp_recipe *gp_recipe_for(u32 chip);
int gp_panel_open(struct gp_panel *panel, const struct gp_recipe *recipe,
		  u32 chip, phys_addr_t bar0, resource_size_t size);
void gp_panel_close(struct gp_panel *panel);

#endif /* _GPUPROBE_RECIPE_H */
