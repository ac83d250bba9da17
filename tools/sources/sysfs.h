/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_SYSFS_H
#define GPUPROBE_SYSFS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/root.h"

/* A line of a PCI function's "resource"; all 0 if it is not in use. @flags: IORESOURCE_* of linux/ioport.h. */
struct sysfs_resource {
	uint64_t start, end, flags;
};

/* More than any function has. */
#define SYSFS_RESOURCES 32

/*
 * 0-5 are the BARs, 6 is the ROM, then come the BARs of virtual functions and
 * the windows of a bridge: resource_show() of drivers/pci/pci-sysfs.c. Returns
 * how many there are, 0 if they cannot be read.
 */
size_t sysfs_resources(const struct root *root, const char *device,
		       struct sysfs_resource resources[SYSFS_RESOURCES]);

#endif
