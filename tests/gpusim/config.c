// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include <linux/pci_regs.h>

#include "bytes.h"
#include "config.h"

uint32_t bar_kind_bits(enum bar_kind kind)
{
	static const uint8_t bits[] = {
		[BAR_IO]		= PCI_BASE_ADDRESS_SPACE_IO,
		[BAR_MEM32_PREFETCH]	= PCI_BASE_ADDRESS_MEM_PREFETCH,
		[BAR_MEM64]		= PCI_BASE_ADDRESS_MEM_TYPE_64,
		[BAR_MEM64_PREFETCH]	= PCI_BASE_ADDRESS_MEM_TYPE_64 |
					  PCI_BASE_ADDRESS_MEM_PREFETCH,
	};

	return bits[kind];
}

static void set(struct config_space *config, size_t at, size_t len, uint64_t value, uint64_t wmask)
{
	bytes_put(config->bytes + at, len, value);
	bytes_put(config->wmask + at, len, wmask);
}

static uint16_t command_mask(const struct profile *profile)
{
	uint16_t mask = PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
			PCI_COMMAND_INTX_DISABLE;

	for (unsigned int i = 0; i < PCI_BARS; i++) {
		if (profile->bar[i].kind == BAR_IO)
			mask |= PCI_COMMAND_IO;
		else if (profile->bar[i].kind != BAR_NONE)
			mask |= PCI_COMMAND_MEMORY;
	}
	return mask;
}

static void init_header(struct config_space *config, const struct profile *profile)
{
	set(config, PCI_VENDOR_ID, 2, profile->vendor, 0);
	set(config, PCI_DEVICE_ID, 2, profile->device, 0);
	set(config, PCI_COMMAND, 2, 0, command_mask(profile));
	set(config, PCI_STATUS, 2, profile->ncaps ? PCI_STATUS_CAP_LIST : 0, 0);
	set(config, PCI_CLASS_REVISION, 1, profile->revision, 0);
	set(config, PCI_CLASS_PROG, 3, profile->class, 0);
	set(config, PCI_CACHE_LINE_SIZE, 1, 0, 0xff);
	set(config, PCI_SUBSYSTEM_VENDOR_ID, 2, profile->subvendor, 0);
	set(config, PCI_SUBSYSTEM_ID, 2, profile->subdevice, 0);
	set(config, PCI_INTERRUPT_LINE, 1, profile->line, 0xff);
	set(config, PCI_INTERRUPT_PIN, 1, profile->pin, 0);
}

static void init_bars(struct config_space *config, const struct profile *profile)
{
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		const struct profile_bar *bar = &profile->bar[i];
		uint64_t fixed = bar->kind == BAR_IO ? 0x3 : 0xf;

		if (bar->kind == BAR_NONE)
			continue;
		set(config, PCI_BASE_ADDRESS_0 + 4 * i, bar_is_64bit(bar) ? 8 : 4,
		    bar_kind_bits(bar->kind), ~(bar->size - 1) & ~fixed);
	}
	if (profile->rom_size)
		set(config, PCI_ROM_ADDRESS, 4, 0,
		    (~(profile->rom_size - 1) & PCI_ROM_ADDRESS_MASK) | PCI_ROM_ADDRESS_ENABLE);
}

static void init_cap(struct config_space *config, const struct profile_cap *cap, uint8_t next)
{
	memcpy(config->bytes + cap->at, cap->bytes, cap->len);
	memcpy(config->wmask + cap->at, cap->wmask, cap->len);
	config->bytes[cap->at + PCI_CAP_LIST_ID] = cap->id;
	config->bytes[cap->at + PCI_CAP_LIST_NEXT] = cap->next >= 0 ? cap->next : next;
}

static void init_caps(struct config_space *config, const struct profile *profile)
{
	for (unsigned int i = 0; i < profile->ncaps; i++)
		init_cap(config, &profile->caps[i],
			 i + 1 < profile->ncaps ? profile->caps[i + 1].at : 0);
	if (profile->ncaps)
		config->bytes[PCI_CAPABILITY_LIST] = profile->caps[0].at;
}

static void init_noise(struct config_space *config, const struct profile *profile)
{
	for (size_t at = PCI_STD_HEADER_SIZEOF; profile->noise && at < PCIE_CONFIG_SIZE; at += 4)
		bytes_put(config->bytes + at, 4, profile_noise(profile, at));
}

/* The two places where QEMU begins to walk. */
static void hide_lists(struct config_space *config)
{
	config->bytes[PCI_CAPABILITY_LIST] = 0;
	memset(config->bytes + PCI_CFG_SPACE_SIZE, 0, 4);
}

void config_init(struct config_space *config, const struct profile *profile)
{
	memset(config, 0, sizeof(*config));
	config->size = profile->config_size;
	config->hide_extended = profile->hide_extended;
	init_noise(config, profile);
	init_header(config, profile);
	init_bars(config, profile);
	init_caps(config, profile);
	for (size_t i = 0; i < profile->patches.count; i++) {
		const struct profile_patch *patch = &profile->patches.list[i];

		bytes_put(config->bytes + patch->at, patch->len, patch->value);
	}
	memcpy(config->initial, config->bytes, sizeof(config->initial));
	if (profile->late_caps)
		hide_lists(config);
}

void config_reset(struct config_space *config)
{
	memcpy(config->bytes, config->initial, sizeof(config->bytes));
}

static bool is_hidden(const struct config_space *config, size_t offset)
{
	return config->hide_extended && offset >= PCI_CFG_SPACE_SIZE;
}

/* As bhyve answers: the header of the list is that of an empty one. */
static uint8_t hidden_byte(size_t offset)
{
	return offset < PCI_CFG_SPACE_SIZE + 4 ? 0x00 : 0xff;
}

void config_read(const struct config_space *config, size_t offset, uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[i] = is_hidden(config, offset + i) ? hidden_byte(offset + i) :
							  config->bytes[offset + i];
}

bool config_write(struct config_space *config, size_t offset, const uint8_t *data, size_t len)
{
	if (is_hidden(config, offset))
		return false;
	config_write_card(config, offset, data, len);
	return true;
}

void config_write_card(struct config_space *config, size_t offset, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t mask = config->wmask[offset + i];
		uint8_t *byte = &config->bytes[offset + i];

		*byte = (*byte & ~mask) | (data[i] & mask);
	}
}
