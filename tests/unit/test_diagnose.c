// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole diagnoses: the root cause first, and nothing left unsaid. */
#include "builder.h"
#include "diagnose/diagnose.h"

static struct gpuprobe_case *c;
static struct diagnosis *d;

static void setup(void)
{
	unit_knowledge();
	c = case_create();
	d = NULL;
}

static void teardown(void)
{
	diagnosis_destroy(d);
	case_destroy(c);
}

static void run(void)
{
	events_add_functions(c, unit_knowledge());
	d = diagnose(c, unit_knowledge());
}

static void assert_first(const char *id, enum confidence confidence)
{
	ck_assert_int_eq(d->verdict, CASE_FAULT);
	ck_assert_int_eq(diagnosis_exit_status(d), 1);
	ck_assert_str_eq(d->findings.at[0].rule->id, id);
	ck_assert_int_eq(d->findings.at[0].confidence, confidence);
}

static const struct finding *find(const char *id)
{
	for (size_t i = 0; i < d->findings.count; i++)
		if (!strcmp(d->findings.at[i].rule->id, id))
			return &d->findings.at[i];
	return NULL;
}

/* A GPU that nvidia drives, as sysfs shows it. */
static void given_healthy(const char *place)
{
	struct snapshot *now = given_snapshot(given_gpu_at(c, place), SNAPSHOT_SYSFS, "nvidia");
	uint8_t bytes[256];

	config_p4(bytes, 1);
	given_config(now, bytes);
	now->irq.irq_known = true;
	now->irq.irq = 40;
}

#define RMINIT_LINES(stage) \
	LOADING_LINE \
	"[    5.4] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (" stage ":0xffff:2767)\n" \
	"[    5.5] NVRM: GPU 0000:00:06.0: rm_init_adapter failed, device minor number 0\n" \
	"[    5.6] [drm:nv_drm_dev_load [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000006] " \
		"Failed to allocate NvKmsKapiDevice\n"

START_TEST(no_gpu)
{
	c->machine.pci_looked = true;
	run();
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
	ck_assert_int_eq(diagnosis_exit_status(d), 2);
	ck_assert_uint_eq(d->findings.count, 0);
	ck_assert_uint_ge(d->cannot_tell.count, 1);
}
END_TEST

START_TEST(no_pin_from_the_snapshot_alone)
{
	given_bhyve(c);
	given_p4(c, 0, 0);
	run();
	assert_first("intx-pin-missing", CONFIDENCE_CERTAIN);
	ck_assert_uint_eq(d->findings.count, 1);
	ck_assert_uint_ge(d->findings.at[0].evidence.count, 4);
	ck_assert_uint_eq(d->findings.at[0].lines.count, 0);
	ck_assert_str_eq(d->findings.at[0].fix->hypervisor, "bhyve");
	ck_assert(d->findings.at[0].fix_is_for_here);
}
END_TEST

START_TEST(no_pin_from_the_log_alone)
{
	given_log(c, NO_IRQ_LINES);
	run();
	assert_first("intx-pin-missing", CONFIDENCE_LIKELY);
	ck_assert_ptr_nonnull(d->findings.at[0].function);
	ck_assert_str_eq(d->findings.at[0].fix->hypervisor, "any");
	ck_assert(!d->findings.at[0].fix_is_for_here);
}
END_TEST

/* Every error line is explained by the cause; none is left over. */
START_TEST(consequences_are_explained)
{
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES);
	run();
	assert_first("intx-pin-missing", CONFIDENCE_CERTAIN);
	ck_assert_uint_ge(d->findings.at[0].lines.count, 6);
	ck_assert_uint_eq(d->unexplained.count, 0);
	ck_assert_uint_eq(d->unknown_count, 0);
}
END_TEST

START_TEST(vbios_stages)
{
	given_p4(c, 1, 11);
	given_log(c, RMINIT_LINES("0x30"));
	run();
	assert_first("vbios-unreadable", CONFIDENCE_CERTAIN);
	ck_assert_uint_eq(d->unexplained.count, 0);
	diagnosis_destroy(d);
	case_destroy(c);
	c = case_create();
	given_log(c, RMINIT_LINES("0x31"));
	run();
	assert_first("vbios-post-failed", CONFIDENCE_CERTAIN);
	ck_assert_uint_eq(d->unexplained.count, 0);
}
END_TEST

