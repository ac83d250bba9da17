/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One description of a structure that both writes it to JSON and reads it
 * back, so that the two cannot drift apart. Each function either puts the
 * value under @key, or takes it from there.
 *
 * Reading forgives what is absent (the value stays as it was) and remembers
 * what has the wrong form: codec_wrong() names the first such key.
 */
#ifndef GPUPROBE_CASE_CODEC_H
#define GPUPROBE_CASE_CODEC_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* Sees a text before it is written, and may put another in its place. */
typedef void (*codec_text_fn)(void *ctx, const char *key, char **text);

struct codec {
	bool writing;
	struct json_object *object;
	const char **wrong;	/* shared by all codecs of one run */
	codec_text_fn each_text;	/* or NULL */
	void *ctx;		/* of each_text */
};

void codec_bool(struct codec *codec, const char *key, bool *value);
void codec_u64(struct codec *codec, const char *key, uint64_t *value);
void codec_i64(struct codec *codec, const char *key, int64_t *value);
/* Absent while NULL. */
void codec_text(struct codec *codec, const char *key, char **value);
/* As text of @digits hexadecimal digits, so that it reads as in lspci. */
void codec_hex(struct codec *codec, const char *key, unsigned int digits, uint64_t *value);
/* As "0x..." */
void codec_address(struct codec *codec, const char *key, uint64_t *value);
/* Bytes as one text of hexadecimal digits. */
void codec_bytes(struct codec *codec, const char *key, uint8_t *bytes, size_t room,
		 size_t *length);
/* One of the words, by its index; a NULL word is no word. */
void codec_word(struct codec *codec, const char *key, const char *const *words, size_t count,
		uint32_t *value);

/*
 * A value that has a "known" of its own: absent while it is not known.
 *
 *	if (codec_known(codec, "irq", &view->irq_known))
 *		codec_number(codec, "irq", view->irq);
 */
bool codec_known(struct codec *codec, const char *key, bool *known);

/* The same functions for the types that the structures have. */
#define codec_number(codec, key, lvalue)					\
	codec_via_(codec_u64, codec, key, lvalue)
#define codec_digits(codec, key, digits, lvalue)				\
	do {									\
		uint64_t wide_ = (lvalue);					\
										\
		codec_hex(codec, key, digits, &wide_);				\
		(lvalue) = wide_;						\
	} while (0)
#define codec_via_(function, codec, key, lvalue)				\
	do {									\
		uint64_t wide_ = (lvalue);					\
										\
		function(codec, key, &wide_);					\
		(lvalue) = wide_;						\
	} while (0)

/* An object inside: {0} in object if it is absent, which all functions bear. */
struct codec codec_object(struct codec *codec, const char *key);

/*
 * A list of objects; the body runs once for each, with @item as its codec:
 *
 *	codec_each(codec, "log", &c->log, item, line)
 *		line_codec(&item, line);
 */
struct codec_list {
	struct codec item;
	struct json_object *list;
	size_t next, count;
};

struct codec_list codec_list(struct codec *codec, const char *key, size_t count);
bool codec_list_next(struct codec_list *list);

#define codec_each(codec_, key, array, item_, element)				\
	for (struct codec_list list_ = codec_list(codec_, key, (array)->count);	\
	     codec_list_next(&list_);)						\
		for (struct codec *item_ = &list_.item; item_; item_ = NULL)	\
			for (__typeof__((array)->at) element = (codec_)->writing ?	\
				     &(array)->at[list_.next - 1] : array_add(array); \
			     element; element = NULL)

/* Where only writing is needed: nothing for NULL; bytes that are no UTF-8 are replaced. */
void json_add_text(struct json_object *object, const char *key, const char *text);

#endif
