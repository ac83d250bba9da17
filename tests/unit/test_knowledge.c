// SPDX-License-Identifier: GPL-2.0-or-later
/* The knowledge files: each name in them stands for something, and mistakes are named. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "builder.h"
#include "diagnose/condition.h"

static const struct knowledge *k;

static void setup(void)
{
	k = unit_knowledge();
}

START_TEST(all_files_are_embedded)
{
	static const char *const names[] = {
		"boards.yaml", "hypervisors.yaml", "messages-drm.yaml", "messages-modules.yaml",
		"messages-nouveau.yaml", "messages-nvidia.yaml", "messages-pci.yaml",
		"nv-status.yaml", "rminit.yaml", "rules-interrupts.yaml", "rules-start.yaml",
		"xid.yaml",
	};

	for (int i = 0; i < COUNT(names); i++) {
		bool found = false;

		for (size_t j = 0; j < embedded_file_count; j++)
			found |= !strcmp(embedded_files[j].name, names[i]);
		ck_assert_msg(found, "%s is not embedded", names[i]);
	}
	ck_assert_uint_gt(k->messages.count, 200);
	ck_assert_uint_gt(k->statuses.count, 100);
	ck_assert_uint_gt(k->stages.count, 20);
	ck_assert_uint_gt(k->xids.count, 100);
	ck_assert_uint_gt(k->rules.count, 5);
}
END_TEST

static bool fits_a_message(const char *name)
{
	for (size_t i = 0; i < k->messages.count; i++)
		if (message_fits(k->messages.at[i].id, name))
			return true;
	return false;
}

static bool has_group(const struct message *message, const char *group)
{
	return message->pattern && pcre2_substring_number_from_name(message->pattern,
								    (PCRE2_SPTR)group) > 0;
}

/* A fact, a message, or a message's field. */
static void assert_term(const struct rule *rule, const struct term *term)
{
	const char *colon = strchr(term->name, ':');
	char *id = colon ? xstrndup(term->name, colon - term->name) : xstrdup(term->name);
	const struct message *message = knowledge_message(k, id);

	if (colon)
		ck_assert_msg(message && has_group(message, colon + 1), "%s: no field %s",
			      rule->id, term->name);
	else
		ck_assert_msg(fact_exists(id) || fits_a_message(id), "%s: %s is neither fact nor message",
			      rule->id, id);
	ck_assert_msg(!fact_exists(id) || !fits_a_message(id), "%s is both", id);
	free(id);
}

static void assert_terms(const struct rule *rule, const term_list *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		assert_term(rule, &terms->at[i]);
}

START_TEST(terms_name_something)
{
	for (size_t i = 0; i < k->rules.count; i++) {
		const struct rule *rule = &k->rules.at[i];

		ck_assert_uint_gt(rule->conditions.count, 0);
		for (size_t j = 0; j < rule->conditions.count; j++) {
			const struct condition *condition = &rule->conditions.at[j];

			ck_assert_msg(condition->all.count + condition->any.count,
				      "%s: a condition that nothing must meet", rule->id);
			assert_terms(rule, &condition->all);
			assert_terms(rule, &condition->any);
			assert_terms(rule, &condition->none);
		}
	}
}
END_TEST

START_TEST(evidence_names_facts)
{
	for (size_t i = 0; i < k->rules.count; i++)
		for (size_t j = 0; j < k->rules.at[i].evidence.count; j++)
			ck_assert_msg(fact_exists(k->rules.at[i].evidence.at[j]), "%s: no fact %s",
				      k->rules.at[i].id, k->rules.at[i].evidence.at[j]);
}
END_TEST

/* Each {name} is a fact. */
static void assert_braces(const struct rule *rule, const char *text)
{
	for (const char *at = text; (at = strchr(at, '{')); at++) {
		char *name = xstrndup(at + 1, strcspn(at + 1, "}"));

		ck_assert_msg(fact_exists(name), "%s: no fact {%s}", rule->id, name);
		free(name);
	}
}

START_TEST(braces_name_facts)
{
	for (size_t i = 0; i < k->rules.count; i++) {
		assert_braces(&k->rules.at[i], k->rules.at[i].title);
		assert_braces(&k->rules.at[i], k->rules.at[i].explanation);
		assert_braces(&k->rules.at[i], k->rules.at[i].fault_because);
	}
}
END_TEST

START_TEST(explained_messages_exist)
{
	for (size_t i = 0; i < k->rules.count; i++)
		for (size_t j = 0; j < k->rules.at[i].explains.count; j++)
			ck_assert_msg(fits_a_message(k->rules.at[i].explains.at[j]), "%s: no message %s",
				      k->rules.at[i].id, k->rules.at[i].explains.at[j]);
}
END_TEST

