// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim's profiles, interrupts, log and socket. */
#include "gpusim_client.h"

/* ---- profiles ---- */

START_TEST(shipped_profiles_are_good)
{
	glob_t found;

	ck_assert_int_eq(glob(GPUSIM_PROFILES "/*.yaml", 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 9);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		ck_assert_msg(!profile_load(&profile, found.gl_pathv[i], keep_complaint, NULL),
			      "%s", complaint);
		profile_release(&profile);
	}
	globfree(&found);
}
END_TEST

#define GOOD	"device: 1\n"
#define CAPS	GOOD "capabilities:\n"

static const struct {
	const char *text, *complaint;
} mistakes[] = {
	{ "[]\n", "p.yaml:1: profile: must hold" },
	{ "vendor: 1\n", "p.yaml:1: device: is missing" },
	{ GOOD "colour: red\n", "p.yaml:2: colour: unknown key" },
	{ GOOD "vendor: 0x10000\n", "p.yaml:2: vendor: not a number from 0 to 0xffff" },
	{ GOOD "class: 0x1000000\n", "class: not a number" },
	{ GOOD "subsystem:\n  vender: 1\n", "p.yaml:3: subsystem.vender: unknown key" },
	{ GOOD "interrupt: {pin: 5}\n", "interrupt.pin: not a number from 0 to 0x4" },
	{ GOOD "interrupt: {deliver: maybe}\n", "interrupt.deliver: neither yes nor no" },
	{ GOOD "interrupt: {deliver: {err: no}}\n", "interrupt.deliver.err: unknown key" },
	{ GOOD "interrupt: {deliver: {msi: 2}}\n", "interrupt.deliver.msi: neither yes nor" },
	{ GOOD "interrupt: {model: fermi}\n", "interrupt.model: not one of: none, kepler" },
	{ GOOD "interrupt: {rearm: no}\n", "interrupt.rearm: not one of: works, swallowed" },
	{ GOOD "interrupt: {acknowledge: 0}\n", "interrupt.acknowledge: not one of: works, s" },
	{ GOOD "interrupt: {storm: -1}\n", "interrupt.storm: not a number" },
	{ GOOD "interrupt: {writes: {0x160: 1}}\n", "p.yaml:2: interrupt.writes: not a reg" },
	{ GOOD "interrupt: {model: pascal, writes: {0x1b0: 1}}\n", "interrupt.writes: not a reg" },
	{ GOOD "interrupt: {model: turing, writes: {0x162: 1}}\n", "0x162: not a multiple of 4" },
	{ GOOD "extended-config: no\n", "extended-config: not one of: shown, hidden" },
	{ GOOD "faults: {vanish-at: 0x10000000}\n", "faults.vanish-at: not a number" },
	{ GOOD "config-size: 512\n", "p.yaml:2: config-size: neither 256 nor 4096" },
	{ GOOD "bars: {6: none}\n", "bars.6: not a number from 0 to 0x5" },
	{ GOOD "bars: {0: {kind: mem16}}\n", "bars.0.kind: not one of: io, mem32" },
	{ GOOD "bars: {0: {kind: mem32}}\n", "bars.0: size is not a power of two" },
	{ GOOD "bars: {0: {size: 1M}}\n", "bars.0: kind is missing" },
	{ GOOD "bars:\n  0: {kind: mem32, size: 3M}\n", "p.yaml:3: bars.0: size is not a power" },
	{ GOOD "bars: {0: {kind: mem32, size: 4G}}\n", "bars.0: size is out of range" },
	{ GOOD "bars: {0: {kind: mem32, size: 1Q}}\n", "bars.0.size: not a size" },
	{ GOOD "bars: {5: {kind: mem64, size: 1M}}\n", "bars.5: a 64-bit BAR needs the next" },
	{ GOOD "bars: {1: {kind: mem64, size: 1M}, 2: {kind: io, size: 32}}\n",
	  "bars.2: is the upper half" },
	{ GOOD "rom: 1000\n", "rom: not a power of two" },
	{ CAPS "  - {at: 0x60}\n", "p.yaml:3: capabilities.0: id is neither" },
	{ CAPS "  - {id: agp, at: 0x60}\n", "capabilities.0: id is neither" },
	{ CAPS "  - {id: pm}\n", "capabilities.0: at is missing" },
	{ CAPS "  - {id: pm, at: 0x62}\n", "capabilities.0.at: not a multiple of 4" },
	{ CAPS "  - {id: pm, at: 0x20}\n", "capabilities.0.at: not a multiple of 4 from 0x40" },
	{ CAPS "  - {id: pcie, at: 0xf0}\n", "capabilities.0: reaches past 0xff" },
	{ CAPS "  - {id: pm, at: 0x60}\n  - {id: msi, at: 0x64}\n",
	  "p.yaml:4: capabilities.1: overlaps the one at 0x60" },
	{ CAPS "  - {id: pm, at: 0x60, vectors: 2}\n",
	  "capabilities.0.vectors: unknown key of a pm" },
	{ CAPS "  - {id: msi, at: 0x60, vectors: 3}\n",
	  "capabilities.0.vectors: not a power of two" },
	{ CAPS "  - {id: msix, at: 0x60, count: 0}\n", "count: must be at least 1" },
	{ CAPS "  - {id: msix, at: 0x60, table-offset: 4}\n", "table-offset: not a multiple of 8" },
	{ CAPS "  - {id: msix, at: 0x60, count: 4}\n", "capabilities.0: the table is not within" },
	{ CAPS "  - {id: pcie, at: 0x60, type: bridge}\n", "type: not one of: endpoint, legacy" },
	{ CAPS "  - {id: vendor, at: 0x60, raw: [256]}\n", "capabilities.0.raw: not a number" },
	{ CAPS "  - pm\n", "capabilities.0: must hold" },
	{ GOOD "config: {0x40: 1}\n", "config.0x40: not 0x with 2, 4 or 8 digits" },
	{ GOOD "config: {0xfff: 0x0000}\n", "config.0xfff: reaches past the end" },
	{ GOOD "config-size: 256\nconfig: {0x100: 0x00}\n", "config: reaches past config-size" },
	{ GOOD "registers: {0x2: 0}\n", "registers.0x2: not a multiple of 4" },
	{ GOOD "registers: {0x0: 0}\n", "registers: reaches past the end of BAR0" },
	{ GOOD "bar0: {mirror: {at: 0x88000, size: 0x1000}}\n", "bar0.mirror: is not within BAR0" },
	{ GOOD "bar0: {mirror: {size: 8192}}\n", "bar0.mirror.size: more than 0x1000 bytes" },
	{ GOOD "bar0: {mirror: {msi-enabled: yes}}\n", "mirror.msi-enabled: there is no msi" },
	{ GOOD "bar0: {prom: {generated: {}}}\n", "bar0.prom: is not within BAR0" },
	{ GOOD "bar0: {prom: {generated: {size: 100}}}\n", "bar0.prom" },
	{ GOOD "bar0: {prom: {image: nowhere.rom}}\n", "bar0.prom.image: " },
	{ GOOD "bar0: {timer: slow}\n", "bar0.timer: not one of: none, stopped, running" },
	{ GOOD "base: nowhere.yaml\n", "p.yaml:2: base: " },
	{ GOOD "base: p.yaml\n", "p.yaml:2: base: more than 8 profiles deep" },
	{ GOOD "base: broken.yaml\n", "broken.yaml:1: bogus: unknown key" },
	{ GOOD "device: 2\n", "p.yaml:2: device: key given twice" },
	{ GOOD "name: [x]\n", "p.yaml:2: name: not a text" },
};

