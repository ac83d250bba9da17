// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "lib/yamldoc.h"

#define FILE_MAX_BYTES	(16u << 20)

struct yamldoc {
	char *name;
	yaml_document_t tree;
	yamldoc_complain_fn complain;
	void *ctx;
	unsigned int complaints;
	bool parsed;		/* tree is valid */
};

/* A yamlnode is libyaml's node under another name, so that callers need not know libyaml. */
static const yaml_node_t *native(const struct yamlnode *node)
{
	return (const yaml_node_t *)node;
}

static const struct yamlnode *foreign(const yaml_node_t *node)
{
	return (const struct yamlnode *)node;
}

static void __attribute__((format(printf, 3, 0)))
vcomplain(struct yamldoc *doc, size_t line, const char *format, va_list args)
{
	char text[512];

	doc->complaints++;
	vsnprintf(text, sizeof(text), format, args);
	if (doc->complain)
		doc->complain(doc->ctx, doc->name, line, text);
}

static void __attribute__((format(printf, 3, 4)))
complain_at(struct yamldoc *doc, size_t line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(doc, line, format, args);
	va_end(args);
}

void yamldoc_complain(struct yamldoc *doc, const struct yamlnode *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vcomplain(doc, yamldoc_line(node), format, args);
	va_end(args);
}

unsigned int yamldoc_complaints(const struct yamldoc *doc)
{
	return doc->complaints;
}

static void complain_parser(struct yamldoc *doc, const yaml_parser_t *parser)
{
	const char *what = parser->problem ? parser->problem : "not YAML";

	switch (parser->error) {
	case YAML_MEMORY_ERROR:
		complain_at(doc, 0, "out of memory");
		break;
	case YAML_READER_ERROR:
		complain_at(doc, 0, "%s at byte %zu", what, parser->problem_offset);
		break;
	default:
		complain_at(doc, parser->problem_mark.line + 1, "%s", what);
	}
}

static int order_by_text(const void *a, const void *b)
{
	const yaml_node_t *x = *(const yaml_node_t *const *)a;
	const yaml_node_t *y = *(const yaml_node_t *const *)b;

	return strcmp((const char *)x->data.scalar.value, (const char *)y->data.scalar.value);
}

/* Of two equal keys the one written later is the mistake. */
static const yaml_node_t *later(const yaml_node_t *a, const yaml_node_t *b)
{
	return a->start_mark.index > b->start_mark.index ? a : b;
}

/*
 * Sorted, because comparing each with each would make a hostile file of a
 * million keys take hours.
 */
static bool keys_are_unique(struct yamldoc *doc, const yaml_node_t **keys, size_t count)
{
	qsort(keys, count, sizeof(*keys), order_by_text);
	for (size_t i = 1; i < count; i++) {
		const yaml_node_t *twice;

		if (order_by_text(&keys[i - 1], &keys[i]))
			continue;
		twice = later(keys[i - 1], keys[i]);
		complain_at(doc, twice->start_mark.line + 1, "%s: key given twice",
			    (const char *)twice->data.scalar.value);
		return false;
	}
	return true;
}

static bool check_mapping(struct yamldoc *doc, const yaml_node_t *map)
{
	size_t count = map->data.mapping.pairs.top - map->data.mapping.pairs.start;
	const yaml_node_t **keys;
	bool good = true;

	if (!count)
		return true;
	keys = calloc(count, sizeof(*keys));
	if (!keys) {
		complain_at(doc, 0, "out of memory");
		return false;
	}
	for (size_t i = 0; good && i < count; i++) {
		keys[i] = yaml_document_get_node(&doc->tree, map->data.mapping.pairs.start[i].key);
		if (keys[i]->type != YAML_SCALAR_NODE) {
			complain_at(doc, keys[i]->start_mark.line + 1, "a key must be plain text");
			good = false;
		}
	}
	good = good && keys_are_unique(doc, keys, count);
	free(keys);
	return good;
}

/* C strings end at a NUL, so a scalar that has one ("\0") would be read as something else. */
static bool check_scalar(struct yamldoc *doc, const yaml_node_t *node)
{
	if (!memchr(node->data.scalar.value, '\0', node->data.scalar.length))
		return true;
	complain_at(doc, node->start_mark.line + 1, "text with a NUL byte");
	return false;
}

