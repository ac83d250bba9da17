/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is different between two snapshots of a function, in the names that the
 * PCI specification gives the fields.
 */
#ifndef GPUPROBE_DECODE_CHANGES_H
#define GPUPROBE_DECODE_CHANGES_H

#include "case/case.h"

struct change {
	char *field;		/* "Command", "MSI Message Control", "config 0x50", "irq" */
	char *before, *after;	/* as text; "" is none */
	char *meaning;		/* "Bus Master on", or NULL */
};

typedef ARRAY(struct change) change_list;

/* Only what both snapshots know is compared; registers of BAR0 are not. */
void snapshot_changes(const struct snapshot *before, const struct snapshot *after,
		      change_list *changes);

/*
 * Registers of BAR0 that both have read, clocks aside. A snapshot that a driver
 * kept from reading any is to be passed over, so the two need not be neighbours.
 */
void register_changes(const struct snapshot *before, const struct snapshot *after,
		      change_list *changes);

/*
 * What config cycles show (before) and the GPU itself has (after), in its mirror
 * of config space in BAR0: where they differ, a hypervisor answers for the GPU.
 */
void mirror_changes(const struct snapshot *snapshot, change_list *changes);

void changes_clear(change_list *changes);

#endif
