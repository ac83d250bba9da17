// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim as its client sees it, over a socket pair; run from the top of the repository. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "../gpusim/bytes.h"
#include "../gpusim/session.h"
#include "../gpusim/socket.h"

#ifndef GPUSIM_PROFILES
#define GPUSIM_PROFILES	"tests/gpusim/profiles"
#endif

#define COUNT(array)	((int)(sizeof(array) / sizeof((array)[0])))
#define CONFIG		VFIO_PCI_CONFIG_REGION_INDEX

#define P4	"base: " PROFILE_LINK "/tesla-p4.yaml\n"
#define PROFILE_LINK	"profiles"	/* in the temporary folder, to the shipped ones */

static char dir[64];
static char complaint[1024];
static unsigned int complaints;

/* The server's side, in this process, and the client's end of the socket. */
static struct profile profile;
static struct access_log access_log;
static struct device device;
static struct session session;
static int client;

static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_dir(name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void make_dir(void)
{
	char *shipped = realpath(GPUSIM_PROFILES, NULL);

	ck_assert_msg(shipped != NULL, "%s: not run from the top of the repository",
		      GPUSIM_PROFILES);
	ck_assert_ptr_nonnull(mkdtemp(strcpy(dir, "/tmp/test_gpusim.XXXXXX")));
	ck_assert_int_eq(symlink(shipped, in_dir(PROFILE_LINK)), 0);
	free(shipped);
}

static void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static void keep_complaint(void *ctx, const char *line)
{
	(void)ctx;
	snprintf(complaint, sizeof(complaint), "%s", line);
	complaints++;
}

static int load_text(const char *text)
{
	complaints = 0;
	complaint[0] = '\0';
	write_file("p.yaml", text);
	return profile_load(&profile, in_dir("p.yaml"), keep_complaint, NULL);
}

/* A server for the profile @text, and a client that has not greeted it yet. */
static void start_silent(const char *text)
{
	int fds[2];

	make_dir();
	ck_assert_msg(load_text(text) == 0, "%s", complaint);
	ck_assert_int_eq(log_open(&access_log, in_dir("log")), 0);
	ck_assert_int_eq(device_create(&device, &profile, &access_log), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	client = fds[0];
	ck_assert_int_eq(session_create(&session, fds[1], -1, &device), 0);
}

static void stop(void)
{
	close(client);
	session_destroy(&session);
	device_destroy(&device);
	log_close(&access_log);
	profile_release(&profile);
	remove_dir();
}

static void send_raw(const void *data, size_t len, const int *fds, size_t nfds)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * 64)];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (nfds) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int) * nfds);
		memcpy(CMSG_DATA(&control.align), fds, sizeof(int) * nfds);
	}
	ck_assert_int_eq(sendmsg(client, &msg, 0), (ssize_t)len);
}

static void send_fds(uint16_t command, uint32_t flags, const void *payload, size_t len,
		     const int *fds, size_t nfds)
{
	uint8_t message[4096];
	struct proto_header header = {
		.id = 0x4711, .command = command, .size = sizeof(header) + len, .flags = flags,
	};

	ck_assert_uint_le(sizeof(header) + len, sizeof(message));
	memcpy(message, &header, sizeof(header));
	if (len)
		memcpy(message + sizeof(header), payload, len);
	send_raw(message, header.size, fds, nfds);
}

static uint8_t reply[PROTO_MAX_PAYLOAD];

static bool is_silent(void)
{
	struct pollfd poller = { .fd = client, .events = POLLIN };

	return poll(&poller, 1, 0) == 0;
}

/* Length of the reply's payload, or the error that it carries, negative. */
static int receive(uint16_t command)
{
	struct proto_header header;
	size_t len;

	ck_assert(!is_silent());
	ck_assert_int_eq(recv(client, &header, sizeof(header), MSG_WAITALL), sizeof(header));
	ck_assert_uint_eq(header.id, 0x4711);
	ck_assert_uint_eq(header.command, command);
	ck_assert_uint_eq(header.flags & PROTO_TYPE_MASK, PROTO_TYPE_REPLY);
	len = header.size - sizeof(header);
	if (len)
		ck_assert_int_eq(recv(client, reply, len, MSG_WAITALL), (ssize_t)len);
	ck_assert(is_silent());
	if (!(header.flags & PROTO_ERROR))
		return len;
	ck_assert_uint_eq(len, 0);
	return -(int)header.error;
}

