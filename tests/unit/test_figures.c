// SPDX-License-Identifier: GPL-2.0-or-later
/* What lies where, and the boot step by step, as data. */
#include "builder.h"
#include "render/figures.h"

static struct gpuprobe_case *c;
static struct diagnosis *d;
static struct address_map map;
static struct timeline timeline;

static void setup(void)
{
	c = case_create();
}

static void make(void)
{
	d = diagnose(c, unit_knowledge());
	address_map_make(c, d, &map);
	timeline_make(c, d, &timeline);
}

static void teardown(void)
{
	address_map_clear(&map);
	timeline_clear(&timeline);
	diagnosis_destroy(d);
	case_destroy(c);
}

static void given_range(enum range_kind kind, uint64_t start, uint64_t size)
{
	*array_add(&c->machine.space.ranges) = (struct address_range){ kind, start, size };
}

static void given_taken(const char *place, uint64_t start, uint64_t size, bool window)
{
	struct neighbour *neighbour = array_add(&c->machine.space.neighbours);

	ck_assert_uint_ne(pci_address_parse(place, &neighbour->address), 0);
	*array_add(&neighbour->taken) = (struct taken_range){ start, size, IORESOURCE_MEM, window };
}

/* The P4's BAR1 is as large as that and has no address. */
static struct snapshot *given_unplaced(uint64_t size)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->bars[1] = (struct bar){ true, 0, size, WIDE | IORESOURCE_UNSET, NULL };
	return snapshot;
}

static void given_window(struct snapshot *snapshot, uint16_t parent, uint64_t start, uint64_t end,
			 uint64_t largest_free)
{
	struct gpuprobe_window *window = array_add(&snapshot->deep.windows);

	window->parent = parent;
	window->start = start;
	window->end = end;
	window->flags = IORESOURCE_MEM;
	window->largest_free = largest_free;
}

#define GIB (UINT64_C(1) << 30)

static void assert_region(size_t i, enum region_kind kind, uint64_t start, uint64_t size,
			  const char *name)
{
	ck_assert_uint_lt(i, map.regions.count);
	ck_assert_int_eq(map.regions.at[i].kind, kind);
	ck_assert_uint_eq(map.regions.at[i].start, start);
	ck_assert_uint_eq(map.regions.at[i].size, size);
	ck_assert_str_eq(map.regions.at[i].name, name);
}

START_TEST(nothing_is_known)
{
	make();
	ck_assert_uint_eq(map.regions.count, 0);
	ck_assert(!map.trouble);
	ck_assert_uint_eq(timeline.moments.count, 0);
}
END_TEST

START_TEST(regions_are_in_order)
{
	given_p4(c, 1, 11);
	given_range(RANGE_WINDOW, 8 * 4 * GIB, 32 * GIB);
	given_range(RANGE_RAM, 0x100000, 2 * GIB);
	given_range(RANGE_WINDOW, 3 * GIB, GIB);
	given_taken("0000:00:03.0", 0xfd000000, 0x1000, false);
	given_taken("0000:00:06.0", 0xc2000000, 16 << 20, false);
	make();
	ck_assert_uint_eq(map.regions.count, 7);
	assert_region(0, REGION_RAM, 0x100000, 2 * GIB, "memory (RAM)");
	assert_region(1, REGION_WINDOW, 3 * GIB, GIB, "window of the PCI bus");
	assert_region(2, REGION_BAR, 0xc2000000, 16 << 20, "BAR0");
	assert_region(3, REGION_OTHER, 0xfd000000, 0x1000, "device 0000:00:03.0");
	assert_region(4, REGION_WINDOW, 32 * GIB, 32 * GIB, "window of the PCI bus");
	assert_region(5, REGION_BAR, 0x800000000, 256 << 20, "BAR1");
	assert_region(6, REGION_BAR, 0x810000000, 32 << 20, "BAR3");
	ck_assert(!map.trouble);
}
END_TEST

