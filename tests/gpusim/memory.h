/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory behind a BAR: reads 0 until written, and only the pages that
 * were written exist, so 32 GiB cost nothing. A guest that writes more than
 * MEMORY_MAX_PAGES pages loses what it writes to further ones.
 */
#ifndef GPUSIM_MEMORY_H
#define GPUSIM_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#define MEMORY_PAGE_SIZE	4096u
#define MEMORY_MAX_PAGES	4096u
#define MEMORY_BUCKETS		1024u

struct memory_page;

struct memory {
	struct memory_page *buckets[MEMORY_BUCKETS];
	unsigned int pages;
};

void memory_read(const struct memory *memory, uint64_t offset, uint8_t *data, size_t len);
void memory_write(struct memory *memory, uint64_t offset, const uint8_t *data, size_t len);
void memory_clear(struct memory *memory);

#endif
