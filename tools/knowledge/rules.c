// SPDX-License-Identifier: GPL-2.0-or-later
#include "knowledge/knowledge.h"

#include "lib/i18n.h"

#define RULE_FIELD(key, kind, required) { #key, kind, offsetof(struct rule, key), required }

static const struct field rule_fields[] = {
	RULE_FIELD(id,			FIELD_TEXT,	true),
	{ "verdict",			FIELD_TEXT,	offsetof(struct rule, verdict_text), true },
	RULE_FIELD(place,		FIELD_NUMBER,	true),
	RULE_FIELD(fault,		FIELD_TEXT,	true),
	{ "fault-because",		FIELD_PROSE,	offsetof(struct rule, fault_because), true },
	RULE_FIELD(title,		FIELD_PROSE,	true),
	RULE_FIELD(explanation,		FIELD_PROSE,	true),
	RULE_FIELD(evidence,		FIELD_TEXTS,	false),
	RULE_FIELD(explains,		FIELD_TEXTS,	false),
	{ "not-helpful",		FIELD_PROSES,	offsetof(struct rule, not_helpful), false },
	{ "would-tell",			FIELD_PROSE,	offsetof(struct rule, would_tell), false },
	RULE_FIELD(sources,		FIELD_TEXTS,	false),
	RULE_FIELD(fallback,		FIELD_TEXT,	false),
	{ "when",			FIELD_OTHER,	0, true },
	{ "fix",			FIELD_OTHER,	0, false },
};

#define RULE_FIELD_COUNT (sizeof(rule_fields) / sizeof(rule_fields[0]))

struct word {
	const char *text;
	int value;
};

static const struct word verdict_words[] = {
	{ "cause",		VERDICT_CAUSE },
	{ "contributing",	VERDICT_CONTRIBUTING },
	{ "consequence",	VERDICT_CONSEQUENCE },
	{ "harmless",		VERDICT_HARMLESS },
	{ NULL, 0 }
};

static const struct word confidence_words[] = {
	{ "certain",		CONFIDENCE_CERTAIN },
	{ "likely",		CONFIDENCE_LIKELY },
	{ "possible",		CONFIDENCE_POSSIBLE },
	{ NULL, 0 }
};

static bool find_word(const struct word *words, const char *text, int *value)
{
	for (; text && words->text; words++) {
		if (strcmp(words->text, text))
			continue;
		*value = words->value;
		return true;
	}
	return false;
}

static bool is_operator(const char *text, size_t length)
{
	static const char *const operators[] = { "=", "!=", "<", "<=", ">", ">=" };

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (strlen(operators[i]) == length && !strncmp(text, operators[i], length))
			return true;
	return false;
}

/* "name" or "name op value" */
static bool term_parse(const char *text, struct term *term)
{
	size_t name = strcspn(text, " "), op, value;
	const char *at = text + name;

	if (!name)
		return false;
	term->name = xstrndup(text, name);
	at += strspn(at, " ");
	if (!*at)
		return true;
	op = strspn(at, "=!<>");
	if (!is_operator(at, op))
		return false;
	memcpy(term->op, at, op);
	at += op;
	at += strspn(at, " ");
	value = strlen(at);
	term->value = xstrndup(at, value);
	return value > 0;
}

static bool terms_read(struct yamldoc *doc, const struct yamlnode *map, const char *key,
		       term_list *terms)
{
	const struct yamlnode *list = yamlnode_get(doc, map, key);

	if (!list)
		return true;
	if (!yamlnode_is_list(list)) {
		yamldoc_complain(doc, list, "%s: must be a list", key);
		return false;
	}
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		const struct yamlnode *node = yamlnode_at(doc, list, i);
		const char *text = yamlnode_text(node);

		if (!text || !term_parse(text, array_add(terms))) {
			yamldoc_complain(doc, node, "%s: not a condition", key);
			return false;
		}
	}
	return true;
}

/* A misspelt "none" must not pass for no condition at all. */
static bool condition_keys_known(struct yamldoc *doc, const struct yamlnode *map)
{
	static const char *const keys[] = { "confidence", "because", "all", "any", "none" };

	for (size_t i = 0; i < yamlnode_count(map); i++) {
		const struct yamlnode *key = yamlnode_key_at(doc, map, i);
		bool known = false;

		for (size_t j = 0; j < sizeof(keys) / sizeof(keys[0]); j++)
			known |= !strcmp(keys[j], yamlnode_text(key));
		if (!known) {
			yamldoc_complain(doc, key, "%s: unknown key", yamlnode_text(key));
			return false;
		}
	}
	return true;
}

