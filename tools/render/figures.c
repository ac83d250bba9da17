// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/figures.h"

#include <inttypes.h>
#include <stdio.h>

const char *size_print(uint64_t size, char text[SIZE_TEXT])
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0;
	uint64_t whole = size;

	while (whole >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		whole >>= 10;
		unit++;
	}
	if (whole << (10 * unit) == size)
		snprintf(text, SIZE_TEXT, "%" PRIu64 " %s", whole, units[unit]);
	else
		snprintf(text, SIZE_TEXT, "%.1f %s", (double)size / (UINT64_C(1) << (10 * unit)),
			 units[unit]);
	return text;
}

void address_map_clear(struct address_map *map)
{
	for (size_t i = 0; i < map->regions.count; i++) {
		free(map->regions.at[i].name);
		free(map->regions.at[i].note);
	}
	array_free(&map->regions);
}

void timeline_clear(struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->moments.count; i++) {
		free(timeline->moments.at[i].text);
		free(timeline->moments.at[i].meaning);
	}
	array_free(&timeline->moments);
}
