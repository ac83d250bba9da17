// SPDX-License-Identifier: GPL-2.0-or-later
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/yamldoc.h"

static char complaint[600];
static unsigned int complaints;

static void keep(void *ctx, const char *file, size_t line, const char *text)
{
	ck_assert_ptr_eq(ctx, complaint);
	snprintf(complaint, sizeof(complaint), "%s:%zu: %s", file, line, text);
	complaints++;
}

static void forget(void)
{
	complaint[0] = '\0';
	complaints = 0;
}

static struct yamldoc *parse(const char *text)
{
	return yamldoc_parse("f.yaml", text, strlen(text), keep, complaint);
}

static void assert_refused(const char *text, const char *why)
{
	forget();
	ck_assert_ptr_null(parse(text));
	ck_assert_uint_eq(complaints, 1);
	ck_assert_msg(strstr(complaint, why), "\"%s\" is not in \"%s\"", why, complaint);
}

START_TEST(tree_is_walked)
{
	struct yamldoc *doc = parse("a: 1\nb:\n  - x\n  - {c: d}\n");
	const struct yamlnode *root, *list, *map;

	ck_assert_ptr_nonnull(doc);
	root = yamldoc_root(doc);
	ck_assert(yamlnode_is_map(root));
	ck_assert_uint_eq(yamlnode_count(root), 2);
	ck_assert_str_eq(yamlnode_text(yamlnode_key_at(doc, root, 1)), "b");
	ck_assert_ptr_null(yamlnode_key_at(doc, root, 2));
	ck_assert_ptr_null(yamlnode_at(doc, root, 2));
	ck_assert_ptr_null(yamlnode_get(doc, root, "c"));

	list = yamlnode_get(doc, root, "b");
	ck_assert(yamlnode_is_list(list));
	ck_assert_ptr_null(yamlnode_text(list));
	ck_assert_ptr_null(yamlnode_key_at(doc, list, 0));
	ck_assert_str_eq(yamlnode_text(yamlnode_at(doc, list, 0)), "x");
	map = yamlnode_at(doc, list, 1);
	ck_assert_uint_eq(yamldoc_line(map), 4);
	ck_assert_str_eq(yamlnode_text(yamlnode_get(doc, map, "c")), "d");
	ck_assert_uint_eq(yamldoc_complaints(doc), 0);
	yamldoc_destroy(doc);
}
END_TEST

START_TEST(absent_nodes_are_harmless)
{
	struct yamldoc *doc = parse("a");
	uint64_t number = 7;
	bool flag = true;

	ck_assert(!yamlnode_is_scalar(NULL));
	ck_assert_uint_eq(yamlnode_count(NULL), 0);
	ck_assert_ptr_null(yamlnode_text(NULL));
	ck_assert_ptr_null(yamlnode_at(doc, NULL, 0));
	ck_assert_ptr_null(yamlnode_get(doc, yamldoc_root(doc), "a"));
	ck_assert_uint_eq(yamldoc_line(NULL), 0);
	ck_assert(!yamlnode_u64(NULL, 9, &number) && !yamlnode_size(NULL, &number));
	ck_assert(!yamlnode_bool(NULL, &flag));
	ck_assert_uint_eq(number, 7);
	yamldoc_destroy(doc);
	yamldoc_destroy(NULL);
}
END_TEST

START_TEST(complaints_have_the_line)
{
	struct yamldoc *doc = parse("a: 1\nb: 2\n");

	forget();
	yamldoc_complain(doc, yamlnode_get(doc, yamldoc_root(doc), "b"), "b: %d is odd", 2);
	ck_assert_str_eq(complaint, "f.yaml:2: b: 2 is odd");
	yamldoc_complain(doc, NULL, "all");
	ck_assert_str_eq(complaint, "f.yaml:0: all");
	ck_assert_uint_eq(yamldoc_complaints(doc), 2);
	yamldoc_destroy(doc);
}
END_TEST

