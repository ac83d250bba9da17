// SPDX-License-Identifier: GPL-2.0-or-later
/* The forecast as a whole: what the log says to it, which release would do, what is found of it. */
#include "forecast.h"

/* --- the log --- */

#define ENABLE_FAILED_LINES \
	"[    5.1] nvidia-nvlink: Nvlink Core is being initialized, major device number 240\n" \
	"[    5.1] NVRM: pci_enable_device failed, aborting\n" \
	"[    5.1] nvidia: probe of 0000:00:06.0 failed with error -1\n"

START_TEST(log_disagreement_is_told)
{
	bool told = false;

	given_p4(c, 1, 11);
	given_log(c, ENABLE_FAILED_LINES);
	assert_gate("enable", GATE_PASSES, "");
	ck_assert_int_eq(gate("enable")->log, LOG_DISAGREES);
	ck_assert(gate_matters(gate("enable")));
	for (size_t i = 0; i < d->cannot_tell.count; i++)
		told |= strstr(d->cannot_tell.at[i], "says otherwise") != NULL;
	ck_assert(told);
	/* It is known what failed, so nothing else is to blame. */
	ck_assert_int_eq(gate("rest-of-probe")->log, LOG_SILENT);
}
END_TEST

START_TEST(probe_that_fails_for_no_known_reason)
{
	given_p4(c, 1, 11);
	given_log(c, "[    5.1] nvidia-nvlink: Nvlink Core is being initialized, major device number 240\n"
		     "[    5.1] NVRM: failed to allocate memory\n"
		     "[    5.1] nvidia: probe of 0000:00:06.0 failed with error -1\n");
	ck_assert_int_eq(gate("rest-of-probe")->log, LOG_FAILED);
	ck_assert(gate_matters(gate("rest-of-probe")));
}
END_TEST

/* The first load failed for want of an interrupt, the second one had it. */
START_TEST(the_last_load_counts)
{
	given_p4(c, 1, 11);
	given_log(c, NO_IRQ_LINES
		  "[    9.1] nvidia-nvlink: Nvlink Core is being initialized, major device number 240\n"
		  "[    9.2] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  580.82.07  Wed Aug 27\n");
	assert_gate("irq", GATE_PASSES, "");
	ck_assert_int_eq(gate("irq")->log, LOG_AGREES);
}
END_TEST

/* A later stage than the gate's: it has passed. An earlier one tells nothing of it. */
static const struct {
	const char *triple;
	enum gate_log bar1, irq_test;
} stages[] = {
	/* not for want of BAR1, so the rest is to blame */
	{ "0x24:0x51:1101", LOG_SILENT, LOG_SILENT },
	{ "0x11:0x45:1947", LOG_AGREES, LOG_FAILED },
	{ "0x30:0xffff:1015", LOG_SILENT, LOG_SILENT },
	{ "0x41:0xffff:1988", LOG_AGREES, LOG_PASSED },
};

START_TEST(log_by_stage)
{
	char *line = xasprintf(LOADING_LINE "[    5.4] NVRM: GPU 0000:00:06.0: RmInitAdapter "
			       "failed! (%s)\n", stages[_i].triple);

	given_p4(c, 1, 11);
	given_log(c, line);
	free(line);
	assert_gate("bar1", GATE_PASSES, "");
	ck_assert_int_eq(gate("bar1")->log, stages[_i].bar1);
	ck_assert_int_eq(gate("rest-of-start")->log, stages[_i].irq_test == LOG_FAILED ||
			 !strncmp(stages[_i].triple, "0x30", 4) ? LOG_SILENT : LOG_FAILED);
	ck_assert_int_eq(gate("irq-test")->log, stages[_i].irq_test);
}
END_TEST

/* --- no driver --- */

static const struct {
	uint16_t device;
	unsigned int branch;
	enum answer open;
} advised[] = {
	{ 0x1bb3, 580, NO },		/* Pascal: dropped after that, and never open */
	{ 0x1024, 470, NO },		/* Kepler */
	{ 0x1eb8, 595, YES },		/* Turing */
	{ 0x2b85, 595, YES },		/* Blackwell: open only */
};

static const struct release_forecast *release(unsigned int branch, enum answer open)
{
	const struct driver_advice *advice = &d->gpus.at[0].advice;

	for (size_t i = 0; i < advice->releases.count; i++)
		if (advice->releases.at[i].branch == branch && advice->releases.at[i].open == open)
			return &advice->releases.at[i];
	ck_abort_msg("no forecast for %u", branch);
	return NULL;
}

START_TEST(release_for_the_chip)
{
	static const uint32_t architectures[] = { 0x13, 0xf, 0x16, 0x1b };

	given_bar0(GPUPROBE_BAR0_READ, architectures[_i]);
	c->functions.at[0].device = advised[_i].device;
	free(record->driver);
	record->driver = xstrdup("");
	c->modules_looked = true;
	assert_gate("registers", GATE_PASSES, "");
	ck_assert(d->gpus.at[0].advice.assumed);
	ck_assert_uint_eq(d->gpus.at[0].advice.branch, advised[_i].branch);
	ck_assert_int_eq(d->gpus.at[0].advice.open, advised[_i].open);
}
END_TEST

