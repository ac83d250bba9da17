// SPDX-License-Identifier: GPL-2.0-or-later
#include "knowledge/knowledge.h"

#include "lib/i18n.h"

#define RULE_FIELD(key, kind, required) { #key, kind, offsetof(struct rule, key), required }

static const struct field rule_fields[] = {
	RULE_FIELD(id,			FIELD_TEXT,	true),
	{ "verdict",			FIELD_TEXT,	offsetof(struct rule, verdict_text), true },
	{ "place",			FIELD_NUMBER,	offsetof(struct rule, rank), true },
	RULE_FIELD(fault,		FIELD_TEXT,	true),
	{ "fault-because",		FIELD_PROSE,	offsetof(struct rule, fault_because), true },
	RULE_FIELD(title,		FIELD_PROSE,	true),
	RULE_FIELD(plain,		FIELD_PROSE,	false),
	RULE_FIELD(explanation,		FIELD_PROSE,	true),
	RULE_FIELD(evidence,		FIELD_TEXTS,	false),
	RULE_FIELD(explains,		FIELD_TEXTS,	false),
	{ "not-helpful",		FIELD_PROSES,	offsetof(struct rule, not_helpful), false },
	{ "would-tell",			FIELD_PROSE,	offsetof(struct rule, would_tell), false },
	RULE_FIELD(sources,		FIELD_TEXTS,	false),
	RULE_FIELD(fallback,		FIELD_TEXT,	false),
	{ "when",			FIELD_OTHER,	0, true },
	{ "fix",			FIELD_OTHER,	0, false },
	{ "samples",			FIELD_OTHER,	0, false },
	{ "counter",			FIELD_OTHER,	0, false },
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

static const struct word fault_words[] = {
	{ "host" }, { "hypervisor" }, { "guest" }, { "driver" }, { "gpu" }, { "user" },
	{ "none" }, { "unknown" },
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
		struct term *term = array_add(terms);

		term->line = yamldoc_line(node);
		if (!text || !term_parse(text, term)) {
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
	condition->line = yamldoc_line(map);
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

static bool rule_read(struct yamldoc *doc, const struct yamlnode *map, struct rule *rule)
{
	const struct yamlnode *fixes = yamlnode_get(doc, map, "fix");
	int value;

	if (!fields_read(doc, map, rule_fields, RULE_FIELD_COUNT, rule))
		return false;
	if (!find_word(fault_words, rule->fault, &value)) {
		yamldoc_complain(doc, yamlnode_get(doc, map, "fault"), "fault: '%s' is unknown",
				 rule->fault);
		return false;
	}
	if (!find_word(verdict_words, rule->verdict_text, &value)) {
		yamldoc_complain(doc, yamlnode_get(doc, map, "verdict"),
				 "verdict: '%s' is unknown", rule->verdict_text);
		return false;
	}
	rule->verdict = value;
	return conditions_read(doc, map, rule) &&
	       (!fixes || fixes_read(doc, fixes, &rule->fixes)) &&
	       samples_read(doc, map, "samples", &rule->samples) &&
	       samples_read(doc, map, "counter", &rule->counter);
}

bool rules_read(struct knowledge *knowledge, struct yamldoc *doc,
		const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		const struct yamlnode *node = yamlnode_at(doc, list, i);
		struct rule *rule = array_add(&knowledge->rules);

		rule->place = knowledge_place(knowledge, node);
		if (!rule_read(doc, node, rule))
			return false;
	}
	return true;
}

const struct rule *knowledge_rule(const struct knowledge *knowledge, const char *id)
{
	for (size_t i = 0; i < knowledge->rules.count; i++)
		if (!strcmp(knowledge->rules.at[i].id, id))
			return &knowledge->rules.at[i];
	return NULL;
}

bool rule_is_of_site(const struct knowledge *knowledge, const struct rule *rule)
{
	for (size_t i = 0; i < knowledge->site_files.count; i++)
		if (!strcmp(knowledge->site_files.at[i].path, rule->place.file))
			return true;
	return false;
}

bool is_rule_id(const char *name)
{
	return !strchr(name, '.');
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
	fixes_free(&rule->fixes);
	samples_free(&rule->samples);
	samples_free(&rule->counter);
	fields_free(rule_fields, RULE_FIELD_COUNT, rule);
}

void rules_free(struct knowledge *knowledge, size_t from)
{
	for (size_t i = from; i < knowledge->rules.count; i++)
		rule_free(&knowledge->rules.at[i]);
	knowledge->rules.count = from;
	if (!from)
		array_free(&knowledge->rules);
}
