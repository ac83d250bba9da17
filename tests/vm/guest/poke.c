// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Treats /dev/gpuprobe as no good program would, in a guest of the VM tests:
 *
 *	poke refusals ADDRESS	every wrong call, and the errno that it must give
 *	poke unprivileged	calls without CAP_SYS_ADMIN, on a file that root has opened;
 *	poke unprivileged-with-mode	and where the mode would let everybody in
 *	poke noise SEED COUNT	ioctls of any number, with any argument
 *	poke rescan COUNT	that many snapshots on request; prints how many functions
 *	poke test ADDRESS	one interrupt test; prints its errno and sequence
 *	poke hold		opens it, says so, and keeps it until killed
 *	poke map ADDRESS	not /dev/gpuprobe but the GPU's registers, by sysfs: prints
 *				its errno, or "mapped"
 *
 * Exit status: 0 as expected, 1 with a line for each call that was not, 2 if it
 * could not even begin.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uapi/gpuprobe.h"

#define DEVICE	"/dev/" GPUPROBE_DEVICE_NAME
#define NOBODY	1000

/* An address where nothing is; not constant, or the compiler would see through it. */
static void *volatile bad_address = (void *)8;
#define BAD	bad_address

static int failed;

/* @got: what a call returned; @wanted: 0, or the errno that it must fail with. */
static void expect(const char *what, long got, int wanted)
{
	int error = got < 0 ? errno : 0;

	if (error == wanted)
		return;
	printf("%s: %s, wanted: %s\n", what, strerror(error), strerror(wanted));
	failed = 1;
}

static int open_or_die(void)
{
	int fd = open(DEVICE, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		perror(DEVICE);
		exit(2);
	}
	return fd;
}

/* "0000:00:06.0" */
static struct gpuprobe_test_irq request_for(const char *address)
{
	unsigned int domain, bus, device, function;

	if (sscanf(address, "%x:%x:%x.%u", &domain, &bus, &device, &function) != 4) {
		fprintf(stderr, "poke: %s is no address\n", address);
		exit(2);
	}
	return (struct gpuprobe_test_irq){
		.domain = domain, .bus = bus, .devfn = device << 3 | function,
		.types = GPUPROBE_IRQ_TYPE_MSI,
	};
}

static void expect_test(int fd, const char *what, struct gpuprobe_test_irq request, int wanted)
{
	expect(what, ioctl(fd, GPUPROBE_IOC_TEST_IRQ, &request), wanted);
	if (wanted && request.sequence) {
		printf("%s: there is a record of it\n", what);
		failed = 1;
	}
}

static void refuse_tests(int fd, const char *address)
{
	const struct gpuprobe_test_irq good = request_for(address);
	struct gpuprobe_test_irq bad;

	expect("test-irq, no memory", ioctl(fd, GPUPROBE_IOC_TEST_IRQ, NULL), EFAULT);
	expect("test-irq, bad memory", ioctl(fd, GPUPROBE_IOC_TEST_IRQ, BAD), EFAULT);
	bad = good, bad.types = 0;
	expect_test(fd, "test-irq, no type", bad, EINVAL);
	bad = good, bad.types |= 8;
	expect_test(fd, "test-irq, unknown type", bad, EINVAL);
	bad = good, bad.types = ~0u;
	expect_test(fd, "test-irq, all types", bad, EINVAL);
	bad = good, bad.reserved = 1;
	expect_test(fd, "test-irq, reserved", bad, EINVAL);
	bad = good, bad.reserved2 = 1u << 31;
	expect_test(fd, "test-irq, reserved2", bad, EINVAL);
	bad = good, bad.domain = ~0u;
	expect_test(fd, "test-irq, domain -1", bad, EINVAL);
	bad = good, bad.domain = 0x7fffffff;
	expect_test(fd, "test-irq, no such domain", bad, ENXIO);
	bad = good, bad.devfn = 0xff;
	expect_test(fd, "test-irq, no such function", bad, ENXIO);
	bad = good, bad.bus = 0, bad.devfn = 0;	/* the host bridge */
	expect_test(fd, "test-irq, not a GPU", bad, EOPNOTSUPP);
}

/* The arguments' last byte is not there any more. */
static void refuse_page_end(int fd, const char *address)
{
	const struct gpuprobe_test_irq request = request_for(address);
	long page = sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *at = memory + page - sizeof(request) + 1;

	munmap(memory + page, page);
	memcpy(at, &request, sizeof(request) - 1);
	expect("test-irq, past the page's end", ioctl(fd, GPUPROBE_IOC_TEST_IRQ, at), EFAULT);
	munmap(memory, page);
}

static void refuse_reads(int fd)
{
	static char buffer[GPUPROBE_RECORD_MAX];

	expect("read of nothing", read(fd, buffer, 0), EMSGSIZE);
	expect("read, too small", read(fd, buffer, sizeof(struct gpuprobe_record)), EMSGSIZE);
	expect("read, bad memory", read(fd, BAD, sizeof(buffer)), EFAULT);
	/* What was refused is still there. */
	expect("read", read(fd, buffer, sizeof(buffer)), 0);
	if (((struct gpuprobe_record *)buffer)->type != GPUPROBE_RECORD_MODULE) {
		puts("read: the first record was lost");
		failed = 1;
	}
	expect("pread", pread(fd, buffer, sizeof(buffer), 0), ESPIPE);
	expect("lseek", lseek(fd, 0, SEEK_SET), ESPIPE);
	expect("write", write(fd, buffer, 1), EBADF);
}

