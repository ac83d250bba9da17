// SPDX-License-Identifier: GPL-2.0-only
/*
 * Properties of the function that change what the kernel or a driver does.
 */
#include <linux/device.h>
#include <linux/pci.h>

#include "compat.h"
#include "record.h"
#include "snapshot.h"

static u32 flags_of(struct pci_dev *pdev)
{
	u32 flags = 0;

	if (dev_is_removable(&pdev->dev))
		flags |= GPUPROBE_FLAG_REMOVABLE;
	if (pdev->untrusted)
		flags |= GPUPROBE_FLAG_UNTRUSTED;
	if (pdev->external_facing)
		flags |= GPUPROBE_FLAG_EXTERNAL_FACING;
	if (pci_is_thunderbolt_attached(pdev))
		flags |= GPUPROBE_FLAG_THUNDERBOLT;
	if (pdev->is_virtfn)
		flags |= GPUPROBE_FLAG_VIRTFN;
	if (pdev->is_physfn)
		flags |= GPUPROBE_FLAG_PHYSFN;
	if (pdev->multifunction)
		flags |= GPUPROBE_FLAG_MULTIFUNCTION;
	if (pdev->broken_intx_masking)
		flags |= GPUPROBE_FLAG_BROKEN_INTX_MASK;
	if (pdev->is_busmaster)
		flags |= GPUPROBE_FLAG_BUS_MASTER;
	if (pdev->resource[PCI_ROM_RESOURCE].flags & IORESOURCE_ROM_SHADOW)
		flags |= GPUPROBE_FLAG_ROM_SHADOW;
	return flags;
}

static u16 msi_off_parent(const struct pci_dev *pdev)
{
	const struct pci_bus *bus;
	u16 parent = 0;

	for (bus = pdev->bus; bus; bus = bus->parent, parent++)
		if (bus->bus_flags & PCI_BUS_FLAGS_NO_MSI)
			return bus->self ? parent : GPUPROBE_PARENT_ROOT_BUS;
	return GPUPROBE_NO_PARENT;
}

/*
 * The string is exchanged under the device lock, which nobody holds while the
 * function is added or removed.
 */
#ifdef GP_HAVE_PCI_DRIVER_OVERRIDE
static void add_driver_override(struct gp_builder *builder,
				const struct gp_view *view)
{
	if (view->driver_settled && view->trigger != GPUPROBE_TRIGGER_ADDED &&
	    view->trigger != GPUPROBE_TRIGGER_REMOVED &&
	    view->pdev->driver_override)
		gp_builder_add_string(builder, GPUPROBE_ITEM_DRIVER_OVERRIDE, 0,
				      view->pdev->driver_override);
}
#else
static void add_driver_override(struct gp_builder *builder,
				const struct gp_view *view)
{
}
#endif

/**
 * gp_collect_flags() - other properties: GPUPROBE_ITEM_FLAGS and
 * GPUPROBE_ITEM_DRIVER_OVERRIDE
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_flags(struct gp_builder *builder, struct gp_view *view)
{
	const struct gpuprobe_flags flags = {
		.flags = flags_of(view->pdev),
		.msi_off_parent = msi_off_parent(view->pdev),
	};

	gp_builder_add(builder, GPUPROBE_ITEM_FLAGS, 0, &flags, sizeof(flags));
	add_driver_override(builder, view);
}
