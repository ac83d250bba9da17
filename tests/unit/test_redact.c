// SPDX-License-Identifier: GPL-2.0-or-later
/* Redaction: what tells who and where goes, what a diagnosis rests on stays. */
#include <linux/pci_regs.h>

#include "builder.h"
#include "case/case_json.h"
#include "diagnose/diagnose.h"
#include "redact/redact.h"

static struct gpuprobe_case *c;

static void setup(void)
{
	c = case_create();
}

static void teardown(void)
{
	case_destroy(c);
}

/* What becomes of a text on the command line of a machine without a name. */
static char *alone(const char *text)
{
	struct gpuprobe_case *one = case_create();
	char *result;

	one->machine.command_line = xstrdup(text);
	redact_case(one, unit_knowledge());
	result = xstrdup(one->machine.command_line);
	case_destroy(one);
	return result;
}

static void assert_becomes(const char *text, const char *expected)
{
	char *once = alone(text), *twice = alone(once);

	ck_assert_str_eq(once, expected);
	ck_assert_str_eq(twice, once);
	free(once);
	free(twice);
}

/* The same for the machine of the test, which may have names. */
static void assert_here(const char *text, const char *expected)
{
	free(c->machine.command_line);
	c->machine.command_line = xstrdup(text);
	redact_case(c, unit_knowledge());
	ck_assert_str_eq(c->machine.command_line, expected);
}

START_TEST(patterns_do_what_their_samples_say)
{
	const struct knowledge *k = unit_knowledge();

	ck_assert_uint_gt(k->redaction.count, 20);
	for (size_t i = 0; i < k->redaction.count; i++) {
		const struct redaction_pattern *pattern = &k->redaction.at[i];

		for (size_t j = 0; j < pattern->samples.count; j++) {
			char *sample = xstrdup(pattern->samples.at[j]);
			char *arrow = strstr(sample, " => ");

			ck_assert_msg(arrow, "no \" => \" in: %s", sample);
			*arrow = '\0';
			assert_becomes(sample, arrow + 4);
			free(sample);
		}
		for (size_t j = 0; j < pattern->counter.count; j++)
			assert_becomes(pattern->counter.at[j], pattern->counter.at[j]);
	}
}
END_TEST

/* A field is as it was, or a pseudonym is in it. */
static void assert_same_field(const char *before, const char *after)
{
	enum pseudonym_kind kind;
	unsigned int number;

	for (const char *at = after; *at; at++)
		if (pseudonym_parse(at, &kind, &number))
			return;
	ck_assert_str_eq(before, after);
}

/* With that, no diagnosis can change: lines are read by their messages. */
START_TEST(messages_stay_what_they_are)
{
	const struct knowledge *k = unit_knowledge();

	for (size_t i = 0; i < k->messages.count; i++)
		for (size_t j = 0; j < k->messages.at[i].samples.count; j++) {
			char *line = alone(k->messages.at[i].samples.at[j]);
			struct message_match before, after;

			ck_assert(knowledge_match(k, k->messages.at[i].samples.at[j], &before));
			ck_assert_msg(knowledge_match(k, line, &after) && before.message == after.message,
				      "not the same message any more: %s", line);
			ck_assert_uint_eq(before.count, after.count);
			for (size_t f = 0; f < after.count; f++)
				assert_same_field(before.fields[f].text, after.fields[f].text);
			message_match_clear(&before);
			message_match_clear(&after);
			free(line);
		}
}
END_TEST

START_TEST(one_value_has_one_pseudonym)
{
	given_log(c, "[ 1.0] nvidia: 10.0.0.7 and 10.0.0.8 of /home/ann\n"
		     "[ 2.0] nvidia: 10.0.0.8 by ann, 5A7C3B1E-0f12-4d3c-9a8b-123456789abc\n"
		     "[ 3.0] nvidia: 5a7c3b1e-0f12-4d3c-9a8b-123456789abc\n");
	redact_case(c, unit_knowledge());
	ck_assert_str_eq(c->log.at[0].text, "nvidia: ip-1 and ip-2 of /home/user-1");
	ck_assert_str_eq(c->log.at[1].text, "nvidia: ip-2 by user-1, uuid-1");
	ck_assert_str_eq(c->log.at[2].text, "nvidia: uuid-1");
	ck_assert_uint_eq(c->redacted[PSEUDONYM_IP], 2);
	ck_assert_uint_eq(c->redacted[PSEUDONYM_USER], 1);
	ck_assert_uint_eq(c->redacted[PSEUDONYM_UUID], 1);
	ck_assert_uint_eq(c->redacted[PSEUDONYM_MAC], 0);
	ck_assert(c->is_redacted);
}
END_TEST