/* Memory with small holes is one, and small neighbours are one. */
START_TEST(small_things_are_merged)
{
	given_p4(c, 1, 11);
	given_range(RANGE_RAM, 0x1000, 0x9e000);
	given_range(RANGE_WINDOW, 0xa0000, 0x20000);
	given_range(RANGE_RAM, 0x100000, GIB);
	given_taken("0000:00:03.0", 0xfd000000, 0x1000, false);
	given_taken("0000:00:04.0", 0xfd001000, 0x2000, false);
	make();
	assert_region(0, REGION_RAM, 0x1000, GIB + 0xff000, "memory (RAM)");
	assert_region(2, REGION_OTHER, 0xfd000000, 0x3000, "2 other devices");
}
END_TEST

START_TEST(module_tells_the_room)
{
	struct snapshot *snapshot = given_unplaced(32 * GIB);

	given_window(snapshot, GPUPROBE_PARENT_ROOT_BUS, 3 * GIB, 4 * GIB - 1, GIB / 2);
	given_window(snapshot, GPUPROBE_PARENT_ROOT_BUS, 32 * GIB, 64 * GIB - 1, 16 * GIB);
	make();
	ck_assert(map.trouble);
	assert_region(map.regions.count - 1, REGION_BAR, 32 * GIB, 32 * GIB, "BAR1");
	ck_assert(!map.regions.at[map.regions.count - 1].placed);
	ck_assert_uint_eq(map.regions.at[map.regions.count - 1].room, 16 * GIB);
	ck_assert_str_eq(map.regions.at[map.regions.count - 1].note, "has no address: it needs 32 GiB in "
			 "one piece, and the largest free place for it is 16 GiB");
}
END_TEST

/* Without the module: what is free between what is seen, aligned as a BAR must be. */
START_TEST(room_is_computed)
{
	given_unplaced(32 * GIB);
	given_range(RANGE_WINDOW, 3 * GIB, GIB);
	given_range(RANGE_WINDOW, 32 * GIB, 32 * GIB);
	given_taken("0000:00:03.0", 32 * GIB, 0x4000, false);
	make();
	ck_assert_uint_eq(map.regions.at[map.regions.count - 1].start, 32 * GIB);
	ck_assert_uint_eq(map.regions.at[map.regions.count - 1].room, 16 * GIB);
}
END_TEST

START_TEST(no_window_above_four_gib)
{
	given_unplaced(32 * GIB);
	given_range(RANGE_WINDOW, 3 * GIB, GIB);
	make();
	ck_assert_uint_eq(map.regions.at[map.regions.count - 1].start, 0);
	ck_assert_str_eq(map.regions.at[map.regions.count - 1].note, "has no address: it needs 32 GiB in "
			 "one piece, and no window above 4 GiB is known");
}
END_TEST

/* A ROM gets an address when somebody wants to read it. */
START_TEST(a_rom_needs_no_address)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	snapshot->bars[ROM_BAR] = (struct bar){ true, 0, 512 << 10, IORESOURCE_MEM | IORESOURCE_UNSET, NULL };
	make();
	ck_assert(!map.trouble);
}
END_TEST

/* The last word of the log on a BAR counts. */
START_TEST(a_log_alone_has_a_map)
{
	given_log(c, "[    0.1] pci_bus 0000:00: root bus resource [mem 0x800000000-0xfffffffff window]\n"
		  "[    0.2] pci 0000:00:06.0: [10de:1b39] type 00 class 0x030200\n"
		  "[    0.3] pci 0000:00:06.0: BAR 0 [mem 0xfc000000-0xfcffffff]\n"
		  "[    0.4] pci 0000:00:06.0: BAR 1 [mem 0x00000000-0x7ffffffff 64bit pref]\n"
		  "[    0.5] pci 0000:00:06.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space\n"
		  "[    9.0] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x24:0xffff:1225)\n");
	events_add_functions(c, unit_knowledge());
	make();
	ck_assert(map.trouble);
	assert_region(0, REGION_BAR, 0xfc000000, 16 << 20, "BAR0");
	assert_region(1, REGION_WINDOW, 32 * GIB, 32 * GIB, "window of the PCI bus");
	assert_region(2, REGION_BAR, 32 * GIB, 32 * GIB, "BAR1");
	ck_assert(!map.regions.at[2].placed);
}
END_TEST

START_TEST(several_functions_have_their_names)
{
	given_p4(c, 1, 11);
	given_gpu_at(c, "0000:00:07.0");
	make();
	assert_region(0, REGION_BAR, 0xc2000000, 16 << 20, "BAR0 of 0000:00:06.0");
}
END_TEST

