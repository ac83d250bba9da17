/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels, and only here: the sources read as if written
 * for the newest one. Test for a feature where the preprocessor can see it,
 * since distributions backport.
 */
#ifndef _GPUPROBE_COMPAT_H
#define _GPUPROBE_COMPAT_H

#include <linux/pci.h>

#ifndef CONFIG_PCI
#error gpuprobe needs a kernel with CONFIG_PCI
#endif

/* hex_to_bin() left linux/kernel.h for a header of its own. */
#if defined(__has_include)
#if __has_include("linux/hex.h")
#include <linux/hex.h>
#endif
#endif

/* 57bdeef4716b ("PCI: Add PCI_ERROR_RESPONSE and related definitions"), 5.17 */
#ifndef PCI_ERROR_RESPONSE
#define PCI_ERROR_RESPONSE		(~0ULL)
#define PCI_POSSIBLE_ERROR(val)		((val) == ((typeof(val))PCI_ERROR_RESPONSE))
#endif

#endif /* _GPUPROBE_COMPAT_H */
