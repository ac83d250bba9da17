/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boots of this machine, and what the journal has of them. */
#ifndef GPUPROBE_SOURCES_JOURNAL_H
#define GPUPROBE_SOURCES_JOURNAL_H

#include <stdint.h>
#include <systemd/sd-journal.h>

#include "case/case.h"
#include "knowledge/knowledge.h"
#include "lib/array.h"
#include "lib/root.h"

struct boot {
	sd_id128_t id;
	uint64_t when_us;	/* a moment in it, by its own wall clock */
	bool in_journal;
	bool kept;		/* lib/kept.h */
};

typedef ARRAY(struct boot) boot_list;

/* False if the kernel does not say its boot's id. */
bool boot_current(const struct root *root, sd_id128_t *id);

/* 0, or a negative errno. */
int journal_open(sd_journal **journal, const struct root *root);

/* Adds all boots of which the journal has lines of the kernel, in no order. */
void journal_list_boots(sd_journal *journal, boot_list *boots);

/* The kernel's lines of that boot. */
void journal_read_boot(struct gpuprobe_case *c, sd_journal *journal, sd_id128_t id,
		       const struct knowledge *knowledge);

#endif
