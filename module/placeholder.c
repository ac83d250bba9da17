// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is installed for a kernel that gpuprobe does not build for, so that DKMS
 * has something to install; packaging/dkms-build says why. As little as can be,
 * so that it builds wherever any module does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>

#include "version.h"

static int __init placeholder_init(void)
{
	pr_warn("%s did not build for this kernel, this is a placeholder; the log is below /var/lib/dkms/gpuprobe\n",
		GPUPROBE_VERSION);
	return -EOPNOTSUPP;
}
module_init(placeholder_init);

MODULE_DESCRIPTION("Placeholder: gpuprobe did not build for this kernel");
MODULE_VERSION(GPUPROBE_VERSION);
MODULE_INFO(gpuprobe, "placeholder");
MODULE_LICENSE("GPL");
