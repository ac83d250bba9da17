// SPDX-License-Identifier: GPL-2.0-or-later
/* The built-in messages; that each recognises its samples is the linter's to say. */
#include "builder.h"

static const struct knowledge *k;

static void setup(void)
{
	k = unit_knowledge();
}

/* A line that is kept is one that can be recognised: the two filters agree. */
START_TEST(samples_are_kept)
{
	for (size_t i = 0; i < k->messages.count; i++)
		for (size_t j = 0; j < k->messages.at[i].samples.count; j++)
			ck_assert_msg(knowledge_line_matters(k, k->messages.at[i].samples.at[j]),
				      "%s", k->messages.at[i].samples.at[j]);
	ck_assert(!knowledge_line_matters(k, "loop0: detected capacity change from 0 to 8"));
}
END_TEST

START_TEST(fields_are_taken)
{
	struct message_match match;

	ck_assert(knowledge_match(k, "NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)",
				  &match));
	ck_assert_str_eq(match.message->id, "nvrm.rminit-failed");
	ck_assert_str_eq(message_match_field(&match, "bdf"), "0000:00:06.0");
	ck_assert_str_eq(message_match_field(&match, "stage"), "0x31");
	ck_assert_str_eq(message_match_field(&match, "status"), "0xffff");
	ck_assert_ptr_null(message_match_field(&match, "colour"));
	message_match_clear(&match);
	ck_assert_ptr_null(message_match_field(&match, "bdf"));
}
END_TEST

/* A hostile line may not hold the tool up: patterns have a limit. */
START_TEST(hostile_lines_take_no_time)
{
	static char line[8192];

	for (size_t i = 0; i < k->messages.count; i++) {
		const struct message *message = &k->messages.at[i];
		size_t head = strlen(message->samples.at[0]);
		struct message_match match;

		memset(line, ':', sizeof(line) - 1);
		memcpy(line, message->samples.at[0], head);
		for (size_t at = head; at + 8 < sizeof(line); at += 8)
			memcpy(line + at, "0: (a, -", 8);
		knowledge_match(k, line, &match);
		message_match_clear(&match);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("messages");
	TCase *tcase = unit_case(suite, "messages");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, samples_are_kept);
	tcase_add_test(tcase, fields_are_taken);
	tcase_add_test(tcase, hostile_lines_take_no_time);
	return unit_run(suite);
}
