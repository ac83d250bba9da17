// SPDX-License-Identifier: GPL-2.0-or-later
/* What a client of gpusim reads: config space, BAR0, memory. */
#include "gpusim_client.h"

/* ---- config space ---- */

START_TEST(header_is_as_the_profile_says)
{
	start(P4);
	ck_assert_uint_eq(read_region(CONFIG, 0x00, 4), 0x1bb310de);
	ck_assert_uint_eq(read_region(CONFIG, 0x04, 4), 0x00100000);
	ck_assert_uint_eq(read_region(CONFIG, 0x08, 4), 0x030200a1);
	ck_assert_uint_eq(read_region(CONFIG, 0x10, 4), 0x00000000);
	ck_assert_uint_eq(read_region(CONFIG, 0x14, 8), 0x0000000c);
	ck_assert_uint_eq(read_region(CONFIG, 0x2c, 4), 0x11d810de);
	ck_assert_uint_eq(read_region(CONFIG, 0x34, 4), 0x60);
	ck_assert_uint_eq(read_region(CONFIG, 0x3c, 2), 0x010b);
	ck_assert_uint_eq(read_region(CONFIG, 0x60, 4), 0x00036801);
	ck_assert_uint_eq(read_region(CONFIG, 0x68, 4), 0x00807805);
	ck_assert_uint_eq(read_region(CONFIG, 0x78, 4), 0x00020010);
	ck_assert_uint_eq(read_region(CONFIG, 0x8a, 2), 0x0103);
	ck_assert_uint_eq(read_region(CONFIG, 0x100, 4), 0);
	stop();
}
END_TEST

START_TEST(bhyve_hides_the_pin)
{
	start("base: " PROFILE_LINK "/tesla-p4-bhyve.yaml\n");
	ck_assert_uint_eq(read_region(CONFIG, 0x3c, 2), 0x00ff);
	ck_assert_uint_eq(irq_count(&device.irqs, IRQ_INTX), 0);
	ck_assert_uint_eq(irq_count(&device.irqs, IRQ_MSI), 1);
	ck_assert_uint_eq(read_region(0, 0x8803c, 2), 0x010b);
	ck_assert_uint_eq(read_region(0, 0x88010, 4), 0xf6000000);
	ck_assert_uint_eq(read_region(0, 0x88014, 8), 0x38fe000000cull);
	/* Whatever the guest enables, the card's MSI stays off. */
	write_region(CONFIG, 0x6a, 2, 1);
	ck_assert_uint_eq(read_region(CONFIG, 0x6a, 2), 0x81);
	ck_assert_uint_eq(read_region(0, 0x8806a, 2), 0x80);
	stop();
}
END_TEST

START_TEST(t4_has_msix_and_a_null_capability)
{
	start("base: " PROFILE_LINK "/tesla-t4.yaml\n");
	ck_assert_uint_eq(read_region(CONFIG, 0x60, 4), 0x48036801);
	ck_assert_uint_eq(read_region(CONFIG, 0x68, 4), 0x00807800);
	ck_assert_uint_eq(read_region(CONFIG, 0x78, 2), 0xc810);
	ck_assert_uint_eq(read_region(CONFIG, 0xc8, 4), 0x00050011);
	ck_assert_uint_eq(read_region(CONFIG, 0xcc, 4), 0x00b90000);
	ck_assert_uint_eq(read_region(CONFIG, 0xd0, 4), 0x00ba0000);
	ck_assert_uint_eq(irq_count(&device.irqs, IRQ_MSI), 0);
	ck_assert_uint_eq(irq_count(&device.irqs, IRQ_MSIX), 6);
	stop();
}
END_TEST

