// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "irq.h"
#include "parser.h"
#include "profile.h"

#define MAX_DEPTH	8	/* of base: a base: b, b base: c, ... */
#define MAX_BAR_SIZE	(1ull << 40)
#define BAR0_MAX	(256u << 20)

#define FIELD(type, member)	offsetof(struct type, member)

static bool says_none(const struct yamlnode *node)
{
	const char *text = yamlnode_text(node);

	return text && !strcmp(text, "none");
}

/* "rom.bin" beside "dir/profile.yaml" is "dir/rom.bin". NULL if memory ran out. */
static char *path_beside(const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');
	size_t dir = slash ? slash + 1 - file : 0;
	char *path;

	if (name[0] == '/')
		return strdup(name);
	path = malloc(dir + strlen(name) + 1);
	if (path) {
		memcpy(path, file, dir);
		strcpy(path + dir, name);
	}
	return path;
}

/* The path that @node names, if a file can be read there. NULL after a complaint. */
static char *parse_path(struct parser *ps, const struct yamlnode *node)
{
	const char *name = yamlnode_text(node);
	char *path;

	if (!name || !*name) {
		parser_fail(ps, node, "not a file name");
		return NULL;
	}
	path = path_beside(ps->file, name);
	if (!path) {
		parser_fail(ps, node, "out of memory");
		return NULL;
	}
	if (access(path, R_OK)) {
		parser_fail(ps, node, "%s: %s", path, strerror(errno));
		free(path);
		return NULL;
	}
	return path;
}

static int key_text(struct parser *ps, const struct key *key, const struct yamlnode *node,
		    void *target)
{
	char **field = target;
	char *text;

	(void)key;
	if (!yamlnode_is_scalar(node))
		return parser_fail(ps, node, "not a text");
	text = strdup(yamlnode_text(node));
	if (!text)
		return parser_fail(ps, node, "out of memory");
	free(*field);
	*field = text;
	return 0;
}

/* The base was read before everything else: see load_base(). */
static int key_base(struct parser *ps, const struct key *key, const struct yamlnode *node,
		    void *target)
{
	(void)ps;
	(void)key;
	(void)node;
	(void)target;
	return 0;
}

static const struct key subsystem_keys[] = {
	{ "vendor", key_u16, FIELD(profile, subvendor), 0, NULL },
	{ "device", key_u16, FIELD(profile, subdevice), 0, NULL },
	{ 0 }
};

static int key_subsystem(struct parser *ps, const struct key *key, const struct yamlnode *node,
			 void *target)
{
	(void)key;
	return parser_map(ps, node, subsystem_keys, target);
}

