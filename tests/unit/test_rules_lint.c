// SPDX-License-Identifier: GPL-2.0-or-later
/* The linter: the built-in set passes, and each kind of mistake is named with file and line. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lint/lint.h"
#include "lint/site.h"
#include "unit.h"

static struct knowledge *own;
static char complaints[4000];

static void setup(void)
{
	own = knowledge_load(unit_complain, NULL);
	ck_assert_ptr_nonnull(own);
	complaints[0] = '\0';
}

static void teardown(void)
{
	knowledge_destroy(own);
}

static void keep(void *ctx, const char *file, size_t line, const char *text)
{
	size_t used = strlen(complaints);

	(void)ctx;
	snprintf(complaints + used, sizeof(complaints) - used, "%s:%zu: %s\n", file, line, text);
}

START_TEST(built_in_names_are_good)
{
	ck_assert_msg(!lint_names(own, &(struct knowledge_mark){ 0 }, keep, NULL), "%s", complaints);
}
END_TEST

START_TEST(built_in_samples_prove_their_rules)
{
	ck_assert_msg(!lint_samples(own, &(struct knowledge_mark){ 0 }, keep, NULL), "%s",
		      complaints);
	ck_assert_uint_gt(own->messages.count, 300);
	ck_assert_uint_gt(own->rules.count, 80);
}
END_TEST

/* --- advice --- */

/* What circulates and does not help, or harms. A fix may name it only to take it away. */
static const char *const superstitions[] = {
	"nomsi", "EnableMSI=0", "irqpoll", "noirq", "noacpi", "routeirq", "biosirq", "kvm=off",
	"hidden", "vendor_id", "OpenRmEnableUnsupportedGpus", "nomodeset", "EnablePCIeGen3",
	"PreserveVideoMemoryAllocations", "pci=nocrs", "x-no-geforce-quirks", "cpuid.v0",
	"IgnoreMMIOCheck", "Plug & Play",
};

static bool takes_away(const char *sentence, size_t length)
{
	static const char *const words[] = {
		"no ", "not ", "emove", "ake ", "without", "out of",
	};
	char *text = xstrndup(sentence, length);
	bool found = false;

	for (int i = 0; i < COUNT(words); i++)
		found |= strstr(text, words[i]) != NULL;
	free(text);
	return found;
}

/* Each sentence of @text that has @word takes it away. */
static bool advises(const char *text, const char *word)
{
	const char *start = text;

	for (const char *at = text; (at = strstr(at, word)); at++) {
		const char *end;

		for (const char *dot = start; (dot = strstr(dot, ". ")) && dot < at; dot += 2)
			start = dot + 2;
		end = strstr(at, ". ");
		if (!takes_away(start, end ? (size_t)(end - start) : strlen(start)))
			return true;
	}
	return false;
}

START_TEST(advice_is_seen_as_such)
{
	ck_assert(advises("Boot with pci=nomsi.", "nomsi"));
	ck_assert(advises("Remove it. Then boot with pci=nomsi.", "nomsi"));
	ck_assert(!advises("Remove pci=nomsi. Then boot.", "nomsi"));
	ck_assert(!advises("Boot.", "nomsi"));
}
END_TEST

START_TEST(no_superstition_is_advice)
{
	size_t fixes = 0;

	for (size_t i = 0; i < own->rules.count; i++) {
		const struct rule *rule = &own->rules.at[i];

		for (size_t j = 0; j < rule->fixes.count; j++, fixes++)
			for (int k = 0; k < COUNT(superstitions); k++)
				ck_assert_msg(!advises(rule->fixes.at[j].text, superstitions[k]),
					      "%s advises %s for %s", rule->id, superstitions[k],
					      rule->fixes.at[j].hypervisor);
	}
	ck_assert_uint_gt(fixes, 100);
}
END_TEST

/* Every cause has a way out, or says that there is none. */
START_TEST(every_cause_has_a_fix)
{
	for (size_t i = 0; i < own->rules.count; i++)
		ck_assert_msg(own->rules.at[i].verdict != VERDICT_CAUSE ||
			      own->rules.at[i].fixes.count, "%s has no fix", own->rules.at[i].id);
}
END_TEST

