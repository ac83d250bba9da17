// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as text: no line is wider than it may be, and nothing in it acts. */
#include "builder.h"
#include "hostile.h"
#include "lib/printable.h"
#include "render/renderer.h"

static char *text;
static size_t size;
static struct renderer r;

static void begin(unsigned int width, bool colour)
{
	text_renderer(&r, open_memstream(&text, &size), width, colour);
}

static void end(void)
{
	fclose(r.out);
}

/* No line has more columns than @width, and none ends in the middle of a character. */
static void assert_width(size_t width)
{
	char *copy = xstrdup(text), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *valid = valid_utf8(line);

		ck_assert_str_eq(valid, line);
		ck_assert_msg(columns(line) <= width, "%zu columns at width %zu: %s", columns(line),
			      width, line);
		free(valid);
	}
	free(copy);
}

#define LONG_WORD "/sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0/0000:02:00.0/0000:03:00.0/" \
	"driver_override_that_is_longer_than_any_terminal_is_wide_and_has_no_blank"
#define PROSE "The quick brown fox jumps over the lazy dog, again and again, until the line is " \
	"full; then it goes on below. "
#define UMLAUTS "\xc3\xa4\xc3\xb6\xc3\xbc\xe2\x82\xac"

#define CHINESE "\xe6\x98\xbe\xe5\x8d\xa1\xe6\xb2\xa1\xe6\x9c\x89\xe4\xb8\xad\xe6\x96\xad\xe3\x80\x82"
#define COMBINING "e\xcc\x81" "e\xcc\x81" "e\xcc\x81" "e\xcc\x81"

static void write_table(const char *cell)
{
	struct table table = { .caption = cell, .columns = 3, .header = { "field", "before", "after" } };

	table_add(&table, "Command", cell, "0006");
	table_add(&table, cell, NULL, cell);
	r.table(&r, &table);
	table_clear(&table);
}

/* Everything that a renderer can be asked for, with texts of every shape. */
static void write_all(void)
{
	static const char *const texts[] = {
		"", "short", PROSE PROSE, LONG_WORD, PROSE LONG_WORD " " LONG_WORD " end",
		UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS UMLAUTS,
		UMLAUTS " " UMLAUTS " " UMLAUTS " " UMLAUTS " " UMLAUTS " " UMLAUTS " " UMLAUTS " " PROSE,
		CHINESE CHINESE CHINESE CHINESE CHINESE CHINESE CHINESE CHINESE "MSI" CHINESE,
		COMBINING COMBINING COMBINING COMBINING COMBINING COMBINING COMBINING COMBINING,
	};

	for (int i = 0; i < COUNT(texts); i++) {
		for (int verdict = CASE_HEALTHY; verdict <= CASE_UNKNOWN; verdict++)
			r.verdict(&r, verdict, texts[i], i % 2 ? texts[i] : NULL);
		r.section(&r, texts[i], UNFOLDED);
		r.paragraph(&r, texts[i]);
		write_table(texts[i]);
		r.subsection(&r, texts[i]);
		r.item(&r, NULL, texts[i]);
		r.item(&r, "", texts[i]);
		r.item(&r, "label", texts[i]);
		r.item(&r, "Google Compute Engine", texts[i]);
		r.log_line(&r, NULL, texts[i], 1);
		r.log_line(&r, "[    2.683654]", texts[i], 3);
		r.log_line(&r, "[    2.683654]", texts[i], 123456);
	}
}

static const unsigned int widths[] = { 20, 33, 40, 41, 57, 80, 100, 120 };

START_TEST(no_line_is_too_wide)
{
	begin(widths[_i], false);
	write_all();
	end();
	assert_width(widths[_i]);
	free(text);
}
END_TEST

/* Wrapping takes blanks at the ends of lines, and nothing else. */
START_TEST(nothing_is_lost)
{
	char *words, *at;

	begin(40, false);
	r.paragraph(&r, PROSE LONG_WORD " end");
	end();
	words = xstrdup(PROSE LONG_WORD " end");
	at = words;
	for (const char *seen = text; *seen; seen++) {
		if (*seen == ' ' || *seen == '\n')
			continue;
		at += strspn(at, " ");
		ck_assert_int_eq(*at, *seen);
		at++;
	}
	ck_assert_str_eq(at, "");
	free(words);
	free(text);
}
END_TEST

/* Chinese has no blanks: a line breaks between characters, never before a full stop. */
START_TEST(wide_characters_break_anywhere)
{
	begin(20, false);
	r.paragraph(&r, CHINESE CHINESE);
	end();
	ck_assert_str_eq(text,
			 "  " CHINESE "\xe6\x98\xbe\xe5\x8d\xa1\n"
			 "  \xe6\xb2\xa1\xe6\x9c\x89\xe4\xb8\xad\xe6\x96\xad\xe3\x80\x82\n");
	free(text);
}
END_TEST

