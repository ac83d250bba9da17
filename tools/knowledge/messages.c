// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel messages: recognised by a literal first, then by a pattern. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "knowledge/knowledge.h"
#include "lib/literals.h"

#define MESSAGE_FIELD(key, kind, required) { #key, kind, offsetof(struct message, key), required }

static const struct field message_fields[] = {
	MESSAGE_FIELD(id,	FIELD_TEXT,	true),
	MESSAGE_FIELD(has,	FIELD_TEXTS,	true),
	MESSAGE_FIELD(match,	FIELD_TEXT,	false),
	{ "level",		FIELD_TEXT,	offsetof(struct message, level_text), true },
	MESSAGE_FIELD(means,	FIELD_PROSE,	true),
	MESSAGE_FIELD(source,	FIELD_TEXT,	false),
	MESSAGE_FIELD(mark,	FIELD_TEXT,	false),
	MESSAGE_FIELD(samples,	FIELD_TEXTS,	true),
	MESSAGE_FIELD(counter,	FIELD_TEXTS,	false),
};

#define MESSAGE_FIELD_COUNT (sizeof(message_fields) / sizeof(message_fields[0]))

/* Match limits: a pattern that explodes on a hostile line ends as "no match". */
#define MATCH_LIMIT 20000

/* Lines about the GPU's driver are kept even when no message is known for them. */
static const char *const subjects[] = { "NVRM", "nvidia", "nouveau" };

#define IS_SUBJECT SIZE_MAX	/* the value of a subject in the set; messages have their index */

/* Messages of which a literal is in a line; more than that are no line that a kernel printed. */
#define CANDIDATES_MAX 32

static const char *const levels[] = {
	[LEVEL_NOTE] = "note", [LEVEL_GOOD] = "good",
	[LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error",
};

static bool find_level(struct message *message)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(levels[i], message->level_text))
			continue;
		message->level = i;
		return true;
	}
	return false;
}

static bool compile(struct message *message, struct yamldoc *doc, const struct yamlnode *node)
{
	PCRE2_UCHAR why[128];
	PCRE2_SIZE place;
	int error;

	if (!message->match)
		return true;
	message->pattern = pcre2_compile((PCRE2_SPTR)message->match, PCRE2_ZERO_TERMINATED, 0,
					 &error, &place, NULL);
	if (message->pattern)
		return true;
	pcre2_get_error_message(error, why, sizeof(why));
	yamldoc_complain(doc, node, "match: %s at character %zu", (char *)why, place);
	return false;
}

static bool message_read(struct message *message, struct yamldoc *doc,
			 const struct yamlnode *node)
{
	if (!fields_read(doc, node, message_fields, MESSAGE_FIELD_COUNT, message))
		return false;
	if (!find_level(message)) {
		yamldoc_complain(doc, node, "level: '%s' is not error, warning, note or good",
				 message->level_text);
		return false;
	}
	return compile(message, doc, node);
}

/*
 * Of the messages from index @from on: each has one of its literals in every line.
 * Returns a literal that is too short to be searched for, or NULL.
 */
static const char *add_literals(struct knowledge *knowledge, size_t from)
{
	for (size_t i = from; i < knowledge->messages.count; i++) {
		const struct text_list *has = &knowledge->messages.at[i].has;

		for (size_t j = 0; j < has->count; j++)
			if (!literals_add(knowledge->literals, has->at[j], i))
				return has->at[j];
	}
	return NULL;
}

static void begin_literals(struct knowledge *knowledge)
{
	literals_destroy(knowledge->literals);
	knowledge->literals = literals_create();
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		literals_add(knowledge->literals, subjects[i], IS_SUBJECT);
}

bool messages_read(struct knowledge *knowledge, struct yamldoc *doc,
		   const struct yamlnode *list)
{
	if (!knowledge->literals)
		begin_literals(knowledge);
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		struct message *message = array_add(&knowledge->messages);
		const struct yamlnode *node = yamlnode_at(doc, list, i);
		const char *bad;

		message->place = knowledge_place(knowledge, node);
		if (!message_read(message, doc, node))
			return false;
		bad = add_literals(knowledge, knowledge->messages.count - 1);
		if (!bad)
			continue;
		yamldoc_complain(doc, node, "has: '%s' must have at least %d characters in one line",
				 bad, LITERAL_MIN);
		return false;
	}
	return true;
}