START_TEST(other_stages_are_only_possible)
{
	given_log(c, RMINIT_LINES("0x24"));
	run();
	assert_first("rminit-failed", CONFIDENCE_POSSIBLE);
	ck_assert_uint_eq(d->unexplained.count, 0);
}
END_TEST

/* Causes before remarks, and among causes the earlier in a bring-up. */
START_TEST(findings_are_in_cause_order)
{
	given_p4(c, 1, 10);
	given_log(c, "[    4.8] nvidia: loading out-of-tree module taints kernel.\n"
		  "[    4.9] nvidia 0000:00:06.0: can't derive routing for PCI INT A\n"
		  "[    4.9] nvidia 0000:00:06.0: PCI INT A: no GSI - using ISA IRQ 10\n"
		  RMINIT_LINES("0x31"));
	run();
	assert_first("vbios-post-failed", CONFIDENCE_CERTAIN);
	ck_assert_uint_eq(d->findings.count, 4);
	for (size_t i = 1; i < d->findings.count; i++) {
		const struct rule *a = d->findings.at[i - 1].rule, *b = d->findings.at[i].rule;

		ck_assert(a->verdict < b->verdict ||
			  (a->verdict == b->verdict && a->rank <= b->rank));
	}
	ck_assert_int_eq(find("intx-route-not-needed")->verdict, VERDICT_HARMLESS);
	ck_assert_ptr_nonnull(find("kernel-taint-notes"));
}
END_TEST

START_TEST(the_loudest_line_is_not_the_cause)
{
	given_p4(c, 0, 0);
	given_log(c, "[    9.0] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)\n"
		  NO_IRQ_LINES);
	run();
	assert_first("intx-pin-missing", CONFIDENCE_CERTAIN);
	ck_assert_ptr_nonnull(find("vbios-post-failed"));
}
END_TEST

START_TEST(unexplained_errors_are_listed)
{
	given_p4(c, 1, 11);
	given_log(c, "[    7.0] NVRM: failed to initialize procfs.\n"
		  "[    7.1] NVRM: words that nobody knows\n");
	run();
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
	ck_assert_int_eq(diagnosis_exit_status(d), 2);
	ck_assert_uint_eq(d->unexplained.count, 1);
	ck_assert_uint_eq(d->unexplained.at[0], 0);
	ck_assert_uint_eq(d->unknown_count, 1);
	ck_assert_uint_eq(d->unknown_lines[0], 1);
}
END_TEST

START_TEST(bound_without_errors_is_healthy)
{
	given_healthy("0000:00:06.0");
	given_log(c, LOADING_LINE);
	run();
	ck_assert_int_eq(d->verdict, CASE_HEALTHY);
	ck_assert_int_eq(diagnosis_exit_status(d), 0);
	ck_assert_uint_eq(d->findings.count, 0);
}
END_TEST

/* The record of a failed probe names the driver, which does not have the GPU. */
START_TEST(failed_probe_is_not_bound)
{
	struct snapshot *before, *after;
	struct function *function = given_gpu(c);
	uint8_t bytes[256];

	config_p4(bytes, 0);
	before = given_record(function, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	after = given_record(function, GPUPROBE_TRIGGER_NOT_BOUND, "nvidia");
	before = &function->snapshots.at[0];	/* it may have moved */
	given_config(before, bytes);
	given_config(after, bytes);
	before->irq = after->irq = (struct irq_view){ true, 0, true, 0, true, 0 };
	given_log(c, "[    1.0] nothing of interest\n");
	run();
	assert_first("intx-pin-missing", CONFIDENCE_CERTAIN);
}
END_TEST

START_TEST(gone_is_not_healthy)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	memset(snapshot->config, 0xff, 256);
	snapshot->gone = true;
	given_log(c, "[    1.0] nothing of interest\n");
	run();
	ck_assert(!d->seen_enough);
	ck_assert_int_eq(diagnosis_exit_status(d), 2);
	ck_assert_ptr_nonnull(strstr(d->cannot_tell.at[1], "all ones"));
}
END_TEST

/* What nouveau says of its own success proves nothing of nvidia.ko. */
START_TEST(words_of_nouveau_prove_nothing)
{
	given_gpu(c);
	given_log(c, "[    4.1] nouveau 0000:00:06.0: NVIDIA GP104 (134000a1)\n");
	run();
	ck_assert_uint_eq(d->events.count, 1);
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
}
END_TEST

