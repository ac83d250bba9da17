// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia.ko's own checks, and the branches of it that are in use. */
#include "knowledge/knowledge.h"

#define GATE_FIELD(key, member, kind, required) \
	{ key, kind, offsetof(struct gate, member), required }

static const struct field gate_fields[] = {
	GATE_FIELD("id", id, FIELD_TEXT, true),
	GATE_FIELD("title", title, FIELD_PROSE, true),
	GATE_FIELD("moment", moment_text, FIELD_TEXT, true),
	GATE_FIELD("place", place, FIELD_NUMBER, true),
	GATE_FIELD("place-580", place_580, FIELD_NUMBER, false),
	GATE_FIELD("first-branch", first_branch, FIELD_NUMBER, false),
	GATE_FIELD("last-branch", last_branch, FIELD_NUMBER, false),
	GATE_FIELD("flavour", flavour, FIELD_TEXT, false),
	GATE_FIELD("message", message, FIELD_TEXT, false),
	GATE_FIELD("field", field, FIELD_TEXT, false),
	GATE_FIELD("value", value, FIELD_NUMBER, false),
	GATE_FIELD("shared", shared, FIELD_TEXT, false),
	GATE_FIELD("goes-on", goes_on, FIELD_TEXT, false),
	GATE_FIELD("mark", mark, FIELD_TEXT, false),
	GATE_FIELD("source", source, FIELD_TEXT, true),
};

#define BRANCH_FIELD(key, kind, required) \
	{ #key, kind, offsetof(struct driver_branch, key), required }

static const struct field branch_fields[] = {
	BRANCH_FIELD(number,	FIELD_NUMBER,	true),
	BRANCH_FIELD(open,	FIELD_TEXT,	false),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool take_moment(struct yamldoc *doc, const struct yamlnode *map, struct gate *gate)
{
	static const char *const words[] = {
		[GATE_AT_FILE] = "file", [GATE_AT_LOAD] = "load", [GATE_AT_PROBE] = "probe", [GATE_AT_USE] = "use",
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(words[i], gate->moment_text))
			continue;
		gate->moment = i;
		return true;
	}
	yamldoc_complain(doc, map, "moment: must be file, load, probe or use");
	return false;
}

bool gates_read(struct knowledge *knowledge, struct yamldoc *doc, const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		const struct yamlnode *map = yamlnode_at(doc, list, i);
		struct gate *gate = array_add(&knowledge->gates);

		if (!fields_read(doc, map, gate_fields, COUNT(gate_fields), gate) ||
		    !take_moment(doc, map, gate))
			return false;
	}
	return true;
}

bool branches_read(struct knowledge *knowledge, struct yamldoc *doc,
		   const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!fields_read(doc, yamlnode_at(doc, list, i), branch_fields,
				 COUNT(branch_fields), array_add(&knowledge->branches)))
			return false;
	return true;
}

void gates_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->gates.count; i++)
		fields_free(gate_fields, COUNT(gate_fields), &knowledge->gates.at[i]);
	array_free(&knowledge->gates);
	for (size_t i = 0; i < knowledge->branches.count; i++)
		fields_free(branch_fields, COUNT(branch_fields), &knowledge->branches.at[i]);
	array_free(&knowledge->branches);
}
