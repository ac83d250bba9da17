// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia.ko's admission checks, forecast from a snapshot. */
#include "builder.h"
#include "diagnose/diagnose.h"
#include "diagnose/gates.h"

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
		if (!strcmp(d->gpus.at[0].gates.at[i].gate->id, id))
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

/* The kernel has given the window up: neither size nor place. */
static void lose_bar(struct snapshot *snapshot, size_t index)
{
	snapshot->bars[index] = (struct bar){ .known = true };
}

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
	enum gate_result result;
} vbioses[] = {
	{ 0x13, GPUPROBE_PROM_NO_IMAGE, "", GATE_FAILS },
	{ 0x13, 0, "XXXX\xde\x10\xb3\x1b", GATE_FAILS },
	{ 0x13, 0, "PCIR\xde\x10\xb3\x1b", GATE_CANNOT_TELL },
	/* of another board: that was seen to fail too, but other reasons may lead there */
	{ 0x13, 0, "PCIR\xde\x10\x80\x1b", GATE_CANNOT_TELL },
	{ 0x16, GPUPROBE_PROM_NO_IMAGE, "", GATE_CANNOT_TELL },
	{ 0x16, 0, "XXXX\xde\x10\xb3\x1b", GATE_CANNOT_TELL },
};

START_TEST(vbios_by_its_beginning)
{
	given_bar0(GPUPROBE_BAR0_READ, vbioses[_i].architecture);
	given_prom(vbioses[_i].image, vbioses[_i].pcir, strlen(vbioses[_i].pcir));
	assert_gate("registers", GATE_PASSES, "");
	assert_gate("vbios", vbioses[_i].result, "VBIOS");
	ck_assert_str_eq(gate("vbios")->message, "nvrm.rminit-failed");
	/* What is open until the driver starts the GPU is not worth a word. */
	ck_assert_int_eq(gate_matters(gate("vbios")), vbioses[_i].result == GATE_FAILS);
}
END_TEST

START_TEST(vbios_not_looked_at_is_open)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	assert_gate("registers", GATE_PASSES, "");
	assert_gate("vbios", GATE_CANNOT_TELL, "not looked at");
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

/* --- the driver's file --- */

static struct driver_module *given_file(const char *vermagic, const char *signer)
{
	given_p4(c, 1, 11);
	given_driver("535.183.01");
	c->machine.kernel_release = xstrdup("6.1.0-42-amd64");
	c->modules_looked = true;
	c->modules.at[0].license = xstrdup("NVIDIA");
	c->modules.at[0].vermagic = xstrdup(vermagic);
	c->modules.at[0].signer = signer ? xstrdup(signer) : NULL;
	return &c->modules.at[0];
}

#define FITS "6.1.0-42-amd64 SMP preempt mod_unload modversions "

static const struct {
	const char *vermagic;
	enum gate_result result;
} vermagics[] = {
	{ FITS, GATE_PASSES },
	{ "6.1.0-42-amd64", GATE_PASSES },
	{ "6.1.0-4-amd64 SMP preempt mod_unload ", GATE_FAILS },
	{ "6.1.0-42-amd64-rt SMP preempt mod_unload ", GATE_FAILS },
	/* the kernel then compares the symbols, one by one */
	{ "6.1.0-41-amd64 SMP preempt mod_unload modversions ", GATE_CANNOT_TELL },
};

START_TEST(built_for_which_kernel)
{
	given_file(vermagics[_i].vermagic, NULL);
	assert_gate("vermagic", vermagics[_i].result, "6.1.0-42-amd64");
	/* One can build it anew, so what comes then is told as well. */
	ck_assert_ptr_nonnull(gate("registers"));
}
END_TEST