START_TEST(another_driver_is_named)
{
	given_healthy("0000:00:06.0");
	free(c->functions.at[0].snapshots.at[0].driver);
	c->functions.at[0].snapshots.at[0].driver = xstrdup("nouveau");
	given_log(c, "[    1.0] nothing of interest\n");
	run();
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(d->cannot_tell.at[1], "the driver nouveau has the GPU"));
}
END_TEST

START_TEST(bound_without_a_log_is_not_proven)
{
	given_healthy("0000:00:06.0");
	run();
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
}
END_TEST

/* Nothing is wrong as far as can be seen, but no driver has tried. */
START_TEST(no_driver_yet)
{
	given_p4(c, 1, 11);
	given_log(c, "[    1.0] nothing of interest\n");
	run();
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
	ck_assert(d->seen_enough);
	ck_assert_int_eq(diagnosis_exit_status(d), 0);
	ck_assert_uint_ge(d->cannot_tell.count, 1);
}
END_TEST

/* INTPIN 0 with MSI is no fault where the driver does not refuse it. */
START_TEST(hyperv_without_pin_is_no_fault)
{
	struct cpuid_signature *signature = array_add(&c->machine.cpuid);

	strcpy(signature->text, "Microsoft Hv");
	given_p4(c, 0, 0);
	run();
	ck_assert_ptr_null(find("intx-pin-missing"));
	ck_assert_int_ne(d->verdict, CASE_FAULT);
}
END_TEST

/* The driver loaded in spite of INTPIN 0: it has an interrupt, whatever we think. */
START_TEST(loaded_without_pin_is_no_fault)
{
	given_p4(c, 0, 0);
	given_log(c, LOADING_LINE);
	run();
	ck_assert_ptr_null(find("intx-pin-missing"));
}
END_TEST

/*
 * Two GPUs. The line about the missing interrupt names none: it is about the one
 * whose probe fails next.
 */
START_TEST(nameless_line_belongs_to_the_failing_gpu)
{
	const struct finding *finding;

	given_healthy("0000:00:05.0");
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES LOADING_LINE);
	run();
	ck_assert_int_eq(d->verdict, CASE_FAULT);
	finding = find("intx-pin-missing");
	ck_assert_ptr_nonnull(finding);
	ck_assert_uint_eq(finding->function->address.device, 6);
	for (size_t i = 0; i < d->findings.count; i++)
		ck_assert(d->findings.at[i].verdict != VERDICT_CAUSE ||
			  d->findings.at[i].function->address.device == 6);
	for (size_t i = 0; i < d->events.count; i++)
		if (!strcmp(d->events.at[i].match.message->id, "nvrm.no-irq")) {
			ck_assert(d->events.at[i].address_known);
			ck_assert_uint_eq(d->events.at[i].address.device, 6);
		}
	ck_assert_uint_eq(d->gpus.count, 2);
}
END_TEST

START_TEST(both_gpus_fail)
{
	given_p4(c, 0, 0);
	given_snapshot(given_gpu_at(c, "0000:00:05.0"), SNAPSHOT_SYSFS, "");
	given_log(c, "[    5.1] NVRM: Can't find an IRQ for your NVIDIA card!\n"
		  "[    5.2] nvidia: probe of 0000:00:05.0 failed with error -1\n"
		  "[    5.3] NVRM: Can't find an IRQ for your NVIDIA card!\n"
		  "[    5.4] nvidia: probe of 0000:00:06.0 failed with error -1\n");
	run();
	ck_assert_int_eq(d->verdict, CASE_FAULT);
	ck_assert_uint_eq(d->findings.count, 4);
	/* The surer one first, then what follows from each. */
	ck_assert_uint_eq(d->findings.at[0].function->address.device, 6);
	ck_assert_uint_eq(d->findings.at[1].function->address.device, 5);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_uint_eq(d->findings.at[i].lines.count, 2);
		ck_assert_str_eq(d->findings.at[i + 2].rule->id, "probe-gave-up");
		ck_assert_str_eq(d->findings.at[i + 2].follows->id, "intx-pin-missing");
	}
}
END_TEST