/* A rule that is right but for one thing: @when and @rest take the place of what they name. */
#define RULE_WITH(id, when, rest) \
	"rules:\n" \
	"  - id: " id "\n" \
	"    verdict: cause\n    place: 1\n    fault: host\n    fault-because: f\n" \
	"    title: t\n    explanation: e\n" \
	"    when: [{confidence: certain, " when "}]\n" \
	rest
#define SAMPLES "    samples: ['NVRM: BAR1 is 0M @ 0x0 (PCI:0000:00:06.0)']\n"
#define HOLDS "all: [nvrm.bar-values]"
#define MESSAGE(id, match, sample) \
	"messages:\n" \
	"  - id: " id "\n    has: 'our switch'\n    match: '" match "'\n    level: error\n" \
	"    means: m\n    samples: ['" sample "']\n"
#define OURS MESSAGE("site.switch", "our switch (?<port>\\d+) failed", "our switch 7 failed")

static const struct {
	const char *text;
	const char *complaint;		/* how the first one begins */
} mistakes[] = {
	/* names */
	{ RULE_WITH("r", "all: [nvrm.bar-valuse]", SAMPLES), "f:9: nvrm.bar-valuse is neither" },
	{ RULE_WITH("r", HOLDS ", none: [intpinn]", SAMPLES), "f:9: intpinn is neither" },
	{ RULE_WITH("r", "all: ['nvrm.bar-values = 1']", SAMPLES), "f:9: nvrm.bar-values: a message has no value" },
	{ RULE_WITH("r", "all: ['nvrm.bar-values:colour = 1']", SAMPLES), "f:9: nvrm.bar-values:colour: nvrm.bar-values has no field colour" },
	{ RULE_WITH("r", "all: ['nvrm.bar-valuse:bar = 1']", SAMPLES), "f:9: nvrm.bar-valuse:bar: nvrm.bar-valuse is no message" },
	{ RULE_WITH("r", HOLDS ", none: [hypervisor = hyperw]", SAMPLES), "f:9: hypervisor: hyperw is unknown" },
	{ RULE_WITH("r", HOLDS ", none: [architecture = hoper]", SAMPLES), "f:9: architecture: hoper is unknown" },
	{ RULE_WITH("r", HOLDS ", none: [start.error = nvrm.x]", SAMPLES), "f:9: start.error: nvrm.x is unknown" },
	{ RULE_WITH("r", "none: [intpin]", SAMPLES), "f:9: when: nothing must hold" },
	{ RULE_WITH("r", "any: [nvrm.chipset-setup-failed]", SAMPLES), "f:9: nvrm.chipset-setup-failed is inferred: what rests on it cannot be certain" },
	{ RULE_WITH("r", "all: ['pci.acpi-power-failed:code = AE_TIME']", SAMPLES), "f:9: pci.acpi-power-failed is inferred" },
	{ RULE_WITH("r", HOLDS, "    evidence: [intpinn]\n" SAMPLES), "f:10: evidence: intpinn is no fact" },
	{ RULE_WITH("r", HOLDS, "    explains: [nvrm.x]\n" SAMPLES), "f:10: explains: nvrm.x is neither" },
	{ RULE_WITH("r", HOLDS, "    explains:\n      - nvrm.no-irq\n      - nobody\n" SAMPLES), "f:12: explains: nobody is neither" },
	{ RULE_WITH("r", HOLDS, "    fix: {any: a, bhive: b}\n" SAMPLES), "f:10: fix: bhive is no hypervisor" },
	{ RULE_WITH("r", HOLDS, "    fix: {bhyve: b}\n" SAMPLES), "f:2: fix: none for \"any\"" },
	{ RULE_WITH("r", HOLDS, "    samples: [{facts: {intpinn: 1}}]\n"), "f:10: facts: intpinn is no fact" },
	{ RULE_WITH("r.x", HOLDS, SAMPLES), "f:2: id: r.x: a rule's id has no" },
	{ MESSAGE("switch", "x", "x"), "f:2: id: switch: a message's id has a" },
	{ "fixes:\n  - {rule: nobody, fix: {any: a}}\n", "f:2: rule: there is no rule nobody" },
	{ "fixes:\n  - {rule: rminit-failed, fix: {bhive: a}}\n", "f:2: fix: bhive is no hypervisor" },
	{ "hypervisors:\n  - {id: h, name: H, like: nobody}\n", "f:2: like: nobody is no hypervisor" },
	{ "hypervisors:\n  - {id: h, name: H, like: i}\n  - {id: i, name: I, like: h}\n", "f:2: like: h leads back" },

	/* ids that are there twice */
	{ RULE_WITH("rminit-failed", HOLDS, SAMPLES), "f:2: id: rminit-failed is there already, at rules-start.yaml:" },
	{ MESSAGE("nvrm.xid", "x", "x"), "f:2: id: nvrm.xid is there already, at messages-nvidia-load.yaml:" },
	{ "hypervisors:\n  - {id: bhyve, name: b}\n", "f:2: id: bhyve is there already, at hypervisors.yaml:" },

	/* circles, and consequences of nothing */
	{ RULE_WITH("r", HOLDS, "    explains: [r]\n" SAMPLES), "f:10: explains: r leads back to r" },
	{ RULE_WITH("r", HOLDS, "    explains: [s]\n" SAMPLES)
	  "  - {id: s, verdict: cause, place: 1, fault: host, fault-because: f, title: t, explanation: e,\n"
	  "     when: [{confidence: certain, all: [gone]}], explains: [r]}\n", "f:13: explains: r leads back to s" },
	{ "rules:\n  - {id: r, verdict: consequence, place: 1, fault: none, fault-because: f, title: t,\n"
	  "     explanation: e, when: [{confidence: certain, all: [gone]}], samples: [{facts: {gone: yes}}]}\n",
	  "f:2: verdict: r is a consequence" },

	/* words, keys, patterns */
	{ "rules:\n  - {id: r, verdict: cuase, place: 1, fault: host, fault-because: f, title: t, explanation: e, when: [{confidence: certain, all: [gone]}]}\n",
	  "f:2: verdict: 'cuase' is unknown" },
	{ "rules:\n  - {id: r, verdict: cause, place: 1, fault: hots, fault-because: f, title: t, explanation: e, when: [{confidence: certain, all: [gone]}]}\n",
	  "f:2: fault: 'hots' is unknown" },
	{ "messages:\n  - {id: a.b, has: xxxx, level: eror, means: m, samples: xxxx}\n", "f:2: level: 'eror' is not" },
	{ "messages:\n  - {id: a.b, has: xxxx, match: '(x', level: note, means: m, samples: xxxx}\n", "f:2: match: missing closing" },
	{ RULE_WITH("r", HOLDS, "    sample: [x]\n"), "f:10: sample: unknown key" },
	{ RULE_WITH("r", HOLDS, "    samples: [{lgo: x}]\n"), "f:10: lgo: unknown key" },
	{ RULE_WITH("r", HOLDS, "    samples: [{}]\n"), "f:10: samples: an entry needs" },
	{ RULE_WITH("r", HOLDS, "    samples: x\n"), "f:10: samples: must be a list" },
	{ RULE_WITH("r", HOLDS, "    samples: [{facts: x}]\n"), "f:10: facts: must map" },
	{ RULE_WITH("r", HOLDS, "    samples: [{facts: {gone: [x]}}]\n"), "f:10: facts: must map" },
	{ "fixes:\n  - {rule: rminit-failed}\n", "f:2: fix: missing" },
	{ "messages:\n  - {id: a.b, has: xxxx, level: note, means: m, samples: xxxx, mark: maybe}\n", "f:2: mark: 'maybe' is not" },

	/* samples */
	{ RULE_WITH("r", HOLDS, ""), "f:2: samples: r has none" },
	{ RULE_WITH("r", HOLDS, "    samples: ['NVRM: loading NVIDIA UNIX']\n"), "f:10: samples: r does not hold under this in the shape of dmesg -t; first is nothing" },
	{ RULE_WITH("r", HOLDS, "    samples:\n      - 'NVRM: BAR1 is 0M @ 0x0 (PCI:0000:00:06.0)'\n      - x\n"), "f:12: samples: r does not hold" },
	{ RULE_WITH("r", HOLDS, SAMPLES "    counter: ['NVRM: BAR3 is 0M @ 0x0 (PCI:0000:00:06.0)']\n"), "f:11: counter: r holds under this" },
	{ RULE_WITH("r", "all: [lost.after]", "    samples: ['NVRM: Xid (PCI:0000:01:00): 79, x']\n"), "f:10: samples: r does not hold under this in the shape of dmesg -t; first is fallen-off-bus" },
	{ MESSAGE("site.switch", "switch (?<port>\\d+) failed", "our switch x failed"), "f:7: samples: site.switch does not recognise" },
	{ MESSAGE("site.switch", ".", "NVRM: BAR1 is 0M @ 0x0 (PCI:0000:00:06.0)"), "f:7: samples: this is taken for nvrm.bar-values" },
	{ "messages:\n  - {id: a.b, has: xxxx, level: note, means: m, samples: xxxx, counter: [axxxx]}\n", "f:2: counter: a.b recognises" },
	{ "messages:\n  - {id: a.b, has: xxxx, level: note, means: m, samples: []}\n", "f:2: samples: a.b has none" },
};

