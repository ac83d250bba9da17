// SPDX-License-Identifier: GPL-2.0-or-later
/* Terms and conditions: yes, no, and not known, which is neither. */
#include "builder.h"
#include "diagnose/condition.h"

static struct gpuprobe_case *c;
static event_list events;
static size_t *unknown, unknown_count;
static struct platform platform;
static struct nvidia_driver driver;
static struct view view;

static void setup(void)
{
	c = case_create();
	unit_knowledge();
}

static void teardown(void)
{
	events_free(&events);
	free(unknown);
	platform_clear(&platform);
	free(driver.version);
	case_destroy(c);
}

/* Look at the case's first function, once the case is complete. */
static void look(void)
{
	const struct knowledge *k = unit_knowledge();

	events_decode(c, k, &events, &unknown, &unknown_count);
	platform_identify(c, k, &platform);
	nvidia_driver_find(c, &events, &driver);
	view = (struct view){
		.c = c, .knowledge = k, .events = &events, .platform = &platform, .driver = &driver,
	};
	view_focus(&view, c->functions.count ? &c->functions.at[0] : NULL);
}

/* A condition as rules spell it. */
static struct knowledge *condition(const char *terms)
{
	struct knowledge *k = xcalloc(1, sizeof(*k));
	char *text = xasprintf("rules:\n  - {id: r, verdict: cause, place: 1, fault: gpu, "
			       "fault-because: f, title: t, explanation: e, "
			       "when: [{confidence: certain, %s}]}\n", terms);

	ck_assert_msg(knowledge_add(k, "rule", text, strlen(text), unit_complain, NULL), "%s", terms);
	free(text);
	return k;
}

static bool holds(const char *terms)
{
	struct knowledge *k = condition(terms);
	bool answer = condition_holds(&view, &k->rules.at[0].conditions.at[0]);

	knowledge_destroy(k);
	return answer;
}

static enum answer term(const char *text)
{
	char *terms = xasprintf("all: ['%s']", text);
	struct knowledge *k = condition(terms);
	enum answer answer = term_holds(&view, &k->rules.at[0].conditions.at[0].all.at[0]);

	knowledge_destroy(k);
	free(terms);
	return answer;
}

START_TEST(numbers_are_compared)
{
	given_p4(c, 1, 11);
	look();
	ck_assert_int_eq(term("irq = 11"), YES);
	ck_assert_int_eq(term("irq = 0x0b"), YES);
	ck_assert_int_eq(term("irq = 12"), NO);
	ck_assert_int_eq(term("irq != 11"), NO);
	ck_assert_int_eq(term("irq != 12"), YES);
	ck_assert_int_eq(term("irq < 11"), NO);
	ck_assert_int_eq(term("irq <= 11"), YES);
	ck_assert_int_eq(term("irq > 11"), NO);
	ck_assert_int_eq(term("irq >= 11"), YES);
	ck_assert_int_eq(term("irq > 10"), YES);
	ck_assert_int_eq(term("irq < 12"), YES);
	ck_assert_int_eq(term("irq = eleven"), NO);
	ck_assert_int_eq(term("msi.vectors >= 2"), NO);
}
END_TEST

START_TEST(words_are_compared)
{
	given_p4(c, 1, 11);
	look();
	ck_assert_int_eq(term("msi"), YES);
	ck_assert_int_eq(term("msi = yes"), YES);
	ck_assert_int_eq(term("msix"), NO);
	ck_assert_int_eq(term("msix = no"), YES);
	ck_assert_int_eq(term("msix != no"), NO);
	ck_assert_int_eq(term("bound = none"), YES);
	ck_assert_int_eq(term("bound != none"), NO);
	ck_assert_int_eq(term("bar0 = assigned"), YES);
	ck_assert_int_eq(term("capability-list = whole"), YES);
}
END_TEST

/* Nothing was seen of the GPU: no fact of it is yes, no fact of it is no. */
START_TEST(unknown_is_neither)
{
	given_gpu(c);
	look();
	ck_assert_int_eq(term("intpin = 0"), NOT_KNOWN);
	ck_assert_int_eq(term("intpin != 0"), NOT_KNOWN);
	ck_assert_int_eq(term("msix"), NOT_KNOWN);
	ck_assert_int_eq(term("msix = no"), NOT_KNOWN);
	ck_assert_int_eq(term("nvidia.ran"), NOT_KNOWN);
	ck_assert(!holds("all: ['intpin = 0']"));
	ck_assert(!holds("any: ['intpin = 0', 'intpin != 0']"));
	ck_assert(holds("all: ['gpu'], none: ['intpin = 0', 'intpin != 0']"));
}
END_TEST

START_TEST(messages_are_seen)
{
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES);
	look();
	ck_assert_int_eq(term("nvrm.no-irq"), YES);
	ck_assert_int_eq(term("nvrm.no-*"), YES);
	ck_assert_int_eq(term("nvrm.loading"), NO);
	ck_assert_int_eq(term("nvidia.ran"), YES);
}
END_TEST

START_TEST(fields_are_compared)
{
	given_p4(c, 1, 11);
	given_log(c, "[    3.4] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)\n");
	look();
	ck_assert_int_eq(term("nvrm.rminit-failed:stage = 0x31"), YES);
	ck_assert_int_eq(term("nvrm.rminit-failed:stage = 49"), YES);
	ck_assert_int_eq(term("nvrm.rminit-failed:stage = 0x30"), NO);
	ck_assert_int_eq(term("nvrm.rminit-failed:stage >= 0x30"), YES);
	ck_assert_int_eq(term("nvrm.rminit-failed:bdf = 0000:00:06.0"), YES);
	ck_assert_int_eq(term("nvrm.rminit-failed:bdf = 0000:00:07.0"), NO);
	ck_assert_int_eq(term("nvrm.rminit-failed:colour = 1"), NO);
}
END_TEST

