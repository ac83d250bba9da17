// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/log_reader.h"

#include <inttypes.h>
#include <stdio.h>

#include "case/log.h"

/* The kernel's first words, and what journalctl prints between two boots. */
#define BOOT_BEGINS	"kernel.boot-begins"
#define BOOT_MARK	"log.boot-mark"

void log_reader_open(struct log_reader *reader, struct gpuprobe_case *c,
		     const struct knowledge *knowledge)
{
	*reader = (struct log_reader){
		.c = c, .knowledge = knowledge, .first = c->log.count,
		.boot_first = c->log.count,
	};
	c->log_looked = true;
}

/* --- boots --- */

void log_reader_next_boot(struct log_reader *reader)
{
	if (!reader->said_something)
		return;
	if (reader->c->log.count - reader->first > LOG_KEEP_MAX)
		case_drop_lines(reader->c, reader->first, reader->boot_first);
	reader->boot++;
	reader->boot_first = reader->c->log.count;
	reader->said_something = false;
	reader->last_us = 0;
}

/* Whether @text is where another boot begins; the kernel's release, if that is there. */
static bool begins_boot(struct log_reader *reader, const char *text)
{
	struct message_match match;
	const char *id, *release;
	bool begins;

	if (!knowledge_match(reader->knowledge, text, &match))
		return false;
	id = match.message->id;
	begins = !strcmp(id, BOOT_BEGINS) || !strcmp(id, BOOT_MARK);
	release = begins ? message_match_field(&match, "release") : NULL;
	if (release) {
		free(reader->release);
		reader->release = xstrdup(release);
	}
	message_match_clear(&match);
	return begins;
}

/*
 * The uptime went back: another boot, where the wall clock says that time went on.
 * Without it, it may be a paste of pieces that are out of order.
 */
static bool clock_went_back(const struct log_reader *reader, const struct parsed_line *line)
{
	return line->time_known && line->date_length && *reader->last_date &&
	       line->time_us + 1000000 < reader->last_us &&
	       (strlen(reader->last_date) != line->date_length ||
		strncmp(reader->last_date, line->date, line->date_length));
}

/* True for a line that says no more than that a boot begins. */
static bool follow_boots(struct log_reader *reader, const struct parsed_line *line)
{
	bool begins = begins_boot(reader, line->text);

	if (begins || clock_went_back(reader, line))
		log_reader_next_boot(reader);
	/* A mark is followed by the kernel's own first line, which is not another boot. */
	if (!begins || line->time_known || line->date_length)
		reader->said_something = true;
	if (line->time_known)
		reader->last_us = line->time_us;
	if (line->date_length)
		snprintf(reader->last_date, sizeof(reader->last_date), "%.*s",
			 (int)line->date_length, line->date);
	return begins;
}

/* --- lines that were broken --- */

/* What a joined line must beat: how much of it is understood; 0 is nothing. */
static size_t understood(const struct log_reader *reader, const char *text)
{
	struct message_match match;
	size_t fields;

	if (!knowledge_match(reader->knowledge, text, &match))
		return 0;
	fields = match.count;
	message_match_clear(&match);
	return 1 + fields;
}

/*
 * @text follows on the line at hand and has no stamp though that one has, or
 * neither has: if both together say more than the first alone, they are one line.
 */
static bool join(struct log_reader *reader, const struct parsed_line *line, size_t number)
{
	struct log_line *pending = &reader->pending;
	size_t alone;

	if (!pending->text || line->prefixed || !*line->text ||
	    number != reader->pending_number + 1 ||
	    strlen(pending->text) + strlen(line->text) >= LOG_LINE_MAX)
		return false;
	alone = understood(reader, pending->text);
	if (!reader->pending_prefixed && (alone || understood(reader, line->text)))
		return false;
	for (const char *between = " "; between; between = *between ? "" : NULL) {
		char *both = xasprintf("%s%s%s", pending->text, between, line->text);

		if (understood(reader, both) > alone) {
			free(pending->text);
			pending->text = both;
			reader->pending_number = number;
			return true;
		}
		free(both);
	}
	return false;
}

