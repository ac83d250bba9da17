/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_LIB_PCINAMES_H
#define GPUPROBE_LIB_PCINAMES_H

#include <stdint.h>

/*
 * "NVIDIA Corporation GP104GL [Tesla P4]", from pci.ids wherever the distribution
 * keeps it; NULL if it has no such device. The caller frees it. Reads files; asks
 * no network.
 */
char *pci_device_name(uint16_t vendor, uint16_t device);

#endif