START_TEST(names_of_the_machine_are_found_anywhere)
{
	case_add_name(c, PSEUDONYM_HOST, "gpu-box");
	case_add_name(c, PSEUDONYM_HOST, "gpu-box.example.org");
	case_add_name(c, PSEUDONYM_USER, "Ann Author");
	case_add_name(c, PSEUDONYM_SERIAL, "VM-0042");
	assert_here("x=gpu-box, GPU-BOX.example.org; gpu--box--vg-root Ann Author's vm-0042",
		    "x=host-2, host-1; host-2--vg-root user-1's serial-1");
}
END_TEST

/* Each shape in which a log has the name of its machine before the messages. */
START_TEST(the_host_of_a_log_is_a_name)
{
	static const char *const prefixes[] = {
		"Sep  9 02:26:33 annsbox kernel: [    1.000000] ",
		"Sep 09 02:26:33 annsbox kernel: ",
		"2025-09-09T02:26:33.123456+02:00 annsbox kernel: ",
		"<4>1 2025-09-09T02:26:33.123456+02:00 annsbox kernel - - - ",
	};

	for (int i = 0; i < COUNT(prefixes); i++) {
		struct gpuprobe_case *one = case_create();
		char *text = xasprintf("%snvidia: hello annsbox\n", prefixes[i]);

		given_log(one, text);
		redact_case(one, unit_knowledge());
		ck_assert_uint_eq(one->log.count, 1);
		ck_assert_str_eq(one->log.at[0].text, "nvidia: hello host-1");
		free(text);
		case_destroy(one);
	}
}
END_TEST

START_TEST(a_part_of_a_word_is_no_name)
{
	case_add_name(c, PSEUDONYM_HOST, "ann");
	assert_here("banner channel ann_x anna ann", "banner channel ann_x anna host-1");
}
END_TEST

/* What would change the meaning of a log, or tells nothing. */
START_TEST(names_that_are_words_of_a_log_stay)
{
	static const char *const names[] = {
		"nvidia", "probe", "ubuntu", "pve", "10de", "0x31", "1234", "vm", "Tesla", "580",
	};

	c->machine.kernel_release = xstrdup("6.8.12-1-pve");
	given_gpu(c)->name = xstrdup("GP104GL [Tesla P4]");
	for (int i = 0; i < COUNT(names); i++)
		case_add_name(c, PSEUDONYM_HOST, names[i]);
	assert_here("nvidia: probe of ubuntu pve 10de 0x31 1234 vm Tesla 580",
		    "nvidia: probe of ubuntu pve 10de 0x31 1234 vm Tesla 580");
	assert_here("systemd.hostname=pve user=nvidia", "systemd.hostname=host-1 user=host-2");
}
END_TEST

START_TEST(kept_texts_do_not_change)
{
	c->machine.kernel_release = xstrdup("6.8.0-10.0.0.7-ann");
	c->machine.dmi_product = xstrdup("10.0.0.7");
	c->machine.dmi_bios_version = xstrdup("1.2.3.4");
	redact_case(c, unit_knowledge());
	ck_assert_str_eq(c->machine.kernel_release, "6.8.0-10.0.0.7-ann");
	ck_assert_str_eq(c->machine.dmi_product, "10.0.0.7");
	ck_assert_str_eq(c->machine.dmi_bios_version, "1.2.3.4");
}
END_TEST

/* Lines that were redacted before keep their pseudonyms, and new values get others. */
START_TEST(numbers_that_are_taken_are_not_given_again)
{
	given_log(c, "[ 1.0] nvidia: ip-7 and host-3\n[ 2.0] nvidia: 10.0.0.7\n");
	case_add_name(c, PSEUDONYM_HOST, "annsbox");
	assert_here("annsbox ip-0 ip-1x ip-9999999", "host-4 ip-0 ip-1x ip-9999999");
	ck_assert_str_eq(c->log.at[0].text, "nvidia: ip-7 and host-3");
	ck_assert_str_eq(c->log.at[1].text, "nvidia: ip-8");
}
END_TEST

START_TEST(a_redacted_case_stays_as_it_is)
{
	struct json_object *first, *second;

	given_bhyve(c);
	given_p4(c, 0, 0);
	given_log(c, "[ 1.0] nvidia: 10.0.0.7 ann@box.org /home/ann\n");
	c->machine.command_line = xstrdup("root=UUID=5a7c3b1e-0f12-4d3c-9a8b-123456789abc password=x");
	redact_case(c, unit_knowledge());
	first = case_to_json(c);
	redact_case(c, unit_knowledge());
	second = case_to_json(c);
	ck_assert_int_eq(json_object_equal(first, second), 1);
	json_object_put(first);
	json_object_put(second);
}
END_TEST

/* What differs between two cases must differ afterwards, and nothing else. */
START_TEST(cases_that_are_compared_share_their_pseudonyms)
{
	struct gpuprobe_case *other = case_create();

	c->machine.command_line = xstrdup("a=10.0.0.1 b=10.0.0.2");
	other->machine.command_line = xstrdup("a=10.0.0.3 b=10.0.0.2 c=annsbox");
	case_add_name(c, PSEUDONYM_HOST, "annsbox");
	redact_cases((struct gpuprobe_case *[]){ c, other }, 2, unit_knowledge());
	ck_assert_str_eq(c->machine.command_line, "a=ip-1 b=ip-2");
	ck_assert_str_eq(other->machine.command_line, "a=ip-3 b=ip-2 c=host-1");
	ck_assert(other->is_redacted);
	case_destroy(other);
}
END_TEST

