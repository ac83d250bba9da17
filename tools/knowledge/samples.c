// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Samples of a rule: small logs and facts. A sample is a text, the log; or a
 * mapping with "log", "facts" (name and value of each), or both.
 */
#include "knowledge/knowledge.h"

static bool facts_read(struct yamldoc *doc, const struct yamlnode *map, given_facts *facts)
{
	if (!yamlnode_is_map(map)) {
		yamldoc_complain(doc, map, "facts: must map facts to values");
		return false;
	}
	for (size_t i = 0; i < yamlnode_count(map); i++) {
		const struct yamlnode *key = yamlnode_key_at(doc, map, i);
		const char *value = yamlnode_text(yamlnode_at(doc, map, i));
		struct given_fact *fact;

		if (!value) {
			yamldoc_complain(doc, key, "facts: must map facts to values");
			return false;
		}
		fact = array_add(facts);
		fact->name = xstrdup(yamlnode_text(key));
		fact->value = xstrdup(value);
		fact->line = yamldoc_line(key);
	}
	return true;
}

static bool sample_read(struct yamldoc *doc, const struct yamlnode *node, const char *key,
			struct rule_sample *sample)
{
	static const struct field fields[] = {
		{ "log",	FIELD_TEXT,	offsetof(struct rule_sample, log), false },
		{ "facts",	FIELD_OTHER,	0, false },
	};
	const struct yamlnode *facts;

	sample->line = yamldoc_line(node);
	if (yamlnode_is_scalar(node)) {
		sample->log = xstrdup(yamlnode_text(node));
		return true;
	}
	if (!fields_read(doc, node, fields, sizeof(fields) / sizeof(fields[0]), sample))
		return false;
	facts = yamlnode_get(doc, node, "facts");
	if (!facts && !sample->log) {
		yamldoc_complain(doc, node, "%s: an entry needs a log, facts, or both", key);
		return false;
	}
	return !facts || facts_read(doc, facts, &sample->facts);
}

bool samples_read(struct yamldoc *doc, const struct yamlnode *rule, const char *key,
		  sample_list *samples)
{
	const struct yamlnode *list = yamlnode_get(doc, rule, key);

	if (!list)
		return true;
	if (!yamlnode_is_list(list)) {
		yamldoc_complain(doc, list, "%s: must be a list", key);
		return false;
	}
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!sample_read(doc, yamlnode_at(doc, list, i), key, array_add(samples)))
			return false;
	return true;
}

void samples_free(sample_list *samples)
{
	for (size_t i = 0; i < samples->count; i++) {
		struct rule_sample *sample = &samples->at[i];

		for (size_t j = 0; j < sample->facts.count; j++) {
			free(sample->facts.at[j].name);
			free(sample->facts.at[j].value);
		}
		array_free(&sample->facts);
		free(sample->log);
	}
	array_free(samples);
}