START_TEST(mistakes_are_named)
{
	make_dir();
	write_file("broken.yaml", "bogus: 1\n");
	ck_assert_int_eq(load_text(mistakes[_i].text), -EINVAL);
	ck_assert_uint_eq(complaints, 1);
	ck_assert_msg(strstr(complaint, mistakes[_i].complaint), "\"%s\" is not in \"%s\"",
		      mistakes[_i].complaint, complaint);
	remove_dir();
}
END_TEST

START_TEST(base_is_overridden_by_key)
{
	make_dir();
	write_file("base.yaml", "device: 0x1111\nrevision: 0xa1\n"
		   "bars: {0: {kind: mem32, size: 16M}, 1: {kind: mem32, size: 1M}}\n"
		   "registers: {0x8: 1, 0x0: 2}\n");
	ck_assert_msg(!load_text("base: base.yaml\ndevice: 0x2222\n"
				 "bars: {0: {size: 32M}, 1: none}\n"
				 "registers: {0x4: 3, 0x8: 4}\n"), "%s", complaint);
	ck_assert_uint_eq(profile.vendor, 0x10de);
	ck_assert_uint_eq(profile.device, 0x2222);
	ck_assert_uint_eq(profile.revision, 0xa1);
	ck_assert_uint_eq(profile.bar[0].kind, BAR_MEM32);
	ck_assert_uint_eq(profile.bar[0].size, 32 << 20);
	ck_assert_uint_eq(profile.bar[1].kind, BAR_NONE);
	ck_assert_uint_eq(profile.regs.count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(profile.regs.list[i].at, 4 * i);
		ck_assert_uint_eq(profile.regs.list[i].value, 2 + i);
	}
	profile_release(&profile);
	remove_dir();
}
END_TEST

