// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the kernel could reset the function. Nothing here does.
 */
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "record.h"
#include "snapshot.h"

/* e20afa06244e ("PCI: Add array to track reset method ordering"), 5.15 */
#ifdef PCI_NUM_RESET_METHODS

/* pci_reset_fn_methods[] in drivers/pci/pci.c; new ones were added at its end */
static const char * const names[] = {
	"", "device_specific", "acpi", "flr", "af_flr", "pm", "bus", "cxl_bus",
};

static void name_methods(const struct pci_dev *pdev, char *text, size_t room)
{
	size_t used = 0;
	int i;

	text[0] = '\0';
	for (i = 0; i < PCI_NUM_RESET_METHODS; i++) {
		u8 method = READ_ONCE(pdev->reset_methods[i]);

		if (!method)
			break;
		used += scnprintf(text + used, room - used, "%s%s",
				  used ? " " : "", method < ARRAY_SIZE(names) ?
				  names[method] : "unknown");
	}
}

/**
 * gp_collect_reset() - the reset methods: GPUPROBE_ITEM_RESET
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_reset(struct gp_builder *builder, struct gp_view *view)
{
	char text[96];

	name_methods(view->pdev, text, sizeof(text));
	gp_builder_add_string(builder, GPUPROBE_ITEM_RESET, 0, text);
}

#else

void gp_collect_reset(struct gp_builder *builder, struct gp_view *view)
{
	gp_builder_add_error(builder, GPUPROBE_ITEM_RESET, 0, -EOPNOTSUPP);
}

#endif
