// SPDX-License-Identifier: GPL-2.0-or-later
/* What was perhaps meant by a word that is not known. */
#include "lib/nearest.h"
#include "unit.h"

static struct nearest nearest;

static void close_nearest(void)
{
	nearest_close(&nearest);
}

static void offer_all(const char *word)
{
	static const char *const names[] = {
		"NV_ERR_TIMEOUT", "NV_ERR_TIMEOUT_RETRY", "NV_ERR_GENERIC", "GSP_RPC_TIMEOUT",
		"gsp-firmware-missing", "nvrm.no-irq", "NV_ERR_TIMEOUT",
	};

	nearest_open(&nearest, word);
	for (int i = 0; i < COUNT(names); i++)
		nearest_offer(&nearest, names[i], "NV_ERR_", NULL);
}

static const struct {
	const char *word, *first;	/* NULL: there is none */
	size_t count;
} words[] = {
	{ "nv_err_timeout",	"NV_ERR_TIMEOUT",	2 },
	{ "NV_ERR_TIEMOUT",	"NV_ERR_TIMEOUT",	1 },	/* swapped */
	{ "TIMOUT",		"NV_ERR_TIMEOUT",	1 },
	{ "timeout",		"NV_ERR_TIMEOUT",	3 },
	{ "GENERICC",		"NV_ERR_GENERIC",	1 },
	{ "no  irq",		"nvrm.no-irq",		1 },
	{ "firmware gsp",	"gsp-firmware-missing",	1 },
	{ "gsp-frmware-misssing", "gsp-firmware-missing", 1 },
	{ "out",		NULL,			0 },	/* not where a part begins */
	{ "gs",			NULL,			0 },
	{ "the meaning of life", NULL,			0 },
	{ "",			NULL,			0 },
	{ " _.-",		NULL,			0 },
	{ "\033[31m\001\177",	NULL,			0 },
	{ "\xff\xfe\xc3",	NULL,			0 },
};

START_TEST(a_word_has_its_nearest)
{
	offer_all(words[_i].word);
	ck_assert_msg(nearest.count == words[_i].count, "%s: %zu", words[_i].word, nearest.count);
	ck_assert_pstr_eq(nearest.count ? nearest.at[0].name : NULL, words[_i].first);
}
END_TEST

/* More of them than are kept, the nearest last. */
START_TEST(the_nearest_are_kept)
{
	char name[32];

	nearest_open(&nearest, "vbios");
	for (size_t i = 20; i; i--) {
		snprintf(name, sizeof(name), "vbios-%0*d", (int)i, 0);
		nearest_offer(&nearest, name, "", NULL);
	}
	nearest_offer(&nearest, "vbois", "", NULL);
	ck_assert_uint_eq(nearest.count, NEAREST_MAX);
	ck_assert_str_eq(nearest.at[0].name, "vbois");
	ck_assert_str_eq(nearest.at[1].name, "vbios-0");
	ck_assert_str_eq(nearest.at[4].name, "vbios-0000");
}
END_TEST

START_TEST(one_thing_is_offered_once)
{
	nearest_open(&nearest, "redact");
	nearest_offer(&nearest, "--redact", "--", words);
	nearest_offer(&nearest, "--no-redact", "--", words);
	nearest_offer(&nearest, "--redacted", "--", NULL);
	ck_assert_uint_eq(nearest.count, 2);
}
END_TEST

/* At the limit, above it, and far above; as a word and as a name. */
START_TEST(long_words_are_like_no_other)
{
	static const size_t lengths[] = { NEAREST_LENGTH, NEAREST_LENGTH + 1, 1000000 };
	char *text = xcalloc(lengths[_i] + 1, 1);

	memset(text, 'a', lengths[_i]);
	nearest_open(&nearest, text);
	nearest_offer(&nearest, "aaa", "", NULL);
	nearest_offer(&nearest, text, "", NULL);
	ck_assert_uint_eq(nearest.count, _i == 0);
	free(text);
}
END_TEST

START_TEST(any_bytes_will_do)
{
	uint64_t state = 0x9e3779b97f4a7c15;

	for (int i = 0; i < 2000; i++) {
		char bytes[80] = { 0 };
		size_t length = unit_random(&state) % sizeof(bytes);

		for (size_t j = 0; j < length; j++)
			bytes[j] = unit_random(&state);
		offer_all(bytes);
		nearest_close(&nearest);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nearest");
	TCase *tcase = unit_case(suite, "nearest");

	tcase_add_checked_fixture(tcase, NULL, close_nearest);
	tcase_add_loop_test(tcase, a_word_has_its_nearest, 0, COUNT(words));
	tcase_add_test(tcase, the_nearest_are_kept);
	tcase_add_test(tcase, one_thing_is_offered_once);
	tcase_add_loop_test(tcase, long_words_are_like_no_other, 0, 3);
	tcase_add_test(tcase, any_bytes_will_do);
	return unit_run(suite);
}
