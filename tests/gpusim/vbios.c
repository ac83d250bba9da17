// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "vbios.h"

/* Where the parts of a generated image are; the pointer at 0x18 leads to PCIR. */
#define PCIR_POINTER	0x18
#define PCIR_AT		0x60
#define BIT_AT		0x100
#define BLOCK		512u

static uint8_t sum(const uint8_t *bytes, size_t len)
{
	uint8_t total = 0;

	while (len--)
		total += *bytes++;
	return total;
}

/* PCI firmware specification, "PCI data structure", revision 0. */
static void put_pcir(uint8_t *image, const struct profile *profile)
{
	const struct profile_vbios *spec = &profile->prom.vbios;
	uint8_t *pcir = image + PCIR_AT;

	bytes_put(image + PCIR_POINTER, 2, PCIR_AT);
	memcpy(pcir, "PCIR", 4);
	bytes_put(pcir + 4, 2, spec->vendor ? spec->vendor : profile->vendor);
	bytes_put(pcir + 6, 2, spec->device ? spec->device : profile->device);
	bytes_put(pcir + 10, 2, 0x18);			/* its length */
	bytes_put(pcir + 13, 3, profile->class);
	bytes_put(pcir + 16, 2, spec->size / BLOCK);
	pcir[20] = 0x00;				/* code type: x86 */
	pcir[21] = 0x80;				/* the last image */
}

/* NVIDIA's BIOS information table: the header, with no token. */
static void put_bit(uint8_t *image)
{
	static const uint8_t header[] = {
		0xff, 0xb8, 'B', 'I', 'T', 0,	/* signature */
		0x00, 0x01,			/* version 1.0 */
		12, 6, 0,			/* sizes of header and token; tokens */
	};
	uint8_t *bit = image + BIT_AT;

	memcpy(bit, header, sizeof(header));
	bit[sizeof(header)] = -sum(bit, sizeof(header));
}

static void fill_image(uint8_t *image, const struct profile *profile)
{
	const struct profile_vbios *spec = &profile->prom.vbios;
	size_t blocks = spec->size / BLOCK;

	bytes_put(image, 2, spec->signature);
	image[2] = blocks > 0xff ? 0xff : blocks;
	image[3] = 0xcb;				/* the entry point: return far */
	put_pcir(image, profile);
	put_bit(image);
	image[spec->size - 1] = -sum(image, spec->size) + spec->bad_checksum;
}

static int generate(struct vbios *vbios, const struct profile *profile)
{
	const struct profile_vbios *spec = &profile->prom.vbios;

	vbios->bytes = calloc(1, spec->size);
	if (!vbios->bytes)
		return -ENOMEM;
	vbios->len = spec->size < spec->cut ? spec->size : spec->cut;
	fill_image(vbios->bytes, profile);
	return 0;
}

/* As much of the file as the window shows. */
static int load(struct vbios *vbios, const struct profile *profile)
{
	FILE *file = fopen(profile->prom.path, "re");
	int err = 0;

	if (!file)
		return -errno;
	vbios->bytes = malloc(profile->prom.window);
	if (vbios->bytes)
		vbios->len = fread(vbios->bytes, 1, profile->prom.window, file);
	if (!vbios->bytes)
		err = -ENOMEM;
	else if (ferror(file))
		err = -EIO;
	fclose(file);
	return err;
}

int vbios_create(struct vbios *vbios, const struct profile *profile)
{
	int err = 0;

	memset(vbios, 0, sizeof(*vbios));
	if (profile->prom.source == PROM_GENERATED)
		err = generate(vbios, profile);
	else if (profile->prom.source == PROM_FILE)
		err = load(vbios, profile);
	if (err)
		vbios_destroy(vbios);
	return err;
}

void vbios_destroy(struct vbios *vbios)
{
	free(vbios->bytes);
	memset(vbios, 0, sizeof(*vbios));
}