static int call_fds(uint16_t command, const void *payload, size_t len, const int *fds, size_t nfds)
{
	send_fds(command, 0, payload, len, fds, nfds);
	ck_assert_int_eq(session_step(&session), 1);
	return receive(command);
}

static int call(uint16_t command, const void *payload, size_t len)
{
	return call_fds(command, payload, len, NULL, 0);
}

static int greet(void)
{
	struct proto_version version = { 0 };

	return call(PROTO_VERSION, &version, sizeof(version));
}

static void start(const char *text)
{
	start_silent(text);
	ck_assert_int_gt(greet(), 0);
}

static int try_read(uint32_t region, uint64_t offset, uint32_t count)
{
	struct proto_region_io io = { .offset = offset, .region = region, .count = count };

	return call(PROTO_REGION_READ, &io, sizeof(io));
}

static uint64_t read_region(uint32_t region, uint64_t offset, uint32_t count)
{
	ck_assert_int_eq(try_read(region, offset, count),
			 (int)(sizeof(struct proto_region_io) + count));
	return bytes_get(reply + sizeof(struct proto_region_io), count);
}

static int try_write(uint32_t region, uint64_t offset, uint32_t count, uint64_t value)
{
	uint8_t message[sizeof(struct proto_region_io) + 8];
	struct proto_region_io io = { .offset = offset, .region = region, .count = count };

	memcpy(message, &io, sizeof(io));
	bytes_put(message + sizeof(io), 8, value);
	return call(PROTO_REGION_WRITE, message, sizeof(io) + count);
}

static void write_region(uint32_t region, uint64_t offset, uint32_t count, uint64_t value)
{
	ck_assert_int_eq(try_write(region, offset, count, value), sizeof(struct proto_region_io));
}

static int set_irqs(uint32_t flags, uint32_t index, uint32_t first, uint32_t count, const int *fds,
		    size_t nfds)
{
	struct proto_irq_set set = {
		.argsz = sizeof(set), .flags = flags, .index = index, .start = first,
		.count = count,
	};

	return call_fds(PROTO_SET_IRQS, &set, sizeof(set), fds, nfds);
}

static int arm(uint32_t index, int fd)
{
	return set_irqs(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, index, 0, 1, &fd,
			1);
}

/* How often @fd was signalled since it was last asked. */
static uint64_t signals(int fd)
{
	uint64_t count = 0;

	if (read(fd, &count, sizeof(count)) < 0)
		ck_assert_int_eq(errno, EAGAIN);
	return count;
}

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

/* ---- the protocol ---- */

START_TEST(version_is_negotiated)
{
	struct { uint16_t major, minor; char data[8]; } hello = { 0, 1, "{}" };

	start_silent(P4);
	ck_assert_int_eq(try_read(CONFIG, 0, 4), -EINVAL);
	hello.major = 1;
	ck_assert_int_eq(call(PROTO_VERSION, &hello, 7), -EINVAL);
	hello.major = 0;
	memset(hello.data, 'x', sizeof(hello.data));
	ck_assert_int_eq(call(PROTO_VERSION, &hello, sizeof(hello)), -EINVAL);
	hello.data[7] = '\0';
	ck_assert_int_gt(call(PROTO_VERSION, &hello, sizeof(hello)), 5);
	ck_assert_uint_eq(bytes_get(reply, 4), 0);
	ck_assert_str_eq((char *)reply + 4,
			 "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}");
	ck_assert_int_eq(greet(), -EINVAL);
	stop();
}
END_TEST

