// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which IOMMU group the function is in.
 *
 * The type of its domain is not told: the domain is exchanged and freed under
 * the group's mutex, which a module cannot have. Root reads it in
 * /sys/kernel/iommu_groups.
 */
#include <linux/iommu.h>
#include <linux/pci.h>

#include "record.h"
#include "snapshot.h"

/**
 * gp_collect_iommu() - the IOMMU group: GPUPROBE_ITEM_IOMMU
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_iommu(struct gp_builder *builder, struct gp_view *view)
{
	struct device *dev = &view->pdev->dev;
	struct gpuprobe_iommu iommu = { .group = -1 };
	struct iommu_group *group;

	if (view->trigger == GPUPROBE_TRIGGER_REMOVED)
		return;
	group = iommu_group_get(dev);
	if (group) {
		iommu.group = iommu_group_id(group);
		iommu_group_put(group);
	}
	if (device_iommu_mapped(dev))
		iommu.flags |= GPUPROBE_IOMMU_MAPPED;
	gp_builder_add(builder, GPUPROBE_ITEM_IOMMU, 0, &iommu, sizeof(iommu));
}
