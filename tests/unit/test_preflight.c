// SPDX-License-Identifier: GPL-2.0-or-later
/* Would a GPU fit: layouts, names of boards, and the rules of each hypervisor. */
#include <errno.h>

#include "builder.h"
#include "diagnose/board_names.h"
#include "diagnose/preflight.h"
#include "lib/size.h"

#define GIB	(UINT64_C(1) << 30)
#define MIB	(UINT64_C(1) << 20)

#define P4	"32:16M,64p:256M,64p:32M"
#define P10	"32:16M,64p:32G,64p:32M"
#define A100	"32:16M,64p:64G,64p:32M"

static struct gpuprobe_case *c;
static struct platform platform;
static struct preflight_ground ground;
static struct preflight result;

static void setup(void)
{
	c = case_create();
	memset(&platform, 0, sizeof(platform));
}

static void teardown(void)
{
	case_destroy(c);
}

/* --- layouts --- */

START_TEST(a_layout_is_read)
{
	struct layout layout;
	char *problem = NULL;

	ck_assert(layout_parse("64p:16M,64p:128G,64:32m,0", &layout, &problem) == false);
	free(problem);
	problem = NULL;
	ck_assert(layout_parse("32:16M,64p:32G,64:32m", &layout, &problem));
	ck_assert_ptr_null(problem);
	ck_assert_uint_eq(layout.count, 3);
	ck_assert_uint_eq(layout.at[0].index, 0);
	ck_assert_uint_eq(layout.at[1].index, 1);
	ck_assert_uint_eq(layout.at[2].index, 3);
	ck_assert_uint_eq(layout.at[1].size, 32 * GIB);
	ck_assert(!layout.at[0].wide && layout.at[1].wide && layout.at[1].prefetch);
	ck_assert(layout.at[2].wide && !layout.at[2].prefetch);
}
END_TEST

static const char *const bad_layouts[] = {
	"", ",", "16:1M", "32", "32:", "32:x", "32:3M", "32:0", "32:8", "32:4G", "64p:1T1",
	"32:16M,", "32:16M;64:1M", "64:1M,64:1M,64:1M,32:1M", "64p:99999999999999999999",
	"64p:-16M", "64pp:16M", "64p:18446744073709551616", "64:17179869184T",
};

START_TEST(a_bad_layout_is_named)
{
	struct layout layout;
	char *problem = NULL;

	ck_assert(!layout_parse(bad_layouts[_i], &layout, &problem));
	ck_assert_ptr_nonnull(problem);
	ck_assert_int_eq(strncmp(problem, bad_layouts[_i], strlen(bad_layouts[_i])), 0);
	free(problem);
}
END_TEST

START_TEST(layouts_of_all_boards_are_good)
{
	const struct knowledge *k = unit_knowledge();

	ck_assert_uint_gt(k->boards.count, 30);
	for (size_t i = 0; i < k->boards.count; i++) {
		const char *rebar = k->boards.at[i].rebar;
		struct layout layout;
		char *problem = NULL;
		uint64_t size;

		ck_assert_msg(layout_parse(k->boards.at[i].bars, &layout, &problem), "%s",
			      problem);
		ck_assert_msg(!rebar || (size_parse(&rebar, &size) && is_power_of_two(size)),
			      "%s: rebar", k->boards.at[i].name);
	}
}
END_TEST

/* --- names --- */

