// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/preflight.h"

#include <errno.h>

#include "lib/i18n.h"
#include "lib/size.h"

#define ADDRESS_BITS_MAX 57	/* of any processor, CPUID 0x80000008 */

/* To a multiple of @to; 0, a size that is not known, changes nothing. */
static uint64_t round_up(uint64_t value, uint64_t to)
{
	return to ? (value + to - 1) / to * to : value;
}

static uint64_t next_power_of_two(uint64_t value)
{
	uint64_t power = 1;

	while (power < value && power < UINT64_C(1) << 62)
		power <<= 1;
	return power;
}

static uint64_t limit_size(const char *text)
{
	uint64_t size = 0;

	return text && size_parse(&text, &size) ? size : 0;
}

/* --- what the guest is shown --- */

static uint64_t find_ram_end(const struct address_space *space)
{
	uint64_t end = 0;

	for (size_t i = 0; i < space->ranges.count; i++) {
		const struct address_range *range = &space->ranges.at[i];

		if (range->kind == RANGE_RAM && range->start + range->size > end)
			end = range->start + range->size;
	}
	return end;
}

static bool add_seen_windows(const struct address_space *space, struct room *room)
{
	bool any = false;

	for (size_t i = 0; i < space->ranges.count; i++) {
		const struct address_range *range = &space->ranges.at[i];

		if (range->kind != RANGE_WINDOW)
			continue;
		room_add(room, range->start, range->start + range->size);
		any = true;
	}
	return any;
}

/* Functions on root buses: what lies behind a bridge is in the bridge's windows. */
#define each_root_range(space, neighbour, range)					\
	for (const struct neighbour *neighbour = (space)->neighbours.at;		\
	     neighbour < (space)->neighbours.at + (space)->neighbours.count; neighbour++)	\
		if (!neighbour->parent_known)						\
			for (const struct taken_range *range = neighbour->taken.at;	\
			     range < neighbour->taken.at + neighbour->taken.count; range++)

/* The kernel gives out nothing there, even where a window is (arch_remove_reservations()). */
static void remove_reserved(const struct address_space *space, struct room *room)
{
	for (size_t i = 0; i < space->ranges.count; i++)
		if (space->ranges.at[i].kind == RANGE_RESERVED)
			room_remove(room, space->ranges.at[i].start,
				    space->ranges.at[i].start + space->ranges.at[i].size);
}

static void remove_taken(const struct address_space *space, struct room *room)
{
	remove_reserved(space, room);
	each_root_range(space, neighbour, range)
		room_remove(room, range->start, range->start + range->size);
}

/* What is above 4 GiB now finds its place anew with the GPU. */
static void claim_again(const struct address_space *space, struct preflight_ground *ground)
{
	each_root_range(space, neighbour, range)
		if (range->start >= FOUR_GIB)
			*array_add(&ground->moved) = (struct claim){
				.size = next_power_of_two(range->size), .wide = true
			};
}

/* --- the room above 4 GiB, by rule --- */

static void set_high(struct preflight_ground *ground, uint64_t start, uint64_t end)
{
	if (ground->bits && end > UINT64_C(1) << ground->bits)
		end = UINT64_C(1) << ground->bits;
	ground->high_known = true;
	ground->high = (struct span){ start, end > start ? end : start };
	array_free(&ground->room.high);
	span_add(&ground->room.high, start, end);
}

static uint64_t ram_end_above(const struct preflight_ground *ground)
{
	return ground->ram_end > FOUR_GIB ? ground->ram_end : FOUR_GIB;
}

static void ground_fixed(struct preflight_ground *ground, uint64_t size)
{
	uint64_t start = round_up(ram_end_above(ground), size);

	set_high(ground, start, start + size);
}

static void ground_grows(struct preflight_ground *ground)
{
	ground->high.start = ram_end_above(ground);
	if (!ground->ram_end)
		ground->unknown = _("How much RAM the guest has was not seen.");
	else if (!ground->bits)
		ground->unknown = _("The width of an address (\"address sizes\" in /proc/cpuinfo) was not seen.");
	else
		set_high(ground, ground->high.start, UINT64_C(1) << ground->bits);
}

