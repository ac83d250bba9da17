// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia.ko's admission checks, forecast from a snapshot. */
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

/* The gate of that name; NULL if the forecast ends before it. */
static const struct gate_forecast *gate(const char *id)
{
	if (!d)
		d = diagnose(c, unit_knowledge());
	ck_assert_uint_ge(d->gpus.count, 1);
	for (size_t i = 0; i < d->gpus.at[0].gates.count; i++)
		if (!strcmp(d->gpus.at[0].gates.at[i].id, id))
			return &d->gpus.at[0].gates.at[i];
	return NULL;
}

static void assert_gate(const char *id, enum gate_result result, const char *because)
{
	const struct gate_forecast *found = gate(id);

	ck_assert_msg(found != NULL, "%s is not reached", id);
	ck_assert_msg(found->result == result, "%s: %d, because %s", id, found->result, found->because);
	ck_assert_msg(strstr(found->because, because), "%s: because %s", id, found->because);
}

static void given_driver(const char *version)
{
	struct driver_module *module = array_add(&c->modules);

	module->name = xstrdup("nvidia");
	module->version = xstrdup(version);
	module->installed = true;
}

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
	ck_assert_ptr_null(gate("bars"));
}
END_TEST

START_TEST(pin_and_irq_pass)
{
	given_p4(c, 1, 11);
	assert_gate("irq", GATE_PASSES, "pdev->irq is 11");
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
	assert_gate("class", dropped[_i].result, "");
	if (dropped[_i].result == GATE_FAILS)
		ck_assert_str_eq(gate("class")->message, "nvrm.legacy-gpu");
}
END_TEST

START_TEST(open_driver_drops_nothing_by_list)
{
	given_p4(c, 1, 11);
	given_driver("595.45.04");
	c->modules.at[0].license = xstrdup("Dual MIT/GPL");
	assert_gate("class", GATE_PASSES, "");
}
END_TEST

static const struct {
	const char *driver;	/* NULL: not known */
	size_t bar;
	enum gate_result result;
} unassigned[] = {
	{ NULL, 0, GATE_FAILS },		{ "535.183.01", 0, GATE_FAILS },
	{ "525.105.17", 1, GATE_FAILS },	{ "535.183.01", 1, GATE_PASSES },
	{ "570.86.15", 1, GATE_PASSES },	{ "580.82.07", 1, GATE_FAILS },
	{ "580.126.09", 3, GATE_FAILS },	{ NULL, 1, GATE_CANNOT_TELL },
};

START_TEST(unassigned_bar_by_branch)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	if (unassigned[_i].driver)
		given_driver(unassigned[_i].driver);
	snapshot->bars[unassigned[_i].bar].start = 0;
	snapshot->bars[unassigned[_i].bar].flags |= IORESOURCE_UNSET;
	assert_gate("bars", unassigned[_i].result, "no address");
}
END_TEST

START_TEST(bar0_without_size_fails)
{
	given_p4(c, 1, 11)->bars[0].size = 0;
	assert_gate("bars", GATE_FAILS, "BAR0");
}
END_TEST

START_TEST(bars_not_known)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	for (int i = 0; i < BAR_COUNT; i++)
		snapshot->bars[i].known = false;
	assert_gate("bars", GATE_CANNOT_TELL, "not known");
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
	ck_assert_int_eq(gate("registers")->log, LOG_SILENT);
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

/* --- the registers, which only the module sees --- */

static struct snapshot *record;

