// SPDX-License-Identifier: GPL-2.0-only
/*
 * One snapshot: which function and why, then what each collector sees.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/timekeeping.h>

#include "record.h"
#include "snapshot.h"

/**
 * gp_collect_identity() - which function, and why: GPUPROBE_ITEM_SNAPSHOT
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_identity(struct gp_builder *builder, struct gp_view *view)
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
static void collect_driver(struct gp_builder *builder, struct gp_view *view)
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

/**
 * gp_collect_cost() - what it has cost: GPUPROBE_ITEM_COST
 * @builder:	the record
 * @view:	the function
 *
 * May sleep for memory.
 */
void gp_collect_cost(struct gp_builder *builder, struct gp_view *view)
{
	const struct gp_meter *meter = &view->meter;
	const struct gpuprobe_cost cost = {
		.time_ns = ktime_get_ns() - meter->begun_ns,
		.access_ns = meter->access_ns,
		.config_reads = meter->config_reads,
		.config_writes = meter->config_writes,
		.bar0_reads = meter->bar0_reads,
		.bar0_writes = meter->bar0_writes,
	};

	gp_builder_add(builder, GPUPROBE_ITEM_COST, 0, &cost, sizeof(cost));
}

/*
 * Config space is read early, as others go by it. What could make a record
 * long, comes last.
 */
static void (* const collectors[])(struct gp_builder *builder,
				   struct gp_view *view) = {
	gp_collect_identity,
	collect_driver,
	gp_collect_state,
	gp_collect_irq,
	gp_collect_irq_line,
	gp_collect_power,
	gp_collect_flags,
	gp_collect_reset,
	gp_collect_iommu,
	gp_collect_resources,
	gp_collect_config,
	gp_collect_route,
	gp_collect_parents,
	gp_collect_extended,
	gp_collect_gpu,
	gp_collect_msi_trial,
	gp_collect_workaround,
	gp_collect_windows,
	gp_collect_cost,
};

/**
 * gp_snapshot() - look at a function
 * @view:	the function, and under which circumstances; the collectors leave
 *		there what they have read
 *
 * May sleep for memory, and for ACPI methods in a thorough snapshot. Does not
 * touch the hardware if the trigger is GPUPROBE_TRIGGER_REMOVED. Leaves
 * everything as it was.
 *
 * Return: the record, held for the caller, or NULL for want of memory.
 */
struct gp_record *gp_snapshot(struct gp_view *view)
{
	struct gp_builder builder;
	size_t i;

	view->meter.begun_ns = ktime_get_ns();
	if (gp_builder_init(&builder, GPUPROBE_RECORD_SNAPSHOT))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(collectors); i++)
		collectors[i](&builder, view);
	return gp_builder_finish(&builder);
}