/* The lowest address above 4 GiB that firmware gave to a function; 0: none. */
static uint64_t lowest_high(const struct address_space *space)
{
	uint64_t lowest = 0;

	each_root_range(space, neighbour, range)
		if (range->start >= FOUR_GIB && (!lowest || range->start < lowest))
			lowest = range->start;
	return lowest;
}

/*
 * OVMF's share is at the end of all addresses it counts with, an eighth, or a
 * quarter since 2026; what it placed there shows which. If it does not trust
 * the address width, all lies lower.
 */
static void ground_share(struct preflight_ground *ground, const struct address_space *space,
			 uint64_t size)
{
	uint64_t lowest = lowest_high(space), all = next_power_of_two(lowest + 1);

	if (space->mmio64_known && space->mmio64_mib < 1u << 30 &&
	    space->mmio64_mib << 20 > size)
		size = next_power_of_two(space->mmio64_mib << 20);
	if (lowest && lowest >= all - all / 4 && all - all / 4 > ram_end_above(ground) &&
	    all / 8 >= size) {
		set_high(ground, lowest >= all - all / 8 ? all - all / 8 : all - all / 4, all);
		return;
	}
	ground_fixed(ground, size);
	ground->high_may_be_larger = !lowest;
	if (!lowest)
		ground->unknown = _("Nothing lies above 4 GiB yet, so it was not seen how much of the "
				    "addresses OVMF takes for memory windows: an eighth of all, or as "
				    "little as 32 GiB.");
}

static void ground_seen(struct preflight_ground *ground, bool any)
{
	uint64_t first = UINT64_MAX;

	ground->high_known = any;
	for (size_t i = 0; i < ground->room.high.count; i++)
		if (ground->room.high.at[i].start < first)
			first = ground->room.high.at[i].start;
	ground->high = (struct span){ any && ground->room.high.count ? first : 0,
				      span_end(&ground->room.high) };
	if (ground->bits)
		span_remove(&ground->room.high, UINT64_C(1) << ground->bits, UINT64_MAX);
}

static void ground_high(struct preflight_ground *ground, const struct address_space *space,
			bool any)
{
	uint64_t size = limit_size(ground->limit->size);

	switch (ground->limit->rule) {
	case WINDOW_SEEN:
		ground_seen(ground, any);
		remove_taken(space, &ground->room);
		return;
	case WINDOW_UNSEEN:
		ground->unknown = _("The guest is shown no memory windows before the GPU is there.");
		return;
	case WINDOW_FIXED:
		ground_fixed(ground, size);
		break;
	case WINDOW_GROWS:
		ground_grows(ground);
		break;
	case WINDOW_SHARE:
		ground_share(ground, space, size);
		break;
	}
	claim_again(space, ground);
}

static void ground_low(struct preflight_ground *ground, const struct address_space *space,
		       bool any)
{
	uint64_t start = limit_size(ground->limit->low_start);

	ground->low_known = any && ground->limit->rule != WINDOW_UNSEEN;
	if (start) {
		ground->low_known = true;
		array_free(&ground->room.low);
		span_add(&ground->room.low, start, start + limit_size(ground->limit->low_size));
	}
	for (size_t i = 0; i < space->ranges.count; i++)
		if (space->ranges.at[i].kind == RANGE_RESERVED)
			span_remove(&ground->room.low, space->ranges.at[i].start,
				    space->ranges.at[i].start + space->ranges.at[i].size);
	each_root_range(space, neighbour, range)
		span_remove(&ground->room.low, range->start, range->start + range->size);
}

/* --- below a port --- */

static const struct neighbour *find_neighbour(const struct address_space *space,
					      const struct pci_address *address)
{
	for (size_t i = 0; i < space->neighbours.count; i++)
		if (!pci_address_compare(&space->neighbours.at[i].address, address))
			return &space->neighbours.at[i];
	return NULL;
}