/* The P4 with a pin, just before nvidia's probe; BAR0 read with that outcome. */
static void given_bar0(uint32_t outcome, uint32_t architecture)
{
	struct function *function = given_gpu(c);
	uint8_t bytes[256];

	config_p4(bytes, 1);
	record = given_record(function, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	given_config(record, bytes);
	record->irq = (struct irq_view){ true, 11, true, 1, true, 0 };
	record->deep.bar0_known = true;
	record->deep.bar0 = (struct gpuprobe_bar0){
		.outcome = outcome, .architecture = architecture,
	};
}

static void given_register(uint32_t offset, uint32_t value, uint32_t verdict)
{
	*array_add(&record->deep.registers) =
		(struct gpuprobe_register){ offset, value, 800, verdict };
}

static void assert_registers(enum gate_result result, const char *message, const char *because)
{
	assert_gate("registers", result, because);
	ck_assert_str_eq(gate("registers")->message, message);
	ck_assert(gate("registers")->by_registers);
}

START_TEST(registers_that_do_not_answer)
{
	given_bar0(GPUPROBE_BAR0_ALL_ONES, 0);
	given_register(0, 0xffffffff, GPUPROBE_REGISTER_ALL_ONES);
	assert_registers(GATE_FAILS, "nvrm.off-bus-at-probe", "all ones");
	ck_assert_ptr_null(gate("vbios"));
}
END_TEST

/* Identity registers that answer, and ones later: the driver's check does not see that. */
START_TEST(registers_that_stop_answering)
{
	given_bar0(GPUPROBE_BAR0_ALL_ONES, 0x13);
	given_register(0, 0x134000a1, GPUPROBE_REGISTER_OK);
	given_register(0xa00, 0x13400000, GPUPROBE_REGISTER_OK);
	given_register(0x9400, 0xffffffff, GPUPROBE_REGISTER_ALL_ONES);
	assert_gate("registers", GATE_PASSES, "the identity registers answer");
}
END_TEST

/* It falls off the bus only if both are all ones. */
START_TEST(ones_in_boot_42_alone_name_no_chip)
{
	given_bar0(GPUPROBE_BAR0_ALL_ONES, 0);
	given_register(0, 0x134000a1, GPUPROBE_REGISTER_OK);
	given_register(4, 0, GPUPROBE_REGISTER_OK);
	given_register(0xa00, 0xffffffff, GPUPROBE_REGISTER_ALL_ONES);
	assert_registers(GATE_FAILS, "nvrm.not-supported", "PMC_BOOT_42 reads all ones");
}
END_TEST

START_TEST(locked_registers_name_no_chip)
{
	given_bar0(GPUPROBE_BAR0_LOCKED, 0);
	assert_registers(GATE_FAILS, "nvrm.not-supported", "0xbad");
}
END_TEST

START_TEST(unknown_chip_is_not_supported)
{
	given_bar0(GPUPROBE_BAR0_UNKNOWN_CHIP, 0x1f);
	assert_registers(GATE_FAILS, "nvrm.not-supported", "no known architecture");
}
END_TEST

/* Chips before Pascal have no such register. */
static const struct {
	uint32_t architecture, boot42, verdict;
	enum gate_result result;
} boot42[] = {
	{ 0x13, 0, GPUPROBE_REGISTER_OK, GATE_FAILS },
	{ 0x17, 0, GPUPROBE_REGISTER_OK, GATE_FAILS },
	{ 0x13, 0x13400000, GPUPROBE_REGISTER_OK, GATE_PASSES },
	{ 0x13, 0, GPUPROBE_REGISTER_SKIPPED, GATE_PASSES },
	{ 0x12, 0, GPUPROBE_REGISTER_OK, GATE_PASSES },
};

START_TEST(boot42_of_0_names_no_chip)
{
	given_bar0(GPUPROBE_BAR0_READ, boot42[_i].architecture);
	given_register(0xa00, boot42[_i].boot42, boot42[_i].verdict);
	assert_gate("registers", boot42[_i].result, "");
	if (boot42[_i].result == GATE_FAILS)
		assert_registers(GATE_FAILS, "nvrm.not-supported", "PMC_BOOT_42 reads 0");
}
END_TEST

/* What prevented the look is told, and the gate stays open. */
static const struct {
	uint32_t outcome;
	const char *because;
} not_read[] = {
	{ GPUPROBE_BAR0_DECODE_OFF, "memory decoding is off" },
	{ GPUPROBE_BAR0_FIREWALL, "firewall" }, { GPUPROBE_BAR0_VIRTUAL, "vGPU" },
	{ GPUPROBE_BAR0_DRIVER, "not looked at" }, { GPUPROBE_BAR0_MISMATCH, "disagree" },
};

START_TEST(registers_not_read_are_open)
{
	given_bar0(not_read[_i].outcome, 0);
	assert_registers(GATE_CANNOT_TELL, "nvrm.off-bus-at-probe", not_read[_i].because);
	ck_assert_int_eq(gate("registers")->log, LOG_SILENT);
}
END_TEST

/* By architecture, branch and flavour of the driver. */
static const struct {
	uint16_t device;
	uint32_t architecture;
	const char *driver;	/* NULL: not known */
	const char *license;
	enum gate_result result;
	const char *message, *because;
} chips[] = {
	/* the P4: 367 to 580, no GSP */
	{ 0x1bb3, 0x13, NULL, NULL, GATE_PASSES, "nvrm.off-bus-at-probe", "answer" },
	{ 0x1bb3, 0x13, "580.82.07", "NVIDIA", GATE_PASSES, "nvrm.off-bus-at-probe", "pascal" },
	{ 0x1bb3, 0x13, "367.57", "NVIDIA", GATE_PASSES, "nvrm.off-bus-at-probe", "pascal" },
	{ 0x1bb3, 0x13, "361.93", "NVIDIA", GATE_FAILS, "nvrm.not-supported", "367 or later" },
	{ 0x1bb3, 0x13, "580.82.07", "Dual MIT/GPL", GATE_FAILS, "nvrm.open-unsupported", "GSP" },
	{ 0x1db1, 0x14, "580.82.07", "Dual MIT/GPL", GATE_FAILS, "nvrm.open-unsupported", "GSP" },
	/* a Tesla T4: from 410 on, and the open driver runs it */
	{ 0x1eb8, 0x16, "595.45.04", "Dual MIT/GPL", GATE_PASSES, "nvrm.off-bus-at-probe",
	  "turing" },
	{ 0x1eb8, 0x16, "396.37", "NVIDIA", GATE_FAILS, "nvrm.not-supported", "410 or later" },
	/* a device number that no table has: only what the registers say */
	{ 0x7fff, 0x16, "367.57", "NVIDIA", GATE_PASSES, "nvrm.off-bus-at-probe", "answer" },
};

START_TEST(chip_by_branch_and_flavour)
{
	given_bar0(GPUPROBE_BAR0_READ, chips[_i].architecture);
	c->functions.at[0].device = chips[_i].device;
	if (chips[_i].driver) {
		given_driver(chips[_i].driver);
		c->modules.at[0].license = xstrdup(chips[_i].license);
	}
	assert_registers(chips[_i].result, chips[_i].message, chips[_i].because);
}
END_TEST

#define NOT_SUPPORTED_LINE "[    5.100000] NVRM: NVIDIA 535.129.03 driver release.\n"

START_TEST(log_agrees_with_registers)
{
	given_bar0(GPUPROBE_BAR0_LOCKED, 0);
	given_log(c, NOT_SUPPORTED_LINE);
	assert_registers(GATE_FAILS, "nvrm.not-supported", "");
	ck_assert_int_eq(gate("registers")->log, LOG_AGREES);
}
END_TEST

START_TEST(banner_disagrees_with_failing)
{
	given_bar0(GPUPROBE_BAR0_LOCKED, 0);
	given_log(c, LOADING_LINE);
	assert_gate("registers", GATE_FAILS, "");
	ck_assert_int_eq(gate("registers")->log, LOG_DISAGREES);
}
END_TEST

/* --- the VBIOS, at the first use --- */

static void given_prom(uint32_t image, const char *pcir, size_t length)
{
	struct prom_piece *piece = array_add(&record->deep.prom);

	piece->image = image;
	piece->length = length;
	memcpy(piece->data, pcir, length);
}

static const struct {
	uint32_t architecture, image;
	const char *pcir;
	enum gate_result result;	/* GATE_CANNOT_TELL: it is not listed */
} vbioses[] = {
	{ 0x13, GPUPROBE_PROM_NO_IMAGE, "", GATE_FAILS },
	{ 0x13, 0, "XXXX\xde\x10\xb3\x1b", GATE_FAILS },
	{ 0x13, 0, "PCIR\xde\x10\xb3\x1b", GATE_CANNOT_TELL },
	/* of another board: that was seen to fail too, but other reasons may lead there */
	{ 0x13, 0, "PCIR\xde\x10\x80\x1b", GATE_CANNOT_TELL },
	{ 0x16, GPUPROBE_PROM_NO_IMAGE, "", GATE_CANNOT_TELL },
	{ 0x16, 0, "XXXX\xde\x10\xb3\x1b", GATE_CANNOT_TELL },
};

START_TEST(vbios_is_listed_when_it_fails)
{
	given_bar0(GPUPROBE_BAR0_READ, vbioses[_i].architecture);
	given_prom(vbioses[_i].image, vbioses[_i].pcir, strlen(vbioses[_i].pcir));
	assert_gate("registers", GATE_PASSES, "");
	if (vbioses[_i].result == GATE_CANNOT_TELL) {
		ck_assert_ptr_null(gate("vbios"));
		return;
	}
	assert_gate("vbios", vbioses[_i].result, "VBIOS");
	ck_assert_str_eq(gate("vbios")->message, "nvrm.rminit-failed");
	ck_assert(gate("vbios")->by_registers);
}
END_TEST

START_TEST(vbios_not_looked_at_is_not_listed)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	assert_gate("registers", GATE_PASSES, "");
	ck_assert_ptr_null(gate("vbios"));
}
END_TEST

