// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sources, by chip:
 * Kepler, Maxwell: envytools docs/hw/bus/pmc.rst and rnndb/bus/pmc.xml; nouveau
 *	nvkm/subdev/mc/gt215.c, gf100.c, gk104.c.
 * Pascal, Volta: NVIDIA open-gpu-doc pascal/gp100-msi-intr.txt and
 *	manuals/volta/gv100/dev_master.ref.txt; nouveau nvkm/subdev/mc/gp100.c.
 * Turing and later: NVIDIA open-gpu-kernel-modules
 *	src/common/inc/swref/published/{turing/tu102,hopper/gh100}/dev_vm.h and
 *	intr_tu102.c, intr_swintr_tu102.c; nouveau nvkm/subdev/vfn/tu102.c.
 * The re-arm writes: nouveau's msi_rearm() in nvkm/subdev/pci/, and
 *	kbifRearmMSI_GM107 in open-gpu-kernel-modules.
 */
#include <string.h>

#include <linux/pci_regs.h>

#include "bytes.h"
#include "intr.h"

#define SOFTWARE	0x80000000u	/* the software interrupt in a leaf, before Turing */
#define CLASS_SOFTWARE	2u		/* INTR_EN on Kepler: 1 the hardware's, 2 the software's */

#define TREE		0xb80000u	/* the physical function's copy of the tree */
#define TRIGGER_MASK	0xfffu

#define REARM_OLD	0x068u		/* in config space, one byte: Kepler and Maxwell */
#define REARM_OLD_VALUE	0xffu
#define REARM		0x704u		/* 32 bits, 0: Pascal to Ada; NV_XVE_CYA_2 */

/* What a register reads that is for writing only: nothing to be relied on. */
#define WRITE_ONLY	0x5a5a5a5au

enum rearm_kind {
	REARM_CONFIG_68,
	REARM_CONFIG_704,
	REARM_TREE,		/* by switching a subtree off and on again */
};

/* @count registers, one for each leaf; @i below is which. */
struct intr_reg {
	uint32_t at;
	uint8_t count;
	uint32_t (*read)(const struct intr *intr, unsigned int i);	/* NULL: write only */
	void (*write)(struct intr *intr, unsigned int i, uint32_t value);	/* NULL: no effect */
};

struct intr_chip {
	const struct intr_reg *regs;
	uint8_t rearm;			/* enum rearm_kind; of MSI, with MSI-X it is the tree */
	bool (*asserted)(const struct intr *intr);
};

static void update(struct intr *intr);

static void raise_bit(struct intr *intr, unsigned int leaf, uint32_t bit)
{
	log_event(intr->log, "irq trigger %u", leaf * 32 + __builtin_ctz(bit));
	intr->leaf[leaf] |= bit;
}

static void clear_bits(struct intr *intr, unsigned int leaf, uint32_t bits)
{
	if (!intr->profile->acknowledge_swallowed)
		intr->leaf[leaf] &= ~bits;
}

static uint32_t read_leaf(const struct intr *intr, unsigned int i)
{
	return intr->leaf[i];
}

static uint32_t read_enable(const struct intr *intr, unsigned int i)
{
	return intr->enable[i];
}

static void set_enable(struct intr *intr, unsigned int i, uint32_t value)
{
	intr->enable[i] |= value;
}

static void clear_enable(struct intr *intr, unsigned int i, uint32_t value)
{
	intr->enable[i] &= ~value;
}

/* A latch: it takes what is written to it. */
static void write_software(struct intr *intr, unsigned int i, bool on)
{
	if (on)
		raise_bit(intr, i, SOFTWARE);
	else
		clear_bits(intr, i, SOFTWARE);
}

/* ---- Kepler, Maxwell ---- */

static void kepler_write_leaf(struct intr *intr, unsigned int i, uint32_t value)
{
	write_software(intr, i, value & SOFTWARE);
}

