// SPDX-License-Identifier: GPL-2.0-or-later
/* The knowledge files are read, and what is not a file of that form is named with its line. */
#include "builder.h"
#include "decode/rminit.h"

static const struct knowledge *k;

static void setup(void)
{
	k = unit_knowledge();
}

START_TEST(all_files_are_embedded)
{
	static const char *const names[] = {
		"boards.yaml", "gates.yaml", "hypervisors.yaml", "messages-drm.yaml", "messages-modules.yaml",
		"messages-nouveau.yaml", "messages-nvidia-firmware.yaml", "messages-nvidia-load.yaml",
		"messages-nvidia-start.yaml", "messages-nvidia.yaml", "messages-pci.yaml",
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

static const struct {
	uint32_t stage, line;
	unsigned int branch;
	enum answer open;
	const char *says;
} source_lines[] = {
	{ 0x26, 1071, 0, NOT_KNOWN, "line 1071 is where the open module 550.163.01" },
	{ 0x62, 2168, 595, YES, "595.45.04 sets this stage (place 2 of 3)" },
	{ 0x62, 1793, 550, YES, "line 1793 is where the open module 550.163.01" },	/* one further */
	{ 0x11, 2134, 570, YES, "line 2134 is in no release" },		/* that of 580 */
	{ 0x11, 2134, 580, NO, "line 2134 is of the proprietary module's" },
	{ 0x31, 2767, 0, NOT_KNOWN, "line 2767 is of the proprietary module's" },
	{ 0x24, 7, 0, NOT_KNOWN, "line 7 is in no release" },
};

START_TEST(source_lines_name_a_release)
{
	char *text = rminit_line_text(k, source_lines[_i].stage, source_lines[_i].line,
				      source_lines[_i].branch, source_lines[_i].open);

	ck_assert_msg(strstr(text, source_lines[_i].says), "%s", text);
	free(text);
}
END_TEST

/* --- files that are wrong --- */

static char complaint[500];

static void keep(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	snprintf(complaint, sizeof(complaint), "%s:%zu: %s", file, line, text);
}

#define MESSAGE "messages:\n  - id: a\n    has: some words\n    level: note\n    means: m\n    samples: x\n"
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
	{ "lines:\n  - {version: '1', flavour: open, stages: {0x10: 5}}\n", "f.yaml:2: stages: must map" },
	{ "lines:\n  - {version: '1', flavour: open, stages: {x: [5]}}\n", "f.yaml:2: stages: must map" },
	{ "lines:\n  - {version: '1', flavour: open, stages: {0x10: [x]}}\n", "f.yaml:2: stages: not a line" },
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
	tcase_add_test(tcase, codes_depend_on_the_branch);
	tcase_add_loop_test(tcase, source_lines_name_a_release, 0, COUNT(source_lines));
	tcase_add_loop_test(tcase, mistakes_are_named_with_their_line, 0, COUNT(mistakes));
	tcase_add_test(tcase, files_add_up);
	return unit_run(suite);
}
