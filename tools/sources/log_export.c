// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "journalctl -o export": lines NAME=VALUE, an empty line between two entries. A
 * value that is no text has NAME in a line, its length as 64 bits in little-endian
 * order, the bytes, and a newline.
 */
#include <endian.h>

#include "sources/journal_entry.h"
#include "sources/source.h"

/* A line without its newline, as a text; what is over the room is lost. False at the end. */
static bool read_line(FILE *file, char *line, size_t room)
{
	size_t length = 0;
	int byte;

	while ((byte = getc_unlocked(file)) != EOF && byte != '\n')
		if (length + 1 < room)
			line[length++] = byte ? byte : ' ';
	line[length] = '\0';
	return byte != EOF || length;
}

/* The bytes of a value as a text. NULL: the file ends in it. */
static char *read_bytes(FILE *file)
{
	char text[LOG_LINE_MAX];
	uint64_t length, kept = 0;
	int byte = 0;

	if (fread(&length, sizeof(length), 1, file) != 1)
		return NULL;
	length = le64toh(length);
	for (uint64_t i = 0; i < length && (byte = getc_unlocked(file)) != EOF; i++)
		if (kept + 1 < sizeof(text))
			text[kept++] = byte ? byte : ' ';
	if (byte == EOF || getc_unlocked(file) == EOF)	/* the newline */
		return NULL;
	return xstrndup(text, kept);
}

void source_log_export(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge)
{
	struct journal_entry entry = { .time_us = LOG_NO_TIME };
	struct journal_reader reader;
	char line[LOG_LINE_MAX], *equals, *value;
	bool begun = false;

	journal_reader_open(&reader, c, knowledge);
	while (read_line(file, line, sizeof(line))) {
		if (!*line) {
			if (begun)
				journal_reader_take(&reader, &entry);
			begun = false;
			continue;
		}
		begun = true;
		equals = strchr(line, '=');
		value = equals ? xstrdup(equals + 1) : read_bytes(file);
		if (!value)
			break;
		if (equals)
			*equals = '\0';
		journal_entry_set(&entry, line, value);
	}
	/* Also empties it. */
	if (begun)
		journal_reader_take(&reader, &entry);
	journal_reader_close(&reader);
}
