/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_VERSION_H
#define _GPUPROBE_VERSION_H

/* The same as PACKAGE_VERSION in dkms.conf. */
#define GPUPROBE_VERSION	"0.1.0"

#endif /* _GPUPROBE_VERSION_H */