START_TEST(sizes_read_well)
{
	static const struct {
		uint64_t size;
		const char *text;
	} sizes[] = {
		{ 1, "1 bytes" }, { 512, "512 bytes" }, { 1024, "1 KiB" }, { 1536, "1.5 KiB" },
		{ 16 << 20, "16 MiB" }, { 32 * GIB, "32 GiB" }, { UINT64_MAX, "16.0 EiB" },
	};
	char text[SIZE_TEXT];

	ck_assert_str_eq(size_print(sizes[_i].size, text), sizes[_i].text);
}
END_TEST

/* --- the boot --- */

static void assert_moment(size_t i, enum moment_kind kind, bool failing, const char *text)
{
	ck_assert_uint_lt(i, timeline.moments.count);
	ck_assert_str_eq(timeline.moments.at[i].text, text);
	ck_assert_int_eq(timeline.moments.at[i].kind, kind);
	ck_assert_int_eq(timeline.moments.at[i].failing, failing);
}

START_TEST(looks_stand_between_lines)
{
	struct function *gpu;

	given_p4(c, 0, 0);
	gpu = &c->functions.at[0];
	given_record(gpu, GPUPROBE_TRIGGER_LOAD, "")->log_ns = 1000000000;
	given_record(gpu, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia")->log_ns = 5100010000;
	given_record(gpu, GPUPROBE_TRIGGER_NOT_BOUND, "nvidia")->log_ns = 5100550000;
	given_log(c, NO_IRQ_LINES);
	make();
	assert_moment(0, MOMENT_MODULE, false, "gpuprobe was loaded and looked at 0000:00:06.0");
	assert_moment(1, MOMENT_LOG, false,
		      "nvidia-nvlink: Nvlink Core is being initialized, major device number 240");
	assert_moment(2, MOMENT_ATTEMPT, false, "0000:00:06.0 is about to be probed by nvidia");
	assert_moment(3, MOMENT_LOG, true, "NVRM: Can't find an IRQ for your NVIDIA card!");
	assert_moment(7, MOMENT_LOG, false, "nvidia: probe of 0000:00:06.0 failed with error -1");
	assert_moment(8, MOMENT_SNAPSHOT, false,
		      "0000:00:06.0 was not taken by nvidia: its probe failed");
	ck_assert_str_eq(timeline.moments.at[0].stamp, "[    1.000000]");
}
END_TEST

START_TEST(repeated_lines_are_one_moment)
{
	given_log(c, "[    1.0] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)\n"
		  "[    1.1] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)\n"
		  "[    1.2] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2768)\n");
	events_add_functions(c, unit_knowledge());
	make();
	ck_assert_uint_eq(timeline.moments.count, 2);
	ck_assert_uint_eq(timeline.moments.at[0].times, 2);
	ck_assert_ptr_nonnull(timeline.moments.at[0].meaning);
	ck_assert_ptr_null(timeline.moments.at[1].meaning);
}
END_TEST

/* A log of any length makes a list of bounded length. */
START_TEST(notes_are_bounded)
{
	for (int i = 0; i < 1000; i++) {
		char *line = xasprintf("[    1.%06d] pci 0000:00:06.0: BAR 0 [mem 0x%08x-0xfcffffff]\n", i, i);

		given_log(c, line);
		free(line);
	}
	given_log(c, "[    2.0] NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)\n");
	make();
	ck_assert_uint_eq(timeline.moments.count, 401);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("figures");
	TCase *tcase = unit_case(suite, "figures");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nothing_is_known);
	tcase_add_test(tcase, regions_are_in_order);
	tcase_add_test(tcase, small_things_are_merged);
	tcase_add_test(tcase, module_tells_the_room);
	tcase_add_test(tcase, room_is_computed);
	tcase_add_test(tcase, no_window_above_four_gib);
	tcase_add_test(tcase, a_rom_needs_no_address);
	tcase_add_test(tcase, a_log_alone_has_a_map);
	tcase_add_test(tcase, several_functions_have_their_names);
	tcase_add_loop_test(tcase, sizes_read_well, 0, 7);
	tcase_add_test(tcase, looks_stand_between_lines);
	tcase_add_test(tcase, repeated_lines_are_one_moment);
	tcase_add_test(tcase, notes_are_bounded);
	return unit_run(suite);
}
