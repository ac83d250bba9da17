// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Config space as the card itself shows it, inside BAR0. A hypervisor that
 * rewrites config cycles does not see these reads, so this is where the truth
 * that it hides is.
 */
#include <string.h>

#include <linux/pci_regs.h>

#include "bytes.h"
#include "registers.h"

static void fix(struct registers *regs, size_t at, size_t len, uint64_t value)
{
	bytes_put(regs->mirror_value + at, len, value);
	memset(regs->mirror_fixed + at, 0xff, len);
}

static void fix_bars(struct registers *regs, const struct profile *profile)
{
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		const struct profile_bar *bar = &profile->bar[i];

		if (profile->mirror.bars_given & 1u << i)
			fix(regs, PCI_BASE_ADDRESS_0 + 4 * i, bar_is_64bit(bar) ? 8 : 4,
			    profile->mirror.bar[i] | bar_kind_bits(bar->kind));
	}
}

static void fix_msi_enable(struct registers *regs, const struct profile *profile)
{
	const struct profile_cap *cap = profile_find_cap(profile, PCI_CAP_ID_MSI);
	size_t at = cap->at + PCI_MSI_FLAGS;

	regs->mirror_fixed[at] |= PCI_MSI_FLAGS_ENABLE;
	if (profile->mirror.msi)
		regs->mirror_value[at] |= PCI_MSI_FLAGS_ENABLE;
}

void mirror_init(struct registers *regs)
{
	const struct profile *profile = regs->profile;
	const struct profile_mirror *mirror = &profile->mirror;

	fix_bars(regs, profile);
	if (mirror->pin >= 0)
		fix(regs, PCI_INTERRUPT_PIN, 1, mirror->pin);
	if (mirror->line >= 0)
		fix(regs, PCI_INTERRUPT_LINE, 1, mirror->line);
	if (mirror->msi >= 0)
		fix_msi_enable(regs, profile);
	for (size_t i = 0; i < mirror->patches.count; i++) {
		const struct profile_patch *patch = &mirror->patches.list[i];

		fix(regs, patch->at, patch->len, patch->value);
	}
}

static void read_mirror(const struct registers *regs, uint32_t offset, uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t fixed = regs->mirror_fixed[offset + i];

		data[i] = (regs->config->bytes[offset + i] & ~fixed) |
			  (regs->mirror_value[offset + i] & fixed);
	}
}

/* On the card there is one set of registers behind both ways to it. */
static void write_mirror(struct registers *regs, uint32_t offset, const uint8_t *data, size_t len)
{
	config_write_card(regs->config, offset, data, len);
	intr_config_written(regs->intr, offset, data, len);
}

const struct window_model mirror_model = { "mirror", read_mirror, write_mirror };