/* As "gpuprobe rules lint FILE" does: what the loader says, else names, else samples. */
START_TEST(mistakes_are_named_with_their_line)
{
	struct knowledge_mark mark = knowledge_mark(own);
	const char *text = mistakes[_i].text, *wanted = mistakes[_i].complaint;

	if (knowledge_add(own, "f", text, strlen(text), keep, NULL) &&
	    !lint_names(own, &mark, keep, NULL))
		lint_samples(own, &mark, keep, NULL);
	ck_assert_msg(!strncmp(complaints, wanted, strlen(wanted)), "\"%s\" instead of \"%s\"",
		      complaints, wanted);
}
END_TEST

START_TEST(a_good_file_is_taken)
{
	static const char text[] = OURS
		RULE_WITH("switch-failed", "all: ['site.switch:port > 3']",
			  "    samples: [our switch 7 failed]\n    counter: [our switch 2 failed]\n")
		"fixes:\n  - {rule: rminit-failed, fix: {bhyve: call the desk}}\n";
	struct knowledge_mark mark = knowledge_mark(own);
	const struct rule *rule;

	ck_assert_msg(lint_add_site(own, "f", text, strlen(text), keep, NULL), "%s", complaints);
	ck_assert_msg(!lint_samples(own, &mark, keep, NULL), "%s", complaints);
	rule = knowledge_rule(own, "switch-failed");
	ck_assert_uint_eq(rule->place.line, 9);
	ck_assert_str_eq(rule_fix(own, knowledge_rule(own, "rminit-failed"), "bhyve")->text,
			 "call the desk");
	ck_assert_ptr_nonnull(rule_fix(own, knowledge_rule(own, "rminit-failed"), "any"));
}
END_TEST