/* The banner is of the probe, which comes before; only the failure itself tells. */
START_TEST(log_of_the_first_use)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_prom(GPUPROBE_PROM_NO_IMAGE, "", 0);
	given_log(c, LOADING_LINE);
	assert_gate("registers", GATE_PASSES, "");
	ck_assert_int_eq(gate("registers")->log, LOG_AGREES);
	assert_gate("vbios", GATE_FAILS, "no VBIOS is readable");
	ck_assert_int_eq(gate("vbios")->log, LOG_SILENT);
}
END_TEST

START_TEST(log_agrees_with_vbios)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_prom(GPUPROBE_PROM_NO_IMAGE, "", 0);
	given_log(c, LOADING_LINE "[    5.4] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! "
				  "(0x30:0xffffffff:858)\n");
	assert_gate("vbios", GATE_FAILS, "");
	ck_assert_int_eq(gate("vbios")->log, LOG_AGREES);
}
END_TEST

/* --- MSI, at the first use --- */

START_TEST(msi_that_is_given_is_not_listed)
{
	given_p4(c, 1, 11);
	ck_assert_ptr_null(gate("msi"));
}
END_TEST

/* Without MSI the driver goes on with INTx, so what comes after is still forecast. */
START_TEST(forbidden_msi_fails)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->irq.flags_known = true;
	snapshot->irq.flags = GPUPROBE_IRQ_MSI_OFF;
	assert_gate("msi", GATE_FAILS, "forbidden");
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

