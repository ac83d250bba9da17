/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Foreign text of the worst kinds, and a document that has it in every place. */
#ifndef TESTS_HOSTILE_H
#define TESTS_HOSTILE_H

#include "render/renderer.h"
#include "unit.h"

#define TICKS "``````````"

static const char *const hostile[] = {
	"*bold* _under_ __dunder__ ~~gone~~ `code`",
	"[link](https://example.com/) ![picture](http://example.com/x.png) [ref]: http://example.com",
	"<b>bold</b> <script>alert(1)</script> </details> </summary> <!-- comment --> ]]> <![CDATA[",
	"https://example.com www.example.com http://a ftp://b mailto:a@b.c xmpp:a@b.c a@example.com",
	"@user @org/team #123 owner/name#12 GH-123 :smile: 0123456789abcdef0123456789abcdef01234567",
	"</pre></code></svg></title></style> <style>*{display:none}</style> <img src=x onerror=alert(1)>",
	"\" onload=\"alert(1)", "' onload='alert(1)", "<svg/onload=alert(1)>", "-->", "%s%n", "<?xml ?>",
	"&lt;b&gt; &#60; &copy; $math$ $$x$$",
	"| a | b | \\| c", "a\\", "\\\\|", "`|`", "``|", "@|@", "a_b|c",
	"# heading", "## heading", "- item", "+ item", "* item", "1. item", "1) item", "> quote",
	"---", "===", "***", "~~~", "```", TICKS, "``` text", "~~~ text", "    code", "\tcode", "[ ] task",
	"[x] task", "---|---", ":--", "Setext\n===", "a\n\n# b", "a\r\nb", "a  \nb", "\n", "|", "-", "`", "\\",
	"*", "_", "#", "@", "(", "\"", "(@", "@.", "``@x``", "`@`", "<", "&", "!", "![", "<http://a>",
	"\xe2\x80\xae right to left \xe2\x81\xa6", "\033[31m red", "\xff\xfe \xc3(", "a" "\xc2\xa0" "b",
	"<details>\n<summary>x</summary>", "```\nout\n```", "--\x0b--", "\xe2\x80\xa8# heading",
};

static inline void write_figures(struct renderer *r, const char *word)
{
	char *text = (char *)word;
	struct region regions[] = {
		{ .kind = REGION_WINDOW, .placed = true, .start = 0xc0000000, .size = 0x20000000 },
		{ .kind = REGION_BAR, .placed = true, .start = 0xc2000000, .size = 0x1000000 },
		{ .kind = REGION_BAR, .start = 0xc0000000, .size = 0x80000000, .room = 0x100000 },
		{ .kind = REGION_BAR, .size = 1, .trouble = true },
	};
	struct moment moments[] = {
		{ MOMENT_MODULE, MOMENT_NOTE, true, 1, text, text, 1, text },
		{ MOMENT_LOG, MOMENT_ERROR, true, 9999999, text, text, 3, text, true },
	};
	struct address_map map = { { regions, COUNT(regions), COUNT(regions) }, 39, true };
	struct timeline timeline = { { moments, COUNT(moments), COUNT(moments) } };

	for (int i = 0; i < COUNT(regions); i++)
		regions[i].name = regions[i].note = text;
	r->section(r, word, UNFOLDED);
	r->address_map(r, &map);
	r->timeline(r, &timeline);
}

/* Every place in which a text can stand. */
static inline void write_everything(struct renderer *r, const char *word)
{
	struct table table = { .caption = word, .columns = 2, .header = { word, "value" } };

	table_add(&table, word, word);
	table_add(&table, "field", word);
	r->begin(r, word);
	r->verdict(r, CASE_FAULT, word, word);
	r->paragraph(r, word);
	r->section(r, word, FOLDED);
	r->subsection(r, word);
	r->item(r, NULL, word);
	r->item(r, word, word);
	r->item(r, "", word);
	r->log_line(r, word, word, 3);
	r->log_line(r, NULL, word, 1);
	r->section(r, word, UNFOLDED);
	r->table(r, &table);
	write_figures(r, word);
	r->end(r);
	table_clear(&table);
}

#endif
