// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The report as one HTML page that needs nothing else: no script, no address
 * outside itself, which its Content-Security-Policy says too. It is well-formed
 * XML besides, so that any reader of XML can check it.
 */
#include "render/html.h"

#include "lib/i18n.h"
#include "lib/printable.h"
#include "version.h"

enum block { BLOCK_NONE, BLOCK_LIST, BLOCK_TERMS, BLOCK_LOG };

static const struct {
	const char *word;
	const char *class;
} verdicts[] = {
	[CASE_HEALTHY] = { N_("HEALTHY"), "healthy" },
	[CASE_FAULT] = { N_("FAULT"), "fault" },
	[CASE_UNKNOWN] = { N_("NOT CERTAIN"), "unknown" },
};

void html_text(FILE *out, const char *foreign)
{
	char *text = printable(foreign);

	for (const char *at = text; *at; at++) {
		switch (*at) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*at, out);
		}
	}
	free(text);
}

void html_put(FILE *out, const char *before, const char *foreign, const char *after)
{
	fputs(before, out);
	html_text(out, foreign);
	fputs(after, out);
}

/* --- what is open, and ends when something else begins --- */

static void turn_to(struct renderer *r, enum block block)
{
	static const struct {
		const char *begin, *end;
	} tags[] = {
		[BLOCK_NONE] = { "", "" }, [BLOCK_LIST] = { "<ul>\n", "</ul>\n" },
		[BLOCK_TERMS] = { "<dl>\n", "</dl>\n" },
		[BLOCK_LOG] = { "<pre class=\"log\" tabindex=\"0\">", "</pre>\n" },
	};

	if (r->open == (int)block)
		return;
	fputs(tags[r->open].end, r->out);
	fputs(tags[block].begin, r->out);
	r->open = block;
}

static void end_subsection(struct renderer *r)
{
	turn_to(r, BLOCK_NONE);
	if (r->subsection_open)
		fputs("</section>\n", r->out);
	r->subsection_open = false;
}

static void end_section(struct renderer *r)
{
	end_subsection(r);
	if (r->folded)
		fputs("</details>\n", r->out);
	if (r->section_open)
		fputs("</section>\n", r->out);
	r->section_open = r->folded = false;
}

/* --- blocks --- */

static void html_begin(struct renderer *r, const char *title)
{
	/* Translators: the language of your texts, as HTML names it, such as zh-CN. */
	fprintf(r->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n",
		_("en"));
	fprintf(r->out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src '%s'; base-uri 'none'; form-action 'none'\"/>\n", report_css_hash);
	fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	      "<meta name=\"generator\" content=\"gpuprobe " GPUPROBE_VERSION "\"/>\n", r->out);
	html_put(r->out, "<title>gpuprobe: ", title, "</title>\n");
	fprintf(r->out, "<style>%s</style>\n</head>\n<body>\n", report_css);
}

static void html_verdict(struct renderer *r, enum case_verdict verdict, const char *title,
			 const char *place)
{
	fprintf(r->out, "<header class=\"%s\">\n", verdicts[verdict].class);
	html_put(r->out, "<p class=\"verdict\">", r->word ? r->word : _(verdicts[verdict].word),
		 "</p>\n");
	html_put(r->out, "<h1>", title, "</h1>\n");
	if (place)
		html_put(r->out, "<p class=\"place\">", place, "</p>\n");
	fputs("</header>\n<main>\n", r->out);
}

static void html_section(struct renderer *r, const char *title, enum fold fold)
{
	unsigned int id = ++r->count;

	end_section(r);
	r->section_open = true;
	r->folded = fold == FOLDED;
	fprintf(r->out, "<section aria-labelledby=\"s%u\">\n%s<h2 id=\"s%u\">", id,
		r->folded ? "<details>\n<summary>" : "", id);
	html_put(r->out, "", title, r->folded ? "</h2></summary>\n" : "</h2>\n");
}

static void html_subsection(struct renderer *r, const char *title)
{
	unsigned int id = ++r->count;

	end_subsection(r);
	r->subsection_open = true;
	fprintf(r->out, "<section aria-labelledby=\"s%u\">\n<h3 id=\"s%u\">", id, id);
	html_put(r->out, "", title, "</h3>\n");
}