static const struct {
	const char *text;
	uint32_t device;	/* of the only or the first */
	size_t count;
} names[] = {
	{ "p10", 0x1b39, 1 }, { "Tesla P10", 0x1b39, 1 }, { "TESLA-P10", 0x1b39, 1 },
	{ "teslap10", 0x1b39, 1 }, { "1b39", 0x1b39, 1 }, { "0x1B39", 0x1b39, 1 },
	{ "10de:1b39", 0x1b39, 1 }, { "10DE:1B39", 0x1b39, 1 }, { "3090", 0x2204, 1 },
	{ "rtx3090", 0x2204, 1 }, { "geforce rtx 3090", 0x2204, 1 }, { "v100", 0x1db1, 4 },
	{ "v100 pcie 32gb", 0x1db6, 1 }, { "a100 80gb", 0x20b5, 1 }, { "p4", 0x1bb3, 1 },
	{ "p11", 0, 0 }, { "", 0, 0 }, { "-", 0, 0 }, { "10de:ffff", 0, 0 }, { "10de:3090", 0, 0 },
	{ "10de:", 0, 0 },
};

START_TEST(boards_are_found_by_names)
{
	board_list found = { 0 };

	boards_named(unit_knowledge(), names[_i].text, &found);
	ck_assert_uint_eq(found.count, names[_i].count);
	if (found.count)
		ck_assert_uint_eq(found.at[0]->device, names[_i].device);
	array_free(&found);
}
END_TEST

START_TEST(a_long_name_does_no_harm)
{
	char name[5000];
	board_list found = { 0 };

	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 ? 'a' : ' ';
	name[sizeof(name) - 1] = '\0';
	boards_named(unit_knowledge(), name, &found);
	boards_like(unit_knowledge(), name, 4, &found);
	memset(name, 'a', sizeof(name) - 1);
	boards_named(unit_knowledge(), name, &found);
	boards_like(unit_knowledge(), name, 4, &found);
	array_free(&found);
}
END_TEST

START_TEST(what_is_near_is_suggested)
{
	board_list found = { 0 };

	boards_like(unit_knowledge(), "rtx 3091", 3, &found);
	ck_assert_uint_ge(found.count, 1);
	ck_assert_uint_eq(found.at[0]->device, 0x2204);
	found.count = 0;
	boards_like(unit_knowledge(), "voodoo banshee", 3, &found);
	ck_assert_uint_eq(found.count, 0);
	array_free(&found);
}
END_TEST

/* --- guests --- */

static void given_range(enum range_kind kind, uint64_t start, uint64_t end)
{
	*array_add(&c->machine.space.ranges) = (struct address_range){ kind, start, end - start };
}

static void given_taken(const char *place, uint64_t start, uint64_t size, uint64_t flags,
			bool window)
{
	struct neighbour *neighbour = array_add(&c->machine.space.neighbours);

	ck_assert_uint_ne(pci_address_parse(place, &neighbour->address), 0);
	neighbour->class = window ? 0x060400 : 0x010802;
	*array_add(&neighbour->taken) = (struct taken_range){ start, size, flags, window };
}

/* @ram: GiB, of which 2 lie below 4 GiB */
static void given_guest(const char *hypervisor, unsigned int bits, uint64_t ram)
{
	platform.hypervisor = knowledge_hypervisor(unit_knowledge(), hypervisor);
	ck_assert_ptr_nonnull(platform.hypervisor);
	platform.virtual = true;
	c->machine.space.bits = bits;
	c->machine.efi = NO;
	given_range(RANGE_RAM, 0x100000, 2 * GIB);
	given_range(RANGE_RAM, 4 * GIB, (4 + ram - 2) * GIB);
	given_range(RANGE_WINDOW, 3 * GIB, 3 * GIB + 512 * MIB);
}

static void judge_at(const char *bars, const char *port)
{
	struct pci_address address;
	struct layout layout;
	char *problem = NULL;

	if (port)
		ck_assert_uint_ne(pci_address_parse(port, &address), 0);
	ck_assert_int_eq(preflight_ground(c, unit_knowledge(), &platform,
					  port ? &address : NULL, &ground), 0);
	ck_assert_ptr_nonnull(bars);
	ck_assert(layout_parse(bars, &layout, &problem));
	preflight_judge(&ground, &layout, &result);
	preflight_ground_clear(&ground);
}

static void judge(const char *bars)
{
	judge_at(bars, NULL);
}

