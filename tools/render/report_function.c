// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of a function: its BARs, its capabilities, and each look at it. */
#include "render/deep.h"
#include "render/walk.h"

#include <inttypes.h>

#include "lib/i18n.h"

char *function_title(const struct function *function)
{
	char place[PCI_ADDRESS_TEXT], ids[16] = "";

	if (function->ids_known)
		snprintf(ids, sizeof(ids), " [%04x:%04x]", function->vendor, function->device);
	return xasprintf("%s %s%s", pci_address_print(&function->address, place),
			 function->name ? function->name : _("NVIDIA GPU"),
			 function->name && strstr(function->name, ids) ? "" : ids);
}

static void walk_bar(struct walk *w, const char *label, const struct bar *bar)
{
	char size[SIZE_TEXT];

	size_print(bar->size, size);
	if (!bar->start || bar->flags & IORESOURCE_UNSET) {
		render_item(w->r, label, _("%s without an address"), size);
		return;
	}
	render_item(w->r, label, "%s, 0x%" PRIx64 "%s%s%s", size, bar->start,
		    bar->flags & IORESOURCE_IO ? _(", I/O ports") : "",
		    bar->flags & IORESOURCE_MEM_64 ? _(", 64-bit") : "",
		    bar->flags & IORESOURCE_PREFETCH ? _(", prefetchable") : "");
	if (bar->holder && *bar->holder)
		render_item(w->r, "", _("requested by %s"), bar->holder);
}

static void walk_bars(struct walk *w, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < BAR_COUNT; i++) {
		const struct bar *bar = &snapshot->bars[i];
		char label[8];

		if (!bar->known || !bar->size)
			continue;
		snprintf(label, sizeof(label), i == ROM_BAR ? "ROM" : "BAR%zu", i);
		walk_bar(w, label, bar);
	}
}

static void walk_link(struct walk *w, const struct pci_config *config)
{
	const char *type = pcie_type_name(config->pcie_type);

	if (config->pcie == YES)
		render_item(w->r, "PCI Express", config->pcie_flr ?
			    _("%s, with function-level reset") :
			    _("%s, without function-level reset"), type ? type : "?");
	if (config->link_known)
		render_item(w->r, _("link"), _("%s x%u, of at most %s x%u"),
			    link_speed_name(config->link_speed), config->link_width,
			    link_speed_name(config->link_speed_max), config->link_width_max);
}

static void walk_capabilities(struct walk *w, const struct pci_config *config)
{
	for (size_t i = 0; i < config->capability_count; i++) {
		const struct capability *capability = &config->capabilities[i];
		const char *name = capability_name(capability->id);
		char label[16];

		snprintf(label, sizeof(label), "[%02x]", capability->offset);
		if (name)
			w->r->item(w->r, label, name);
		else
			render_item(w->r, label, _("capability 0x%02x"), capability->id);
	}
	walk_link(w, config);
	if (config->list == CAPABILITY_LIST_LOOPS)
		w->r->item(w->r, NULL,
			   _("the capability list loops: the rest of it is not reachable"));
	if (config->list == CAPABILITY_LIST_STRAYS)
		w->r->item(w->r, NULL,
			   _("the capability list points into the header: it is damaged"));
}

static void walk_snapshot(struct walk *w, const struct snapshot *snapshot)
{
	char *moment = snapshot_describe(snapshot);
	const char *driver = snapshot_bound(snapshot);
	bool told = !driver || !*driver || strstr(moment, driver);
	struct pci_config config;

	w->r->item(w->r, _("snapshot"), moment);
	if (!told)
		render_item(w->r, "", _("driver %s"), driver);
	if (snapshot->gone)
		w->r->item(w->r, "", _("the function did not answer"));
	free(moment);
	snapshot_config(snapshot, &config);
	if (config.header_known)
		render_item(w->r, "", _("command %04x, status %04x, pin %u, line %u"), config.command,
			    config.status, config.interrupt_pin, config.interrupt_line);
	if (snapshot->irq.irq_known)
		render_item(w->r, "", config.msi_enabled ? _("irq %u, MSI is on") :
			    config.msix_enabled ? _("irq %u, MSI-X is on") : _("irq %u"),
			    snapshot->irq.irq);
	deep_walk(w->r, snapshot);
}

void walk_function(struct walk *w, const struct function *function)
{
	char *title = function_title(function);
	const struct snapshot *now;
	struct pci_config config;

	w->r->section(w->r, title, FOLDED);
	free(title);
	if (!function->snapshots.count)
		return;
	now = &function->snapshots.at[function->snapshots.count - 1];
	walk_bars(w, now);
	snapshot_config(now, &config);
	walk_capabilities(w, &config);
	for (size_t i = 0; i < function->snapshots.count; i++)
		walk_snapshot(w, &function->snapshots.at[i]);
}