START_TEST(device_is_described)
{
	static const uint64_t sizes[VFIO_PCI_NUM_REGIONS] = {
		[0] = 16 << 20, [1] = 256 << 20, [3] = 32 << 20, [CONFIG] = 4096,
	};
	static const uint32_t irqs[VFIO_PCI_NUM_IRQS] = { 1, 1, 0, 0, 0 };
	struct proto_device_info info = { .argsz = sizeof(info) };

	start(P4);
	ck_assert_int_eq(call(PROTO_GET_INFO, &info, sizeof(info)), sizeof(info));
	memcpy(&info, reply, sizeof(info));
	ck_assert_uint_eq(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
	ck_assert_uint_eq(info.num_regions, VFIO_PCI_NUM_REGIONS);
	ck_assert_uint_eq(info.num_irqs, VFIO_PCI_NUM_IRQS);
	for (uint32_t i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		struct proto_region_info region = { .argsz = sizeof(region), .index = i };

		ck_assert_int_eq(call(PROTO_GET_REGION_INFO, &region, sizeof(region)),
				 sizeof(region));
		memcpy(&region, reply, sizeof(region));
		ck_assert_uint_eq(region.index, i);
		ck_assert_uint_eq(region.size, sizes[i]);
		ck_assert_uint_eq(region.flags, sizes[i] ? 3 : 0);
	}
	for (uint32_t i = 0; i < VFIO_PCI_NUM_IRQS; i++) {
		struct proto_irq_info irq = { .argsz = sizeof(irq), .index = i };

		ck_assert_int_eq(call(PROTO_GET_IRQ_INFO, &irq, sizeof(irq)), sizeof(irq));
		memcpy(&irq, reply, sizeof(irq));
		ck_assert_uint_eq(irq.index, i);
		ck_assert_uint_eq(irq.count, irqs[i]);
		ck_assert_uint_eq(irq.flags, i == 0 ? 0x7 : 0x9);
	}
	stop();
}
END_TEST

START_TEST(indexes_out_of_range_are_refused)
{
	struct proto_region_info region = { .argsz = sizeof(region), .index = 9 };
	struct proto_irq_info irq = { .argsz = sizeof(irq), .index = 5 };

	start(P4);
	ck_assert_int_eq(call(PROTO_GET_REGION_INFO, &region, sizeof(region)), -EINVAL);
	ck_assert_int_eq(call(PROTO_GET_IRQ_INFO, &irq, sizeof(irq)), -EINVAL);
	region.index = UINT32_MAX;
	ck_assert_int_eq(call(PROTO_GET_REGION_INFO, &region, sizeof(region)), -EINVAL);
	ck_assert_int_eq(try_read(9, 0, 4), -EINVAL);
	ck_assert_int_eq(try_read(UINT32_MAX, 0, 4), -EINVAL);
	ck_assert_int_eq(try_read(2, 0, 4), -EINVAL);
	stop();
}
END_TEST

START_TEST(accesses_out_of_bounds_are_refused)
{
	start(P4);
	ck_assert_int_eq(try_read(CONFIG, 4092, 4), sizeof(struct proto_region_io) + 4);
	ck_assert_int_eq(try_read(CONFIG, 4093, 4), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, 4096, 1), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, UINT64_MAX, 4), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, UINT64_MAX - 3, 4), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, 0, 0), -EINVAL);
	ck_assert_int_eq(try_read(0, (16 << 20) - 2, 4), -EINVAL);
	ck_assert_int_eq(try_write(1, 256 << 20, 4, 0), -EINVAL);
	ck_assert_int_eq(try_read(1, 0, PROTO_MAX_DATA + 1), -EINVAL);
	ck_assert_int_eq(try_read(1, 0, UINT32_MAX), -EINVAL);
	stop();
}
END_TEST

START_TEST(short_messages_are_refused)
{
	static const struct { uint16_t command, min_len; } commands[] = {
		{ PROTO_DMA_MAP, 32 }, { PROTO_DMA_UNMAP, 24 }, { PROTO_GET_INFO, 16 },
		{ PROTO_GET_REGION_INFO, 32 }, { PROTO_GET_IRQ_INFO, 16 },
		{ PROTO_SET_IRQS, 20 }, { PROTO_REGION_READ, 16 }, { PROTO_REGION_WRITE, 16 },
		{ PROTO_REGION_WRITE_MULTI, 8 },
	};
	uint8_t nothing[32] = { 0 };

	start(P4);
	for (int i = 0; i < COUNT(commands); i++) {
		ck_assert_int_eq(call(commands[i].command, nothing, commands[i].min_len - 1),
				 -EINVAL);
		ck_assert_int_eq(call(commands[i].command, NULL, 0), -EINVAL);
	}
	ck_assert_int_eq(access_log.refused, 2 * COUNT(commands));
	stop();
}
END_TEST

START_TEST(unknown_commands_are_refused)
{
	static const uint16_t unknown[] = { 0, 6, 11, 12, 14, 16, 99, 0xffff };

	start(P4);
	for (int i = 0; i < COUNT(unknown); i++)
		ck_assert_int_eq(call(unknown[i], NULL, 0), -ENOTSUP);
	ck_assert_uint_eq(read_region(CONFIG, 0, 4), 0x1bb310de);
	stop();
}
END_TEST

