// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel has the function's BARs.
 *
 * Who requested them is not told: the names in the resource tree belong to
 * those who requested, and the lock that keeps them from going away,
 * resource_lock, cannot be had from a module, neither can a function that
 * copies a name under it. Root reads them in /proc/iomem.
 */
#include <linux/ioport.h>
#include <linux/pci.h>

#include "record.h"
#include "snapshot.h"

/* A resource without a size has its end at 0 or before its start. */
static bool has_size(const struct resource *resource)
{
	return resource->end && resource->end >= resource->start;
}

/**
 * gp_collect_resources() - a GPUPROBE_ITEM_RESOURCE for each BAR and the ROM
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory. A bridge that is
 * reassigned meanwhile may give a start and an end that do not go together:
 * there is no lock to hold against that.
 */
void gp_collect_resources(struct gp_builder *builder, struct gp_view *view)
{
	int i;

	for (i = 0; i <= PCI_ROM_RESOURCE; i++) {
		const struct resource resource = view->pdev->resource[i];
		struct gpuprobe_resource payload = { .flags = resource.flags };

		if (has_size(&resource)) {
			payload.start = resource.start;
			payload.end = resource.end;
			payload.size = resource_size(&resource);
		}
		gp_builder_add(builder, GPUPROBE_ITEM_RESOURCE, i, &payload,
			       sizeof(payload));
	}
}
