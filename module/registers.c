// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which registers are read, of which chips: the allow-list.
 *
 * Only those that a production driver reads before it initialises the GPU, or
 * that a manual calls plain status. A register that clears or latches something
 * when it is read has no place here, nor has one that is write-only in another
 * chip of the same row (0x160 is from Pascal on). The sources, and the
 * numbers before them, are those of docs/sources.md.
 */
#include <linux/kernel.h>

#include "bar0.h"
#include "chip.h"
#include "gpu.h"

enum condition {
	ALWAYS,
	/* Bit 0 of the register read before it allows it: its privilege mask. */
	IF_ALLOWED,
	/* Not zero means that the rest is walled off: confidential computing. */
	UNLESS_CONFIDENTIAL,
};

struct row {
	u32 offset;
	u32 chips;
	enum condition condition;
};

#define CONFIDENTIAL_MODES	0x3

static const struct row rows[] = {
	/* CC mode; before all else, as it walls off most of the rest  1.11 ADM */
	{ 0x1182cc, GP_HOPPER, UNLESS_CONFIDENTIAL },
	{ 0x000590, GP_FROM_TO(GP_GB1XX, GP_GB2XX), UNLESS_CONFIDENTIAL },
	/* PBUS_INTR_0, PRI_TIMEOUT_SAVE_0: our own failed reads   1.3 DOC bus */
	{ 0x001100, GP_FROM_TO(GP_KEPLER, GP_GA10X) },
	{ 0x009084, GP_FROM_TO(GP_KEPLER, GP_GA10X) },
	/* TIME_1, TIME_0                                        1.4 DOC timer */
	{ 0x009410, GP_FROM_TO(GP_KEPLER, GP_ADA) },
	{ 0x009400, GP_FROM_TO(GP_KEPLER, GP_ADA) },
	/* the same in the unprivileged window                      1.4 dev_vm */
	{ 0x030084, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	{ 0x030080, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	/* devinit has run                          1.6 NVKM devinit/gf100.c */
	{ 0x02240c, GP_FROM_TO(GP_KEPLER, GP_VOLTA) },
	/* GFW boot: privilege mask, progress            1.6 RM, NVKM, NOVA */
	{ 0x118128, GP_FROM_TO(GP_TURING, GP_ADA) },
	{ 0x118234, GP_FROM_TO(GP_TURING, GP_ADA), IF_ALLOWED },
	/* FSP secure boot finished                                1.6 RM, ADM */
	{ 0x0200bc, GP_HOPPER | GP_GB1XX },
	{ 0xad00bc, GP_GB2XX },
	/* FSP debug scratch                                       1.6 RM, ADM */
	{ 0x8f0320, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	{ 0x8f0324, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	{ 0x8f0328, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	{ 0x8f032c, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	/* WPR2 low, high                                         1.7 RM, NOVA */
	{ 0x1fa824, GP_FROM_TO(GP_TURING, GP_HOPPER) },
	{ 0x1fa828, GP_FROM_TO(GP_TURING, GP_HOPPER) },
	{ 0x88a824, GP_FROM_TO(GP_GB1XX, GP_GB2XX) },
	{ 0x88a828, GP_FROM_TO(GP_GB1XX, GP_GB2XX) },
	/* PMC_ENABLE                                         1.2 DOC, ENVY */
	{ 0x000200, GP_FROM_TO(GP_KEPLER, GP_ADA) },
	/* PMC_INTR(0), (1), PMC_INTR_EN(0), (1)                 1.2 DOC, ENVY */
	{ 0x000100, GP_FROM_TO(GP_KEPLER, GP_TURING) },
	{ 0x000104, GP_FROM_TO(GP_KEPLER, GP_VOLTA) },
	{ 0x000140, GP_FROM_TO(GP_KEPLER, GP_TURING) },
	{ 0x000144, GP_FROM_TO(GP_KEPLER, GP_VOLTA) },
	/* CPU_INTR_TOP(0), LEAF(4), LEAF_EN(4), TOP_EN             1.2 dev_vm */
	{ 0xb81600, GP_FROM_TO(GP_TURING, GP_GB2XX) },
	{ 0xb81010, GP_FROM_TO(GP_TURING, GP_GB2XX) },
	{ 0xb81210, GP_FROM_TO(GP_TURING, GP_GB2XX) },
	{ 0xb81608, GP_FROM_TO(GP_TURING, GP_GB2XX) },
	/* how much memory: range, MiB                           1.10 RM, NOVA */
	{ 0x100ce0, GP_FROM_TO(GP_GP10X, GP_GA100) },
	{ 0x1183a4, GP_GA10X | GP_ADA },
	{ 0x1fa3e0, GP_GB1XX },
};

/* Does the timer run? Did our reads hit something dead? */
static const struct row rows_again[] = {
	{ 0x009400, GP_FROM_TO(GP_KEPLER, GP_ADA) },
	{ 0x030080, GP_FROM_TO(GP_HOPPER, GP_GB2XX) },
	{ 0x001100, GP_FROM_TO(GP_KEPLER, GP_GA10X) },
};

/* @before: what the row before has given; 0 if that could not be read */
static void read_row(struct gp_gpu *gpu, const struct row *row, u32 *before)
{
	u32 value = 0;
	int err;

	if (row->condition == IF_ALLOWED && !(*before & 1)) {
		gp_gpu_skip(gpu, row->offset);
		return;
	}
	err = gp_gpu_register(gpu, row->offset, &value);
	*before = err ? 0 : value;
	if (!err && row->condition == UNLESS_CONFIDENTIAL &&
	    value & CONFIDENTIAL_MODES)
		gp_bar0_stop(&gpu->bar0, GPUPROBE_BAR0_CONFIDENTIAL);
}

static void read_rows(struct gp_gpu *gpu, const struct row *list, size_t count)
{
	u32 before = 0;
	size_t i;

	for (i = 0; i < count && !gpu->bar0.info.outcome; i++)
		if (list[i].chips & gpu->chip)
			read_row(gpu, &list[i], &before);
}

/**
 * gp_gpu_read_registers() - read what is allowed of this chip
 * @gpu:	an identified GPU
 *
 * Stops at all ones. May sleep for memory.
 */
void gp_gpu_read_registers(struct gp_gpu *gpu)
{
	read_rows(gpu, rows, ARRAY_SIZE(rows));
}

/**
 * gp_gpu_read_registers_again() - read again what should have changed, or not
 * @gpu:	an identified GPU
 *
 * May sleep for memory.
 */
void gp_gpu_read_registers_again(struct gp_gpu *gpu)
{
	read_rows(gpu, rows_again, ARRAY_SIZE(rows_again));
}