START_TEST(bhyve_has_32_gib_whatever_it_shows)
{
	given_guest("bhyve", 39, 16);
	c->machine.efi = YES;
	given_range(RANGE_WINDOW, 32 * GIB, 33 * GIB);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert_uint_eq(result.missing, 32 * MIB);
	ck_assert_int_eq(result.bars[1], FITS);
	ck_assert_int_eq(result.bars[2], FITS_NOT);
	judge(A100);
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert_int_eq(result.bars[1], FITS_NOT);
	judge("32:16M,64p:16G,64p:32M");
	ck_assert_int_eq(result.fit, FITS);
	judge(P4);
	ck_assert_int_eq(result.fit, FITS);
	ck_assert_uint_eq(ground.high.start, 32 * GIB);
}
END_TEST

START_TEST(what_bhyve_has_above_already_takes_room)
{
	given_guest("bhyve", 39, 16);
	given_taken("0000:00:04.0", 32 * GIB, 16 * GIB, WIDE, false);
	judge("64p:16G");
	ck_assert_int_eq(result.fit, FITS);
	judge("64p:16G,64p:16K");
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert_uint_eq(result.missing, 16384);
}
END_TEST

START_TEST(bhyve_has_512_mib_below)
{
	given_guest("bhyve", 39, 16);
	given_taken("0000:00:1d.0", 0xc0000000, 256 * MIB, IORESOURCE_MEM, false);
	judge("32:256M");
	ck_assert_int_eq(result.fit, FITS);
	judge("32:512M");
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert(result.low_missing && !result.high_missing);
}
END_TEST

/* With 36 bits a window of 32 GiB fits beside a small one, and one of 64 GiB does not. */
START_TEST(seabios_uses_all_addresses)
{
	given_guest("qemu", 36, 4);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS);
	judge(A100);
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert_uint_eq(result.bits_needed, 37);
	judge("32:16M,64p:256G");
	ck_assert_uint_eq(result.bits_needed, 39);
	c->machine.space.bits = 39;
	judge("32:16M,64p:256G");
	ck_assert_int_eq(result.fit, FITS);
}
END_TEST

START_TEST(ram_takes_addresses)
{
	given_guest("qemu", 36, 40);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert_uint_eq(result.bits_needed, 37);
}
END_TEST

START_TEST(without_a_width_the_least_is_told)
{
	given_guest("qemu", 0, 4);
	judge(P10);
	ck_assert_int_eq(result.fit, FIT_NOT_KNOWN);
	ck_assert_uint_eq(result.bits_needed, 36);
	/* all of it below 4 GiB */
	judge(P4);
	ck_assert_int_eq(result.fit, FITS);
}
END_TEST

START_TEST(ovmf_may_have_taken_32_gib_only)
{
	given_guest("qemu", 40, 4);
	c->machine.efi = YES;
	judge(P10);
	ck_assert_int_eq(result.fit, FIT_NOT_KNOWN);
	judge("32:16M,64p:16G,64p:32M");
	ck_assert_int_eq(result.fit, FITS);
	given_taken("0000:00:03.0", 32 * GIB, 16384, WIDE, false);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS_NOT);
}
END_TEST

START_TEST(ovmf_shows_its_share_by_what_lies_there)
{
	given_guest("qemu", 40, 4);
	c->machine.efi = YES;
	given_taken("0000:00:03.0", 896 * GIB, 16384, WIDE, false);
	judge("64p:64G,64p:32M");
	ck_assert_int_eq(result.fit, FITS);
	ck_assert_uint_eq(ground.high.start, 896 * GIB);
	ck_assert_uint_eq(ground.high.end, 1024 * GIB);
	judge("64p:128G,64p:32M");
	ck_assert_int_eq(result.fit, FITS_NOT);
}
END_TEST

