// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lies where in the guest's physical addresses, as far as the case knows:
 * memory and windows from /proc/iomem, the module or the kernel log, BARs from
 * snapshots, sysfs or the log.
 */
#include "render/figures.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/i18n.h"

#define ONE_MIB		(UINT64_C(1) << 20)
#define FOUR_GIB	(UINT64_C(1) << 32)

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

	/* Below 1 MiB is what PCs had for graphics; no BAR lies there. */
	if (end < ONE_MIB || end <= start || is_there(map, kind, start, end - start + 1))
		return;
	region = add_region(map, kind, start, end - start + 1);
	region->name = bridge ? xasprintf(_("bridge %s"),
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

		if (is_io(event) || !event_hex(event, "address", &start) ||
		    !event_hex(event, "end", &end))
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

static bool has_windows(const struct snapshot *snapshot)
{
	return snapshot->deep.windows.count > 0;
}

static struct region *add_unplaced(struct address_map *map, char *name, uint64_t size, bool wide)
{
	struct region *region = add_region(map, REGION_BAR, 0, size);

	region->placed = false;
	region->wide = wide;
	region->name = name;
	region->trouble = map->trouble = true;
	return region;
}

/*
 * Where the module saw that a BAR would have to be: in a window of the nearest
 * bridge, or else of the bus, on the right side of 4 GiB; the one with the most room.
 */
static void find_window(struct region *region, const struct snapshot *snapshot)
{
	const struct deep_view *deep = &snapshot->deep;
	const struct gpuprobe_window *best = NULL;

	for (size_t i = 0; i < deep->windows.count; i++) {
		const struct gpuprobe_window *window = &deep->windows.at[i];

		if (!(window->flags & IORESOURCE_MEM) || !window->end ||
		    region->wide != (window->start >= FOUR_GIB))
			continue;
		if (!best || window->parent < best->parent ||
		    (window->parent == best->parent && window->largest_free > best->largest_free))
			best = window;
	}
	if (!best)
		return;
	region->start = best->start;
	region->room = best->largest_free;
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
		struct region *region = add_unplaced(map, name, bar->size,
						     bar->flags & IORESOURCE_MEM_64);

		if (windows)
			find_window(region, windows);
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
		if (event_hex(event, "address", &start) && event_hex(event, "end", &end) && end > start)
			add_region(map, REGION_BAR, start, end - start + 1)->name =
				bar_name(c, &function->address, bar);
		else if (event_number(event, "size", &size) && size)
			add_unplaced(map, bar_name(c, &function->address, bar), size,
				     strstr(event_field(event, "type") ? event_field(event, "type") :
					    "", "64bit"));
	}
}

/* --- memory, windows and other functions, from /proc/iomem and sysfs --- */

#define RAM_GAP		(UINT64_C(2) << 20)	/* holes of this size in memory are not drawn */
#define OTHER_GAP	(UINT64_C(16) << 20)	/* nor such between small things */

static void add_range(struct address_map *map, const struct address_range *range)
{
	struct region *last = map->regions.count ? &map->regions.at[map->regions.count - 1] : NULL;

	switch (range->kind) {
	case RANGE_RAM:
		if (last && last->kind == REGION_RAM && last->start + last->size <= range->start &&
		    range->start - last->start - last->size <= RAM_GAP)
			last->size = range->start + range->size - last->start;
		else
			add_region(map, REGION_RAM, range->start, range->size)->name =
				xstrdup(_("memory (RAM)"));
		break;
	case RANGE_WINDOW:
		add_window(map, REGION_WINDOW, range->start, range->start + range->size - 1, NULL);
		break;
	case RANGE_RESERVED:
		add_region(map, REGION_OTHER, range->start, range->size)->name =
			xstrdup(_("reserved"));
		break;
	}
}

static void add_neighbour(struct address_map *map, const struct neighbour *neighbour)
{
	char place[PCI_ADDRESS_TEXT];

	for (size_t i = 0; i < neighbour->taken.count; i++) {
		const struct taken_range *taken = &neighbour->taken.at[i];

		if (taken->window)
			add_window(map, REGION_BRIDGE, taken->start,
				   taken->start + taken->size - 1, &neighbour->address);
		else if (!is_there(map, REGION_BAR, taken->start, taken->size))
			add_region(map, REGION_OTHER, taken->start, taken->size)->name =
				xasprintf(_("device %s"),
					  pci_address_print(&neighbour->address, place));
	}
}

