// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/i18n.h"

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

unsigned int region_depth(const struct address_map *map, size_t index)
{
	const struct region *inner = &map->regions.at[index];
	unsigned int depth = 0;

	for (size_t i = 0; i < index && inner->placed; i++) {
		const struct region *outer = &map->regions.at[i];

		depth += outer->kind != REGION_RAM && inner->start >= outer->start &&
			 inner->start - outer->start < outer->size;
	}
	return depth;
}

char *address_limit_text(const struct address_map *map)
{
	char size[SIZE_TEXT];

	if (!map->address_bits || map->address_bits > 63)
		return NULL;
	return xasprintf(_("Processor's limit: %s (%u bits)"),
			 size_print(UINT64_C(1) << map->address_bits, size), map->address_bits);
}

void address_map_table(const struct address_map *map, struct table *table)
{
	*table = (struct table){
		.columns = 4, .header = { _("from"), _("to"), _("size"), _("what") },
	};
	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *region = &map->regions.at[i];
		char from[20], to[20], size[SIZE_TEXT];
		char *what = xasprintf("%s%s%s", region->name, region->note ? ": " : "",
				       region->note ? region->note : "");

		snprintf(from, sizeof(from), "0x%" PRIx64, region->start);
		snprintf(to, sizeof(to), "0x%" PRIx64, region->start + region->size - 1);
		table_add(table, region->placed ? from : _("nowhere"), region->placed ? to : "",
			  size_print(region->size, size), what)->marked = region->trouble;
		free(what);
	}
}

void timeline_table(const struct timeline *timeline, struct table *table)
{
	*table = (struct table){
		.columns = 3, .header = { _("time"), _("what happened"), _("what it means") },
	};
	for (size_t i = 0; i < timeline->moments.count; i++) {
		const struct moment *moment = &timeline->moments.at[i];
		char *text = moment->times > 1 ?
			xasprintf(_("%s (%zu times)"), moment->text, moment->times) :
			xstrdup(moment->text);

		table_add(table, moment->stamp, text, moment->meaning)->marked = moment->failing;
		free(text);
	}
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
		free(timeline->moments.at[i].stamp);
		free(timeline->moments.at[i].text);
		free(timeline->moments.at[i].meaning);
	}
	array_free(&timeline->moments);
}
