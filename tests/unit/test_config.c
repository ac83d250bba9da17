// SPDX-License-Identifier: GPL-2.0-or-later
/* Config space from bytes: the header, and lists of capabilities good and bad. */
#include "builder.h"
#include "decode/config.h"

static uint8_t bytes[4096];
static struct pci_config config;

/* From memory of exactly @length bytes, so that a read past the end is seen. */
static void decode(size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);

	memcpy(copy, bytes, length);
	pci_config_decode(copy, length, &config);
	free(copy);
}

START_TEST(whole_list_is_walked)
{
	config_p4(bytes, 1);
	decode(256);
	ck_assert(config.header_known);
	ck_assert_uint_eq(config.command, PCI_COMMAND_MEMORY);
	ck_assert_uint_eq(config.interrupt_pin, 1);
	ck_assert_uint_eq(config.interrupt_line, 0xff);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_WHOLE);
	ck_assert_uint_eq(config.capability_count, 3);
	ck_assert_uint_eq(config.capabilities[1].id, PCI_CAP_ID_MSI);
	ck_assert_uint_eq(config.capabilities[1].offset, 0x68);
	ck_assert_uint_eq(config.capabilities[1].next, 0x78);
	ck_assert_int_eq(config.msi, YES);
	ck_assert_int_eq(config.msix, NO);
	ck_assert_int_eq(config.pcie, YES);
	ck_assert_int_eq(config.power_management, YES);
	ck_assert_uint_eq(config.msi_offset, 0x68);
	ck_assert_uint_eq(config.power_state, 0);
}
END_TEST

static const struct {
	uint16_t flags;
	unsigned int vectors;
	bool enabled, wide, maskable;
} msi_flags[] = {
	{ 0x0000, 1, false, false, false },	{ 0x0080, 1, false, true, false },
	{ 0x0001, 1, true, false, false },	{ 0x0100, 1, false, false, true },
	{ 0x000a, 32, false, false, false },	{ 0x0187, 8, true, true, true },
	{ 0x0070, 1, false, false, false },	/* vectors given, not those wanted */
};

START_TEST(msi_is_decoded)
{
	config_p4(bytes, 1);
	config_word(bytes, 0x6a, msi_flags[_i].flags);
	decode(256);
	ck_assert_uint_eq(config.msi_vectors, msi_flags[_i].vectors);
	ck_assert_int_eq(config.msi_enabled, msi_flags[_i].enabled);
	ck_assert_int_eq(config.msi_64bit, msi_flags[_i].wide);
	ck_assert_int_eq(config.msi_maskable, msi_flags[_i].maskable);
}
END_TEST

START_TEST(msix_is_decoded)
{
	config_msix(bytes, 0);
	decode(256);
	ck_assert_int_eq(config.msix, YES);
	ck_assert_int_eq(config.msi, NO);
	ck_assert_uint_eq(config.msix_offset, 0xc8);
	ck_assert_uint_eq(config.msix_vectors, 6);
	ck_assert(!config.msix_enabled);
	config_word(bytes, 0xca, 0x87ff);
	decode(256);
	ck_assert_uint_eq(config.msix_vectors, 2048);
	ck_assert(config.msix_enabled);
}
END_TEST

START_TEST(pcie_and_power_are_decoded)
{
	config_p4(bytes, 1);
	config_word(bytes, 0x64, 3);			/* PMCSR: D3hot */
	config_word(bytes, 0x78 + PCI_EXP_DEVCAP + 2, 0x1000);	/* bit 28: FLR */
	decode(256);
	ck_assert_uint_eq(config.power_state, 3);
	ck_assert(config.pcie_flr);
}
END_TEST