static void add_space(struct address_map *map, const struct address_space *space)
{
	map->address_bits = space->bits;
	for (size_t i = 0; i < space->ranges.count; i++)
		add_range(map, &space->ranges.at[i]);
	for (size_t i = 0; i < space->neighbours.count; i++)
		add_neighbour(map, &space->neighbours.at[i]);
}

/* --- the whole --- */

static uint64_t end_of(const struct region *region)
{
	return region->start + region->size;
}

/* Small things that lie side by side become one. */
static void merge_others(struct address_map *map)
{
	size_t kept = 0;

	for (size_t i = 0; i < map->regions.count; i++) {
		struct region *region = &map->regions.at[i];
		struct region *last = kept ? &map->regions.at[kept - 1] : NULL;

		if (last && last->kind == REGION_OTHER && region->kind == REGION_OTHER &&
		    region->placed && region->start <= end_of(last) + OTHER_GAP) {
			last->count = (last->count ? last->count : 1) + 1;
			if (end_of(region) > end_of(last))
				last->size = end_of(region) - last->start;
			free(region->name);
		} else {
			map->regions.at[kept++] = *region;
		}
	}
	map->regions.count = kept;
	for (size_t i = 0; i < kept; i++) {
		struct region *region = &map->regions.at[i];

		if (!region->count)
			continue;
		free(region->name);
		region->name = xasprintf(_("%zu other devices"), region->count);
	}
}

/* The largest power of two of bytes between, aligned to itself as a BAR must be. */
static uint64_t room_between(uint64_t from, uint64_t to)
{
	for (unsigned int bit = 63; bit > 11; bit--) {
		uint64_t size = UINT64_C(1) << bit, start = (from + size - 1) & ~(size - 1);

		if (from + size - 1 >= from && start < to && to - start >= size)
			return size;
	}
	return 0;
}

/* What is free in a window, by what is known to lie in it. Regions are in order. */
static uint64_t room_in(const struct address_map *map, const struct region *window)
{
	uint64_t at = window->start, best = 0, room;

	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *inner = &map->regions.at[i];

		if (!inner->placed || inner == window || inner->kind == REGION_WINDOW ||
		    inner->start < window->start || end_of(inner) > end_of(window))
			continue;
		room = inner->start > at ? room_between(at, inner->start) : 0;
		best = room > best ? room : best;
		if (end_of(inner) > at)
			at = end_of(inner);
	}
	room = room_between(at, end_of(window));
	return room > best ? room : best;
}

/* For a BAR without a place that the module did not tell of: the bus's best window. */
static void find_place(const struct address_map *map, struct region *region)
{
	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *window = &map->regions.at[i];
		uint64_t room;

		if (window->kind != REGION_WINDOW || region->wide != (window->start >= FOUR_GIB))
			continue;
		room = room_in(map, window);
		if (region->start && room <= region->room)
			continue;
		region->start = window->start;
		region->room = room;
	}
}

static char *needs_text(const struct region *region)
{
	char need[SIZE_TEXT], room[SIZE_TEXT];

	size_print(region->size, need);
	if (region->start)
		return xasprintf(_("has no address: it needs %s in one piece, and the largest free place for it is %s"),
				 need, size_print(region->room, room));
	return region->wide ?
		xasprintf(_("has no address: it needs %s in one piece, and no window above 4 GiB is known"), need) :
		xasprintf(_("has no address: it needs %s in one piece, and no window for it is known"), need);
}

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

static bool has_bus_window(const struct address_map *map)
{
	for (size_t i = 0; i < map->regions.count; i++)
		if (map->regions.at[i].kind == REGION_WINDOW)
			return true;
	return false;
}

void address_map_make(const struct gpuprobe_case *c, const struct diagnosis *diagnosis,
		      struct address_map *map)
{
	*map = (struct address_map){ 0 };
	for (size_t i = 0; i < c->functions.count; i++)
		if (!add_function(map, c, &c->functions.at[i]))
			add_bars_of_log(map, c, diagnosis, &c->functions.at[i]);
	if (!map->regions.count)
		return;
	add_space(map, &c->machine.space);
	if (!has_bus_window(map))
		add_windows_of_log(map, diagnosis);
	qsort(map->regions.at, map->regions.count, sizeof(*map->regions.at), compare);
	merge_others(map);
	for (size_t i = 0; i < map->regions.count; i++) {
		struct region *region = &map->regions.at[i];

		if (region->placed)
			continue;
		if (!region->start)
			find_place(map, region);
		region->note = needs_text(region);
	}
}
