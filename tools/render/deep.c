// SPDX-License-Identifier: GPL-2.0-or-later
/* What only the module, or only root, sees of a function, for the verbose report. */
#include "render/deep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "decode/changes.h"
#include "decode/extended.h"
#include "decode/registers.h"
#include "decode/state.h"
#include "lib/i18n.h"

/* A word of a table, or "?": the numbers come from the module. */
static const char *word(const char *const *words, size_t count, uint32_t index)
{
	return index < count && words[index] ? _(words[index]) : "?";
}

#define WORD(words, index) word(words, sizeof(words) / sizeof((words)[0]), index)

/* Names of set bits, from bit 0 on; a NULL name is passed over. To be freed. */
static char *bit_names(const char *const *names, size_t count, uint32_t bits)
{
	char *text = xstrdup(""), *longer;

	for (size_t i = 0; i < count; i++) {
		if (!(bits & 1u << i) || !names[i])
			continue;
		longer = xasprintf("%s%s%s", text, *text ? ", " : "", _(names[i]));
		free(text);
		text = longer;
	}
	return text;
}

#define BIT_NAMES(names, bits) bit_names(names, sizeof(names) / sizeof((names)[0]), bits)

/* --- the kernel's view --- */

static void walk_state(struct renderer *r, const struct snapshot *snapshot)
{
	if (!snapshot->state_known)
		return;
	render_item(r, _("state"), _("power state %s, enabled %u times, errors: %s"),
	     _(power_state_name(snapshot->power)), snapshot->enable_count,
	     _(error_state_name(snapshot->error_state)));
	if (snapshot->numa_known && snapshot->numa_node >= 0)
		render_item(r, "", _("near NUMA node %d"), snapshot->numa_node);
}

/* The bridge of that index, as its address; "the root bus" for all others. To be freed. */
static char *parent_text(const struct snapshot *snapshot, uint32_t index)
{
	char place[PCI_ADDRESS_TEXT];

	if (index >= snapshot->parents.count)
		return xstrdup(_("the root bus"));
	return xasprintf(_("bridge %s"),
			 pci_address_print(&snapshot->parents.at[index].address, place));
}

static void walk_msi_allowed(struct renderer *r, const struct snapshot *snapshot)
{
	const struct gpuprobe_flags *flags = &snapshot->deep.flags;
	uint32_t bits = snapshot->irq.flags;
	char *parent;

	if (!snapshot->irq.flags_known)
		return;
	if (bits & GPUPROBE_IRQ_MSI_OFF)
		render_item(r, _("MSI forbidden"), _("in the whole kernel: pci=nomsi, or ACPI says so"));
	if (bits & GPUPROBE_IRQ_NO_MSI)
		render_item(r, _("MSI forbidden"), _("for this function: a quirk, or sysfs msi_bus"));
	if (bits & GPUPROBE_IRQ_NO_MSI_DOMAIN)
		render_item(r, _("MSI forbidden"), _("no interrupt domain serves it"));
	if (bits & GPUPROBE_IRQ_BUS_NO_MSI) {
		parent = parent_text(snapshot, snapshot->deep.flags_known ? flags->msi_off_parent :
				     GPUPROBE_NO_PARENT);
		render_item(r, _("MSI forbidden"), _("below %s"), parent);
		free(parent);
	}
}

static void walk_route(struct renderer *r, const struct deep_view *deep)
{
	static const char *const sources[] = {
		[GPUPROBE_ROUTE_NO_PIN] = N_("no pin, so nothing to route"),
		[GPUPROBE_ROUTE_NO_TABLE] = N_("ACPI has no routing table (_PRT)"),
		[GPUPROBE_ROUTE_NO_ENTRY] = N_("ACPI's routing table (_PRT) has no entry"),
		[GPUPROBE_ROUTE_GSI] = N_("fixed by ACPI"),
		[GPUPROBE_ROUTE_LINK] = N_("by an ACPI link device"),
		[GPUPROBE_ROUTE_NO_ACPI] = N_("not by ACPI"),
	};
	const struct gpuprobe_route *route = &deep->route;

	if (!deep->route_known)
		return;
	render_item(r, _("INTx route"), "%s%s%s", WORD(sources, route->source),
	     deep->route_link ? " " : "", deep->route_link ? deep->route_link : "");
	if (route->gsi != GPUPROBE_GSI_UNKNOWN)
		render_item(r, "", _("to GSI %u, %s, active %s"), route->gsi,
		     route->trigger ? _("edge") : _("level"),
		     route->polarity == 0 ? _("high") : route->polarity == 1 ? _("low") : _("both"));
	if (route->bridges)
		render_item(r, "", ngettext("%u bridge on the way; above it is INT%c",
				     "%u bridges on the way; above them it is INT%c", route->bridges),
		     route->bridges, "?ABCD"[route->root_pin <= 4 ? route->root_pin : 0]);
}

