// SPDX-License-Identifier: GPL-2.0-or-later
/* NV_STATUS, the stages of RmInitAdapter, and Xids. */
#include "knowledge/knowledge.h"

#define CODE_FIELD(key, kind, required) { #key, kind, offsetof(struct code_entry, key), required }

static const struct field code_fields[] = {
	CODE_FIELD(code,	FIELD_NUMBER,	true),
	CODE_FIELD(name,	FIELD_TEXT,	true),
	CODE_FIELD(text,	FIELD_PROSE,	true),
	CODE_FIELD(step,	FIELD_PROSE,	false),
	CODE_FIELD(branches,	FIELD_TEXT,	false),
	CODE_FIELD(only,	FIELD_TEXT,	false),
	CODE_FIELD(fault,	FIELD_TEXT,	false),
	CODE_FIELD(mark,	FIELD_TEXT,	false),
};

#define CODE_FIELD_COUNT (sizeof(code_fields) / sizeof(code_fields[0]))

static bool table_read(code_table *table, struct yamldoc *doc, const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!fields_read(doc, yamlnode_at(doc, list, i), code_fields,
				 CODE_FIELD_COUNT, array_add(table)))
			return false;
	return true;
}

bool statuses_read(struct knowledge *knowledge, struct yamldoc *doc,
		   const struct yamlnode *list)
{
	return table_read(&knowledge->statuses, doc, list);
}

bool stages_read(struct knowledge *knowledge, struct yamldoc *doc,
		 const struct yamlnode *list)
{
	return table_read(&knowledge->stages, doc, list);
}

bool xids_read(struct knowledge *knowledge, struct yamldoc *doc, const struct yamlnode *list)
{
	return table_read(&knowledge->xids, doc, list);
}

static void table_free(code_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		fields_free(code_fields, CODE_FIELD_COUNT, &table->at[i]);
	array_free(table);
}

void codes_free(struct knowledge *knowledge)
{
	table_free(&knowledge->statuses);
	table_free(&knowledge->stages);
	table_free(&knowledge->xids);
}

/* "515-515", "580-590", "595-" */
static bool in_branches(const char *branches, unsigned int branch)
{
	char *end;
	unsigned long from = strtoul(branches, &end, 10), to;

	if (*end != '-')
		return branch == from;
	to = end[1] ? strtoul(end + 1, NULL, 10) : (unsigned long)-1;
	return branch >= from && branch <= to;
}

const struct code_entry *code_find(const code_table *table, uint32_t code,
				   unsigned int branch)
{
	const struct code_entry *last = NULL;

	for (size_t i = 0; i < table->count; i++) {
		const struct code_entry *entry = &table->at[i];

		if (entry->code != code)
			continue;
		if (!entry->branches || (branch && in_branches(entry->branches, branch)))
			return entry;
		last = entry;	/* of a branch that is not known, the newest meaning */
	}
	return branch ? NULL : last;
}

const struct code_entry *code_find_name(const code_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (!strcmp(table->at[i].name, name))
			return &table->at[i];
	return NULL;
}
