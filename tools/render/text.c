// SPDX-License-Identifier: GPL-2.0-or-later
/* The report on a terminal: wrapped to its width, colour only where asked for. */
#include "render/renderer.h"

#include <inttypes.h>

#include "lib/i18n.h"
#include "lib/printable.h"
#include "render/wrap.h"

#define WIDTH_LEAST	20
#define WIDTH_MOST	100	/* prose in longer lines is hard to read */
#define WIDTH_NARROW	56	/* below, a label stands above its text */

#define INDENT		2
#define LABEL_COLUMNS	18

static const char *const verdict_words[] = {
	[CASE_HEALTHY] = N_("HEALTHY"), [CASE_FAULT] = N_("FAULT"),
	[CASE_UNKNOWN] = N_("NOT CERTAIN"),
};

static const char *const verdict_colours[] = {
	[CASE_HEALTHY] = "\033[1;32m", [CASE_FAULT] = "\033[1;31m", [CASE_UNKNOWN] = "\033[1;33m",
};

static const char spaces[] = "                                        ";

/* @count blanks, at most as many as there are. */
static const char *blanks(unsigned int count)
{
	return spaces + sizeof(spaces) - 1 - (count < sizeof(spaces) ? count : sizeof(spaces) - 1);
}

static unsigned int indent_of(const struct renderer *r)
{
	return r->subsection_open ? 2 * INDENT : INDENT;
}

static void empty_line(struct renderer *r)
{
	if (!r->blank_above)
		fputc('\n', r->out);
	r->blank_above = true;
}

/* From column @column on; lines after the first begin with @prefix. */
static void put_words(struct renderer *r, const char *foreign, unsigned int column,
		      const char *prefix)
{
	struct wrap wrap = { r->out, r->width, column, prefix };
	char *text = printable(foreign);

	wrap_words(&wrap, text);
	free(text);
}

/* The same, and end the line. */
static void put_lines(struct renderer *r, const char *foreign, unsigned int column,
		      const char *prefix)
{
	put_words(r, foreign, column, prefix);
	fputc('\n', r->out);
	r->blank_above = false;
}

static void coloured_words(struct renderer *r, const char *colour, const char *foreign,
			   unsigned int column)
{
	fputs(r->colour ? colour : "", r->out);
	put_words(r, foreign, column, blanks(column));
	fputs(r->colour ? "\033[0m" : "", r->out);
}

static void text_verdict(struct renderer *r, enum case_verdict verdict, const char *title,
			 const char *place)
{
	const char *word = r->word ? r->word : _(verdict_words[verdict]);
	unsigned int indent = columns(word) + 2;

	if (r->width < WIDTH_NARROW)
		indent = INDENT;
	coloured_words(r, verdict_colours[verdict], word, 0);
	if (r->width < WIDTH_NARROW)
		fputc('\n', r->out);
	fputs(blanks(INDENT), r->out);
	put_lines(r, title, indent, blanks(indent));
	if (place) {
		fputs(blanks(indent), r->out);
		put_lines(r, place, indent, blanks(indent));
	}
	empty_line(r);
}

static void text_section(struct renderer *r, const char *title, enum fold fold)
{
	(void)fold;
	empty_line(r);
	r->subsection_open = false;
	coloured_words(r, "\033[1m", title, 0);
	fputc('\n', r->out);
	r->blank_above = false;
}

static void text_subsection(struct renderer *r, const char *title)
{
	if (r->subsection_open)
		empty_line(r);
	r->subsection_open = true;
	fputs(blanks(INDENT), r->out);
	coloured_words(r, "\033[1m", title, INDENT);
	fputc('\n', r->out);
	r->blank_above = false;
}

static void text_paragraph(struct renderer *r, const char *text)
{
	unsigned int indent = indent_of(r);

	fputs(blanks(indent), r->out);
	put_lines(r, text, indent, blanks(indent));
}

/* "- " or a label, and the text beside it, or below where there is no room. */
static void text_item(struct renderer *r, const char *label, const char *text)
{
	unsigned int indent = indent_of(r), beside = indent + LABEL_COLUMNS;

	fputs(blanks(indent), r->out);
	if (!label) {
		fputs("- ", r->out);
		put_lines(r, text, indent + 2, blanks(indent + 2));
		return;
	}
	if (r->width < WIDTH_NARROW)
		beside = indent + 2;
	if (*label) {
		put_words(r, label, indent, blanks(indent + 2));
		indent += columns(label);
	}
	if (indent < beside) {
		fputs(blanks(beside - indent), r->out);
	} else {
		fprintf(r->out, "\n%s", blanks(beside));
	}
	put_lines(r, text, beside, blanks(beside));
}

/* @mark, the time if it is known, and the text; what is too long goes on below the mark. */
static void put_marked(struct renderer *r, char mark, const char *stamp, const char *text,
		       size_t times)
{
	char *count = times > 1 ? xasprintf(_("  (%zu times)"), times) : xstrdup("");
	char *line = xasprintf("%s%s%s%s", stamp ? stamp : "", stamp ? " " : "", text, count);
	char *prefix = xasprintf("%s%c   ", blanks(indent_of(r)), mark);

	fprintf(r->out, "%s%c ", blanks(indent_of(r)), mark);
	put_lines(r, line, indent_of(r) + 2, prefix);
	free(prefix);
	free(line);
	free(count);
}