/* Registers of a PCI Express capability at 78, and what they mean. */
static const struct {
	uint16_t flags;
	uint32_t devcap, lnkcap;
	uint16_t lnksta;
	unsigned int type;
	bool flr, link_known;
	unsigned int speed, speed_max, width, width_max;
} pcie_values[] = {
	/* at its best, and at a lower speed with half its lanes */
	{ 0x0002, 0x00008dc3, 0x00406d03, 0x1103, 0, false, true, 3, 3, 16, 16 },
	{ 0x0002, 0x10008dc3, 0x00406d04, 0x1081, 0, true, true, 1, 4, 8, 16 },
	{ 0x0012, 0x00000000, 0x00000011, 0x0011, 1, false, true, 1, 1, 1, 1 },
	{ 0x0042, 0x0fffffff, 0x000003f5, 0x0205, 4, false, true, 5, 5, 32, 63 },
	{ 0x0052, 0xffffffff, 0x00000023, 0x0023, 5, true, true, 3, 3, 2, 2 },
	{ 0x0062, 0x10000000, 0x00000000, 0x0000, 6, true, false, 0, 0, 0, 0 },
	/* inside the root complex there is no link, whatever the registers hold */
	{ 0x0092, 0x10008fc0, 0x00406d03, 0x1103, 9, true, false, 3, 3, 16, 16 },
	/* bits of the slot and of the message number are not of the type */
	{ 0xff02, 0x00000000, 0x00000103, 0x0000, 0, false, true, 0, 3, 0, 16 },
};

START_TEST(pcie_is_decoded)
{
	config_p4(bytes, 1);
	config_word(bytes, 0x78 + PCI_EXP_FLAGS, pcie_values[_i].flags);
	config_word(bytes, 0x78 + PCI_EXP_DEVCAP, pcie_values[_i].devcap);
	config_word(bytes, 0x78 + PCI_EXP_DEVCAP + 2, pcie_values[_i].devcap >> 16);
	config_word(bytes, 0x78 + PCI_EXP_LNKCAP, pcie_values[_i].lnkcap);
	config_word(bytes, 0x78 + PCI_EXP_LNKCAP + 2, pcie_values[_i].lnkcap >> 16);
	config_word(bytes, 0x78 + PCI_EXP_LNKSTA, pcie_values[_i].lnksta);
	decode(256);
	ck_assert_int_eq(config.pcie, YES);
	ck_assert_uint_eq(config.pcie_offset, 0x78);
	ck_assert_uint_eq(config.pcie_type, pcie_values[_i].type);
	ck_assert_int_eq(config.pcie_flr, pcie_values[_i].flr);
	ck_assert_int_eq(config.link_known, pcie_values[_i].link_known);
	ck_assert_uint_eq(config.link_speed, pcie_values[_i].speed);
	ck_assert_uint_eq(config.link_speed_max, pcie_values[_i].speed_max);
	ck_assert_uint_eq(config.link_width, pcie_values[_i].width);
	ck_assert_uint_eq(config.link_width_max, pcie_values[_i].width_max);
}
END_TEST

START_TEST(pcie_values_have_names)
{
	ck_assert_str_eq(pcie_type_name(PCI_EXP_TYPE_ENDPOINT), "Endpoint");
	ck_assert_str_eq(pcie_type_name(PCI_EXP_TYPE_LEG_END), "Legacy Endpoint");
	ck_assert_str_eq(pcie_type_name(PCI_EXP_TYPE_RC_END), "Root Complex Integrated Endpoint");
	ck_assert_ptr_null(pcie_type_name(2));
	ck_assert_ptr_null(pcie_type_name(16));
	ck_assert_str_eq(link_speed_name(1), "2.5 GT/s");
	ck_assert_str_eq(link_speed_name(6), "64.0 GT/s");
	ck_assert_str_eq(link_speed_name(0), "?");
	ck_assert_str_eq(link_speed_name(7), "?");
	ck_assert_str_eq(link_speed_name(15), "?");
}
END_TEST

START_TEST(no_list_means_none)
{
	config_header(bytes, 1, 0);
	bytes[PCI_CAPABILITY_LIST] = 0x60;		/* not valid without the status bit */
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_NONE);
	ck_assert_uint_eq(config.capability_count, 0);
	ck_assert_int_eq(config.msi, NO);
	ck_assert_int_eq(config.msix, NO);
}
END_TEST

START_TEST(null_capability_is_passed)
{
	config_header(bytes, 1, 0x60);
	config_capability(bytes, 0x60, 0, 0x68, 0);
	config_capability(bytes, 0x68, PCI_CAP_ID_MSI, 0, 0);
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_WHOLE);
	ck_assert_uint_eq(config.capability_count, 2);
	ck_assert_int_eq(config.msi, YES);
	ck_assert_str_eq(capability_name(0), "Null");
	ck_assert_ptr_null(capability_name(0xfe));
}
END_TEST

