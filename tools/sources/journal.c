// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's lines in the journal of systemd, of this boot and earlier ones. */
#include <errno.h>
#include <inttypes.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "lib/i18n.h"
#include "lib/kept.h"
#include "sources/log_reader.h"
#include "sources/source.h"

#define ID_MATCH_BYTES	(sizeof("_BOOT_ID=") + SD_ID128_STRING_MAX)

/* A boot, and when its first line was written. */
struct boot {
	sd_id128_t id;
	uint64_t began;		/* wall clock, in microseconds */
};

typedef ARRAY(struct boot) boot_list;

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
	       sd_journal_get_realtime_usec(journal, &boot->began) >= 0;
}

static int compare_begin(const void *a, const void *b)
{
	const struct boot *x = a, *y = b;

	return x->began < y->began ? -1 : x->began > y->began;
}

/* All boots that the journal has, in order of time. */
static void list_boots(sd_journal *journal, boot_list *boots)
{
	const void *data;
	size_t length;

	sd_journal_flush_matches(journal);
	if (sd_journal_query_unique(journal, "_BOOT_ID") < 0)
		return;
	SD_JOURNAL_FOREACH_UNIQUE(journal, data, length) {
		char text[SD_ID128_STRING_MAX];

		if (length != strlen("_BOOT_ID=") + 32)
			continue;
		snprintf(text, sizeof(text), "%.32s", (const char *)data + strlen("_BOOT_ID="));
		if (sd_id128_from_string(text, &array_add(boots)->id) < 0)
			boots->count--;
	}
	for (size_t i = boots->count; i--;)
		if (!find_begin(journal, &boots->at[i]))
			boots->at[i] = boots->at[--boots->count];
	if (boots->count)
		qsort(boots->at, boots->count, sizeof(*boots->at), compare_begin);
}

static bool current_boot(const struct root *root, sd_id128_t *id)
{
	char *text = root_line(root, "/proc/sys/kernel/random/boot_id");
	bool good = text && sd_id128_from_string(text, id) >= 0;

	free(text);
	return good;
}

/* The id of the boot that is @offset boots from the current one; false: there is none. */
static bool choose_boot(sd_journal *journal, const struct root *root, int offset, sd_id128_t *id)
{
	boot_list boots = { 0 };
	sd_id128_t current;
	size_t at;
	bool found;

	if (!current_boot(root, &current))
		return false;
	*id = current;
	if (!offset)
		return true;
	list_boots(journal, &boots);
	for (at = 0; at < boots.count && !sd_id128_equal(boots.at[at].id, current); at++)
		;
	/* The kernel's lines of this boot may be in no journal: then all are of earlier ones. */
	found = boots.count && offset < 0 && (size_t)-(int64_t)offset <= at;
	if (found)
		*id = boots.at[at + offset].id;
	array_free(&boots);
	return found;
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

static void read_boot(struct gpuprobe_case *c, sd_journal *journal, sd_id128_t id,
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

static int open_journal(sd_journal **journal, const struct root *root)
{
	if (root_is_live(root))
		return sd_journal_open(journal, SD_JOURNAL_LOCAL_ONLY);
	return sd_journal_open_directory(journal, root->path, SD_JOURNAL_OS_ROOT);
}

/* What "gpuprobe record" kept of that boot; false if it did not. */
static bool take_record(struct gpuprobe_case *c, const struct root *root, sd_id128_t id,
			const struct knowledge *knowledge, int *error, char **problem)
{
	char boot[64], *path;
	bool there;

	snprintf(boot, sizeof(boot), SD_ID128_UUID_FORMAT_STR, SD_ID128_FORMAT_VAL(id));
	path = kept_path(root, boot);
	there = !access(path, R_OK);
	if (there)
		*error = source_file(c, path, knowledge, problem);
	free(path);
	return there;
}

/* The same where the journal was not kept; then only boots with a record count. */
static bool take_record_at(struct gpuprobe_case *c, const struct root *root, int boot,
			   const struct knowledge *knowledge, int *error, char **problem)
{
	char *current = kept_this_boot(root);
	kept_list list = { 0 };
	bool there = false;

	kept_find(&list, root);
	for (size_t i = 0; i < list.count && !there; i++) {
		if (current && !strcmp(list.at[i].boot, current))
			continue;
		there = !++boot;
		if (there)
			*error = source_file(c, list.at[i].path, knowledge, problem);
	}
	kept_free(&list);
	free(current);
	return there;
}

int source_journal(struct gpuprobe_case *c, const struct root *root,
		   const struct knowledge *knowledge)
{
	sd_journal *journal;
	sd_id128_t id;
	int error = open_journal(&journal, root);

	if (error < 0)
		return error;
	if (current_boot(root, &id))
		read_boot(c, journal, id, knowledge);
	sd_journal_close(journal);
	return 0;
}

int source_boot(struct gpuprobe_case *c, const struct root *root, int boot,
		const struct knowledge *knowledge, char **problem)
{
	sd_journal *journal;
	sd_id128_t id;
	int error = open_journal(&journal, root);

	if (error < 0) {
		*problem = xasprintf(_("the journal cannot be opened: %s"), strerror(-error));
		return error;
	}
	error = 0;
	if (!choose_boot(journal, root, boot, &id)) {
		if (take_record_at(c, root, boot, knowledge, &error, problem))
			goto done;
		*problem = xasprintf(_("the journal has no boot %d; journald keeps earlier boots "
				       "only if /var/log/journal is there"), boot);
		error = -ENOENT;
	} else if (!take_record(c, root, id, knowledge, &error, problem)) {
		read_boot(c, journal, id, knowledge);
	}
done:
	sd_journal_close(journal);
	return error;
}
