// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the function's interrupt number is in the kernel, and who has the same.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "irqline.h"
#include "record.h"
#include "snapshot.h"

#define CHIP_NAME_MAX	32

/**
 * gp_count_sharers() - how many other functions have this interrupt number?
 * @pdev:	the function that is not counted
 * @irq:	the number
 *
 * Reads what the kernel knows, not the hardware. What is no PCI function is not
 * seen.
 *
 * Return: how many.
 */
u32 gp_count_sharers(const struct pci_dev *pdev, unsigned int irq)
{
	struct pci_dev *other = NULL;
	u32 sharers = 0;

	for_each_pci_dev(other)
		if (other != pdev && other->irq == irq)
			sharers++;
	return sharers;
}

/* A descriptor, with the irq_data in it, is freed after a grace period. */
static bool describe(struct gpuprobe_irq_line *line, char *chip_name)
{
	struct irq_data *data;
	struct irq_chip *chip;

	rcu_read_lock();
	data = irq_get_irq_data(line->irq);
	if (data) {
		line->hwirq = irqd_to_hwirq(data);
		line->trigger = irqd_get_trigger_type(data);
		chip = irq_data_get_irq_chip(data);
		if (chip && chip->name)
			strscpy(chip_name, chip->name, CHIP_NAME_MAX);
	}
	rcu_read_unlock();
	return data;
}

/**
 * gp_collect_irq_line() - pdev->irq in the kernel: GPUPROBE_ITEM_IRQ_LINE and
 * GPUPROBE_ITEM_IRQ_CHIP
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_irq_line(struct gp_builder *builder, struct gp_view *view)
{
	struct gpuprobe_irq_line line = { .irq = view->pdev->irq };
	char chip_name[CHIP_NAME_MAX] = "";

	if (!line.irq || line.irq == IRQ_NOTCONNECTED ||
	    !describe(&line, chip_name))
		return;
	line.sharers = gp_count_sharers(view->pdev, line.irq);
	gp_builder_add(builder, GPUPROBE_ITEM_IRQ_LINE, 0, &line, sizeof(line));
	gp_builder_add_string(builder, GPUPROBE_ITEM_IRQ_CHIP, 0, chip_name);
}