/* Broken lists end the walk; what is behind the break is not known, never absent. */
static const struct {
	const char *what;
	uint8_t at, next;	/* the next pointer that is broken */
	size_t length;
	enum capability_list list;
	size_t count;
} broken[] = {
	{ "points at itself",		0x68, 0x68, 256, CAPABILITY_LIST_LOOPS, 2 },
	{ "points back",		0x68, 0x60, 256, CAPABILITY_LIST_LOOPS, 2 },
	{ "points into the header",	0x60, 0x3c, 256, CAPABILITY_LIST_STRAYS, 1 },
	{ "points at the ids",		0x60, 0x04, 256, CAPABILITY_LIST_STRAYS, 1 },
	{ "bytes end before it",	0x60, 0x68, 0x68, CAPABILITY_LIST_CUT, 1 },
	{ "bytes end inside its head",	0x60, 0x68, 0x69, CAPABILITY_LIST_CUT, 1 },
	{ "only the header is known",	0x60, 0x68, 64, CAPABILITY_LIST_CUT, 0 },
};

START_TEST(broken_list_ends_the_walk)
{
	config_header(bytes, 1, 0x60);
	config_capability(bytes, 0x60, PCI_CAP_ID_PM, 0x68, 3);
	config_capability(bytes, 0x68, PCI_CAP_ID_VNDR, 0, 0);
	bytes[broken[_i].at + 1] = broken[_i].next;
	decode(broken[_i].length);
	ck_assert_msg(config.list == broken[_i].list, "%s: list is %d", broken[_i].what,
		      config.list);
	ck_assert_msg(config.capability_count == broken[_i].count, "%s: %zu capabilities",
		      broken[_i].what, config.capability_count);
	ck_assert_int_eq(config.msi, NOT_KNOWN);
	ck_assert_int_eq(config.msix, NOT_KNOWN);
	ck_assert(config.header_known);
}
END_TEST

START_TEST(seen_before_the_break_counts)
{
	config_p4(bytes, 0);
	bytes[0x79] = 0x60;
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_LOOPS);
	ck_assert_int_eq(config.msi, YES);
	ck_assert_int_eq(config.msix, NOT_KNOWN);
}
END_TEST

/* A capability whose own bytes are cut is there, but nothing of it is known. */
START_TEST(capability_cut_inside)
{
	config_header(bytes, 1, 0xfc);
	config_capability(bytes, 0xfc, PCI_CAP_ID_EXP, 0, 2);
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_CUT);
	ck_assert_uint_eq(config.capability_count, 1);
	ck_assert_int_eq(config.pcie, NOT_KNOWN);
}
END_TEST

/* The last capability, and whether all that it must have lies before byte 256. */
static const struct {
	uint8_t id, at;
	bool fits;
} ends[] = {
	{ PCI_CAP_ID_PM, 0xf8, true },		{ PCI_CAP_ID_PM, 0xfc, false },
	{ PCI_CAP_ID_MSI, 0xf4, true },		{ PCI_CAP_ID_MSI, 0xf8, false },
	{ PCI_CAP_ID_MSIX, 0xf4, true },	{ PCI_CAP_ID_MSIX, 0xf8, false },
	{ PCI_CAP_ID_EXP, 0xec, true },		{ PCI_CAP_ID_EXP, 0xf0, false },
	{ PCI_CAP_ID_VNDR, 0xfc, true },	{ 0xfe, 0xfc, true },
};

/* Extended config space, which may be known, is no continuation of byte 255. */
START_TEST(capability_past_byte_255)
{
	static const size_t lengths[] = { 256, 300, 4096 };

	for (int i = 0; i < COUNT(lengths); i++) {
		memset(bytes, 0, sizeof(bytes));
		config_header(bytes, 1, 0x60);
		config_capability(bytes, 0x60, PCI_CAP_ID_VNDR, ends[_i].at, 0);
		config_capability(bytes, ends[_i].at, ends[_i].id, 0, 0);
		decode(lengths[i]);
		ck_assert_int_eq(config.list, ends[_i].fits ? CAPABILITY_LIST_WHOLE :
				 CAPABILITY_LIST_CUT);
		ck_assert_uint_eq(config.capability_count, 2);
		if (!ends[_i].fits && ends[_i].id == PCI_CAP_ID_EXP)
			ck_assert_int_eq(config.pcie, NOT_KNOWN);
	}
}
END_TEST

