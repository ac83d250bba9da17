// SPDX-License-Identifier: GPL-2.0-only
/*
 * One snapshot: which function and why, then what each collector sees.
 */
#include <linux/kernel.h>
#include <linux/pci.h>

#include "record.h"
#include "snapshot.h"

static void collect_identity(struct gp_builder *builder,
			     const struct gp_view *view)
{
	const struct pci_dev *pdev = view->pdev;
	const struct gpuprobe_snapshot identity = {
		.domain = pci_domain_nr(pdev->bus),
		.bus = pdev->bus->number,
		.devfn = pdev->devfn,
		.header_type = pdev->hdr_type,
		.revision = pdev->revision,
		.vendor = pdev->vendor,
		.device = pdev->device,
		.subsystem_vendor = pdev->subsystem_vendor,
		.subsystem_device = pdev->subsystem_device,
		.class = pdev->class,
		.trigger = view->trigger,
		.config_size = pdev->cfg_size,
	};

	gp_builder_add(builder, GPUPROBE_ITEM_SNAPSHOT, 0, &identity,
		       sizeof(identity));
}

/* A driver's name goes away with its module: it is ours only while it stays. */
static void collect_driver(struct gp_builder *builder,
			   const struct gp_view *view)
{
	const struct device_driver *driver;

	if (!view->driver_settled) {
		gp_builder_add_error(builder, GPUPROBE_ITEM_DRIVER, 0, -EBUSY);
		return;
	}
	driver = view->pdev->dev.driver;
	gp_builder_add_string(builder, GPUPROBE_ITEM_DRIVER, 0,
			      driver ? driver->name : NULL);
}

/* What costs nothing comes first, and what could make a record long, last. */
static void (* const collectors[])(struct gp_builder *builder,
				   const struct gp_view *view) = {
	collect_identity,
	collect_driver,
	gp_collect_state,
	gp_collect_irq,
	gp_collect_resources,
	gp_collect_config,
	gp_collect_parents,
};

/**
 * gp_snapshot() - look at a function
 * @view:	the function, and under which circumstances
 *
 * May sleep for memory. Reads at most 65 dwords of config space, and no
 * hardware at all if the trigger is GPUPROBE_TRIGGER_REMOVED. Changes nothing.
 *
 * Return: the record, held for the caller, or NULL for want of memory.
 */
struct gp_record *gp_snapshot(const struct gp_view *view)
{
	struct gp_builder builder;
	size_t i;

	if (gp_builder_init(&builder, GPUPROBE_RECORD_SNAPSHOT))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(collectors); i++)
		collectors[i](&builder, view);
	return gp_builder_finish(&builder);
}
