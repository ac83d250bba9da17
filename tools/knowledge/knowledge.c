// SPDX-License-Identifier: GPL-2.0-or-later
#include "knowledge/knowledge.h"

/* Top-level keys of the files. */
static const struct {
	const char *key;
	bool (*read)(struct knowledge *knowledge, struct yamldoc *doc,
		     const struct yamlnode *list);
} sections[] = {
	{ "messages",		messages_read },
	{ "statuses",		statuses_read },
	{ "stages",		stages_read },
	{ "lines",		stage_lines_read },
	{ "xids",		xids_read },
	{ "hypervisors",	hypervisors_read },
	{ "rules",		rules_read },
	{ "fixes",		site_fixes_read },
	{ "boards",		boards_read },
	{ "limits",		limits_read },
	{ "architectures",	architectures_read },
	{ "redaction",		redaction_read },
	{ "common-names",	common_names_read },
	{ "gates",		gates_read },
	{ "branches",		branches_read },
};

static bool read_section(struct knowledge *knowledge, struct yamldoc *doc, const char *key,
			 const struct yamlnode *place, const struct yamlnode *list)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (strcmp(sections[i].key, key))
			continue;
		if (!yamlnode_is_list(list)) {
			yamldoc_complain(doc, list, "%s: must be a list", key);
			return false;
		}
		return sections[i].read(knowledge, doc, list);
	}
	yamldoc_complain(doc, place, "%s: unknown section", key);
	return false;
}

/* The file is the one that is being read, which is the last. */
struct place knowledge_place(const struct knowledge *knowledge, const struct yamlnode *node)
{
	return (struct place){ knowledge->files.at[knowledge->files.count - 1],
			       yamldoc_line(node) };
}

enum confidence mark_allows(const char *mark)
{
	if (!mark)
		return CONFIDENCE_CERTAIN;
	return strcmp(mark, "inferred") ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
}

bool knowledge_add(struct knowledge *knowledge, const char *name, const char *text,
		   size_t length, yamldoc_complain_fn complain, void *ctx)
{
	struct yamldoc *doc = yamldoc_parse(name, text, length, complain, ctx);
	const struct yamlnode *root;
	bool good = true;

	if (!doc)
		return false;
	*array_add(&knowledge->files) = xstrdup(name);
	root = yamldoc_root(doc);
	if (!yamlnode_is_map(root)) {
		yamldoc_complain(doc, root, "the file must be a mapping");
		good = false;
	}
	for (size_t i = 0; good && i < yamlnode_count(root); i++) {
		const struct yamlnode *key = yamlnode_key_at(doc, root, i);
		const char *word = yamlnode_text(key);

		good = word && read_section(knowledge, doc, word, key,
					    yamlnode_at(doc, root, i));
	}
	yamldoc_destroy(doc);
	return good;
}

struct knowledge *knowledge_load(yamldoc_complain_fn complain, void *ctx)
{
	struct knowledge *knowledge = xcalloc(1, sizeof(*knowledge));

	for (size_t i = 0; i < embedded_file_count; i++) {
		const struct embedded_file *file = &embedded_files[i];

		if (!knowledge_add(knowledge, file->name, file->text, file->end - file->text,
				   complain, ctx)) {
			knowledge_destroy(knowledge);
			return NULL;
		}
	}
	return knowledge;
}

struct knowledge_mark knowledge_mark(const struct knowledge *knowledge)
{
	return (struct knowledge_mark){ knowledge->messages.count, knowledge->rules.count,
					knowledge->site_fixes.count };
}

void knowledge_cut(struct knowledge *knowledge, const struct knowledge_mark *mark)
{
	messages_free(knowledge, mark->messages);
	rules_free(knowledge, mark->rules);
	site_fixes_free(knowledge, mark->site_fixes);
}

void knowledge_destroy(struct knowledge *knowledge)
{
	if (!knowledge)
		return;
	knowledge_cut(knowledge, &(struct knowledge_mark){ 0 });
	codes_free(knowledge);
	stage_lines_free(knowledge);
	architectures_free(knowledge);
	boards_free(knowledge);
	limits_free(knowledge);
	gates_free(knowledge);
	hypervisors_free(knowledge);
	for (size_t i = 0; i < knowledge->files.count; i++)
		free(knowledge->files.at[i]);
	array_free(&knowledge->files);
	for (size_t i = 0; i < knowledge->site_files.count; i++)
		free(knowledge->site_files.at[i].path);
	array_free(&knowledge->site_files);
	redaction_free(knowledge);
	free(knowledge);
}
