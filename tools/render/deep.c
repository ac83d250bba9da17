// SPDX-License-Identifier: GPL-2.0-or-later
/* What only the module saw of a function, for the verbose report. */
#include "render/deep.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 3, 4)))
item(struct renderer *r, const char *label, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	r->item(r, label, text);
	free(text);
}

/* A word of a table, or "?": the numbers come from the module. */
static const char *word(const char *const *words, size_t count, uint32_t index)
{
	return index < count && words[index] ? words[index] : "?";
}

#define WORD(words, index) word(words, sizeof(words) / sizeof((words)[0]), index)

/* Names of set bits, from bit 0 on; a NULL name is passed over. To be freed. */
static char *bit_names(const char *const *names, size_t count, uint32_t bits)
{
	char *text = xstrdup(""), *longer;

	for (size_t i = 0; i < count; i++) {
		if (!(bits & 1u << i) || !names[i])
			continue;
		longer = xasprintf("%s%s%s", text, *text ? ", " : "", names[i]);
		free(text);
		text = longer;
	}
	return text;
}

static void walk_extended(struct renderer *r, const struct deep_view *deep)
{
	static const char *const states[] = {
		[GPUPROBE_EXTENDED_UNREACHABLE] = "not reachable: 256 bytes only",
		[GPUPROBE_EXTENDED_ZERO] = "hidden: reads 0", [GPUPROBE_EXTENDED_ONES] = "reads all ones",
		[GPUPROBE_EXTENDED_REAL] = "there",
	};
	static const char *const ends[] = {
		[GPUPROBE_WALK_LAST] = "", [GPUPROBE_WALK_LOOP] = "; the list loops",
		[GPUPROBE_WALK_OUTSIDE] = "; the list leaves its bounds",
		[GPUPROBE_WALK_EMPTY] = "; the list leads to nothing",
		[GPUPROBE_WALK_BUDGET] = "; there are more",
	};

	if (deep->extended_known)
		item(r, "extended space", "%s, %u capabilities%s", WORD(states, deep->extended.state),
		     deep->extended.capabilities, WORD(ends, deep->extended.end));
}

static void walk_route(struct renderer *r, const struct deep_view *deep)
{
	static const char *const sources[] = {
		[GPUPROBE_ROUTE_NO_PIN] = "no pin", [GPUPROBE_ROUTE_NO_TABLE] = "no _PRT at all",
		[GPUPROBE_ROUTE_NO_ENTRY] = "no entry in _PRT",
		[GPUPROBE_ROUTE_GSI] = "fixed by _PRT", [GPUPROBE_ROUTE_LINK] = "by a link device",
		[GPUPROBE_ROUTE_NO_ACPI] = "not by ACPI",
	};
	const struct gpuprobe_route *route = &deep->route;
	char gsi[24] = "";

	if (!deep->route_known)
		return;
	if (route->gsi != GPUPROBE_GSI_UNKNOWN)
		snprintf(gsi, sizeof(gsi), ", GSI %u", route->gsi);
	item(r, "INTx route", "%s%s%s%s, %u bridges on the way", WORD(sources, route->source),
	     deep->route_link ? " " : "", deep->route_link ? deep->route_link : "", gsi,
	     route->bridges);
}

static void walk_irq_line(struct renderer *r, const struct deep_view *deep)
{
	if (deep->irq_line_known)
		item(r, "irq line", "%u at %s, pin %" PRIu64 ", %u other functions share it",
		     deep->irq_line.irq, deep->irq_chip ? deep->irq_chip : "?",
		     (uint64_t)deep->irq_line.hwirq, deep->irq_line.sharers);
}

static void walk_windows(struct renderer *r, const struct deep_view *deep)
{
	for (size_t i = 0; i < deep->windows.count; i++) {
		const struct gpuprobe_window *window = &deep->windows.at[i];
		char parent[24] = "root bus";

		if (!window->end)
			continue;
		if (window->parent != GPUPROBE_PARENT_ROOT_BUS)
			snprintf(parent, sizeof(parent), "bridge %u", window->parent);
		item(r, "window", "%s: 0x%" PRIx64 "-0x%" PRIx64 "%s%s, %u taken, largest free "
		     "0x%" PRIx64, parent, (uint64_t)window->start, (uint64_t)window->end,
		     window->flags & IORESOURCE_IO ? " I/O" : "",
		     window->flags & IORESOURCE_PREFETCH ? " prefetchable" : "", window->takers,
		     (uint64_t)window->largest_free);
	}
}