/* Side by side where there is room, else one item a row. */
START_TEST(tables_fit)
{
	struct table table = { .columns = 2, .header = { "field", "after" } };

	table_add(&table, "Interrupt Line", "0x0b");
	begin(40, false);
	r.table(&r, &table);
	end();
	ck_assert_str_eq(text, "  field           after\n  Interrupt Line  0x0b\n");
	free(text);
	begin(20, false);
	r.table(&r, &table);
	end();
	ck_assert_str_eq(text, "  - Interrupt Line;\n    after: 0x0b\n");
	free(text);
	table_clear(&table);
}
END_TEST

START_TEST(width_has_bounds)
{
	begin(1, false);
	ck_assert_uint_eq(r.width, 20);
	end();
	free(text);
	begin(400, false);
	ck_assert_uint_eq(r.width, 100);
	end();
	free(text);
}
END_TEST

START_TEST(no_escape_codes_without_colour)
{
	begin(80, false);
	write_all();
	end();
	ck_assert_ptr_null(strchr(text, '\033'));
	free(text);
}
END_TEST

/* With colour, each code that begins one ends before the next line does. */
START_TEST(colour_begins_and_ends)
{
	size_t begins = 0, ends = 0;

	begin(80, true);
	write_all();
	end();
	for (const char *at = text; (at = strstr(at, "\033[")); at++)
		*(strncmp(at, "\033[0m", 4) ? &begins : &ends) += 1;
	ck_assert_uint_gt(begins, 0);
	ck_assert_uint_eq(begins, ends);
	free(text);
}
END_TEST

#define HOSTILE "\033]0;owned\a \xe2\x80\xae \r\n\xff"

START_TEST(foreign_words_do_not_act)
{
	begin(80, false);
	r.verdict(&r, CASE_FAULT, HOSTILE, HOSTILE);
	r.section(&r, HOSTILE, UNFOLDED);
	r.paragraph(&r, HOSTILE);
	r.item(&r, HOSTILE, HOSTILE);
	r.log_line(&r, HOSTILE, HOSTILE, 1);
	end();
	ck_assert_ptr_null(strchr(text, '\033'));
	ck_assert_ptr_null(strchr(text, '\a'));
	ck_assert_ptr_null(strchr(text, '\r'));
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
	ck_assert_ptr_nonnull(strstr(text, "\\x1b]0;owned\\x07 \\u202e \\x0d\\x0a\\xff"));
	free(text);
}
END_TEST

/* In every block, at every width: nothing but characters that are seen, and line ends. */
START_TEST(no_foreign_word_acts)
{
	begin(widths[_i % COUNT(widths)], false);
	write_everything(&r, hostile[_i]);
	end();
	assert_width(widths[_i % COUNT(widths)]);
	for (const char *at = text; *at; at++)
		ck_assert(*at == '\n' || (unsigned char)*at >= ' ');
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
	free(text);
}
END_TEST

START_TEST(times_are_told)
{
	begin(80, false);
	r.log_line(&r, "[    2.683654]", "NVRM: x", 1);
	r.log_line(&r, NULL, "NVRM: y", 3);
	end();
	ck_assert_str_eq(text, "  | [    2.683654] NVRM: x\n  | NVRM: y  (3 times)\n");
	free(text);
}
END_TEST

/* Headings stand apart by one empty line, also the first. */
START_TEST(no_two_empty_lines)
{
	begin(80, false);
	r.verdict(&r, CASE_UNKNOWN, "title", "place");
	r.section(&r, "heading", UNFOLDED);
	r.item(&r, NULL, "item");
	r.section(&r, "heading", UNFOLDED);
	end();
	ck_assert_str_eq(text, "NOT CERTAIN  title\n             place\n\nheading\n  - item\n"
			 "\nheading\n");
	free(text);
}
END_TEST

/* A whole report of a fault, at every width. */
START_TEST(whole_report_fits)
{
	struct gpuprobe_case *c = case_create();
	struct report_options options = { .verbose = true };
	struct diagnosis *d;

	given_bhyve(c);
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES "[    6.0] NVRM: " LONG_WORD "\n");
	d = diagnose(c, unit_knowledge());
	begin(widths[_i], false);
	report_walk(&r, c, d, unit_knowledge(), &options);
	end();
	assert_width(widths[_i]);
	ck_assert_ptr_nonnull(strstr(text, "FAULT"));
	free(text);
	diagnosis_destroy(d);
	case_destroy(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = unit_case(suite, "text");

	tcase_add_loop_test(tcase, no_line_is_too_wide, 0, COUNT(widths));
	tcase_add_test(tcase, nothing_is_lost);
	tcase_add_test(tcase, wide_characters_break_anywhere);
	tcase_add_test(tcase, tables_fit);
	tcase_add_test(tcase, width_has_bounds);
	tcase_add_test(tcase, no_escape_codes_without_colour);
	tcase_add_test(tcase, colour_begins_and_ends);
	tcase_add_test(tcase, foreign_words_do_not_act);
	tcase_add_loop_test(tcase, no_foreign_word_acts, 0, COUNT(hostile));
	tcase_add_test(tcase, times_are_told);
	tcase_add_test(tcase, no_two_empty_lines);
	tcase_add_loop_test(tcase, whole_report_fits, 0, COUNT(widths));
	return unit_run(suite);
}
