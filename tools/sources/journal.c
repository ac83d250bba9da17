// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's lines in the journal of systemd, of this boot and earlier ones. */
#include <errno.h>

#include "sources/journal.h"
#include "sources/log_reader.h"
#include "sources/source.h"

#define ID_MATCH_BYTES	(sizeof("_BOOT_ID=") + SD_ID128_STRING_MAX)

static void match_boot(sd_journal *journal, sd_id128_t id)
{
	char text[SD_ID128_STRING_MAX], match[ID_MATCH_BYTES];

	sd_id128_to_string(id, text);
	snprintf(match, sizeof(match), "_BOOT_ID=%s", text);
	sd_journal_flush_matches(journal);
	sd_journal_add_match(journal, match, 0);
	sd_journal_add_match(journal, "_TRANSPORT=kernel", 0);
}

/* False if the journal has no line of the kernel from that boot. */
static bool find_begin(sd_journal *journal, struct boot *boot)
{
	match_boot(journal, boot->id);
	return sd_journal_seek_head(journal) >= 0 && sd_journal_next(journal) > 0 &&
	       sd_journal_get_realtime_usec(journal, &boot->when_us) >= 0;
}

void journal_list_boots(sd_journal *journal, boot_list *boots)
{
	const void *data;
	size_t length;

	sd_journal_flush_matches(journal);
	if (sd_journal_query_unique(journal, "_BOOT_ID") < 0)
		return;
	SD_JOURNAL_FOREACH_UNIQUE(journal, data, length) {
		struct boot boot = { .in_journal = true };
		char text[SD_ID128_STRING_MAX];

		if (length != strlen("_BOOT_ID=") + 32)
			continue;
		snprintf(text, sizeof(text), "%.32s", (const char *)data + strlen("_BOOT_ID="));
		if (sd_id128_from_string(text, &boot.id) >= 0)
			*array_add(boots) = boot;
	}
	for (size_t i = boots->count; i--;)
		if (!find_begin(journal, &boots->at[i]))
			boots->at[i] = boots->at[--boots->count];
}

static char *field(sd_journal *journal, const char *name)
{
	size_t skip = strlen(name) + 1, length;
	const void *data;

	if (sd_journal_get_data(journal, name, &data, &length) < 0 || length < skip)
		return NULL;
	return xstrndup((const char *)data + skip, length - skip);
}

/* The time that the kernel gave the line, which is a little before the journal's own. */
static uint64_t kernel_time(sd_journal *journal)
{
	char *text = field(journal, "_SOURCE_MONOTONIC_TIMESTAMP"), *end;
	uint64_t time_us;
	sd_id128_t boot;

	if (text) {
		time_us = strtoull(text, &end, 10);
		if (end != text && !*end) {
			free(text);
			return time_us;
		}
		free(text);
	}
	return sd_journal_get_monotonic_usec(journal, &time_us, &boot) < 0 ? LOG_NO_TIME : time_us;
}

void journal_read_boot(struct gpuprobe_case *c, sd_journal *journal, sd_id128_t id,
		       const struct knowledge *knowledge)
{
	struct log_reader reader;
	size_t number = 0;

	log_reader_open(&reader, c, knowledge);
	match_boot(journal, id);
	sd_journal_set_data_threshold(journal, LOG_LINE_MAX);
	SD_JOURNAL_FOREACH(journal) {
		char *text = field(journal, "MESSAGE");

		number++;
		if (text)
			log_reader_message(&reader, text, kernel_time(journal), number);
		free(text);
	}
	c->log_lines_read += number;
	log_reader_close(&reader);
}

int journal_open(sd_journal **journal, const struct root *root)
{
	if (root_is_live(root))
		return sd_journal_open(journal, SD_JOURNAL_LOCAL_ONLY);
	return sd_journal_open_directory(journal, root->path, SD_JOURNAL_OS_ROOT);
}

int source_journal(struct gpuprobe_case *c, const struct root *root,
		   const struct knowledge *knowledge)
{
	sd_journal *journal;
	sd_id128_t id;
	int error = journal_open(&journal, root);

	if (error < 0)
		return error;
	if (boot_current(root, &id))
		journal_read_boot(c, journal, id, knowledge);
	sd_journal_close(journal);
	return 0;
}
