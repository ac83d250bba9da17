// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/changes.h"

#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>

#include "decode/config.h"
#include "decode/registers.h"
#include "decode/state.h"
#include "uapi/gpuprobe.h"
#include "lib/i18n.h"

struct bit {
	uint16_t mask;
	const char *name;
};

static const struct bit command_bits[] = {
	{ PCI_COMMAND_IO, "I/O Space" }, { PCI_COMMAND_MEMORY, "Memory Space" },
	{ PCI_COMMAND_MASTER, "Bus Master" }, { PCI_COMMAND_PARITY, "Parity Error Response" },
	{ PCI_COMMAND_SERR, "SERR#" }, { PCI_COMMAND_INTX_DISABLE, "Interrupt Disable" },
	{ 0, NULL }
};

static const struct bit msi_bits[] = { { PCI_MSI_FLAGS_ENABLE, "MSI Enable" }, { 0, NULL } };

static const struct bit msix_bits[] = {
	{ PCI_MSIX_FLAGS_ENABLE, "MSI-X Enable" }, { PCI_MSIX_FLAGS_MASKALL, "Function Mask" },
	{ 0, NULL }
};

struct register_name {
	uint16_t offset;	/* in the header, or in the capability */
	uint8_t size;
	const char *name;
	const struct bit *bits;
};

static const struct register_name header_registers[] = {
	{ PCI_COMMAND,			2, "Command",			command_bits },
	{ PCI_STATUS,			2, "Status",			NULL },
	{ PCI_CACHE_LINE_SIZE,		1, "Cache Line Size",		NULL },
	{ PCI_LATENCY_TIMER,		1, "Latency Timer",		NULL },
	{ PCI_BASE_ADDRESS_0,		4, "BAR0",			NULL },
	{ PCI_BASE_ADDRESS_1,		4, "BAR1",			NULL },
	{ PCI_BASE_ADDRESS_2,		4, "BAR2",			NULL },
	{ PCI_BASE_ADDRESS_3,		4, "BAR3",			NULL },
	{ PCI_BASE_ADDRESS_4,		4, "BAR4",			NULL },
	{ PCI_BASE_ADDRESS_5,		4, "BAR5",			NULL },
	{ PCI_ROM_ADDRESS,		4, "Expansion ROM BAR",		NULL },
	{ PCI_INTERRUPT_LINE,		1, "Interrupt Line",		NULL },
	{ PCI_INTERRUPT_PIN,		1, "Interrupt Pin",		NULL },
	{ 0, 0, NULL, NULL }
};

static const struct register_name pm_registers[] = {
	{ PCI_PM_CTRL,			2, "Power Management Control/Status",	NULL },
	{ 0, 0, NULL, NULL }
};

/* Where data is depends on the width of the address; see msi_wide_registers. */
static const struct register_name msi_registers[] = {
	{ PCI_MSI_FLAGS,		2, "MSI Message Control",	msi_bits },
	{ PCI_MSI_ADDRESS_LO,		4, "MSI Message Address",	NULL },
	{ PCI_MSI_DATA_32,		2, "MSI Message Data",		NULL },
	{ 0, 0, NULL, NULL }
};

static const struct register_name msi_wide_registers[] = {
	{ PCI_MSI_FLAGS,		2, "MSI Message Control",	msi_bits },
	{ PCI_MSI_ADDRESS_LO,		4, "MSI Message Address",	NULL },
	{ PCI_MSI_ADDRESS_HI,		4, "MSI Message Upper Address",	NULL },
	{ PCI_MSI_DATA_64,		2, "MSI Message Data",		NULL },
	{ 0, 0, NULL, NULL }
};

static const struct register_name msix_registers[] = {
	{ PCI_MSIX_FLAGS,		2, "MSI-X Message Control",	msix_bits },
	{ PCI_MSIX_TABLE,		4, "MSI-X Table",		NULL },
	{ PCI_MSIX_PBA,			4, "MSI-X PBA",			NULL },
	{ 0, 0, NULL, NULL }
};