START_TEST(why_other_releases_would_not_do)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	c->modules_looked = true;
	d = diagnose(c, unit_knowledge());
	ck_assert_ptr_null(release(535, NO)->fails);
	ck_assert_str_eq(release(535, YES)->fails->id, "registers");
	ck_assert_str_eq(release(595, NO)->fails->id, "legacy");
}
END_TEST

/* Then another release changes nothing, and the newest that knows the chip is shown. */
START_TEST(what_no_release_changes)
{
	given_p4(c, 0, 0);
	c->modules_looked = true;
	assert_gate("irq", GATE_FAILS, "");
	ck_assert_uint_eq(d->gpus.at[0].advice.branch, 580);
	ck_assert_str_eq(release(535, NO)->fails->id, "irq");
}
END_TEST

START_TEST(nothing_is_assumed_where_nobody_looked)
{
	given_p4(c, 1, 11);
	assert_gate("irq", GATE_PASSES, "");
	ck_assert(!d->gpus.at[0].advice.assumed);
}
END_TEST

/* --- findings that rest on the same facts --- */

static void assert_cause(const char *id)
{
	d = diagnose(c, unit_knowledge());
	ck_assert_uint_ge(d->findings.count, 1);
	ck_assert_str_eq(d->findings.at[0].rule->id, id);
	ck_assert_int_eq(d->findings.at[0].confidence, CONFIDENCE_LIKELY);
}

START_TEST(signature_is_a_cause_before_anybody_tried)
{
	given_file(FITS, NULL);
	c->machine.signatures_enforced = YES;
	c->log_looked = true;
	assert_cause("secure-boot-rejects-module");
}
END_TEST

START_TEST(build_for_another_kernel_is_a_cause_before_anybody_tried)
{
	given_file("6.1.0-4-amd64 SMP preempt mod_unload ", NULL);
	c->log_looked = true;
	assert_cause("module-built-for-other-kernel");
}
END_TEST

#define ATTACH_FAILED_LINES LOADING_LINE \
	"[    5.4] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x22:0x40:774)\n"

START_TEST(units_that_do_not_answer_are_the_gpus_fault)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	for (int i = 0; i < 4; i++)
		given_register(0x9400, 0xbad00100, GPUPROBE_REGISTER_BAD);
	given_log(c, ATTACH_FAILED_LINES);
	assert_cause("gpu-hardware-fault");
}
END_TEST

START_TEST(vgpu_with_the_general_driver)
{
	given_bar0(GPUPROBE_BAR0_VIRTUAL, 0);
	given_log(c, ATTACH_FAILED_LINES);
	assert_cause("vgpu-wrong-driver-package");
}
END_TEST

/* Each gate of the knowledge is decided by somebody, and each message is known. */
START_TEST(every_gate_has_a_test)
{
	static const struct gate_test *const lists[] = {
		load_gates, probe_gates, chip_gates, use_gates,
	};
	const struct knowledge *k = unit_knowledge();
	size_t tests = 0;

	for (int i = 0; i < COUNT(lists); i++)
		for (const struct gate_test *test = lists[i]; test->id; test++, tests++) {
			size_t found = 0;

			for (size_t j = 0; j < k->gates.count; j++)
				found += !strcmp(k->gates.at[j].id, test->id);
			ck_assert_msg(found == 1, "%s: %zu in the knowledge", test->id, found);
		}
	ck_assert_uint_eq(tests, k->gates.count);
	for (size_t i = 0; i < k->gates.count; i++)
		ck_assert_msg(!k->gates.at[i].message ||
			      knowledge_message(k, k->gates.at[i].message),
			      "%s: no such message", k->gates.at[i].id);
}
END_TEST

/* Two gates in one place: their order would be an accident. */
START_TEST(every_gate_has_a_place)
{
	const struct knowledge *k = unit_knowledge();

	for (size_t i = 0; i < k->gates.count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct gate *a = &k->gates.at[i], *b = &k->gates.at[j];
			uint32_t late_a = a->place_580 ? a->place_580 : a->place;
			uint32_t late_b = b->place_580 ? b->place_580 : b->place;

			ck_assert_msg(a->place != b->place, "%s and %s", a->id, b->id);
			ck_assert_msg(late_a != late_b || a->last_branch || b->last_branch,
				      "%s and %s from 580 on", a->id, b->id);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forecast");
	TCase *tcase = unit_case(suite, "forecast");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, log_disagreement_is_told);
	tcase_add_test(tcase, probe_that_fails_for_no_known_reason);
	tcase_add_test(tcase, the_last_load_counts);
	tcase_add_loop_test(tcase, log_by_stage, 0, COUNT(stages));
	tcase_add_loop_test(tcase, release_for_the_chip, 0, COUNT(advised));
	tcase_add_test(tcase, why_other_releases_would_not_do);
	tcase_add_test(tcase, what_no_release_changes);
	tcase_add_test(tcase, nothing_is_assumed_where_nobody_looked);
	tcase_add_test(tcase, signature_is_a_cause_before_anybody_tried);
	tcase_add_test(tcase, build_for_another_kernel_is_a_cause_before_anybody_tried);
	tcase_add_test(tcase, units_that_do_not_answer_are_the_gpus_fault);
	tcase_add_test(tcase, vgpu_with_the_general_driver);
	tcase_add_test(tcase, every_gate_has_a_test);
	tcase_add_test(tcase, every_gate_has_a_place);
	return unit_run(suite);
}
