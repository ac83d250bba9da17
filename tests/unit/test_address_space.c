// SPDX-License-Identifier: GPL-2.0-or-later
/* The guest's physical addresses, from /proc and sysfs of a folder. */
#include <sys/stat.h>
#include <unistd.h>

#include "builder.h"

static char *folder;
static struct gpuprobe_case *c;

static void setup(void)
{
	folder = unit_folder();
	c = case_create();
}

static void teardown(void)
{
	case_destroy(c);
	unit_remove(folder);
}

/* A file below the folder, with the folders above it. */
static void given_file(const char *file, const char *text)
{
	char *path = xasprintf("%s%s", folder, file);
	char *command = xasprintf("mkdir -p \"$(dirname '%s')\"", path);

	ck_assert_int_eq(system(command), 0);
	unit_write(path, text, strlen(text));
	free(command);
	free(path);
}

static const struct address_space *look(void)
{
	struct root root = { .path = folder };

	source_address_space(c, &root);
	return &c->machine.space;
}

static void assert_range(const struct address_space *space, size_t i, enum range_kind kind,
			 uint64_t start, uint64_t size)
{
	ck_assert_uint_gt(space->ranges.count, i);
	ck_assert_int_eq(space->ranges.at[i].kind, kind);
	ck_assert_uint_eq(space->ranges.at[i].start, start);
	ck_assert_uint_eq(space->ranges.at[i].size, size);
}

START_TEST(iomem_is_ram_windows_and_what_is_reserved_in_them)
{
	const struct address_space *space;

	given_file("/proc/iomem",
		   "00000000-00000fff : Reserved\n"
		   "00001000-bfffffff : System RAM\n"
		   "  01000000-02209987 : Kernel code\n"
		   "c0000000-dfffffff : PCI Bus 0000:00\n"
		   "  c0000000-c0ffffff : PCI Bus 0000:01\n"
		   "    c0000000-c000ffff : 0000:01:00.0\n"
		   "      c0000000-c000ffff : virtio-pci-modern\n"
		   "  d0000000-d0000fff : 0000:00:02.0\n"
		   "  d8000000-d8000fff : pnp 00:04\n"
		   "e0000000-efffffff : PCI ECAM 0000 [bus 00-ff]\n"
		   "  e0000000-efffffff : PCI Bus 0000:00\n"
		   "100000000-43fffffff : System RAM\n"
		   "800000000-83fffffff : PCI Bus 0000:00\n"
		   "fd00000000-ffffffffff : Reserved\n"
		   "  ff80000000-ffffffffff : PCI Bus 0000:00\n");
	space = look();
	ck_assert_uint_eq(space->ranges.count, 7);
	assert_range(space, 0, RANGE_RAM, 0x1000, 0xbffff000);
	assert_range(space, 1, RANGE_WINDOW, 0xc0000000, 0x20000000);
	assert_range(space, 2, RANGE_RESERVED, 0xd8000000, 0x1000);
	assert_range(space, 3, RANGE_RAM, 0x100000000, 0x340000000);
	assert_range(space, 4, RANGE_WINDOW, 0x800000000, 0x40000000);
	assert_range(space, 5, RANGE_WINDOW, 0xff80000000, 0x80000000);
	assert_range(space, 6, RANGE_RESERVED, 0xff80000000, 0x80000000);
	ck_assert(!space->hidden);
}
END_TEST

START_TEST(iomem_of_a_user_is_hidden)
{
	const struct address_space *space;

	given_file("/proc/iomem", "00000000-00000000 : System RAM\n"
				  "00000000-00000000 : PCI Bus 0000:00\n");
	space = look();
	ck_assert(space->hidden);
	ck_assert_uint_eq(space->ranges.count, 0);
}
END_TEST

START_TEST(damaged_iomem_is_passed_over)
{
	const struct address_space *space;

	given_file("/proc/iomem", "what\n-\n5-4 : System RAM\n"
				  "                        1-2 : System RAM\n"
				  "fffffffffffffffff-1 : PCI Bus\n");
	space = look();
	ck_assert_uint_eq(space->ranges.count, 0);
}
END_TEST

START_TEST(cpuinfo_has_the_width)
{
	given_file("/proc/cpuinfo", "processor\t: 0\nmodel name\t: x\n"
				    "address sizes\t: 39 bits physical, 48 bits virtual\n"
				    "processor\t: 1\naddress sizes\t: 40 bits physical\n");
	ck_assert_uint_eq(look()->bits, 39);
}
END_TEST

