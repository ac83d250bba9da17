// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt vectors for a function without a driver, and everything as before
 * afterwards.
 *
 * The kernel's own functions do the work, pci_alloc_irq_vectors() and
 * pci_free_irq_vectors(), as they do for a driver. They leave traces that a
 * driver would not mind, and that are wiped here:
 *
 * - In config space INTx is enabled whatever it was, and address and data of
 *   MSI are those of the last vector, or 0.
 * - In the MSI-X table likewise, and all entries are masked.
 * - The kernel keeps a structure for the device until its driver leaves. A
 *   device that has such a one before its probe is refused by the driver core:
 *   "Resources present before probing". A devres group takes it along.
 * - pdev->irq may be routed anew, on arm64.
 *
 * The kernel gives vectors in D0 only, and does not know the power state of a
 * function that was never enabled. That is told it for as long as it takes.
 */
#include <linux/device.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "compat.h"
#include "vectors.h"
#include "view.h"

/* MSI at its longest: control, address, data, mask; pending is read-only. */
#define MSI_DWORDS_MAX	5u

static bool decodes_memory(const struct gp_view *view)
{
	u16 command;

	/* Not what it was: the interrupt test may have switched it on. */
	return !pci_read_config_word(view->pdev, PCI_COMMAND, &command) &&
	       command & PCI_COMMAND_MEMORY;
}

/* Return: the table's address if it can be reached, else 0. */
static resource_size_t table_address(const struct gp_view *view, u32 size)
{
	const struct pci_dev *pdev = view->pdev;
	u32 place = gp_view_config32(view, pdev->msix_cap + PCI_MSIX_TABLE);
	u32 bar = place & PCI_MSIX_TABLE_BIR;
	u32 offset = place & PCI_MSIX_TABLE_OFFSET;

	if (bar >= PCI_STD_NUM_BARS || !decodes_memory(view) ||
	    !(pci_resource_flags(pdev, bar) & IORESOURCE_MEM) ||
	    pci_resource_flags(pdev, bar) & IORESOURCE_UNSET ||
	    !pdev->resource[bar].parent ||
	    (u64)offset + size > pci_resource_len(pdev, bar))
		return 0;
	return pci_resource_start(pdev, bar) + offset;
}

static int save_table(struct gp_vectors *vectors)
{
	const struct gp_view *view = vectors->view;
	u16 control = gp_view_config16(view, view->pdev->msix_cap +
				       PCI_MSIX_FLAGS);
	u32 entries = (control & PCI_MSIX_FLAGS_QSIZE) + 1;
	u32 size = entries * PCI_MSIX_ENTRY_SIZE;
	resource_size_t address = table_address(view, size);
	unsigned int i;

	if (!address || entries > GP_TABLE_ENTRIES_MAX)
		return -ENODATA;
	vectors->saved = kmalloc(size, GFP_KERNEL | __GFP_NOWARN);
	vectors->table = ioremap(address, size);
	if (!vectors->saved || !vectors->table)
		return -ENOMEM;
	vectors->dwords = size / 4;
	for (i = 0; i < vectors->dwords; i++)
		vectors->saved[i] = readl(vectors->table + 4 * i);
	return 0;
}

static void restore_table(struct gp_vectors *vectors)
{
	unsigned int i;

	for (i = 0; i < vectors->dwords; i++)
		if (readl(vectors->table + 4 * i) != vectors->saved[i])
			writel(vectors->saved[i], vectors->table + 4 * i);
	if (vectors->table)
		iounmap(vectors->table);
	kfree(vectors->saved);
}

static bool differs(struct gp_view *view, unsigned int offset, u32 mask)
{
	u32 now;

	return gp_config_read(view, offset, &now) ||
	       (now ^ gp_view_config32(view, offset)) & mask;
}

/*
 * The words of a dword that hold control bits are written alone: the other half
 * may have bits that a write clears.
 */
static void write_back(struct gp_view *view, unsigned int offset, u32 mask)
{
	u32 before = gp_view_config32(view, offset);

	if (mask == 0x0000ffff)
		gp_config_write16(view, offset, before);
	else if (mask == 0xffff0000)
		gp_config_write16(view, offset + 2, before >> 16);
	else
		gp_config_write(view, offset, before);
}

static void restore_dword(struct gp_vectors *vectors, unsigned int offset,
			  u32 mask)
{
	struct gp_view *view = vectors->view;

	if (offset > PCI_CFG_SPACE_SIZE - 4 || !differs(view, offset, mask))
		return;
	vectors->differences++;
	write_back(view, offset, mask);
	if (differs(view, offset, mask))
		vectors->lasting++;
}