START_TEST(ovmf_does_what_it_is_asked)
{
	given_guest("proxmox", 46, 4);
	c->machine.efi = YES;
	c->machine.space.mmio64_known = true;
	c->machine.space.mmio64_mib = 131072;
	judge("64p:64G,64p:32M");
	ck_assert_int_eq(result.fit, FITS);
}
END_TEST

START_TEST(seen_windows_are_the_limit_elsewhere)
{
	given_guest("vmware", 45, 4);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS_NOT);
	given_range(RANGE_WINDOW, 64 * GIB, 128 * GIB);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS);
	given_taken("0000:00:03.0", 96 * GIB, 4096, WIDE, false);
	given_taken("0000:00:05.0", 64 * GIB, 4096, WIDE, false);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS_NOT);
}
END_TEST

START_TEST(a_window_beyond_the_last_address_is_none)
{
	given_guest("vmware", 36, 4);
	given_range(RANGE_WINDOW, 64 * GIB, 128 * GIB);
	judge(P10);
	ck_assert_int_eq(result.fit, FITS_NOT);
}
END_TEST

START_TEST(hyperv_shows_nothing_before)
{
	given_guest("hyperv", 40, 4);
	judge(P4);
	ck_assert_int_eq(result.fit, FIT_NOT_KNOWN);
	ck_assert_ptr_nonnull(ground.unknown);
}
END_TEST

START_TEST(nothing_seen_is_nothing_told)
{
	c->machine.space.hidden = true;
	judge(P4);
	ck_assert_int_eq(result.fit, FIT_NOT_KNOWN);
	ck_assert_ptr_nonnull(strstr(ground.unknown, "root"));
}
END_TEST

START_TEST(a_port_keeps_its_windows)
{
	given_guest("qemu", 40, 4);
	given_taken("0000:00:04.0", 0xc0000000, 64 * MIB, IORESOURCE_MEM, true);
	*array_add(&c->machine.space.neighbours.at[0].taken) =
		(struct taken_range){ 6 * GIB, GIB, WIDE, true };
	judge_at(P4, "0000:00:04.0");
	ck_assert_int_eq(result.fit, FITS);
	judge_at(P10, "0000:00:04.0");
	ck_assert_int_eq(result.fit, FITS_NOT);
	ck_assert(result.high_missing && !result.low_missing);
	judge_at("32:128M,64p:256M", "0000:00:04.0");
	ck_assert(!result.high_missing && result.low_missing);
	/* 64-bit, but not prefetchable: the other window */
	judge_at("64:128M", "0000:00:04.0");
	ck_assert_int_eq(result.fit, FITS_NOT);
}
END_TEST

/* As QEMU reserves the last 12 GiB of 40 bits for processors of AMD. */
START_TEST(a_window_of_a_port_in_what_is_reserved_is_of_no_use)
{
	given_guest("qemu", 40, 4);
	given_taken("0000:00:04.0", 0xff80000000, GIB, WIDE, true);
	judge_at("64p:256M", "0000:00:04.0");
	ck_assert_int_eq(result.fit, FITS);
	given_range(RANGE_RESERVED, 0xfd00000000, 0x10000000000);
	judge_at("64p:256M", "0000:00:04.0");
	ck_assert_int_eq(result.fit, FITS_NOT);
}
END_TEST

START_TEST(what_is_no_port_is_refused)
{
	struct pci_address address = { .device = 4 };

	given_guest("qemu", 40, 4);
	ck_assert_int_eq(preflight_ground(c, unit_knowledge(), &platform, &address, &ground),
			 -ENOENT);
	given_taken("0000:00:04.0", 6 * GIB, GIB, WIDE, false);
	ck_assert_int_eq(preflight_ground(c, unit_knowledge(), &platform, &address, &ground),
			 -ENOENT);
}
END_TEST

/* --- from a log --- */

