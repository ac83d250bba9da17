// SPDX-License-Identifier: GPL-2.0-or-later
/* Capabilities of extended config space, whole, cut and lying. */
#include "builder.h"
#include "decode/extended.h"

static struct snapshot snapshot;

static void put(size_t offset, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		snapshot.config[offset + i] = value >> 8 * i;
}

static void assert_text(uint16_t offset, uint16_t length, const char *text)
{
	const struct config_piece piece = { offset, length };
	char *got = extended_capability_text(&snapshot, &piece);

	ck_assert_str_eq(got, text);
	free(got);
}

START_TEST(capabilities_in_words)
{
	memset(&snapshot, 0, sizeof(snapshot));
	put(0x100, 0x14810001);
	assert_text(0x100, 28, "Advanced Error Reporting: no uncorrectable error");
	put(0x104, 0x00104000);
	assert_text(0x100, 28, "Advanced Error Reporting: uncorrectable errors 00104000, "
		    "Completion Timeout, Unsupported Request");
	put(0x200, 0x00010015);
	put(0x204, 0x000ffc0 << 4);	/* 64 MiB to 32 GiB */
	put(0x208, 0x00000821);		/* BAR1, 1 BAR, 256 MiB */
	assert_text(0x200, 12, "Resizable BAR: BAR1 256 MiB, of 64 MiB to 32 GiB");
	put(0x300, 0x00010010);
	put(0x30c, 0x00200020);
	put(0x310, 0x00000003);
	assert_text(0x300, 20, "Single Root I/O Virtualization: 32 virtual functions at most, 3 now");
	put(0x400, 0x0001000b);
	put(0x404, 0x02810001);
	assert_text(0x400, 12, "Vendor-Specific: id 0001");
	put(0x500, 0x00010023);
	put(0x504, 0x000010de);
	assert_text(0x500, 12, "Designated Vendor-Specific: vendor 10de, id 0000");
	put(0x600, 0x00010002);
	assert_text(0x600, 4, "Virtual Channel");
	put(0x700, 0x00017777);
	assert_text(0x700, 4, "capability 0x7777");
}
END_TEST

/* Every length up to the end of config space, and past it, of bytes that are all ones. */
START_TEST(lying_bytes_stay_inside)
{
	static const uint16_t ids[] = { 0x01, 0x0b, 0x10, 0x15, 0x23, 0xffff };

	for (size_t i = 0; i < COUNT(ids); i++) {
		memset(&snapshot, 0xff, sizeof(snapshot));
		for (uint16_t length = 0; length < 64; length++) {
			const struct config_piece piece = { CONFIG_SPACE_MAX - 32, length };

			put(CONFIG_SPACE_MAX - 32, 0xfff10000 | ids[i]);
			free(extended_capability_text(&snapshot, &piece));
		}
	}
	assert_text(0xffff, 0xffff, "capability 0x0000");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("extended");
	TCase *tcase = unit_case(suite, "extended");

	tcase_add_test(tcase, capabilities_in_words);
	tcase_add_test(tcase, lying_bytes_stay_inside);
	return unit_run(suite);
}
