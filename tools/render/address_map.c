// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies where in the guest's physical addresses, as far as the case knows:
 * windows from the module or the kernel log, BARs from snapshots or the log.
 */
#include "render/figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/i18n.h"

#define FOUR_GIB (UINT64_C(1) << 32)

static struct region *add_region(struct address_map *map, enum region_kind kind, uint64_t start,
				 uint64_t size)
{
	struct region *region = array_add(&map->regions);

	region->kind = kind;
	region->placed = true;
	region->start = start;
	region->size = size;
	return region;
}

static bool is_there(const struct address_map *map, enum region_kind kind, uint64_t start,
		     uint64_t size)
{
	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *region = &map->regions.at[i];

		if (region->placed && region->kind == kind && region->start == start &&
		    region->size == size)
			return true;
	}
	return false;
}

/* --- windows --- */

static void add_window(struct address_map *map, enum region_kind kind, uint64_t start, uint64_t end,
		       const struct pci_address *bridge)
{
	char place[PCI_ADDRESS_TEXT];
	struct region *region;

	if (end <= start || is_there(map, kind, start, end - start + 1))
		return;
	region = add_region(map, kind, start, end - start + 1);
	region->name = bridge ? xasprintf(_("window of bridge %s"),
					  pci_address_print(bridge, place)) :
				xstrdup(_("window of the PCI bus"));
}

static void add_windows_of(struct address_map *map, const struct snapshot *snapshot)
{
	const struct deep_view *deep = &snapshot->deep;

	for (size_t i = 0; i < deep->windows.count; i++) {
		const struct gpuprobe_window *window = &deep->windows.at[i];

		if (!(window->flags & IORESOURCE_MEM))
			continue;
		if (window->parent == GPUPROBE_PARENT_ROOT_BUS)
			add_window(map, REGION_WINDOW, window->start, window->end, NULL);
		else if (window->parent < snapshot->parents.count)
			add_window(map, REGION_BRIDGE, window->start, window->end,
				   &snapshot->parents.at[window->parent].address);
	}
}

static bool hex_field(const struct event *event, const char *name, uint64_t *value)
{
	const char *text = event_field(event, name);
	char *end;

	if (!text || !*text)
		return false;
	*value = strtoull(text, &end, 16);
	return !*end;
}

static bool is_io(const struct event *event)
{
	const char *kind = event_field(event, "kind");

	return kind && strcmp(kind, "mem") != 0;
}

static void add_windows_of_log(struct address_map *map, const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->events.count; i++) {
		const struct event *event = &diagnosis->events.at[i];
		const char *id = event->match.message->id;
		uint64_t start, end;

		if (is_io(event) || !hex_field(event, "address", &start) ||
		    !hex_field(event, "end", &end))
			continue;
		if (!strcmp(id, "pci.root-window"))
			add_window(map, REGION_WINDOW, start, end, NULL);
		else if (!strcmp(id, "pci.window-value") && event->address_known && end > 0xffff)
			add_window(map, REGION_BRIDGE, start, end, &event->address);
	}
}

/* --- BARs --- */

static char *bar_name(const struct gpuprobe_case *c, const struct pci_address *address,
		      unsigned int bar)
{
	char place[PCI_ADDRESS_TEXT], label[8];

	snprintf(label, sizeof(label), bar == ROM_BAR ? "ROM" : "BAR%u", bar);
	if (c->functions.count < 2)
		return xstrdup(label);
	return xasprintf(_("%s of %s"), label, pci_address_print(address, place));
}

/*
 * Where the function's memory would have to be: the windows of its nearest
 * bridge, or else of the bus, on the right side of 4 GiB. The start of the one
 * with the most room, or 0 if there is none.
 */
static uint64_t window_for(const struct snapshot *snapshot, bool wide, uint64_t *room)
{
	const struct deep_view *deep = &snapshot->deep;
	const struct gpuprobe_window *best = NULL;

	for (size_t i = 0; i < deep->windows.count; i++) {
		const struct gpuprobe_window *window = &deep->windows.at[i];

		if (!(window->flags & IORESOURCE_MEM) || !window->end ||
		    wide != (window->start >= FOUR_GIB))
			continue;
		if (!best || window->parent < best->parent ||
		    (window->parent == best->parent && window->largest_free > best->largest_free))
			best = window;
	}
	*room = best ? best->largest_free : 0;
	return best ? best->start : 0;
}

static bool has_windows(const struct snapshot *snapshot)
{
	return snapshot->deep.windows.count > 0;
}

static char *needs_text(uint64_t size, uint64_t start, uint64_t room)
{
	char need[SIZE_TEXT], free_place[SIZE_TEXT];

	size_print(size, need);
	if (!start)
		return xasprintf(_("has no address: it needs %s in one piece, and no window for it is known"),
				 need);
	return xasprintf(_("has no address: it needs %s in one piece, and the largest free place for it is %s"),
			 need, size_print(room, free_place));
}