START_TEST(capability_fields_are_encoded)
{
	start(P4 "capabilities:\n"
	      "  - {id: msi, at: 0x40, vectors: 16, 64bit: no, maskable: yes}\n"
	      "  - {id: vendor, at: 0x60, raw: [0x05, 0xaa, 0xbb]}\n"
	      "  - {id: pcie, at: 0x70, type: legacy, flr: yes, max-payload: 512,\n"
	      "     link-speed: 4, link-width: 8}\n"
	      "  - {id: 0x0d, at: 0xb0, raw: [0, 0, 0xde, 0x10], next: 0x41}\n");
	ck_assert_uint_eq(read_region(CONFIG, 0x34, 1), 0x40);
	ck_assert_uint_eq(read_region(CONFIG, 0x40, 4), 0x01086005);
	ck_assert_uint_eq(read_region(CONFIG, 0x60, 8), 0xbbaa057009);
	ck_assert_uint_eq(read_region(CONFIG, 0x70, 4), 0x0012b010);
	ck_assert_uint_eq(read_region(CONFIG, 0x74, 4), 0x10008022);
	ck_assert_uint_eq(read_region(CONFIG, 0x7c, 4), 0x00000084);
	ck_assert_uint_eq(read_region(CONFIG, 0x82, 2), 0x0084);
	ck_assert_uint_eq(read_region(CONFIG, 0xb0, 8), 0x10de0000410d);
	ck_assert_uint_eq(irq_count(&device.irqs, IRQ_MSI), 16);
	stop();
}
END_TEST

START_TEST(patches_are_applied_last)
{
	start(P4 "config: {0x3d: 0x02, 0x60: 0xabcd, 0x44: 0x12345678, 0x61: 0x77}\n");
	ck_assert_uint_eq(read_region(CONFIG, 0x3d, 1), 2);
	ck_assert_uint_eq(read_region(CONFIG, 0x60, 2), 0x77cd);
	ck_assert_uint_eq(read_region(CONFIG, 0x44, 4), 0x12345678);
	stop();
}
END_TEST

static const struct {
	uint16_t at;
	uint8_t len;
	uint32_t written, read;
} writable[] = {
	{ 0x00, 4, 0xffffffff, 0x1bb310de },	/* ids */
	{ 0x04, 2, 0xffff, 0x0546 },		/* command: no IO BAR, so no IO */
	{ 0x06, 2, 0xffff, 0x0010 },		/* status */
	{ 0x08, 4, 0, 0x030200a1 },
	{ 0x10, 4, 0xffffffff, 0xff000000 },	/* 16M, 32-bit */
	{ 0x14, 4, 0xffffffff, 0xf000000c },	/* 256M, 64-bit prefetchable */
	{ 0x18, 4, 0xffffffff, 0xffffffff },
	{ 0x1c, 4, 0xffffffff, 0xfe00000c },	/* 32M */
	{ 0x24, 4, 0xffffffff, 0 },		/* no BAR5 */
	{ 0x30, 4, 0xffffffff, 0 },		/* no ROM */
	{ 0x34, 1, 0xff, 0x60 },
	{ 0x3c, 2, 0x0206, 0x0106 },		/* line yes, pin no */
	{ 0x60, 2, 0, 0x6801 },
	{ 0x64, 2, 0xffff, 0x010b },		/* PMCSR: state, PME enable; NoSoftRst stays */
	{ 0x6a, 2, 0xffff, 0x00f1 },		/* MSI: enable, multiple message enable */
	{ 0x6c, 4, 0xffffffff, 0xfffffffc },
	{ 0x70, 4, 0xffffffff, 0xffffffff },
	{ 0x74, 4, 0xffffffff, 0x0000ffff },
	{ 0x7c, 4, 0, 0x00008021 },		/* DevCap */
	{ 0x80, 2, 0xffff, 0x7fff },		/* DevCtl */
	{ 0x88, 2, 0xffff, 0x0fcb },		/* LnkCtl */
	{ 0x100, 4, 0xffffffff, 0 },
};

START_TEST(writes_change_what_they_may)
{
	start(P4);
	write_region(CONFIG, writable[_i].at, writable[_i].len, writable[_i].written);
	ck_assert_msg(read_region(CONFIG, writable[_i].at, writable[_i].len) == writable[_i].read,
		      "0x%x", writable[_i].at);
	stop();
}
END_TEST

