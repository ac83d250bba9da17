// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"

int parser_fail(struct parser *ps, const struct yamlnode *node, const char *format, ...)
{
	char reason[256];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	yamldoc_complain(ps->doc, node, "%s: %s", ps->path[0] ? ps->path : "profile", reason);
	return -EINVAL;
}

size_t parser_push(struct parser *ps, const char *key)
{
	size_t mark = strlen(ps->path);

	snprintf(ps->path + mark, sizeof(ps->path) - mark, "%s%s", mark ? "." : "", key);
	return mark;
}

void parser_pop(struct parser *ps, size_t mark)
{
	ps->path[mark] = '\0';
}

static const struct key *find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++) {
		if (!strcmp(keys->name, name))
			return keys;
	}
	return NULL;
}

static int parse_entry(struct parser *ps, const struct yamlnode *name, const struct yamlnode *value,
		       const struct key *keys, void *target)
{
	size_t mark = parser_push(ps, yamlnode_text(name));
	const struct key *key = find_key(keys, yamlnode_text(name));
	int err;

	if (!key)
		err = parser_fail(ps, name, "unknown key");
	else
		err = key->parse(ps, key, value, (char *)target + key->offset);
	parser_pop(ps, mark);
	return err;
}

int parser_map(struct parser *ps, const struct yamlnode *map, const struct key *keys, void *target)
{
	int err = 0;

	if (!yamlnode_is_map(map))
		return parser_fail(ps, map, "must hold \"key: value\" entries");
	for (size_t i = 0; !err && i < yamlnode_count(map); i++)
		err = parse_entry(ps, yamlnode_key_at(ps->doc, map, i),
				  yamlnode_at(ps->doc, map, i), keys, target);
	return err;
}

static int parse_numbered(struct parser *ps, const struct yamlnode *name,
			  const struct yamlnode *value, uint64_t max, unsigned int step,
			  number_fn parse, void *target)
{
	size_t mark = parser_push(ps, yamlnode_text(name));
	uint64_t number;
	int err;

	err = parser_number(ps, name, max, &number);
	if (!err && number % step)
		err = parser_fail(ps, name, "not a multiple of %u", step);
	if (!err)
		err = parse(ps, number, value, target);
	parser_pop(ps, mark);
	return err;
}

int parser_numbered(struct parser *ps, const struct yamlnode *map, uint64_t max, unsigned int step,
		    number_fn parse, void *target)
{
	int err = 0;

	if (!yamlnode_is_map(map))
		return parser_fail(ps, map, "must hold \"number: value\" entries");
	for (size_t i = 0; !err && i < yamlnode_count(map); i++)
		err = parse_numbered(ps, yamlnode_key_at(ps->doc, map, i),
				     yamlnode_at(ps->doc, map, i), max, step, parse, target);
	return err;
}

int parser_number(struct parser *ps, const struct yamlnode *node, uint64_t max, uint64_t *value)
{
	if (yamlnode_u64(node, max, value))
		return 0;
	return parser_fail(ps, node, "not a number from 0 to 0x%llx", (unsigned long long)max);
}

int parser_size(struct parser *ps, const struct yamlnode *node, uint64_t max, uint64_t *value)
{
	uint64_t size;

	if (!yamlnode_size(node, &size))
		return parser_fail(ps, node, "not a size (bytes, or with K, M, G or T)");
	if (size > max)
		return parser_fail(ps, node, "more than 0x%llx bytes", (unsigned long long)max);
	*value = size;
	return 0;
}

int parser_bool(struct parser *ps, const struct yamlnode *node, bool *value)
{
	return yamlnode_bool(node, value) ? 0 : parser_fail(ps, node, "neither yes nor no");
}

static void list_words(const struct word *words, char *text, size_t room)
{
	text[0] = '\0';
	for (; words->text; words++) {
		size_t used = strlen(text);

		snprintf(text + used, room - used, "%s%s", used ? ", " : "", words->text);
	}
}

int parser_word(struct parser *ps, const struct yamlnode *node, const struct word *words,
		unsigned int *value)
{
	const char *text = yamlnode_text(node);
	char choice[200];

	for (const struct word *word = words; text && word->text; word++) {
		if (!strcmp(word->text, text)) {
			*value = word->value;
			return 0;
		}
	}
	list_words(words, choice, sizeof(choice));
	return parser_fail(ps, node, "not one of: %s", choice);
}

int parser_bytes(struct parser *ps, const struct yamlnode *node, uint8_t *bytes, size_t room,
		 uint16_t *len)
{
	size_t count = yamlnode_count(node);
	uint64_t byte;
	int err;

	if (!yamlnode_is_list(node))
		return parser_fail(ps, node, "not a list of bytes");
	if (count > room)
		return parser_fail(ps, node, "more than %zu bytes", room);
	for (size_t i = 0; i < count; i++) {
		err = parser_number(ps, yamlnode_at(ps->doc, node, i), UINT8_MAX, &byte);
		if (err)
			return err;
		bytes[i] = byte;
	}
	*len = count;
	return 0;
}

#define DEFINE_NUMBER_KEY(name, type, limit)						\
int name(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)	\
{											\
	uint64_t value = 0;								\
	int err = parser_number(ps, node, key->max ? key->max : (limit), &value);		\
											\
	if (!err)									\
		*(type *)target = value;						\
	return err;									\
}

DEFINE_NUMBER_KEY(key_u8, uint8_t, UINT8_MAX)
DEFINE_NUMBER_KEY(key_s16, int16_t, INT16_MAX)
DEFINE_NUMBER_KEY(key_u16, uint16_t, UINT16_MAX)
DEFINE_NUMBER_KEY(key_u32, uint32_t, UINT32_MAX)
DEFINE_NUMBER_KEY(key_u64, uint64_t, UINT64_MAX)

int key_size32(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)
{
	uint64_t value = 0;
	int err = parser_size(ps, node, key->max ? key->max : UINT32_MAX, &value);

	if (!err)
		*(uint32_t *)target = value;
	return err;
}

int key_size64(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)
{
	return parser_size(ps, node, key->max ? key->max : UINT64_MAX, target);
}

int key_bool(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)
{
	(void)key;
	return parser_bool(ps, node, target);
}

int key_word(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)
{
	unsigned int value = 0;
	int err = parser_word(ps, node, key->words, &value);

	if (!err)
		*(uint8_t *)target = value;
	return err;
}

static int add_patch(struct profile_patches *patches, struct profile_patch patch)
{
	struct profile_patch *list;

	list = realloc(patches->list, (patches->count + 1) * sizeof(*list));
	if (!list)
		return -ENOMEM;
	list[patches->count++] = patch;
	patches->list = list;
	return 0;
}

static int parse_patch(struct parser *ps, uint64_t at, const struct yamlnode *node, void *target)
{
	const char *text = yamlnode_text(node);
	size_t digits = text && !strncmp(text, "0x", 2) ? strlen(text + 2) : 0;
	struct profile_patch patch = { .at = at, .len = digits / 2 };
	uint64_t value;

	if ((digits != 2 && digits != 4 && digits != 8) || !yamlnode_u64(node, UINT32_MAX, &value))
		return parser_fail(ps, node, "not 0x with 2, 4 or 8 digits");
	if (at + patch.len > PCIE_CONFIG_SIZE)
		return parser_fail(ps, node, "reaches past the end of config space");
	patch.value = value;
	if (add_patch(target, patch))
		return parser_fail(ps, node, "out of memory");
	return 0;
}

int key_patches(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target)
{
	return parser_numbered(ps, node, key->max, 1, parse_patch, target);
}