START_TEST(bad_documents_are_refused)
{
	assert_refused("", "f.yaml:0: empty");
	assert_refused("# only a comment\n", "empty");
	assert_refused("a: [1\n", "f.yaml:2: ");
	assert_refused("a: 1\n---\nb: 2\n", "f.yaml:3: a second document");
	assert_refused("a: 1\nb: 2\na: 3\n", "f.yaml:3: a: key given twice");
	assert_refused("x:\n  - {b: 1, c: 2, b: 3}\n", "f.yaml:2: b: key given twice");
	assert_refused("? [a, b]\n: 1\n", "a key must be plain text");
	assert_refused("a: \"x\\0y\"\n", "f.yaml:1: text with a NUL byte");
	assert_refused("\"x\\0y\": 1\n", "NUL");
	assert_refused("a: \xff\xfe\n", "at byte 3");
	assert_refused("a: *nobody\n", "f.yaml:1: ");
}
END_TEST

START_TEST(nobody_need_listen)
{
	ck_assert_ptr_null(yamldoc_parse("f", "", 0, NULL, NULL));
	ck_assert_ptr_null(yamldoc_load("/nonexistent", NULL, NULL));
}
END_TEST

/* A graph, not a tree: what it is walked by decides where that ends. */
START_TEST(aliases_may_loop)
{
	struct yamldoc *doc = parse("&a\nx: *a\n");
	const struct yamlnode *node;

	ck_assert_ptr_nonnull(doc);
	node = yamldoc_root(doc);
	for (int i = 0; i < 100; i++)
		node = yamlnode_get(doc, node, "x");
	ck_assert_ptr_eq(node, yamldoc_root(doc));
	yamldoc_destroy(doc);
}
END_TEST

START_TEST(many_keys_are_quick)
{
	const size_t count = 200000;
	char *text = malloc(count * 12), *at = text;
	struct yamldoc *doc;

	for (size_t i = 0; i < count; i++)
		at += sprintf(at, "k%zu: v\n", i);
	doc = parse(text);
	ck_assert_ptr_nonnull(doc);
	ck_assert_uint_eq(yamlnode_count(yamldoc_root(doc)), count);
	yamldoc_destroy(doc);
	free(text);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	uint64_t max, value;
} numbers[] = {
	{ "0", true, 9, 0 },
	{ "9", true, 9, 9 },
	{ "10", false, 9, 0 },
	{ "0x3D", true, 255, 0x3d },
	{ "18446744073709551615", true, UINT64_MAX, UINT64_MAX },
	{ "0xffffffffffffffff", true, UINT64_MAX, UINT64_MAX },
	{ "18446744073709551616", false, UINT64_MAX, 0 },
	{ "0x10000000000000000", false, UINT64_MAX, 0 },
	{ "-1", false, UINT64_MAX, 0 },
	{ "+1", false, UINT64_MAX, 0 },
	{ "010", false, 99, 0 },
	{ "0x", false, 99, 0 },
	{ "1x", false, 99, 0 },
	{ "\" 1\"", false, 99, 0 },
	{ "\"\"", false, 99, 0 },
	{ "1K", false, 9999, 0 },
	{ "[1]", false, 99, 0 },
};

START_TEST(numbers_are_read)
{
	struct yamldoc *doc = parse(numbers[_i].text);
	uint64_t value = 0;

	ck_assert_msg(yamlnode_u64(yamldoc_root(doc), numbers[_i].max, &value) == numbers[_i].good,
		      "%s", numbers[_i].text);
	ck_assert_uint_eq(value, numbers[_i].value);
	yamldoc_destroy(doc);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	uint64_t value;
} sizes[] = {
	{ "4096", true, 4096 },
	{ "0x1000", true, 4096 },
	{ "16M", true, 16ull << 20 },
	{ "32G", true, 32ull << 30 },
	{ "4K", true, 4096 },
	{ "1T", true, 1ull << 40 },
	{ "16777215T", true, 16777215ull << 40 },
	{ "16777216T", false, 0 },
	{ "1KB", false, 0 },
	{ "1k", false, 0 },
	{ "M", false, 0 },
	{ "1.5G", false, 0 },
};