static void kepler_write_enable(struct intr *intr, unsigned int i, uint32_t value)
{
	intr->enable[i] = value & 3;
}

static uint32_t kepler_read_mask(const struct intr *intr, unsigned int i)
{
	return intr->mask[i];
}

static void kepler_write_mask(struct intr *intr, unsigned int i, uint32_t value)
{
	intr->mask[i] = value;
}

static uint32_t kepler_read_line(const struct intr *intr, unsigned int i)
{
	return intr->enable[i] & CLASS_SOFTWARE && intr->leaf[i] & intr->mask[i] & SOFTWARE;
}

static bool kepler_asserted(const struct intr *intr)
{
	return kepler_read_line(intr, 0) || kepler_read_line(intr, 1);
}

static const struct intr_reg kepler_regs[] = {
	{ 0x100, 2, read_leaf, kepler_write_leaf },
	{ 0x140, 2, read_enable, kepler_write_enable },
	{ 0x160, 2, kepler_read_line, NULL },
	{ 0x640, 2, kepler_read_mask, kepler_write_mask },
	{ 0 }
};

/* ---- Pascal, Volta ---- */

static uint32_t pascal_read_mode(const struct intr *intr, unsigned int i)
{
	(void)intr;
	(void)i;
	return 0;	/* level, every one */
}

static uint32_t pascal_read_software(const struct intr *intr, unsigned int i)
{
	return !!(intr->leaf[i] & SOFTWARE);
}

static void pascal_write_software(struct intr *intr, unsigned int i, uint32_t value)
{
	write_software(intr, i, value & 1);
}

static bool pascal_asserted(const struct intr *intr)
{
	return intr->leaf[0] & intr->enable[0] || intr->leaf[1] & intr->enable[1];
}

static const struct intr_reg pascal_regs[] = {
	{ 0x100, 2, read_leaf, NULL },
	{ 0x120, 2, pascal_read_mode, NULL },
	{ 0x140, 2, read_enable, NULL },
	{ 0x160, 2, NULL, set_enable },
	{ 0x180, 2, NULL, clear_enable },
	{ 0x1a0, 2, pascal_read_software, pascal_write_software },
	{ 0 }
};

/* ---- Turing and later: leaves, two for each bit of the top ---- */

static uint32_t tree_read_top(const struct intr *intr, unsigned int i)
{
	uint32_t top = 0;

	(void)i;
	for (unsigned int leaf = 0; leaf < INTR_MAX_LEAVES; leaf++) {
		if (intr->leaf[leaf] & intr->enable[leaf])
			top |= 1u << leaf / 2;
	}
	return top;
}

static void tree_acknowledge(struct intr *intr, unsigned int i, uint32_t value)
{
	clear_bits(intr, i, value);
}

static uint32_t tree_read_top_enable(const struct intr *intr, unsigned int i)
{
	(void)i;
	return intr->top_enable;
}

static bool rearms_by_tree(const struct intr *intr)
{
	return intr->chip->rearm == REARM_TREE || irq_count(intr->irqs, IRQ_MSIX);
}

static void rearm(struct intr *intr)
{
	if (intr->profile->rearm_swallowed) {
		log_event(intr->log, "irq re-arm swallowed");
		return;
	}
	log_event(intr->log, "irq re-armed");
	intr->ready = true;
}

static void tree_set_top(struct intr *intr, unsigned int i, uint32_t value)
{
	uint32_t rising = value & ~intr->top_enable;

	(void)i;
	intr->top_enable |= value;
	if (rising && !intr->ready && rearms_by_tree(intr))
		rearm(intr);
}

static void tree_clear_top(struct intr *intr, unsigned int i, uint32_t value)
{
	(void)i;
	intr->top_enable &= ~value;
}

static void tree_trigger(struct intr *intr, unsigned int leaves, uint32_t value)
{
	unsigned int vector = value & TRIGGER_MASK;

	if (vector / 32 < leaves)
		raise_bit(intr, vector / 32, 1u << vector % 32);
}