/* What the log says of another GPU is not said of this one. */
START_TEST(messages_of_another_gpu)
{
	given_p4(c, 1, 11);
	given_log(c, "[    3.4] NVRM: GPU 0000:00:07.0: RmInitAdapter failed! (0x31:0xffff:2767)\n");
	look();
	ck_assert_int_eq(term("nvrm.rminit-failed"), NO);
}
END_TEST

START_TEST(all_any_none)
{
	given_p4(c, 0, 0);
	look();
	ck_assert(holds("all: ['intpin = 0', 'msix = no']"));
	ck_assert(!holds("all: ['intpin = 0', 'msix']"));
	ck_assert(holds("any: ['msix', 'intpin = 0']"));
	ck_assert(!holds("any: ['msix', 'intpin = 1']"));
	ck_assert(holds("all: ['intpin = 0'], none: ['msix', 'nvrm.no-irq']"));
	ck_assert(!holds("all: ['intpin = 0'], none: ['msi']"));
	ck_assert(!holds("all: ['intpin = 0'], any: ['msix']"));
}
END_TEST

static enum confidence allows(const char *terms)
{
	struct knowledge *k = condition(terms);
	enum confidence answer = condition_doubt(&view, &k->rules.at[0].conditions.at[0]).allows;

	knowledge_destroy(k);
	return answer;
}

/* The chipset's set-up is inferred, a line of the GPU's firmware unverified. */
START_TEST(marks_weigh)
{
	given_p4(c, 0, 0);
	given_log(c, "[    3.1] NVRM objClInitPcieChipset: *** Chipset Setup Function Error!\n"
		     "[    3.2] NVRM: GPU0 GSP-RM: engine state changed\n"
		     "[    3.3] NVRM: RSDP Not found!\n");
	look();
	ck_assert_int_eq(allows("all: ['intpin = 0']"), CONFIDENCE_CERTAIN);
	ck_assert_int_eq(allows("all: [nvrm.chipset-setup-failed]"), CONFIDENCE_LIKELY);
	ck_assert_int_eq(allows("any: [nvrm.chipset-setup-failed]"), CONFIDENCE_LIKELY);
	ck_assert_int_eq(allows("all: [nvrm.gsp-log]"), CONFIDENCE_POSSIBLE);
	ck_assert_int_eq(allows("all: [nvrm.gsp-log], none: [nvrm.no-irq]"), CONFIDENCE_POSSIBLE);
	/* of "any" one that is confirmed is enough, and only what holds counts */
	ck_assert_int_eq(allows("any: [nvrm.gsp-log, nvrm.no-acpi-rsdp]"), CONFIDENCE_CERTAIN);
	ck_assert_int_eq(allows("any: [nvrm.gsp-log, nvrm.no-irq]"), CONFIDENCE_POSSIBLE);
	ck_assert_int_eq(allows("any: [nvrm.gsp-log, nvrm.chipset-setup-failed]"), CONFIDENCE_LIKELY);
	/* a name for several messages is as good as the best of them */
	ck_assert_int_eq(allows("all: ['nvrm.*']"), CONFIDENCE_CERTAIN);
	/* each of "all" is needed, but something confirmed beside it helps */
	ck_assert_int_eq(allows("all: ['intpin = 0', nvrm.chipset-setup-failed]"), CONFIDENCE_LIKELY);
	ck_assert_int_eq(allows("all: ['intpin = 0', nvrm.gsp-log]"), CONFIDENCE_LIKELY);
	ck_assert_int_eq(allows("all: [nvrm.gsp-log], any: ['intpin = 0']"), CONFIDENCE_LIKELY);
	ck_assert_int_eq(allows("all: [nvrm.chipset-setup-failed, nvrm.gsp-log]"), CONFIDENCE_POSSIBLE);
}
END_TEST

/* A hypervisor that is recognised by a sign that nobody has seen. */
START_TEST(marks_of_facts_weigh)
{
	given_p4(c, 0, 0);
	c->machine.acpi_oem_id = xstrdup("FIRECK");
	look();
	ck_assert_int_eq(term("hypervisor = firecracker"), YES);
	ck_assert_int_eq(allows("all: ['hypervisor = firecracker']"), CONFIDENCE_POSSIBLE);
	ck_assert_int_eq(allows("none: ['hypervisor = bhyve']"), CONFIDENCE_CERTAIN);
}
END_TEST

START_TEST(names_may_end_in_a_star)
{
	ck_assert(message_fits("nvrm.no-irq", "nvrm.no-irq"));
	ck_assert(message_fits("nvrm.no-irq", "nvrm.*"));
	ck_assert(message_fits("nvrm.no-irq", "*"));
	ck_assert(!message_fits("nvrm.no-irq", "nvrm.no"));
	ck_assert(!message_fits("nvrm.no-irq", "drm.*"));
	ck_assert(!message_fits("nvrm.no-irq", ""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conditions");
	TCase *tcase = unit_case(suite, "conditions");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, numbers_are_compared);
	tcase_add_test(tcase, words_are_compared);
	tcase_add_test(tcase, unknown_is_neither);
	tcase_add_test(tcase, messages_are_seen);
	tcase_add_test(tcase, fields_are_compared);
	tcase_add_test(tcase, messages_of_another_gpu);
	tcase_add_test(tcase, all_any_none);
	tcase_add_test(tcase, marks_weigh);
	tcase_add_test(tcase, marks_of_facts_weigh);
	tcase_add_test(tcase, names_may_end_in_a_star);
	return unit_run(suite);
}
