// SPDX-License-Identifier: GPL-2.0-or-later
/* What to change, per hypervisor: of a rule, and what a site adds to a rule's. */
#include "knowledge/knowledge.h"
#include "lib/i18n.h"

bool fixes_read(struct yamldoc *doc, const struct yamlnode *map, fix_list *fixes)
{
	if (!yamlnode_is_map(map)) {
		yamldoc_complain(doc, map, "fix: must map hypervisors to texts");
		return false;
	}
	for (size_t i = 0; i < yamlnode_count(map); i++) {
		const struct yamlnode *key = yamlnode_key_at(doc, map, i);
		const char *text = yamlnode_text(yamlnode_at(doc, map, i));
		struct fix *fix;

		if (!text) {
			yamldoc_complain(doc, key, "fix: must map hypervisors to texts");
			return false;
		}
		fix = array_add(fixes);
		fix->hypervisor = xstrdup(yamlnode_text(key));
		fix->text = xstrdup(translated(text));
		fix->line = yamldoc_line(key);
	}
	return true;
}

void fixes_free(fix_list *fixes)
{
	for (size_t i = 0; i < fixes->count; i++) {
		free(fixes->at[i].hypervisor);
		free(fixes->at[i].text);
	}
	array_free(fixes);
}

static const struct field site_fields[] = {
	{ "rule",	FIELD_TEXT,	offsetof(struct site_fixes, rule), true },
	{ "fix",	FIELD_OTHER,	0, true },
};

#define SITE_FIELD_COUNT (sizeof(site_fields) / sizeof(site_fields[0]))

bool site_fixes_read(struct knowledge *knowledge, struct yamldoc *doc,
		     const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		struct site_fixes *site = array_add(&knowledge->site_fixes);
		const struct yamlnode *node = yamlnode_at(doc, list, i);

		site->place = knowledge_place(knowledge, node);
		if (!fields_read(doc, node, site_fields, SITE_FIELD_COUNT, site) ||
		    !fixes_read(doc, yamlnode_get(doc, node, "fix"), &site->fixes))
			return false;
	}
	return true;
}

void site_fixes_free(struct knowledge *knowledge, size_t from)
{
	for (size_t i = from; i < knowledge->site_fixes.count; i++) {
		fixes_free(&knowledge->site_fixes.at[i].fixes);
		fields_free(site_fields, SITE_FIELD_COUNT, &knowledge->site_fixes.at[i]);
	}
	knowledge->site_fixes.count = from;
	if (!from)
		array_free(&knowledge->site_fixes);
}

static const struct fix *fix_in(const fix_list *fixes, const char *hypervisor)
{
	for (size_t i = 0; i < fixes->count; i++)
		if (!strcmp(fixes->at[i].hypervisor, hypervisor))
			return &fixes->at[i];
	return NULL;
}

const struct fix *rule_fix(const struct knowledge *knowledge, const struct rule *rule,
			   const char *hypervisor)
{
	for (size_t i = 0; i < knowledge->site_fixes.count; i++) {
		const struct site_fixes *site = &knowledge->site_fixes.at[i];
		const struct fix *fix = fix_in(&site->fixes, hypervisor);

		if (fix && !strcmp(site->rule, rule->id))
			return fix;
	}
	return fix_in(&rule->fixes, hypervisor);
}