static const struct register_name pcie_registers[] = {
	{ PCI_EXP_DEVCTL,		2, "Device Control",		NULL },
	{ PCI_EXP_DEVSTA,		2, "Device Status",		NULL },
	{ PCI_EXP_LNKCTL,		2, "Link Control",		NULL },
	{ PCI_EXP_LNKSTA,		2, "Link Status",		NULL },
	{ PCI_EXP_DEVCTL2,		2, "Device Control 2",		NULL },
	{ PCI_EXP_LNKCTL2,		2, "Link Control 2",		NULL },
	{ PCI_EXP_LNKSTA2,		2, "Link Status 2",		NULL },
	{ 0, 0, NULL, NULL }
};

static void add(change_list *changes, char *field, char *before, char *after, char *meaning)
{
	*array_add(changes) = (struct change){ field, before, after, meaning };
}

static uint32_t value_at(const uint8_t *bytes, size_t offset, size_t size)
{
	uint32_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint32_t)bytes[offset + i] << (8 * i);
	return value;
}

/* "Bus Master on, Interrupt Disable on"; NULL if no bit with a name changed. */
static char *bits_changed(const struct bit *bits, uint32_t before, uint32_t after)
{
	char *text = NULL, *longer;

	for (; bits && bits->name; bits++) {
		if (!((before ^ after) & bits->mask))
			continue;
		longer = xasprintf("%s%s%s %s", text ? text : "", text ? ", " : "", _(bits->name),
				   after & bits->mask ? _("on") : _("off"));
		free(text);
		text = longer;
	}
	return text;
}

struct comparison {
	const uint8_t *before, *after;
	bool both[PCI_CFG_SPACE_SIZE];	/* bytes that both have */
	bool named[PCI_CFG_SPACE_SIZE];	/* bytes that belong to a named register */
	change_list *changes;
};

static bool both_have(const struct comparison *c, size_t at, size_t size)
{
	for (size_t i = at; i < at + size; i++)
		if (i >= PCI_CFG_SPACE_SIZE || !c->both[i])
			return false;
	return true;
}

static void compare_register(struct comparison *c, size_t base, const struct register_name *reg)
{
	size_t at = base + reg->offset;
	uint32_t before, after;

	if (!both_have(c, at, reg->size))
		return;
	memset(c->named + at, true, reg->size);
	before = value_at(c->before, at, reg->size);
	after = value_at(c->after, at, reg->size);
	if (before != after)
		add(c->changes, xstrdup(reg->name), xasprintf("%0*x", reg->size * 2, before),
		    xasprintf("%0*x", reg->size * 2, after),
		    bits_changed(reg->bits, before, after));
}

static void compare_registers(struct comparison *c, size_t base,
			      const struct register_name *registers)
{
	for (; registers->name; registers++)
		compare_register(c, base, registers);
}

static const struct register_name *registers_of(uint8_t id, const struct pci_config *config)
{
	switch (id) {
	case PCI_CAP_ID_PM:
		return pm_registers;
	case PCI_CAP_ID_MSI:
		return config->msi_64bit ? msi_wide_registers : msi_registers;
	case PCI_CAP_ID_MSIX:
		return msix_registers;
	case PCI_CAP_ID_EXP:
		return pcie_registers;
	default:
		return NULL;
	}
}

/* Bytes that no table names, a double word at a time. */
static void compare_rest(struct comparison *c)
{
	for (size_t at = 0; at + 4 <= PCI_CFG_SPACE_SIZE; at += 4) {
		bool different = false;

		if (!both_have(c, at, 4))
			continue;
		for (size_t i = at; i < at + 4; i++)
			different |= !c->named[i] && c->before[i] != c->after[i];
		if (different)
			add(c->changes, xasprintf("config 0x%02zx", at),
			    xasprintf("%08x", value_at(c->before, at, 4)),
			    xasprintf("%08x", value_at(c->after, at, 4)), NULL);
	}
}

