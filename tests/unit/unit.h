/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test needs: the end of main(), and knowledge that is loaded once. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knowledge/knowledge.h"

#define COUNT(array)	((int)(sizeof(array) / sizeof((array)[0])))

/* The exit status of a test program. */
static inline int unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static inline TCase *unit_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 30);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static inline void unit_complain(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s:%zu: %s\n", file, line, text);
}

/* The built-in knowledge; kept for the life of the process. */
static inline const struct knowledge *unit_knowledge(void)
{
	static struct knowledge *knowledge;

	if (!knowledge)
		knowledge = knowledge_load(unit_complain, NULL);
	ck_assert_ptr_nonnull(knowledge);
	return knowledge;
}

/* Reproducible "random" numbers (xorshift64). */
static inline uint64_t unit_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A new folder, to be left to unit_remove(). */
static inline char *unit_folder(void)
{
	char *path = xstrdup("/tmp/gpuprobe-unit-XXXXXX");

	ck_assert_ptr_nonnull(mkdtemp(path));
	return path;
}

static inline void unit_remove(char *path)
{
	char *command = xasprintf("rm -rf '%s'", path);

	ck_assert_int_eq(system(command), 0);
	free(command);
	free(path);
}

static inline void unit_write(const char *path, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

#endif
