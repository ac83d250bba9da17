// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether the parts of a profile, bases merged, fit each other. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/pci_regs.h>

#include "bytes.h"
#include "intr.h"
#include "parser.h"

/* The deepest node of the dotted @path that this file has; what a base says has no line here. */
static const struct yamlnode *locate(struct parser *ps, const char *path)
{
	const struct yamlnode *node = yamldoc_root(ps->doc), *next;
	char part[64];

	while (*path) {
		size_t len = strcspn(path, ".");

		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		next = yamlnode_is_list(node) ?
			yamlnode_at(ps->doc, node, strtoul(part, NULL, 10)) :
			yamlnode_get(ps->doc, node, part);
		if (!next)
			break;
		node = next;
		path += len + (path[len] == '.');
	}
	return node;
}

static int fail_at(struct parser *ps, const char *path, const char *reason)
{
	parser_push(ps, path);
	return parser_fail(ps, locate(ps, path), "%s", reason);
}

static int fail_at_number(struct parser *ps, const char *key, unsigned int number,
			  const char *reason)
{
	char path[64];

	snprintf(path, sizeof(path), "%s.%u", key, number);
	return fail_at(ps, path, reason);
}

static bool is_power_of_two(uint64_t value)
{
	return value && !(value & (value - 1));
}

struct bar_limits {
	uint64_t min, max;
};

static const struct bar_limits bar_limits[] = {
	[BAR_IO]		= { 4, 256 },
	[BAR_MEM32]		= { 16, 2ull << 30 },
	[BAR_MEM32_PREFETCH]	= { 16, 2ull << 30 },
	[BAR_MEM64]		= { 16, 1ull << 40 },
	[BAR_MEM64_PREFETCH]	= { 16, 1ull << 40 },
};

static int check_bar(struct parser *ps, unsigned int number)
{
	const struct profile_bar *bar = &ps->profile->bar[number];
	const struct bar_limits *limits = &bar_limits[bar->kind];

	if (bar->kind == BAR_NONE)
		return bar->size ? fail_at_number(ps, "bars", number, "kind is missing") : 0;
	if (!is_power_of_two(bar->size))
		return fail_at_number(ps, "bars", number, "size is not a power of two");
	if (bar->size < limits->min || bar->size > limits->max)
		return fail_at_number(ps, "bars", number, "size is out of range for this kind");
	if (!bar_is_64bit(bar))
		return 0;
	if (number + 1 == PCI_BARS)
		return fail_at_number(ps, "bars", number, "a 64-bit BAR needs the next one too");
	if (bar[1].kind != BAR_NONE || bar[1].size)
		return fail_at_number(ps, "bars", number + 1, "is the upper half of a 64-bit BAR");
	return 0;
}

static int check_header(struct parser *ps)
{
	const struct profile *profile = ps->profile;

	if (!profile->device)
		return fail_at(ps, "device", "is missing");
	if (profile->config_size != PCI_CONFIG_SIZE && profile->config_size != PCIE_CONFIG_SIZE)
		return fail_at(ps, "config-size", "neither 256 nor 4096");
	if (profile->rom_size && (!is_power_of_two(profile->rom_size) || profile->rom_size < 2048))
		return fail_at(ps, "rom", "not a power of two from 2K on");
	for (size_t i = 0; i < profile->patches.count; i++) {
		const struct profile_patch *patch = &profile->patches.list[i];

		if (patch->at + patch->len > profile->config_size)
			return fail_at(ps, "config", "reaches past config-size");
	}
	return 0;
}

static bool msix_part_fits(const struct profile *profile, const struct profile_cap *cap, size_t reg,
			   uint64_t len)
{
	uint32_t place = bytes_get(cap->bytes + reg, 4);
	unsigned int number = place & PCI_MSIX_TABLE_BIR;
	uint64_t offset = place & PCI_MSIX_TABLE_OFFSET;

	return number < PCI_BARS && offset + len <= profile->bar[number].size;
}

static int check_msix(struct parser *ps)
{
	const struct profile_cap *cap = profile_find_cap(ps->profile, PCI_CAP_ID_MSIX);
	unsigned int count, index;

	if (!cap)
		return 0;
	index = cap - ps->profile->caps;
	count = (bytes_get(cap->bytes + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_QSIZE) + 1;
	if (!msix_part_fits(ps->profile, cap, PCI_MSIX_TABLE, count * PCI_MSIX_ENTRY_SIZE))
		return fail_at_number(ps, "capabilities", index, "the table is not within its BAR");
	if (!msix_part_fits(ps->profile, cap, PCI_MSIX_PBA, (count + 63) / 64 * 8))
		return fail_at_number(ps, "capabilities", index, "the PBA is not within its BAR");
	return 0;
}

static bool within_bar0(const struct profile *profile, uint64_t at, uint64_t size)
{
	return at % 4 == 0 && at + size <= profile->bar[0].size;
}

static int check_bar0(struct parser *ps)
{
	const struct profile *profile = ps->profile;
	const struct profile_mirror *mirror = &profile->mirror;
	const struct profile_prom *prom = &profile->prom;
	const struct profile_regs *regs = &profile->regs;

	if (regs->count && !within_bar0(profile, regs->list[regs->count - 1].at, 4))
		return fail_at(ps, "registers", "reaches past the end of BAR0");
	if (mirror->size && !within_bar0(profile, mirror->at, mirror->size))
		return fail_at(ps, "bar0.mirror", "is not within BAR0");
	if (mirror->msi >= 0 && !profile_find_cap(profile, PCI_CAP_ID_MSI))
		return fail_at(ps, "bar0.mirror.msi-enabled", "there is no msi capability");
	if (prom->source != PROM_NONE && !within_bar0(profile, prom->at, prom->window))
		return fail_at(ps, "bar0.prom", "is not within BAR0");
	if (prom->vbios.size % 512 || prom->vbios.size < 1024)
		return fail_at(ps, "bar0.prom.generated.size", "not a multiple of 512 from 1K on");
	return 0;
}

static int check_interrupt(struct parser *ps)
{
	const struct profile_regs *writes = &ps->profile->intr_writes;

	for (size_t i = 0; i < writes->count; i++) {
		if (!intr_model_has(ps->profile->intr_model, writes->list[i].at))
			return fail_at(ps, "interrupt.writes", "not a register of the model");
	}
	return 0;
}

int profile_check(struct parser *ps)
{
	int err = check_header(ps);

	for (unsigned int i = 0; !err && i < PCI_BARS; i++)
		err = check_bar(ps, i);
	if (!err)
		err = check_msix(ps);
	if (!err)
		err = check_bar0(ps);
	if (!err)
		err = check_interrupt(ps);
	return err;
}