START_TEST(a_width_that_cannot_be_is_none)
{
	given_file("/proc/cpuinfo", "address sizes\t: 390 bits physical, 48 bits virtual\n");
	ck_assert_uint_eq(look()->bits, 0);
}
END_TEST

START_TEST(neighbours_have_bars_windows_and_parents)
{
	const struct neighbour *port, *behind;
	const struct address_space *space;
	char *from, *to;

	given_file("/sys/devices/pci0000:00/0000:00:04.0/class", "0x060400\n");
	given_file("/sys/devices/pci0000:00/0000:00:04.0/resource",
		   "0x00000000d0000000 0x00000000d0000fff 0x0000000000040200\n"
		   "0x0 0x0 0x0\n0x0 0x0 0x0\n0x0 0x0 0x0\n0x0 0x0 0x0\n0x0 0x0 0x0\n0x0 0x0 0x0\n"
		   "0x0000000000001000 0x0000000000001fff 0x0000000000000101\n"
		   "0x00000000c0000000 0x00000000c0ffffff 0x0000000000000200\n"
		   "0x0000000800000000 0x000000083fffffff 0x0000000000102201\n");
	given_file("/sys/devices/pci0000:00/0000:00:04.0/0000:01:00.0/class", "0x030200\n");
	given_file("/sys/devices/pci0000:00/0000:00:04.0/0000:01:00.0/resource",
		   "0x0000000000000000 0x0000000000ffffff 0x0000000020040200\n");
	given_file("/sys/bus/pci/devices/x", "");
	for (int i = 0; i < 2; i++) {
		from = xasprintf("%s/sys/bus/pci/devices/%s", folder,
				 i ? "0000:01:00.0" : "0000:00:04.0");
		to = xasprintf("%s/sys/devices/pci0000:00/0000:00:04.0%s", folder,
			       i ? "/0000:01:00.0" : "");
		ck_assert_int_eq(symlink(to, from), 0);
		free(from);
		free(to);
	}
	space = look();
	ck_assert_uint_eq(space->neighbours.count, 2);
	port = &space->neighbours.at[0];
	behind = &space->neighbours.at[1];
	ck_assert_uint_eq(port->class, 0x060400);
	ck_assert(!port->parent_known);
	ck_assert_uint_eq(port->taken.count, 3);
	ck_assert(!port->taken.at[0].window);
	ck_assert(port->taken.at[1].window);
	ck_assert_uint_eq(port->taken.at[2].start, 0x800000000);
	ck_assert_uint_eq(port->taken.at[2].size, 0x40000000);
	ck_assert(behind->parent_known);
	ck_assert_uint_eq(behind->parent.device, 4);
	/* A BAR without an address takes none. */
	ck_assert_uint_eq(behind->taken.count, 0);
}
END_TEST

START_TEST(firmware_and_its_wish)
{
	given_file("/sys/firmware/efi/x", "");
	given_file("/sys/firmware/qemu_fw_cfg/by_name/opt/ovmf/X-PciMmio64Mb/raw", "131072");
	ck_assert(look()->mmio64_known);
	ck_assert_uint_eq(c->machine.space.mmio64_mib, 131072);
	ck_assert_int_eq(c->machine.efi, YES);
}
END_TEST

START_TEST(nothing_there_is_nothing_known)
{
	const struct address_space *space = look();

	ck_assert_uint_eq(space->bits, 0);
	ck_assert(!space->hidden);
	ck_assert_uint_eq(space->ranges.count, 0);
	ck_assert_uint_eq(space->neighbours.count, 0);
	ck_assert_int_eq(c->machine.efi, NOT_KNOWN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address space");
	TCase *tcase = unit_case(suite, "sources");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, iomem_is_ram_windows_and_what_is_reserved_in_them);
	tcase_add_test(tcase, iomem_of_a_user_is_hidden);
	tcase_add_test(tcase, damaged_iomem_is_passed_over);
	tcase_add_test(tcase, cpuinfo_has_the_width);
	tcase_add_test(tcase, a_width_that_cannot_be_is_none);
	tcase_add_test(tcase, neighbours_have_bars_windows_and_parents);
	tcase_add_test(tcase, firmware_and_its_wish);
	tcase_add_test(tcase, nothing_there_is_nothing_known);
	return unit_run(suite);
}
