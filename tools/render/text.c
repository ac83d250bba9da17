// SPDX-License-Identifier: GPL-2.0-or-later
/* The report on a terminal: wrapped to its width, colour only where asked for. */
#include "render/renderer.h"

#include "lib/printable.h"

#define WIDTH_LEAST	40
#define WIDTH_MOST	100	/* prose in longer lines is hard to read */

#define INDENT		2

static const char *const verdict_words[] = {
	[CASE_HEALTHY] = "HEALTHY", [CASE_FAULT] = "FAULT", [CASE_UNKNOWN] = "NOT CERTAIN",
};

static const char *const verdict_colours[] = {
	[CASE_HEALTHY] = "\033[1;32m", [CASE_FAULT] = "\033[1;31m", [CASE_UNKNOWN] = "\033[1;33m",
};

static void coloured(struct renderer *r, const char *colour, const char *text)
{
	if (r->colour)
		fprintf(r->out, "%s%s\033[0m", colour, text);
	else
		fputs(text, r->out);
}

/*
 * Print words from column @column on, wrapped, continuation lines indented by
 * @indent. A word that is longer than a line is cut into pieces.
 */
static void put_words(struct renderer *r, const char *foreign, unsigned int column,
		      unsigned int indent)
{
	char *text = printable(foreign), *at = text;
	bool fresh = true;

	while (*(at += strspn(at, " "))) {
		size_t bytes = strcspn(at, " "), wide, room = r->width - indent;
		char saved = at[bytes];

		at[bytes] = '\0';
		wide = columns(at);
		at[bytes] = saved;
		if (!fresh && column + 1 + wide > r->width) {
			fprintf(r->out, "\n%*s", indent, "");
			column = indent;
			fresh = true;
		}
		if (!fresh)
			fputc(' ', r->out), column++;
		for (size_t i = 0; i < bytes; i++) {	/* a cut never falls inside a character */
			if ((at[i] & 0xc0) != 0x80 && column >= r->width && room) {
				fprintf(r->out, "\n%*s", indent, "");
				column = indent;
			}
			fputc(at[i], r->out);
			column += (at[i] & 0xc0) != 0x80;
		}
		at += bytes;
		fresh = false;
	}
	free(text);
}

/* The same, and end the line. */
static void put_wrapped(struct renderer *r, const char *foreign, unsigned int column,
			unsigned int indent)
{
	put_words(r, foreign, column, indent);
	fputc('\n', r->out);
	r->blank_above = false;
}

static void text_verdict(struct renderer *r, enum case_verdict verdict, const char *title,
			 const char *place)
{
	unsigned int indent = strlen(verdict_words[verdict]) + 2;

	coloured(r, verdict_colours[verdict], verdict_words[verdict]);
	fputs("  ", r->out);
	put_wrapped(r, title, indent, indent);
	if (place) {
		fprintf(r->out, "%*s", indent, "");
		put_wrapped(r, place, indent, indent);
	}
	fputc('\n', r->out);
	r->blank_above = true;
}

static void text_heading(struct renderer *r, const char *text)
{
	if (!r->blank_above)
		fputc('\n', r->out);
	fputs(r->colour ? "\033[1m" : "", r->out);
	put_words(r, text, 0, 0);
	fputs(r->colour ? "\033[0m\n" : "\n", r->out);
	r->blank_above = false;
}

static void text_paragraph(struct renderer *r, const char *text)
{
	fprintf(r->out, "%*s", INDENT, "");
	put_wrapped(r, text, INDENT, INDENT);
}

#define LABEL_COLUMNS 18

static void text_item(struct renderer *r, const char *label, const char *text)
{
	char *safe = label ? printable(label) : NULL;
	unsigned int indent = safe ? INDENT + LABEL_COLUMNS : INDENT + 2;

	if (safe)
		fprintf(r->out, "%*s%-*s", INDENT, "", LABEL_COLUMNS, safe);
	else
		fprintf(r->out, "%*s- ", INDENT, "");
	if (safe && columns(safe) >= LABEL_COLUMNS)
		fprintf(r->out, "\n%*s", indent, "");
	put_wrapped(r, text, indent, indent);
	free(safe);
}

/* A log line stands as it was printed; only one that is too long goes on below. */
static void text_log_line(struct renderer *r, const char *stamp, const char *text, size_t times)
{
	char *line = xasprintf("%s%s%s", stamp ? stamp : "", stamp ? " " : "", text);
	char *safe = printable(line), *at = safe;
	unsigned int column = INDENT + 2;

	fprintf(r->out, "%*s| ", INDENT, "");
	for (; *at; at++) {
		bool starts = (*at & 0xc0) != 0x80;

		bool full = column + (*at == ' ') >= r->width;

		if (starts && full) {
			fprintf(r->out, "\n%*s|   ", INDENT, "");
			column = INDENT + 4;
			if (*at == ' ')		/* no blank at the end of a line */
				continue;
		}
		fputc(*at, r->out);
		column += starts;
	}
	if (times > 1) {
		char words[32];
		int wide = snprintf(words, sizeof(words), "  (%zu times)", times);

		fprintf(r->out, "%s%s", column + wide > r->width ? "\n  " : "", words);
	}
	fputc('\n', r->out);
	r->blank_above = false;
	free(safe);
	free(line);
}

void text_renderer(struct renderer *r, FILE *out, unsigned int width, bool colour)
{
	*r = (struct renderer){
		.verdict = text_verdict, .heading = text_heading,
		.paragraph = text_paragraph, .item = text_item, .log_line = text_log_line,
		.out = out, .colour = colour,
		.width = width < WIDTH_LEAST ? WIDTH_LEAST :
			 width > WIDTH_MOST ? WIDTH_MOST : width,
	};
}
