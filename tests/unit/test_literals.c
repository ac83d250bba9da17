// SPDX-License-Identifier: GPL-2.0-or-later
/* A search for many texts at once finds what strstr() finds, and nothing else. */
#include "lib/literals.h"
#include "unit.h"

#define TEXT_BYTES 64

static uint32_t state;

static uint32_t random_below(uint32_t limit)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % limit;
}

/* Few letters, so that texts overlap, repeat and nearly match. */
static char *random_text(size_t length)
{
	char *text = xcalloc(length + 1, 1);

	for (size_t i = 0; i < length; i++)
		text[i] = "ab :"[random_below(4)];
	return text;
}

static bool scan_finds(const struct literals *set, const char *text, size_t length, size_t wanted)
{
	struct literal_scan scan = { .set = set, .text = text, .length = length };
	size_t value;

	while (literal_scan_next(&scan, &value))
		if (value == wanted)
			return true;
	return false;
}

START_TEST(finds_what_strstr_finds)
{
	struct literals *set = literals_create();
	char *needles[20], *text;

	state = _i + 1;
	for (size_t i = 0; i < 20; i++) {
		needles[i] = random_text(LITERAL_MIN + random_below(6));
		ck_assert(literals_add(set, needles[i], i));
	}
	for (int round = 0; round < 50; round++) {
		text = random_text(random_below(TEXT_BYTES));
		for (size_t i = 0; i < 20; i++)
			ck_assert_int_eq(scan_finds(set, text, strlen(text), i),
					 strstr(text, needles[i]) != NULL);
		free(text);
	}
	for (size_t i = 0; i < 20; i++)
		free(needles[i]);
	literals_destroy(set);
}
END_TEST

START_TEST(says_where_it_found_it)
{
	struct literals *set = literals_create();
	struct literal_scan scan = { .set = set, .text = "..NVRM NVRM", .length = 11 };
	size_t value;

	literals_add(set, "NVRM", 7);
	ck_assert(literal_scan_next(&scan, &value));
	ck_assert_uint_eq(value, 7);
	ck_assert_uint_eq(scan.found, 2);
	ck_assert_uint_eq(scan.found_length, 4);
	ck_assert(literal_scan_next(&scan, &value));
	ck_assert_uint_eq(scan.found, 7);
	ck_assert(!literal_scan_next(&scan, &value));
	ck_assert(!literal_scan_next(&scan, &value));
	literals_destroy(set);
}
END_TEST

START_TEST(what_begins_before_the_skip_is_passed_over)
{
	struct literals *set = literals_create();

	literals_add(set, "NVRM", 0);
	for (size_t to = 0; to < 12; to++) {
		struct literal_scan scan = { .set = set, .text = "..NVRM NVRM", .length = 11 };
		size_t value;

		literal_scan_skip(&scan, to);
		ck_assert_int_eq(literal_scan_next(&scan, &value), to <= 7);
		if (to <= 7)
			ck_assert_uint_eq(scan.found, to <= 2 ? 2 : 7);
	}
	literals_destroy(set);
}
END_TEST

/* The length counts, not a NUL. */
START_TEST(the_end_is_the_end)
{
	struct literals *set = literals_create();

	literals_add(set, "NVRM", 0);
	ck_assert(!scan_finds(set, "NVRM", 3, 0));
	ck_assert(scan_finds(set, "\0\0NVRM", 6, 0));
	ck_assert(!scan_finds(set, "", 0, 0));
	literals_destroy(set);
}
END_TEST

START_TEST(what_cannot_be_searched_is_refused)
{
	struct literals *set = literals_create();

	ck_assert(!literals_add(set, "abc", 0));
	ck_assert(!literals_add(set, "ab\ncd", 0));
	ck_assert(!scan_finds(set, "abc ab\ncd", 9, 0));
	literals_destroy(set);
	literals_destroy(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("literals");
	TCase *tcase = unit_case(suite, "literals");

	tcase_add_loop_test(tcase, finds_what_strstr_finds, 0, 50);
	tcase_add_test(tcase, says_where_it_found_it);
	tcase_add_test(tcase, what_begins_before_the_skip_is_passed_over);
	tcase_add_test(tcase, the_end_is_the_end);
	tcase_add_test(tcase, what_cannot_be_searched_is_refused);
	return unit_run(suite);
}
