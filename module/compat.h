/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels, and only here: the sources read as if written
 * for the newest one. Test for a feature where the preprocessor can see it,
 * since distributions backport.
 */
#ifndef _GPUPROBE_COMPAT_H
#define _GPUPROBE_COMPAT_H

#include <linux/version.h>

/* packaging/dkms-tell looks for these two. */
#if KERNEL_VERSION(5, 10, 0) > LINUX_VERSION_CODE
#error gpuprobe needs Linux 5.10 or later
#endif
#ifndef CONFIG_PCI
#error gpuprobe needs a kernel with CONFIG_PCI
#endif

#include <linux/device.h>
#include <linux/pci.h>

/* hex_to_bin() left linux/kernel.h for a header of its own. */
#ifdef GP_HAVE_HEX_H
#include <linux/hex.h>
#endif

/* 57bdeef4716b ("PCI: Add PCI_ERROR_RESPONSE and related definitions"), 5.17 */
#ifndef PCI_ERROR_RESPONSE
#define PCI_ERROR_RESPONSE		(~0ULL)
#define PCI_POSSIBLE_ERROR(val)		((val) == ((typeof(val))PCI_ERROR_RESPONSE))
#endif

/* 70f400d4d957 ("driver core: Move the "removable" attribute [...]"), 5.14 */
#ifndef GP_HAVE_DEV_IS_REMOVABLE
static inline bool dev_is_removable(struct device *dev)
{
	return false;
}
#endif

/* 58ff9c5acb4a ("PCI: Add PCI_IRQ_INTX"), 6.10 */
#ifndef PCI_IRQ_INTX
#define PCI_IRQ_INTX			PCI_IRQ_LEGACY
#endif

#endif /* _GPUPROBE_COMPAT_H */
