// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "lib/printable.h"

/* What must not begin a line: it closes what stands before it. */
static bool closes(const char *at)
{
	static const char *const marks[] = {
		"\u3001", "\u3002", "\uff01", "\uff09", "\uff0c", "\uff1a", "\uff1b", "\uff1f",
		"\u300b", "\u300d", "\u3011", "\u201d", "\u2019",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (!strncmp(at, marks[i], strlen(marks[i])))
			return true;
	return false;
}

/* Bytes up to the next place where a line may break: a wide character is a word. */
static size_t word_bytes(const char *text)
{
	size_t bytes = 0;
	bool wide = false;

	while (text[bytes] && text[bytes] != ' ') {
		unsigned int columns;
		size_t length = character(text + bytes, &columns);

		if (bytes && (wide || columns > 1) && columns && !closes(text + bytes))
			break;
		wide = columns > 1;
		bytes += length;
	}
	return bytes;
}

static void next_line(struct wrap *wrap)
{
	fprintf(wrap->out, "\n%s", wrap->prefix);
	wrap->column = columns(wrap->prefix);
}

/* A cut never falls inside a character, nor between it and what combines with it. */
static void put_word(struct wrap *wrap, const char *text, size_t bytes)
{
	while (bytes) {
		unsigned int wide;
		size_t length = character(text, &wide);

		if (wrap->column + wide > wrap->width && wrap->column > columns(wrap->prefix))
			next_line(wrap);
		fwrite(text, 1, length, wrap->out);
		wrap->column += wide;
		text += length;
		bytes -= length;
	}
}

static unsigned int columns_of(const char *text, size_t bytes)
{
	unsigned int sum = 0, wide;

	for (size_t i = 0; i < bytes; i += character(text + i, &wide), sum += wide)
		character(text + i, &wide);
	return sum;
}

void wrap_words(struct wrap *wrap, const char *text)
{
	bool fresh = true;	/* nothing stands in the line yet */

	while (*text) {
		size_t blanks = strspn(text, " "), bytes = word_bytes(text + blanks);

		if (!bytes)
			break;
		if (!fresh && wrap->column + blanks + columns_of(text + blanks, bytes) > wrap->width) {
			next_line(wrap);
		} else {
			fprintf(wrap->out, "%*s", (int)blanks, "");
			wrap->column += blanks;
		}
		put_word(wrap, text + blanks, bytes);
		text += blanks + bytes;
		fresh = false;
	}
}