static void walk_power(struct renderer *r, const struct deep_view *deep)
{
	static const char *const names[] = {
		"D3cold allowed", "D3cold forbidden by a quirk or driver", "runtime PM enabled",
		"runtime active", "runtime suspended", "bridge may go to D3",
	};
	char *text;

	if (deep->reset_methods)
		item(r, "reset methods", "%s", *deep->reset_methods ? deep->reset_methods : "none");
	if (!deep->power_known)
		return;
	text = bit_names(names, sizeof(names) / sizeof(names[0]), deep->power.flags);
	item(r, "power", "%s", *text ? text : "nothing to tell");
	free(text);
}

static void walk_flags(struct renderer *r, const struct deep_view *deep)
{
	static const char *const names[] = {
		"removable", "untrusted", "external facing", "thunderbolt", "virtual function",
		"physical function", "multi-function", "INTx cannot be masked", "bus master",
		"ROM is a shadow copy",
	};
	char *text;

	if (deep->iommu_known)
		item(r, "IOMMU", deep->iommu.group < 0 ? "no group" : "group %d",
		     deep->iommu.group);
	if (deep->driver_override && *deep->driver_override)
		item(r, "override", "only the driver %s may bind", deep->driver_override);
	if (!deep->flags_known)
		return;
	text = bit_names(names, sizeof(names) / sizeof(names[0]), deep->flags.flags);
	if (*text)
		item(r, "properties", "%s", text);
	free(text);
}

static void walk_trial(struct renderer *r, const char *label,
		       const struct gpuprobe_msi_trial *trial)
{
	if (trial->got && !trial->error)
		item(r, label, "a vector of %u was given and given back%s", trial->capable,
		     trial->lasting ? "; config space did not come back as it was" : "");
	else
		item(r, label, "no vector was given: error %d", trial->error);
}

static void walk_mirror(struct renderer *r, const struct deep_view *deep,
			const struct config_piece *piece)
{
	char text[3 * MIRROR_MAX + 1] = "";

	for (size_t i = 0; i < piece->length; i++)
		sprintf(text + 3 * i, "%02x ", deep->mirror[piece->offset + i]);
	item(r, piece->offset ? "" : "mirror", "0x%02x: %s", piece->offset, text);
}

static void walk_registers(struct renderer *r, const struct deep_view *deep)
{
	static const char *const verdicts[] = {
		[GPUPROBE_REGISTER_OK] = "", [GPUPROBE_REGISTER_ALL_ONES] = " (nothing answers)",
		[GPUPROBE_REGISTER_BAD] = " (the GPU's error mark)",
		[GPUPROBE_REGISTER_SKIPPED] = " (not read)",
	};

	if (deep->bar0_known)
		item(r, "BAR0", "outcome %u, architecture 0x%x, %u reads of %u to %u ns",
		     deep->bar0.outcome, deep->bar0.architecture, deep->bar0.reads,
		     deep->bar0.fastest_ns, deep->bar0.slowest_ns);
	for (size_t i = 0; i < deep->registers.count; i++) {
		const struct gpuprobe_register *reg = &deep->registers.at[i];

		item(r, "", "0x%06x: 0x%08x%s", reg->offset, reg->value,
		     WORD(verdicts, reg->verdict));
	}
	for (size_t i = 0; i < deep->mirror_pieces.count; i++)
		walk_mirror(r, deep, &deep->mirror_pieces.at[i]);
	if (deep->prom.count)
		item(r, "VBIOS window", "%s", deep->prom.at[0].image == GPUPROBE_PROM_NO_IMAGE ?
		     "no signature" : "a signature");
}

static void walk_cost(struct renderer *r, const struct deep_view *deep)
{
	if (deep->workaround_known && deep->workaround.enabled)
		item(r, "workaround", "intx is switched on%s", deep->workaround.active ?
		     ", and active" : "");
	if (deep->cost_known)
		item(r, "cost", "%" PRIu64 " us, of them %" PRIu64 " us in accesses: %u config reads, "
		     "%u config writes, %u BAR0 reads", (uint64_t)deep->cost.time_ns / 1000,
		     (uint64_t)deep->cost.access_ns / 1000, deep->cost.config_reads,
		     deep->cost.config_writes, deep->cost.bar0_reads);
}

void deep_walk(struct renderer *r, const struct deep_view *deep)
{
	walk_extended(r, deep);
	walk_route(r, deep);
	walk_irq_line(r, deep);
	walk_windows(r, deep);
	walk_power(r, deep);
	walk_flags(r, deep);
	if (deep->msix_trial_known)
		walk_trial(r, "MSI-X trial", &deep->msix_trial);
	if (deep->msi_trial_known)
		walk_trial(r, "MSI trial", &deep->msi_trial);
	walk_registers(r, deep);
	walk_cost(r, deep);
}
