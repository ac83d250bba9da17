/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts: which eventfds the client has armed, and raising them.
 *
 * The client (QEMU) does the PCI side, INTx routing and MSI messages; it arms
 * the one type that the guest has enabled. Whether an interrupt gets through
 * is the profile's word.
 */
#ifndef GPUSIM_IRQ_H
#define GPUSIM_IRQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accesslog.h"
#include "profile.h"

/* By VFIO_PCI_*_IRQ_INDEX. */
enum irq_type {
	IRQ_INTX,
	IRQ_MSI,
	IRQ_MSIX,
	IRQ_ERR,
	IRQ_REQ,
	IRQ_TYPES,
};

#define IRQ_ALL_TYPES	(1u << IRQ_INTX | 1u << IRQ_MSI | 1u << IRQ_MSIX)

struct irq_vectors {
	unsigned int count;
	int *fds;		/* count of them, -1 where not armed */
	bool masked;		/* INTx only: from one raise to the guest's end of interrupt */
	bool pending;		/* raised while masked */
};

struct irqs {
	struct irq_vectors types[IRQ_TYPES];
	bool level;		/* of INTx, as the device asserts it */
	uint8_t deliver;	/* bit per enum irq_type */
	struct access_log *log;
};

/* A SET_IRQS request: fields as in struct vfio_irq_set. */
struct irq_request {
	uint32_t flags, index, start, count;
	const uint8_t *bools;	/* count of them, with VFIO_IRQ_SET_DATA_BOOL */
	int *fds;		/* those that are kept become -1 here */
	size_t nfds;
};

/* -ENOMEM, or 0. */
int irqs_create(struct irqs *irqs, const struct profile *profile, struct access_log *log);
void irqs_destroy(struct irqs *irqs);

unsigned int irq_count(const struct irqs *irqs, unsigned int type);
/* VFIO_IRQ_INFO_* of a type. */
uint32_t irq_flags(unsigned int type);

/* As the log has it: "msi". */
const char *irq_type_name(unsigned int type);

/* -EINVAL, or -ENOTSUP for mask and unmask eventfds; 0 otherwise. */
int irqs_set(struct irqs *irqs, const struct irq_request *request);

/* The type that a device would use now: MSI-X before MSI before INTx. -ENOENT: none is armed. */
int irq_armed_type(const struct irqs *irqs);

/*
 * The device signals @vector of @type. -ENOENT if nobody listens. 0 if it was
 * sent, if a masked INTx is held back until it is unmasked, or if the profile
 * says that it gets lost.
 */
int irq_raise(struct irqs *irqs, enum irq_type type, unsigned int vector);

/*
 * The device asserts INTx, or no longer. While it does, every unmask raises it
 * again.
 */
void irq_set_level(struct irqs *irqs, bool level);

#endif
