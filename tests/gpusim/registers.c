// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "bytes.h"
#include "registers.h"

/*
 * PTIMER, of NVIDIA open-gpu-doc's dev_timer manuals. Nanoseconds, bits 31:5 and
 * 60:32; the low five read 0.
 */
#define PTIMER_AT	0x9400u
#define PTIMER_SIZE	0x14u
#define PTIMER_TIME_0	0x00u
#define PTIMER_TIME_1	0x10u
#define PTIMER_STOPPED	0x123456780ull

static uint64_t timer_now(const struct registers *regs)
{
	struct timespec now;

	if (regs->profile->timer != TIMER_RUNNING)
		return PTIMER_STOPPED;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void read_timer(const struct registers *regs, uint32_t offset, uint8_t *data, size_t len)
{
	uint8_t block[PTIMER_SIZE] = { 0 };
	uint64_t now = timer_now(regs);

	bytes_put(block + PTIMER_TIME_0, 4, now & 0xffffffe0);
	bytes_put(block + PTIMER_TIME_1, 4, now >> 32 & 0x1fffffff);
	memcpy(data, block + offset, len);
}

static const struct window_model timer_model = { "timer", read_timer, NULL };

/* Past the image the flash is erased. */
static void read_prom(const struct registers *regs, uint32_t offset, uint8_t *data, size_t len)
{
	const struct vbios *vbios = &regs->vbios;
	size_t have = offset < vbios->len ? vbios->len - offset : 0;

	if (have > len)
		have = len;
	memset(data, 0xff, len);
	if (have)
		memcpy(data, vbios->bytes + offset, have);
}

static const struct window_model prom_model = { "prom", read_prom, NULL };

static void add_window(struct registers *regs, const struct window_model *model, uint32_t at,
		       uint32_t size)
{
	regs->windows[regs->nwindows++] = (struct window){ model, at, size };
}

int registers_create(struct registers *regs, const struct profile *profile,
		     struct config_space *config, struct intr *intr)
{
	int err;

	memset(regs, 0, sizeof(*regs));
	regs->profile = profile;
	regs->config = config;
	regs->intr = intr;
	err = vbios_create(&regs->vbios, profile);
	if (err)
		return err;
	if (profile->timer != TIMER_NONE)
		add_window(regs, &timer_model, PTIMER_AT, PTIMER_SIZE);
	if (profile->mirror.size) {
		mirror_init(regs);
		add_window(regs, &mirror_model, profile->mirror.at, profile->mirror.size);
	}
	if (profile->prom.source != PROM_NONE)
		add_window(regs, &prom_model, profile->prom.at, profile->prom.window);
	return 0;
}

void registers_destroy(struct registers *regs)
{
	vbios_destroy(&regs->vbios);
	memset(regs, 0, sizeof(*regs));
}

static const struct window *find_window(const struct registers *regs, uint32_t at)
{
	for (unsigned int i = 0; i < regs->nwindows; i++) {
		const struct window *window = &regs->windows[i];

		if (at >= window->at && at - window->at < window->size)
			return window;
	}
	return NULL;
}

static const struct profile_reg *find_listed(const struct profile_regs *regs, uint32_t at)
{
	size_t low = 0, high = regs->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (regs->list[mid].at == at)
			return &regs->list[mid];
		if (regs->list[mid].at < at)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* How much of @len bytes at @at is within a 32-bit word: all that a register holds. */
static size_t part(uint64_t at, size_t len)
{
	size_t room = 4 - at % 4;

	return len < room ? len : room;
}

static uint32_t read_word(const struct registers *regs, const struct profile_reg *listed,
			  uint32_t at)
{
	const struct profile *profile = regs->profile;
	uint32_t value;

	if (listed)
		return listed->value;
	if (intr_read(regs->intr, at, &value))
		return value;
	return profile->noise ? profile_noise(profile, at) : profile->reg_default;
}

static void read_part(struct registers *regs, uint32_t at, uint8_t *data, size_t len)
{
	const struct profile_reg *listed = find_listed(&regs->profile->regs, at & ~3u);
	const struct window *window = find_window(regs, at);
	uint8_t word[4];

	if (!listed && window) {
		window->model->read(regs, at - window->at, data, len);
		return;
	}
	bytes_put(word, 4, read_word(regs, listed, at & ~3u));
	memcpy(data, word + at % 4, len);
}

void registers_read(struct registers *regs, uint64_t offset, uint8_t *data, size_t len)
{
	if (regs->profile->all_ones) {
		memset(data, 0xff, len);
		return;
	}
	while (len) {
		size_t now = part(offset, len);

		read_part(regs, offset, data, now);
		offset += now;
		data += now;
		len -= now;
	}
}

static void write_part(struct registers *regs, uint32_t at, const uint8_t *data, size_t len)
{
	const struct window *window = find_window(regs, at);

	if (window && window->model->write)
		window->model->write(regs, at - window->at, data, len);
	else if (len == 4)
		intr_write(regs->intr, at, bytes_get(data, 4));
}

void registers_write(struct registers *regs, uint64_t offset, const uint8_t *data, size_t len)
{
	if (regs->profile->all_ones)
		return;
	while (len) {
		size_t now = part(offset, len);

		write_part(regs, offset, data, now);
		offset += now;
		data += now;
		len -= now;
	}
}
