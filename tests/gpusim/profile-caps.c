// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The capability list of a profile. Each kind of capability is a row of a
 * table: its id, its length, and which bits its fields are. The result is
 * bytes and the mask of what config writes change.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/pci_regs.h>

#include "bytes.h"
#include "parser.h"

enum form {
	FORM_NUMBER,
	FORM_FLAG,
	FORM_LOG2,		/* 1, 2, 4 ... stored as 0, 1, 2 ... */
	FORM_MINUS_ONE,
	FORM_OFFSET,		/* a multiple of 8, of which the low bits are not stored */
	FORM_PAYLOAD,		/* 128, 256 ... stored as 0, 1 ... */
	FORM_WORD,
};

/* Bits @shift to @shift + @width - 1 of the 32-bit word at byte @at of the capability. */
struct cap_field {
	const char *name;
	uint8_t form, at, shift, width;
	const struct word *words;
};

struct cap_kind {
	const char *name;
	uint8_t id, len;
	const struct cap_field *fields;
	const char *defaults;	/* bytes, from offset 2 */
	uint8_t defaults_len;
	/* What does not follow from the fields alone: lengths, masks, repeated values. */
	void (*finish)(struct profile_cap *cap);
};

static void finish_pm(struct profile_cap *cap)
{
	bytes_put(cap->wmask + PCI_PM_CTRL, 2, PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_PME_ENABLE);
}

