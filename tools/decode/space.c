// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/space.h"

#include <linux/pci_regs.h>

#define IO_END		0x10000u	/* I/O ports are printed like memory */
#define NEIGHBOURS_MAX	1024

static bool has_id(const struct event *event, const char *id)
{
	return !strcmp(event->match.message->id, id);
}

/* A range of memory; false for I/O ports, and for one that is not placed. */
static bool memory_range(const struct event *event, uint64_t *start, uint64_t *size)
{
	const char *kind = event_field(event, "kind");
	uint64_t end;

	if ((kind && strcmp(kind, "mem") != 0) || !event_hex(event, "address", start) ||
	    !event_hex(event, "end", &end) || end < *start || end < IO_END || !*start)
		return false;
	*size = end - *start + 1;
	return true;
}

static void take_range(struct address_space *space, const struct event *event,
		       enum range_kind kind)
{
	struct address_range range = { .kind = kind };

	if (memory_range(event, &range.start, &range.size))
		*array_add(&space->ranges) = range;
}

static struct neighbour *neighbour_at(struct address_space *space,
				      const struct pci_address *address)
{
	struct neighbour *neighbour;

	for (size_t i = 0; i < space->neighbours.count; i++)
		if (!pci_address_compare(&space->neighbours.at[i].address, address))
			return &space->neighbours.at[i];
	if (space->neighbours.count >= NEIGHBOURS_MAX)
		return NULL;
	neighbour = array_add(&space->neighbours);
	neighbour->address = *address;
	/* A log tells of bridges by bus numbers; only bus 0 is a root bus for certain. */
	neighbour->parent_known = address->bus != 0;
	return neighbour;
}

/* The kernel prints a window when it finds it, and again when it moves it. */
static void take_neighbour(struct address_space *space, const struct event *event, bool window)
{
	struct taken_range range = { .window = window };
	const char *type = event_field(event, "type");
	struct neighbour *neighbour;

	if (!event->address_known || event_field(event, "vf") ||
	    !memory_range(event, &range.start, &range.size))
		return;
	range.flags = IORESOURCE_MEM;
	if (type && strstr(type, "64bit"))
		range.flags |= IORESOURCE_MEM_64;
	if (type && strstr(type, "pref"))
		range.flags |= IORESOURCE_PREFETCH;
	neighbour = neighbour_at(space, &event->address);
	for (size_t i = 0; neighbour && i < neighbour->taken.count; i++)
		if (neighbour->taken.at[i].start == range.start)
			return;
	if (neighbour)
		*array_add(&neighbour->taken) = range;
}

static void take_ranges(struct address_space *space, const event_list *events)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];

		if (has_id(event, "machine.e820-usable"))
			take_range(space, event, RANGE_RAM);
		else if (has_id(event, "pci.root-window"))
			take_range(space, event, RANGE_WINDOW);
	}
}

static void take_neighbours(struct address_space *space, const event_list *events)
{
	for (size_t i = 0; i < events->count; i++) {
		if (has_id(&events->at[i], "pci.bar-value"))
			take_neighbour(space, &events->at[i], false);
		else if (has_id(&events->at[i], "pci.window-value"))
			take_neighbour(space, &events->at[i], true);
	}
}

/* UEFI says its name early in the log; a log without it that begins so early has none. */
static void take_words(struct machine *machine, const event_list *events)
{
	bool e820 = false, efi = false;

	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];
		uint64_t bits;

		e820 |= has_id(event, "machine.e820-usable");
		efi |= has_id(event, "machine.efi");
		if (!machine->space.bits && has_id(event, "machine.address-sizes") &&
		    event_number(event, "bits", &bits) && bits <= 64)
			machine->space.bits = bits;
	}
	if (machine->efi == NOT_KNOWN && (efi || e820))
		machine->efi = efi ? YES : NO;
}

void space_take_events(struct machine *machine, const event_list *events)
{
	if (!machine->space.ranges.count)
		take_ranges(&machine->space, events);
	if (!machine->space.neighbours.count)
		take_neighbours(&machine->space, events);
	take_words(machine, events);
}
