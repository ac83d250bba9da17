// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia.ko's checks in its probe that a look at config space decides: interrupts and BARs. */
#include "forecast.h"

static void given_hyperv(void)
{
	struct cpuid_signature *signature = array_add(&c->machine.cpuid);

	strcpy(signature->text, "Microsoft Hv");
	c->machine.cpuid_looked = true;
}

START_TEST(no_pin_fails)
{
	given_p4(c, 0, 0);
	assert_gate("class", GATE_PASSES, "0302");
	assert_gate("irq", GATE_FAILS, "Interrupt Pin is 0");
	ck_assert_str_eq(gate("irq")->message, "nvrm.no-irq");
	ck_assert_int_eq(gate("irq")->log, LOG_SILENT);
	/* What comes after a failed check is not reached. */
	ck_assert_ptr_null(gate("bar0"));
	ck_assert_ptr_null(gate("bars"));
}
END_TEST

START_TEST(pin_and_irq_pass)
{
	given_p4(c, 1, 11);
	assert_gate("irq", GATE_PASSES, "pdev->irq is 11");
	assert_gate("bar0", GATE_PASSES, "16 MiB");
	assert_gate("bars", GATE_PASSES, "have addresses");
	assert_gate("registers", GATE_CANNOT_TELL, "not looked at");
}
END_TEST

/* With a pin, enabling the device decides: ACPI may give it a route, or not. */
START_TEST(pin_without_irq_is_open)
{
	given_p4(c, 1, 0);
	assert_gate("irq", GATE_CANNOT_TELL, "decided when the driver enables");
}
END_TEST

START_TEST(not_connected_is_not_0)
{
	given_p4(c, 1, IRQ_NOTCONNECTED);
	assert_gate("irq", GATE_PASSES, "not 0");
}
END_TEST

START_TEST(msix_passes_without_pin)
{
	struct snapshot *snapshot = given_p4(c, 0, 0);
	uint8_t bytes[256];

	config_msix(bytes, 0);
	given_config(snapshot, bytes);
	assert_gate("irq", GATE_PASSES, "MSI-X");
}
END_TEST

START_TEST(hyperv_is_not_checked)
{
	given_hyperv();
	given_p4(c, 0, 0);
	assert_gate("irq", GATE_PASSES, "Hyper-V");
}
END_TEST

/* An ordinary user sees the header only. */
START_TEST(header_alone_leaves_msix_open)
{
	given_p4(c, 0, 0)->config_length = 64;
	assert_gate("irq", GATE_CANNOT_TELL, "MSI-X capability is not known");
}
END_TEST

START_TEST(irq_not_known)
{
	struct snapshot *snapshot = given_p4(c, 1, 0);

	snapshot->irq.irq_known = false;
	assert_gate("irq", GATE_CANNOT_TELL, "");
}
END_TEST

static const struct {
	uint32_t class;
	uint16_t device;
	enum gate_result result;
} classes[] = {
	{ 0x030000, 0x1bb3, GATE_PASSES },	{ 0x030200, 0x1bb3, GATE_PASSES },
	{ 0x038000, 0x1bb3, GATE_FAILS },	{ 0x030000, 0x001f, GATE_FAILS },
	{ 0x030000, 0x0020, GATE_PASSES },
};

START_TEST(class_decides)
{
	given_p4(c, 1, 11);
	c->functions.at[0].class = classes[_i].class;
	c->functions.at[0].device = classes[_i].device;
	assert_gate("class", classes[_i].result, "");
}
END_TEST

/* The list of what was dropped is the proprietary driver's; it comes before all else. */
static const struct {
	const char *driver;
	uint16_t device;
	enum gate_result result;
} dropped[] = {
	{ "580.82.07", 0x1bb3, GATE_PASSES },	{ "595.45.04", 0x1bb3, GATE_FAILS },
	{ "595.45.04", 0x1eb8, GATE_PASSES },	{ "470.256.02", 0x1024, GATE_PASSES },
	{ "510.47.03", 0x1024, GATE_FAILS },	{ "595.45.04", 0x7fff, GATE_PASSES },
};

START_TEST(dropped_by_the_branch)
{
	given_p4(c, 1, 11);
	c->functions.at[0].device = dropped[_i].device;
	given_driver(dropped[_i].driver);
	c->modules.at[0].license = xstrdup("NVIDIA");
	if (dropped[_i].device == 0x7fff) {		/* nobody knows when that ends */
		ck_assert_ptr_null(gate("legacy"));
		return;
	}
	assert_gate("legacy", dropped[_i].result, "");
	ck_assert_str_eq(gate("legacy")->message, "nvrm.legacy-gpu");
	ck_assert_int_eq(gate("legacy")->confidence, dropped[_i].result == GATE_FAILS ?
			 CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN);
}
END_TEST

START_TEST(open_driver_drops_nothing_by_list)
{
	given_p4(c, 1, 11);
	given_driver("595.45.04");
	c->modules.at[0].license = xstrdup("Dual MIT/GPL");
	assert_gate("class", GATE_PASSES, "");
	ck_assert_ptr_null(gate("legacy"));
}
END_TEST

