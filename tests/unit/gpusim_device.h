/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated function for tests that need no protocol; run from the top of the repository. */
#ifndef TESTS_GPUSIM_DEVICE_H
#define TESTS_GPUSIM_DEVICE_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "unit.h"
#include "../gpusim/bytes.h"
#include "../gpusim/device.h"

#ifndef GPUSIM_PROFILES
#define GPUSIM_PROFILES	"tests/gpusim/profiles"
#endif

#define CONFIG	VFIO_PCI_CONFIG_REGION_INDEX

struct sim {
	char *folder;
	struct profile profile;
	struct access_log log;
	struct device device;
	int fd;		/* signalled by vector 0 of what is armed */
};

static inline void sim_complain(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

/* The shipped profile @base with the keys of @text over it. */
static inline void sim_start(struct sim *sim, const char *base, const char *text)
{
	char *shipped = realpath(GPUSIM_PROFILES, NULL);
	char *path, *log, *whole;

	ck_assert_ptr_nonnull(shipped);
	memset(sim, 0, sizeof(*sim));
	sim->folder = unit_folder();
	path = xasprintf("%s/p.yaml", sim->folder);
	log = xasprintf("%s/log", sim->folder);
	whole = xasprintf("base: %s/%s.yaml\n%s", shipped, base, text);
	unit_write(path, whole, strlen(whole));
	ck_assert_int_eq(profile_load(&sim->profile, path, sim_complain, NULL), 0);
	ck_assert_int_eq(log_open(&sim->log, log), 0);
	ck_assert_int_eq(device_create(&sim->device, &sim->profile, &sim->log), 0);
	sim->fd = eventfd(0, EFD_NONBLOCK);
	free(shipped);
	free(path);
	free(log);
	free(whole);
}

static inline void sim_stop(struct sim *sim)
{
	device_destroy(&sim->device);
	log_close(&sim->log);
	profile_release(&sim->profile);
	close(sim->fd);
	unit_remove(sim->folder);
}

static inline uint64_t sim_read(struct sim *sim, unsigned int region, uint64_t at, size_t len)
{
	uint8_t data[8];

	ck_assert_int_eq(region_read(&sim->device, region, at, data, len), 0);
	return bytes_get(data, len);
}

static inline void sim_write(struct sim *sim, unsigned int region, uint64_t at, size_t len,
			     uint64_t value)
{
	uint8_t data[8];

	bytes_put(data, sizeof(data), value);
	ck_assert_int_eq(region_write(&sim->device, region, at, data, len), 0);
}

static inline uint32_t reg(struct sim *sim, uint32_t at)
{
	return sim_read(sim, 0, at, 4);
}

static inline void set_reg(struct sim *sim, uint32_t at, uint32_t value)
{
	sim_write(sim, 0, at, 4, value);
}

static inline void sim_set_irqs(struct sim *sim, uint32_t flags, unsigned int type,
				uint32_t count, int *fds)
{
	struct irq_request request = {
		.flags = flags, .index = type, .count = count, .fds = fds, .nfds = fds ? count : 0,
	};

	ck_assert_int_eq(device_set_irqs(&sim->device, &request), 0);
}

/* As the client does when the guest has enabled that type. */
static inline void sim_arm(struct sim *sim, unsigned int type)
{
	int fd = dup(sim->fd);

	sim_set_irqs(sim, 0x24, type, 1, &fd);
}

static inline void sim_disarm(struct sim *sim, unsigned int type)
{
	sim_set_irqs(sim, 0x21, type, 0, NULL);
}

/* The guest has ended its handling of an INTx. */
static inline void sim_unmask(struct sim *sim)
{
	sim_set_irqs(sim, 0x11, IRQ_INTX, 1, NULL);
}

/* How many interrupts came since it was last asked. */
static inline unsigned int came(struct sim *sim)
{
	uint64_t count = 0;

	if (read(sim->fd, &count, sizeof(count)) < 0)
		ck_assert_int_eq(errno, EAGAIN);
	return count;
}

/* How often @line is in the log. */
static inline unsigned int logged(struct sim *sim, const char *line)
{
	char *path = xasprintf("%s/log", sim->folder);
	FILE *file = fopen(path, "r");
	unsigned int count = 0;
	char text[256];

	ck_assert_ptr_nonnull(file);
	while (fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		count += !strcmp(text, line);
	}
	fclose(file);
	free(path);
	return count;
}

#endif
