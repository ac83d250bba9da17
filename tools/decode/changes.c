// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/changes.h"

#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>

#include "decode/config.h"
#include "uapi/gpuprobe.h"

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
		longer = xasprintf("%s%s%s %s", text ? text : "", text ? ", " : "", bits->name,
				   after & bits->mask ? "on" : "off");
		free(text);
		text = longer;
	}
	return text;
}

struct comparison {
	const uint8_t *before, *after;
	size_t length;			/* bytes that both have */
	bool named[PCI_CFG_SPACE_SIZE];	/* bytes that belong to a named register */
	change_list *changes;
};

static void compare_register(struct comparison *c, size_t base, const struct register_name *reg)
{
	size_t at = base + reg->offset;
	uint32_t before, after;

	if (at + reg->size > c->length)
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
	for (size_t at = 0; at + 4 <= c->length; at += 4) {
		bool different = false;

		for (size_t i = at; i < at + 4; i++)
			different |= !c->named[i] && c->before[i] != c->after[i];
		if (different)
			add(c->changes, xasprintf("config 0x%02zx", at),
			    xasprintf("%08x", value_at(c->before, at, 4)),
			    xasprintf("%08x", value_at(c->after, at, 4)), NULL);
	}
}

static void compare_config(const struct snapshot *before, const struct snapshot *after,
			   change_list *changes)
{
	struct comparison c = {
		.before = before->config, .after = after->config, .changes = changes,
		.length = before->config_length < after->config_length ?
			  before->config_length : after->config_length,
	};
	struct pci_config config;

	if (c.length > PCI_CFG_SPACE_SIZE)
		c.length = PCI_CFG_SPACE_SIZE;
	compare_registers(&c, 0, header_registers);
	pci_config_decode(before->config, before->config_length, &config);
	for (size_t i = 0; i < config.capability_count; i++) {
		const struct register_name *registers =
			registers_of(config.capabilities[i].id, &config);

		if (registers)
			compare_registers(&c, config.capabilities[i].offset, registers);
	}
	compare_rest(&c);
}

static void compare_bars(const struct snapshot *before, const struct snapshot *after,
			 change_list *changes)
{
	for (size_t i = 0; i < BAR_COUNT; i++) {
		const struct bar *a = &before->bars[i], *b = &after->bars[i];

		if (!a->known || !b->known || (a->start == b->start && a->size == b->size))
			continue;
		add(changes, i == ROM_BAR ? xstrdup("kernel's ROM") :
		    xasprintf("kernel's BAR%zu", i),
		    xasprintf("0x%" PRIx64 "+0x%" PRIx64, a->start, a->size),
		    xasprintf("0x%" PRIx64 "+0x%" PRIx64, b->start, b->size), NULL);
	}
}

static void compare_driver(const struct snapshot *before, const struct snapshot *after,
			   change_list *changes)
{
	const char *had = snapshot_bound(before), *has = snapshot_bound(after);

	if (had && has && strcmp(had, has) != 0)
		add(changes, xstrdup("driver"), xstrdup(had), xstrdup(has), NULL);
	if (before->gone != after->gone)
		add(changes, xstrdup("config space"), xstrdup(before->gone ? "gone" : "there"),
		    xstrdup(after->gone ? "gone" : "there"), NULL);
}

static void compare_irq(const struct snapshot *before, const struct snapshot *after,
			change_list *changes)
{
	if (before->irq.irq_known && after->irq.irq_known && before->irq.irq != after->irq.irq)
		add(changes, xstrdup("irq"), xasprintf("%u", before->irq.irq),
		    xasprintf("%u", after->irq.irq), NULL);
}

/* pci_power_t, as pci_power_name() of the kernel has it */
static const char *power_state(int32_t power)
{
	static const char *const names[] = { "D0", "D1", "D2", "D3hot", "D3cold", "unknown" };

	return power >= 0 && power < (int32_t)(sizeof(names) / sizeof(names[0])) ?
	       names[power] : "unknown";
}

static void compare_state(const struct snapshot *before, const struct snapshot *after,
			  change_list *changes)
{
	if (!before->state_known || !after->state_known)
		return;
	if (before->enable_count != after->enable_count)
		add(changes, xstrdup("enable count"), xasprintf("%u", before->enable_count),
		    xasprintf("%u", after->enable_count), NULL);
	if (before->power != after->power)
		add(changes, xstrdup("power state"), xstrdup(power_state(before->power)),
		    xstrdup(power_state(after->power)), NULL);
}

void snapshot_changes(const struct snapshot *before, const struct snapshot *after,
		      change_list *changes)
{
	compare_driver(before, after, changes);
	compare_irq(before, after, changes);
	compare_state(before, after, changes);
	compare_bars(before, after, changes);
	if (!before->gone && !after->gone)
		compare_config(before, after, changes);
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
