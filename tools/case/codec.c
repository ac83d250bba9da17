// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/codec.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/printable.h"
#include "lib/xalloc.h"

static void wrong(struct codec *codec, const char *key)
{
	if (!*codec->wrong)
		*codec->wrong = key;
}

static void put(struct codec *codec, const char *key, struct json_object *value)
{
	json_object_object_add(codec->object, key, value);
}

/* The value under @key if it has that type; NULL if absent or after wrong(). */
static struct json_object *get(struct codec *codec, const char *key, enum json_type type)
{
	struct json_object *value;

	if (!codec->object || !json_object_object_get_ex(codec->object, key, &value))
		return NULL;
	if (json_object_is_type(value, type))
		return value;
	wrong(codec, key);
	return NULL;
}

void codec_bool(struct codec *codec, const char *key, bool *value)
{
	struct json_object *found;

	if (codec->writing)
		put(codec, key, json_object_new_boolean(*value));
	else if ((found = get(codec, key, json_type_boolean)))
		*value = json_object_get_boolean(found);
}

void codec_u64(struct codec *codec, const char *key, uint64_t *value)
{
	struct json_object *found;

	if (codec->writing)
		put(codec, key, json_object_new_uint64(*value));
	else if ((found = get(codec, key, json_type_int)))
		*value = json_object_get_uint64(found);
}

void codec_i64(struct codec *codec, const char *key, int64_t *value)
{
	struct json_object *found;

	if (codec->writing)
		put(codec, key, json_object_new_int64(*value));
	else if ((found = get(codec, key, json_type_int)))
		*value = json_object_get_int64(found);
}

void codec_text(struct codec *codec, const char *key, char **value)
{
	struct json_object *found;
	char *text;

	if (codec->writing) {
		if (!*value)
			return;
		if (codec->each_text)
			codec->each_text(codec->ctx, key, value);
		text = valid_utf8(*value);
		put(codec, key, json_object_new_string(text));
		free(text);
	} else if ((found = get(codec, key, json_type_string))) {
		free(*value);
		*value = xstrdup(json_object_get_string(found));
	}
}

static bool parse_hex(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 16);
	return !errno && isxdigit((unsigned char)*text) && !*end;
}

void codec_hex(struct codec *codec, const char *key, unsigned int digits, uint64_t *value)
{
	struct json_object *found;
	char text[20];

	if (codec->writing) {
		snprintf(text, sizeof(text), "%0*" PRIx64, (int)digits, *value);
		put(codec, key, json_object_new_string(text));
	} else if ((found = get(codec, key, json_type_string)) &&
		   !parse_hex(json_object_get_string(found), value)) {
		wrong(codec, key);
	}
}

void codec_address(struct codec *codec, const char *key, uint64_t *value)
{
	struct json_object *found;
	const char *text;
	char buffer[20];

	if (codec->writing) {
		snprintf(buffer, sizeof(buffer), "0x%" PRIx64, *value);
		put(codec, key, json_object_new_string(buffer));
		return;
	}
	found = get(codec, key, json_type_string);
	text = found ? json_object_get_string(found) : NULL;
	if (text && (strncmp(text, "0x", 2) || !parse_hex(text + 2, value)))
		wrong(codec, key);
}

static int hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit ? strchr(digits, digit) : NULL;

	return at ? at - digits : -1;
}

static void bytes_write(struct codec *codec, const char *key, const uint8_t *bytes,
			size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *text = xcalloc(2 * length + 1, 1);

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	put(codec, key, json_object_new_string(text));
	free(text);
}

void codec_bytes(struct codec *codec, const char *key, uint8_t *bytes, size_t room,
		 size_t *length)
{
	struct json_object *found;
	const char *text;
	size_t digits;

	if (codec->writing) {
		if (*length)
			bytes_write(codec, key, bytes, *length);
		return;
	}
	found = get(codec, key, json_type_string);
	if (!found)
		return;
	text = json_object_get_string(found);
	digits = strlen(text);
	if (digits % 2 || digits / 2 > room) {
		wrong(codec, key);
		return;
	}
	for (size_t i = 0; i < digits / 2; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			wrong(codec, key);
			return;
		}
		bytes[i] = high << 4 | low;
	}
	*length = digits / 2;
}

void codec_word(struct codec *codec, const char *key, const char *const *words, size_t count,
		uint32_t *value)
{
	struct json_object *found;

	if (codec->writing) {
		if (*value < count && words[*value])
			put(codec, key, json_object_new_string(words[*value]));
		return;
	}
	found = get(codec, key, json_type_string);
	for (size_t i = 0; found && i < count; i++) {
		if (!words[i] || strcmp(words[i], json_object_get_string(found)))
			continue;
		*value = i;
		return;
	}
	if (found)
		wrong(codec, key);
}

bool codec_known(struct codec *codec, const char *key, bool *known)
{
	if (!codec->writing)
		*known = codec->object && json_object_object_get_ex(codec->object, key, NULL);
	return *known;
}

struct codec codec_object(struct codec *codec, const char *key)
{
	struct codec inner = *codec;

	if (codec->writing) {
		inner.object = json_object_new_object();
		put(codec, key, inner.object);
	} else {
		inner.object = get(codec, key, json_type_object);
	}
	return inner;
}

struct codec_list codec_list(struct codec *codec, const char *key, size_t count)
{
	struct codec_list list = { .item = *codec };

	if (codec->writing) {
		list.list = json_object_new_array();
		list.count = count;
		put(codec, key, list.list);
	} else {
		list.list = get(codec, key, json_type_array);
		list.count = list.list ? json_object_array_length(list.list) : 0;
	}
	return list;
}

bool codec_list_next(struct codec_list *list)
{
	struct json_object *item;

	while (list->next < list->count) {
		if (list->item.writing) {
			item = json_object_new_object();
			json_object_array_add(list->list, item);
		} else {
			item = json_object_array_get_idx(list->list, list->next);
		}
		list->next++;
		if (json_object_is_type(item, json_type_object)) {
			list->item.object = item;
			return true;
		}
		wrong(&list->item, "list entry");
	}
	return false;
}

void json_add_text(struct json_object *object, const char *key, const char *text)
{
	char *valid;

	if (!text)
		return;
	valid = valid_utf8(text);
	json_object_object_add(object, key, json_object_new_string(valid));
	free(valid);
}