/* "WPR2 already up" is a cause by itself, and an echo after another failed start. */
START_TEST(consequences_name_their_cause)
{
	given_log(c, "NVRM: s_executeBooterUcode_TU102: Booter failed with non-zero error code: 0xb\n"
		  "NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0xffff:1861)\n"
		  "NVRM: _kgspBootGspRm: unexpected WPR2 already up, cannot proceed with booting GSP\n"
		  "NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0x40:1861)\n");
	run();
	assert_first("driver-bug-gsp-init", CONFIDENCE_LIKELY);
	ck_assert_int_eq(find("wpr2-left-up")->verdict, VERDICT_CONSEQUENCE);
	ck_assert_str_eq(find("wpr2-left-up")->follows->id, "driver-bug-gsp-init");
	ck_assert_str_eq(find("start-repeated")->follows->id, "driver-bug-gsp-init");
	ck_assert_ptr_null(find("wpr2-already-up"));
}
END_TEST

/* What follows from nothing that is known explains nothing. */
START_TEST(consequence_alone_leaves_its_lines)
{
	given_log(c, "NVRM: The NVIDIA probe routine failed for 1 device(s).\n"
		  "NVRM: None of the NVIDIA devices were initialized.\n");
	run();
	ck_assert_int_eq(d->verdict, CASE_UNKNOWN);
	ck_assert_int_eq(diagnosis_exit_status(d), 2);
	ck_assert_ptr_null(find("probe-gave-up")->follows);
	ck_assert_uint_ge(d->unexplained.count, 1);
}
END_TEST

/* A second load of the driver is another attempt. */
START_TEST(attempts_are_counted)
{
	given_log(c, NO_IRQ_LINES NO_IRQ_LINES);
	run();
	ck_assert_uint_eq(d->events.at[0].attempt, 1);
	ck_assert_uint_eq(d->events.at[d->events.count - 1].attempt, 2);
}
END_TEST

/* The driver speaks of a GPU that nobody saw: it is there all the same. */
START_TEST(gpus_of_the_log_are_added)
{
	given_log(c, "[drm] [nvidia-drm] [GPU ID 0x00000006] Loading driver\n"
		  "[    3.4] NVRM: GPU 0000:0a:00.0: RmInitAdapter failed! (0x31:0xffff:2767)\n"
		  "[    3.5] virtio-pci: probe of 0000:00:03.0 failed with error -1\n");
	events_add_functions(c, unit_knowledge());
	ck_assert_uint_eq(c->functions.count, 2);
	ck_assert_uint_eq(c->functions.at[0].address.device, 6);
	ck_assert_uint_eq(c->functions.at[1].address.bus, 0x0a);
}
END_TEST

START_TEST(sound_function_is_no_gpu)
{
	given_healthy("0000:00:06.0");
	given_gpu_at(c, "0000:00:06.1")->class = 0x040300;
	given_log(c, LOADING_LINE);
	run();
	ck_assert_uint_eq(d->gpus.count, 1);
	ck_assert_int_eq(d->verdict, CASE_HEALTHY);
}
END_TEST

START_TEST(facts_in_texts_are_replaced)
{
	given_gpu(c)->device = 0x9999;	/* which release is for it is not known */
	given_log(c, LOADING_LINE
		  "[    3.1] NVRM: The NVIDIA GPU 0000:00:06.0\n"
		  "[    3.1] NVRM: (PCI ID: 10de:1bb3)\n"
		  "[    3.1] NVRM: installed in this system is not supported by the\n"
		  "[    3.1] NVRM: NVIDIA 580.82.07 driver release.\n"
		  "[    3.2] nvidia: probe of 0000:00:06.0 failed with error -1\n");
	run();
	assert_first("driver-refuses-chip", CONFIDENCE_POSSIBLE);
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].explanation, "580.82.07"));
	ck_assert_ptr_null(strchr(d->findings.at[0].explanation, '{'));
}
END_TEST