/* ---- interrupts ---- */

START_TEST(msi_is_raised)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	start(P4);
	ck_assert_int_eq(irq_armed_type(&device.irqs), -ENOENT);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), -ENOENT);
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(irq_armed_type(&device.irqs), IRQ_MSI);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), 0);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), 0);
	ck_assert_uint_eq(signals(fd), 2);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 1), -ENOENT);
	ck_assert_uint_eq(access_log.raised, 2);
	/* As QEMU disarms: no data, nothing counted. */
	ck_assert_int_eq(set_irqs(0x21, IRQ_MSI, 0, 0, NULL, 0), 0);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), -ENOENT);
	/* And as the specification has it for a range: no descriptor. */
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(set_irqs(0x24, IRQ_MSI, 0, 1, NULL, 0), 0);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), -ENOENT);
	ck_assert_uint_eq(signals(fd), 0);
	close(fd);
	stop();
}
END_TEST

START_TEST(undelivered_interrupts_are_lost)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	start(P4 "interrupt: {deliver: no}\n");
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), 0);
	ck_assert_uint_eq(signals(fd), 0);
	ck_assert_uint_eq(access_log.lost, 1);
	ck_assert_uint_eq(access_log.raised, 0);
	close(fd);
	stop();
}
END_TEST

START_TEST(intx_waits_for_the_unmask)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	start(P4);
	ck_assert_int_eq(arm(IRQ_INTX, fd), 0);
	irq_raise(&device.irqs, IRQ_INTX, 0);
	irq_raise(&device.irqs, IRQ_INTX, 0);
	ck_assert_uint_eq(signals(fd), 1);
	ck_assert_int_eq(set_irqs(0x11, IRQ_INTX, 0, 1, NULL, 0), 0);
	ck_assert_uint_eq(signals(fd), 1);
	ck_assert_int_eq(set_irqs(0x11, IRQ_INTX, 0, 1, NULL, 0), 0);
	ck_assert_uint_eq(signals(fd), 0);
	ck_assert_int_eq(set_irqs(0x09, IRQ_INTX, 0, 1, NULL, 0), 0);
	irq_raise(&device.irqs, IRQ_INTX, 0);
	ck_assert_uint_eq(signals(fd), 0);
	close(fd);
	stop();
}
END_TEST

START_TEST(client_triggers_by_itself)
{
	struct { struct proto_irq_set set; uint8_t bools[4]; } message = {
		{ .flags = 0x22, .index = IRQ_MSI, .count = 1 }, { 0 },
	};
	int fd = eventfd(0, EFD_NONBLOCK);

	start(P4);
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(set_irqs(0x21, IRQ_MSI, 0, 1, NULL, 0), 0);
	ck_assert_uint_eq(signals(fd), 1);
	ck_assert_int_eq(call(PROTO_SET_IRQS, &message, 21), 0);
	ck_assert_uint_eq(signals(fd), 0);
	message.bools[0] = 1;
	ck_assert_int_eq(call(PROTO_SET_IRQS, &message, 21), 0);
	ck_assert_uint_eq(signals(fd), 1);
	close(fd);
	stop();
}
END_TEST

