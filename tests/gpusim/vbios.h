/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VBIOS images: generated ones, which hold no NVIDIA code, and files. */
#ifndef GPUSIM_VBIOS_H
#define GPUSIM_VBIOS_H

#include <stddef.h>
#include <stdint.h>

#include "profile.h"

struct vbios {
	uint8_t *bytes;
	size_t len;
};

/* -ENOMEM or what reading the file said. A profile without PROM gives an empty image. */
int vbios_create(struct vbios *vbios, const struct profile *profile);
void vbios_destroy(struct vbios *vbios);

#endif
