/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_CHIP_H
#define _GPUPROBE_CHIP_H

#include <linux/bits.h>
#include <linux/types.h>

/* Groups of chips that have the same registers; a bit each, in order of age. */
#define GP_KEPLER	BIT(0)
#define GP_MAXWELL	BIT(1)
#define GP_GP100	BIT(2)
#define GP_GP10X	BIT(3)
#define GP_VOLTA	BIT(4)
#define GP_TURING	BIT(5)
#define GP_GA100	BIT(6)
#define GP_GA10X	BIT(7)
#define GP_ADA		BIT(8)
#define GP_HOPPER	BIT(9)
#define GP_GB1XX	BIT(10)
#define GP_GB2XX	BIT(11)

/* From one group to another, both inclusive. */
#define GP_FROM_TO(first, last)	(((last) << 1) - (first))

struct gp_bar0;

u32 gp_chip_identify(struct gp_bar0 *bar0, u32 boot_0, u32 boot_42);

#endif /* _GPUPROBE_CHIP_H */