START_TEST(lying_counts_are_refused)
{
	struct { struct proto_region_io io; uint8_t data[8]; } write = { { 0, 1, 8 }, { 0 } };
	struct { uint64_t count; struct proto_write writes[2]; } multi = { .count = 3 };
	struct proto_irq_set set = { .flags = 0x22, .count = 1 };

	start(P4);
	ck_assert_int_eq(call(PROTO_REGION_WRITE, &write, sizeof(write) - 1), -EINVAL);
	write.io.count = 7;
	ck_assert_int_eq(call(PROTO_REGION_WRITE, &write, sizeof(write)), -EINVAL);
	write.io.count = UINT32_MAX;
	ck_assert_int_eq(call(PROTO_REGION_WRITE, &write, sizeof(write)), -EINVAL);
	ck_assert_int_eq(call(PROTO_REGION_WRITE_MULTI, &multi, sizeof(multi)), -EINVAL);
	multi.count = UINT64_MAX;
	ck_assert_int_eq(call(PROTO_REGION_WRITE_MULTI, &multi, sizeof(multi)), -EINVAL);
	/* One boolean promised, none sent. */
	ck_assert_int_eq(call(PROTO_SET_IRQS, &set, sizeof(set)), -EINVAL);
	stop();
}
END_TEST

START_TEST(writes_come_in_bundles)
{
	struct { uint64_t count; struct proto_write writes[3]; } multi = {
		.count = 3,
		.writes = {
			{ 0x10, 1, 4, { 1, 2, 3, 4 } },
			{ 0x20, 1, 8, { 5 } },
			{ 0x30, 1, 9, { 6 } },
		},
	};

	start(P4);
	ck_assert_int_eq(call(PROTO_REGION_WRITE_MULTI, &multi, sizeof(multi)), 8);
	ck_assert_uint_eq(bytes_get(reply, 8), 2);
	ck_assert_uint_eq(read_region(1, 0x10, 4), 0x04030201);
	ck_assert_uint_eq(read_region(1, 0x20, 1), 5);
	ck_assert_uint_eq(read_region(1, 0x30, 1), 0);
	stop();
}
END_TEST

START_TEST(unusable_lengths_end_it)
{
	static const uint32_t sizes[] = { 0, 15, 16 + PROTO_MAX_PAYLOAD + 1, UINT32_MAX };
	struct proto_header header = { .command = PROTO_RESET, .size = sizes[_i] };

	start(P4);
	send_raw(&header, sizeof(header), NULL, 0);
	ck_assert_int_eq(session_step(&session), -EPROTO);
	stop();
}
END_TEST

START_TEST(cut_messages_end_it)
{
	struct proto_header header = { .command = PROTO_GET_INFO, .size = 32 };

	start(P4);
	send_raw(&header, _i ? sizeof(header) : 7, NULL, 0);
	shutdown(client, SHUT_WR);
	ck_assert_int_eq(session_step(&session), 0);
	stop();
}
END_TEST

START_TEST(signals_end_it)
{
	int stop_fd = eventfd(1, 0);

	start(P4);
	session.channel.stop_fd = stop_fd;
	ck_assert_int_eq(session_step(&session), 0);
	stop();
	close(stop_fd);
}
END_TEST

START_TEST(no_reply_means_none)
{
	struct { struct proto_region_io io; uint32_t value; } write = { { 0x40, 1, 4 }, 0x1234 };

	start(P4);
	send_fds(PROTO_REGION_WRITE, PROTO_NO_REPLY, &write, 20, NULL, 0);
	ck_assert_int_eq(session_step(&session), 1);
	ck_assert(is_silent());
	send_fds(99, PROTO_NO_REPLY, NULL, 0, NULL, 0);
	ck_assert_int_eq(session_step(&session), 1);
	ck_assert(is_silent());
	ck_assert_uint_eq(read_region(1, 0x40, 4), 0x1234);
	stop();
}
END_TEST

START_TEST(replies_are_not_answered)
{
	start(P4);
	send_fds(PROTO_RESET, PROTO_TYPE_REPLY, NULL, 0, NULL, 0);
	ck_assert_int_eq(session_step(&session), 1);
	ck_assert(is_silent());
	ck_assert_uint_eq(access_log.resets, 0);
	stop();
}
END_TEST

