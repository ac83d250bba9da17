// SPDX-License-Identifier: GPL-2.0-or-later
/* What is different between two cases. */
#include "builder.h"
#include "diagnose/difference.h"

static struct gpuprobe_case *a, *b;
static struct side before, after;
static struct difference difference;

static void setup(void)
{
	a = case_create();
	b = case_create();
}

static void compare(void)
{
	events_add_functions(a, unit_knowledge());
	events_add_functions(b, unit_knowledge());
	before = (struct side){ a, diagnose(a, unit_knowledge()) };
	after = (struct side){ b, diagnose(b, unit_knowledge()) };
	difference_find(&before, &after, &difference);
}

static void teardown(void)
{
	difference_clear(&difference);
	diagnosis_destroy((struct diagnosis *)before.diagnosis);
	diagnosis_destroy((struct diagnosis *)after.diagnosis);
	case_destroy(a);
	case_destroy(b);
}

static const struct change *find_change(const change_list *changes, const char *field)
{
	for (size_t i = 0; i < changes->count; i++)
		if (!strcmp(changes->at[i].field, field))
			return &changes->at[i];
	return NULL;
}

static const struct finding_change *find_finding(const char *id)
{
	for (size_t i = 0; i < difference.findings.count; i++) {
		const struct finding_change *change = &difference.findings.at[i];

		if (!strcmp((change->before ? change->before : change->after)->rule->id, id))
			return change;
	}
	return NULL;
}

START_TEST(the_same_is_not_different)
{
	given_p4(a, 0, 0);
	given_p4(b, 0, 0);
	given_log(a, NO_IRQ_LINES);
	given_log(b, NO_IRQ_LINES);
	compare();
	ck_assert(!difference.any);
	ck_assert_uint_eq(difference.findings.count, 0);
	ck_assert_uint_eq(difference.gpus.count, 1);
	ck_assert_ptr_nonnull(root_cause(before.diagnosis));
}
END_TEST

START_TEST(a_pin_that_came_is_a_fact_a_field_a_gate_and_a_finding)
{
	const struct gpu_difference *gpu;
	const struct change *change;

	given_p4(a, 0, 0);
	given_log(a, NO_IRQ_LINES);
	given_p4(b, 1, 11);
	compare();
	ck_assert(difference.any);
	gpu = &difference.gpus.at[0];
	change = find_change(&gpu->facts, "intpin");
	ck_assert_ptr_nonnull(change);
	ck_assert_str_eq(change->before, "0");
	ck_assert_str_eq(change->after, "1");
	ck_assert_ptr_nonnull(strstr(change->meaning, "0x01"));
	ck_assert_ptr_nonnull(find_change(&gpu->fields, "Interrupt Pin"));
	change = find_change(&gpu->gates, "it has an interrupt");
	ck_assert_ptr_nonnull(change);
	ck_assert_str_eq(change->before, "fails");
	ck_assert_str_eq(change->after, "passes");
	ck_assert_ptr_nonnull(find_finding("intx-pin-missing"));
	ck_assert_ptr_null(find_finding("intx-pin-missing")->after);
}
END_TEST

START_TEST(it_is_known_where_the_driver_stops)
{
	given_p4(a, 0, 0);
	given_log(a, NO_IRQ_LINES);
	given_p4(b, 1, 11);
	given_log(b, LOADING_LINE
		  "[    9.000000] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x30:0xffff:1089)\n");
	compare();
	ck_assert_str_eq(difference.gpus.at[0].stopped->gate->id, "irq");
	ck_assert_str_eq(difference.gpus.at[0].stops->gate->id, "vbios");
	ck_assert_str_eq(find_change(&difference.gpus.at[0].gates, "its VBIOS can be read")->after,
			 "fails");
}
END_TEST

