// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report as Markdown, to paste where bugs are discussed: CommonMark with
 * GitHub's tables. Where <details> is not known the report is merely longer, and
 * where Markdown is not known at all it still reads as text.
 *
 * Foreign text makes no element. Characters that Markdown gives a meaning are
 * escaped; a word that a site could link by itself (a mention, a number of an
 * issue, an address) stands as code, where no site looks for such.
 */
#include "render/renderer.h"

#include <ctype.h>

#include "lib/i18n.h"
#include "lib/printable.h"
#include "version.h"

enum block { BLOCK_NONE, BLOCK_LIST, BLOCK_LOG };

static const char *const verdict_words[] = {
	[CASE_HEALTHY] = N_("HEALTHY"), [CASE_FAULT] = N_("FAULT"),
	[CASE_UNKNOWN] = N_("NOT CERTAIN"),
};

/* --- words --- */

/* Seven hexadecimal digits and more could be the name of a commit. */
static bool has_commit(const char *word, size_t length)
{
	size_t run = 0;

	for (size_t i = 0; i <= length; i++) {
		if (i < length && isxdigit((unsigned char)word[i])) {
			run++;
			continue;
		}
		if (run >= 7)
			return true;
		run = 0;
	}
	return false;
}

static bool contains(const char *word, size_t length, const char *part)
{
	return memmem(word, length, part, strlen(part)) != NULL;
}

/*
 * Whether a site could make a link, a mention or a picture of the word. Names
 * with underscores look best as code, and old Markdown takes them for emphasis.
 */
static bool is_active(const char *word, size_t length)
{
	const char *colon = memchr(word, ':', length);

	return memchr(word, '@', length) || memchr(word, '#', length) ||
	       memchr(word, '_', length) ||
	       contains(word, length, "://") || contains(word, length, "www.") ||
	       contains(word, length, "WWW.") || contains(word, length, "GH-") ||
	       contains(word, length, "gh-") || contains(word, length, "mailto:") ||
	       contains(word, length, "xmpp:") || has_commit(word, length) ||
	       (colon && memchr(colon + 1, ':', length - (colon + 1 - word)));
}

