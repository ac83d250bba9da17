/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_WINDOW_H
#define _GPUPROBE_WINDOW_H

#include <linux/types.h>

/**
 * struct gp_range - addresses
 * @start:	inclusive
 * @end:	inclusive
 */
struct gp_range {
	u64 start;
	u64 end;
};

u64 gp_largest_aligned(u64 start, u64 end);
u64 gp_largest_free(const struct gp_range *window, struct gp_range *ranges,
		    unsigned int count);

#endif /* _GPUPROBE_WINDOW_H */