static void add_unplaced(struct address_map *map, char *name, uint64_t start, uint64_t size,
			 uint64_t room)
{
	struct region *region = add_region(map, REGION_BAR, start, size);

	region->placed = false;
	region->room = room;
	region->name = name;
	region->note = needs_text(size, start, room);
	region->trouble = map->trouble = true;
}

static void add_bar(struct address_map *map, const struct gpuprobe_case *c,
		    const struct function *function, const struct snapshot *snapshot,
		    const struct snapshot *windows, unsigned int i)
{
	const struct bar *bar = &snapshot->bars[i];
	char *name;

	if (!bar->known || !bar->size || !(bar->flags & IORESOURCE_MEM))
		return;
	name = bar_name(c, &function->address, i);
	if (bar->start && !(bar->flags & IORESOURCE_UNSET)) {
		add_region(map, REGION_BAR, bar->start, bar->size)->name = name;
	} else if (i == ROM_BAR) {
		free(name);	/* gets an address when somebody wants to read it */
	} else {
		bool wide = bar->flags & IORESOURCE_MEM_64;
		uint64_t room = 0, start = windows ? window_for(windows, wide, &room) : 0;

		if (!start && windows)
			start = window_for(windows, false, &room);
		add_unplaced(map, name, start, bar->size, room);
	}
}

/* The newest snapshot that answers; NULL if none does. */
static const struct snapshot *newest(const struct function *function,
				     bool (*answers)(const struct snapshot *))
{
	for (size_t i = function->snapshots.count; i-- > 0;)
		if (answers(&function->snapshots.at[i]))
			return &function->snapshots.at[i];
	return NULL;
}

static bool has_bars(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < BAR_COUNT; i++)
		if (snapshot->bars[i].known && snapshot->bars[i].size)
			return true;
	return false;
}

static bool add_function(struct address_map *map, const struct gpuprobe_case *c,
			 const struct function *function)
{
	const struct snapshot *bars = newest(function, has_bars);
	const struct snapshot *windows = newest(function, has_windows);

	if (windows)
		add_windows_of(map, windows);
	for (unsigned int i = 0; bars && i < BAR_COUNT; i++)
		add_bar(map, c, function, bars, windows, i);
	return bars;
}

/* --- BARs that only the log tells of --- */

/* The last word on each BAR counts: the PCI core tries more than once. */
static bool is_last_word(const struct diagnosis *diagnosis, size_t index, uint64_t bar)
{
	const struct event *event = &diagnosis->events.at[index];

	for (size_t i = index + 1; i < diagnosis->events.count; i++) {
		const struct event *later = &diagnosis->events.at[i];
		uint64_t number;

		if (!strncmp(later->match.message->id, "pci.bar-", 8) && later->address_known &&
		    !pci_address_compare(&later->address, &event->address) &&
		    event_number(later, "bar", &number) && number == bar)
			return false;
	}
	return true;
}

static void add_bars_of_log(struct address_map *map, const struct gpuprobe_case *c,
			    const struct diagnosis *diagnosis, const struct function *function)
{
	for (size_t i = 0; i < diagnosis->events.count; i++) {
		const struct event *event = &diagnosis->events.at[i];
		uint64_t bar, start, end, size;

		if (!event->address_known || event_field(event, "vf") ||
		    pci_address_compare(&event->address, &function->address) ||
		    !event_number(event, "bar", &bar) || bar >= ROM_BAR ||
		    !is_last_word(diagnosis, i, bar))
			continue;
		if (hex_field(event, "address", &start) && hex_field(event, "end", &end) && end > start)
			add_region(map, REGION_BAR, start, end - start + 1)->name =
				bar_name(c, &function->address, bar);
		else if (event_number(event, "size", &size) && size)
			add_unplaced(map, bar_name(c, &function->address, bar), 0, size, 0);
	}
}

/* --- the whole --- */

/* Placed before not placed, low before high, large before what it holds. */
static int compare(const void *left, const void *right)
{
	const struct region *a = left, *b = right;

	if (a->placed != b->placed)
		return a->placed ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return a->kind < b->kind ? -1 : a->kind > b->kind;
}

void address_map_make(const struct gpuprobe_case *c, const struct diagnosis *diagnosis,
		      struct address_map *map)
{
	memset(map, 0, sizeof(*map));
	for (size_t i = 0; i < c->functions.count; i++)
		if (!add_function(map, c, &c->functions.at[i]))
			add_bars_of_log(map, c, diagnosis, &c->functions.at[i]);
	if (!map->regions.count)
		return;
	add_windows_of_log(map, diagnosis);
	qsort(map->regions.at, map->regions.count, sizeof(*map->regions.at), compare);
}