/* The capabilities are those of @snapshot. */
static void compare_bytes(struct comparison *c, const struct snapshot *snapshot)
{
	struct pci_config config;

	compare_registers(c, 0, header_registers);
	pci_config_decode(snapshot->config, snapshot->config_length, &config);
	for (size_t i = 0; i < config.capability_count; i++) {
		const struct register_name *registers =
			registers_of(config.capabilities[i].id, &config);

		if (registers)
			compare_registers(c, config.capabilities[i].offset, registers);
	}
	compare_rest(c);
}

static void compare_config(const struct snapshot *before, const struct snapshot *after,
			   change_list *changes)
{
	struct comparison c = {
		.before = before->config, .after = after->config, .changes = changes,
	};

	for (size_t i = 0; i < PCI_CFG_SPACE_SIZE; i++)
		c.both[i] = i < before->config_length && i < after->config_length;
	compare_bytes(&c, before);
}

static void compare_bars(const struct snapshot *before, const struct snapshot *after,
			 change_list *changes)
{
	for (size_t i = 0; i < BAR_COUNT; i++) {
		const struct bar *a = &before->bars[i], *b = &after->bars[i];

		if (!a->known || !b->known || (a->start == b->start && a->size == b->size))
			continue;
		add(changes, i == ROM_BAR ? xstrdup(_("kernel's ROM")) :
		    xasprintf(_("kernel's BAR%zu"), i),
		    xasprintf("0x%" PRIx64 "+0x%" PRIx64, a->start, a->size),
		    xasprintf("0x%" PRIx64 "+0x%" PRIx64, b->start, b->size), NULL);
	}
}

static void compare_driver(const struct snapshot *before, const struct snapshot *after,
			   change_list *changes)
{
	const char *had = snapshot_bound(before), *has = snapshot_bound(after);

	if (had && has && strcmp(had, has) != 0)
		add(changes, xstrdup(_("driver")), xstrdup(had), xstrdup(has), NULL);
	if (before->gone != after->gone)
		add(changes, xstrdup(_("config space")), xstrdup(before->gone ? _("gone") : _("there")),
		    xstrdup(after->gone ? _("gone") : _("there")), NULL);
}

/* What the bits of config space do not tell: MSI that is on shows there. */
static const struct bit irq_bits[] = {
	{ GPUPROBE_IRQ_NO_MSI, N_("MSI forbidden for the function") },
	{ GPUPROBE_IRQ_BUS_NO_MSI, N_("MSI forbidden below a bridge") },
	{ GPUPROBE_IRQ_MSI_OFF, N_("MSI forbidden in this kernel") },
	{ GPUPROBE_IRQ_NO_MSI_DOMAIN, N_("no interrupt domain for MSI") },
	{ 0, NULL }
};

static void compare_irq(const struct snapshot *before, const struct snapshot *after,
			change_list *changes)
{
	const struct irq_view *a = &before->irq, *b = &after->irq;
	char *meaning;

	if (a->irq_known && b->irq_known && a->irq != b->irq)
		add(changes, xstrdup("irq"), xasprintf("%u", a->irq), xasprintf("%u", b->irq),
		    NULL);
	meaning = a->flags_known && b->flags_known ?
		bits_changed(irq_bits, a->flags, b->flags) : NULL;
	if (meaning)
		add(changes, xstrdup(_("kernel's MSI flags")), xasprintf("%x", a->flags),
		    xasprintf("%x", b->flags), meaning);
}

/* "given", or why not */
static char *trial_text(const struct gpuprobe_msi_trial *trial)
{
	return trial->got && !trial->error ? xstrdup(_("given")) :
		xasprintf(_("none: %s"), strerror(-trial->error));
}

static void compare_trial(const char *name, const struct gpuprobe_msi_trial *before,
			  const struct gpuprobe_msi_trial *after, change_list *changes)
{
	if (before->got != after->got || before->error != after->error)
		add(changes, xasprintf(_("%s vector in a trial"), name), trial_text(before),
		    trial_text(after), NULL);
}

static void compare_text(const char *name, const char *before, const char *after,
			 change_list *changes)
{
	if (before && after && strcmp(before, after) != 0)
		add(changes, xstrdup(name), xstrdup(before), xstrdup(after), NULL);
}