START_TEST(without_msi_the_driver_goes_on)
{
	struct gate msi = { .goes_on = (char *)"yes", .moment = GATE_AT_USE };
	struct gate owner = { .goes_on = (char *)"yes", .moment = GATE_AT_LOAD };
	struct gate_forecast at[] = {
		{ .gate = &msi, .result = GATE_FAILS }, { .gate = &owner, .result = GATE_FAILS },
	};
	forecast gates = { .at = at, .count = 2 };

	ck_assert_ptr_eq(gate_that_stops(&gates), &at[1]);
	at[1].log = LOG_DISAGREES;
	ck_assert_ptr_null(gate_that_stops(&gates));
	ck_assert_ptr_null(gate_left_open(&gates));
	at[0].result = GATE_CANNOT_TELL;
	ck_assert_ptr_eq(gate_left_open(&gates), &at[0]);
	at[0].log = LOG_FAILED;
	ck_assert_ptr_null(gate_left_open(&gates));
}
END_TEST

START_TEST(a_gpu_that_moved_is_the_same)
{
	given_p4(a, 0, 0);
	given_snapshot(given_gpu_at(b, "0000:00:07.0"), SNAPSHOT_SYSFS, "");
	compare();
	ck_assert_uint_eq(difference.gpus.count, 1);
	ck_assert_ptr_nonnull(difference.gpus.at[0].after);
}
END_TEST

START_TEST(a_gpu_that_went_is_a_difference)
{
	given_p4(a, 1, 11);
	b->machine.pci_looked = true;
	compare();
	ck_assert(difference.any);
	ck_assert_uint_eq(difference.gpus.count, 1);
	ck_assert_ptr_null(difference.gpus.at[0].after);
}
END_TEST

START_TEST(a_gpu_that_came_is_a_difference)
{
	given_p4(a, 1, 11);
	given_p4(b, 1, 11);
	given_snapshot(given_gpu_at(b, "0000:00:07.0"), SNAPSHOT_SYSFS, "");
	compare();
	ck_assert(difference.any);
	ck_assert_uint_eq(difference.gpus.count, 2);
	ck_assert_ptr_null(difference.gpus.at[1].before);
}
END_TEST

START_TEST(what_one_side_does_not_know_is_no_difference)
{
	given_p4(a, 0, 0);
	given_log(a, NO_IRQ_LINES);
	given_bhyve(a);
	given_log(b, NO_IRQ_LINES);
	compare();
	ck_assert_uint_eq(difference.machine.count, 0);
	for (size_t i = 0; i < difference.gpus.at[0].facts.count; i++)
		ck_assert_str_ne(difference.gpus.at[0].facts.at[i].field, "intpin");
}
END_TEST

START_TEST(a_finding_that_is_less_sure_has_changed)
{
	const struct finding_change *change;

	given_p4(a, 0, 0);
	given_log(a, NO_IRQ_LINES);
	given_log(b, NO_IRQ_LINES);
	compare();
	change = find_finding("intx-pin-missing");
	ck_assert_ptr_nonnull(change);
	ck_assert(change->before && change->after);
	ck_assert_int_eq(change->before->confidence, CONFIDENCE_CERTAIN);
	ck_assert_int_ne(change->after->confidence, CONFIDENCE_CERTAIN);
}
END_TEST

START_TEST(machines_are_compared)
{
	const struct change *change;

	a->machine.kernel_release = xstrdup("6.8.0");
	b->machine.kernel_release = xstrdup("6.11.0");
	a->machine.space.bits = 39;
	b->machine.space.bits = 46;
	compare();
	ck_assert(difference.any);
	change = find_change(&difference.machine, "kernel");
	ck_assert_ptr_nonnull(change);
	ck_assert_str_eq(change->after, "6.11.0");
	ck_assert_ptr_nonnull(find_change(&difference.machine, "address bits"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("difference");
	TCase *tcase = unit_case(suite, "cases");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_same_is_not_different);
	tcase_add_test(tcase, a_pin_that_came_is_a_fact_a_field_a_gate_and_a_finding);
	tcase_add_test(tcase, it_is_known_where_the_driver_stops);
	tcase_add_test(tcase, without_msi_the_driver_goes_on);
	tcase_add_test(tcase, a_gpu_that_moved_is_the_same);
	tcase_add_test(tcase, a_gpu_that_went_is_a_difference);
	tcase_add_test(tcase, a_gpu_that_came_is_a_difference);
	tcase_add_test(tcase, what_one_side_does_not_know_is_no_difference);
	tcase_add_test(tcase, a_finding_that_is_less_sure_has_changed);
	tcase_add_test(tcase, machines_are_compared);
	return unit_run(suite);
}
