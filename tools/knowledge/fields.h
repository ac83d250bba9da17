/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a YAML mapping to a C structure by a table of its keys. A key that the
 * table does not have, a value of another form and a missing key are complained
 * about with file and line.
 */
#ifndef GPUPROBE_KNOWLEDGE_FIELDS_H
#define GPUPROBE_KNOWLEDGE_FIELDS_H

#include "lib/array.h"
#include "lib/yamldoc.h"

struct text_list {
	char **at;
	size_t *lines;		/* where each stands in its file */
	size_t count;
};

enum field_kind {
	FIELD_TEXT,		/* char * */
	FIELD_PROSE,		/* the same, for people: in their language */
	FIELD_NUMBER,		/* uint32_t */
	FIELD_TEXTS,		/* struct text_list: a list, or one text */
	FIELD_PROSES,		/* the same, for people */
	FIELD_OTHER,		/* known, and read by other code */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	bool required;
};

/* Fill @structure, which is zeroed. Texts are copied. Returns false after a complaint. */
bool fields_read(struct yamldoc *doc, const struct yamlnode *map, const struct field *fields,
		 size_t count, void *structure);
/* Free what fields_read() filled. */
void fields_free(const struct field *fields, size_t count, void *structure);

/* Add a list of texts, or one text. A list in the list is as if its texts stood there. */
bool text_list_read(struct yamldoc *doc, const struct yamlnode *node, struct text_list *list);
/* Whether @text, which may be NULL, begins with one of them. */
bool text_list_has(const struct text_list *list, const char *text);
void text_list_free(struct text_list *list);

#endif
