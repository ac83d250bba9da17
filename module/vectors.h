/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_VECTORS_H
#define _GPUPROBE_VECTORS_H

#include <linux/pci.h>
#include <linux/types.h>

struct gp_view;

/* Entries of an MSI-X table that are saved; more are not tried. */
#define GP_TABLE_ENTRIES_MAX	64u
#define GP_TABLE_DWORDS_MAX	(GP_TABLE_ENTRIES_MAX * PCI_MSIX_ENTRY_SIZE / 4)

/**
 * struct gp_vectors - MSI or MSI-X vectors of a function without a driver
 * @view:	the function, whose config space was read just before
 * @type:	PCI_IRQ_MSIX, PCI_IRQ_MSI or PCI_IRQ_INTX
 * @group:	what the kernel allocates for the device meanwhile
 * @irq:	pdev->irq before
 * @irq_managed: likewise
 * @state:	pdev->current_state before
 * @table:	the MSI-X table, or NULL
 * @saved:	its contents before
 * @dwords:	how many
 * @differences: dwords of config space that the kernel left different
 * @lasting:	of these, dwords that could not be put back
 */
struct gp_vectors {
	struct gp_view *view;
	unsigned int type;
	void *group;
	unsigned int irq;
	bool irq_managed;
	pci_power_t state;
	void __iomem *table;
	u32 *saved;
	unsigned int dwords;
	u32 differences;
	u32 lasting;
};

int gp_vectors_get(struct gp_vectors *vectors, struct gp_view *view,
		   unsigned int type, unsigned int count);
void gp_vectors_put(struct gp_vectors *vectors);

#endif /* _GPUPROBE_VECTORS_H */
