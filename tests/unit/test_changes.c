// SPDX-License-Identifier: GPL-2.0-or-later
/* What is different between two snapshots, in the names of the PCI specification. */
#include <errno.h>

#include "builder.h"
#include "decode/changes.h"

static struct gpuprobe_case *c;
static struct snapshot *before, *after;
static change_list changes;

/* The P4 twice, without a difference, as the module takes it. */
static void setup(void)
{
	struct function *function;
	uint8_t bytes[256];

	c = case_create();
	function = given_gpu(c);
	given_record(function, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	given_record(function, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	before = &function->snapshots.at[0];
	after = &function->snapshots.at[1];
	config_p4(bytes, 1);
	given_config(before, bytes);
	given_config(after, bytes);
}

static void teardown(void)
{
	changes_clear(&changes);
	case_destroy(c);
}

static void compare(void)
{
	changes_clear(&changes);
	snapshot_changes(before, after, &changes);
}

/* It is the only change; @meaning NULL: it has none. */
static void assert_only(const char *field, const char *had, const char *has, const char *meaning)
{
	compare();
	ck_assert_msg(changes.count == 1, "%s: %zu changes", field, changes.count);
	ck_assert_str_eq(changes.at[0].field, field);
	ck_assert_str_eq(changes.at[0].before, had);
	ck_assert_str_eq(changes.at[0].after, has);
	ck_assert_pstr_eq(changes.at[0].meaning, meaning);
}

static void assert_none(void)
{
	compare();
	ck_assert_msg(!changes.count, "%s", changes.count ? changes.at[0].field : "");
}

START_TEST(nothing_changed)
{
	assert_none();
}
END_TEST

/* One value in config space before and after, and what is said of it. */
struct field_change {
	uint8_t at, size;
	uint32_t had, has;
	const char *field, *before, *after, *meaning;
};

static void put(struct snapshot *snapshot, const struct field_change *field, uint32_t value)
{
	for (size_t i = 0; i < field->size; i++)
		snapshot->config[field->at + i] = value >> (8 * i);
}

static void assert_field(const struct field_change *field)
{
	put(before, field, field->had);
	put(after, field, field->has);
	assert_only(field->field, field->before, field->after, field->meaning);
}

static const struct field_change header_fields[] = {
	{ 0x04, 2, 0x0002, 0x0006, "Command", "0002", "0006", "Bus Master on" },
	{ 0x04, 2, 0x0002, 0x0407, "Command", "0002", "0407",
	  "I/O Space on, Bus Master on, Interrupt Disable on" },
	{ 0x04, 2, 0x0146, 0x0400, "Command", "0146", "0400",
	  "Memory Space off, Bus Master off, Parity Error Response off, SERR# off, "
	  "Interrupt Disable on" },
	{ 0x04, 2, 0x0002, 0x000a, "Command", "0002", "000a", NULL },	/* a bit without a name */
	{ 0x06, 2, 0x0010, 0x2010, "Status", "0010", "2010", NULL },
	{ 0x0c, 1, 0x00, 0x10, "Cache Line Size", "00", "10", NULL },
	{ 0x0d, 1, 0x00, 0x40, "Latency Timer", "00", "40", NULL },
	{ 0x10, 4, 0, 0xc2000000, "BAR0", "00000000", "c2000000", NULL },
	{ 0x14, 4, 0xc, 0x1c, "BAR1", "0000000c", "0000001c", NULL },
	{ 0x18, 4, 0, 8, "BAR2", "00000000", "00000008", NULL },
	{ 0x1c, 4, 0, 1, "BAR3", "00000000", "00000001", NULL },
	{ 0x20, 4, 0, 1, "BAR4", "00000000", "00000001", NULL },
	{ 0x24, 4, 0xe001, 0xf001, "BAR5", "0000e001", "0000f001", NULL },
	{ 0x30, 4, 0, 0xfff80001, "Expansion ROM BAR", "00000000", "fff80001", NULL },
	{ 0x3c, 1, 0xff, 0x0b, "Interrupt Line", "ff", "0b", NULL },
	{ 0x3d, 1, 0, 1, "Interrupt Pin", "00", "01", NULL },
};

START_TEST(header_fields_have_names)
{
	assert_field(&header_fields[_i]);
}
END_TEST

/* The P4's capabilities: PM at 60, MSI of 64 bits at 68, PCI Express at 78. */
static const struct field_change capability_fields[] = {
	{ 0x64, 2, 0x0008, 0x000b, "Power Management Control/Status", "0008", "000b", NULL },
	{ 0x6a, 2, 0x0080, 0x0081, "MSI Message Control", "0080", "0081", "MSI Enable on" },
	{ 0x6a, 2, 0x0081, 0x0080, "MSI Message Control", "0081", "0080", "MSI Enable off" },
	{ 0x6c, 4, 0, 0xfee00000, "MSI Message Address", "00000000", "fee00000", NULL },
	{ 0x70, 4, 0, 1, "MSI Message Upper Address", "00000000", "00000001", NULL },
	{ 0x74, 2, 0, 0x4024, "MSI Message Data", "0000", "4024", NULL },
	{ 0x80, 2, 0x2810, 0x2910, "Device Control", "2810", "2910", NULL },
	{ 0x82, 2, 0, 9, "Device Status", "0000", "0009", NULL },
	{ 0x88, 2, 0, 0x40, "Link Control", "0000", "0040", NULL },
	{ 0x8a, 2, 0x1103, 0x1101, "Link Status", "1103", "1101", NULL },
	{ 0xa0, 2, 0, 9, "Device Control 2", "0000", "0009", NULL },
	{ 0xa8, 2, 3, 1, "Link Control 2", "0003", "0001", NULL },
	{ 0xaa, 2, 0, 1, "Link Status 2", "0000", "0001", NULL },
};

START_TEST(capability_fields_have_names)
{
	assert_field(&capability_fields[_i]);
}
END_TEST

/* MSI without the upper address has its data where that would be. */
static const struct field_change narrow_fields[] = {
	{ 0x6a, 2, 0x0000, 0x0001, "MSI Message Control", "0000", "0001", "MSI Enable on" },
	{ 0x6c, 4, 0, 0xfee00000, "MSI Message Address", "00000000", "fee00000", NULL },
	{ 0x70, 2, 0, 0x4024, "MSI Message Data", "0000", "4024", NULL },
	{ 0x74, 2, 0, 0x4024, "config 0x74", "00000000", "00004024", NULL },
};

START_TEST(msi_of_32_bits)
{
	config_word(before->config, 0x6a, 0);
	config_word(after->config, 0x6a, 0);
	assert_field(&narrow_fields[_i]);
}
END_TEST

/* MSI-X at c8. */
static const struct field_change msix_fields[] = {
	{ 0xca, 2, 0x0005, 0x8005, "MSI-X Message Control", "0005", "8005", "MSI-X Enable on" },
	{ 0xca, 2, 0x0005, 0xc005, "MSI-X Message Control", "0005", "c005",
	  "MSI-X Enable on, Function Mask on" },
	{ 0xcc, 4, 0, 3, "MSI-X Table", "00000000", "00000003", NULL },
	{ 0xd0, 4, 0, 0x2003, "MSI-X PBA", "00000000", "00002003", NULL },
};

START_TEST(msix_fields_have_names)
{
	uint8_t bytes[256];

	config_msix(bytes, 1);
	given_config(before, bytes);
	given_config(after, bytes);
	assert_field(&msix_fields[_i]);
}
END_TEST

static const struct field_change unnamed_fields[] = {
	{ 0x2c, 4, 0x11d810de, 0, "config 0x2c", "11d810de", "00000000", NULL },
	{ 0x68, 1, 0x05, 0x00, "config 0x68", "00807805", "00807800", NULL },	/* beside Message Control */
	{ 0xb4, 1, 0, 0x14, "config 0xb4", "00000000", "00000014", NULL },
	{ 0xff, 1, 0, 0xab, "config 0xfc", "00000000", "ab000000", NULL },
};

START_TEST(the_rest_by_double_words)
{
	assert_field(&unnamed_fields[_i]);
}
END_TEST

START_TEST(several_changes_in_order)
{
	config_word(after->config, PCI_COMMAND, 6);
	config_word(after->config, 0x6a, 0x81);
	after->config[0xc0] = 1;
	compare();
	ck_assert_uint_eq(changes.count, 3);
	ck_assert_str_eq(changes.at[0].field, "Command");
	ck_assert_str_eq(changes.at[1].field, "MSI Message Control");
	ck_assert_str_eq(changes.at[2].field, "config 0xc0");
}
END_TEST

/* An ordinary user sees 64 bytes of config space, root 256. */
START_TEST(only_bytes_that_both_have)
{
	before->config_length = 64;
	after->config[0x40] = 1;
	assert_none();
	after->config[PCI_INTERRUPT_LINE] = 11;
	assert_only("Interrupt Line", "ff", "0b", NULL);
	after->config_length = 0;
	assert_none();
}
END_TEST

/* A register is compared whole or not at all, though two bytes of it are there. */
START_TEST(register_cut_in_the_middle)
{
	before->config_length = 0x6e;
	after->config[0x6c] = 1;
	assert_none();
}
END_TEST

START_TEST(extended_config_is_left_alone)
{
	before->config_length = after->config_length = CONFIG_SPACE_MAX;
	after->config[0x100] = 1;
	assert_none();
	after->config[0xff] = 1;
	assert_only("config 0xfc", "00000000", "01000000", NULL);
}
END_TEST

/* A function that is gone reads as all ones, which is not 64 changes. */
START_TEST(gone_is_one_change)
{
	after->gone = true;
	memset(after->config, 0xff, 256);
	assert_only("config space", "there", "gone", NULL);
	before->gone = true;
	assert_none();
	after->gone = false;
	assert_only("config space", "gone", "there", NULL);
}
END_TEST

/* A capability at the end of the 256 bytes leads to no byte behind them. */
START_TEST(capability_at_the_end)
{
	uint8_t bytes[256];

	config_header(bytes, 1, 0xfc);
	config_capability(bytes, 0xfc, PCI_CAP_ID_EXP, 0, 2);
	given_config(before, bytes);
	bytes[0xfe] = 0x12;
	given_config(after, bytes);
	assert_only("config 0xfc", "00020010", "00120010", NULL);
}
END_TEST

START_TEST(bars_of_the_kernel)
{
	after->bars[1].start = 0x900000000;
	assert_only("kernel's BAR1", "0x800000000+0x10000000", "0x900000000+0x10000000", NULL);
	after->bars[1].start = 0x800000000;
	after->bars[1].size = 0;
	assert_only("kernel's BAR1", "0x800000000+0x10000000", "0x800000000+0x0", NULL);
	after->bars[1].known = false;
	assert_none();
	before->bars[ROM_BAR] = (struct bar){ true, 0, 0x80000, 0, NULL };
	assert_none();
	after->bars[ROM_BAR] = (struct bar){ true, 0xfff80000, 0x80000, 0, NULL };
	assert_only("kernel's ROM", "0x0+0x80000", "0xfff80000+0x80000", NULL);
}
END_TEST

START_TEST(irq_where_both_know_it)
{
	after->irq.irq = 40;
	assert_none();
	after->irq.irq_known = true;
	assert_none();
	before->irq.irq_known = true;
	assert_only("irq", "0", "40", NULL);
	after->irq.irq = IRQ_NOTCONNECTED;
	assert_only("irq", "0", "2147483648", NULL);
}
END_TEST

START_TEST(state_where_both_know_it)
{
	after->enable_count = 1;
	after->power = 3;
	assert_none();
	before->state_known = after->state_known = true;
	compare();
	ck_assert_uint_eq(changes.count, 2);
	ck_assert_str_eq(changes.at[0].field, "enable count");
	ck_assert_str_eq(changes.at[0].after, "1");
	ck_assert_str_eq(changes.at[1].field, "power state");
	ck_assert_str_eq(changes.at[1].before, "D0");
	ck_assert_str_eq(changes.at[1].after, "D3hot");
	after->enable_count = 0;
	before->power = -1;
	after->power = 4;
	assert_only("power state", "unknown", "D3cold", NULL);
}
END_TEST

/* A record names the driver also where it is not bound yet, or not any more. */
static const struct {
	uint32_t had, has;
	const char *before, *after;	/* @before NULL: no change */
} drivers[] = {
	{ GPUPROBE_TRIGGER_BEFORE_BIND, GPUPROBE_TRIGGER_BOUND, "", "nvidia" },
	{ GPUPROBE_TRIGGER_BEFORE_BIND, GPUPROBE_TRIGGER_NOT_BOUND, NULL, NULL },
	{ GPUPROBE_TRIGGER_BOUND, GPUPROBE_TRIGGER_BEFORE_UNBIND, NULL, NULL },
	{ GPUPROBE_TRIGGER_BEFORE_UNBIND, GPUPROBE_TRIGGER_UNBOUND, "nvidia", "" },
};

START_TEST(driver_that_is_bound)
{
	before->trigger = drivers[_i].had;
	after->trigger = drivers[_i].has;
	if (drivers[_i].before)
		assert_only("driver", drivers[_i].before, drivers[_i].after, NULL);
	else
		assert_none();
}
END_TEST

START_TEST(driver_not_known)
{
	before->trigger = GPUPROBE_TRIGGER_LOAD;
	after->trigger = GPUPROBE_TRIGGER_BOUND;
	free(before->driver);
	before->driver = NULL;
	assert_none();
}
END_TEST

/* --- the mirror, registers, and what only the module sees --- */

static void given_mirror(size_t offset, size_t length)
{
	*array_add(&after->deep.mirror_pieces) = (struct config_piece){ offset, length };
	memcpy(after->deep.mirror + offset, after->config + offset, length);
}

static void compare_mirror(void)
{
	changes_clear(&changes);
	mirror_changes(after, &changes);
}

/* What of it was not read is not different, though it is 0 here. */
START_TEST(mirror_in_field_names)
{
	given_mirror(0, 40);
	given_mirror(0x3c, 4);
	given_mirror(0x68, 16);
	compare_mirror();
	ck_assert_uint_eq(changes.count, 0);
	after->deep.mirror[PCI_INTERRUPT_PIN] = 2;
	after->deep.mirror[PCI_BASE_ADDRESS_0 + 3] = 0xfb;
	after->deep.mirror[0x68 + PCI_MSI_FLAGS] ^= PCI_MSI_FLAGS_ENABLE;
	compare_mirror();
	ck_assert_uint_eq(changes.count, 3);
	ck_assert_str_eq(changes.at[0].field, "BAR0");
	ck_assert_str_eq(changes.at[1].field, "Interrupt Pin");
	ck_assert_str_eq(changes.at[1].before, "01");
	ck_assert_str_eq(changes.at[1].after, "02");
	ck_assert_str_eq(changes.at[2].field, "MSI Message Control");
	ck_assert_str_eq(changes.at[2].meaning, "MSI Enable on");
}
END_TEST

static void given_register(struct snapshot *snapshot, uint32_t offset, uint32_t value)
{
	*array_add(&snapshot->deep.registers) =
		(struct gpuprobe_register){ offset, value, 800, GPUPROBE_REGISTER_OK };
}

/* The last read counts; the timer moves in any case. */
START_TEST(registers_that_changed)
{
	given_register(before, 0x9400, 1);
	given_register(before, 0x1100, 7);
	given_register(before, 0x1100, 0);
	given_register(before, 0x200, 0x5c6cf1e1);
	given_register(before, 0x140, 5);
	given_register(after, 0x9400, 2);
	given_register(after, 0x1100, 0);
	given_register(after, 0x200, 0x40000121);
	given_register(after, 0x144, 9);
	register_changes(before, after, &changes);
	ck_assert_uint_eq(changes.count, 1);
	ck_assert_str_eq(changes.at[0].field, "PMC_ENABLE, BAR0 + 0x200");
	ck_assert_str_eq(changes.at[0].before, "5c6cf1e1");
	ck_assert_str_eq(changes.at[0].after, "40000121");
}
END_TEST

START_TEST(trial_that_fails_now)
{
	before->deep.msi_trial_known = after->deep.msi_trial_known = true;
	before->deep.msi_trial = (struct gpuprobe_msi_trial){ .got = 1 };
	after->deep.msi_trial = (struct gpuprobe_msi_trial){ .error = -ENOSPC };
	assert_only("MSI vector in a trial", "given", "none: No space left on device", NULL);
	before->deep.msi_trial_known = false;
	assert_none();
}
END_TEST

START_TEST(kernel_state_in_words)
{
	before->state_known = after->state_known = true;
	before->error_state = 1;
	after->error_state = 3;
	assert_only("error state", "normal", "lost for good", NULL);
	after->error_state = 1;
	before->irq.flags_known = after->irq.flags_known = true;
	after->irq.flags = GPUPROBE_IRQ_NO_MSI | GPUPROBE_IRQ_MSI_ENABLED;
	assert_only("kernel's MSI flags", "0", "5", "MSI forbidden for the function on");
	after->irq.flags = GPUPROBE_IRQ_MSI_ENABLED;	/* config space shows that */
	assert_none();
	before->deep.workaround_known = after->deep.workaround_known = true;
	after->deep.workaround.active = 1;
	assert_only("workaround intx", "not active", "active", NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("changes");
	TCase *tcase = unit_case(suite, "changes");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nothing_changed);
	tcase_add_loop_test(tcase, header_fields_have_names, 0, COUNT(header_fields));
	tcase_add_loop_test(tcase, capability_fields_have_names, 0, COUNT(capability_fields));
	tcase_add_loop_test(tcase, msi_of_32_bits, 0, COUNT(narrow_fields));
	tcase_add_loop_test(tcase, msix_fields_have_names, 0, COUNT(msix_fields));
	tcase_add_loop_test(tcase, the_rest_by_double_words, 0, COUNT(unnamed_fields));
	tcase_add_test(tcase, several_changes_in_order);
	tcase_add_test(tcase, only_bytes_that_both_have);
	tcase_add_test(tcase, register_cut_in_the_middle);
	tcase_add_test(tcase, extended_config_is_left_alone);
	tcase_add_test(tcase, gone_is_one_change);
	tcase_add_test(tcase, capability_at_the_end);
	tcase_add_test(tcase, bars_of_the_kernel);
	tcase_add_test(tcase, irq_where_both_know_it);
	tcase_add_test(tcase, state_where_both_know_it);
	tcase_add_loop_test(tcase, driver_that_is_bound, 0, COUNT(drivers));
	tcase_add_test(tcase, driver_not_known);
	tcase_add_test(tcase, mirror_in_field_names);
	tcase_add_test(tcase, registers_that_changed);
	tcase_add_test(tcase, trial_that_fails_now);
	tcase_add_test(tcase, kernel_state_in_words);
	return unit_run(suite);
}
