/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated function: its regions, as VFIO numbers them, and its interrupts. */
#ifndef GPUSIM_DEVICE_H
#define GPUSIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accesslog.h"
#include "config.h"
#include "intr.h"
#include "irq.h"
#include "memory.h"
#include "profile.h"
#include "registers.h"

struct device {
	const struct profile *profile;
	struct access_log *log;
	struct config_space config;
	struct registers registers;	/* BAR0 */
	struct memory bar[PCI_BARS];	/* the others */
	struct irqs irqs;
	struct intr intr;
	uint64_t accesses;
	bool vanished;
};

/* @profile and @log must outlive it. -ENOMEM, or that the VBIOS cannot be read. */
int device_create(struct device *device, const struct profile *profile, struct access_log *log);
void device_destroy(struct device *device);

/* Config space as at power-on, memory empty; armed interrupts stay, as with VFIO. */
void device_reset(struct device *device);

/* As irqs_set(). */
int device_set_irqs(struct device *device, const struct irq_request *request);

/* Bytes; 0 for a region that the device lacks. */
uint64_t region_size(const struct device *device, unsigned int region);
bool region_is_writable(unsigned int region);

/*
 * One access of @len bytes, logged. -EINVAL if it is not within the region;
 * then nothing was read, written or logged.
 */
int region_read(struct device *device, unsigned int region, uint64_t offset, uint8_t *data,
		size_t len);
int region_write(struct device *device, unsigned int region, uint64_t offset, const uint8_t *data,
		 size_t len);

#endif