int main(void)
{
	Suite *suite = suite_create("forecast");
	TCase *tcase = unit_case(suite, "forecast");

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
	tcase_add_test(tcase, bars_not_known);
	tcase_add_test(tcase, log_agrees);
	tcase_add_test(tcase, log_disagrees);
	tcase_add_test(tcase, banner_agrees_with_passing);
	tcase_add_test(tcase, snapshot_before_the_driver_counts);
	tcase_add_test(tcase, registers_that_do_not_answer);
	tcase_add_test(tcase, registers_that_stop_answering);
	tcase_add_test(tcase, ones_in_boot_42_alone_name_no_chip);
	tcase_add_test(tcase, locked_registers_name_no_chip);
	tcase_add_test(tcase, unknown_chip_is_not_supported);
	tcase_add_loop_test(tcase, boot42_of_0_names_no_chip, 0, COUNT(boot42));
	tcase_add_loop_test(tcase, registers_not_read_are_open, 0, COUNT(not_read));
	tcase_add_loop_test(tcase, chip_by_branch_and_flavour, 0, COUNT(chips));
	tcase_add_test(tcase, log_agrees_with_registers);
	tcase_add_test(tcase, banner_disagrees_with_failing);
	tcase_add_loop_test(tcase, vbios_is_listed_when_it_fails, 0, COUNT(vbioses));
	tcase_add_test(tcase, vbios_not_looked_at_is_not_listed);
	tcase_add_test(tcase, log_of_the_first_use);
	tcase_add_test(tcase, msi_that_is_given_is_not_listed);
	tcase_add_test(tcase, forbidden_msi_fails);
	tcase_add_test(tcase, msi_refused_in_the_trial_fails);
	tcase_add_test(tcase, log_agrees_with_vbios);
	return unit_run(suite);
}
