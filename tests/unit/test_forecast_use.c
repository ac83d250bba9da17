// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia.ko's first use of the GPU: interrupts, firmware, the start. */
#include "forecast.h"

/* --- MSI, at the first use --- */

START_TEST(msi_is_open_without_a_trial)
{
	given_p4(c, 1, 11);
	assert_gate("msi", GATE_CANNOT_TELL, "trial");
	ck_assert(!gate_matters(gate("msi")));
	ck_assert_ptr_null(gate("msix"));
}
END_TEST

/* Without MSI the driver goes on with INTx, so what comes after is still forecast. */
START_TEST(forbidden_msi_fails)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->irq.flags_known = true;
	snapshot->irq.flags = GPUPROBE_IRQ_MSI_OFF;
	assert_gate("msi", GATE_FAILS, "switched off");
	ck_assert_str_eq(gate("msi")->message, "nvrm.msi-failed");
	ck_assert_int_eq(gate("msi")->log, LOG_SILENT);
}
END_TEST

START_TEST(msi_refused_in_the_trial_fails)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->deep.msi_trial_known = true;
	snapshot->deep.msi_trial.error = -28;
	assert_gate("msi", GATE_FAILS, "trial");
}
END_TEST

/* --- interrupts at the first use --- */

static void given_t4(uint8_t pin, uint32_t irq)
{
	struct snapshot *snapshot = given_p4(c, pin, irq);
	uint8_t bytes[256];

	config_msix(bytes, pin);
	given_config(snapshot, bytes);
	snapshot->irq.flags_known = true;
	snapshot->irq.flags = GPUPROBE_IRQ_MSI_OFF;
}

START_TEST(no_interrupt_of_any_type)
{
	given_t4(0, 0);
	assert_gate("irq", GATE_PASSES, "MSI-X");
	assert_gate("msix", GATE_FAILS, "pci=nomsi");
	assert_gate("any-interrupt", GATE_FAILS, "neither");
	ck_assert_ptr_null(gate("vbios"));
}
END_TEST

START_TEST(intx_is_left)
{
	given_t4(1, 11);
	assert_gate("any-interrupt", GATE_PASSES, "not 0");
	assert_gate("request-irq", GATE_CANNOT_TELL, "11");
}
END_TEST

START_TEST(intx_that_is_not_connected)
{
	given_t4(1, IRQ_NOTCONNECTED);
	assert_gate("request-irq", GATE_FAILS, "IRQ_NOTCONNECTED");
}
END_TEST

START_TEST(msi_switched_off_by_option)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->deep.msi_trial_known = true;
	snapshot->deep.msi_trial.got = 1;
	given_setting("options", "nvidia", "NVreg_EnableMSI=0");
	ck_assert_ptr_null(gate("msi"));
	assert_gate("any-interrupt", GATE_PASSES, "not 0");
}
END_TEST

/* --- the start --- */

static void given_turing(const char *driver, const char *license)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x16);
	c->functions.at[0].device = 0x1eb8;
	given_driver(driver);
	c->modules.at[0].license = xstrdup(license);
}

static void given_firmware(const char *file)
{
	c->firmware_looked = true;
	if (file)
		*array_add(&c->firmware) = xstrdup(file);
}

static const struct {
	const char *license, *file;
	enum gate_result result;
} firmwares[] = {
	{ "Dual MIT/GPL", NULL, GATE_FAILS },
	{ "Dual MIT/GPL", "550.163.01/gsp_tu10x.bin", GATE_PASSES },
	{ "Dual MIT/GPL", "550.163.01/gsp_ga10x.bin", GATE_FAILS },
	{ "Dual MIT/GPL", "550.163/gsp_tu10x.bin", GATE_FAILS },
	/* starts the GPU in its own way then, as seen with 535 */
	{ "NVIDIA", NULL, GATE_PASSES },
};

START_TEST(firmware_on_disk)
{
	given_turing("550.163.01", firmwares[_i].license);
	given_firmware(firmwares[_i].file);
	assert_gate("firmware", firmwares[_i].result, "");
	ck_assert_int_eq(gate("firmware")->gate->value, 0x61);
}
END_TEST

START_TEST(no_firmware_for_what_has_no_gsp)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_driver("550.163.01");
	given_firmware(NULL);
	ck_assert_ptr_nonnull(gate("vbios"));
	ck_assert_ptr_null(gate("firmware"));
}
END_TEST

