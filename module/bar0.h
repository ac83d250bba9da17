/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_BAR0_H
#define _GPUPROBE_BAR0_H

#include <linux/types.h>

#include "uapi/gpuprobe.h"

struct gp_builder;
struct gp_view;

/* What is mapped at once: the registers of NVIDIA GPUs go by this. */
#define GP_BAR0_PAGE	0x1000u

/**
 * struct gp_bar0 - the way to the registers of a GPU
 * @view:	the function
 * @start:	CPU address of BAR0
 * @page:	what is mapped, or NULL
 * @page_at:	its offset in BAR0
 * @budget:	how many more reads may be made
 * @info:	what user space is told; outcome is 0 while reads are possible,
 *		and the reason once they are not
 */
struct gp_bar0 {
	struct gp_view *view;
	phys_addr_t start;
	void __iomem *page;
	u32 page_at;
	unsigned int budget;
	struct gpuprobe_bar0 info;
};

/**
 * struct gp_reading - what a read of a register gave
 * @value:	as read
 * @ns:		how long it took
 */
struct gp_reading {
	u32 value;
	u32 ns;
};

bool gp_is_bad(u32 value);

bool gp_bar0_open(struct gp_bar0 *bar0, struct gp_view *view,
		  unsigned int budget);
void gp_bar0_close(struct gp_bar0 *bar0);
int gp_bar0_read(struct gp_bar0 *bar0, u32 offset, struct gp_reading *reading);
bool gp_bar0_stop(struct gp_bar0 *bar0, u32 outcome);
void gp_bar0_stop_at_ones(struct gp_bar0 *bar0);
void gp_bar0_report(const struct gp_bar0 *bar0, struct gp_builder *builder);

#endif /* _GPUPROBE_BAR0_H */
