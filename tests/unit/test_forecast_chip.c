// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia.ko's checks of the chip and of the VBIOS: what only registers tell. */
#include "forecast.h"

/* --- the registers, which only the module sees --- */

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

int main(void)
{
	Suite *suite = suite_create("forecast_chip");
	TCase *tcase = unit_case(suite, "forecast_chip");

	tcase_add_checked_fixture(tcase, setup, teardown);
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
	tcase_add_test(tcase, log_agrees_with_vbios);
	return unit_run(suite);
}