/* Where the register at @at is in the sorted list, or where it belongs. */
static size_t find_register(const struct profile_regs *regs, uint32_t at)
{
	size_t low = 0, high = regs->count, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (regs->list[mid].at < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int set_register(struct profile_regs *regs, uint32_t at, uint32_t value)
{
	size_t i = find_register(regs, at);
	struct profile_reg *list = regs->list;

	if (i == regs->count || list[i].at != at) {
		list = realloc(list, (regs->count + 1) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		memmove(&list[i + 1], &list[i], (regs->count - i) * sizeof(*list));
		regs->list = list;
		regs->count++;
	}
	list[i] = (struct profile_reg){ .at = at, .value = value };
	return 0;
}

static int parse_register(struct parser *ps, uint64_t at, const struct yamlnode *node, void *target)
{
	uint64_t value;
	int err = parser_number(ps, node, UINT32_MAX, &value);

	if (!err && set_register(target, at, value))
		err = parser_fail(ps, node, "out of memory");
	return err;
}

static int key_registers(struct parser *ps, const struct key *key, const struct yamlnode *node,
			 void *target)
{
	(void)key;
	return parser_numbered(ps, node, BAR0_MAX - 4, 4, parse_register, target);
}

static int key_deliver_type(struct parser *ps, const struct key *key, const struct yamlnode *node,
			    void *target)
{
	uint8_t *types = target;
	bool deliver;
	int err = parser_bool(ps, node, &deliver);

	if (err)
		return err;
	*types &= ~key->max;
	if (deliver)
		*types |= key->max;
	return 0;
}

static const struct key deliver_keys[] = {
	{ "intx", key_deliver_type, 0, 1u << IRQ_INTX, NULL },
	{ "msi", key_deliver_type, 0, 1u << IRQ_MSI, NULL },
	{ "msix", key_deliver_type, 0, 1u << IRQ_MSIX, NULL },
	{ 0 }
};

/* One word for all of them, or a mapping. */
static int key_deliver(struct parser *ps, const struct key *key, const struct yamlnode *node,
		       void *target)
{
	bool deliver;
	int err;

	(void)key;
	if (yamlnode_is_map(node))
		return parser_map(ps, node, deliver_keys, target);
	err = parser_bool(ps, node, &deliver);
	if (!err)
		*(uint8_t *)target = deliver ? IRQ_ALL_TYPES : 0;
	return err;
}

static const struct word intr_models[] = {
	{ "none", INTR_NONE },
	{ "kepler", INTR_KEPLER },
	{ "pascal", INTR_PASCAL },
	{ "turing", INTR_TURING },
	{ "hopper", INTR_HOPPER },
	{ 0 }
};

static const struct word write_words[] = {
	{ "works", false },
	{ "swallowed", true },
	{ 0 }
};

static const struct key interrupt_keys[] = {
	{ "pin", key_u8, FIELD(profile, pin), 4, NULL },
	{ "line", key_u8, FIELD(profile, line), 0, NULL },
	{ "deliver", key_deliver, FIELD(profile, deliver), 0, NULL },
	{ "model", key_word, FIELD(profile, intr_model), 0, intr_models },
	{ "rearm", key_word, FIELD(profile, rearm_swallowed), 0, write_words },
	{ "acknowledge", key_word, FIELD(profile, acknowledge_swallowed), 0, write_words },
	{ "storm", key_u32, FIELD(profile, storm), 0, NULL },
	{ "writes", key_registers, FIELD(profile, intr_writes), 0, NULL },
	{ 0 }
};

static int key_interrupt(struct parser *ps, const struct key *key, const struct yamlnode *node,
			 void *target)
{
	(void)key;
	return parser_map(ps, node, interrupt_keys, target);
}

static const struct word bar_kinds[] = {
	{ "io", BAR_IO },
	{ "mem32", BAR_MEM32 },
	{ "mem32-prefetch", BAR_MEM32_PREFETCH },
	{ "mem64", BAR_MEM64 },
	{ "mem64-prefetch", BAR_MEM64_PREFETCH },
	{ 0 }
};

static const struct key bar_keys[] = {
	{ "kind", key_word, FIELD(profile_bar, kind), 0, bar_kinds },
	{ "size", key_size64, FIELD(profile_bar, size), MAX_BAR_SIZE, NULL },
	{ 0 }
};

static int parse_bar(struct parser *ps, uint64_t number, const struct yamlnode *node, void *target)
{
	struct profile *profile = target;
	struct profile_bar *bar = &profile->bar[number];

	if (says_none(node)) {
		memset(bar, 0, sizeof(*bar));
		return 0;
	}
	return parser_map(ps, node, bar_keys, bar);
}

static int key_bars(struct parser *ps, const struct key *key, const struct yamlnode *node,
		    void *target)
{
	(void)key;
	return parser_numbered(ps, node, PCI_BARS - 1, 1, parse_bar, target);
}

static int parse_mirror_bar(struct parser *ps, uint64_t number, const struct yamlnode *node,
			    void *target)
{
	struct profile_mirror *mirror = target;
	int err = parser_number(ps, node, UINT64_MAX, &mirror->bar[number]);

	if (!err)
		mirror->bars_given |= 1u << number;
	return err;
}

static int key_mirror_bars(struct parser *ps, const struct key *key, const struct yamlnode *node,
			   void *target)
{
	(void)key;
	return parser_numbered(ps, node, PCI_BARS - 1, 1, parse_mirror_bar, target);
}

static int key_mirror_msi(struct parser *ps, const struct key *key, const struct yamlnode *node,
			  void *target)
{
	bool enabled;
	int err = parser_bool(ps, node, &enabled);

	(void)key;
	if (!err)
		*(int16_t *)target = enabled;
	return err;
}

static const struct key mirror_keys[] = {
	{ "at", key_u32, FIELD(profile_mirror, at), 0, NULL },
	{ "size", key_size32, FIELD(profile_mirror, size), PCIE_CONFIG_SIZE, NULL },
	{ "bars", key_mirror_bars, 0, 0, NULL },
	{ "pin", key_s16, FIELD(profile_mirror, pin), UINT8_MAX, NULL },
	{ "line", key_s16, FIELD(profile_mirror, line), UINT8_MAX, NULL },
	{ "msi-enabled", key_mirror_msi, FIELD(profile_mirror, msi), 0, NULL },
	{ "config", key_patches, FIELD(profile_mirror, patches), PCIE_CONFIG_SIZE - 1, NULL },
	{ 0 }
};

static void clear_mirror(struct profile_mirror *mirror)
{
	free(mirror->patches.list);
	*mirror = (struct profile_mirror){ .pin = -1, .line = -1, .msi = -1 };
}

static int key_mirror(struct parser *ps, const struct key *key, const struct yamlnode *node,
		      void *target)
{
	(void)key;
	if (says_none(node)) {
		clear_mirror(target);
		return 0;
	}
	return parser_map(ps, node, mirror_keys, target);
}

static const struct word checksums[] = {
	{ "good", false },
	{ "bad", true },
	{ 0 }
};

static const struct key vbios_keys[] = {
	{ "size", key_size32, FIELD(profile_vbios, size), 128 << 10, NULL },
	{ "signature", key_u16, FIELD(profile_vbios, signature), 0, NULL },
	{ "vendor", key_u16, FIELD(profile_vbios, vendor), 0, NULL },
	{ "device", key_u16, FIELD(profile_vbios, device), 0, NULL },
	{ "checksum", key_word, FIELD(profile_vbios, bad_checksum), 0, checksums },
	{ "cut", key_size32, FIELD(profile_vbios, cut), 0, NULL },
	{ 0 }
};

static int key_generated(struct parser *ps, const struct key *key, const struct yamlnode *node,
			 void *target)
{
	struct profile_prom *prom = target;

	(void)key;
	prom->source = PROM_GENERATED;
	return parser_map(ps, node, vbios_keys, &prom->vbios);
}

static int key_image(struct parser *ps, const struct key *key, const struct yamlnode *node,
		     void *target)
{
	struct profile_prom *prom = target;
	char *path = parse_path(ps, node);

	(void)key;
	if (!path)
		return -EINVAL;
	free(prom->path);
	prom->path = path;
	prom->source = PROM_FILE;
	return 0;
}

static const struct key prom_keys[] = {
	{ "at", key_u32, FIELD(profile_prom, at), 0, NULL },
	{ "window", key_size32, FIELD(profile_prom, window), BAR0_MAX, NULL },
	{ "generated", key_generated, 0, 0, NULL },
	{ "image", key_image, 0, 0, NULL },
	{ 0 }
};

static void clear_prom(struct profile_prom *prom)
{
	free(prom->path);
	*prom = (struct profile_prom){
		.at = 0x300000,
		.window = 1 << 20,
		.vbios = { .size = 64 << 10, .signature = 0xaa55, .cut = UINT32_MAX },
	};
}

static int key_prom(struct parser *ps, const struct key *key, const struct yamlnode *node,
		    void *target)
{
	(void)key;
	if (says_none(node)) {
		clear_prom(target);
		return 0;
	}
	return parser_map(ps, node, prom_keys, target);
}

static const struct word timer_states[] = {
	{ "none", TIMER_NONE },
	{ "stopped", TIMER_STOPPED },
	{ "running", TIMER_RUNNING },
	{ 0 }
};

static const struct key bar0_keys[] = {
	{ "default", key_u32, FIELD(profile, reg_default), 0, NULL },
	{ "all-ones", key_bool, FIELD(profile, all_ones), 0, NULL },
	{ "timer", key_word, FIELD(profile, timer), 0, timer_states },
	{ "mirror", key_mirror, FIELD(profile, mirror), 0, NULL },
	{ "prom", key_prom, FIELD(profile, prom), 0, NULL },
	{ 0 }
};

static int key_bar0(struct parser *ps, const struct key *key, const struct yamlnode *node,
		    void *target)
{
	(void)key;
	return parser_map(ps, node, bar0_keys, target);
}

static const struct key fault_keys[] = {
	{ "vanish-after", key_u64, FIELD(profile_faults, vanish_after), 0, NULL },
	{ "vanish-at", key_u64, FIELD(profile_faults, vanish_at), BAR0_MAX - 1, NULL },
	{ 0 }
};

static int key_faults(struct parser *ps, const struct key *key, const struct yamlnode *node,
		      void *target)
{
	(void)key;
	return parser_map(ps, node, fault_keys, target);
}

static const struct word extended_words[] = {
	{ "shown", false },
	{ "hidden", true },
	{ 0 }
};

static const struct key profile_keys[] = {
	{ "name", key_text, FIELD(profile, name), 0, NULL },
	{ "base", key_base, 0, 0, NULL },
	{ "vendor", key_u16, FIELD(profile, vendor), 0, NULL },
	{ "device", key_u16, FIELD(profile, device), 0, NULL },
	{ "subsystem", key_subsystem, 0, 0, NULL },
	{ "class", key_u32, FIELD(profile, class), 0xffffff, NULL },
	{ "revision", key_u8, FIELD(profile, revision), 0, NULL },
	{ "config-size", key_u16, FIELD(profile, config_size), 0, NULL },
	{ "extended-config", key_word, FIELD(profile, hide_extended), 0, extended_words },
	{ "noise", key_u32, FIELD(profile, noise), 0, NULL },
	{ "interrupt", key_interrupt, 0, 0, NULL },
	{ "bars", key_bars, 0, 0, NULL },
	{ "rom", key_size64, FIELD(profile, rom_size), 16 << 20, NULL },
	{ "capabilities", key_caps, 0, 0, NULL },
	{ "late-capabilities", key_bool, FIELD(profile, late_caps), 0, NULL },
	{ "config", key_patches, FIELD(profile, patches), PCIE_CONFIG_SIZE - 1, NULL },
	{ "bar0", key_bar0, 0, 0, NULL },
	{ "registers", key_registers, FIELD(profile, regs), 0, NULL },
	{ "faults", key_faults, FIELD(profile, faults), 0, NULL },
	{ 0 }
};

static void pass_complaint(void *ctx, const char *file, size_t line, const char *text)
{
	struct parser *ps = ctx;
	char out[1024];

	if (line)
		snprintf(out, sizeof(out), "%s:%zu: %s", file, line, text);
	else
		snprintf(out, sizeof(out), "%s: %s", file, text);
	if (ps->complain)
		ps->complain(ps->ctx, out);
}

static int load_layer(struct profile *profile, const char *path, unsigned int depth,
		      profile_complain_fn complain, void *ctx);

static int load_base(struct parser *ps)
{
	const struct yamlnode *node = yamlnode_get(ps->doc, yamldoc_root(ps->doc), "base");
	size_t mark;
	char *path;
	int err;

	if (!node)
		return 0;
	mark = parser_push(ps, "base");
	if (ps->depth == MAX_DEPTH)
		return parser_fail(ps, node, "more than %d profiles deep: a loop?", MAX_DEPTH);
	path = parse_path(ps, node);
	parser_pop(ps, mark);
	if (!path)
		return -EINVAL;
	err = load_layer(ps->profile, path, ps->depth + 1, ps->complain, ps->ctx);
	free(path);
	return err;
}

static int apply_layer(struct parser *ps)
{
	int err = load_base(ps);

	if (!err)
		err = parser_map(ps, yamldoc_root(ps->doc), profile_keys, ps->profile);
	/* A base need not be whole, what rests on it must be. */
	if (!err && ps->depth == 0)
		err = profile_check(ps);
	return err;
}

static int load_layer(struct profile *profile, const char *path, unsigned int depth,
		      profile_complain_fn complain, void *ctx)
{
	struct parser ps = {
		.profile = profile, .file = path, .depth = depth, .complain = complain, .ctx = ctx,
	};
	int err;

	ps.doc = yamldoc_load(path, pass_complaint, &ps);
	if (!ps.doc)
		return -EINVAL;
	err = apply_layer(&ps);
	yamldoc_destroy(ps.doc);
	return err;
}

int profile_load(struct profile *profile, const char *path, profile_complain_fn complain, void *ctx)
{
	int err;

	*profile = (struct profile){
		.vendor = 0x10de,
		.class = 0x030200,
		.line = 0xff,
		.deliver = IRQ_ALL_TYPES,
		.config_size = PCIE_CONFIG_SIZE,
		.faults = { .vanish_at = PROFILE_NEVER },
	};
	clear_mirror(&profile->mirror);
	clear_prom(&profile->prom);
	err = load_layer(profile, path, 0, complain, ctx);
	if (err)
		profile_release(profile);
	return err;
}

void profile_release(struct profile *profile)
{
	clear_mirror(&profile->mirror);
	clear_prom(&profile->prom);
	free(profile->patches.list);
	free(profile->regs.list);
	free(profile->intr_writes.list);
	free(profile->name);
	memset(profile, 0, sizeof(*profile));
}

/* The finalizer of MurmurHash3: every bit of the place changes half of the result. */
uint32_t profile_noise(const struct profile *profile, uint32_t at)
{
	uint32_t hash = profile->noise ^ at;

	hash = (hash ^ hash >> 16) * 0x85ebca6b;
	hash = (hash ^ hash >> 13) * 0xc2b2ae35;
	return hash ^ hash >> 16;
}

const struct profile_cap *profile_find_cap(const struct profile *profile, uint8_t id)
{
	for (unsigned int i = 0; i < profile->ncaps; i++) {
		if (profile->caps[i].id == id)
			return &profile->caps[i];
	}
	return NULL;
}
