// SPDX-License-Identifier: GPL-2.0-only
/*
 * Can the function be reached, without waking anything?
 *
 * The function must stay as it is, so nothing here resumes it, as a read of
 * the sysfs file "config" does. Instead the reads are left out where they
 * could not arrive. That is decided from what the kernel knows before the
 * first read, and again after the last: if the function lost its power in
 * between, the bytes are discarded.
 */
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "compat.h"
#include "view.h"

/* Neither active nor suspended: on the way from one to the other. */
static bool changes_power(struct device *dev)
{
	return !pm_runtime_active(dev) && !pm_runtime_suspended(dev);
}

/* In D1 to D3 a bridge answers for itself, but passes nothing on. */
static bool passes_config_cycles(const struct pci_dev *bridge)
{
	return bridge->current_state == PCI_D0 ||
	       bridge->current_state == PCI_UNKNOWN;
}

static int path_reachable(struct pci_dev *pdev)
{
	struct pci_dev *bridge = pdev;

	while ((bridge = pci_upstream_bridge(bridge))) {
		if (bridge->error_state == pci_channel_io_perm_failure)
			return -ENODEV;
		if (!passes_config_cycles(bridge))
			return -EHOSTDOWN;
		if (changes_power(&bridge->dev))
			return -EAGAIN;
	}
	return 0;
}

/**
 * gp_reachable() - would a read of config space arrive?
 * @pdev:	the function; held
 *
 * A function in D1 to D3hot answers config reads, one in D3cold does not. Tells
 * it from what the kernel knows, without touching the hardware.
 *
 * Return: 0, or the errno that uapi/gpuprobe.h gives to GPUPROBE_ITEM_CONFIG.
 */
int gp_reachable(struct pci_dev *pdev)
{
	if (pdev->error_state == pci_channel_io_perm_failure)
		return -ENODEV;
	if (pdev->current_state == PCI_D3cold)
		return -EHOSTDOWN;
	if (pdev->error_state == pci_channel_io_frozen ||
	    pdev->block_cfg_access)
		return -EBUSY;
	if (changes_power(&pdev->dev))
		return -EAGAIN;
	return path_reachable(pdev);
}