/* 64-bit prefetchable BARs lie in the prefetchable window, all others in the other. */
static void add_port_window(struct preflight_ground *ground, const struct taken_range *range)
{
	uint64_t end = range->start + range->size;

	if (range->flags & IORESOURCE_PREFETCH) {
		span_add(&ground->room.high, range->start, end);
		ground->high = (struct span){ range->start, end };
	} else {
		span_add(&ground->room.low, range->start, end);
	}
}

static int ground_port(struct preflight_ground *ground, const struct address_space *space,
		       const struct pci_address *address)
{
	const struct neighbour *port = find_neighbour(space, address);

	if (!port || port->class >> 8 != 0x0604)
		return -ENOENT;
	ground->below_port = ground->low_known = ground->high_known = true;
	for (size_t i = 0; i < port->taken.count; i++)
		if (port->taken.at[i].window)
			add_port_window(ground, &port->taken.at[i]);
	for (size_t i = 0; i < space->neighbours.count; i++) {
		const struct neighbour *behind = &space->neighbours.at[i];

		if (!behind->parent_known || pci_address_compare(&behind->parent, address))
			continue;
		for (size_t j = 0; j < behind->taken.count; j++)
			room_remove(&ground->room, behind->taken.at[j].start,
				    behind->taken.at[j].start + behind->taken.at[j].size);
	}
	remove_reserved(space, &ground->room);
	return 0;
}

/* How the guest was started; a name of firmware tells it where nothing else does. */
static const char *firmware_of(const struct machine *machine)
{
	const char *vendor = machine->dmi_bios_vendor;

	if (machine->efi != NOT_KNOWN)
		return machine->efi == YES ? "uefi" : "bios";
	if (vendor && strstr(vendor, "SeaBIOS"))
		return "bios";
	if (vendor && (strstr(vendor, "EDK II") || strstr(vendor, "EFI")))
		return "uefi";
	return NULL;
}

static const char *why_nothing_seen(const struct address_space *space)
{
	return space->hidden ?
		_("The addresses in /proc/iomem are shown to root only; run gpuprobe as root.") :
		_("No memory windows of the PCI bus were seen.");
}

int preflight_ground(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		     const struct platform *platform, const struct pci_address *port,
		     struct preflight_ground *ground)
{
	const struct address_space *space = &c->machine.space;
	bool any;

	*ground = (struct preflight_ground){ .bits = space->bits };
	if (ground->bits > ADDRESS_BITS_MAX)
		ground->bits = ADDRESS_BITS_MAX;
	ground->ram_end = find_ram_end(space);
	if (port)
		return ground_port(ground, space, port);
	ground->limit = knowledge_limit(knowledge, platform->hypervisor,
					firmware_of(&c->machine));
	ground->room.wide_stays_high = ground->limit->wide_stays_high != NULL;
	any = add_seen_windows(space, &ground->room);
	ground_low(ground, space, any);
	ground_high(ground, space, any);
	if (!ground->unknown && (!ground->low_known || !ground->high_known))
		ground->unknown = why_nothing_seen(space);
	return 0;
}

void preflight_ground_clear(struct preflight_ground *ground)
{
	room_clear(&ground->room);
	array_free(&ground->moved);
}

/* --- the judgement --- */

struct attempt {
	struct claim *claims;	/* the GPU's first, then those that move */
	size_t count;
};

static struct attempt make_attempt(const struct preflight_ground *ground,
				   const struct layout *layout)
{
	struct attempt attempt = { .count = layout->count + ground->moved.count };

	attempt.claims = xcalloc(attempt.count + 1, sizeof(*attempt.claims));
	for (size_t i = 0; i < layout->count; i++)
		attempt.claims[i] = (struct claim){
			.size = layout->at[i].size,
			.wide = layout->at[i].wide &&
				(layout->at[i].prefetch || !ground->below_port),
		};
	for (size_t i = 0; i < ground->moved.count; i++)
		attempt.claims[layout->count + i] = ground->moved.at[i];
	return attempt;
}