/* Its first bytes count; what the whole list lacks is then not known. */
START_TEST(msi_past_byte_255)
{
	config_header(bytes, 1, 0xf8);
	config_capability(bytes, 0xf8, PCI_CAP_ID_MSI, 0, PCI_MSI_FLAGS_ENABLE);
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_CUT);
	ck_assert_int_eq(config.msi, YES);
	ck_assert(config.msi_enabled);
	ck_assert_int_eq(config.msix, NOT_KNOWN);
}
END_TEST

START_TEST(longest_list_is_walked)
{
	config_header(bytes, 1, 0x40);
	for (unsigned int at = 0x40; at < 0x100; at += 4)
		config_capability(bytes, at, PCI_CAP_ID_VNDR, at + 4 < 0x100 ? at + 4 : 0, 0);
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_WHOLE);
	ck_assert_uint_eq(config.capability_count, CAPABILITIES_MAX);
}
END_TEST

START_TEST(reserved_pointer_bits_are_ignored)
{
	config_p4(bytes, 1);
	bytes[PCI_CAPABILITY_LIST] |= 3;
	bytes[0x61] |= 1;
	decode(256);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_WHOLE);
	ck_assert_int_eq(config.msi, YES);
}
END_TEST

START_TEST(nothing_answers)
{
	memset(bytes, 0xff, 256);
	decode(256);
	ck_assert(!config.header_known);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_UNKNOWN);
	ck_assert_int_eq(config.msi, NOT_KNOWN);
	ck_assert_uint_eq(config.capability_count, 0);
}
END_TEST

START_TEST(any_length_is_safe)
{
	uint64_t state = 42;

	for (size_t length = 0; length <= 256; length++) {
		for (size_t i = 0; i < 256; i++)
			bytes[i] = unit_random(&state);
		bytes[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
		decode(length);
		ck_assert_int_eq(config.header_known, length >= 64);
		ck_assert_uint_le(config.capability_count, CAPABILITIES_MAX);
	}
}
END_TEST

START_TEST(text_stands_in_for_bytes)
{
	struct snapshot snapshot = { .text = {
		.listed = true, .msi = YES, .msi_vectors = 4, .msi_64bit = YES, .msix = NO,
	} };

	snapshot_config(&snapshot, &config);
	ck_assert(!config.header_known);
	ck_assert_int_eq(config.msi, YES);
	ck_assert_uint_eq(config.msi_vectors, 4);
	ck_assert(config.msi_64bit);
	ck_assert_int_eq(config.msix, NO);
	snapshot.text.listed = false;
	snapshot_config(&snapshot, &config);
	ck_assert_int_eq(config.msix, NOT_KNOWN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = unit_case(suite, "config");

	tcase_add_test(tcase, whole_list_is_walked);
	tcase_add_loop_test(tcase, msi_is_decoded, 0, COUNT(msi_flags));
	tcase_add_test(tcase, msix_is_decoded);
	tcase_add_test(tcase, pcie_and_power_are_decoded);
	tcase_add_loop_test(tcase, pcie_is_decoded, 0, COUNT(pcie_values));
	tcase_add_test(tcase, pcie_values_have_names);
	tcase_add_test(tcase, no_list_means_none);
	tcase_add_test(tcase, null_capability_is_passed);
	tcase_add_loop_test(tcase, broken_list_ends_the_walk, 0, COUNT(broken));
	tcase_add_test(tcase, seen_before_the_break_counts);
	tcase_add_test(tcase, capability_cut_inside);
	tcase_add_loop_test(tcase, capability_past_byte_255, 0, COUNT(ends));
	tcase_add_test(tcase, msi_past_byte_255);
	tcase_add_test(tcase, longest_list_is_walked);
	tcase_add_test(tcase, reserved_pointer_bits_are_ignored);
	tcase_add_test(tcase, nothing_answers);
	tcase_add_test(tcase, any_length_is_safe);
	tcase_add_test(tcase, text_stands_in_for_bytes);
	return unit_run(suite);
}