/* Scalars first: the keys of the mappings are among them. */
static bool check_nodes(struct yamldoc *doc)
{
	const yaml_node_t *node;

	for (node = doc->tree.nodes.start; node < doc->tree.nodes.top; node++) {
		if (node->type == YAML_SCALAR_NODE && !check_scalar(doc, node))
			return false;
	}
	for (node = doc->tree.nodes.start; node < doc->tree.nodes.top; node++) {
		if (node->type == YAML_MAPPING_NODE && !check_mapping(doc, node))
			return false;
	}
	return true;
}

static bool check_end(struct yamldoc *doc, yaml_parser_t *parser)
{
	yaml_document_t more;
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &more)) {
		complain_parser(doc, parser);
		return false;
	}
	root = yaml_document_get_root_node(&more);
	if (root)
		complain_at(doc, root->start_mark.line + 1, "a second document");
	yaml_document_delete(&more);
	return !root;
}

static bool load_tree(struct yamldoc *doc, const char *text, size_t len)
{
	yaml_parser_t parser;
	bool good = false;

	if (!yaml_parser_initialize(&parser)) {
		complain_at(doc, 0, "out of memory");
		return false;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (!yaml_parser_load(&parser, &doc->tree)) {
		complain_parser(doc, &parser);
		goto out;
	}
	doc->parsed = true;
	if (!yaml_document_get_root_node(&doc->tree))
		complain_at(doc, 0, "empty");
	else
		good = check_nodes(doc) && check_end(doc, &parser);
out:
	yaml_parser_delete(&parser);
	return good;
}

static struct yamldoc *yamldoc_create(const char *name, yamldoc_complain_fn complain, void *ctx)
{
	struct yamldoc *doc = calloc(1, sizeof(*doc));

	if (doc)
		doc->name = strdup(name);
	if (!doc || !doc->name) {
		free(doc);
		if (complain)
			complain(ctx, name, 0, "out of memory");
		return NULL;
	}
	doc->complain = complain;
	doc->ctx = ctx;
	return doc;
}

struct yamldoc *yamldoc_parse(const char *name, const char *text, size_t len,
			      yamldoc_complain_fn complain, void *ctx)
{
	struct yamldoc *doc = yamldoc_create(name, complain, ctx);

	if (doc && !load_tree(doc, text, len)) {
		yamldoc_destroy(doc);
		return NULL;
	}
	return doc;
}

/* Reads all of @file into a new buffer. -EFBIG past the limit. */
static int slurp(FILE *file, char **text, size_t *len)
{
	size_t room = 1 << 16, used = 0, got;
	char *buf = malloc(room), *more;

	while (buf && (got = fread(buf + used, 1, room - used, file)) > 0) {
		used += got;
		if (used > FILE_MAX_BYTES || ferror(file))
			break;
		if (used < room)
			continue;
		room *= 2;
		more = realloc(buf, room);
		if (!more)
			free(buf);
		buf = more;
	}
	if (!buf)
		return -ENOMEM;
	if (used > FILE_MAX_BYTES || ferror(file)) {
		free(buf);
		return used > FILE_MAX_BYTES ? -EFBIG : errno ? -errno : -EIO;
	}
	*text = buf;
	*len = used;
	return 0;
}

static int slurp_path(const char *path, char **text, size_t *len)
{
	FILE *file = fopen(path, "re");
	int err;

	if (!file)
		return -errno;
	errno = 0;
	err = slurp(file, text, len);
	fclose(file);
	return err;
}

struct yamldoc *yamldoc_load(const char *path, yamldoc_complain_fn complain, void *ctx)
{
	struct yamldoc *doc;
	char *text = NULL;
	size_t len = 0;
	int err;

	err = slurp_path(path, &text, &len);
	if (err) {
		if (complain)
			complain(ctx, path, 0, strerror(-err));
		return NULL;
	}
	doc = yamldoc_parse(path, text, len, complain, ctx);
	free(text);
	return doc;
}

void yamldoc_destroy(struct yamldoc *doc)
{
	if (!doc)
		return;
	if (doc->parsed)
		yaml_document_delete(&doc->tree);
	free(doc->name);
	free(doc);
}

const struct yamlnode *yamldoc_root(struct yamldoc *doc)
{
	return foreign(yaml_document_get_root_node(&doc->tree));
}

size_t yamldoc_line(const struct yamlnode *node)
{
	return node ? native(node)->start_mark.line + 1 : 0;
}

static bool has_type(const struct yamlnode *node, yaml_node_type_t type)
{
	return node && native(node)->type == type;
}

bool yamlnode_is_scalar(const struct yamlnode *node)
{
	return has_type(node, YAML_SCALAR_NODE);
}

bool yamlnode_is_list(const struct yamlnode *node)
{
	return has_type(node, YAML_SEQUENCE_NODE);
}

bool yamlnode_is_map(const struct yamlnode *node)
{
	return has_type(node, YAML_MAPPING_NODE);
}

const char *yamlnode_text(const struct yamlnode *node)
{
	return yamlnode_is_scalar(node) ? (const char *)native(node)->data.scalar.value : NULL;
}

size_t yamlnode_count(const struct yamlnode *node)
{
	if (yamlnode_is_list(node))
		return native(node)->data.sequence.items.top -
		       native(node)->data.sequence.items.start;
	if (yamlnode_is_map(node))
		return native(node)->data.mapping.pairs.top -
		       native(node)->data.mapping.pairs.start;
	return 0;
}

const struct yamlnode *yamlnode_at(struct yamldoc *doc, const struct yamlnode *node, size_t index)
{
	int id;

	if (index >= yamlnode_count(node))
		return NULL;
	if (yamlnode_is_list(node))
		id = native(node)->data.sequence.items.start[index];
	else
		id = native(node)->data.mapping.pairs.start[index].value;
	return foreign(yaml_document_get_node(&doc->tree, id));
}

const struct yamlnode *yamlnode_key_at(struct yamldoc *doc, const struct yamlnode *node,
				       size_t index)
{
	if (!yamlnode_is_map(node) || index >= yamlnode_count(node))
		return NULL;
	return foreign(yaml_document_get_node(&doc->tree,
					      native(node)->data.mapping.pairs.start[index].key));
}

const struct yamlnode *yamlnode_get(struct yamldoc *doc, const struct yamlnode *node,
				    const char *key)
{
	if (!yamlnode_is_map(node))
		return NULL;
	for (size_t i = 0; i < yamlnode_count(node); i++) {
		if (!strcmp(yamlnode_text(yamlnode_key_at(doc, node, i)), key))
			return yamlnode_at(doc, node, i);
	}
	return NULL;
}

/*
 * A number at the start of @text; @end is where it stops. A decimal with a
 * leading zero is refused: YAML 1.1 reads it as octal, people do not.
 */
static bool scan_number(const char *text, uint64_t *value, const char **end)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	size_t len = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
	uint64_t number;
	char *stop;

	if (!len || (!hex && len > 1 && digits[0] == '0'))
		return false;
	errno = 0;
	number = strtoull(digits, &stop, hex ? 16 : 10);
	if (errno)
		return false;
	*value = number;
	*end = stop;
	return true;
}

bool yamlnode_u64(const struct yamlnode *node, uint64_t max, uint64_t *value)
{
	const char *text = yamlnode_text(node), *end;
	uint64_t number;

	if (!text || !scan_number(text, &number, &end) || *end || number > max)
		return false;
	*value = number;
	return true;
}

bool yamlnode_size(const struct yamlnode *node, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *text = yamlnode_text(node), *end, *unit;
	unsigned int shift = 0;
	uint64_t number;

	if (!text || !scan_number(text, &number, &end))
		return false;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return false;
		shift = 10 * (unit - units + 1);
	}
	if (number > UINT64_MAX >> shift)
		return false;
	*bytes = number << shift;
	return true;
}

bool yamlnode_bool(const struct yamlnode *node, bool *value)
{
	static const struct { const char *word; bool value; } words[] = {
		{ "yes", true }, { "true", true }, { "on", true },
		{ "no", false }, { "false", false }, { "off", false },
	};
	const char *text = yamlnode_text(node);

	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(text, words[i].word)) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}