static void turing_trigger(struct intr *intr, unsigned int i, uint32_t value)
{
	(void)i;
	tree_trigger(intr, 8, value);
}

static void hopper_trigger(struct intr *intr, unsigned int i, uint32_t value)
{
	(void)i;
	tree_trigger(intr, 16, value);
}

static bool tree_asserted(const struct intr *intr)
{
	return tree_read_top(intr, 0) & intr->top_enable;
}

#define TREE_REGS(leaves, trigger)						\
	{ TREE + 0x1000, leaves, read_leaf, tree_acknowledge },			\
	{ TREE + 0x1200, leaves, read_enable, set_enable },			\
	{ TREE + 0x1400, leaves, read_enable, clear_enable },			\
	{ TREE + 0x1600, 1, tree_read_top, NULL },				\
	{ TREE + 0x1608, 1, tree_read_top_enable, tree_set_top },		\
	{ TREE + 0x1610, 1, tree_read_top_enable, tree_clear_top },		\
	{ TREE + 0x1640, 1, NULL, trigger },					\
	{ 0 }

static const struct intr_reg turing_regs[] = { TREE_REGS(8, turing_trigger) };
static const struct intr_reg hopper_regs[] = { TREE_REGS(16, hopper_trigger) };

/* ---- all of them ---- */

static const struct intr_chip chips[] = {
	[INTR_KEPLER]	= { kepler_regs, REARM_CONFIG_68, kepler_asserted },
	[INTR_PASCAL]	= { pascal_regs, REARM_CONFIG_704, pascal_asserted },
	[INTR_TURING]	= { turing_regs, REARM_CONFIG_704, tree_asserted },
	[INTR_HOPPER]	= { hopper_regs, REARM_TREE, tree_asserted },
};

static const struct intr_chip *find_chip(uint8_t model)
{
	return model == INTR_NONE ? NULL : &chips[model];
}

static const struct intr_reg *find_reg(const struct intr_chip *chip, uint32_t at)
{
	for (const struct intr_reg *reg = chip ? chip->regs : NULL; reg && reg->at; reg++) {
		if (at >= reg->at && at < reg->at + 4u * reg->count)
			return reg;
	}
	return NULL;
}

bool intr_model_has(uint8_t model, uint32_t at)
{
	return find_reg(find_chip(model), at);
}

bool intr_read(const struct intr *intr, uint32_t at, uint32_t *value)
{
	const struct intr_reg *reg = find_reg(intr->chip, at);

	if (reg)
		*value = reg->read ? reg->read(intr, (at - reg->at) / 4) : WRITE_ONLY;
	return reg;
}

bool intr_write(struct intr *intr, uint32_t at, uint32_t value)
{
	const struct intr_reg *reg = find_reg(intr->chip, at);

	if (reg && reg->write) {
		reg->write(intr, (at - reg->at) / 4, value);
		update(intr);
	}
	return reg;
}

/* ---- towards the bus ---- */

static uint16_t get_command(const struct intr *intr)
{
	return bytes_get(intr->config->bytes + PCI_COMMAND, 2);
}

/* INTx disable has no say in it. */
static void set_status(struct intr *intr, bool asserted)
{
	uint8_t *status = &intr->config->bytes[PCI_STATUS];

	*status &= ~PCI_STATUS_INTERRUPT;
	if (asserted)
		*status |= PCI_STATUS_INTERRUPT;
}

static void hold(struct intr *intr, const char *type, const char *why)
{
	if (intr->held != why)
		log_event(intr->log, "irq %s held 0: %s", type, why);
	intr->held = why;
}

/* Whether the command register lets an interrupt of that type out. */
static bool is_allowed(const struct intr *intr, int type)
{
	if (type == IRQ_INTX)
		return !(get_command(intr) & PCI_COMMAND_INTX_DISABLE);
	return get_command(intr) & PCI_COMMAND_MASTER;
}