static const struct {
	const char *driver;	/* NULL: not known */
	size_t bar;
	enum gate_result result;
} unassigned[] = {
	{ "525.105.17", 1, GATE_FAILS },	{ "535.183.01", 1, GATE_PASSES },
	{ "570.86.15", 1, GATE_PASSES },	{ "580.82.07", 1, GATE_FAILS },
	{ "580.126.09", 3, GATE_FAILS },	{ NULL, 1, GATE_CANNOT_TELL },
};

START_TEST(unassigned_bar_by_branch)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	if (unassigned[_i].driver)
		given_driver(unassigned[_i].driver);
	lose_bar(snapshot, unassigned[_i].bar);
	assert_gate("enable", GATE_PASSES, "");
	assert_gate("bars", unassigned[_i].result, "no size");
}
END_TEST

START_TEST(bar0_without_size_fails)
{
	lose_bar(given_p4(c, 1, 11), 0);
	assert_gate("bar0", GATE_FAILS, "BAR0");
}
END_TEST

/* A window that still waits for a place keeps the kernel from enabling the function. */
START_TEST(window_without_place_blocks_enabling)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->bars[1].start = 0;
	snapshot->bars[1].flags |= IORESOURCE_UNSET;
	assert_gate("enable", GATE_FAILS, "BAR1 of 256 MiB");
	ck_assert_int_eq(gate("enable")->confidence, CONFIDENCE_LIKELY);
	ck_assert_str_eq(gate("enable")->message, "nvrm.enable-failed");
	ck_assert_ptr_null(gate("irq"));
}
END_TEST

START_TEST(bars_not_known)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	for (int i = 0; i < BAR_COUNT; i++)
		snapshot->bars[i].known = false;
	assert_gate("bar0", GATE_CANNOT_TELL, "not known");
	ck_assert_ptr_null(gate("bars"));
}
END_TEST

START_TEST(log_agrees)
{
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES);
	assert_gate("irq", GATE_FAILS, "");
	ck_assert_int_eq(gate("irq")->log, LOG_AGREES);
	ck_assert_int_eq(gate("class")->log, LOG_SILENT);
}
END_TEST

START_TEST(log_disagrees)
{
	given_p4(c, 1, 11);
	given_log(c, NO_IRQ_LINES);
	assert_gate("irq", GATE_PASSES, "");
	ck_assert_int_eq(gate("irq")->log, LOG_DISAGREES);
}
END_TEST

START_TEST(banner_agrees_with_passing)
{
	given_p4(c, 1, 11);
	given_log(c, LOADING_LINE);
	ck_assert_int_eq(gate("irq")->log, LOG_AGREES);
	ck_assert_int_eq(gate("bars")->log, LOG_AGREES);
	ck_assert_int_eq(gate("registers")->log, LOG_PASSED);
}
END_TEST

/* What the driver found counts, not what it left behind: MSI gives irq another value. */
START_TEST(snapshot_before_the_driver_counts)
{
	struct function *function = given_gpu(c);
	struct snapshot *before, *now;
	uint8_t bytes[256];

	config_p4(bytes, 0);
	before = given_record(function, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	given_config(before, bytes);
	before->irq = (struct irq_view){ true, 0, true, 0, true, 0 };
	config_p4(bytes, 1);
	now = given_snapshot(function, SNAPSHOT_SYSFS, "nvidia");
	given_config(now, bytes);
	now->irq = (struct irq_view){ true, 40, false, 0, false, 0 };
	assert_gate("irq", GATE_FAILS, "Interrupt Pin is 0");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forecast_probe");
	TCase *tcase = unit_case(suite, "forecast_probe");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, no_pin_fails);
	tcase_add_test(tcase, pin_and_irq_pass);
	tcase_add_test(tcase, pin_without_irq_is_open);
	tcase_add_test(tcase, not_connected_is_not_0);
	tcase_add_test(tcase, msix_passes_without_pin);
	tcase_add_test(tcase, hyperv_is_not_checked);
	tcase_add_test(tcase, header_alone_leaves_msix_open);
	tcase_add_test(tcase, irq_not_known);
	tcase_add_loop_test(tcase, class_decides, 0, COUNT(classes));
	tcase_add_loop_test(tcase, dropped_by_the_branch, 0, COUNT(dropped));
	tcase_add_test(tcase, open_driver_drops_nothing_by_list);
	tcase_add_loop_test(tcase, unassigned_bar_by_branch, 0, COUNT(unassigned));
	tcase_add_test(tcase, bar0_without_size_fails);
	tcase_add_test(tcase, window_without_place_blocks_enabling);
	tcase_add_test(tcase, bars_not_known);
	tcase_add_test(tcase, log_agrees);
	tcase_add_test(tcase, log_disagrees);
	tcase_add_test(tcase, banner_agrees_with_passing);
	tcase_add_test(tcase, snapshot_before_the_driver_counts);
	return unit_run(suite);
}