static size_t longest_run(const char *text, size_t length, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < length; i++) {
		run = text[i] == c ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void repeat(FILE *out, char c, size_t times)
{
	while (times--)
		fputc(c, out);
}

/* In a table a pipe ends the cell, even in code. */
static void put_code(FILE *out, const char *text, size_t length, bool in_table)
{
	size_t fence = longest_run(text, length, '`') + 1;
	const char *pad = fence > 1 ? " " : "";

	repeat(out, '`', fence);
	fputs(pad, out);
	for (size_t i = 0; i < length; i++)
		fprintf(out, "%s%c", text[i] == '|' && in_table ? "\\" : "", text[i]);
	fputs(pad, out);
	repeat(out, '`', fence);
}

/* Any ASCII punctuation may be escaped; these have a meaning anywhere in a line. */
static void put_escaped(FILE *out, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fprintf(out, "%s%c", strchr("\\`*_[]<>|~&$", word[i]) ? "\\" : "", word[i]);
}

/* At the start of a line, "1.", "-" and the like begin a list, and "===" a heading. */
static size_t put_line_start(FILE *out, const char *word, size_t length)
{
	size_t digits = strspn(word, "0123456789");

	if (digits && digits < length && (word[digits] == '.' || word[digits] == ')')) {
		fprintf(out, "%.*s\\%c", (int)digits, word, word[digits]);
		return digits + 1;
	}
	if (!strchr("-+=", *word))
		return 0;
	fprintf(out, "\\%c", *word);
	return 1;
}

static void put_word(FILE *out, const char *word, size_t length, bool in_table)
{
	size_t before = strspn(word, "(\""), after = length;

	if (before >= length || !is_active(word, length)) {
		put_escaped(out, word, length);
		return;
	}
	while (after > before + 1 && strchr(".,;:)\"", word[after - 1]))
		after--;
	put_escaped(out, word, before);
	put_code(out, word + before, after - before, in_table);
	put_escaped(out, word + after, length - after);
}

static void put_words(FILE *out, const char *foreign, bool in_table)
{
	char *text = printable(foreign), *at = text;

	at += strspn(at, " ");
	if (*at && !is_active(at, strcspn(at, " ")))
		at += put_line_start(out, at, strcspn(at, " "));
	while (*at) {
		size_t length = strcspn(at, " ");

		put_word(out, at, length, in_table);
		at += length;
		at += strspn(at, " ");
		fputs(*at ? " " : "", out);
	}
	free(text);
}

/* --- blocks --- */

static void put_log(struct renderer *r)
{
	size_t fence = longest_run(r->pending, strlen(r->pending), '`') + 1;

	if (fence < 3)
		fence = 3;
	repeat(r->out, '`', fence);
	fprintf(r->out, "text\n%s", r->pending);
	repeat(r->out, '`', fence);
	fputs("\n\n", r->out);
	free(r->pending);
	r->pending = NULL;
}

/* What follows is another kind of block. */
static void turn_to(struct renderer *r, enum block block)
{
	if (r->open == (int)block)
		return;
	if (r->open == BLOCK_LIST)
		fputc('\n', r->out);
	if (r->open == BLOCK_LOG)
		put_log(r);
	r->open = block;
}

static void end_section(struct renderer *r)
{
	turn_to(r, BLOCK_NONE);
	if (r->folded)
		fputs("</details>\n\n", r->out);
	r->folded = false;
}

static void put_block(struct renderer *r, const char *before, const char *text)
{
	turn_to(r, BLOCK_NONE);
	fputs(before, r->out);
	put_words(r->out, text, false);
	fputs("\n\n", r->out);
}

static void markdown_begin(struct renderer *r, const char *title)
{
	(void)r;
	(void)title;
}

static void markdown_verdict(struct renderer *r, enum case_verdict verdict, const char *title,
			     const char *place)
{
	fprintf(r->out, "## %s: ", r->word ? r->word : _(verdict_words[verdict]));
	put_words(r->out, title, false);
	fputs("\n\n", r->out);
	if (place)
		put_block(r, "", place);
}

/*
 * The title stands outside of what is folded, so that nothing foreign is in raw
 * HTML, and that a site which drops the HTML drops no title.
 */
static void markdown_section(struct renderer *r, const char *title, enum fold fold)
{
	end_section(r);
	put_block(r, "### ", title);
	r->folded = fold == FOLDED;
	if (r->folded)
		fprintf(r->out, "<details>\n<summary>%s</summary>\n\n", _("Details"));
}

static void markdown_subsection(struct renderer *r, const char *title)
{
	put_block(r, "#### ", title);
}

static void markdown_paragraph(struct renderer *r, const char *text)
{
	put_block(r, "", text);
}

static void markdown_item(struct renderer *r, const char *label, const char *text)
{
	turn_to(r, BLOCK_LIST);
	fputs(label && !*label ? "  - " : "- ", r->out);
	if (label && *label) {
		fputs("**", r->out);
		put_words(r->out, label, false);
		fputs("**: ", r->out);
	}
	put_words(r->out, text, false);
	fputc('\n', r->out);
}

static void markdown_log_line(struct renderer *r, const char *stamp, const char *text,
			      size_t times)
{
	char *line = xasprintf("%s%s%s", stamp ? stamp : "", stamp ? " " : "", text);
	char *safe = printable(line);
	char *count = times > 1 ? xasprintf(_("  (%zu times)"), times) : xstrdup("");
	char *longer;

	turn_to(r, BLOCK_LOG);
	longer = xasprintf("%s%s%s\n", r->pending ? r->pending : "", safe, count);
	free(r->pending);
	r->pending = longer;
	free(count);
	free(safe);
	free(line);
}

/* --- tables --- */

static void put_row(struct renderer *r, const struct table *table, const char *const *cells)
{
	for (size_t i = 0; i < table->columns; i++) {
		fputs(i ? " | " : "| ", r->out);
		put_words(r->out, cells[i], true);
	}
	fputs(" |\n", r->out);
}

static void markdown_table(struct renderer *r, const struct table *table)
{
	turn_to(r, BLOCK_NONE);
	if (table->caption)
		put_block(r, "", table->caption);
	put_row(r, table, table->header);
	for (size_t i = 0; i < table->columns; i++)
		fputs("|---", r->out);
	fputs("|\n", r->out);
	for (size_t i = 0; i < table->rows.count; i++)
		put_row(r, table, (const char *const *)table->rows.at[i].cells);
	fputc('\n', r->out);
}

static void markdown_address_map(struct renderer *r, const struct address_map *map)
{
	struct table table;

	address_map_table(map, &table);
	markdown_table(r, &table);
	table_clear(&table);
}

static void markdown_timeline(struct renderer *r, const struct timeline *timeline)
{
	struct table table;

	timeline_table(timeline, &table);
	markdown_table(r, &table);
	table_clear(&table);
}

static void markdown_end(struct renderer *r)
{
	end_section(r);
	fprintf(r->out, "_gpuprobe %s_\n", GPUPROBE_VERSION);
}

void markdown_renderer(struct renderer *r, FILE *out)
{
	*r = (struct renderer){
		.begin = markdown_begin, .end = markdown_end, .verdict = markdown_verdict,
		.section = markdown_section, .subsection = markdown_subsection,
		.paragraph = markdown_paragraph, .item = markdown_item,
		.log_line = markdown_log_line, .table = markdown_table,
		.address_map = markdown_address_map, .timeline = markdown_timeline,
		.out = out,
	};
}
