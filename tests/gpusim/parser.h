/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mappings of a profile file into C structures, by tables of keys. The parser
 * knows at any time which key it is in ("bars.1.size"), for its complaint.
 */
#ifndef GPUSIM_PARSER_H
#define GPUSIM_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/yamldoc.h"
#include "profile.h"

struct parser {
	struct yamldoc *doc;
	struct profile *profile;
	const char *file;
	unsigned int depth;	/* how many profiles rest on this one */
	profile_complain_fn complain;
	void *ctx;
	char path[128];		/* the key we are in */
};

struct key;

/* Stores the value of @node for @key at @target. 0 or, after a complaint, -EINVAL. */
typedef int (*key_fn)(struct parser *ps, const struct key *key, const struct yamlnode *node,
		      void *target);

struct key {
	const char *name;
	key_fn parse;
	size_t offset;		/* of the field in the structure that the mapping fills */
	uint64_t max;
	const void *words;	/* key_word: a table that ends with a NULL word */
};

struct word {
	const char *text;
	unsigned int value;
};

/* Complains about @node as the value of the key we are in, and returns -EINVAL. */
int parser_fail(struct parser *ps, const struct yamlnode *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Enter and leave a key. parser_push returns the mark that parser_pop wants. A
 * key too long for the path is cut off there.
 */
size_t parser_push(struct parser *ps, const char *key);
void parser_pop(struct parser *ps, size_t mark);

/* Each entry of a mapping by its row in @keys (ends with a NULL name); others are mistakes. */
int parser_map(struct parser *ps, const struct yamlnode *map, const struct key *keys,
	       void *target);

/*
 * Each entry of a mapping whose keys are numbers up to @max that are a
 * multiple of @step.
 */
typedef int (*number_fn)(struct parser *ps, uint64_t number, const struct yamlnode *node,
			 void *target);
int parser_numbered(struct parser *ps, const struct yamlnode *map, uint64_t max, unsigned int step,
		    number_fn parse, void *target);

int parser_number(struct parser *ps, const struct yamlnode *node, uint64_t max, uint64_t *value);
int parser_size(struct parser *ps, const struct yamlnode *node, uint64_t max, uint64_t *value);
int parser_bool(struct parser *ps, const struct yamlnode *node, bool *value);
int parser_word(struct parser *ps, const struct yamlnode *node, const struct word *words,
		unsigned int *value);
/* A list of byte values. */
int parser_bytes(struct parser *ps, const struct yamlnode *node, uint8_t *bytes, size_t room,
		 uint16_t *len);

/* key_fn's for scalars: the name says the type of the field. */
int key_u8(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
int key_s16(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
int key_u16(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
int key_u32(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
int key_u64(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
int key_size32(struct parser *ps, const struct key *key, const struct yamlnode *node,
	       void *target);
int key_size64(struct parser *ps, const struct key *key, const struct yamlnode *node,
	       void *target);
int key_bool(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
/* A word of @key->words into a u8. */
int key_word(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);
/* A config-space patch list: "0x3d: 0x00", as many bytes as hex digits are written for. */
int key_patches(struct parser *ps, const struct key *key, const struct yamlnode *node,
		void *target);
/* The list of capabilities, in profile-caps.c; @target is the profile. */
int key_caps(struct parser *ps, const struct key *key, const struct yamlnode *node, void *target);

/* Whether the merged profile makes sense as a whole, in profile-check.c. */
int profile_check(struct parser *ps);

#endif
