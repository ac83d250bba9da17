/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry of a journal that was exported, in any form. For the log's readers only. */
#ifndef GPUPROBE_SOURCES_JOURNAL_ENTRY_H
#define GPUPROBE_SOURCES_JOURNAL_ENTRY_H

#include "sources/log_reader.h"

/* The fields that matter, as journald names them. Texts belong to the entry. */
struct journal_entry {
	char *message;
	char *transport;
	char *identifier;	/* SYSLOG_IDENTIFIER */
	char *boot_id;
	uint64_t time_us;	/* since boot; LOG_NO_TIME: not known */
	bool time_of_kernel;	/* it is the kernel's own */
};

/* Take over @value, if @name is one of the fields; else it is freed. */
void journal_entry_set(struct journal_entry *entry, const char *name, char *value);

struct journal_reader {
	struct log_reader log;
	char *boot_id;
	size_t entries;
};

void journal_reader_open(struct journal_reader *reader, struct gpuprobe_case *c,
			 const struct knowledge *knowledge);
/* Hand on the entry and empty it. */
void journal_reader_take(struct journal_reader *reader, struct journal_entry *entry);
void journal_reader_close(struct journal_reader *reader);

#endif