/* --- keeping --- */

static void flush(struct log_reader *reader)
{
	struct log_line *pending = &reader->pending;

	if (pending->text && knowledge_line_matters(reader->knowledge, pending->text)) {
		case_keep_line(reader->c, reader->boot_first, pending);
	} else {
		free(pending->text);
		free(pending->stamp);
	}
	*pending = (struct log_line){ 0 };
}

/* The machine's name, for redaction: it may stand in a message as well. */
static void note_host(struct gpuprobe_case *c, const struct parsed_line *line)
{
	const char *last = c->names.count ? c->names.at[c->names.count - 1].text : "";
	char *host;

	if (!line->host_length ||
	    (strlen(last) == line->host_length && !strncmp(last, line->host, line->host_length)))
		return;
	host = xstrndup(line->host, line->host_length);
	case_add_name(c, PSEUDONYM_HOST, host);
	free(host);
}

static void hold(struct log_reader *reader, const struct parsed_line *line, size_t number)
{
	note_host(reader->c, line);
	flush(reader);
	if (follow_boots(reader, line))
		return;
	reader->pending = (struct log_line){
		.number = number,
		.boot = reader->boot,
		.time_known = line->time_known,
		.time_us = line->time_us,
		.stamp = line->stamp_length ? xstrndup(line->stamp, line->stamp_length) : NULL,
		.text = xstrdup(line->text),
	};
	reader->pending_prefixed = line->prefixed;
	reader->stamp_seen |= line->stamp_length > 0;
	reader->pending_number = number;
}

void log_reader_text(struct log_reader *reader, const char *text, size_t length, size_t number)
{
	char copy[LOG_LINE_MAX];
	struct parsed_line line;

	if (length >= sizeof(copy))
		length = sizeof(copy) - 1;
	memcpy(copy, text, length);
	log_line_clean(copy, length);
	line = log_line_parse(copy);
	if (line.foreign || join(reader, &line, number))
		return;
	hold(reader, &line, number);
}

void log_reader_message(struct log_reader *reader, char *text, uint64_t time_us, size_t number)
{
	bool known = time_us != LOG_NO_TIME;
	char *stamp = known ? xasprintf("[%5" PRIu64 ".%06" PRIu64 "]", time_us / 1000000,
					time_us % 1000000) : NULL;
	char *part;

	while ((part = strsep(&text, "\n"))) {
		struct parsed_line line = {
			.prefixed = true, .time_known = known, .time_us = known ? time_us : 0,
			.stamp = stamp, .stamp_length = stamp ? strlen(stamp) : 0, .text = part,
		};

		log_line_trim(part);
		hold(reader, &line, number);
	}
	free(stamp);
}

bool log_reader_knows(const struct log_reader *reader, const char *text)
{
	return understood(reader, text) > 0;
}

/* Among lines with stamps, what has none and is no message is somebody's prose. */
static bool is_prose(const struct log_reader *reader, const struct log_line *line)
{
	return !line->stamp && strncmp(line->text, "NVRM:", 5) &&
	       !log_reader_knows(reader, line->text);
}

static void drop_prose(struct log_reader *reader)
{
	struct gpuprobe_case *c = reader->c;
	size_t i = reader->first;

	while (reader->stamp_seen && i < c->log.count) {
		if (is_prose(reader, &c->log.at[i]))
			case_drop_lines(c, i, i + 1);
		else
			i++;
	}
}

void log_reader_close(struct log_reader *reader)
{
	struct machine *machine = &reader->c->machine;

	flush(reader);
	drop_prose(reader);
	if (!machine->kernel_release)
		machine->kernel_release = reader->release;
	else
		free(reader->release);
	case_merge_log(reader->c, reader->first, reader->boot);
}
