// SPDX-License-Identifier: GPL-2.0-or-later
/* Foreign text that must not act on a terminal. */
#include "lib/printable.h"
#include "unit.h"

static const struct {
	const char *in, *out;
} texts[] = {
	{ "", "" },
	{ "plain [text] 100%", "plain [text] 100%" },
	{ "\033[31mred\033[0m", "\\x1b[31mred\\x1b[0m" },
	{ "a\rb\nc\td\be\x7f", "a\\x0db\\x0ac\\x09d\\x08e\\x7f" },
	{ "\xc2\x9b" "31m", "\\x9b31m" },			/* CSI in one character */
	{ "\xc2\xad", "\\xad" },				/* soft hyphen */
	{ "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "a\xe2\x80\xae" "b", "a\\u202eb" },			/* right-to-left override */
	{ "\xe2\x81\xa6\xe2\x81\xa9", "\\u2066\\u2069" },	/* isolates */
	{ "\xe2\x80\x8b\xef\xbb\xbf", "\\u200b\\ufeff" },	/* invisible */
	{ "\xe2\x80\xa8", "\\u2028" },				/* line separator */
	{ "\xd8\x9c", "\\u061c" },				/* Arabic letter mark */
	{ "\xf3\xa0\x80\xa1", "\\ue0021" },			/* tag */
	{ "\xff\xfe", "\\xff\\xfe" },
	{ "\x80" "a", "\\x80a" },				/* no beginning */
	{ "\xc3", "\\xc3" },					/* no end */
	{ "\xe2\x82", "\\xe2\\x82" },
	{ "\xf0\x9f\x98", "\\xf0\\x9f\\x98" },
	{ "\xe2\x82" "a", "\\xe2\\x82a" },
	{ "\xc0\xaf", "\\xc0\\xaf" },				/* overlong */
	{ "\xc1\x9b", "\\xc1\\x9b" },
	{ "\xe0\x80\x9b", "\\xe0\\x80\\x9b" },
	{ "\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },			/* surrogate */
	{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },		/* past U+10FFFF */
	{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80" },
};

START_TEST(what_acts_is_escaped)
{
	char *out = printable(texts[_i].in);

	ck_assert_str_eq(out, texts[_i].out);
	free(out);
}
END_TEST

START_TEST(valid_characters_are_kept_for_data)
{
	char *out = valid_utf8("\033[31m \xe2\x80\xae \xc3\xa9 \xff \xc0\xaf");

	ck_assert_str_eq(out, "\033[31m \xe2\x80\xae \xc3\xa9 \\xff \\xc0\\xaf");
	free(out);
}
END_TEST

START_TEST(columns_are_characters)
{
	ck_assert_uint_eq(columns(""), 0);
	ck_assert_uint_eq(columns("abc"), 3);
	ck_assert_uint_eq(columns("caf\xc3\xa9 \xe2\x82\xac"), 6);
}
END_TEST

/* Any bytes: the result is printable, and is its own printable form. */
START_TEST(any_bytes_become_harmless)
{
	uint64_t state = 7;

	for (int round = 0; round < 3000; round++) {
		char in[33] = { 0 }, *once, *twice;

		for (int i = 0; i < 32; i++)
			in[i] = unit_random(&state) % 255 + 1;
		once = printable(in);
		twice = printable(once);
		ck_assert_str_eq(once, twice);
		for (const char *at = once; *at; at++)
			ck_assert((unsigned char)*at >= 0x20 && *at != 0x7f);
		free(once);
		free(twice);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("printable");
	TCase *tcase = unit_case(suite, "printable");

	tcase_add_loop_test(tcase, what_acts_is_escaped, 0, COUNT(texts));
	tcase_add_test(tcase, valid_characters_are_kept_for_data);
	tcase_add_test(tcase, columns_are_characters);
	tcase_add_test(tcase, any_bytes_become_harmless);
	return unit_run(suite);
}
