// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel thinks of the function's interrupts.
 */
#include <linux/pci.h>

#include "record.h"
#include "snapshot.h"

static bool bus_forbids_msi(const struct pci_dev *pdev)
{
	const struct pci_bus *bus;

	for (bus = pdev->bus; bus; bus = bus->parent)
		if (bus->bus_flags & PCI_BUS_FLAGS_NO_MSI)
			return true;
	return false;
}

static u32 irq_flags(const struct pci_dev *pdev)
{
	u32 flags = 0;

	if (pdev->msi_enabled)
		flags |= GPUPROBE_IRQ_MSI_ENABLED;
	if (pdev->msix_enabled)
		flags |= GPUPROBE_IRQ_MSIX_ENABLED;
	if (pdev->no_msi)
		flags |= GPUPROBE_IRQ_NO_MSI;
	if (bus_forbids_msi(pdev))
		flags |= GPUPROBE_IRQ_BUS_NO_MSI;
	if (!pci_msi_enabled())
		flags |= GPUPROBE_IRQ_MSI_OFF;
	if (!dev_get_msi_domain(&pdev->dev))
		flags |= GPUPROBE_IRQ_NO_MSI_DOMAIN;
	return flags;
}

/**
 * gp_collect_irq() - the kernel's view of the interrupts: GPUPROBE_ITEM_IRQ
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_irq(struct gp_builder *builder, struct gp_view *view)
{
	const struct pci_dev *pdev = view->pdev;
	const struct gpuprobe_irq irq = {
		.irq = pdev->irq,
		.flags = irq_flags(pdev),
		.pin = pdev->pin,
		.msi_cap = pdev->msi_cap,
		.msix_cap = pdev->msix_cap,
	};

	gp_builder_add(builder, GPUPROBE_ITEM_IRQ, 0, &irq, sizeof(irq));
}