static void walk_irq_line(struct renderer *r, const struct snapshot *snapshot)
{
	/* IRQ_TYPE_* of linux/irq.h */
	static const char *const triggers[] = {
		N_("no trigger"), N_("rising edge"), N_("falling edge"), N_("both edges"),
		N_("high level"), [8] = N_("low level"),
	};
	const struct gpuprobe_irq_line *line = &snapshot->deep.irq_line;

	if (snapshot->deep.irq_line_known)
		render_item(r, _("irq line"), ngettext("%u: input %" PRIu64 " of %s, %s; %u other PCI "
						"function has the same",
						"%u: input %" PRIu64 " of %s, %s; %u other PCI "
						"functions have the same", line->sharers),
		     line->irq, (uint64_t)line->hwirq,
		     snapshot->deep.irq_chip ? snapshot->deep.irq_chip : "?",
		     WORD(triggers, line->trigger), line->sharers);
	if (snapshot->irq_users)
		render_item(r, _("irq users"), "%s", snapshot->irq_users);
}

static void walk_windows(struct renderer *r, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->deep.windows.count; i++) {
		const struct gpuprobe_window *window = &snapshot->deep.windows.at[i];
		char *parent;

		if (!window->end)
			continue;
		parent = parent_text(snapshot, window->parent);
		render_item(r, _("window"), _("of %s: 0x%" PRIx64 "-0x%" PRIx64 "%s%s, largest free "
				       "piece 0x%" PRIx64), parent, (uint64_t)window->start,
		     (uint64_t)window->end, window->flags & IORESOURCE_IO ? _(", I/O ports") : "",
		     window->flags & IORESOURCE_PREFETCH ? _(", prefetchable") : "",
		     (uint64_t)window->largest_free);
		free(parent);
	}
}

static void walk_power(struct renderer *r, const struct deep_view *deep)
{
	static const char *const names[] = {
		N_("D3cold allowed"), N_("D3cold forbidden by a quirk or driver"),
		N_("runtime PM enabled"), N_("runtime active"), N_("runtime suspended"),
		N_("the bridge above may go to D3"),
	};
	char *text;

	if (deep->reset_methods)
		render_item(r, _("reset methods"), "%s", *deep->reset_methods ? deep->reset_methods :
		     _("none"));
	if (!deep->power_known)
		return;
	text = BIT_NAMES(names, deep->power.flags);
	if (*text)
		render_item(r, _("power"), "%s", text);
	free(text);
}

static void walk_iommu(struct renderer *r, const struct snapshot *snapshot)
{
	if (snapshot->deep.iommu_known && snapshot->deep.iommu.group < 0)
		render_item(r, _("IOMMU"), "%s", _("no group"));
	else if (snapshot->deep.iommu_known)
		render_item(r, _("IOMMU"), _("group %d"), snapshot->deep.iommu.group);
	else if (snapshot->iommu_group && *snapshot->iommu_group)
		render_item(r, _("IOMMU"), _("group %s, domain of type %s"), snapshot->iommu_group,
		     snapshot->iommu_domain ? snapshot->iommu_domain : "?");
	else if (snapshot->iommu_group)
		render_item(r, _("IOMMU"), "%s", _("no group"));
}

static void walk_flags(struct renderer *r, const struct deep_view *deep)
{
	static const char *const names[] = {
		N_("removable"), N_("untrusted"), N_("external facing"), N_("Thunderbolt"),
		N_("virtual function"), N_("physical function"), N_("multi-function"),
		N_("INTx cannot be masked"), N_("bus master"), N_("ROM is a shadow copy"),
	};
	char *text;

	if (deep->driver_override && *deep->driver_override)
		render_item(r, _("override"), _("only the driver %s may bind"), deep->driver_override);
	if (!deep->flags_known)
		return;
	text = BIT_NAMES(names, deep->flags.flags);
	if (*text)
		render_item(r, _("properties"), "%s", text);
	free(text);
}

