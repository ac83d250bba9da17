/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Config space: what it reads, and which bits a write changes. The client
 * places the BARs itself; what it writes lands here as on a device, so a write
 * of all ones reads back as the size mask.
 */
#ifndef GPUSIM_CONFIG_H
#define GPUSIM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile.h"

struct config_space {
	size_t size;
	bool hide_extended;	/* from cycles: 0x100 reads 0, what follows ones */
	uint8_t bytes[PCIE_CONFIG_SIZE];
	uint8_t wmask[PCIE_CONFIG_SIZE];
	uint8_t initial[PCIE_CONFIG_SIZE];
};

/*
 * As at power-on. With late capabilities the pointer to their list, and the head
 * of the extended one, are 0 until the first reset: QEMU walks the lists when it
 * starts, shows the guest its own idea of them, and never ends with one that
 * loops. It resets the device after that, so a list that comes then reaches the
 * guest as it is.
 */
void config_init(struct config_space *config, const struct profile *profile);
void config_reset(struct config_space *config);

/*
 * Config cycles, as the guest makes them. @offset + @len is within config->size.
 * A write says whether it reached the card.
 */
void config_read(const struct config_space *config, size_t offset, uint8_t *data, size_t len);
bool config_write(struct config_space *config, size_t offset, const uint8_t *data, size_t len);
/* A write on the card itself, where nothing is hidden. */
void config_write_card(struct config_space *config, size_t offset, const uint8_t *data, size_t len);

/* The bits of a BAR register that say its kind. */
uint32_t bar_kind_bits(enum bar_kind kind);

#endif