/* A site's rule that rests on a line that is not verified. */
START_TEST(unverified_is_only_possible)
{
	static const char rule[] =
		"rules:\n  - {id: r, verdict: cause, place: 1, fault: gpu, fault-because: f, "
		"title: t, explanation: e, when: [{confidence: likely, because: own, "
		"all: [nvrm.gsp-log]}]}\n";
	struct knowledge *k = knowledge_load(unit_complain, NULL);

	ck_assert(knowledge_add(k, "rule", rule, sizeof(rule) - 1, unit_complain, NULL));
	given_p4(c, 1, 11);
	given_log(c, "[    3.2] NVRM: GPU0 GSP-RM: engine state changed\n");
	d = diagnose(c, k);
	assert_first("r", CONFIDENCE_POSSIBLE);
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].because, "own; "));
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].because, "nvrm.gsp-log"));
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].because, "not verified"));
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].would_tell, "nvrm.gsp-log"));
	diagnosis_destroy(d);
	d = NULL;
	knowledge_destroy(k);
}
END_TEST

/* A rule that claims no more than the mark allows has said why. */
START_TEST(a_doubt_is_told_once)
{
	given_log(c, "[    3.2] ACPI Error: Aborting method \\_SB.PCI0.RP01.PXSX._ON due to "
		     "previous error (AE_AML_LOOP_TIMEOUT) (20230628/psparse-529)\n"
		     "[    4.2] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.1\n"
		     "[    4.3] NVRM: GPU 0000:01:00.0: GPU has fallen off the bus.\n");
	run();
	assert_first("acpi-power-method-failed", CONFIDENCE_LIKELY);
	ck_assert_str_eq(d->findings.at[0].because, d->findings.at[0].condition->because);
}
END_TEST

/* Which driver is the first for a generation; what the rule says would settle it stays. */
START_TEST(first_branch_is_not_verified)
{
	given_gpu(c)->device = 0x1eb8;	/* Turing; its first branch is not verified */
	given_log(c,
		  "[    3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  390.157  Wed Oct 12 2022\n"
		  "[    3.1] NVRM: The NVIDIA GPU 0000:00:06.0 (PCI ID: 10de:1eb8)\n"
		  "[    3.1] NVRM: installed in this system is not supported by the\n"
		  "[    3.1] NVRM: NVIDIA 390.157 driver release.\n");
	run();
	assert_first("driver-too-old-for-gpu", CONFIDENCE_LIKELY);
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].because, "driver.fit"));
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].because, "not verified"));
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].would_tell, "lspci"));
	ck_assert_ptr_nonnull(strstr(d->findings.at[0].would_tell, "driver.fit"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("diagnose");
	TCase *tcase = unit_case(suite, "diagnose");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, no_gpu);
	tcase_add_test(tcase, no_pin_from_the_snapshot_alone);
	tcase_add_test(tcase, no_pin_from_the_log_alone);
	tcase_add_test(tcase, consequences_are_explained);
	tcase_add_test(tcase, consequences_name_their_cause);
	tcase_add_test(tcase, consequence_alone_leaves_its_lines);
	tcase_add_test(tcase, vbios_stages);
	tcase_add_test(tcase, other_stages_are_only_possible);
	tcase_add_test(tcase, findings_are_in_cause_order);
	tcase_add_test(tcase, the_loudest_line_is_not_the_cause);
	tcase_add_test(tcase, unexplained_errors_are_listed);
	tcase_add_test(tcase, bound_without_errors_is_healthy);
	tcase_add_test(tcase, bound_without_a_log_is_not_proven);
	tcase_add_test(tcase, failed_probe_is_not_bound);
	tcase_add_test(tcase, gone_is_not_healthy);
	tcase_add_test(tcase, words_of_nouveau_prove_nothing);
	tcase_add_test(tcase, another_driver_is_named);
	tcase_add_test(tcase, no_driver_yet);
	tcase_add_test(tcase, hyperv_without_pin_is_no_fault);
	tcase_add_test(tcase, loaded_without_pin_is_no_fault);
	tcase_add_test(tcase, nameless_line_belongs_to_the_failing_gpu);
	tcase_add_test(tcase, both_gpus_fail);
	tcase_add_test(tcase, attempts_are_counted);
	tcase_add_test(tcase, gpus_of_the_log_are_added);
	tcase_add_test(tcase, sound_function_is_no_gpu);
	tcase_add_test(tcase, facts_in_texts_are_replaced);
	tcase_add_test(tcase, unverified_is_only_possible);
	tcase_add_test(tcase, a_doubt_is_told_once);
	tcase_add_test(tcase, first_branch_is_not_verified);
	return unit_run(suite);
}