void messages_free(struct knowledge *knowledge, size_t from)
{
	for (size_t i = from; i < knowledge->messages.count; i++) {
		pcre2_code_free(knowledge->messages.at[i].pattern);
		fields_free(message_fields, MESSAGE_FIELD_COUNT, &knowledge->messages.at[i]);
	}
	knowledge->messages.count = from;
	if (from) {
		begin_literals(knowledge);
		add_literals(knowledge, 0);
		return;
	}
	array_free(&knowledge->messages);
	literals_destroy(knowledge->literals);
	knowledge->literals = NULL;
}

const struct message *knowledge_message(const struct knowledge *knowledge, const char *id)
{
	for (size_t i = 0; i < knowledge->messages.count; i++)
		if (!strcmp(knowledge->messages.at[i].id, id))
			return &knowledge->messages.at[i];
	return NULL;
}

bool knowledge_line_matters(const struct knowledge *knowledge, const char *text)
{
	struct literal_scan scan = {
		.set = knowledge->literals, .text = text, .length = strlen(text),
	};
	size_t value;

	return knowledge->literals && literal_scan_next(&scan, &value);
}

/* Keep the indices in order, each once; where there are too many the highest go. */
static size_t insert(size_t *candidates, size_t count, size_t index)
{
	size_t place = count;

	while (place && candidates[place - 1] > index)
		place--;
	if (place && candidates[place - 1] == index)
		return count;
	if (place == CANDIDATES_MAX)
		return count;
	if (count < CANDIDATES_MAX)
		count++;
	memmove(&candidates[place + 1], &candidates[place],
		(count - place - 1) * sizeof(*candidates));
	candidates[place] = index;
	return count;
}

static size_t find_candidates(const struct knowledge *knowledge, const char *text,
			      size_t *candidates)
{
	struct literal_scan scan = {
		.set = knowledge->literals, .text = text, .length = strlen(text),
	};
	size_t count = 0, value;

	while (knowledge->literals && literal_scan_next(&scan, &value))
		if (value != IS_SUBJECT)
			count = insert(candidates, count, value);
	return count;
}

static void take_fields(const struct message *message, const char *text,
			const PCRE2_SIZE *place, struct message_match *match)
{
	uint32_t names, size;
	PCRE2_SPTR table;

	pcre2_pattern_info(message->pattern, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(message->pattern, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(message->pattern, PCRE2_INFO_NAMETABLE, &table);
	/* An entry is the group's number in two bytes, then its name. */
	for (uint32_t i = 0; i < names && match->count < MESSAGE_FIELDS_MAX; i++, table += size) {
		size_t group = table[0] << 8 | table[1];
		PCRE2_SIZE from = place[2 * group], to = place[2 * group + 1];

		if (from == PCRE2_UNSET || to < from)
			continue;
		match->fields[match->count].name = (const char *)table + 2;
		match->fields[match->count++].text = xstrndup(text + from, to - from);
	}
}

static bool matches(const struct message *message, const char *text,
		    struct message_match *match)
{
	pcre2_match_context *limits;
	pcre2_match_data *data;
	bool good;

	if (!message->pattern)
		return true;
	data = pcre2_match_data_create_from_pattern(message->pattern, NULL);
	limits = pcre2_match_context_create(NULL);
	if (!data || !limits)
		return false;
	pcre2_set_match_limit(limits, MATCH_LIMIT);
	good = pcre2_match(message->pattern, (PCRE2_SPTR)text, strlen(text), 0, 0, data,
			   limits) > 0;
	if (good)
		take_fields(message, text, pcre2_get_ovector_pointer(data), match);
	pcre2_match_context_free(limits);
	pcre2_match_data_free(data);
	return good;
}

bool knowledge_match(const struct knowledge *knowledge, const char *text,
		     struct message_match *match)
{
	size_t candidates[CANDIDATES_MAX];
	size_t count = find_candidates(knowledge, text, candidates);

	memset(match, 0, sizeof(*match));
	for (size_t i = 0; i < count; i++) {
		const struct message *message = &knowledge->messages.at[candidates[i]];

		if (!matches(message, text, match))
			continue;
		match->message = message;
		return true;
	}
	return false;
}

void message_match_clear(struct message_match *match)
{
	for (size_t i = 0; i < match->count; i++)
		free(match->fields[i].text);
	match->count = 0;
}

const char *message_match_field(const struct message_match *match, const char *name)
{
	for (size_t i = 0; i < match->count; i++)
		if (!strcmp(match->fields[i].name, name))
			return match->fields[i].text;
	return NULL;
}
