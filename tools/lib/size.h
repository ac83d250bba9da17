/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes as people write them: "16M", "32G", "4096". */
#ifndef GPUPROBE_LIB_SIZE_H
#define GPUPROBE_LIB_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Parse a size with an optional K, M, G or T (powers of 1024, either case) at
 * *text and move it behind. False if there is none, or it has no room in 64 bits.
 */
bool size_parse(const char **text, uint64_t *size);

static inline bool is_power_of_two(uint64_t number)
{
	return number && !(number & (number - 1));
}

#endif
