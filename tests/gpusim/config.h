/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Config space: what it reads, and which bits a write changes. The client
 * places the BARs itself; what it writes lands here as on a device, so a write
 * of all ones reads back as the size mask.
 */
#ifndef GPUSIM_CONFIG_H
#define GPUSIM_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "profile.h"

struct config_space {
	size_t size;
	uint8_t bytes[PCIE_CONFIG_SIZE];
	uint8_t wmask[PCIE_CONFIG_SIZE];
	uint8_t initial[PCIE_CONFIG_SIZE];
};

/*
 * As at power-on. With late capabilities the pointer to their list is 0 until
 * the first reset: QEMU walks the list when it starts, shows the guest its own
 * idea of it, and never ends with one that loops. It resets the device after
 * that, so a list that comes then reaches the guest as it is.
 */
void config_init(struct config_space *config, const struct profile *profile);
void config_reset(struct config_space *config);

/* @offset + @len is within config->size. */
void config_read(const struct config_space *config, size_t offset, uint8_t *data, size_t len);
void config_write(struct config_space *config, size_t offset, const uint8_t *data, size_t len);

/* The bits of a BAR register that say its kind. */
uint32_t bar_kind_bits(enum bar_kind kind);

#endif
