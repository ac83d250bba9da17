// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the GPU says of itself: the order in which its registers are read.
 *
 * Identity first, as all else goes by it, and as the first read tells whether
 * there may be a second one: a read that is not answered gives all ones, which
 * ends it.
 */
#include <linux/kernel.h>
#include <linux/pci.h>

#include "chip.h"
#include "compat.h"
#include "gpu.h"
#include "record.h"
#include "snapshot.h"

/* Reads of BAR0 in a snapshot */
#define READS_MAX	64u

/* docs/sources.md 1.1 */
#define PMC_BOOT_0	0x000000
#define PMC_BOOT_1	0x000004
#define PMC_BOOT_42	0x000a00
#define BOOT_1_VIRTUAL	0x00030000	/* 0: a real function */

static u32 verdict_of(u32 value)
{
	if (PCI_POSSIBLE_ERROR(value))
		return GPUPROBE_REGISTER_ALL_ONES;
	return gp_is_bad(value) ? GPUPROBE_REGISTER_BAD : GPUPROBE_REGISTER_OK;
}

static void add_register(struct gp_gpu *gpu,
			 const struct gpuprobe_register *payload)
{
	gp_builder_add(gpu->builder, GPUPROBE_ITEM_REGISTER, gpu->registers++,
		       payload, sizeof(*payload));
}

/**
 * gp_gpu_register() - read a register: GPUPROBE_ITEM_REGISTER
 * @gpu:	the GPU
 * @offset:	in BAR0
 * @value:	overwritten if it could be read
 *
 * All ones stop all further reads. May sleep for memory.
 *
 * Return: 0; -ENXIO if it is all ones; -EBADMSG if it is the GPU's mark of a
 * failed read; an error of gp_bar0_read(), for which there is no item.
 */
int gp_gpu_register(struct gp_gpu *gpu, u32 offset, u32 *value)
{
	struct gpuprobe_register payload = { .offset = offset };
	struct gp_reading reading;
	int err = gp_bar0_read(&gpu->bar0, offset, &reading);

	if (err)
		return err;
	*value = reading.value;
	payload.value = reading.value;
	payload.time_ns = reading.ns;
	payload.verdict = verdict_of(reading.value);
	add_register(gpu, &payload);

	if (payload.verdict == GPUPROBE_REGISTER_BAD)
		return -EBADMSG;
	if (payload.verdict == GPUPROBE_REGISTER_OK)
		return 0;
	gp_bar0_stop_at_ones(&gpu->bar0);
	return -ENXIO;
}

/**
 * gp_gpu_skip() - say that a register must not be read
 * @gpu:	the GPU
 * @offset:	in BAR0
 *
 * May sleep for memory.
 */
void gp_gpu_skip(struct gp_gpu *gpu, u32 offset)
{
	const struct gpuprobe_register payload = {
		.offset = offset,
		.verdict = GPUPROBE_REGISTER_SKIPPED,
	};

	add_register(gpu, &payload);
}

/**
 * gp_gpu_identify() - read the three registers that nvidia.ko reads first
 * @gpu:	the GPU; chip is set
 *
 * May sleep for memory.
 *
 * Return: true if its other registers may be read; else the outcome is set.
 */
bool gp_gpu_identify(struct gp_gpu *gpu)
{
	struct gp_bar0 *bar0 = &gpu->bar0;
	u32 boot_0, boot_1, boot_42 = 0;
	int err;

	err = gp_gpu_register(gpu, PMC_BOOT_0, &boot_0);
	if (err == -EBADMSG)
		return gp_bar0_stop(bar0, GPUPROBE_BAR0_LOCKED);
	if (err)
		return false;
	err = gp_gpu_register(gpu, PMC_BOOT_1, &boot_1);
	if (err && err != -EBADMSG)
		return false;
	if (!err && boot_1 & BOOT_1_VIRTUAL)
		return gp_bar0_stop(bar0, GPUPROBE_BAR0_VIRTUAL);
	err = gp_gpu_register(gpu, PMC_BOOT_42, &boot_42);
	if (err && err != -EBADMSG)
		return false;

	gpu->chip = gp_chip_identify(bar0, boot_0, boot_42);
	if (!gpu->chip)
		return gp_bar0_stop(bar0, GPUPROBE_BAR0_UNKNOWN_CHIP);
	return true;
}

static bool is_wanted(const struct gp_view *view)
{
	return view->is_gpu &&
	       (gp_view_is_thorough(view) ||
		view->trigger == GPUPROBE_TRIGGER_BEFORE_BIND);
}

/**
 * gp_collect_gpu() - what BAR0 holds: GPUPROBE_ITEM_BAR0, _REGISTER, _MIRROR and
 * _PROM
 * @builder:	the record
 * @view:	the function
 *
 * Reads at most 64 registers and one dword of config space. Writes nothing. Does
 * nothing if the function is no GPU, or the moment not one for it. May sleep
 * for memory.
 */
void gp_collect_gpu(struct gp_builder *builder, struct gp_view *view)
{
	struct gp_gpu gpu = { .builder = builder };

	if (!is_wanted(view))
		return;
	if (gp_bar0_open(&gpu.bar0, view, READS_MAX) && gp_gpu_identify(&gpu)) {
		gp_gpu_read_registers(&gpu);
		gp_gpu_read_mirror(&gpu);
		gp_gpu_read_registers_again(&gpu);
		gp_gpu_read_prom(&gpu);
	}
	gp_bar0_close(&gpu.bar0);
	gp_bar0_report(&gpu.bar0, builder);
}