static const struct {
	uint32_t flags, index, start, count;
	size_t nfds;
	int err;
} bad_irqs[] = {
	{ 0x24, 5, 0, 1, 1, -EINVAL },			/* no such type */
	{ 0x24, IRQ_MSIX, 0, 1, 1, -EINVAL },		/* a P4 has none */
	{ 0x24, IRQ_MSI, 1, 1, 1, -EINVAL },
	{ 0x24, IRQ_MSI, 0, 2, 2, -EINVAL },
	{ 0x24, IRQ_MSI, UINT32_MAX, 2, 2, -EINVAL },	/* wraps around */
	{ 0x24, IRQ_MSI, 0, UINT32_MAX, 1, -EINVAL },
	{ 0x24, IRQ_MSI, 0, 1, 2, -EINVAL },
	{ 0x20, IRQ_MSI, 0, 1, 0, -EINVAL },		/* neither data kind */
	{ 0x25, IRQ_MSI, 0, 1, 1, -EINVAL },		/* two */
	{ 0x04, IRQ_MSI, 0, 1, 1, -EINVAL },		/* no action */
	{ 0x34, IRQ_MSI, 0, 1, 1, -EINVAL },		/* two */
	{ 0x64, IRQ_MSI, 0, 1, 1, -EINVAL },		/* unknown bit */
	{ 0x11, IRQ_MSI, 0, 1, 0, -EINVAL },		/* only INTx has a mask */
	{ 0x14, IRQ_INTX, 0, 1, 1, -ENOTSUP },
};

START_TEST(bad_irq_requests_are_refused)
{
	int fds[2] = { STDIN_FILENO, STDIN_FILENO };

	start(P4);
	ck_assert_int_eq(set_irqs(bad_irqs[_i].flags, bad_irqs[_i].index, bad_irqs[_i].start,
				  bad_irqs[_i].count, fds, bad_irqs[_i].nfds), bad_irqs[_i].err);
	ck_assert_int_eq(irq_armed_type(&device.irqs), -ENOENT);
	stop();
}
END_TEST

/* A descriptor that is no eventfd, or is full, must not make the server wait. */
START_TEST(full_descriptors_do_not_block)
{
	uint64_t full = UINT64_MAX - 1;
	int fd = eventfd(0, 0);

	start(P4);
	ck_assert_int_eq(write(fd, &full, sizeof(full)), sizeof(full));
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(irq_raise(&device.irqs, IRQ_MSI, 0), 0);
	ck_assert_uint_eq(access_log.lost, 1);
	close(fd);
	stop();
}
END_TEST

/* ---- the log ---- */