START_TEST(large_bars_are_sized)
{
	start("base: " PROFILE_LINK "/tesla-p10.yaml\n"
	      "bars: {5: {kind: io, size: 128}}\nrom: 512K\n");
	ck_assert_uint_eq(region_size(&device, 1), 32ull << 30);
	write_region(CONFIG, 0x14, 8, UINT64_MAX);
	ck_assert_uint_eq(read_region(CONFIG, 0x14, 8), 0xfffffff80000000cull);
	write_region(CONFIG, 0x24, 4, 0xffffffff);
	ck_assert_uint_eq(read_region(CONFIG, 0x24, 4), 0xffffff81);
	write_region(CONFIG, 0x30, 4, 0xffffffff);
	ck_assert_uint_eq(read_region(CONFIG, 0x30, 4), 0xfff80001);
	write_region(CONFIG, 0x04, 2, 0x0007);
	ck_assert_uint_eq(read_region(CONFIG, 0x04, 2), 0x0007);
	/* The ROM is there to read, not to write. */
	ck_assert_uint_eq(read_region(VFIO_PCI_ROM_REGION_INDEX, 0, 2), 0xaa55);
	ck_assert_int_eq(try_write(VFIO_PCI_ROM_REGION_INDEX, 0, 2, 0), -EINVAL);
	stop();
}
END_TEST

START_TEST(reset_is_power_on)
{
	start(P4);
	write_region(CONFIG, 0x04, 2, 0x0006);
	write_region(1, 0, 4, 0x1234);
	ck_assert_int_eq(call(PROTO_RESET, NULL, 0), 0);
	ck_assert_uint_eq(read_region(CONFIG, 0x04, 2), 0);
	ck_assert_uint_eq(read_region(1, 0, 4), 0);
	ck_assert_uint_eq(access_log.resets, 1);
	stop();
}
END_TEST

START_TEST(looping_list_comes_after_the_reset)
{
	start("base: " PROFILE_LINK "/cap-loop.yaml\n");
	ck_assert_uint_eq(read_region(CONFIG, 0x34, 1), 0);
	ck_assert_int_eq(call(PROTO_RESET, NULL, 0), 0);
	ck_assert_uint_eq(read_region(CONFIG, 0x34, 1), 0x60);
	ck_assert_uint_eq(read_region(CONFIG, 0x78, 2), 0x6010);
	stop();
}
END_TEST

/* ---- BAR0 ---- */

START_TEST(registers_are_read)
{
	start(P4 "bar0: {default: 0x11223344}\n");
	ck_assert_uint_eq(read_region(0, 0x0, 4), 0x134000a1);
	ck_assert_uint_eq(read_region(0, 0xa00, 4), 0x134a1000);
	ck_assert_uint_eq(read_region(0, 0x2, 1), 0x40);
	ck_assert_uint_eq(read_region(0, 0x9fe, 4), 0x10001122);
	ck_assert_uint_eq(read_region(0, 0x200, 8), 0x1122334411223344ull);
	write_region(0, 0x0, 4, 0);
	write_region(0, 0x200, 4, 0);
	ck_assert_uint_eq(read_region(0, 0x0, 4), 0x134000a1);
	ck_assert_uint_eq(read_region(0, 0x200, 4), 0x11223344);
	stop();
}
END_TEST

START_TEST(listed_registers_win_over_windows)
{
	start(P4 "registers: {0x9400: 0x5, 0x88000: 0x6, 0x300000: 0x7}\n");
	ck_assert_uint_eq(read_region(0, 0x9400, 4), 5);
	ck_assert_uint_eq(read_region(0, 0x88000, 4), 6);
	ck_assert_uint_eq(read_region(0, 0x300000, 4), 7);
	stop();
}
END_TEST

START_TEST(timer_runs)
{
	uint64_t first, second;

	start(P4);
	first = read_region(0, 0x9410, 4) << 32 | read_region(0, 0x9400, 4);
	usleep(1000);
	second = read_region(0, 0x9410, 4) << 32 | read_region(0, 0x9400, 4);
	ck_assert_uint_ge(second - first, 1000000);
	ck_assert_uint_lt(second - first, 20000000000ull);
	ck_assert_uint_eq(first & 0x1f, 0);
	ck_assert_uint_eq(read_region(0, 0x9404, 4), 0);
	stop();
}
END_TEST

