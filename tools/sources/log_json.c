// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Logs as JSON: "journalctl -o json", json-pretty, json-seq and json-sse, one object
 * an entry; "dmesg --json", one object in all.
 */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>

#include "sources/journal_entry.h"
#include "sources/source.h"

#define CHUNK_BYTES	65536
#define OBJECT_MAX	(16u << 20)	/* bytes of one object */
#define DEPTH_MAX	8

/* journald gives what is no text as an array of bytes. */
static char *text_of(struct json_object *value)
{
	size_t count;
	char *text;

	if (json_object_is_type(value, json_type_string))
		return xstrdup(json_object_get_string(value));
	if (!json_object_is_type(value, json_type_array))
		return NULL;
	count = json_object_array_length(value);
	text = xcalloc(count + 1, 1);
	for (size_t i = 0; i < count; i++) {
		int byte = json_object_get_int(json_object_array_get_idx(value, i));

		text[i] = byte ? byte : ' ';
	}
	return text;
}

static void take_journal(struct journal_reader *reader, struct json_object *object)
{
	struct journal_entry entry = { .time_us = LOG_NO_TIME };

	json_object_object_foreach(object, name, value) {
		char *text = text_of(value);

		if (text)
			journal_entry_set(&entry, name, text);
	}
	journal_reader_take(reader, &entry);
}

/* {"pri": 6, "time": 2.683654, "msg": "..."} */
static void take_dmesg(struct journal_reader *reader, struct json_object *list)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *item = json_object_array_get_idx(list, i), *value;
		struct journal_entry entry = { .time_us = LOG_NO_TIME };
		double seconds;

		if (!json_object_is_type(item, json_type_object))
			continue;
		if (json_object_object_get_ex(item, "pri", &value) &&
		    json_object_get_int(value) >> 3)
			continue;
		if (json_object_object_get_ex(item, "msg", &value))
			entry.message = text_of(value);
		seconds = json_object_object_get_ex(item, "time", &value) ?
			  json_object_get_double(value) : -1;
		if (seconds >= 0 && seconds < 1e12)
			entry.time_us = seconds * 1e6 + 0.5; /* NOLINT(bugprone-incorrect-roundings): never negative */
		journal_reader_take(reader, &entry);
	}
}

static void take_object(struct journal_reader *reader, struct json_object *object)
{
	struct json_object *list;

	if (!json_object_is_type(object, json_type_object))
		return;
	if (json_object_object_get_ex(object, "dmesg", &list) &&
	    json_object_is_type(list, json_type_array))
		take_dmesg(reader, list);
	else
		take_journal(reader, object);
}

struct parser {
	struct journal_reader reader;
	struct json_tokener *tokener;
	bool inside;		/* of an object */
	size_t length;		/* of it, so far */
	bool too_long, damaged;
};

static void forget_object(struct parser *parser)
{
	json_tokener_reset(parser->tokener);
	parser->inside = false;
	parser->length = 0;
}

/* Bytes of @text that were used: between objects up to the next one, else as far as it goes. */
static size_t parse(struct parser *parser, const char *text, size_t length)
{
	struct json_object *object;
	const char *start;

	if (!parser->inside) {
		start = memchr(text, '{', length);
		if (!start)
			return length;
		parser->inside = true;
		if (start > text)
			return start - text;
	}
	object = json_tokener_parse_ex(parser->tokener, text, length);
	if (object) {
		size_t used = json_tokener_get_parse_end(parser->tokener);

		take_object(&parser->reader, object);
		json_object_put(object);
		forget_object(parser);
		return used;
	}
	parser->length += length;
	parser->too_long |= parser->length > OBJECT_MAX;
	if (json_tokener_get_error(parser->tokener) == json_tokener_continue && !parser->too_long)
		return length;
	/* Go on behind the damage: at the next line. */
	parser->damaged = true;
	forget_object(parser);
	start = memchr(text, '\n', length);
	return start ? (size_t)(start + 1 - text) : length;
}

int source_log_json(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge,
		    char **problem)
{
	struct parser parser = { .tokener = json_tokener_new_ex(DEPTH_MAX) };
	char *chunk = xcalloc(CHUNK_BYTES, 1);
	size_t length, used;
	int error = 0;

	journal_reader_open(&parser.reader, c, knowledge);
	while ((length = fread(chunk, 1, CHUNK_BYTES, file)))
		for (used = 0; used < length && !parser.too_long;)
			used += parse(&parser, chunk + used, length - used);
	if (!parser.reader.entries && (parser.inside || parser.damaged)) {
		*problem = xstrdup("the JSON is cut short or broken");
		error = -EPROTO;
	} else if (parser.inside || parser.damaged) {
		case_add_blind_spot(c, _("a part of the log"), _("its JSON is cut short or broken"), NULL);
	}
	journal_reader_close(&parser.reader);
	json_tokener_free(parser.tokener);
	free(chunk);
	return error;
}