static void text_log_line(struct renderer *r, const char *stamp, const char *text, size_t times)
{
	put_marked(r, '|', stamp, text, times);
}

/* --- tables --- */

#define COLUMN_GAP 2

/* The columns that the widest cell of each column takes; true if all fit side by side. */
static bool measure(const struct renderer *r, const struct table *table,
		    unsigned int wide[TABLE_COLUMNS_MAX])
{
	unsigned int sum = indent_of(r);

	for (size_t i = 0; i < table->columns; i++) {
		wide[i] = columns(table->header[i]);
		for (size_t j = 0; j < table->rows.count; j++) {
			char *text = printable(table->rows.at[j].cells[i]);

			if (columns(text) > wide[i])
				wide[i] = columns(text);
			free(text);
		}
		sum += wide[i] + (i ? COLUMN_GAP : 0);
	}
	return sum <= r->width;
}

static void put_row(struct renderer *r, const struct table *table, const char *const *cells,
		    const unsigned int wide[TABLE_COLUMNS_MAX], bool bold)
{
	unsigned int missing = indent_of(r);	/* blanks before the next text */

	fputs(bold && r->colour ? "\033[1m" : "", r->out);
	for (size_t i = 0; i < table->columns; i++) {
		char *text = printable(cells[i]);

		if (*text) {
			fprintf(r->out, "%*s%s", (int)missing, "", text);
			missing = 0;
		}
		missing += wide[i] - columns(text) + COLUMN_GAP;
		free(text);
	}
	fputs(bold && r->colour ? "\033[0m\n" : "\n", r->out);
	r->blank_above = false;
}

/* Too wide for columns: "first: second, header: third, ..." */
static void put_row_as_item(struct renderer *r, const struct table *table,
			    const struct table_row *row)
{
	char *text = xstrdup(""), *longer;

	for (size_t i = 1; i < table->columns; i++) {
		if (!*row->cells[i])
			continue;
		longer = xasprintf("%s%s%s: %s", text, *text ? "; " : "", table->header[i],
				   row->cells[i]);
		free(text);
		text = longer;
	}
	longer = xasprintf("%s%s%s", row->cells[0], *text ? "; " : "", text);
	text_item(r, NULL, longer);
	free(longer);
	free(text);
}

static void text_table(struct renderer *r, const struct table *table)
{
	unsigned int wide[TABLE_COLUMNS_MAX];
	bool fits = measure(r, table, wide);

	if (table->caption)
		text_paragraph(r, table->caption);
	if (fits)
		put_row(r, table, table->header, wide, true);
	for (size_t i = 0; i < table->rows.count; i++)
		if (fits)
			put_row(r, table, (const char *const *)table->rows.at[i].cells, wide, false);
		else
			put_row_as_item(r, table, &table->rows.at[i]);
}

/* --- figures, in words --- */

/* Addresses and sizes side by side, and below what there is to say of them. */
static void text_address_map(struct renderer *r, const struct address_map *map)
{
	struct table table = {
		.columns = 3, .header = { _("address"), _("size"), _("what") },
	};
	char *limit = address_limit_text(map);

	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *region = &map->regions.at[i];
		char start[20], size[SIZE_TEXT];
		char *name = xasprintf("%s%s", blanks(2 * region_depth(map, i)), region->name);

		snprintf(start, sizeof(start), "0x%" PRIx64, region->start);
		table_add(&table, region->placed ? start : _("nowhere"),
			  size_print(region->size, size), name);
		free(name);
	}
	text_table(r, &table);
	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *region = &map->regions.at[i];
		char *text = region->note ? xasprintf("%s %s", region->name, region->note) : NULL;

		if (text)
			text_paragraph(r, text);
		free(text);
	}
	if (limit)
		text_paragraph(r, limit);
	free(limit);
	table_clear(&table);
}

static void text_timeline(struct renderer *r, const struct timeline *timeline)
{
	const char *prefix = blanks(indent_of(r) + 4);

	for (size_t i = 0; i < timeline->moments.count; i++) {
		const struct moment *moment = &timeline->moments.at[i];

		if (moment->failing)
			text_paragraph(r, _("Here it failed:"));
		put_marked(r, moment->kind == MOMENT_LOG ? '|' : '>', moment->stamp, moment->text,
			   moment->times);
		if (!moment->meaning)
			continue;
		fputs(prefix, r->out);
		put_lines(r, moment->meaning, columns(prefix), prefix);
	}
}

static void text_frame(struct renderer *r, const char *title)
{
	(void)r;
	(void)title;
}

static void text_end(struct renderer *r)
{
	(void)r;
}

void text_renderer(struct renderer *r, FILE *out, unsigned int width, bool colour)
{
	*r = (struct renderer){
		.begin = text_frame, .end = text_end, .verdict = text_verdict,
		.section = text_section, .subsection = text_subsection,
		.paragraph = text_paragraph, .item = text_item, .log_line = text_log_line,
		.table = text_table, .address_map = text_address_map, .timeline = text_timeline,
		.out = out, .colour = colour, .blank_above = true,
		.width = width < WIDTH_LEAST ? WIDTH_LEAST :
			 width > WIDTH_MOST ? WIDTH_MOST : width,
	};
}
