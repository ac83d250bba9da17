// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/journal_entry.h"

static bool take_number(const char *text, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, 10);
	return end != text && !*end;
}

static void set_text(char **field, char *value)
{
	free(*field);
	*field = value;
}

void journal_entry_set(struct journal_entry *entry, const char *name, char *value)
{
	bool of_kernel = !strcmp(name, "_SOURCE_MONOTONIC_TIMESTAMP");
	uint64_t time_us;

	if (!strcmp(name, "MESSAGE")) {
		set_text(&entry->message, value);
	} else if (!strcmp(name, "_TRANSPORT")) {
		set_text(&entry->transport, value);
	} else if (!strcmp(name, "SYSLOG_IDENTIFIER")) {
		set_text(&entry->identifier, value);
	} else if (!strcmp(name, "_BOOT_ID")) {
		set_text(&entry->boot_id, value);
	} else {
		/* The journal's own time is a little later than the kernel's. */
		if ((of_kernel || (!strcmp(name, "__MONOTONIC_TIMESTAMP") &&
				   !entry->time_of_kernel)) && take_number(value, &time_us)) {
			entry->time_us = time_us;
			entry->time_of_kernel = of_kernel;
		}
		free(value);
	}
}

void journal_reader_open(struct journal_reader *reader, struct gpuprobe_case *c,
			 const struct knowledge *knowledge)
{
	*reader = (struct journal_reader){ 0 };
	log_reader_open(&reader->log, c, knowledge);
}

static void follow_boot(struct journal_reader *reader, const struct journal_entry *entry)
{
	if (!entry->boot_id)
		return;
	if (reader->boot_id && strcmp(reader->boot_id, entry->boot_id))
		log_reader_next_boot(&reader->log);
	free(reader->boot_id);
	reader->boot_id = xstrdup(entry->boot_id);
}

static bool is_of_kernel(const struct journal_entry *entry)
{
	if (entry->transport)
		return !strcmp(entry->transport, "kernel");
	return !entry->identifier || !strcmp(entry->identifier, "kernel");
}

/* What a program wrote keeps the program's name, so that it is not taken for the kernel's. */
static void take_message(struct journal_reader *reader, const struct journal_entry *entry)
{
	bool kernel = is_of_kernel(entry);
	char *text = kernel ? xstrdup(entry->message) :
		     xasprintf("%s: %s", entry->identifier ? entry->identifier : "user space",
			       entry->message);

	if (kernel || log_reader_knows(&reader->log, text))
		log_reader_message(&reader->log, text, entry->time_us, reader->entries);
	free(text);
}

void journal_reader_take(struct journal_reader *reader, struct journal_entry *entry)
{
	reader->entries++;
	follow_boot(reader, entry);
	if (entry->message)
		take_message(reader, entry);
	free(entry->message);
	free(entry->transport);
	free(entry->identifier);
	free(entry->boot_id);
	*entry = (struct journal_entry){ .time_us = LOG_NO_TIME };
}

void journal_reader_close(struct journal_reader *reader)
{
	reader->log.c->log_lines_read += reader->entries;
	log_reader_close(&reader->log);
	free(reader->boot_id);
}
