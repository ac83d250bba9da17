// SPDX-License-Identifier: GPL-2.0-only
/*
 * What power management may do to the function.
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "record.h"
#include "snapshot.h"

static bool bridge_may_sleep(struct pci_dev *pdev)
{
	const struct pci_dev *bridge = pci_upstream_bridge(pdev);

	return bridge && bridge->bridge_d3;
}

static u32 power_flags(struct pci_dev *pdev)
{
	struct device *dev = &pdev->dev;
	u32 flags = 0;

	if (pdev->d3cold_allowed)
		flags |= GPUPROBE_POWER_D3COLD_ALLOWED;
	if (pdev->no_d3cold)
		flags |= GPUPROBE_POWER_NO_D3COLD;
	if (pm_runtime_enabled(dev))
		flags |= GPUPROBE_POWER_RUNTIME_ENABLED;
	if (pm_runtime_active(dev))
		flags |= GPUPROBE_POWER_RUNTIME_ACTIVE;
	if (pm_runtime_suspended(dev))
		flags |= GPUPROBE_POWER_RUNTIME_SUSPENDED;
	if (bridge_may_sleep(pdev))
		flags |= GPUPROBE_POWER_BRIDGE_D3;
	return flags;
}

/**
 * gp_collect_power() - what power management may do: GPUPROBE_ITEM_POWER
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_power(struct gp_builder *builder, struct gp_view *view)
{
	const struct gpuprobe_power power = {
		.flags = power_flags(view->pdev),
		.pm_cap = view->pdev->pm_cap,
	};

	gp_builder_add(builder, GPUPROBE_ITEM_POWER, 0, &power, sizeof(power));
}
