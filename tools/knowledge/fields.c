// SPDX-License-Identifier: GPL-2.0-or-later
#include "knowledge/fields.h"

#include "lib/i18n.h"

static const struct field *find_field(const struct field *fields, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(fields[i].key, key))
			return &fields[i];
	return NULL;
}

static bool add_text(const struct yamlnode *node, bool prose, struct text_list *list)
{
	const char *text = yamlnode_text(node);

	if (!text)
		return false;
	list->at = xreallocarray(list->at, list->count + 1, sizeof(*list->at));
	list->lines = xreallocarray(list->lines, list->count + 1, sizeof(*list->lines));
	list->lines[list->count] = yamldoc_line(node);
	list->at[list->count++] = xstrdup(prose ? translated(text) : text);
	return true;
}

/* A text, or a list of texts. A list in the list is as if its texts stood there. */
static bool read_texts(struct yamldoc *doc, const struct yamlnode *node, bool prose,
		       struct text_list *list)
{
	if (!yamlnode_is_list(node))
		return add_text(node, prose, list);
	for (size_t i = 0; i < yamlnode_count(node); i++) {
		const struct yamlnode *entry = yamlnode_at(doc, node, i);
		bool nested = yamlnode_is_list(entry);

		for (size_t j = 0; j < (nested ? yamlnode_count(entry) : 1); j++)
			if (!add_text(nested ? yamlnode_at(doc, entry, j) : entry, prose, list))
				return false;
	}
	return true;
}

static bool read_value(struct yamldoc *doc, const struct yamlnode *node,
		       const struct field *field, void *structure)
{
	void *place = (char *)structure + field->offset;
	uint64_t number;

	switch (field->kind) {
	case FIELD_TEXT:
		*(char **)place = xstrdup(yamlnode_text(node));
		return *(char **)place;
	case FIELD_PROSE:
		*(char **)place = xstrdup(translated(yamlnode_text(node)));
		return *(char **)place;
	case FIELD_NUMBER:
		if (!yamlnode_u64(node, UINT32_MAX, &number))
			return false;
		*(uint32_t *)place = number;
		return true;
	case FIELD_TEXTS:
	case FIELD_PROSES:
		return read_texts(doc, node, field->kind == FIELD_PROSES, place);
	case FIELD_OTHER:
		return true;
	}
	return false;
}

static bool read_entry(struct yamldoc *doc, const struct yamlnode *map, size_t index,
		       const struct field *fields, size_t count, void *structure)
{
	const struct yamlnode *key = yamlnode_key_at(doc, map, index);
	const struct yamlnode *value = yamlnode_at(doc, map, index);
	const char *name = yamlnode_text(key);
	const struct field *field = name ? find_field(fields, count, name) : NULL;

	if (!field) {
		yamldoc_complain(doc, key, "%s: unknown key", name ? name : "(no text)");
		return false;
	}
	if (!read_value(doc, value, field, structure)) {
		yamldoc_complain(doc, value, "%s: not a %s", name,
				 field->kind == FIELD_NUMBER ? "number" : "text");
		return false;
	}
	return true;
}

bool fields_read(struct yamldoc *doc, const struct yamlnode *map, const struct field *fields,
		 size_t count, void *structure)
{
	bool good = yamlnode_is_map(map);

	if (!good)
		yamldoc_complain(doc, map, "this must be a mapping");
	for (size_t i = 0; good && i < yamlnode_count(map); i++)
		good = read_entry(doc, map, i, fields, count, structure);
	for (size_t i = 0; good && i < count; i++) {
		good = !fields[i].required || yamlnode_get(doc, map, fields[i].key);
		if (!good)
			yamldoc_complain(doc, map, "%s: missing", fields[i].key);
	}
	return good;
}

bool text_list_read(struct yamldoc *doc, const struct yamlnode *node, struct text_list *list)
{
	return read_texts(doc, node, false, list);
}

bool text_list_has(const struct text_list *list, const char *text)
{
	for (size_t i = 0; text && i < list->count; i++)
		if (!strncmp(text, list->at[i], strlen(list->at[i])))
			return true;
	return false;
}

void text_list_free(struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	free(list->lines);
	*list = (struct text_list){ 0 };
}

void fields_free(const struct field *fields, size_t count, void *structure)
{
	for (size_t i = 0; i < count; i++) {
		void *place = (char *)structure + fields[i].offset;

		switch (fields[i].kind) {
		case FIELD_TEXT:
		case FIELD_PROSE:
			free(*(char **)place);
			break;
		case FIELD_TEXTS:
		case FIELD_PROSES:
			text_list_free(place);
			break;
		case FIELD_NUMBER:
		case FIELD_OTHER:
			break;
		}
	}
}
