// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which chip it is: docs/sources.md 1.1, after NVIDIA's nv_arch.h.
 */
#include <linux/kernel.h>

#include "bar0.h"
#include "chip.h"

#define BOOT_0_ARCHITECTURE(x)	((x) >> 24 & 0x1f)
#define BOOT_42_ARCHITECTURE(x)	((x) >> 24 & 0x3f)
#define IMPLEMENTATION(x)	((x) >> 20 & 0xf)

static u32 group_of(u32 architecture, u32 implementation)
{
	switch (architecture) {
	case 0x0e:
	case 0x0f:
	case 0x10:
		return GP_KEPLER;
	case 0x11:
	case 0x12:
		return GP_MAXWELL;
	case 0x13:
		return implementation ? GP_GP10X : GP_GP100;
	case 0x14:
		return GP_VOLTA;
	case 0x16:
		return GP_TURING;
	case 0x17:
		return implementation ? GP_GA10X : GP_GA100;
	case 0x18:
		return GP_HOPPER;
	case 0x19:
		return GP_ADA;
	case 0x1a:
		return GP_GB1XX;
	case 0x1b:
		return GP_GB2XX;
	default:
		return 0;
	}
}

/**
 * gp_chip_identify() - tell the chip by its identity registers
 * @bar0:	architecture and implementation are set
 * @boot_0:	PMC_BOOT_0
 * @boot_42:	PMC_BOOT_42; 0 or a bad read in chips that have none
 *
 * Return: one of GP_KEPLER to GP_GB2XX, or 0.
 */
u32 gp_chip_identify(struct gp_bar0 *bar0, u32 boot_0, u32 boot_42)
{
	struct gpuprobe_bar0 *info = &bar0->info;

	if (boot_42 && !gp_is_bad(boot_42)) {
		info->architecture = BOOT_42_ARCHITECTURE(boot_42);
		info->implementation = IMPLEMENTATION(boot_42);
	} else {
		info->architecture = BOOT_0_ARCHITECTURE(boot_0);
		info->implementation = IMPLEMENTATION(boot_0);
	}
	return group_of(info->architecture, info->implementation);
}