static int refusals(const char *address)
{
	int fd = open_or_die();

	refuse_reads(fd);
	refuse_tests(fd, address);
	refuse_page_end(fd, address);
	expect("ioctl 0", ioctl(fd, 0, NULL), ENOTTY);
	expect("ioctl of another size",
	       ioctl(fd, _IOWR(GPUPROBE_IOC_MAGIC, 2, uint64_t), BAD), ENOTTY);
	expect("ioctl of another direction",
	       ioctl(fd, _IOR(GPUPROBE_IOC_MAGIC, 2, struct gpuprobe_test_irq), BAD), ENOTTY);
	expect("mmap", (intptr_t)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0), ENODEV);
	expect("open for writing", open(DEVICE, O_WRONLY | O_TRUNC), 0);
	close(fd);
	return failed;
}

/* A file that root opened does not give its rights away. */
static int unprivileged(void)
{
	struct gpuprobe_test_irq request = { .types = GPUPROBE_IRQ_TYPE_MSI };
	int fd = open_or_die();

	if (setgid(NOBODY) || setuid(NOBODY))
		return 2;
	expect("open as a user", open(DEVICE, O_RDONLY), EACCES);
	expect("rescan as a user", ioctl(fd, GPUPROBE_IOC_RESCAN), EPERM);
	expect("test-irq as a user", ioctl(fd, GPUPROBE_IOC_TEST_IRQ, &request), EPERM);
	expect("test-irq as a user, bad memory", ioctl(fd, GPUPROBE_IOC_TEST_IRQ, BAD), EPERM);
	close(fd);
	return failed;
}

/* The mode of the file is not what protects it. */
static int unprivileged_with_mode(void)
{
	if (chmod(DEVICE, 0444) || setgid(NOBODY) || setuid(NOBODY))
		return 2;
	expect("open as a user, mode 0444", open(DEVICE, O_RDONLY), EPERM);
	return failed;
}

static uint64_t random_state;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* An argument: no address, a bad one, or memory of noise. */
static void *next_argument(void *memory, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)memory)[i] = next_random();
	switch (next_random() % 4) {
	case 0:
		return NULL;
	case 1:
		return (void *)(uintptr_t)next_random();
	default:
		return memory;
	}
}

/* Numbers of gpuprobe with noise in direction and size, and any numbers. */
static unsigned long next_command(void)
{
	if (next_random() % 2)
		return next_random();
	return _IOC(next_random() % 4, GPUPROBE_IOC_MAGIC, next_random() % 4,
		    next_random() % 64);
}

static int noise(uint64_t seed, unsigned long count)
{
	struct gpuprobe_test_irq memory[4];
	int fd = open_or_die();

	random_state = seed | 1;
	while (count--) {
		unsigned long command = next_command();
		void *argument = next_argument(memory, sizeof(memory));

		if (ioctl(fd, command, argument) < 0 && errno != ENOTTY && errno != EFAULT &&
		    errno != EINVAL && errno != ENXIO && errno != EOPNOTSUPP)
			expect("noise", -1, ENOTTY);
	}
	close(fd);
	return failed;
}

static int rescan(unsigned long count)
{
	int fd = open_or_die(), functions = 0;

	while (count-- && functions >= 0)
		functions = ioctl(fd, GPUPROBE_IOC_RESCAN);
	expect("rescan", functions, 0);
	printf("%d\n", functions);
	close(fd);
	return failed;
}

static int test(const char *address)
{
	struct gpuprobe_test_irq request = request_for(address);
	int fd = open_or_die(), error;

	error = ioctl(fd, GPUPROBE_IOC_TEST_IRQ, &request) ? errno : 0;
	printf("%s %llu\n", error ? strerror(error) : "done", (unsigned long long)request.sequence);
	close(fd);
	return 0;
}

static int hold(void)
{
	open_or_die();
	puts("open");
	fflush(stdout);
	pause();
	return 0;
}

static int map(const char *address)
{
	char path[128];
	void *memory;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0", address);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	memory = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	puts(memory == MAP_FAILED ? strerror(errno) : "mapped");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "refusals") && argc == 3)
		return refusals(argv[2]);
	if (!strcmp(what, "unprivileged"))
		return unprivileged();
	if (!strcmp(what, "unprivileged-with-mode"))
		return unprivileged_with_mode();
	if (!strcmp(what, "noise") && argc == 4)
		return noise(strtoull(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
	if (!strcmp(what, "rescan") && argc == 3)
		return rescan(strtoul(argv[2], NULL, 0));
	if (!strcmp(what, "test") && argc == 3)
		return test(argv[2]);
	if (!strcmp(what, "hold"))
		return hold();
	if (!strcmp(what, "map") && argc == 3)
		return map(argv[2]);
	fprintf(stderr, "poke: what? See the top of poke.c\n");
	return 2;
}