static void finish_msi(struct profile_cap *cap)
{
	uint16_t flags = bytes_get(cap->bytes + PCI_MSI_FLAGS, 2);
	bool wide = flags & PCI_MSI_FLAGS_64BIT;
	size_t data = wide ? PCI_MSI_DATA_64 : PCI_MSI_DATA_32;
	size_t mask = wide ? PCI_MSI_MASK_64 : PCI_MSI_MASK_32;
	unsigned int vectors = 1u << ((flags & PCI_MSI_FLAGS_QMASK) >> 1);

	bytes_put(cap->wmask + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
	bytes_put(cap->wmask + PCI_MSI_ADDRESS_LO, 4, 0xfffffffc);
	if (wide)
		bytes_put(cap->wmask + PCI_MSI_ADDRESS_HI, 4, 0xffffffff);
	bytes_put(cap->wmask + data, 2, 0xffff);
	cap->len = data + 2;
	if (flags & PCI_MSI_FLAGS_MASKBIT) {
		bytes_put(cap->wmask + mask, 4, (1ull << vectors) - 1);
		cap->len = mask + 8;
	}
}

static void finish_msix(struct profile_cap *cap)
{
	bytes_put(cap->wmask + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
}

/* The link runs at what it can; a reset by DevCtl is not modelled, so its bit stays 0. */
static void finish_pcie(struct profile_cap *cap)
{
	uint32_t link = bytes_get(cap->bytes + PCI_EXP_LNKCAP, 4);
	unsigned int speed = link & PCI_EXP_LNKCAP_SLS;

	bytes_put(cap->bytes + PCI_EXP_LNKSTA, 2, link & (PCI_EXP_LNKCAP_SLS | PCI_EXP_LNKCAP_MLW));
	bytes_put(cap->bytes + PCI_EXP_LNKCAP2, 4, (2u << speed) - 2);
	bytes_put(cap->bytes + PCI_EXP_LNKCTL2, 2, speed);
	bytes_put(cap->wmask + PCI_EXP_DEVCTL, 2, 0x7fff);
	bytes_put(cap->wmask + PCI_EXP_LNKCTL, 2, 0x0fcb);
	bytes_put(cap->wmask + PCI_EXP_DEVCTL2, 2, 0xffff);
	bytes_put(cap->wmask + PCI_EXP_LNKCTL2, 2, 0xffff);
}

static const struct cap_field pm_fields[] = {
	{ "version", FORM_NUMBER, 2, 0, 3, NULL },
	{ "pme", FORM_NUMBER, 2, 11, 5, NULL },
	{ "no-soft-reset", FORM_FLAG, 4, 3, 1, NULL },
	{ 0 }
};

static const struct cap_field msi_fields[] = {
	{ "vectors", FORM_LOG2, 2, 1, 3, NULL },
	{ "64bit", FORM_FLAG, 2, 7, 1, NULL },
	{ "maskable", FORM_FLAG, 2, 8, 1, NULL },
	{ 0 }
};

static const struct cap_field msix_fields[] = {
	{ "count", FORM_MINUS_ONE, 2, 0, 11, NULL },
	{ "table-bar", FORM_NUMBER, 4, 0, 3, NULL },
	{ "table-offset", FORM_OFFSET, 4, 3, 29, NULL },
	{ "pba-bar", FORM_NUMBER, 8, 0, 3, NULL },
	{ "pba-offset", FORM_OFFSET, 8, 3, 29, NULL },
	{ 0 }
};

static const struct word pcie_types[] = {
	{ "endpoint", PCI_EXP_TYPE_ENDPOINT },
	{ "legacy", PCI_EXP_TYPE_LEG_END },
	{ "root-port", PCI_EXP_TYPE_ROOT_PORT },
	{ "upstream", PCI_EXP_TYPE_UPSTREAM },
	{ "downstream", PCI_EXP_TYPE_DOWNSTREAM },
	{ "root-endpoint", PCI_EXP_TYPE_RC_END },
	{ 0 }
};

static const struct cap_field pcie_fields[] = {
	{ "version", FORM_NUMBER, PCI_EXP_FLAGS, 0, 4, NULL },
	{ "type", FORM_WORD, PCI_EXP_FLAGS, 4, 4, pcie_types },
	{ "flr", FORM_FLAG, PCI_EXP_DEVCAP, 28, 1, NULL },
	{ "max-payload", FORM_PAYLOAD, PCI_EXP_DEVCAP, 0, 3, NULL },
	{ "link-speed", FORM_NUMBER, PCI_EXP_LNKCAP, 0, 4, NULL },
	{ "link-width", FORM_NUMBER, PCI_EXP_LNKCAP, 4, 6, NULL },
	{ 0 }
};

static const struct cap_field no_fields[] = { { 0 } };

#define DEFAULTS(bytes)	(bytes), sizeof(bytes) - 1

static const struct cap_kind cap_kinds[] = {
	{ "null", 0, 4, no_fields, DEFAULTS(""), NULL },
	{ "pm", PCI_CAP_ID_PM, 8, pm_fields, DEFAULTS("\x03\x00\x08\x00"), finish_pm },
	{ "msi", PCI_CAP_ID_MSI, 10, msi_fields, DEFAULTS("\x80\x00"), finish_msi },
	{ "vendor", PCI_CAP_ID_VNDR, 3, no_fields, DEFAULTS("\x03"), NULL },
	/* Version 2; 256-byte payload, extended tags, role-based errors; link x16 at 8 GT/s. */
	{ "pcie", PCI_CAP_ID_EXP, 0x3c, pcie_fields,
	  DEFAULTS("\x02\x00" "\x21\x80\x00\x00" "\x00\x00\x00\x00" "\x03\x01\x00\x00"),
	  finish_pcie },
	{ "msix", PCI_CAP_ID_MSIX, 12, msix_fields, DEFAULTS(""), finish_msix },
};

static const struct cap_kind *find_kind(const char *name)
{
	for (size_t i = 0; name && i < sizeof(cap_kinds) / sizeof(cap_kinds[0]); i++) {
		if (!strcmp(cap_kinds[i].name, name))
			return &cap_kinds[i];
	}
	return NULL;
}

/* A power of two from @lowest on, as its distance from there. */
static int parse_power(struct parser *ps, const struct yamlnode *node, unsigned int lowest,
		       unsigned int width, uint64_t *value)
{
	uint64_t max = (uint64_t)lowest << ((1u << width) - 1);
	uint64_t number;
	int err = parser_number(ps, node, max, &number);

	if (err)
		return err;
	if (number < lowest || number & (number - 1))
		return parser_fail(ps, node, "not a power of two from %u on", lowest);
	*value = __builtin_ctzll(number) - __builtin_ctz(lowest);
	return 0;
}

static int parse_offset(struct parser *ps, const struct yamlnode *node, uint64_t *value)
{
	int err = parser_number(ps, node, UINT32_MAX, value);

	if (!err && *value & 7)
		err = parser_fail(ps, node, "not a multiple of 8");
	*value >>= 3;
	return err;
}

static int parse_count(struct parser *ps, const struct yamlnode *node, uint64_t max,
		       uint64_t *value)
{
	int err = parser_number(ps, node, max + 1, value);

	if (!err && !*value)
		err = parser_fail(ps, node, "must be at least 1");
	*value -= 1;
	return err;
}

static int parse_field_word(struct parser *ps, const struct cap_field *field,
			    const struct yamlnode *node, uint64_t *value)
{
	unsigned int word = 0;
	int err = parser_word(ps, node, field->words, &word);

	*value = word;
	return err;
}

static int parse_flag(struct parser *ps, const struct yamlnode *node, uint64_t *value)
{
	bool flag = false;
	int err = parser_bool(ps, node, &flag);

	*value = flag;
	return err;
}

static int parse_field_value(struct parser *ps, const struct cap_field *field,
			     const struct yamlnode *node, uint64_t *value)
{
	uint64_t max = (1ull << field->width) - 1;

	switch (field->form) {
	case FORM_FLAG:
		return parse_flag(ps, node, value);
	case FORM_LOG2:
		/* MSI has codes up to 7, of which 6 and 7 are reserved. */
		return parse_power(ps, node, 1, field->width, value);
	case FORM_PAYLOAD:
		return parse_power(ps, node, 128, field->width, value);
	case FORM_MINUS_ONE:
		return parse_count(ps, node, max, value);
	case FORM_OFFSET:
		return parse_offset(ps, node, value);
	case FORM_WORD:
		return parse_field_word(ps, field, node, value);
	default:
		return parser_number(ps, node, max, value);
	}
}

static void put_field(struct profile_cap *cap, const struct cap_field *field, uint64_t value)
{
	uint64_t mask = ((1ull << field->width) - 1) << field->shift;
	uint64_t word = bytes_get(cap->bytes + field->at, 4);

	bytes_put(cap->bytes + field->at, 4, (word & ~mask) | value << field->shift);
}

static int parse_field(struct parser *ps, const struct cap_kind *kind, const char *name,
		       const struct yamlnode *key, const struct yamlnode *node,
		       struct profile_cap *cap)
{
	uint64_t value = 0;
	int err;

	for (const struct cap_field *field = kind->fields; field->name; field++) {
		if (strcmp(field->name, name))
			continue;
		err = parse_field_value(ps, field, node, &value);
		if (!err)
			put_field(cap, field, value);
		return err;
	}
	return parser_fail(ps, key, "unknown key of a %s capability", kind->name);
}

static int parse_at(struct parser *ps, const struct yamlnode *node, struct profile_cap *cap)
{
	uint64_t at;
	int err = parser_number(ps, node, PCI_CONFIG_SIZE - 4, &at);

	if (!err && (at < PCI_STD_HEADER_SIZEOF || at & 3))
		err = parser_fail(ps, node, "not a multiple of 4 from 0x40 on");
	if (!err)
		cap->at = at;
	return err;
}

static int parse_next(struct parser *ps, const struct yamlnode *node, struct profile_cap *cap)
{
	uint64_t next;
	int err = parser_number(ps, node, UINT8_MAX, &next);

	if (!err)
		cap->next = next;
	return err;
}

/* Raw bytes are laid over the rest when that is complete: see parse_cap(). */
static int parse_cap_key(struct parser *ps, const struct cap_kind *kind, const char *name,
			 const struct yamlnode *key, const struct yamlnode *node,
			 struct profile_cap *cap)
{
	if (!strcmp(name, "id") || !strcmp(name, "raw"))
		return 0;
	if (!strcmp(name, "at"))
		return parse_at(ps, node, cap);
	if (!strcmp(name, "next"))
		return parse_next(ps, node, cap);
	return parse_field(ps, kind, name, key, node, cap);
}

static int parse_cap_keys(struct parser *ps, const struct cap_kind *kind,
			  const struct yamlnode *map, struct profile_cap *cap)
{
	int err = 0;

	for (size_t i = 0; !err && i < yamlnode_count(map); i++) {
		const struct yamlnode *key = yamlnode_key_at(ps->doc, map, i);
		size_t mark = parser_push(ps, yamlnode_text(key));

		err = parse_cap_key(ps, kind, yamlnode_text(key), key,
				    yamlnode_at(ps->doc, map, i), cap);
		parser_pop(ps, mark);
	}
	return err;
}

static int parse_raw(struct parser *ps, const struct yamlnode *map, struct profile_cap *cap)
{
	const struct yamlnode *node = yamlnode_get(ps->doc, map, "raw");
	size_t mark;
	uint16_t len;
	int err;

	if (!node)
		return 0;
	mark = parser_push(ps, "raw");
	err = parser_bytes(ps, node, cap->bytes + 2, PCI_CONFIG_SIZE - 2, &len);
	parser_pop(ps, mark);
	if (!err && cap->len < len + 2)
		cap->len = len + 2;
	return err;
}

/* A name of the table or the id as a number, for kinds that have only raw bytes. */
static int parse_kind(struct parser *ps, const struct yamlnode *map, struct cap_kind *kind)
{
	const struct yamlnode *node = yamlnode_get(ps->doc, map, "id");
	const struct cap_kind *known = find_kind(yamlnode_text(node));
	uint64_t id;

	if (known)
		*kind = *known;
	else if (yamlnode_u64(node, UINT8_MAX, &id))
		*kind = (struct cap_kind){ "raw", id, 4, no_fields, "", 0, NULL };
	else
		return parser_fail(ps, node ? node : map, "id is neither pm, msi, msix, pcie, "
				   "vendor, null nor a number");
	return 0;
}

static int check_place(struct parser *ps, const struct yamlnode *map, const struct profile_cap *cap)
{
	const struct profile *profile = ps->profile;

	if (!cap->at)
		return parser_fail(ps, map, "at is missing");
	if (cap->at + cap->len > PCI_CONFIG_SIZE)
		return parser_fail(ps, map, "reaches past 0xff");
	for (unsigned int i = 0; i < profile->ncaps; i++) {
		const struct profile_cap *other = &profile->caps[i];

		if (cap->at < other->at + other->len && other->at < cap->at + cap->len)
			return parser_fail(ps, map, "overlaps the one at 0x%02x", other->at);
	}
	return 0;
}

static int parse_cap(struct parser *ps, const struct yamlnode *map, struct profile_cap *cap)
{
	struct cap_kind kind = { .fields = no_fields, .defaults = "" };
	int err;

	if (!yamlnode_is_map(map))
		return parser_fail(ps, map, "must hold \"key: value\" entries");
	err = parse_kind(ps, map, &kind);
	if (err)
		return err;
	*cap = (struct profile_cap){ .id = kind.id, .len = kind.len, .next = -1 };
	memcpy(cap->bytes + 2, kind.defaults, kind.defaults_len);
	err = parse_cap_keys(ps, &kind, map, cap);
	if (!err && kind.finish)
		kind.finish(cap);
	if (!err)
		err = parse_raw(ps, map, cap);
	return err ? err : check_place(ps, map, cap);
}

/* A list replaces the base's list as a whole: its order is what it says. */
int key_caps(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)
{
	struct profile *profile = target;
	int err = 0;

	(void)key;
	if (!yamlnode_is_list(node))
		return parser_fail(ps, node, "not a list");
	if (yamlnode_count(node) > PROFILE_MAX_CAPS)
		return parser_fail(ps, node, "more than %d", PROFILE_MAX_CAPS);
	profile->ncaps = 0;
	for (size_t i = 0; !err && i < yamlnode_count(node); i++) {
		char number[24];
		size_t mark;

		snprintf(number, sizeof(number), "%zu", i);
		mark = parser_push(ps, number);
		err = parse_cap(ps, yamlnode_at(ps->doc, node, i), &profile->caps[i]);
		parser_pop(ps, mark);
		profile->ncaps = i + 1;
	}
	return err;
}