static int count_open_fds(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

START_TEST(descriptors_do_not_pile_up)
{
	struct proto_dma_map map = { .argsz = sizeof(map), .address = 0x1000, .size = 0x1000 };
	struct proto_dma_unmap unmap = { .argsz = sizeof(unmap), .address = 0x1000 };
	int fd = eventfd(0, EFD_NONBLOCK), before;

	start(P4);
	before = count_open_fds();
	ck_assert_int_eq(call_fds(PROTO_DMA_MAP, &map, sizeof(map), &fd, 1), 0);
	ck_assert_int_eq(call(PROTO_DMA_UNMAP, &unmap, sizeof(unmap)), sizeof(unmap));
	ck_assert_int_eq(call_fds(99, NULL, 0, &fd, 1), -ENOTSUP);
	ck_assert_int_eq(count_open_fds(), before);
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(count_open_fds(), before + 1);
	close(fd);
	stop();
}
END_TEST

START_TEST(too_many_descriptors_end_it)
{
	int fds[17], before;

	start(P4);
	for (int i = 0; i < COUNT(fds); i++)
		fds[i] = client;
	before = count_open_fds();
	send_fds(PROTO_RESET, 0, NULL, 0, fds, COUNT(fds));
	ck_assert_int_eq(session_step(&session), -EPROTO);
	ck_assert_int_eq(count_open_fds(), before);
	stop();
}
END_TEST

/* As many as are allowed with the header, and one more with the rest. */
START_TEST(descriptors_of_all_parts_count)
{
	struct proto_header header = { .command = PROTO_RESET, .size = sizeof(header) + 4 };
	int fds[16], before;

	start(P4);
	for (int i = 0; i < COUNT(fds); i++)
		fds[i] = client;
	before = count_open_fds();
	send_raw(&header, sizeof(header), fds, COUNT(fds));
	send_raw("rest", 4, fds, 1);
	ck_assert_int_eq(session_step(&session), -EPROTO);
	ck_assert_int_eq(count_open_fds(), before);
	stop();
}
END_TEST

/* Any bytes whatever, with a header good enough to get them looked at. */
START_TEST(nonsense_is_survived)
{
	uint32_t random = 12345 + _i;
	int fd = eventfd(0, EFD_NONBLOCK);

	start(P4);
	for (int round = 0; round < 5000; round++) {
		struct { struct proto_header header; uint32_t words[16]; } message;
		size_t len;

		for (size_t i = 0; i < sizeof(message) / 4; i++) {
			random = random * 1664525 + 1013904223;
			/* Small numbers get further than large ones. */
			((uint32_t *)&message)[i] = random & 0x80000000 ? random >> 8 :
						    random >> 20 & 0xf;
		}
		len = sizeof(struct proto_header) + (random >> 10) % sizeof(message.words);
		message.header.command = (random >> 16) % 20;
		message.header.size = len;
		message.header.flags = PROTO_NO_REPLY;
		send_raw(&message, len, &fd, random >> 24 & 1);
		ck_assert_int_eq(session_step(&session), 1);
	}
	ck_assert(is_silent());
	close(fd);
	stop();
}
END_TEST

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

static void add_protocol_tests(Suite *suite)
{
	TCase *tcase = tcase_create("protocol");

	tcase_add_test(tcase, version_is_negotiated);
	tcase_add_test(tcase, device_is_described);
	tcase_add_test(tcase, indexes_out_of_range_are_refused);
	tcase_add_test(tcase, accesses_out_of_bounds_are_refused);
	tcase_add_test(tcase, short_messages_are_refused);
	tcase_add_test(tcase, unknown_commands_are_refused);
	tcase_add_test(tcase, lying_counts_are_refused);
	tcase_add_test(tcase, writes_come_in_bundles);
	tcase_add_loop_test(tcase, unusable_lengths_end_it, 0, 4);
	tcase_add_loop_test(tcase, cut_messages_end_it, 0, 2);
	tcase_add_test(tcase, signals_end_it);
	tcase_add_test(tcase, no_reply_means_none);
	tcase_add_test(tcase, replies_are_not_answered);
	tcase_add_test(tcase, descriptors_do_not_pile_up);
	tcase_add_test(tcase, too_many_descriptors_end_it);
	tcase_add_test(tcase, descriptors_of_all_parts_count);
	tcase_add_loop_test(tcase, nonsense_is_survived, 0, 4);
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
}

static void add_device_tests(Suite *suite)
{
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
	SRunner *runner;
	int failed;

	add_profile_tests(suite);
	add_protocol_tests(suite);
	add_device_tests(suite);
	add_other_tests(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