static const struct {
	enum answer enforced;
	const char *signer;
	enum answer known;
	enum gate_result result;
	enum confidence confidence;
} signatures[] = {
	{ NO, NULL, NOT_KNOWN, GATE_PASSES, CONFIDENCE_CERTAIN },
	{ NO, "mine", NO, GATE_PASSES, CONFIDENCE_CERTAIN },
	{ NOT_KNOWN, NULL, NOT_KNOWN, GATE_CANNOT_TELL, CONFIDENCE_CERTAIN },
	{ YES, NULL, NOT_KNOWN, GATE_FAILS, CONFIDENCE_CERTAIN },
	{ YES, "mine", NO, GATE_FAILS, CONFIDENCE_LIKELY },
	{ YES, "mine", YES, GATE_PASSES, CONFIDENCE_LIKELY },
	{ YES, "mine", NOT_KNOWN, GATE_CANNOT_TELL, CONFIDENCE_CERTAIN },
};

START_TEST(signature_that_the_kernel_wants)
{
	given_file(FITS, signatures[_i].signer)->signer_known = signatures[_i].known;
	c->machine.signatures_enforced = signatures[_i].enforced;
	assert_gate("signature", signatures[_i].result, "");
	ck_assert_int_eq(gate("signature")->confidence, signatures[_i].confidence);
}
END_TEST

START_TEST(what_is_loaded_was_accepted)
{
	given_file(FITS, NULL)->loaded = true;
	c->machine.signatures_enforced = YES;
	assert_gate("signature", GATE_PASSES, "loaded");
}
END_TEST

static const struct {
	const char *kind, *module, *value;
	enum gate_result result;
} settings[] = {
	{ "install", "nvidia", "/bin/false", GATE_FAILS },
	{ "install", "nvidia", "/usr/bin/true --", GATE_FAILS },
	{ "alias", "nvidia", "off", GATE_FAILS },
	{ "blacklist", "nvidia", NULL, GATE_FAILS },
	{ "blacklist", "nvidia-current", NULL, GATE_FAILS },
	/* Debian's own line, and what is about others */
	{ "install", "nvidia", "modprobe -i nvidia-current $CMDLINE_OPTS", GATE_PASSES },
	{ "blacklist", "nouveau", NULL, GATE_PASSES },
	{ "blacklist", "nvidiafb", NULL, GATE_PASSES },
	{ "options", "nvidia", "NVreg_EnableMSI=0", GATE_PASSES },
};

static void given_setting(const char *kind, const char *module, const char *value)
{
	struct module_setting *setting = array_add(&c->module_settings);

	setting->kind = xstrdup(kind);
	setting->module = xstrdup(module);
	setting->value = value ? xstrdup(value) : NULL;
}

START_TEST(blocked_by_modprobe)
{
	given_file(FITS, NULL);
	given_setting(settings[_i].kind, settings[_i].module, settings[_i].value);
	assert_gate("not-blocked", settings[_i].result, "modprobe");
}
END_TEST

/* --- the load and the probe --- */

static const struct {
	const char *driver, *override;
	enum gate_result result;
} owners[] = {
	{ "", NULL, GATE_PASSES }, { "nvidia", NULL, GATE_PASSES },
	{ "nouveau", NULL, GATE_FAILS }, { "vfio-pci", NULL, GATE_FAILS },
	{ "", "vfio-pci", GATE_FAILS }, { "", "nvidia", GATE_PASSES },
};

START_TEST(another_driver_has_it)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	free(snapshot->driver);
	snapshot->driver = xstrdup(owners[_i].driver);
	snapshot->deep.driver_override = owners[_i].override ? xstrdup(owners[_i].override) : NULL;
	assert_gate("owner", owners[_i].result, "");
	/* It can let go, so what comes then is told as well. */
	ck_assert_ptr_nonnull(gate("irq"));
}
END_TEST

START_TEST(a_class_that_is_not_counted_beside_another_gpu)
{
	given_p4(c, 1, 11);
	given_snapshot(given_gpu_at(c, "0000:00:07.0"), SNAPSHOT_SYSFS, "");
	c->functions.at[0].class = 0x038000;
	assert_gate("class", GATE_FAILS, "0380");
	ck_assert_ptr_null(gate("class")->message);
}
END_TEST

