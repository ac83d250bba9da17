/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_VERSION_H
#define GPUPROBE_VERSION_H

/* The same as in module/version.h and dkms.conf; a test compares them. */
#define GPUPROBE_VERSION "0.1.0"

#endif