START_TEST(names_are_never_written)
{
	struct json_object *json;

	case_add_name(c, PSEUDONYM_HOST, "annsbox");
	json = case_to_json(c);
	ck_assert_ptr_null(strstr(json_object_to_json_string(json), "annsbox"));
	json_object_put(json);
}
END_TEST

START_TEST(the_device_serial_number_goes)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);
	static const uint8_t chain[] = {
		/* 0x100: virtual channel, next 0x140; 0x140: serial number, end */
		0x02, 0x00, 0x01, 0x14,
	}, serial[] = {
		PCI_EXT_CAP_ID_DSN, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
	};

	memcpy(snapshot->config + 0x100, chain, sizeof(chain));
	memcpy(snapshot->config + 0x140, serial, sizeof(serial));
	redact_case(c, unit_knowledge());
	for (size_t i = 4; i < 12; i++)
		ck_assert_uint_eq(snapshot->config[0x140 + i], 0);
	ck_assert_uint_eq(snapshot->config[0x140], PCI_EXT_CAP_ID_DSN);
	ck_assert_uint_eq(snapshot->config[0x14c], 9);
	ck_assert_uint_eq(snapshot->config[0x103], 0x14);
}
END_TEST

/* A list that loops, and a serial number that does not fit. */
START_TEST(a_damaged_capability_list_ends)
{
	uint8_t *config = given_p4(c, 1, 11)->config;

	memcpy(config + 0x100, (uint8_t[]){ 0x02, 0, 0x01, 0x10 }, 4);
	redact_case(c, unit_knowledge());
	memcpy(config + 0x100, (uint8_t[]){ 0x02, 0, 0xc1, 0xff }, 4);
	memcpy(config + 0xffc, (uint8_t[]){ PCI_EXT_CAP_ID_DSN, 0, 1, 0 }, 4);
	redact_case(c, unit_knowledge());
	ck_assert_uint_eq(config[0xffc], PCI_EXT_CAP_ID_DSN);
}
END_TEST

/* Reproducible text of all that patterns look for. */
static char *random_text(uint64_t *state)
{
	static const char *const pieces[] = {
		"10.0.0.1", "::", ":", "fe80", "user=", "root=", "/home/", "UUID=", "\xff", "@",
		"52:54:00:12:34:56", " ", "\"", "password=", "host-1", "-", "ann", "annsbox", "/",
		"5a7c3b1e-0f12-4d3c-9a8b-123456789abc", "ip=", "http://", ".", "=", "ssid ", "\\",
	};
	char *text = xstrdup(""), *longer;

	for (size_t n = unit_random(state) % 24; n; n--) {
		longer = xasprintf("%s%s", text, pieces[unit_random(state) % COUNT(pieces)]);
		free(text);
		text = longer;
	}
	return text;
}

/* Whatever a text is, redacting it ends, and redacting it again changes nothing. */
START_TEST(random_texts_settle)
{
	uint64_t state = 42;

	for (size_t i = 0; i < 500; i++) {
		char *text = random_text(&state), *once = alone(text), *twice = alone(once);

		ck_assert_msg(!strcmp(once, twice), "\"%s\" became \"%s\", then \"%s\"", text, once,
			      twice);
		ck_assert_ptr_null(strstr(once, "5a7c3b1e-0f12-4d3c-9a8b-123456789abc "));
		free(text);
		free(once);
		free(twice);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("redact");
	TCase *tcase = unit_case(suite, "redact");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, patterns_do_what_their_samples_say);
	tcase_add_test(tcase, messages_stay_what_they_are);
	tcase_add_test(tcase, one_value_has_one_pseudonym);
	tcase_add_test(tcase, names_of_the_machine_are_found_anywhere);
	tcase_add_test(tcase, the_host_of_a_log_is_a_name);
	tcase_add_test(tcase, a_part_of_a_word_is_no_name);
	tcase_add_test(tcase, names_that_are_words_of_a_log_stay);
	tcase_add_test(tcase, kept_texts_do_not_change);
	tcase_add_test(tcase, numbers_that_are_taken_are_not_given_again);
	tcase_add_test(tcase, a_redacted_case_stays_as_it_is);
	tcase_add_test(tcase, cases_that_are_compared_share_their_pseudonyms);
	tcase_add_test(tcase, names_are_never_written);
	tcase_add_test(tcase, the_device_serial_number_goes);
	tcase_add_test(tcase, a_damaged_capability_list_ends);
	tcase_add_test(tcase, random_texts_settle);
	return unit_run(suite);
}
