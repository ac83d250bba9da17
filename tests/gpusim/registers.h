/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BAR0 of the GPU: registers by value, and windows behind which something
 * lives (the timer, the mirror of config space, the VBIOS).
 *
 * What is listed in the profile is what is read, even inside a window. The
 * interrupt registers come next. All else reads the profile's default, or
 * noise. A write has no effect but in windows and interrupt registers that take
 * it.
 */
#ifndef GPUSIM_REGISTERS_H
#define GPUSIM_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "intr.h"
#include "profile.h"
#include "vbios.h"

#define MAX_WINDOWS	8

struct registers;

/* A range of BAR0 with a model behind it. Offsets given to it start at its own 0. */
struct window_model {
	const char *name;
	void (*read)(const struct registers *regs, uint32_t offset, uint8_t *data, size_t len);
	/* NULL: writes have no effect. */
	void (*write)(struct registers *regs, uint32_t offset, const uint8_t *data, size_t len);
};

struct window {
	const struct window_model *model;
	uint32_t at, size;
};

struct registers {
	const struct profile *profile;
	struct config_space *config;
	struct intr *intr;
	struct window windows[MAX_WINDOWS];
	unsigned int nwindows;
	struct vbios vbios;
	/* Where the mirror differs from config space: bits that are fixed, and their values. */
	uint8_t mirror_fixed[PCIE_CONFIG_SIZE];
	uint8_t mirror_value[PCIE_CONFIG_SIZE];
};

/* @profile, @config and @intr must outlive it. -errno if the VBIOS image cannot be had. */
int registers_create(struct registers *regs, const struct profile *profile,
		     struct config_space *config, struct intr *intr);
void registers_destroy(struct registers *regs);

/* @offset + @len is within BAR0. */
void registers_read(struct registers *regs, uint64_t offset, uint8_t *data, size_t len);
void registers_write(struct registers *regs, uint64_t offset, const uint8_t *data, size_t len);

/* Fills the mirror's tables from the profile, in mirror.c. */
void mirror_init(struct registers *regs);
extern const struct window_model mirror_model;

#endif
