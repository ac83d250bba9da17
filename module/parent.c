// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which bridges are above the function.
 */
#include <linux/pci.h>

#include "record.h"
#include "snapshot.h"

static void add_parent(struct gp_builder *builder, u16 index,
		       const struct pci_dev *bridge)
{
	const struct gpuprobe_parent parent = {
		.domain = pci_domain_nr(bridge->bus),
		.bus = bridge->bus->number,
		.devfn = bridge->devfn,
		.vendor = bridge->vendor,
		.device = bridge->device,
		.class = bridge->class,
	};

	gp_builder_add(builder, GPUPROBE_ITEM_PARENT, index, &parent,
		       sizeof(parent));
}

/**
 * gp_collect_parents() - a GPUPROBE_ITEM_PARENT for each bridge, nearest first
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory. A function holds its bus
 * and a bus its bridge, up to the root, so holding the function holds all.
 */
void gp_collect_parents(struct gp_builder *builder, struct gp_view *view)
{
	struct pci_dev *bridge = view->pdev;
	u16 index = 0;

	while ((bridge = pci_upstream_bridge(bridge)))
		add_parent(builder, index++, bridge);
}
