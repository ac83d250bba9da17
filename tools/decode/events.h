/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events: the log lines that gpuprobe recognises, in order, each with its
 * fields, the function it is about and the driver's load attempt it belongs to.
 */
#ifndef GPUPROBE_DECODE_EVENTS_H
#define GPUPROBE_DECODE_EVENTS_H

#include "case/case.h"
#include "knowledge/knowledge.h"

struct event {
	struct message_match match;
	size_t line;			/* index into the case's log */
	bool address_known;
	struct pci_address address;	/* a function: its device's function 0 if not said */
	bool device_known;
	uint16_t device;		/* PCI device number of an NVIDIA GPU */
	unsigned int attempt;		/* 1 is the driver's first load in this boot */
};

typedef ARRAY(struct event) event_list;

/* Of the boot that the case is about. @unknown: indices of log lines about NVIDIA that no message is known for. */
void events_decode(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		   event_list *events, size_t **unknown, size_t *unknown_count);
void events_free(event_list *events);

/*
 * Add the functions that the NVIDIA driver names in the log and nobody has
 * seen: a log alone then has a GPU too, and one that fell off the bus is there.
 * The same for what the kernel prints of the machine, such as its hypervisor. The
 * lines learn which attempt of the driver they belong to.
 */
void events_add_functions(struct gpuprobe_case *c, const struct knowledge *knowledge);

/*
 * Limit the case to one device: its functions, and the lines that are not about
 * another one. False, and nothing changes, if the case does not have it.
 */
bool events_keep_device(struct gpuprobe_case *c, const struct knowledge *knowledge,
			const struct pci_address *address);

const char *event_field(const struct event *event, const char *name);

/*
 * A number of a field: decimal, or hexadecimal after 0x. False if the event
 * has no such field or it is no number.
 */
bool event_number(const struct event *event, const char *name, uint64_t *value);
/* The same of digits that are hexadecimal without saying so. */
bool event_hex(const struct event *event, const char *name, uint64_t *value);

#endif
