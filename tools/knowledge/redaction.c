// SPDX-License-Identifier: GPL-2.0-or-later
/* What tells who or which machine: patterns, and names that tell nobody. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "knowledge/knowledge.h"

#define PATTERN_FIELD(key, kind, required) \
	{ #key, kind, offsetof(struct redaction_pattern, key), required }

static const struct field pattern_fields[] = {
	{ "kind",		FIELD_TEXT,	offsetof(struct redaction_pattern, kind_text), true },
	PATTERN_FIELD(match,	FIELD_TEXT,	true),
	PATTERN_FIELD(check,	FIELD_TEXT,	false),
	PATTERN_FIELD(samples,	FIELD_TEXTS,	true),
	PATTERN_FIELD(counter,	FIELD_TEXTS,	false),
};

#define PATTERN_FIELD_COUNT (sizeof(pattern_fields) / sizeof(pattern_fields[0]))

static bool compile(struct redaction_pattern *entry, struct yamldoc *doc,
		    const struct yamlnode *node)
{
	PCRE2_UCHAR why[128];
	uint32_t groups = 0;
	PCRE2_SIZE place;
	int error;

	entry->pattern = pcre2_compile((PCRE2_SPTR)entry->match, PCRE2_ZERO_TERMINATED,
				       PCRE2_CASELESS, &error, &place, NULL);
	if (!entry->pattern) {
		pcre2_get_error_message(error, why, sizeof(why));
		yamldoc_complain(doc, node, "match: %s at character %zu", (char *)why, place);
		return false;
	}
	pcre2_pattern_info(entry->pattern, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups != 1)
		yamldoc_complain(doc, node, "match: it must have one group, not %u", groups);
	return groups == 1;
}

static bool pattern_read(struct redaction_pattern *entry, struct yamldoc *doc,
			 const struct yamlnode *node)
{
	if (!fields_read(doc, node, pattern_fields, PATTERN_FIELD_COUNT, entry))
		return false;
	if (!pseudonym_kind_find(entry->kind_text, &entry->kind)) {
		yamldoc_complain(doc, node, "kind: there is no '%s'", entry->kind_text);
		return false;
	}
	if (entry->check && strcmp(entry->check, "ipv6") != 0) {
		yamldoc_complain(doc, node, "check: there is no '%s'", entry->check);
		return false;
	}
	return compile(entry, doc, node);
}

bool redaction_read(struct knowledge *knowledge, struct yamldoc *doc,
		    const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!pattern_read(array_add(&knowledge->redaction), doc,
				  yamlnode_at(doc, list, i)))
			return false;
	return true;
}

bool common_names_read(struct knowledge *knowledge, struct yamldoc *doc,
		       const struct yamlnode *list)
{
	if (text_list_read(doc, list, &knowledge->common_names))
		return true;
	yamldoc_complain(doc, list, "common-names: a name is no text");
	return false;
}

void redaction_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->redaction.count; i++) {
		pcre2_code_free(knowledge->redaction.at[i].pattern);
		fields_free(pattern_fields, PATTERN_FIELD_COUNT, &knowledge->redaction.at[i]);
	}
	array_free(&knowledge->redaction);
	text_list_free(&knowledge->common_names);
}
