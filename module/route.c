// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where ACPI leads the function's INTx: the same search as that of
 * acpi_pci_irq_lookup() in drivers/acpi/pci_irq.c, which runs each time that a
 * function is enabled, but without registering what it finds.
 *
 * It evaluates _PRT of the bridges above, and _CRS of the link device; both are
 * queries by their definition. Not _PRS, _SRS or _DIS.
 */
#include <linux/acpi.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"
#include "record.h"
#include "snapshot.h"

#ifdef CONFIG_ACPI

#define LINK_NAME_MAX	64

struct search {
	struct gpuprobe_route route;
	char link[LINK_NAME_MAX];
};

static void use_irq(struct search *search, const struct acpi_resource *resource)
{
	const struct acpi_resource_irq *irq = &resource->data.irq;

	if (!irq->interrupt_count)
		return;
	search->route.gsi = irq->interrupts[0];
	search->route.trigger = irq->triggering;
	search->route.polarity = irq->polarity;
}

static void use_extended_irq(struct search *search,
			     const struct acpi_resource *resource)
{
	const struct acpi_resource_extended_irq *irq;

	irq = &resource->data.extended_irq;
	if (!irq->interrupt_count)
		return;
	search->route.gsi = irq->interrupts[0];
	search->route.trigger = irq->triggering;
	search->route.polarity = irq->polarity;
}

static acpi_status on_resource(struct acpi_resource *resource, void *context)
{
	struct search *search = context;

	if (resource->type == ACPI_RESOURCE_TYPE_IRQ)
		use_irq(search, resource);
	else if (resource->type == ACPI_RESOURCE_TYPE_EXTENDED_IRQ)
		use_extended_irq(search, resource);
	return AE_OK;
}

static void use_link(struct search *search, acpi_handle bridge, char *source)
{
	acpi_handle link;

	search->route.source = GPUPROBE_ROUTE_LINK;
	strscpy(search->link, source, sizeof(search->link));
	if (ACPI_SUCCESS(acpi_get_handle(bridge, source, &link)))
		acpi_walk_resources(link, METHOD_NAME__CRS, on_resource,
				    search);
}

static void use_entry(struct search *search, acpi_handle bridge,
		      struct acpi_pci_routing_table *entry)
{
	search->route.polarity = ACPI_ACTIVE_LOW;
	search->route.trigger = ACPI_LEVEL_SENSITIVE;
	if (entry->source[0]) {
		use_link(search, bridge, entry->source);
		return;
	}
	search->route.source = GPUPROBE_ROUTE_GSI;
	search->route.gsi = entry->source_index;
}

static bool is_for(const struct acpi_pci_routing_table *entry,
		   const struct search *search)
{
	return entry->address >> 16 == search->route.root_slot &&
	       entry->pin + 1 == search->route.root_pin;
}

static struct acpi_pci_routing_table *
next_entry(struct acpi_pci_routing_table *entry)
{
	return (void *)((u8 *)entry + entry->length);
}

/* ACPICA ends the table with an entry of length 0, inside the buffer. */
static void search_table(struct search *search, acpi_handle bridge,
			 const struct acpi_buffer *table)
{
	struct acpi_pci_routing_table *entry = table->pointer;

	search->route.source = GPUPROBE_ROUTE_NO_ENTRY;
	while (entry && entry->length) {
		if (is_for(entry, search)) {
			use_entry(search, bridge, entry);
			return;
		}
		entry = next_entry(entry);
	}
}

/* Return: true if the search ends here. */
static bool search_bridge(struct search *search, struct device *bridge)
{
	struct acpi_buffer table = { ACPI_ALLOCATE_BUFFER, NULL };
	/* The bus of virtual functions has none. */
	acpi_handle handle = bridge ? ACPI_HANDLE(bridge) : NULL;

	if (!handle ||
	    ACPI_FAILURE(acpi_get_irq_routing_table(handle, &table)))
		return false;
	search_table(search, handle, &table);
	kfree(table.pointer);
	return search->route.source != GPUPROBE_ROUTE_NO_ENTRY;
}

static u8 slot_on_bus(const struct pci_dev *pdev)
{
	return pci_ari_enabled(pdev->bus) ? 0 : PCI_SLOT(pdev->devfn);
}

/* PCI-to-PCI Bridge Architecture 1.2, 9.1: what INTx is above the bridge */
static u8 swizzle(const struct pci_dev *pdev, u8 pin)
{
	return (pin - 1 + slot_on_bus(pdev)) % 4 + 1;
}

static void search_upwards(struct search *search, struct pci_dev *pdev)
{
	struct pci_dev *bridge = pdev->bus->self;
	u8 pin = pdev->pin;

	search->route.source = GPUPROBE_ROUTE_NO_TABLE;
	for (;;) {
		search->route.root_pin = pin;
		search->route.root_slot = slot_on_bus(pdev);
		if (search_bridge(search, pdev->bus->bridge) || !bridge)
			return;
		pin = swizzle(pdev, pin);
		search->route.bridges++;
		pdev = bridge;
		bridge = pdev->bus->self;
	}
}

static void search_route(struct search *search, struct pci_dev *pdev)
{
	if (!pdev->pin)
		search->route.source = GPUPROBE_ROUTE_NO_PIN;
	else if (acpi_disabled)
		search->route.source = GPUPROBE_ROUTE_NO_ACPI;
	else
		search_upwards(search, pdev);
}

#else

struct search {
	struct gpuprobe_route route;
	char link[1];
};

static void search_route(struct search *search, struct pci_dev *pdev)
{
	search->route.source = pdev->pin ? GPUPROBE_ROUTE_NO_ACPI :
					   GPUPROBE_ROUTE_NO_PIN;
}

#endif

/**
 * gp_collect_route() - where INTx leads: GPUPROBE_ITEM_ROUTE and _ROUTE_LINK
 * @builder:	the record
 * @view:	the function
 *
 * In thorough snapshots only. Does not touch the function; evaluates ACPI
 * methods, which may sleep and access what firmware likes them to. May sleep
 * for memory.
 */
void gp_collect_route(struct gp_builder *builder, struct gp_view *view)
{
	struct search search = {
		.route.gsi = GPUPROBE_GSI_UNKNOWN,
		.route.pin = view->pdev->pin,
	};

	if (!gp_view_is_thorough(view))
		return;
	search_route(&search, view->pdev);
	gp_builder_add(builder, GPUPROBE_ITEM_ROUTE, 0, &search.route,
		       sizeof(search.route));
	if (search.route.source == GPUPROBE_ROUTE_LINK)
		gp_builder_add_string(builder, GPUPROBE_ITEM_ROUTE_LINK, 0,
				      search.link);
}
