// SPDX-License-Identifier: GPL-2.0-only
/*
 * The beginning of the VBIOS, and its PCI data structure, as the PROM window
 * shows them: docs/sources.md 1.5. On the way every offset that the ROM gives is
 * checked; it is what a device says.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "chip.h"
#include "gpu.h"
#include "record.h"

#define PROM		0x300000u
#define PROM_SIZE	0x100000u
#define START_DWORDS	8u
#define PCIR_DWORDS	6u

#define IFR_SIGNATURE	0x4947564eu		/* "NVGI" */
#define IFR_VERSION(x)	((x) >> 8 & 0xff)	/* of the dword at 4 */
#define IFR_FIXED(x)	((x) >> 16 & 0x7fff)
#define IFR_TOTAL(x)	((x) & 0xfffff)		/* of the dword at 8 */
#define IFR_DIRECTORY	0x1000u			/* from the flash status on */
#define RFRD_SIGNATURE	0x44524652u
#define RFRD_IMAGE	8u
#define PCIR_POINTER	0x18u

/* Erased flash is all ones, so that means nothing here. */
static int read_prom(struct gp_gpu *gpu, u32 offset, u32 *value)
{
	struct gp_reading reading;
	int err;

	if (offset > PROM_SIZE - 4 || offset & 3)
		return -ERANGE;
	err = gp_bar0_read(&gpu->bar0, PROM + offset, &reading);
	if (!err)
		*value = reading.value;
	return err;
}

static void add_piece(struct gp_gpu *gpu, u32 offset, u32 image,
		      const u32 *values, unsigned int count)
{
	/* struct gpuprobe_prom, with its data */
	struct {
		u32 offset;
		u32 image;
		__le32 data[START_DWORDS];
	} piece = { .offset = offset, .image = image };
	unsigned int i;

	for (i = 0; i < count; i++)
		piece.data[i] = cpu_to_le32(values[i]);
	gp_builder_add(gpu->builder, GPUPROBE_ITEM_PROM, gpu->pieces++, &piece,
		       sizeof(struct gpuprobe_prom) +
		       count * sizeof(piece.data[0]));
}

static int read_piece(struct gp_gpu *gpu, u32 offset, u32 image, u32 *values,
		      unsigned int count)
{
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		err = read_prom(gpu, offset + 4 * i, &values[i]);
		if (err)
			return err;
	}
	add_piece(gpu, offset, image, values, count);
	return 0;
}

static bool is_image(u32 first)
{
	u16 signature = first & 0xffff;

	return signature == 0xaa55 || signature == 0xbb77 ||
	       signature == 0x4e56;
}

/* Versions 1 and 2: behind the fixed data. Version 3: by the ROM directory. */
static u32 image_after_ifr(struct gp_gpu *gpu, const u32 *start)
{
	u32 at, signature, image;

	switch (IFR_VERSION(start[1])) {
	case 1:
	case 2:
		if (read_prom(gpu, IFR_FIXED(start[1]) + 4, &image))
			return GPUPROBE_PROM_NO_IMAGE;
		return image;
	case 3:
		if (read_prom(gpu, IFR_TOTAL(start[2]), &at) || at >= PROM_SIZE ||
		    read_prom(gpu, at + IFR_DIRECTORY, &signature) ||
		    signature != RFRD_SIGNATURE ||
		    read_prom(gpu, at + IFR_DIRECTORY + RFRD_IMAGE, &image))
			return GPUPROBE_PROM_NO_IMAGE;
		return image;
	default:
		return GPUPROBE_PROM_NO_IMAGE;
	}
}

static u32 find_image(struct gp_gpu *gpu, const u32 *start)
{
	if (is_image(start[0]))
		return 0;
	if (start[0] == IFR_SIGNATURE)
		return image_after_ifr(gpu, start);
	return GPUPROBE_PROM_NO_IMAGE;
}

/* @pointer: the dword at 0x18 of the image; its low half leads to PCIR */
static void read_pcir(struct gp_gpu *gpu, u32 image, u32 pointer)
{
	u32 values[PCIR_DWORDS];

	pointer &= 0xfffc;
	if (pointer)
		read_piece(gpu, image + pointer, image, values, PCIR_DWORDS);
}

static void read_later_image(struct gp_gpu *gpu, u32 image)
{
	u32 first, pointer;

	if (image >= PROM_SIZE || read_piece(gpu, image, image, &first, 1) ||
	    !is_image(first) ||
	    read_piece(gpu, image + PCIR_POINTER, image, &pointer, 1))
		return;
	read_pcir(gpu, image, pointer);
}

static void read_image(struct gp_gpu *gpu)
{
	u32 start[START_DWORDS], image;
	unsigned int i;

	for (i = 0; i < START_DWORDS; i++)
		if (read_prom(gpu, 4 * i, &start[i]))
			return;
	image = find_image(gpu, start);
	add_piece(gpu, 0, image, start, START_DWORDS);
	if (image == 0)
		read_pcir(gpu, 0, start[PCIR_POINTER / 4]);
	else if (image != GPUPROBE_PROM_NO_IMAGE)
		read_later_image(gpu, image);
}

/**
 * gp_gpu_read_prom() - pieces of the VBIOS: GPUPROBE_ITEM_PROM
 * @gpu:	an identified GPU
 *
 * At most 19 reads. Later chips than Ada do not show their ROM here. May sleep
 * for memory.
 */
void gp_gpu_read_prom(struct gp_gpu *gpu)
{
	if (!(gpu->chip & GP_FROM_TO(GP_KEPLER, GP_ADA)))
		return;
	gpu->bar0.info.prom = PROM;
	read_image(gpu);
}