static const struct {
	const char *driver;
	uint16_t device;
	uint32_t outcome;
	int result;		/* -1: this driver does not look */
} firewalls[] = {
	{ "595.45.04", 0x2901, GPUPROBE_BAR0_FIREWALL, GATE_FAILS },
	{ "595.45.04", 0x2901, GPUPROBE_BAR0_READ, GATE_PASSES },
	{ "590.48.01", 0x3182, GPUPROBE_BAR0_FIREWALL, GATE_FAILS },
	{ "580.142", 0x2901, GPUPROBE_BAR0_FIREWALL, -1 },
	{ "595.45.04", 0x2b85, GPUPROBE_BAR0_READ, -1 },
};

START_TEST(bar_firewall_of_blackwell)
{
	given_bar0(firewalls[_i].outcome, 0x1a);
	c->functions.at[0].device = firewalls[_i].device;
	given_driver(firewalls[_i].driver);
	if (firewalls[_i].result < 0)
		ck_assert_ptr_null(gate("firewall"));
	else
		assert_gate("firewall", firewalls[_i].result, "it is up");
}
END_TEST

static const struct {
	uint32_t source;
	uint8_t line;
	enum gate_result result;
} routes[] = {
	{ GPUPROBE_ROUTE_GSI, 255, GATE_PASSES },
	{ GPUPROBE_ROUTE_NO_ENTRY, 255, GATE_PASSES },	/* IRQ_NOTCONNECTED */
	{ GPUPROBE_ROUTE_NO_ENTRY, 11, GATE_PASSES },
	{ GPUPROBE_ROUTE_NO_ENTRY, 0, GATE_FAILS },
	{ GPUPROBE_ROUTE_NO_TABLE, 0, GATE_FAILS },
	{ GPUPROBE_ROUTE_NO_TABLE, 16, GATE_CANNOT_TELL },
};

START_TEST(pin_without_irq_by_its_route)
{
	struct snapshot *snapshot = given_p4(c, 1, 0);

	snapshot->deep.route_known = true;
	snapshot->deep.route.source = routes[_i].source;
	snapshot->config[PCI_INTERRUPT_LINE] = routes[_i].line;
	assert_gate("irq", routes[_i].result, "");
}
END_TEST

/* Up to 570: a window above 4 GiB needs one of the bridge there. */
static const struct {
	const char *driver;
	uint64_t window;
	int result;
} bridges[] = {
	{ "570.86.15", 0x800000000, GATE_PASSES }, { "570.86.15", 0xc0000000, GATE_FAILS },
	{ "535.183.01", 0xc0000000, GATE_FAILS }, { "575.64.05", 0xc0000000, -1 },
};

START_TEST(bridge_above_4g)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	given_driver(bridges[_i].driver);
	array_add(&snapshot->parents)->class = 0x060400;
	*array_add(&snapshot->deep.windows) = (struct gpuprobe_window){
		.start = bridges[_i].window, .end = bridges[_i].window + 0xfffffff, .flags = WIDE,
	};
	if (bridges[_i].result < 0)
		ck_assert_ptr_null(gate("bridge"));
	else
		assert_gate("bridge", bridges[_i].result, "window above 4 GiB");
}
END_TEST

START_TEST(no_bridge_on_the_root_bus)
{
	given_p4(c, 1, 11);
	given_driver("535.183.01");
	ck_assert_ptr_nonnull(gate("bars"));
	ck_assert_ptr_null(gate("bridge"));
}
END_TEST

START_TEST(claimed_register_window)
{
	given_p4(c, 1, 11)->bars[0].holder = xstrdup("rivatv");
	assert_gate("region", GATE_FAILS, "rivatv");
	ck_assert_str_eq(gate("region")->message, "nvrm.region-claimed");
}
END_TEST

/* It has it already, so nobody was in its way. */
START_TEST(register_window_claimed_by_the_driver)
{
	given_p4(c, 1, 11)->bars[0].holder = xstrdup("nvidia");
	ck_assert_ptr_nonnull(gate("bars"));
	ck_assert_ptr_null(gate("region"));
}
END_TEST

