/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Little-endian numbers of 1 to 8 bytes in a byte array, as PCI has them. */
#ifndef GPUSIM_BYTES_H
#define GPUSIM_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t bytes_get(const uint8_t *bytes, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

static inline void bytes_put(uint8_t *bytes, size_t len, uint64_t value)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = value >> (8 * i);
}

#endif
