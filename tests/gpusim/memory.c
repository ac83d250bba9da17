// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "memory.h"

struct memory_page {
	struct memory_page *next;
	uint64_t number;
	uint8_t bytes[MEMORY_PAGE_SIZE];
};

static struct memory_page *find_page(const struct memory *memory, uint64_t number)
{
	struct memory_page *page = memory->buckets[number % MEMORY_BUCKETS];

	while (page && page->number != number)
		page = page->next;
	return page;
}

static struct memory_page *add_page(struct memory *memory, uint64_t number)
{
	struct memory_page **bucket = &memory->buckets[number % MEMORY_BUCKETS];
	struct memory_page *page;

	if (memory->pages == MEMORY_MAX_PAGES)
		return NULL;
	page = calloc(1, sizeof(*page));
	if (!page)
		return NULL;
	page->number = number;
	page->next = *bucket;
	*bucket = page;
	memory->pages++;
	return page;
}

/* How much of @len bytes at @offset are in the first page. */
static size_t part(uint64_t offset, size_t len)
{
	size_t room = MEMORY_PAGE_SIZE - offset % MEMORY_PAGE_SIZE;

	return len < room ? len : room;
}

void memory_read(const struct memory *memory, uint64_t offset, uint8_t *data, size_t len)
{
	while (len) {
		const struct memory_page *page = find_page(memory, offset / MEMORY_PAGE_SIZE);
		size_t now = part(offset, len);

		if (page)
			memcpy(data, page->bytes + offset % MEMORY_PAGE_SIZE, now);
		else
			memset(data, 0, now);
		offset += now;
		data += now;
		len -= now;
	}
}

void memory_write(struct memory *memory, uint64_t offset, const uint8_t *data, size_t len)
{
	while (len) {
		uint64_t number = offset / MEMORY_PAGE_SIZE;
		struct memory_page *page = find_page(memory, number);
		size_t now = part(offset, len);

		if (!page)
			page = add_page(memory, number);
		if (page)
			memcpy(page->bytes + offset % MEMORY_PAGE_SIZE, data, now);
		offset += now;
		data += now;
		len -= now;
	}
}

void memory_clear(struct memory *memory)
{
	for (unsigned int i = 0; i < MEMORY_BUCKETS; i++) {
		struct memory_page *page = memory->buckets[i], *next;

		for (; page; page = next) {
			next = page->next;
			free(page);
		}
	}
	memset(memory, 0, sizeof(*memory));
}
