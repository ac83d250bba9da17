// SPDX-License-Identifier: GPL-2.0-or-later
/* The line that says what takes long; tests/contract/progress.sh sees it on a terminal. */
#include "lib/progress.h"
#include "unit.h"

static const struct {
	uint64_t elapsed_ms, done, total;
	const char *line;
} lines[] = {
	{ 0,	10, 100, "" },
	{ 499,	10, 100, "" },
	{ 500,	10, 100, " 10 %  reading x" },
	{ 500,	0, 100, "  0 %  reading x" },
	{ 500,	99, 100, " 99 %  reading x" },
	{ 500,	100, 100, "100 %  reading x" },
	{ 500,	999, 100, "100 %  reading x" },		/* the file has grown */
	{ 500,	UINT64_MAX / 2, UINT64_MAX, " 50 %  reading x" },
	{ 500,	10, 0, "reading x ..." },
	{ 90000, 0, 0, "reading x ..." },
};

START_TEST(line)
{
	char text[80];

	progress_line(text, sizeof(text), "reading x", lines[_i].elapsed_ms, lines[_i].done,
		      lines[_i].total);
	ck_assert_str_eq(text, lines[_i].line);
}
END_TEST

START_TEST(long_line_is_cut)
{
	char text[PROGRESS_LINE_MAX + 1], what[200] = "";

	memset(what, 'x', sizeof(what) - 1);
	progress_line(text, sizeof(text), what, 500, 1, 2);
	ck_assert_uint_eq(strlen(text), PROGRESS_LINE_MAX);
}
END_TEST

/* Standard error of a test is no terminal. */
START_TEST(nothing_without_a_terminal)
{
	progress_end();
	progress_step("one");
	progress_file("two", 0);
	progress_end();
	progress_end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("progress");
	TCase *tcase = unit_case(suite, "progress");

	tcase_add_loop_test(tcase, line, 0, COUNT(lines));
	tcase_add_test(tcase, long_line_is_cut);
	tcase_add_test(tcase, nothing_without_a_terminal);
	return unit_run(suite);
}
