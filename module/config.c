// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the first 256 bytes of config space hold.
 */
#include <linux/pci.h>

#include "compat.h"
#include "record.h"
#include "snapshot.h"

/*
 * Vendor and device id are never all ones in a function that answers. They are
 * read again at the end: without that, a function that left half-way would
 * seem to have all ones in its last registers.
 *
 * Return: 0; -ENXIO if there was no answer; another negative errno.
 */
static int read_header(struct gp_view *view)
{
	u32 value;
	int i, err;

	for (i = 0; i < GP_HEADER_DWORDS; i++) {
		err = gp_config_read(view, i * 4, &value);
		if (err)
			return err;
		if (i == 0 && PCI_POSSIBLE_ERROR(value))
			return -ENXIO;
		view->config[i] = cpu_to_le32(value);
	}
	err = gp_config_read(view, PCI_VENDOR_ID, &value);
	if (err)
		return err;
	return PCI_POSSIBLE_ERROR(value) ? -ENXIO : 0;
}

static int read_if_reachable(struct gp_view *view)
{
	int err, lost;

	err = gp_reachable(view->pdev);
	if (err)
		return err;
	err = read_header(view);
	lost = gp_reachable(view->pdev);
	return lost ? lost : err;
}

/**
 * gp_config_load() - read the standard config space
 * @view:	the function; config and config_error are set
 *
 * Reads 65 dwords, or one if that is all ones, or none if the function cannot
 * be reached.
 */
void gp_config_load(struct gp_view *view)
{
	view->config_error = -ENODEV;
	if (view->trigger != GPUPROBE_TRIGGER_REMOVED)
		view->config_error = read_if_reachable(view);
}

/**
 * gp_collect_config() - the standard config space, as one GPUPROBE_ITEM_CONFIG
 * @builder:	the record
 * @view:	the function; config and config_error are set
 *
 * Reads 65 dwords, or one if that is all ones, which sets
 * GPUPROBE_RECORD_GONE. Reads nothing if the function left the bus, and
 * nothing, with an error item, if a read could not arrive. May sleep for
 * memory.
 */
void gp_collect_config(struct gp_builder *builder, struct gp_view *view)
{
	gp_config_load(view);
	if (view->trigger == GPUPROBE_TRIGGER_REMOVED)
		return;
	if (view->config_error == -ENXIO)
		gp_builder_flag(builder, GPUPROBE_RECORD_GONE);
	if (view->config_error)
		gp_builder_add_error(builder, GPUPROBE_ITEM_CONFIG, 0,
				     view->config_error);
	else
		gp_builder_add(builder, GPUPROBE_ITEM_CONFIG, 0, view->config,
			       sizeof(view->config));
}