START_TEST(fixes_are_for_known_hypervisors)
{
	for (size_t i = 0; i < k->rules.count; i++)
		for (size_t j = 0; j < k->rules.at[i].fixes.count; j++) {
			const char *id = k->rules.at[i].fixes.at[j].hypervisor;

			ck_assert_msg(!strcmp(id, "any") || knowledge_hypervisor(k, id),
				      "%s: fix for unknown %s", k->rules.at[i].id, id);
		}
	for (size_t i = 0; i < k->hypervisors.count; i++) {
		const char *like = k->hypervisors.at[i].like;

		ck_assert_msg(!like || knowledge_hypervisor(k, like), "%s: like unknown %s",
			      k->hypervisors.at[i].id, like);
	}
}
END_TEST

/* A cause without a general way out leaves users of other hypervisors alone. */
START_TEST(causes_with_fixes_have_a_general_one)
{
	for (size_t i = 0; i < k->rules.count; i++) {
		bool general = !k->rules.at[i].fixes.count;

		for (size_t j = 0; j < k->rules.at[i].fixes.count; j++)
			general |= !strcmp(k->rules.at[i].fixes.at[j].hypervisor, "any");
		ck_assert_msg(general, "%s has no fix for \"any\"", k->rules.at[i].id);
	}
}
END_TEST

START_TEST(ids_are_unique)
{
	for (size_t i = 0; i < k->rules.count; i++)
		for (size_t j = i + 1; j < k->rules.count; j++)
			ck_assert_str_ne(k->rules.at[i].id, k->rules.at[j].id);
	for (size_t i = 0; i < k->hypervisors.count; i++)
		for (size_t j = i + 1; j < k->hypervisors.count; j++)
			ck_assert_str_ne(k->hypervisors.at[i].id, k->hypervisors.at[j].id);
}
END_TEST

START_TEST(faults_are_known_words)
{
	static const char *const words[] = {
		"hypervisor", "host", "guest", "driver", "gpu", "user", "unknown", "none",
	};

	for (size_t i = 0; i < k->rules.count; i++) {
		bool known = false;

		for (int j = 0; j < COUNT(words); j++)
			known |= !strcmp(k->rules.at[i].fault, words[j]);
		ck_assert_msg(known, "%s: fault %s", k->rules.at[i].id, k->rules.at[i].fault);
	}
}
END_TEST

START_TEST(codes_depend_on_the_branch)
{
	ck_assert_str_eq(code_find(&k->stages, 0x26, 550)->name,
			 "RM_INIT_GPU_UNIVERSAL_VALIDATION_FAILED");
	ck_assert_str_eq(code_find(&k->stages, 0x26, 560)->name,
			 "RM_INIT_GPU_DMA_CONFIGURATION_FAILED");
	ck_assert_str_eq(code_find(&k->stages, 0x26, 0)->name,
			 "RM_INIT_GPU_DMA_CONFIGURATION_FAILED");
	ck_assert_str_eq(code_find(&k->statuses, 0xffff, 580)->name, "NV_ERR_GENERIC");
	ck_assert_ptr_null(code_find(&k->stages, 0xfe, 580));
	ck_assert_ptr_eq(code_find_name(&k->statuses, "NV_ERR_TIMEOUT"),
			 code_find(&k->statuses, 0x65, 0));
	ck_assert_ptr_null(code_find_name(&k->statuses, "NV_ERR_NONE_SUCH"));
}
END_TEST

/* --- files that are wrong --- */

static char complaint[500];

static void keep(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	snprintf(complaint, sizeof(complaint), "%s:%zu: %s", file, line, text);
}

#define MESSAGE "messages:\n  - id: a\n    has: x\n    level: note\n    means: m\n    samples: x\n"
#define RULE "rules:\n  - id: r\n    verdict: cause\n    place: 1\n    fault: gpu\n" \
	"    fault-because: f\n    title: t\n    explanation: e\n"