START_TEST(log_has_a_line_for_each_access)
{
	static const char expected[] =
		"config read 0x03c 4 0x0000010b\n"
		"config read 0x000 256 bulk\n"
		"bar0 read 0x000a00 4 0x134a1000\n"
		"bar0 write 0x0001a0 1 0x01\n"
		"bar1 write 0xffffff8 8 0x0123456789abcdef\n"
		"irq msi armed 1\n"
		"irq msi raised 0\n"
		"irq msi disarmed all\n"
		"dma map 0x1000 0x2000\n"
		"dma unmap 0x1000 0x2000\n"
		"reset\n"
		"message refused 99 unknown: Operation not supported\n"
		"message refused 9 region-read: Invalid argument\n"
		"summary bar0 reads 1\n"
		"summary bar0 writes 1\n"
		"summary bar1 reads 0\n"
		"summary bar1 writes 1\n";
	static const char tail[] =
		"summary config reads 2\n"
		"summary config writes 0\n"
		"summary vga reads 0\n"
		"summary vga writes 0\n"
		"summary irq raised 1\n"
		"summary irq lost 0\n"
		"summary resets 1\n"
		"summary messages refused 2\n";
	struct proto_dma_map map = { .address = 0x1000, .size = 0x2000 };
	struct proto_dma_unmap unmap = { .address = 0x1000, .size = 0x2000 };
	char text[4096] = "";
	int fd = eventfd(0, EFD_NONBLOCK);
	FILE *file;

	start(P4);
	read_region(CONFIG, 0x3c, 4);
	try_read(CONFIG, 0, 256);
	read_region(0, 0xa00, 4);
	write_region(0, 0x1a0, 1, 1);
	write_region(1, 0xffffff8, 8, 0x0123456789abcdefull);
	arm(IRQ_MSI, fd);
	irq_raise(&device.irqs, IRQ_MSI, 0);
	set_irqs(0x21, IRQ_MSI, 0, 0, NULL, 0);
	call(PROTO_DMA_MAP, &map, sizeof(map));
	call(PROTO_DMA_UNMAP, &unmap, sizeof(unmap));
	call(PROTO_RESET, NULL, 0);
	call(99, NULL, 0);
	try_read(CONFIG, 4096, 4);
	ck_assert_int_eq(log_close(&access_log), 0);
	file = fopen(in_dir("log"), "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
	fclose(file);
	ck_assert_msg(!strncmp(text, expected, strlen(expected)), "%s", text);
	ck_assert_str_eq(text + strlen(text) - strlen(tail), tail);
	close(fd);
	stop();
}
END_TEST

START_TEST(full_disk_is_noticed)
{
	struct access_log full;

	ck_assert_int_eq(log_open(&full, "/nonexistent/log"), -ENOENT);
	ck_assert_int_eq(log_open(&full, "/dev/full"), 0);
	log_event(&full, "reset");
	ck_assert_int_eq(log_close(&full), -EIO);
}
END_TEST

/* ---- the socket ---- */

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

START_TEST(socket_replaces_a_stale_one)
{
	int listener, fd, server;
	const char *path;

	make_dir();
	path = in_dir("socket");
	listener = socket_listen(path);
	ck_assert_int_ge(listener, 0);
	/* Asking whether it is in use must not use up its client. */
	ck_assert_int_eq(socket_listen(path), -EADDRINUSE);
	fd = connect_to(path);
	server = socket_accept(listener, -1);
	ck_assert_int_ge(server, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	ck_assert_int_eq(read(server, reply, 9), 1);
	close(listener);
	close(fd);
	close(server);
	listener = socket_listen(path);
	ck_assert_int_ge(listener, 0);
	close(connect_to(path));
	close(listener);
	remove_dir();
}
END_TEST

START_TEST(socket_spares_other_files)
{
	char longer[200];
	int stop_fd = eventfd(1, 0), listener;

	make_dir();
	write_file("file", "precious");
	ck_assert_int_eq(socket_listen(in_dir("file")), -EEXIST);
	ck_assert_int_eq(socket_listen(in_dir("no/socket")), -ENOENT);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ck_assert_int_eq(socket_listen(longer), -ENAMETOOLONG);
	listener = socket_listen(in_dir("socket"));
	ck_assert_int_eq(socket_accept(listener, stop_fd), -ECANCELED);
	close(listener);
	close(stop_fd);
	remove_dir();
}
END_TEST

static void add_profile_tests(Suite *suite)
{
	TCase *tcase = tcase_create("profile");

	tcase_add_test(tcase, shipped_profiles_are_good);
	tcase_add_loop_test(tcase, mistakes_are_named, 0, COUNT(mistakes));
	tcase_add_test(tcase, base_is_overridden_by_key);
	suite_add_tcase(suite, tcase);
}

static void add_other_tests(Suite *suite)
{
	TCase *tcase = tcase_create("irq, log, socket");

	tcase_add_test(tcase, msi_is_raised);
	tcase_add_test(tcase, undelivered_interrupts_are_lost);
	tcase_add_test(tcase, intx_waits_for_the_unmask);
	tcase_add_test(tcase, client_triggers_by_itself);
	tcase_add_loop_test(tcase, bad_irq_requests_are_refused, 0, COUNT(bad_irqs));
	tcase_add_test(tcase, full_descriptors_do_not_block);
	tcase_add_test(tcase, log_has_a_line_for_each_access);
	tcase_add_test(tcase, full_disk_is_noticed);
	tcase_add_test(tcase, socket_replaces_a_stale_one);
	tcase_add_test(tcase, socket_spares_other_files);
	suite_add_tcase(suite, tcase);
}

int main(void)
{
	Suite *suite = suite_create("gpusim");

	add_profile_tests(suite);
	add_other_tests(suite);
	return unit_run(suite);
}