static void walk_trial(struct renderer *r, const char *label,
		       const struct gpuprobe_msi_trial *trial)
{
	if (trial->got && !trial->error)
		render_item(r, label, _("the kernel gave a vector, which was given back; the GPU offers %u"),
		     trial->capable);
	else
		render_item(r, label, _("no vector was given: %s"), strerror(-trial->error));
	if (trial->lasting)
		render_item(r, "", "%s", _("config space did not come back as it was"));
}

/* --- config space --- */

static void walk_extended(struct renderer *r, const struct snapshot *snapshot)
{
	static const char *const states[] = {
		[GPUPROBE_EXTENDED_UNREACHABLE] = N_("not reachable: 256 bytes only"),
		[GPUPROBE_EXTENDED_ZERO] = N_("hidden: reads 0"),
		[GPUPROBE_EXTENDED_ONES] = N_("does not answer: reads all ones"),
		[GPUPROBE_EXTENDED_REAL] = N_("there"),
	};
	static const char *const ends[] = {
		[GPUPROBE_WALK_LOOP] = N_("the list of capabilities loops"),
		[GPUPROBE_WALK_OUTSIDE] = N_("the list of capabilities leaves its bounds"),
		[GPUPROBE_WALK_EMPTY] = N_("the list of capabilities leads to nothing"),
		[GPUPROBE_WALK_BUDGET] = N_("there are more capabilities than were read"),
	};
	const struct deep_view *deep = &snapshot->deep;
	char label[16], *text;

	if (!deep->extended_known)
		return;
	render_item(r, _("extended space"), "%s", WORD(states, deep->extended.state));
	for (size_t i = 0; i < deep->pieces.count; i++) {
		snprintf(label, sizeof(label), "[%03x]", deep->pieces.at[i].offset);
		text = extended_capability_text(snapshot, &deep->pieces.at[i]);
		render_item(r, label, "%s", text);
		free(text);
	}
	if (deep->extended.end != GPUPROBE_WALK_LAST)
		render_item(r, "", "%s", WORD(ends, deep->extended.end));
}

static void walk_mirror_bytes(struct renderer *r, const struct deep_view *deep,
			      const struct config_piece *piece)
{
	char text[3 * MIRROR_MAX + 1] = "";

	for (size_t i = 0; i < piece->length; i++)
		sprintf(text + 3 * i, "%02x ", deep->mirror[piece->offset + i]);
	render_item(r, "", "0x%02x: %s", piece->offset, text);
}

static void walk_mirror(struct renderer *r, const struct snapshot *snapshot)
{
	const struct deep_view *deep = &snapshot->deep;
	change_list changes = { 0 };

	if (!deep->mirror_pieces.count)
		return;
	mirror_changes(snapshot, &changes);
	render_item(r, _("mirror"), _("config space as the GPU itself has it, at BAR0 + 0x%x"),
	     deep->bar0.mirror);
	if (!changes.count)
		render_item(r, "", "%s", _("it is what the guest is shown"));
	for (size_t i = 0; i < changes.count; i++)
		render_item(r, "", _("%s: the guest is shown %s, the GPU has %s"), changes.at[i].field,
		     changes.at[i].before, changes.at[i].after);
	changes_clear(&changes);
	for (size_t i = 0; i < deep->mirror_pieces.count; i++)
		walk_mirror_bytes(r, deep, &deep->mirror_pieces.at[i]);
}

/* --- BAR0 --- */

static void walk_bar0(struct renderer *r, const struct gpuprobe_bar0 *bar0)
{
	const char *sentence = bar0_outcome_sentence(bar0->outcome);
	const char *architecture = chip_architecture_name(bar0->architecture);

	render_item(r, _("registers"), "%s", sentence ? _(sentence) : "?");
	if (bar0->architecture)
		render_item(r, "", _("chip: architecture 0x%x (%s), implementation %u"),
		     bar0->architecture, architecture ? architecture : "?", bar0->implementation);
	if (bar0->reads)
		render_item(r, "", ngettext("%u read, of %u ns to %u ns", "%u reads, of %u ns to %u ns",
				     bar0->reads), bar0->reads, bar0->fastest_ns, bar0->slowest_ns);
}

static void walk_registers(struct renderer *r, const struct deep_view *deep)
{
	static const char *const verdicts[] = {
		[GPUPROBE_REGISTER_ALL_ONES] = N_("nothing answers"),
		[GPUPROBE_REGISTER_BAD] = N_("the GPU's mark of a failed read"),
		[GPUPROBE_REGISTER_SKIPPED] = N_("not read: its privilege mask forbids it"),
	};

	if (deep->bar0_known)
		walk_bar0(r, &deep->bar0);
	for (size_t i = 0; i < deep->registers.count; i++) {
		const struct gpuprobe_register *reg = &deep->registers.at[i];
		const char *name = register_name(reg->offset);
		bool good = reg->verdict == GPUPROBE_REGISTER_OK;

		render_item(r, "", "0x%06x %08x %s%s%s", reg->offset, reg->value, name ? name : "",
		     good ? "" : ": ", good ? "" : WORD(verdicts, reg->verdict));
	}
}