static const struct {
	const char *text;
	const char *complaint;
} mistakes[] = {
	{ "", "f.yaml:0: " },
	{ "a: [1", "f.yaml:" },
	{ "- 1\n", "f.yaml:1: the file must be a mapping" },
	{ "\nnews: []\n", "f.yaml:2: news: unknown section" },
	{ "rules: 5\n", "f.yaml:1: rules: must be a list" },
	{ "messages:\n  - 5\n", "f.yaml:2: this must be a mapping" },
	{ "messages:\n  - id: a\n", "f.yaml:2: has: missing" },
	{ MESSAGE "    colour: red\n", "f.yaml:7: colour: unknown key" },
	{ MESSAGE "    match: '(?<x'\n", "f.yaml:2: match: " },
	{ "messages:\n  - {id: a, has: x, level: bad, means: m, samples: x}\n",
	  "f.yaml:2: level: 'bad' is not" },
	{ "messages:\n  - {id: [a], has: x, level: note, means: m, samples: x}\n",
	  "f.yaml:2: id: not a text" },
	{ "xids:\n  - {code: x, name: n, text: t}\n", "f.yaml:2: code: not a number" },
	{ "xids:\n  - {code: 0x100000000, name: n, text: t}\n", "f.yaml:2: code: not a number" },
	{ "hypervisors:\n  - {id: x}\n", "f.yaml:2: name: missing" },
	{ RULE, "f.yaml:2: when: missing" },
	{ RULE "    when: x\n", "f.yaml:9: when: must be a list" },
	{ RULE "    when: [{all: [x]}]\n", "f.yaml:9: confidence: must be" },
	{ RULE "    when: [{confidence: sure}]\n", "f.yaml:9: confidence: must be" },
	{ RULE "    when: [{confidence: likely, all: [x]}]\n", "f.yaml:9: because: missing" },
	{ RULE "    when: [{confidence: certain, all: x}]\n", "f.yaml:9: all: must be a list" },
	{ RULE "    when: [{confidence: certain, all: ['x =']}]\n", "f.yaml:9: all: not a condition" },
	{ RULE "    when: [{confidence: certain, all: ['x ~ 1']}]\n", "f.yaml:9: all: not a condition" },
	{ RULE "    when: [{confidence: certain, any: ['x == 1']}]\n", "f.yaml:9: any: not a condition" },
	{ RULE "    when: [5]\n", "f.yaml:9: when: an entry must be a mapping" },
	{ RULE "    when: [{confidence: certain, some: [x]}]\n", "f.yaml:9: some: unknown key" },
	{ RULE "    when: []\n", "f.yaml:9: when: " },
	{ RULE "    when: [{confidence: certain, all: [x]}]\n    fix: text\n", "f.yaml:10: fix: must map" },
	{ RULE "    when: [{confidence: certain, all: [x]}]\n    fix: {bhyve: [a]}\n",
	  "f.yaml:10: fix: must map" },
};

START_TEST(mistakes_are_named_with_their_line)
{
	struct knowledge *own = xcalloc(1, sizeof(*own));
	const char *text = mistakes[_i].text;

	complaint[0] = '\0';
	ck_assert_msg(!knowledge_add(own, "f.yaml", text, strlen(text), keep, NULL),
		      "taken: %s", text);
	ck_assert_msg(!strncmp(complaint, mistakes[_i].complaint, strlen(mistakes[_i].complaint)),
		      "\"%s\" instead of \"%s\"", complaint, mistakes[_i].complaint);
	knowledge_destroy(own);
}
END_TEST

START_TEST(files_add_up)
{
	struct knowledge *own = xcalloc(1, sizeof(*own));
	static const char rule[] = RULE "    when: [{confidence: certain, all: [a, 'b >= 2']}]\n";

	ck_assert(knowledge_add(own, "a", MESSAGE, strlen(MESSAGE), keep, NULL));
	ck_assert(knowledge_add(own, "b", rule, strlen(rule), keep, NULL));
	ck_assert_uint_eq(own->messages.count, 1);
	ck_assert_str_eq(own->rules.at[0].conditions.at[0].all.at[1].name, "b");
	ck_assert_str_eq(own->rules.at[0].conditions.at[0].all.at[1].op, ">=");
	ck_assert_str_eq(own->rules.at[0].conditions.at[0].all.at[1].value, "2");
	knowledge_destroy(own);
	knowledge_destroy(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("knowledge");
	TCase *tcase = unit_case(suite, "knowledge");

	tcase_add_unchecked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, all_files_are_embedded);
	tcase_add_test(tcase, terms_name_something);
	tcase_add_test(tcase, evidence_names_facts);
	tcase_add_test(tcase, braces_name_facts);
	tcase_add_test(tcase, explained_messages_exist);
	tcase_add_test(tcase, fixes_are_for_known_hypervisors);
	tcase_add_test(tcase, causes_with_fixes_have_a_general_one);
	tcase_add_test(tcase, ids_are_unique);
	tcase_add_test(tcase, faults_are_known_words);
	tcase_add_test(tcase, codes_depend_on_the_branch);
	tcase_add_loop_test(tcase, mistakes_are_named_with_their_line, 0, COUNT(mistakes));
	tcase_add_test(tcase, files_add_up);
	return unit_run(suite);
}
