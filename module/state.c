// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which state the kernel has the function.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/pci.h>

#include "record.h"
#include "snapshot.h"

/**
 * gp_collect_state() - enable count, power and errors: GPUPROBE_ITEM_STATE
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_state(struct gp_builder *builder, struct gp_view *view)
{
	struct pci_dev *pdev = view->pdev;
	const struct gpuprobe_state state = {
		.enable_count = atomic_read(&pdev->enable_cnt),
		.power = (__force int)pdev->current_state,
		.error_state = (__force unsigned int)pdev->error_state,
		.numa_node = dev_to_node(&pdev->dev),
	};

	gp_builder_add(builder, GPUPROBE_ITEM_STATE, 0, &state, sizeof(state));
}
