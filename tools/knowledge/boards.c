// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GPU boards, and architectures: which chips belong to them and which drivers
 * can run them.
 */
#include "knowledge/knowledge.h"

#define ARCHITECTURE_FIELD(key, member, kind, required) \
	{ key, kind, offsetof(struct architecture, member), required }
#define CHIP_FIELD(key, kind, required) { #key, kind, offsetof(struct chip, key), required }

static const struct field architecture_fields[] = {
	ARCHITECTURE_FIELD("name", name, FIELD_TEXT, true),
	ARCHITECTURE_FIELD("first-branch", first_branch, FIELD_NUMBER, true),
	ARCHITECTURE_FIELD("last-branch", last_branch, FIELD_NUMBER, false),
	ARCHITECTURE_FIELD("open", open, FIELD_TEXT, true),
	ARCHITECTURE_FIELD("open-first-branch", open_first_branch, FIELD_NUMBER, false),
	ARCHITECTURE_FIELD("gsp", gsp, FIELD_TEXT, true),
	ARCHITECTURE_FIELD("mark", mark, FIELD_TEXT, false),
	{ "boot42",	FIELD_OTHER,	0, true },
	{ "chips",	FIELD_OTHER,	0, false },
};

static const struct field chip_fields[] = {
	CHIP_FIELD(name,	FIELD_TEXT,	true),
	CHIP_FIELD(id,		FIELD_NUMBER,	true),
	CHIP_FIELD(first,	FIELD_NUMBER,	false),
	CHIP_FIELD(last,	FIELD_NUMBER,	false),
	CHIP_FIELD(mark,	FIELD_TEXT,	false),
};

#define BOARD_FIELD(key, kind, required) { #key, kind, offsetof(struct board, key), required }

static const struct field board_fields[] = {
	BOARD_FIELD(name,		FIELD_TEXT,	true),
	BOARD_FIELD(device,		FIELD_NUMBER,	true),
	BOARD_FIELD(chip,		FIELD_TEXT,	true),
	BOARD_FIELD(architecture,	FIELD_TEXT,	true),
	BOARD_FIELD(bars,		FIELD_TEXT,	true),
	BOARD_FIELD(rebar,		FIELD_TEXT,	false),
	BOARD_FIELD(interrupts,		FIELD_TEXT,	true),
	BOARD_FIELD(flr,		FIELD_TEXT,	false),
	BOARD_FIELD(mark,		FIELD_TEXT,	false),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool chips_read(struct architecture *architecture, struct yamldoc *doc,
		       const struct yamlnode *map)
{
	const struct yamlnode *list = yamlnode_get(doc, map, "chips");

	for (size_t i = 0; list && i < yamlnode_count(list); i++)
		if (!fields_read(doc, yamlnode_at(doc, list, i), chip_fields,
				 COUNT(chip_fields), array_add(&architecture->chips)))
			return false;
	return true;
}

bool architectures_read(struct knowledge *knowledge, struct yamldoc *doc,
			const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		const struct yamlnode *map = yamlnode_at(doc, list, i);
		struct architecture *architecture = array_add(&knowledge->architectures);

		if (!fields_read(doc, map, architecture_fields, COUNT(architecture_fields),
				 architecture) ||
		    !chips_read(architecture, doc, map))
			return false;
	}
	return true;
}

void architectures_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->architectures.count; i++) {
		struct architecture *architecture = &knowledge->architectures.at[i];

		for (size_t j = 0; j < architecture->chips.count; j++)
			fields_free(chip_fields, COUNT(chip_fields), &architecture->chips.at[j]);
		array_free(&architecture->chips);
		fields_free(architecture_fields, COUNT(architecture_fields), architecture);
	}
	array_free(&knowledge->architectures);
}

const struct architecture *architecture_of_device(const struct knowledge *knowledge,
						  uint16_t device)
{
	for (size_t i = 0; i < knowledge->architectures.count; i++) {
		const struct architecture *architecture = &knowledge->architectures.at[i];

		for (size_t j = 0; j < architecture->chips.count; j++) {
			const struct chip *chip = &architecture->chips.at[j];

			if (chip->last && device >= chip->first && device <= chip->last)
				return architecture;
		}
	}
	return NULL;
}

const struct architecture *architecture_of_chip(const struct knowledge *knowledge, uint32_t number)
{
	for (size_t i = 0; i < knowledge->architectures.count; i++) {
		const struct architecture *architecture = &knowledge->architectures.at[i];

		for (size_t j = 0; j < architecture->chips.count; j++)
			if (architecture->chips.at[j].id >> 4 == number)
				return architecture;
	}
	return NULL;
}

bool boards_read(struct knowledge *knowledge, struct yamldoc *doc, const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!fields_read(doc, yamlnode_at(doc, list, i), board_fields,
				 COUNT(board_fields), array_add(&knowledge->boards)))
			return false;
	return true;
}

void boards_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->boards.count; i++)
		fields_free(board_fields, COUNT(board_fields), &knowledge->boards.at[i]);
	array_free(&knowledge->boards);
}

const struct board *knowledge_board(const struct knowledge *knowledge, uint32_t device)
{
	for (size_t i = 0; i < knowledge->boards.count; i++)
		if (knowledge->boards.at[i].device == device)
			return &knowledge->boards.at[i];
	return NULL;
}