/* Left up: fatal for the open driver; the other may start it in its own way. */
static const struct {
	const char *license;
	uint32_t register_offset, value;
	const char *id;
	enum gate_result result;
} leftovers[] = {
	{ "Dual MIT/GPL", 0x1fa828, 0x03fff000, "wpr2", GATE_FAILS },
	{ "Dual MIT/GPL", 0x1fa828, 0, "wpr2", GATE_PASSES },
	{ "NVIDIA", 0x1fa828, 0x03fff000, "wpr2", GATE_CANNOT_TELL },
	{ "Dual MIT/GPL", 0x118234, 0x3, "gfw", GATE_FAILS },
	{ "Dual MIT/GPL", 0x118234, 0x3ff, "gfw", GATE_PASSES },
	{ "NVIDIA", 0x118234, 0x3, "gfw", GATE_CANNOT_TELL },
};

START_TEST(state_of_the_gpus_firmware)
{
	given_turing("550.163.01", leftovers[_i].license);
	given_register(leftovers[_i].register_offset, leftovers[_i].value, GPUPROBE_REGISTER_OK);
	assert_gate(leftovers[_i].id, leftovers[_i].result, "");
	ck_assert_int_eq(gate(leftovers[_i].id)->gate->value, 0x62);
}
END_TEST

START_TEST(units_that_do_not_answer)
{
	static const uint32_t offsets[] = { 0x9410, 0x9400, 0x2240c, 0x200, 0x140 };

	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	for (int i = 0; i < COUNT(offsets); i++)
		given_register(offsets[i], 0xbad00100, GPUPROBE_REGISTER_BAD);
	given_register(0x1100, 8, GPUPROBE_REGISTER_OK);
	assert_gate("attach", GATE_FAILS, "internal bus");
	ck_assert_ptr_null(gate("vbios"));
}
END_TEST

START_TEST(one_unit_that_does_not_answer)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	for (int i = 0; i < 4; i++)
		given_register(0x9400, 0xbad00100, GPUPROBE_REGISTER_BAD);
	given_register(0x200, 0, GPUPROBE_REGISTER_OK);
	assert_gate("attach", GATE_PASSES, "answer");
}
END_TEST

START_TEST(big_window_is_missing)
{
	lose_bar(given_p4(c, 1, 11), 1);
	given_driver("570.86.15");
	assert_gate("bar1", GATE_FAILS, "BAR1");
	ck_assert_int_eq(gate("bar1")->confidence, CONFIDENCE_LIKELY);
}
END_TEST

static const struct {
	uint32_t result;
	enum gate_result gate;
} deliveries[] = {
	{ GPUPROBE_IRQ_DELIVERED, GATE_PASSES },
	{ GPUPROBE_IRQ_NOT_DELIVERED, GATE_FAILS },
	{ GPUPROBE_IRQ_ONCE, GATE_PASSES },	/* the driver's test asks for one only */
	{ GPUPROBE_IRQ_STORM, GATE_CANNOT_TELL },
};

START_TEST(interrupt_test_decides)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);
	struct irq_test *test = array_add(&c->functions.at[0].irq_tests);

	snapshot->deep.msi_trial_known = true;
	snapshot->deep.msi_trial.got = 1;
	*array_add(&test->trials) = (struct gpuprobe_irq_trial){
		.type = GPUPROBE_IRQ_TYPE_MSI, .result = deliveries[_i].result,
	};
	*array_add(&test->trials) = (struct gpuprobe_irq_trial){
		.type = GPUPROBE_IRQ_TYPE_INTX, .result = GPUPROBE_IRQ_NOT_DELIVERED,
	};
	assert_gate("irq-test", deliveries[_i].gate, "MSI");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forecast_use");
	TCase *tcase = unit_case(suite, "forecast_use");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, msi_is_open_without_a_trial);
	tcase_add_test(tcase, forbidden_msi_fails);
	tcase_add_test(tcase, msi_refused_in_the_trial_fails);
	tcase_add_test(tcase, no_interrupt_of_any_type);
	tcase_add_test(tcase, intx_is_left);
	tcase_add_test(tcase, intx_that_is_not_connected);
	tcase_add_test(tcase, msi_switched_off_by_option);
	tcase_add_loop_test(tcase, firmware_on_disk, 0, COUNT(firmwares));
	tcase_add_test(tcase, no_firmware_for_what_has_no_gsp);
	tcase_add_loop_test(tcase, state_of_the_gpus_firmware, 0, COUNT(leftovers));
	tcase_add_test(tcase, units_that_do_not_answer);
	tcase_add_test(tcase, one_unit_that_does_not_answer);
	tcase_add_test(tcase, big_window_is_missing);
	tcase_add_loop_test(tcase, interrupt_test_decides, 0, COUNT(deliveries));
	return unit_run(suite);
}