static unsigned int msi_dwords(u16 control)
{
	unsigned int dwords = control & PCI_MSI_FLAGS_64BIT ? 4 : 3;

	return control & PCI_MSI_FLAGS_MASKBIT ? dwords + 1 : dwords;
}

static void restore_msi(struct gp_vectors *vectors)
{
	unsigned int cap = vectors->view->pdev->msi_cap, i;
	u16 control = gp_view_config16(vectors->view, cap + PCI_MSI_FLAGS);

	restore_dword(vectors, cap, 0xffff0000);
	for (i = 1; i < msi_dwords(control); i++)
		restore_dword(vectors, cap + 4 * i, 0xffffffff);
}

static void restore_config(struct gp_vectors *vectors)
{
	const struct pci_dev *pdev = vectors->view->pdev;

	if (vectors->type == PCI_IRQ_MSIX)
		restore_dword(vectors, pdev->msix_cap, 0xffff0000);
	if (vectors->type == PCI_IRQ_MSI)
		restore_msi(vectors);
	restore_dword(vectors, PCI_COMMAND, 0x0000ffff);
}

static void restore_fields(struct gp_vectors *vectors)
{
	struct pci_dev *pdev = vectors->view->pdev;

	pdev->irq = vectors->irq;
	pdev->irq_managed = vectors->irq_managed;
	pdev->current_state = vectors->state;
}

static bool offers(const struct pci_dev *pdev, unsigned int type)
{
	switch (type) {
	case PCI_IRQ_MSIX:
		return pdev->msix_cap;
	case PCI_IRQ_MSI:
		return pdev->msi_cap;
	default:
		return pdev->pin;
	}
}

static int prepare(struct gp_vectors *vectors)
{
	struct pci_dev *pdev = vectors->view->pdev;

	if (pdev->msi_enabled || pdev->msix_enabled)
		return -EBUSY;
	if (vectors->type == PCI_IRQ_MSIX)
		return save_table(vectors);
	return 0;
}

static int allocate(struct gp_vectors *vectors, unsigned int count)
{
	struct pci_dev *pdev = vectors->view->pdev;
	int got;

	if (pdev->current_state == PCI_UNKNOWN)
		pdev->current_state = PCI_D0;
	got = pci_alloc_irq_vectors(pdev, 1, count, vectors->type);
	return got ? got : -ENOSPC;
}

/**
 * gp_vectors_get() - allocate vectors
 * @vectors:	anything; overwritten
 * @view:	a function without a driver, in D0, whose device lock is held,
 *		or which is about to be probed; config space was read
 * @type:	PCI_IRQ_MSIX, PCI_IRQ_MSI or PCI_IRQ_INTX
 * @count:	at most so many
 *
 * Changes config space. May sleep. gp_vectors_put() is due in any case.
 *
 * Return: how many there are; -ENODEV if the function has no such interrupts;
 * -ENODATA if it could not be undone; -EBUSY if MSI or MSI-X is on; -ENOMEM; an
 * error of pci_alloc_irq_vectors().
 */
int gp_vectors_get(struct gp_vectors *vectors, struct gp_view *view,
		   unsigned int type, unsigned int count)
{
	struct pci_dev *pdev = view->pdev;
	int err;

	*vectors = (struct gp_vectors) {
		.view = view,
		.type = type,
		.irq = pdev->irq,
		.irq_managed = pdev->irq_managed,
		.state = pdev->current_state,
	};
	if (!offers(pdev, type))
		return -ENODEV;
	err = prepare(vectors);
	if (err)
		return err;
	vectors->group = devres_open_group(&pdev->dev, NULL, GFP_KERNEL);
	if (!vectors->group)
		return -ENOMEM;
	return allocate(vectors, count);
}

/**
 * gp_vectors_put() - give vectors back, and restore what their use has changed
 * @vectors:	what gp_vectors_get() was called for, whatever it returned;
 *		differences and lasting are set
 *
 * May sleep.
 */
void gp_vectors_put(struct gp_vectors *vectors)
{
	struct pci_dev *pdev = vectors->view->pdev;

	if (vectors->group) {
		pci_free_irq_vectors(pdev);
		devres_release_group(&pdev->dev, vectors->group);
		restore_fields(vectors);
		restore_config(vectors);
	}
	restore_table(vectors);
}