/* What a damaged file brought before its damage is gone again. */
START_TEST(a_damaged_file_leaves_nothing)
{
	static const char text[] = OURS "rules: [5]\n";
	struct knowledge_mark before = knowledge_mark(own), after;
	struct message_match match;

	ck_assert(!lint_add_site(own, "f", text, strlen(text), keep, NULL));
	after = knowledge_mark(own);
	ck_assert_mem_eq(&before, &after, sizeof(before));
	ck_assert(!knowledge_match(own, "our switch 7 failed", &match));
}
END_TEST

START_TEST(logs_take_every_shape)
{
	static const char *const wanted[SHAPE_COUNT] = {
		"a\nb\n", "[    1.000037] a\n[    2.000074] b\n",
		"[Sat Mar  7 10:00:01 2026] a\n[Sat Mar  7 10:00:02 2026] b\n",
		"Mar  7 10:00:01 guest kernel: a\nMar  7 10:00:02 guest kernel: b\n",
	};
	char *text = log_in_shape("a\nb\n", _i);

	ck_assert_str_eq(text, wanted[_i]);
	free(text);
}
END_TEST

/* --- the folder of a site --- */

static char *root;

static void write_site_file(const char *name, const char *text, mode_t mode)
{
	char *path = xasprintf("%s" SITE_RULES_FOLDER "/%s", root, name);

	unit_write(path, text, strlen(text));
	ck_assert_int_eq(chmod(path, mode), 0);
	free(path);
}

