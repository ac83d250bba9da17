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

/* Only what both snapshots know is compared. */
void snapshot_changes(const struct snapshot *before, const struct snapshot *after,
		      change_list *changes);
void changes_clear(change_list *changes);

#endif
