// SPDX-License-Identifier: GPL-2.0-or-later
/* Where each hypervisor and its firmware leave room for memory windows. */
#include "knowledge/knowledge.h"

#define LIMIT_FIELD(key, member, kind, required) \
	{ key, kind, offsetof(struct limit, member), required }

static const struct field limit_fields[] = {
	LIMIT_FIELD("hypervisors",	hypervisors,	FIELD_TEXTS,	true),
	LIMIT_FIELD("firmware",		firmware,	FIELD_TEXT,	false),
	LIMIT_FIELD("rule",		rule_text,	FIELD_TEXT,	true),
	LIMIT_FIELD("size",		size,		FIELD_TEXT,	false),
	LIMIT_FIELD("low-start",	low_start,	FIELD_TEXT,	false),
	LIMIT_FIELD("low-size",		low_size,	FIELD_TEXT,	false),
	LIMIT_FIELD("wide-stays-high",	wide_stays_high, FIELD_TEXT,	false),
	LIMIT_FIELD("why",		why,		FIELD_PROSE,	true),
	LIMIT_FIELD("change",		change,		FIELD_PROSE,	true),
	LIMIT_FIELD("change-low",	change_low,	FIELD_PROSE,	true),
	LIMIT_FIELD("host",		host,		FIELD_PROSE,	false),
	LIMIT_FIELD("mark",		mark,		FIELD_TEXT,	false),
	LIMIT_FIELD("sources",		sources,	FIELD_TEXTS,	true),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool find_rule(struct limit *limit)
{
	static const char *const words[] = {
		[WINDOW_SEEN] = "seen", [WINDOW_FIXED] = "fixed", [WINDOW_GROWS] = "grows",
		[WINDOW_SHARE] = "share", [WINDOW_UNSEEN] = "unseen",
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(words[i], limit->rule_text))
			continue;
		limit->rule = i;
		return true;
	}
	return false;
}

bool limits_read(struct knowledge *knowledge, struct yamldoc *doc, const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		const struct yamlnode *map = yamlnode_at(doc, list, i);
		struct limit *limit = array_add(&knowledge->limits);

		if (!fields_read(doc, map, limit_fields, COUNT(limit_fields), limit))
			return false;
		if (find_rule(limit))
			continue;
		yamldoc_complain(doc, map, "rule: '%s' is none that there is", limit->rule_text);
		return false;
	}
	return true;
}

void limits_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->limits.count; i++)
		fields_free(limit_fields, COUNT(limit_fields), &knowledge->limits.at[i]);
	array_free(&knowledge->limits);
}

static const struct limit *find_limit(const struct knowledge *knowledge, const char *hypervisor,
				      const char *firmware)
{
	for (size_t i = 0; hypervisor && i < knowledge->limits.count; i++) {
		const struct limit *limit = &knowledge->limits.at[i];

		if (limit->firmware && (!firmware || strcmp(limit->firmware, firmware)))
			continue;
		for (size_t j = 0; j < limit->hypervisors.count; j++)
			if (!strcmp(limit->hypervisors.at[j], hypervisor))
				return limit;
	}
	return NULL;
}

const struct limit *knowledge_limit(const struct knowledge *knowledge,
				    const struct hypervisor *hypervisor, const char *firmware)
{
	const struct limit *limit = NULL;

	if (hypervisor)
		limit = find_limit(knowledge, hypervisor->id, firmware);
	if (!limit && hypervisor)
		limit = find_limit(knowledge, hypervisor->like, firmware);
	return limit ? limit : find_limit(knowledge, "any", NULL);
}