START_TEST(resizing_is_off_by_default)
{
	given_p4(c, 1, 11);
	ck_assert_ptr_nonnull(gate("bars"));
	ck_assert_ptr_null(gate("resize"));
}
END_TEST

START_TEST(resizing_by_option)
{
	given_p4(c, 1, 11);
	given_setting("options", "nvidia", "NVreg_UsePageAttributeTable=1 NVreg_EnableResizableBar=1");
	assert_gate("resize", GATE_CANNOT_TELL, "NVreg_EnableResizableBar");
}
END_TEST

/* From 580 on the chip is asked before the BARs but for BAR0. */
static const struct {
	const char *driver;
	const char *first, *second;
} orders[] = {
	{ "570.86.15", "bars", "registers" }, { "580.82.07", "registers", "bars" },
	{ "570.86.15", "region", "registers" }, { "580.82.07", "bar0", "region" },
};

START_TEST(order_by_branch)
{
	const struct gate_forecast *first, *second;

	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_driver(orders[_i].driver);
	first = gate(orders[_i].first);
	second = gate(orders[_i].second);
	ck_assert(first && second && first < second);
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
	tcase_add_loop_test(tcase, vbios_by_its_beginning, 0, COUNT(vbioses));
	tcase_add_test(tcase, vbios_not_looked_at_is_open);
	tcase_add_test(tcase, log_of_the_first_use);
	tcase_add_test(tcase, msi_is_open_without_a_trial);
	tcase_add_test(tcase, forbidden_msi_fails);
	tcase_add_test(tcase, msi_refused_in_the_trial_fails);
	tcase_add_test(tcase, log_agrees_with_vbios);
	tcase_add_test(tcase, window_without_place_blocks_enabling);
	tcase_add_loop_test(tcase, built_for_which_kernel, 0, COUNT(vermagics));
	tcase_add_loop_test(tcase, signature_that_the_kernel_wants, 0, COUNT(signatures));
	tcase_add_test(tcase, what_is_loaded_was_accepted);
	tcase_add_loop_test(tcase, blocked_by_modprobe, 0, COUNT(settings));
	tcase_add_loop_test(tcase, another_driver_has_it, 0, COUNT(owners));
	tcase_add_test(tcase, a_class_that_is_not_counted_beside_another_gpu);
	tcase_add_loop_test(tcase, bar_firewall_of_blackwell, 0, COUNT(firewalls));
	tcase_add_loop_test(tcase, pin_without_irq_by_its_route, 0, COUNT(routes));
	tcase_add_loop_test(tcase, bridge_above_4g, 0, COUNT(bridges));
	tcase_add_test(tcase, no_bridge_on_the_root_bus);
	tcase_add_test(tcase, claimed_register_window);
	tcase_add_test(tcase, register_window_claimed_by_the_driver);
	tcase_add_test(tcase, resizing_is_off_by_default);
	tcase_add_test(tcase, resizing_by_option);
	tcase_add_loop_test(tcase, order_by_branch, 0, COUNT(orders));
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
	tcase_add_test(tcase, log_disagreement_is_told);
	tcase_add_test(tcase, probe_that_fails_for_no_known_reason);
	tcase_add_test(tcase, the_last_load_counts);
	tcase_add_loop_test(tcase, log_by_stage, 0, COUNT(stages));
	tcase_add_loop_test(tcase, release_for_the_chip, 0, COUNT(advised));
	tcase_add_test(tcase, why_other_releases_would_not_do);
	tcase_add_test(tcase, what_no_release_changes);
	tcase_add_test(tcase, nothing_is_assumed_where_nobody_looked);
	tcase_add_test(tcase, every_gate_has_a_test);
	tcase_add_test(tcase, every_gate_has_a_place);
	tcase_add_test(tcase, signature_is_a_cause_before_anybody_tried);
	tcase_add_test(tcase, build_for_another_kernel_is_a_cause_before_anybody_tried);
	tcase_add_test(tcase, units_that_do_not_answer_are_the_gpus_fault);
	tcase_add_test(tcase, vgpu_with_the_general_driver);
	return unit_run(suite);
}