/* Without any room above 4 GiB, or with as much as can be. */
static bool fits_with_high(const struct preflight_ground *ground, const struct attempt *attempt,
			   uint64_t start, uint64_t end)
{
	struct room room;
	bool fits;

	room_copy(&room, &ground->room);
	array_free(&room.high);
	span_add(&room.high, start, end);
	fits = !room_place(&room, attempt->claims, attempt->count);
	room_clear(&room);
	return fits;
}

/* The least width of an address with which all fit; 0: none does. */
static unsigned int bits_needed(const struct preflight_ground *ground,
				const struct attempt *attempt)
{
	unsigned int bits = ground->bits > 32 ? ground->bits + 1 : 33;

	for (; bits <= ADDRESS_BITS_MAX; bits++)
		if (fits_with_high(ground, attempt, ground->high.start, UINT64_C(1) << bits))
			return bits;
	return 0;
}

static void judge_bars(const struct preflight_ground *ground, const struct attempt *attempt,
		       const struct layout *layout, struct preflight *preflight)
{
	struct room room;

	room_copy(&room, &ground->room);
	room_place(&room, attempt->claims, attempt->count);
	for (size_t i = 0; i < layout->count; i++) {
		const struct claim *claim = &attempt->claims[i];
		bool known = claim->wide ? ground->high_known : ground->low_known;

		preflight->bars[i] = !known ? FIT_NOT_KNOWN : claim->placed ? FITS :
			claim->wide && ground->high_may_be_larger ? FIT_NOT_KNOWN : FITS_NOT;
	}
	room_clear(&room);
}

static uint64_t shortfall_of_wide(const struct preflight_ground *ground,
				  const struct attempt *attempt)
{
	struct claim *wide = xcalloc(attempt->count + 1, sizeof(*wide));
	uint64_t missing;
	size_t count = 0;

	for (size_t i = 0; i < attempt->count; i++)
		if (attempt->claims[i].wide)
			wide[count++] = attempt->claims[i];
	missing = room_shortfall(&ground->room, wide, count);
	free(wide);
	return missing;
}

static bool width_is_the_limit(const struct preflight_ground *ground)
{
	return ground->limit && ground->limit->rule == WINDOW_GROWS && ground->ram_end;
}

static void judge_missing(const struct preflight_ground *ground, const struct attempt *attempt,
			  struct preflight *preflight)
{
	uint64_t missing = room_shortfall(&ground->room, attempt->claims, attempt->count);

	preflight->low_missing = missing == UINT64_MAX;
	if (preflight->low_missing)
		missing = shortfall_of_wide(ground, attempt);
	preflight->high_missing = missing > 0;
	preflight->missing = missing;
	if (preflight->high_missing && width_is_the_limit(ground))
		preflight->bits_needed = bits_needed(ground, attempt);
}

void preflight_judge(const struct preflight_ground *ground, const struct layout *layout,
		     struct preflight *preflight)
{
	struct attempt attempt = make_attempt(ground, layout);

	*preflight = (struct preflight){ .fit = FIT_NOT_KNOWN };
	judge_bars(ground, &attempt, layout, preflight);
	if (ground->low_known && fits_with_high(ground, &attempt, 0, 0)) {
		preflight->fit = FITS;	/* all below 4 GiB: what is above does not matter */
		for (size_t i = 0; i < layout->count; i++)
			preflight->bars[i] = FITS;
	} else if (ground->low_known && ground->high_known) {
		judge_missing(ground, &attempt, preflight);
		if (!preflight->low_missing && !preflight->high_missing)
			preflight->fit = FITS;
		else if (preflight->low_missing || !ground->high_may_be_larger)
			preflight->fit = FITS_NOT;
	} else if (ground->low_known && width_is_the_limit(ground)) {
		preflight->bits_needed = bits_needed(ground, &attempt);
	}
	free(attempt.claims);
}
