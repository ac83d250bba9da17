/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_SNAPSHOT_H
#define _GPUPROBE_SNAPSHOT_H

#include <linux/types.h>

#include "uapi/gpuprobe.h"

struct gp_builder;
struct gp_record;
struct pci_dev;

/**
 * struct gp_view - a function at one moment, as the collectors look at it
 * @pdev:		the function; held
 * @trigger:		why it is looked at
 * @driver_settled:	no driver can come or go meanwhile: the device lock is
 *			held, or the function is not open to drivers
 */
struct gp_view {
	struct pci_dev *pdev;
	enum gpuprobe_trigger trigger;
	bool driver_settled;
};

struct gp_record *gp_snapshot(const struct gp_view *view);

/*
 * The collectors: each answers one question and adds its items, or a
 * GPUPROBE_ITEM_ERROR. All may sleep for memory; none waits for anything else.
 */
void gp_collect_config(struct gp_builder *builder, const struct gp_view *view);
void gp_collect_irq(struct gp_builder *builder, const struct gp_view *view);
void gp_collect_parents(struct gp_builder *builder, const struct gp_view *view);
void gp_collect_resources(struct gp_builder *builder,
			  const struct gp_view *view);
void gp_collect_state(struct gp_builder *builder, const struct gp_view *view);

#endif /* _GPUPROBE_SNAPSHOT_H */