static void walk_prom(struct renderer *r, const struct deep_view *deep)
{
	const struct prom_piece *last;

	if (!deep->prom.count)
		return;
	last = &deep->prom.at[deep->prom.count - 1];
	if (deep->prom.at[0].image == GPUPROBE_PROM_NO_IMAGE)
		render_item(r, _("VBIOS"), _("no signature at BAR0 + 0x%x"), deep->bar0.prom);
	else if (last->length >= 8 && !memcmp(last->data, "PCIR", 4))
		render_item(r, _("VBIOS"), _("at BAR0 + 0x%x, for %02x%02x:%02x%02x"),
		     deep->bar0.prom + deep->prom.at[0].image, last->data[5], last->data[4],
		     last->data[7], last->data[6]);
	else
		render_item(r, _("VBIOS"), _("a signature at BAR0 + 0x%x, but no PCI data structure"),
		     deep->bar0.prom + deep->prom.at[0].image);
}

/* --- the record itself --- */

static const char *item_name(uint32_t type)
{
	static const struct {
		uint32_t type;
		const char *name;
	} names[] = {
		{ GPUPROBE_ITEM_DRIVER, N_("the name of the driver") },
		{ GPUPROBE_ITEM_CONFIG, N_("config space") },
		{ GPUPROBE_ITEM_EXTENDED, N_("extended config space") },
		{ GPUPROBE_ITEM_RESET, N_("the reset methods") },
		{ GPUPROBE_ITEM_WINDOW, N_("the windows above") },
		{ GPUPROBE_ITEM_MSI_TRIAL, N_("the trial of MSI and MSI-X") },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return _(names[i].name);
	return NULL;
}

static const char *error_text(int error)
{
	return error == -EPROTO ? _("cut short, or from an older gpuprobe.ko") : strerror(-error);
}

static void walk_errors(struct renderer *r, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->deep.errors.count; i++) {
		const struct gpuprobe_error *error = &snapshot->deep.errors.at[i];
		const char *name = item_name(error->item);

		if (name)
			render_item(r, _("not seen"), "%s: %s", name, error_text(error->error));
		else
			render_item(r, _("not seen"), _("item %u: %s"), error->item,
				    error_text(error->error));
	}
	if (snapshot->truncated)
		render_item(r, _("not seen"), "%s", _("what did not fit into the record"));
}

static void walk_workaround(struct renderer *r, const struct deep_view *deep)
{
	if (deep->workaround_known && deep->workaround.enabled)
		render_item(r, _("workaround"), "%s", deep->workaround.active ?
		     _("intx is switched on, and active") : _("intx is switched on"));
}

static void walk_cost(struct renderer *r, const struct deep_view *deep)
{
	const struct gpuprobe_cost *cost = &deep->cost;

	if (deep->cost_known)
		render_item(r, _("cost"), _("%" PRIu64 " us, of them %" PRIu64 " us in accesses: %u config "
				     "reads, %u config writes, %u reads and %u writes of BAR0"),
		     (uint64_t)cost->time_ns / 1000, (uint64_t)cost->access_ns / 1000,
		     cost->config_reads, cost->config_writes, cost->bar0_reads, cost->bar0_writes);
}

void deep_walk(struct renderer *r, const struct snapshot *snapshot)
{
	const struct deep_view *deep = &snapshot->deep;

	walk_state(r, snapshot);
	walk_msi_allowed(r, snapshot);
	if (deep->msix_trial_known)
		walk_trial(r, _("MSI-X trial"), &deep->msix_trial);
	if (deep->msi_trial_known)
		walk_trial(r, _("MSI trial"), &deep->msi_trial);
	walk_route(r, deep);
	walk_irq_line(r, snapshot);
	walk_workaround(r, deep);
	walk_windows(r, snapshot);
	walk_power(r, deep);
	walk_iommu(r, snapshot);
	walk_flags(r, deep);
	walk_extended(r, snapshot);
	walk_registers(r, deep);
	walk_mirror(r, snapshot);
	walk_prom(r, deep);
	walk_errors(r, snapshot);
	walk_cost(r, deep);
}