START_TEST(sizes_are_read)
{
	struct yamldoc *doc = parse(sizes[_i].text);
	uint64_t value = 0;

	ck_assert_msg(yamlnode_size(yamldoc_root(doc), &value) == sizes[_i].good, "%s",
		      sizes[_i].text);
	ck_assert_uint_eq(value, sizes[_i].value);
	yamldoc_destroy(doc);
}
END_TEST

START_TEST(booleans_are_read)
{
	struct yamldoc *doc = parse("[yes, true, on, no, false, off, y, YES, 1, \"\"]");
	const struct yamlnode *list = yamldoc_root(doc);

	for (size_t i = 0; i < yamlnode_count(list); i++) {
		bool value = i >= 3;

		ck_assert_int_eq(yamlnode_bool(yamlnode_at(doc, list, i), &value), i < 6);
		ck_assert_int_eq(value, i < 3 || i >= 6);
	}
	yamldoc_destroy(doc);
}
END_TEST

static char temp[] = "/tmp/test_yamldoc.XXXXXX";

static void write_temp(size_t bytes)
{
	int fd = mkstemp(strcpy(temp, "/tmp/test_yamldoc.XXXXXX"));
	FILE *file = fdopen(fd, "w");

	ck_assert_ptr_nonnull(file);
	fputs("a: \"", file);
	for (size_t i = 5; i < bytes; i++)
		putc('x', file);
	putc('"', file);
	fclose(file);
}

START_TEST(files_are_loaded)
{
	struct yamldoc *doc;

	write_temp(200000);
	doc = yamldoc_load(temp, keep, complaint);
	unlink(temp);
	ck_assert_ptr_nonnull(doc);
	ck_assert_uint_eq(strlen(yamlnode_text(yamlnode_get(doc, yamldoc_root(doc), "a"))),
			  200000 - 5);
	yamldoc_destroy(doc);
}
END_TEST

START_TEST(files_that_cannot_be_loaded)
{
	forget();
	ck_assert_ptr_null(yamldoc_load("/nonexistent/x.yaml", keep, complaint));
	ck_assert_str_eq(complaint, "/nonexistent/x.yaml:0: No such file or directory");
	ck_assert_ptr_null(yamldoc_load("/tmp", keep, complaint));
	ck_assert_str_eq(complaint, "/tmp:0: Is a directory");
	write_temp((16 << 20) + 1);
	ck_assert_ptr_null(yamldoc_load(temp, keep, complaint));
	unlink(temp);
	ck_assert_ptr_nonnull(strstr(complaint, "File too large"));
	ck_assert_uint_eq(complaints, 3);
}
END_TEST

#define COUNT(array)	((int)(sizeof(array) / sizeof((array)[0])))

int main(void)
{
	Suite *suite = suite_create("yamldoc");
	TCase *tcase = tcase_create("yamldoc");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, tree_is_walked);
	tcase_add_test(tcase, absent_nodes_are_harmless);
	tcase_add_test(tcase, complaints_have_the_line);
	tcase_add_test(tcase, bad_documents_are_refused);
	tcase_add_test(tcase, nobody_need_listen);
	tcase_add_test(tcase, aliases_may_loop);
	tcase_add_test(tcase, many_keys_are_quick);
	tcase_add_loop_test(tcase, numbers_are_read, 0, COUNT(numbers));
	tcase_add_loop_test(tcase, sizes_are_read, 0, COUNT(sizes));
	tcase_add_test(tcase, booleans_are_read);
	tcase_add_test(tcase, files_are_loaded);
	tcase_add_test(tcase, files_that_cannot_be_loaded);
	tcase_set_timeout(tcase, 30);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