static void html_paragraph(struct renderer *r, const char *text)
{
	turn_to(r, BLOCK_NONE);
	html_put(r->out, "<p>", text, "</p>\n");
}

static void html_item(struct renderer *r, const char *label, const char *text)
{
	/* What goes on with no item above is an item of its own. */
	if (!label || (!*label && r->open != BLOCK_TERMS)) {
		turn_to(r, BLOCK_LIST);
		html_put(r->out, "<li>", text, "</li>\n");
		return;
	}
	turn_to(r, BLOCK_TERMS);
	if (*label)
		html_put(r->out, "<dt>", label, "</dt>\n");
	html_put(r->out, "<dd>", text, "</dd>\n");
}

static void html_log_line(struct renderer *r, const char *stamp, const char *text, size_t times)
{
	char *count = times > 1 ? xasprintf(_("  (%zu times)"), times) : NULL;

	turn_to(r, BLOCK_LOG);
	fputs("<span class=\"line\">", r->out);
	if (stamp)
		html_put(r->out, "<span class=\"stamp\">", stamp, "</span> ");
	html_text(r->out, text);
	if (count)
		html_put(r->out, "<span class=\"times\">", count, "</span>");
	fputs("</span>", r->out);
	free(count);
}

/* On a narrow page a row becomes a list, and each cell carries its header. */
static void put_row(struct renderer *r, const struct table *table, const struct table_row *row)
{
	fputs(row->marked ? "<tr class=\"marked\">\n" : "<tr>\n", r->out);
	for (size_t i = 0; i < table->columns; i++) {
		const char *cell = i ? "td" : "th scope=\"row\"";

		fprintf(r->out, "<%s data-label=\"", cell);
		html_put(r->out, "", table->header[i], "\">");
		html_put(r->out, "", row->cells[i], i ? "</td>\n" : "</th>\n");
	}
	fputs("</tr>\n", r->out);
}

static void html_table(struct renderer *r, const struct table *table)
{
	turn_to(r, BLOCK_NONE);
	fputs("<table>\n", r->out);
	if (table->caption)
		html_put(r->out, "<caption>", table->caption, "</caption>\n");
	fputs("<thead>\n<tr>\n", r->out);
	for (size_t i = 0; i < table->columns; i++)
		html_put(r->out, "<th scope=\"col\">", table->header[i], "</th>\n");
	fputs("</tr>\n</thead>\n<tbody>\n", r->out);
	for (size_t i = 0; i < table->rows.count; i++)
		put_row(r, table, &table->rows.at[i]);
	fputs("</tbody>\n</table>\n", r->out);
}

static void html_address_map(struct renderer *r, const struct address_map *map)
{
	struct table table;

	turn_to(r, BLOCK_NONE);
	fputs("<figure>\n", r->out);
	html_draw_map(r->out, map, ++r->count);
	html_put(r->out, "<figcaption>", _("Low addresses are on top. Boxes are not to one scale: what is "
	    "larger is drawn higher, and what is empty is folded."), "</figcaption>\n</figure>\n");
	address_map_table(map, &table);
	html_put(r->out, "<details>\n<summary>", _("The same as a table"), "</summary>\n");
	html_table(r, &table);
	fputs("</details>\n", r->out);
	table_clear(&table);
}

static void html_timeline(struct renderer *r, const struct timeline *timeline)
{
	turn_to(r, BLOCK_NONE);
	html_list_moments(r->out, timeline);
}

static void html_end(struct renderer *r)
{
	end_section(r);
	fputs("</main>\n<footer>\n<p>gpuprobe " GPUPROBE_VERSION "</p>\n</footer>\n</body>\n</html>\n",
	      r->out);
}

void html_renderer(struct renderer *r, FILE *out)
{
	*r = (struct renderer){
		.begin = html_begin, .end = html_end, .verdict = html_verdict,
		.section = html_section, .subsection = html_subsection,
		.paragraph = html_paragraph, .item = html_item, .log_line = html_log_line,
		.table = html_table, .address_map = html_address_map, .timeline = html_timeline,
		.complete = true, .out = out,
	};
}
