/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of the kernel as its own words. */
#ifndef GPUPROBE_DECODE_STATE_H
#define GPUPROBE_DECODE_STATE_H

#include <stdint.h>

/* pci_power_t, as pci_power_name() has it */
const char *power_state_name(int32_t power);
/* pci_channel_state_t */
const char *error_state_name(uint32_t state);

#endif