static void compare_deep(const struct deep_view *before, const struct deep_view *after,
			 change_list *changes)
{
	if (before->msix_trial_known && after->msix_trial_known)
		compare_trial("MSI-X", &before->msix_trial, &after->msix_trial, changes);
	if (before->msi_trial_known && after->msi_trial_known)
		compare_trial("MSI", &before->msi_trial, &after->msi_trial, changes);
	if (before->workaround_known && after->workaround_known &&
	    before->workaround.active != after->workaround.active)
		add(changes, xstrdup(_("workaround intx")),
		    xstrdup(before->workaround.active ? _("active") : _("not active")),
		    xstrdup(after->workaround.active ? _("active") : _("not active")), NULL);
	compare_text(_("reset methods"), before->reset_methods, after->reset_methods, changes);
	compare_text(_("driver override"), before->driver_override, after->driver_override, changes);
}

static void compare_state(const struct snapshot *before, const struct snapshot *after,
			  change_list *changes)
{
	if (!before->state_known || !after->state_known)
		return;
	if (before->enable_count != after->enable_count)
		add(changes, xstrdup(_("enable count")), xasprintf("%u", before->enable_count),
		    xasprintf("%u", after->enable_count), NULL);
	if (before->power != after->power)
		add(changes, xstrdup(_("power state")), xstrdup(power_state_name(before->power)),
		    xstrdup(power_state_name(after->power)), NULL);
	if (before->error_state != after->error_state)
		add(changes, xstrdup(_("error state")),
		    xstrdup(error_state_name(before->error_state)),
		    xstrdup(error_state_name(after->error_state)), NULL);
}

void snapshot_changes(const struct snapshot *before, const struct snapshot *after,
		      change_list *changes)
{
	compare_driver(before, after, changes);
	compare_irq(before, after, changes);
	compare_state(before, after, changes);
	compare_bars(before, after, changes);
	compare_deep(&before->deep, &after->deep, changes);
	if (!before->gone && !after->gone)
		compare_config(before, after, changes);
}

/* --- BAR0 --- */

/* The last read of a register, which a snapshot may read twice. */
static const struct gpuprobe_register *last_read(const struct deep_view *deep, uint32_t offset)
{
	const struct gpuprobe_register *found = NULL;

	for (size_t i = 0; i < deep->registers.count; i++)
		if (deep->registers.at[i].offset == offset)
			found = &deep->registers.at[i];
	return found;
}

static bool is_clock(uint32_t offset)
{
	const char *name = register_name(offset);

	return name && !strncmp(name, "PTIMER_TIME", strlen("PTIMER_TIME"));
}

static char *register_label(uint32_t offset)
{
	const char *name = register_name(offset);

	return name ? xasprintf(_("%s, BAR0 + 0x%x"), name, offset) : xasprintf(_("BAR0 + 0x%x"), offset);
}

void register_changes(const struct snapshot *before, const struct snapshot *after,
		      change_list *changes)
{
	for (size_t i = 0; i < after->deep.registers.count; i++) {
		const struct gpuprobe_register *b = &after->deep.registers.at[i];
		const struct gpuprobe_register *a = last_read(&before->deep, b->offset);

		if (!a || b != last_read(&after->deep, b->offset) || is_clock(b->offset) ||
		    a->value == b->value)
			continue;
		add(changes, register_label(b->offset), xasprintf("%08x", a->value),
		    xasprintf("%08x", b->value), NULL);
	}
}

void mirror_changes(const struct snapshot *snapshot, change_list *changes)
{
	struct comparison c = {
		.before = snapshot->config, .after = snapshot->deep.mirror, .changes = changes,
	};

	for (size_t i = 0; i < PCI_CFG_SPACE_SIZE; i++)
		c.both[i] = i < snapshot->config_length && mirror_has(&snapshot->deep, i, 1);
	compare_bytes(&c, snapshot);
}

void changes_clear(change_list *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		free(changes->at[i].field);
		free(changes->at[i].before);
		free(changes->at[i].after);
		free(changes->at[i].meaning);
	}
	array_free(changes);
}
