/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A YAML file as a tree whose nodes know their line, for files that people
 * write: every complaint names file, line, key and reason.
 *
 * libyaml does the parsing. Its document tree is kept as it is; the functions
 * here only walk it and turn scalars into C values.
 */
#ifndef GPUPROBE_LIB_YAMLDOC_H
#define GPUPROBE_LIB_YAMLDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct yamldoc;
struct yamlnode;		/* belongs to its document */

/*
 * Where complaints go. @file and @line are NULL and 0 where there is none.
 * The text has no newline.
 */
typedef void (*yamldoc_complain_fn)(void *ctx, const char *file, size_t line,
				    const char *text);

/*
 * Parse @len bytes at @text. @name is used in complaints and copied. Returns
 * NULL after exactly one complaint if the text is not one YAML document whose
 * mappings have unique scalar keys, if a scalar holds a NUL, or if memory ran
 * out. @complain may be NULL.
 *
 * Aliases (*name) are followed, so a hostile document can be a graph with
 * loops: walk it by what you expect in it, not by recursion until it ends.
 */
struct yamldoc *yamldoc_parse(const char *name, const char *text, size_t len,
			      yamldoc_complain_fn complain, void *ctx);

/* The same from a file of at most 16 MiB; what open or read said is a complaint too. */
struct yamldoc *yamldoc_load(const char *path, yamldoc_complain_fn complain,
			     void *ctx);
void yamldoc_destroy(struct yamldoc *doc);

/* Complain about a node: "file:line: ..." comes from the node; it may be NULL. */
void yamldoc_complain(struct yamldoc *doc, const struct yamlnode *node,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* How often anything was complained about. */
unsigned int yamldoc_complaints(const struct yamldoc *doc);

const struct yamlnode *yamldoc_root(struct yamldoc *doc);
size_t yamldoc_line(const struct yamlnode *node);

bool yamlnode_is_scalar(const struct yamlnode *node);
bool yamlnode_is_list(const struct yamlnode *node);
bool yamlnode_is_map(const struct yamlnode *node);

/* Scalar text, or NULL if it is no scalar. Lives as long as the document. */
const char *yamlnode_text(const struct yamlnode *node);

/* Lists and mappings: number of entries, and one of them; NULL past the end. */
size_t yamlnode_count(const struct yamlnode *node);
const struct yamlnode *yamlnode_at(struct yamldoc *doc,
				   const struct yamlnode *node, size_t index);
const struct yamlnode *yamlnode_key_at(struct yamldoc *doc,
				       const struct yamlnode *node, size_t index);

/* Mapping: the value of @key, or NULL. */
const struct yamlnode *yamlnode_get(struct yamldoc *doc,
				    const struct yamlnode *node, const char *key);

/*
 * Scalars as values: false if the text is not wholly of that form or out of
 * range, with nothing stored. Numbers are decimal (without leading zeros) or
 * 0x hexadecimal; sizes take K, M, G, T (binary); booleans are yes, no, true,
 * false, on, off.
 */
bool yamlnode_u64(const struct yamlnode *node, uint64_t max, uint64_t *value);
bool yamlnode_size(const struct yamlnode *node, uint64_t *bytes);
bool yamlnode_bool(const struct yamlnode *node, bool *value);

#endif
