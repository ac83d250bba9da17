/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The GPU's interrupt controller: the registers by which software enables,
 * raises and acknowledges an interrupt, one set for each kind of chip, and
 * what reaches the PCI bus from it.
 *
 * No unit of the GPU ever raises anything; only the software trigger does.
 */
#ifndef GPUSIM_INTR_H
#define GPUSIM_INTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accesslog.h"
#include "config.h"
#include "irq.h"
#include "profile.h"

#define INTR_MAX_LEAVES	16

struct intr_chip;

struct intr {
	const struct profile *profile;
	const struct intr_chip *chip;	/* NULL: no model */
	struct config_space *config;
	struct irqs *irqs;
	struct access_log *log;
	/*
	 * A leaf is 32 interrupts. Turing calls it so; what older chips have
	 * is the same without a tree above it: leaf 0 is the stalling, leaf 1
	 * the non-stalling one.
	 */
	uint32_t leaf[INTR_MAX_LEAVES];
	uint32_t enable[INTR_MAX_LEAVES];
	uint32_t mask[2];		/* Kepler and Maxwell */
	uint32_t top_enable;		/* Turing and later */
	bool ready;			/* a message may be sent: none was since the last re-arm */
	bool asserted;
	bool sent;			/* one was since that began */
	const char *held;		/* why none is sent, as logged last */
	uint32_t storm;			/* interrupts that are still to come out of nothing */
};

/* @profile, @config, @irqs and @log must outlive it. */
void intr_create(struct intr *intr, const struct profile *profile, struct config_space *config,
		 struct irqs *irqs, struct access_log *log);
/* As at power-on, after what the profile says that the VBIOS has written. */
void intr_reset(struct intr *intr);

/* The register at @at, a multiple of 4 in BAR0. False: it is none of these. */
bool intr_read(const struct intr *intr, uint32_t at, uint32_t *value);
bool intr_write(struct intr *intr, uint32_t at, uint32_t value);
/* Whether a chip of that enum intr_model has such a register. */
bool intr_model_has(uint8_t model, uint32_t at);

/* Config space was written, by a config cycle or through BAR0. */
void intr_config_written(struct intr *intr, size_t offset, const uint8_t *data, size_t len);
/* The client has armed, disarmed, masked or unmasked interrupts. */
void intr_client_changed(struct intr *intr);
/* BAR0 was read: that is what paces a storm. */
void intr_bar0_was_read(struct intr *intr);

#endif