START_TEST(timer_may_stand_still_or_be_absent)
{
	uint64_t first;

	start(_i ? P4 "bar0: {timer: none}\n" : P4 "bar0: {timer: stopped}\n");
	first = read_region(0, 0x9400, 4);
	usleep(1000);
	ck_assert_uint_eq(read_region(0, 0x9400, 4), first);
	ck_assert_int_eq(first == 0, _i);
	stop();
}
END_TEST

START_TEST(mirror_follows_config_space)
{
	start(P4 "interrupt: {pin: 0}\nbar0: {mirror: {config: {0x700: 0x1234}}}\n");
	ck_assert_uint_eq(read_region(CONFIG, 0x3d, 1), 0);
	ck_assert_uint_eq(read_region(0, 0x8803d, 1), 1);
	ck_assert_uint_eq(read_region(0, 0x88000, 4), 0x1bb310de);
	ck_assert_uint_eq(read_region(0, 0x88700, 4), 0x1234);
	write_region(CONFIG, 0x10, 4, 0xfd000000);
	ck_assert_uint_eq(read_region(0, 0x88010, 4), 0xfd000000);
	write_region(0, 0x8803c, 1, 0x0a);
	ck_assert_uint_eq(read_region(CONFIG, 0x3c, 1), 0x0a);
	ck_assert_uint_eq(read_region(0, 0x89000, 4), 0);
	stop();
}
END_TEST

static uint8_t sum_of_prom(uint32_t len)
{
	uint8_t total = 0;

	ck_assert_int_gt(try_read(0, 0x300000, len), 0);
	for (uint32_t i = 0; i < len; i++)
		total += reply[sizeof(struct proto_region_io) + i];
	return total;
}

START_TEST(prom_holds_an_image)
{
	uint32_t pcir;

	start(P4);
	ck_assert_uint_eq(read_region(0, 0x300000, 2), 0xaa55);
	pcir = 0x300000 + read_region(0, 0x300018, 2);
	ck_assert_uint_eq(read_region(0, pcir, 8), 0x1bb310de52494350ull);
	ck_assert_uint_eq(read_region(0, pcir + 0x10, 2), 128);
	ck_assert_uint_eq(read_region(0, pcir + 0x15, 1), 0x80);
	ck_assert_uint_eq(sum_of_prom(64 << 10), 0);
	ck_assert_uint_eq(read_region(0, 0x310000, 4), 0xffffffff);
	ck_assert_uint_eq(read_region(0, 0x400000, 4), 0);
	stop();
}
END_TEST

START_TEST(prom_has_faults)
{
	start(P4 "bar0: {prom: {generated: {size: 32K, signature: 0x4e56, device: 0x1111,\n"
	      "  checksum: bad, cut: 0x7ff0}}}\n");
	ck_assert_uint_eq(read_region(0, 0x300000, 2), 0x4e56);
	ck_assert_uint_eq(read_region(0, 0x300066, 2), 0x1111);
	ck_assert_uint_eq(read_region(0, 0x307fec, 4), 0);
	ck_assert_uint_eq(read_region(0, 0x307ff0, 4), 0xffffffff);
	ck_assert_uint_eq(read_region(0, 0x307fee, 4), 0xffff0000);
	stop();

	start(P4 "bar0: {prom: {generated: {checksum: bad}}}\n");
	ck_assert_uint_eq(sum_of_prom(64 << 10), 1);
	stop();
}
END_TEST

START_TEST(prom_shows_a_file)
{
	start_silent(P4);
	stop();
	make_dir();
	write_file("image.rom", "GPUSIM");
	ck_assert_msg(!load_text(P4 "bar0: {prom: {image: image.rom}}\n"), "%s", complaint);
	ck_assert_int_eq(log_open(&access_log, NULL), 0);
	ck_assert_int_eq(device_create(&device, &profile, &access_log), 0);
	ck_assert_int_eq(region_read(&device, 0, 0x300000, reply, 8), 0);
	ck_assert_mem_eq(reply, "GPUSIM\xff\xff", 8);
	device_destroy(&device);
	profile_release(&profile);
	remove_dir();
}
END_TEST