static void site_setup(void)
{
	char *command;

	setup();
	root = unit_folder();
	command = xasprintf("mkdir -p '%s" SITE_RULES_FOLDER "'", root);
	ck_assert_int_eq(system(command), 0);
	free(command);
}

static void site_teardown(void)
{
	unit_remove(root);
	teardown();
}

static void load_site(void)
{
	site_rules_load(own, &(struct root){ root }, keep, NULL);
}

START_TEST(good_files_are_used_and_wrong_ones_left_out)
{
	write_site_file("20-ours.yaml", OURS, 0644);
	write_site_file("10-wrong.yaml", "rules:\n  - {id: x}\n", 0644);
	write_site_file("notes.txt", "not a rule", 0644);
	load_site();
	ck_assert_str_eq(complaints, SITE_RULES_FOLDER "/10-wrong.yaml:2: verdict: missing\n");
	ck_assert_uint_eq(own->site_files.count, 1);
	ck_assert_str_eq(own->site_files.at[0].path, SITE_RULES_FOLDER "/20-ours.yaml");
	ck_assert_uint_eq(own->site_files.at[0].messages, 1);
}
END_TEST

START_TEST(no_folder_is_no_complaint)
{
	site_rules_load(own, &(struct root){ "/nowhere" }, keep, NULL);
	ck_assert_str_eq(complaints, "");
}
END_TEST

/* Root must not act on what somebody else can write; anybody else may. */
START_TEST(root_trusts_only_its_own)
{
	write_site_file("ours.yaml", OURS, 0666);
	load_site();
	if (geteuid()) {
		ck_assert_uint_eq(own->site_files.count, 1);
		return;
	}
	ck_assert_str_eq(complaints, SITE_RULES_FOLDER
			 "/ours.yaml:0: not used: others than root can write to it\n");
	ck_assert_uint_eq(own->site_files.count, 0);
}
END_TEST

START_TEST(root_trusts_only_its_own_folder)
{
	char *folder = xasprintf("%s" SITE_RULES_FOLDER, root);

	write_site_file("ours.yaml", OURS, 0644);
	ck_assert_int_eq(chmod(folder, 0777), 0);
	free(folder);
	load_site();
	ck_assert_uint_eq(own->site_files.count, geteuid() ? 1 : 0);
	ck_assert_int_eq(!strcmp(complaints, ""), geteuid() ? 1 : 0);
}
END_TEST

START_TEST(odd_files_are_left_out)
{
	static char large[(1 << 20) + 2];
	char *path = xasprintf("%s" SITE_RULES_FOLDER "/pipe.yaml", root);

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	free(path);
	memset(large, '#', sizeof(large) - 1);
	write_site_file("large.yaml", large, 0644);
	load_site();
	ck_assert_ptr_nonnull(strstr(complaints, "large.yaml:0: File too large"));
	ck_assert_ptr_nonnull(strstr(complaints, "pipe.yaml:0: not a file"));
	ck_assert_uint_eq(own->site_files.count, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules_lint");
	TCase *tcase = unit_case(suite, "lint"), *site = unit_case(suite, "site");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, built_in_names_are_good);
	tcase_add_test(tcase, built_in_samples_prove_their_rules);
	tcase_add_test(tcase, advice_is_seen_as_such);
	tcase_add_test(tcase, no_superstition_is_advice);
	tcase_add_test(tcase, every_cause_has_a_fix);
	tcase_add_loop_test(tcase, mistakes_are_named_with_their_line, 0, COUNT(mistakes));
	tcase_add_test(tcase, a_good_file_is_taken);
	tcase_add_test(tcase, a_damaged_file_leaves_nothing);
	tcase_add_loop_test(tcase, logs_take_every_shape, 0, SHAPE_COUNT);
	tcase_add_checked_fixture(site, site_setup, site_teardown);
	tcase_add_test(site, good_files_are_used_and_wrong_ones_left_out);
	tcase_add_test(site, no_folder_is_no_complaint);
	tcase_add_test(site, root_trusts_only_its_own);
	tcase_add_test(site, root_trusts_only_its_own_folder);
	tcase_add_test(site, odd_files_are_left_out);
	return unit_run(suite);
}
