// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot as a list: what each moment is shows by shape, and how bad by colour. */
#include "render/html.h"

#include <inttypes.h>

#include "lib/i18n.h"

#define GAP_US	100000		/* a pause of this length is told */

static const char *const shapes[] = {
	[MOMENT_MODULE]		= "<path d=\"M2 2h12v12H2z\"/>",
	[MOMENT_SNAPSHOT]	= "<circle cx=\"8\" cy=\"8\" r=\"6\"/>",
	[MOMENT_ATTEMPT]	= "<path d=\"M3 1l11 7-11 7z\"/>",
	[MOMENT_LOG]		= "<circle cx=\"8\" cy=\"8\" r=\"3\"/>",
};

static const char *const level_classes[] = {
	[MOMENT_NOTE] = "note", [MOMENT_GOOD] = "good", [MOMENT_WARNING] = "warning",
	[MOMENT_ERROR] = "error",
};

static void put_gap(FILE *out, const struct moment *last, const struct moment *moment)
{
	uint64_t gap;
	char *text;

	if (!last || !last->time_known || !moment->time_known ||
	    moment->time_us < last->time_us + GAP_US)
		return;
	gap = moment->time_us - last->time_us;
	text = xasprintf(_("%" PRIu64 ".%" PRIu64 " s later"), gap / 1000000,
			 gap % 1000000 / 100000);
	html_put(out, "<li class=\"gap\">", text, "</li>\n");
	free(text);
}

static void put_moment(FILE *out, const struct moment *moment)
{
	char *count = moment->times > 1 ? xasprintf(_("  (%zu times)"), moment->times) : NULL;
	bool quoted = moment->kind == MOMENT_LOG;

	fprintf(out, "<li class=\"%s%s\">\n", level_classes[moment->level],
		moment->failing ? " failing" : "");
	fprintf(out, "<svg class=\"mark\" width=\"16\" height=\"16\" viewBox=\"0 0 16 16\" "
		"aria-hidden=\"true\">%s</svg>\n<p>", shapes[moment->kind]);
	if (moment->failing)
		html_put(out, "<strong>", _("Here it failed:"), "</strong> ");
	if (moment->stamp)
		html_put(out, "<span class=\"stamp\">", moment->stamp, "</span> ");
	html_put(out, quoted ? "<code>" : "<span class=\"look\">", moment->text,
	    quoted ? "</code>" : "</span>");
	if (count)
		html_put(out, "<span class=\"times\">", count, "</span>");
	fputs("</p>\n", out);
	if (moment->meaning)
		html_put(out, "<p class=\"meaning\">", moment->meaning, "</p>\n");
	fputs("</li>\n", out);
	free(count);
}

void html_list_moments(FILE *out, const struct timeline *timeline)
{
	const struct moment *last = NULL;

	fputs("<ol class=\"timeline\">\n", out);
	for (size_t i = 0; i < timeline->moments.count; i++) {
		put_gap(out, last, &timeline->moments.at[i]);
		put_moment(out, &timeline->moments.at[i]);
		last = &timeline->moments.at[i];
	}
	fputs("</ol>\n", out);
}
