// SPDX-License-Identifier: GPL-2.0-only
/*
 * The view of a function that the collectors share: under which circumstances
 * it is looked at, what was read already, and every access to config space.
 */
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "view.h"

/**
 * gp_view_is_thorough() - may the look take more time than a few reads?
 * @view:	the function
 *
 * Return: true for the triggers at which nobody waits for a driver.
 */
bool gp_view_is_thorough(const struct gp_view *view)
{
	return view->trigger == GPUPROBE_TRIGGER_LOAD ||
	       view->trigger == GPUPROBE_TRIGGER_ADDED ||
	       view->trigger == GPUPROBE_TRIGGER_REQUEST;
}

/**
 * gp_view_is_driverless() - is it certain that no driver uses the function?
 * @view:	the function
 *
 * Just before a probe dev.driver is set already. But the notifier is called by
 * really_probe() itself, in its thread and before the probe function, so the
 * driver has not touched the function yet and does not until we return.
 *
 * Return: true if no driver is bound and none can come meanwhile.
 */
bool gp_view_is_driverless(const struct gp_view *view)
{
	if (!view->driver_settled || view->trigger == GPUPROBE_TRIGGER_REMOVED)
		return false;
	return view->trigger == GPUPROBE_TRIGGER_BEFORE_BIND ||
	       !view->pdev->dev.driver;
}

/**
 * gp_view_config32() - a dword of the config space that was read
 * @view:	the function; @view->config_error is 0
 * @offset:	0 to 0xfc, a multiple of 4
 *
 * Return: the dword; all ones for another offset.
 */
u32 gp_view_config32(const struct gp_view *view, unsigned int offset)
{
	if (offset / 4 >= GP_HEADER_DWORDS)
		return ~0u;
	return le32_to_cpu(view->config[offset / 4]);
}

/**
 * gp_view_config16() - a word of the config space that was read
 * @view:	the function; @view->config_error is 0
 * @offset:	0 to 0xfe, a multiple of 2
 *
 * Return: the word; all ones for another offset.
 */
u16 gp_view_config16(const struct gp_view *view, unsigned int offset)
{
	return gp_view_config32(view, offset) >> 8 * (offset & 2);
}

/**
 * gp_view_config8() - a byte of the config space that was read
 * @view:	the function; @view->config_error is 0
 * @offset:	0 to 0xff
 *
 * Return: the byte; all ones for another offset.
 */
u8 gp_view_config8(const struct gp_view *view, unsigned int offset)
{
	return gp_view_config32(view, offset) >> 8 * (offset & 3);
}

/**
 * gp_view_is_in_d0() - does PMCSR say D0?
 * @view:	the function; @view->config_error is 0
 *
 * Return: true if it does, or if there is no PM capability.
 */
bool gp_view_is_in_d0(const struct gp_view *view)
{
	u8 pm_cap = view->pdev->pm_cap;

	return !pm_cap || !(gp_view_config16(view, pm_cap + PCI_PM_CTRL) &
			    PCI_PM_CTRL_STATE_MASK);
}

/**
 * gp_config_read() - read a dword of config space, and count it
 * @view:	the function
 * @offset:	a multiple of 4
 * @value:	overwritten
 *
 * Return: 0 or a negative errno.
 */
int gp_config_read(struct gp_view *view, int offset, u32 *value)
{
	u64 start = ktime_get_ns();
	int err = pci_read_config_dword(view->pdev, offset, value);

	view->meter.access_ns += ktime_get_ns() - start;
	view->meter.config_reads++;
	return pcibios_err_to_errno(err);
}

/**
 * gp_config_write() - write a dword of config space, and count it
 * @view:	the function
 * @offset:	a multiple of 4
 * @value:	what to write
 *
 * Return: 0 or a negative errno.
 */
int gp_config_write(struct gp_view *view, int offset, u32 value)
{
	u64 start = ktime_get_ns();
	int err = pci_write_config_dword(view->pdev, offset, value);

	view->meter.access_ns += ktime_get_ns() - start;
	view->meter.config_writes++;
	return pcibios_err_to_errno(err);
}

/**
 * gp_config_write16() - write a word of config space, and count it
 * @view:	the function
 * @offset:	a multiple of 2
 * @value:	what to write
 *
 * Return: 0 or a negative errno.
 */
int gp_config_write16(struct gp_view *view, int offset, u16 value)
{
	u64 start = ktime_get_ns();
	int err = pci_write_config_word(view->pdev, offset, value);

	view->meter.access_ns += ktime_get_ns() - start;
	view->meter.config_writes++;
	return pcibios_err_to_errno(err);
}