START_TEST(a_log_tells_ram_windows_and_neighbours)
{
	const struct address_space *space = &c->machine.space;

	given_log(c, "BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable\n"
		     "BIOS-e820: [mem 0x0000000100000000-0x000000017fffffff] usable\n"
		     "BIOS-e820: [mem 0x00000000bffe0000-0x00000000bfffffff] reserved\n"
		     "address sizes\t: 39 bits physical, 48 bits virtual\n"
		     "pci_bus 0000:00: root bus resource [io  0x0000-0x0cf7 window]\n"
		     "pci_bus 0000:00: root bus resource [mem 0x180000000-0x97fffffff window]\n"
		     "pci 0000:00:01.0: BAR 0 [mem 0xfd000000-0xfdffffff pref]\n"
		     "pci 0000:00:01.0: BAR 4 [io  0xc000-0xc07f]\n"
		     "pci 0000:00:04.0:   bridge window [mem 0x180000000-0x1bfffffff 64bit pref]\n");
	events_add_functions(c, unit_knowledge());
	events_add_functions(c, unit_knowledge());
	ck_assert_uint_eq(space->bits, 39);
	ck_assert_int_eq(c->machine.efi, NO);
	ck_assert_uint_eq(space->ranges.count, 2);
	ck_assert_int_eq(space->ranges.at[0].kind, RANGE_RAM);
	ck_assert_uint_eq(space->ranges.at[1].start, 6 * GIB);
	ck_assert_uint_eq(space->neighbours.count, 2);
	ck_assert_uint_eq(space->neighbours.at[0].taken.count, 1);
	ck_assert(space->neighbours.at[1].taken.at[0].window);
	ck_assert_uint_eq(space->neighbours.at[1].taken.at[0].size, GIB);
}
END_TEST

START_TEST(a_log_of_uefi_says_so)
{
	given_log(c, "efi: EFI v2.70 by EDK II\n");
	events_add_functions(c, unit_knowledge());
	ck_assert_int_eq(c->machine.efi, YES);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preflight");
	TCase *tcase = unit_case(suite, "words");

	tcase_add_test(tcase, a_layout_is_read);
	tcase_add_loop_test(tcase, a_bad_layout_is_named, 0, COUNT(bad_layouts));
	tcase_add_test(tcase, layouts_of_all_boards_are_good);
	tcase_add_loop_test(tcase, boards_are_found_by_names, 0, COUNT(names));
	tcase_add_test(tcase, a_long_name_does_no_harm);
	tcase_add_test(tcase, what_is_near_is_suggested);
	tcase = unit_case(suite, "guests");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, bhyve_has_32_gib_whatever_it_shows);
	tcase_add_test(tcase, what_bhyve_has_above_already_takes_room);
	tcase_add_test(tcase, bhyve_has_512_mib_below);
	tcase_add_test(tcase, seabios_uses_all_addresses);
	tcase_add_test(tcase, ram_takes_addresses);
	tcase_add_test(tcase, without_a_width_the_least_is_told);
	tcase_add_test(tcase, ovmf_may_have_taken_32_gib_only);
	tcase_add_test(tcase, ovmf_shows_its_share_by_what_lies_there);
	tcase_add_test(tcase, ovmf_does_what_it_is_asked);
	tcase_add_test(tcase, seen_windows_are_the_limit_elsewhere);
	tcase_add_test(tcase, a_window_beyond_the_last_address_is_none);
	tcase_add_test(tcase, hyperv_shows_nothing_before);
	tcase_add_test(tcase, nothing_seen_is_nothing_told);
	tcase_add_test(tcase, a_port_keeps_its_windows);
	tcase_add_test(tcase, a_window_of_a_port_in_what_is_reserved_is_of_no_use);
	tcase_add_test(tcase, what_is_no_port_is_refused);
	tcase_add_test(tcase, a_log_tells_ram_windows_and_neighbours);
	tcase_add_test(tcase, a_log_of_uefi_says_so);
	return unit_run(suite);
}