START_TEST(all_ones_hides_everything)
{
	static const uint32_t places[] = { 0, 0xa00, 0x9400, 0x88000, 0x300000, 0xfffffc };

	start("base: " PROFILE_LINK "/tesla-p4-all-ones.yaml\n");
	for (int i = 0; i < COUNT(places); i++)
		ck_assert_uint_eq(read_region(0, places[i], 4), 0xffffffff);
	write_region(0, 0x8803c, 1, 0x55);
	ck_assert_uint_eq(read_region(CONFIG, 0x3c, 1), 0x0b);
	ck_assert_uint_eq(read_region(CONFIG, 0, 4), 0x1bb310de);
	stop();
}
END_TEST

START_TEST(device_vanishes)
{
	start(P4 "faults: {vanish-after: 2}\n");
	ck_assert_uint_eq(read_region(CONFIG, 0, 4), 0x1bb310de);
	write_region(CONFIG, 0x3c, 1, 0x55);
	ck_assert_uint_eq(read_region(CONFIG, 0, 4), 0xffffffff);
	ck_assert_uint_eq(read_region(0, 0, 4), 0xffffffff);
	write_region(CONFIG, 0x3c, 1, 0x66);
	ck_assert_uint_eq(device.config.bytes[0x3c], 0x55);
	stop();
}
END_TEST

/* ---- memory BARs ---- */

START_TEST(memory_is_sparse)
{
	start("base: " PROFILE_LINK "/tesla-p10.yaml\n");
	ck_assert_uint_eq(read_region(1, 0, 8), 0);
	write_region(1, (31ull << 30) + 4094, 4, 0xaabbccdd);
	ck_assert_uint_eq(read_region(1, (31ull << 30) + 4094, 4), 0xaabbccdd);
	ck_assert_uint_eq(read_region(1, (31ull << 30) + 4096, 4), 0xaabb);
	ck_assert_uint_eq(read_region(1, (31ull << 30) + 4092, 2), 0);
	ck_assert_uint_eq(read_region(3, 4094, 4), 0);
	ck_assert_uint_eq(device.bar[1].pages, 2);
	stop();
}
END_TEST

START_TEST(memory_is_bounded)
{
	struct memory memory = { 0 };
	uint8_t byte = 1;

	for (uint64_t i = 0; i <= MEMORY_MAX_PAGES; i++)
		memory_write(&memory, i * MEMORY_PAGE_SIZE, &byte, 1);
	ck_assert_uint_eq(memory.pages, MEMORY_MAX_PAGES);
	memory_read(&memory, (MEMORY_MAX_PAGES - 1ull) * MEMORY_PAGE_SIZE, &byte, 1);
	ck_assert_uint_eq(byte, 1);
	memory_read(&memory, (uint64_t)MEMORY_MAX_PAGES * MEMORY_PAGE_SIZE, &byte, 1);
	ck_assert_uint_eq(byte, 0);
	memory_clear(&memory);
	ck_assert_uint_eq(memory.pages, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gpusim_device");
	TCase *tcase = tcase_create("device");

	tcase_add_test(tcase, header_is_as_the_profile_says);
	tcase_add_test(tcase, bhyve_hides_the_pin);
	tcase_add_test(tcase, t4_has_msix_and_a_null_capability);
	tcase_add_test(tcase, capability_fields_are_encoded);
	tcase_add_test(tcase, patches_are_applied_last);
	tcase_add_loop_test(tcase, writes_change_what_they_may, 0, COUNT(writable));
	tcase_add_test(tcase, large_bars_are_sized);
	tcase_add_test(tcase, reset_is_power_on);
	tcase_add_test(tcase, looping_list_comes_after_the_reset);
	tcase_add_test(tcase, registers_are_read);
	tcase_add_test(tcase, listed_registers_win_over_windows);
	tcase_add_test(tcase, timer_runs);
	tcase_add_loop_test(tcase, timer_may_stand_still_or_be_absent, 0, 2);
	tcase_add_test(tcase, mirror_follows_config_space);
	tcase_add_test(tcase, prom_holds_an_image);
	tcase_add_test(tcase, prom_has_faults);
	tcase_add_test(tcase, prom_shows_a_file);
	tcase_add_test(tcase, all_ones_hides_everything);
	tcase_add_test(tcase, device_vanishes);
	tcase_add_test(tcase, memory_is_sparse);
	tcase_add_test(tcase, memory_is_bounded);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
