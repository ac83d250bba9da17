/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gpusim as its client sees it, over a socket pair: the server in this process, a client that
 * talks to it byte for byte. Its programs run from the top of the repository.
 */
#ifndef TESTS_GPUSIM_CLIENT_H
#define TESTS_GPUSIM_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "unit.h"
#include "../gpusim/bytes.h"
#include "../gpusim/session.h"
#include "../gpusim/socket.h"

#ifndef GPUSIM_PROFILES
#define GPUSIM_PROFILES	"tests/gpusim/profiles"
#endif

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

static inline const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static inline void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_dir(name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static inline void make_dir(void)
{
	char *shipped = realpath(GPUSIM_PROFILES, NULL);

	ck_assert_msg(shipped != NULL, "%s: not run from the top of the repository",
		      GPUSIM_PROFILES);
	ck_assert_ptr_nonnull(mkdtemp(strcpy(dir, "/tmp/test_gpusim.XXXXXX")));
	ck_assert_int_eq(symlink(shipped, in_dir(PROFILE_LINK)), 0);
	free(shipped);
}

static inline void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static inline void keep_complaint(void *ctx, const char *line)
{
	(void)ctx;
	snprintf(complaint, sizeof(complaint), "%s", line);
	complaints++;
}

static inline int load_text(const char *text)
{
	complaints = 0;
	complaint[0] = '\0';
	write_file("p.yaml", text);
	return profile_load(&profile, in_dir("p.yaml"), keep_complaint, NULL);
}

/* A server for the profile @text, and a client that has not greeted it yet. */
static inline void start_silent(const char *text)
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

static inline void stop(void)
{
	close(client);
	session_destroy(&session);
	device_destroy(&device);
	log_close(&access_log);
	profile_release(&profile);
	remove_dir();
}

static inline void send_raw(const void *data, size_t len, const int *fds, size_t nfds)
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

static inline void send_fds(uint16_t command, uint32_t flags, const void *payload, size_t len,
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

static inline bool is_silent(void)
{
	struct pollfd poller = { .fd = client, .events = POLLIN };

	return poll(&poller, 1, 0) == 0;
}

/* Length of the reply's payload, or the error that it carries, negative. */
static inline int receive(uint16_t command)
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

static inline int call_fds(uint16_t command, const void *payload, size_t len, const int *fds,
			   size_t nfds)
{
	send_fds(command, 0, payload, len, fds, nfds);
	ck_assert_int_eq(session_step(&session), 1);
	return receive(command);
}

static inline int call(uint16_t command, const void *payload, size_t len)
{
	return call_fds(command, payload, len, NULL, 0);
}

static inline int greet(void)
{
	struct proto_version version = { 0 };

	return call(PROTO_VERSION, &version, sizeof(version));
}

static inline void start(const char *text)
{
	start_silent(text);
	ck_assert_int_gt(greet(), 0);
}

static inline int try_read(uint32_t region, uint64_t offset, uint32_t count)
{
	struct proto_region_io io = { .offset = offset, .region = region, .count = count };

	return call(PROTO_REGION_READ, &io, sizeof(io));
}

static inline uint64_t read_region(uint32_t region, uint64_t offset, uint32_t count)
{
	ck_assert_int_eq(try_read(region, offset, count),
			 (int)(sizeof(struct proto_region_io) + count));
	return bytes_get(reply + sizeof(struct proto_region_io), count);
}

static inline int try_write(uint32_t region, uint64_t offset, uint32_t count, uint64_t value)
{
	uint8_t message[sizeof(struct proto_region_io) + 8];
	struct proto_region_io io = { .offset = offset, .region = region, .count = count };

	memcpy(message, &io, sizeof(io));
	bytes_put(message + sizeof(io), 8, value);
	return call(PROTO_REGION_WRITE, message, sizeof(io) + count);
}

static inline void write_region(uint32_t region, uint64_t offset, uint32_t count, uint64_t value)
{
	ck_assert_int_eq(try_write(region, offset, count, value), sizeof(struct proto_region_io));
}

static inline int set_irqs(uint32_t flags, uint32_t index, uint32_t first, uint32_t count,
			   const int *fds, size_t nfds)
{
	struct proto_irq_set set = {
		.argsz = sizeof(set), .flags = flags, .index = index, .start = first,
		.count = count,
	};

	return call_fds(PROTO_SET_IRQS, &set, sizeof(set), fds, nfds);
}

static inline int arm(uint32_t index, int fd)
{
	return set_irqs(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER, index, 0, 1, &fd,
			1);
}

/* How often @fd was signalled since it was last asked. */
static inline uint64_t signals(int fd)
{
	uint64_t count = 0;

	if (read(fd, &count, sizeof(count)) < 0)
		ck_assert_int_eq(errno, EAGAIN);
	return count;
}

#endif
