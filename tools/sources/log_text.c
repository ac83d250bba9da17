// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel log text. A large log is searched block by block for what gpuprobe knows,
 * and only the lines with a hit are taken apart, with the line after each, as that
 * may be its rest. Of a small one, which may be a paste that a terminal or a mail
 * program has broken anywhere, every line is.
 */
#include "lib/literals.h"
#include "sources/log_reader.h"
#include "sources/source.h"

#define BLOCK_BYTES	(256u << 10)

struct text {
	struct log_reader reader;
	const struct literals *literals;
	bool every_line;
	char *block;
	size_t length;		/* of the lines in the block */
	size_t taken;		/* lines that begin before this place were taken */
	size_t counted;		/* newlines before this place were counted */
	size_t number;		/* of the line that begins there, from 1 */
};

/* The number of the line that begins at @at; @at does not go back. */
static size_t number_at(struct text *text, size_t at)
{
	const char *from = text->block + text->counted, *to = text->block + at, *newline;

	while (from < to && (newline = memchr(from, '\n', to - from))) {
		text->number++;
		from = newline + 1;
	}
	text->counted = at;
	return text->number;
}

static size_t line_start(const struct text *text, size_t at)
{
	const char *newline = memrchr(text->block, '\n', at);

	return newline ? (size_t)(newline - text->block) + 1 : 0;
}

/* Where the line after the one at @at begins. */
static size_t next_line(const struct text *text, size_t at)
{
	const char *newline = memchr(text->block + at, '\n', text->length - at);

	return newline ? (size_t)(newline - text->block) + 1 : text->length;
}

/* Take the line that begins at @start, unless that was done. */
static void take_line(struct text *text, size_t start)
{
	size_t next;

	if (start < text->taken || start >= text->length)
		return;
	next = next_line(text, start);
	log_reader_text(&text->reader, text->block + start, next - start,
			number_at(text, start));
	text->taken = next;
}

static void take_every_line(struct text *text)
{
	while (text->taken < text->length)
		take_line(text, text->taken);
}

static void take_hits(struct text *text)
{
	struct literal_scan scan = {
		.set = text->literals, .text = text->block, .length = text->length,
	};
	size_t value;

	while (literal_scan_next(&scan, &value)) {
		size_t start = line_start(text, scan.found), next = next_line(text, start);

		if (scan.found - start < LOG_LINE_MAX) {
			take_line(text, start);
			take_line(text, next);
		}
		literal_scan_skip(&scan, next);
	}
}

static void take_block(struct text *text)
{
	text->taken = text->counted = 0;
	if (text->every_line)
		take_every_line(text);
	else
		take_hits(text);
	number_at(text, text->length);
}

/* The rest of a line that is longer than a block; the bytes of the next one, moved to the front. */
static size_t skip_line(struct text *text, FILE *file)
{
	size_t length;
	char *newline = NULL;

	do {
		length = fread(text->block, 1, BLOCK_BYTES, file);
		newline = memchr(text->block, '\n', length);
	} while (length && !newline);
	text->number++;
	if (!newline)
		return 0;
	length -= newline + 1 - text->block;
	memmove(text->block, newline + 1, length);
	return length;
}

/* Whole lines as far as there are; the bytes of the one that is cut, moved to the front. */
static size_t take_lines(struct text *text, FILE *file, size_t length)
{
	const char *newline = memrchr(text->block, '\n', length);

	text->length = newline ? (size_t)(newline - text->block) + 1 : length;
	take_block(text);
	if (!newline)
		return skip_line(text, file);
	memmove(text->block, text->block + text->length, length - text->length);
	return length - text->length;
}

void source_log_text(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge)
{
	struct text text = { .literals = knowledge->literals, .number = 1 };
	size_t kept = 0, length;
	bool first = true;

	text.block = xcalloc(BLOCK_BYTES, 1);
	log_reader_open(&text.reader, c, knowledge);
	for (;;) {
		length = kept + fread(text.block + kept, 1, BLOCK_BYTES - kept, file);
		if (length < BLOCK_BYTES)
			break;
		first = false;
		kept = take_lines(&text, file, length);
	}
	text.every_line = first;
	text.length = length;
	take_block(&text);
	if (length && text.block[length - 1] != '\n')
		text.number++;
	c->log_lines_read += text.number - 1;
	log_reader_close(&text.reader);
	free(text.block);
}