/*
 * One message for all that is asserted, and no other before the re-arm. It is a
 * write to memory, so the function must be a bus master. Vector 0 is where the
 * stalling interrupts go.
 */
static void send_message(struct intr *intr, enum irq_type type)
{
	const char *name = irq_type_name(type);

	if (!intr->ready) {
		if (!intr->sent)
			hold(intr, name, "not re-armed");
	} else if (!is_allowed(intr, type)) {
		hold(intr, name, "not a bus master");
	} else if (!irq_raise(intr->irqs, type, 0)) {
		intr->ready = false;
		intr->sent = true;
	}
}

static void set_asserted(struct intr *intr, bool asserted, int type)
{
	if (asserted && !intr->asserted && type >= 0 && intr->profile->storm)
		intr->storm = intr->profile->storm - 1;
	if (!asserted) {
		intr->sent = false;
		intr->held = NULL;
	}
	intr->asserted = asserted;
}

/* Lets the bus see what is asserted now, by the type that the guest has enabled. */
static void update(struct intr *intr)
{
	int type = irq_armed_type(intr->irqs);
	bool asserted = intr->chip && intr->chip->asserted(intr);
	bool message = type == IRQ_MSI || type == IRQ_MSIX;

	set_asserted(intr, asserted, type);
	set_status(intr, asserted && !message);
	irq_set_level(intr->irqs, asserted && type == IRQ_INTX && is_allowed(intr, type));
	if (asserted && message)
		send_message(intr, type);
}

static bool covers(size_t offset, size_t len, size_t at)
{
	return at >= offset && at - offset < len;
}

static bool is_rearm(const struct intr *intr, size_t offset, const uint8_t *data, size_t len)
{
	switch (intr->chip->rearm) {
	case REARM_CONFIG_68:
		return covers(offset, len, REARM_OLD) &&
		       data[REARM_OLD - offset] == REARM_OLD_VALUE;
	case REARM_CONFIG_704:
		return offset == REARM && len == 4 && !bytes_get(data, 4);
	default:
		return false;
	}
}

void intr_config_written(struct intr *intr, size_t offset, const uint8_t *data, size_t len)
{
	if (!intr->chip)
		return;
	if (!irq_count(intr->irqs, IRQ_MSIX) && is_rearm(intr, offset, data, len))
		rearm(intr);
	update(intr);
}

/* A storm is of one type: switching it off ends it. */
void intr_client_changed(struct intr *intr)
{
	if (irq_armed_type(intr->irqs) < 0)
		intr->storm = 0;
	update(intr);
}

void intr_bar0_was_read(struct intr *intr)
{
	int type = irq_armed_type(intr->irqs);

	if (!intr->storm || type < 0 || !is_allowed(intr, type))
		return;
	intr->storm--;
	irq_raise(intr->irqs, type, 0);
}

void intr_reset(struct intr *intr)
{
	memset(intr->leaf, 0, sizeof(intr->leaf));
	memset(intr->enable, 0, sizeof(intr->enable));
	memset(intr->mask, 0, sizeof(intr->mask));
	intr->top_enable = 0;
	intr->ready = true;
	intr->asserted = false;
	intr->sent = false;
	intr->held = NULL;
	intr->storm = 0;
	for (size_t i = 0; i < intr->profile->intr_writes.count; i++) {
		const struct profile_reg *reg = &intr->profile->intr_writes.list[i];

		intr_write(intr, reg->at, reg->value);
	}
	update(intr);
}

void intr_create(struct intr *intr, const struct profile *profile, struct config_space *config,
		 struct irqs *irqs, struct access_log *log)
{
	*intr = (struct intr){
		.profile = profile,
		.chip = find_chip(profile->intr_model),
		.config = config,
		.irqs = irqs,
		.log = log,
	};
	intr_reset(intr);
}