static bool condition_read(struct yamldoc *doc, const struct yamlnode *map,
			   struct condition *condition)
{
	const struct yamlnode *sure = yamlnode_get(doc, map, "confidence");
	const struct yamlnode *because = yamlnode_get(doc, map, "because");
	int value;

	if (!yamlnode_is_map(map)) {
		yamldoc_complain(doc, map, "when: an entry must be a mapping");
		return false;
	}
	if (!condition_keys_known(doc, map))
		return false;
	if (!sure || !find_word(confidence_words, yamlnode_text(sure), &value)) {
		yamldoc_complain(doc, map, "confidence: must be certain, likely or possible");
		return false;
	}
	condition->confidence = value;
	condition->because = because ? xstrdup(translated(yamlnode_text(because))) : NULL;
	if (value != CONFIDENCE_CERTAIN && !condition->because) {
		yamldoc_complain(doc, map, "because: missing; say why it is not certain");
		return false;
	}
	return terms_read(doc, map, "all", &condition->all) &&
	       terms_read(doc, map, "any", &condition->any) &&
	       terms_read(doc, map, "none", &condition->none);
}

static bool conditions_read(struct yamldoc *doc, const struct yamlnode *map, struct rule *rule)
{
	const struct yamlnode *list = yamlnode_get(doc, map, "when");

	if (!yamlnode_is_list(list) || !yamlnode_count(list)) {
		yamldoc_complain(doc, list, "when: must be a list with at least one entry");
		return false;
	}
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!condition_read(doc, yamlnode_at(doc, list, i),
				    array_add(&rule->conditions)))
			return false;
	return true;
}

static bool fixes_read(struct yamldoc *doc, const struct yamlnode *map, struct rule *rule)
{
	const struct yamlnode *fixes = yamlnode_get(doc, map, "fix");

	if (fixes && !yamlnode_is_map(fixes)) {
		yamldoc_complain(doc, fixes, "fix: must map hypervisors to texts");
		return false;
	}
	for (size_t i = 0; fixes && i < yamlnode_count(fixes); i++) {
		const char *name = yamlnode_text(yamlnode_key_at(doc, fixes, i));
		const char *text = yamlnode_text(yamlnode_at(doc, fixes, i));
		struct fix *fix;

		if (!name || !text) {
			yamldoc_complain(doc, fixes, "fix: must map hypervisors to texts");
			return false;
		}
		fix = array_add(&rule->fixes);
		fix->hypervisor = xstrdup(name);
		fix->text = xstrdup(translated(text));
	}
	return true;
}

static bool rule_read(struct yamldoc *doc, const struct yamlnode *map, struct rule *rule)
{
	int value;

	if (!fields_read(doc, map, rule_fields, RULE_FIELD_COUNT, rule))
		return false;
	if (!find_word(verdict_words, rule->verdict_text, &value)) {
		yamldoc_complain(doc, map, "verdict: '%s' is unknown", rule->verdict_text);
		return false;
	}
	rule->verdict = value;
	return conditions_read(doc, map, rule) && fixes_read(doc, map, rule);
}

bool rules_read(struct knowledge *knowledge, struct yamldoc *doc,
		const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!rule_read(doc, yamlnode_at(doc, list, i), array_add(&knowledge->rules)))
			return false;
	return true;
}

static void terms_free(term_list *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		free(terms->at[i].name);
		free(terms->at[i].value);
	}
	array_free(terms);
}

static void rule_free(struct rule *rule)
{
	for (size_t i = 0; i < rule->conditions.count; i++) {
		struct condition *condition = &rule->conditions.at[i];

		free(condition->because);
		terms_free(&condition->all);
		terms_free(&condition->any);
		terms_free(&condition->none);
	}
	array_free(&rule->conditions);
	for (size_t i = 0; i < rule->fixes.count; i++) {
		free(rule->fixes.at[i].hypervisor);
		free(rule->fixes.at[i].text);
	}
	array_free(&rule->fixes);
	fields_free(rule_fields, RULE_FIELD_COUNT, rule);
}

void rules_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->rules.count; i++)
		rule_free(&knowledge->rules.at[i]);
	array_free(&knowledge->rules);
}
