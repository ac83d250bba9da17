// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config space as the GPU itself has it, which BAR0 shows: docs/sources.md 1.12.
 * What a hypervisor makes of config cycles does not reach it.
 */
#include <linux/kernel.h>
#include <linux/pci.h>

#include "chip.h"
#include "compat.h"
#include "gpu.h"
#include "record.h"

#define PIECE_MAX	10u	/* dwords */

struct piece {
	u16 at;
	u16 dwords;
	u32 chips;
};

struct place {
	u32 offset;
	u32 chips;
	const struct piece *pieces;
	size_t count;
};

#define ALL		GP_FROM_TO(GP_KEPLER, GP_GB2XX)

/* NV_PCFG, NV_XVE; the NULL capability at 0x68 hides MSI on boards with MSI-X */
static const struct piece pieces_xve[] = {
	{ 0x00, 10, ALL },	/* ids, command, class, BARs */
	{ 0x2c, 3, ALL },	/* subsystem, ROM, capability pointer */
	{ 0x3c, 1, ALL },	/* interrupt line and pin */
	{ 0x60, 2, ALL },	/* PM */
	{ 0x68, 4, ALL },	/* MSI */
	{ 0x78, 1, ALL },	/* PCIe */
	{ 0x80, 1, ALL },	/* device control and status */
	{ 0x88, 1, ALL },	/* link control and status */
	{ 0xc8, 1, GP_TURING | GP_GA100 },	/* MSI-X */
};

/* NV_EP_PCFGM */
static const struct piece pieces_ep[] = {
	{ 0x00, 10, ALL },
	{ 0x2c, 3, ALL },
	{ 0x3c, 1, ALL },
	{ 0x40, 2, ALL },	/* PM */
	{ 0x48, 4, ALL },	/* MSI */
	{ 0x60, 1, ALL },	/* PCIe */
	{ 0x68, 1, ALL },
	{ 0x70, 1, ALL },
	{ 0xb0, 1, ALL },	/* MSI-X */
};

static const struct place places[] = {
	{ 0x088000, GP_FROM_TO(GP_KEPLER, GP_ADA), pieces_xve,
	  ARRAY_SIZE(pieces_xve) },
	{ 0x092000, GP_HOPPER | GP_GB2XX, pieces_ep, ARRAY_SIZE(pieces_ep) },
};

/* Return: true if all of it could be read. */
static bool read_piece(struct gp_gpu *gpu, u32 mirror,
		       const struct piece *piece)
{
	__le32 dwords[PIECE_MAX];
	struct gp_reading reading;
	u32 i, at = mirror + piece->at;

	for (i = 0; i < piece->dwords; i++) {
		if (gp_bar0_read(&gpu->bar0, at + 4 * i, &reading))
			return false;
		if (PCI_POSSIBLE_ERROR(reading.value)) {
			gp_bar0_stop_at_ones(&gpu->bar0);
			return false;
		}
		dwords[i] = cpu_to_le32(reading.value);
	}
	gp_builder_add(gpu->builder, GPUPROBE_ITEM_MIRROR, piece->at / 4,
		       dwords, piece->dwords * sizeof(dwords[0]));
	return true;
}

static void read_place(struct gp_gpu *gpu, const struct place *place)
{
	u32 id;
	size_t i;

	gpu->bar0.info.mirror = place->offset;
	/* As a register, so that a bad read of it is seen as such. */
	if (gp_gpu_register(gpu, place->offset, &id))
		return;
	for (i = 0; i < place->count; i++)
		if (place->pieces[i].chips & gpu->chip &&
		    !read_piece(gpu, place->offset, &place->pieces[i]))
			return;
}

/**
 * gp_gpu_read_mirror() - pieces of config space in BAR0: GPUPROBE_ITEM_MIRROR
 * @gpu:	an identified GPU
 *
 * Stops at all ones. May sleep for memory.
 */
void gp_gpu_read_mirror(struct gp_gpu *gpu)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		if (places[i].chips & gpu->chip)
			read_place(gpu, &places[i]);
}
