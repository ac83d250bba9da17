// SPDX-License-Identifier: GPL-2.0-only
/*
 * What config space holds.
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
#include "record.h"
#include "snapshot.h"

#define HEADER_DWORDS	(PCI_CFG_SPACE_SIZE / 4)

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

/* A function in D1 to D3hot answers config reads, one in D3cold does not. */
static int config_reachable(struct pci_dev *pdev)
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

static int read_dword(struct pci_dev *pdev, int offset, u32 *value)
{
	return pcibios_err_to_errno(pci_read_config_dword(pdev, offset, value));
}

/*
 * Vendor and device id are never all ones in a function that answers. They are
 * read again at the end: without that, a function that left half-way would
 * seem to have all ones in its last registers.
 *
 * Return: 0; -ENXIO if there was no answer; another negative errno.
 */
static int read_header(struct pci_dev *pdev, __le32 *dwords)
{
	u32 value;
	int i, err;

	for (i = 0; i < HEADER_DWORDS; i++) {
		err = read_dword(pdev, i * 4, &value);
		if (err)
			return err;
		if (i == 0 && PCI_POSSIBLE_ERROR(value))
			return -ENXIO;
		dwords[i] = cpu_to_le32(value);
	}
	err = read_dword(pdev, PCI_VENDOR_ID, &value);
	if (err)
		return err;
	return PCI_POSSIBLE_ERROR(value) ? -ENXIO : 0;
}

static int read_if_reachable(struct pci_dev *pdev, __le32 *dwords)
{
	int err, lost;

	err = config_reachable(pdev);
	if (err)
		return err;
	err = read_header(pdev, dwords);
	lost = config_reachable(pdev);
	return lost ? lost : err;
}

/**
 * gp_collect_config() - the standard config space, as one GPUPROBE_ITEM_CONFIG
 * @builder:	the record
 * @view:	the function
 *
 * Reads 65 dwords, or one if that is all ones, which sets
 * GPUPROBE_RECORD_GONE. Reads nothing if the function left the bus, and
 * nothing, with an error item, if a read could not arrive. May sleep for
 * memory.
 */
void gp_collect_config(struct gp_builder *builder, const struct gp_view *view)
{
	__le32 dwords[HEADER_DWORDS];
	int err;

	if (view->trigger == GPUPROBE_TRIGGER_REMOVED)
		return;
	err = read_if_reachable(view->pdev, dwords);
	if (err == -ENXIO)
		gp_builder_flag(builder, GPUPROBE_RECORD_GONE);
	if (err)
		gp_builder_add_error(builder, GPUPROBE_ITEM_CONFIG, 0, err);
	else
		gp_builder_add(builder, GPUPROBE_ITEM_CONFIG, 0, dwords,
			       sizeof(dwords));
}
