// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * At which lines of its source a release of the driver sets a stage: the third
 * number of RmInitAdapter. The lines of the open module are known, from its source.
 */
#include "knowledge/knowledge.h"

struct release {
	char *version;
	char *flavour;
};

static bool stage_read(struct knowledge *knowledge, struct yamldoc *doc, const char *version,
		       const struct yamlnode *key, const struct yamlnode *lines)
{
	uint64_t stage, line;

	if (!yamlnode_u64(key, UINT32_MAX, &stage) || !yamlnode_is_list(lines)) {
		yamldoc_complain(doc, key, "stages: must map codes to lists of lines");
		return false;
	}
	for (size_t i = 0; i < yamlnode_count(lines); i++) {
		const struct yamlnode *node = yamlnode_at(doc, lines, i);
		struct stage_line *entry;

		if (!yamlnode_u64(node, UINT32_MAX, &line)) {
			yamldoc_complain(doc, node, "stages: not a line number");
			return false;
		}
		entry = array_add(&knowledge->stage_lines);
		entry->version = xstrdup(version);
		entry->stage = stage;
		entry->line = line;
		entry->place = i + 1;
		entry->places = yamlnode_count(lines);
	}
	return true;
}

static bool release_read(struct knowledge *knowledge, struct yamldoc *doc,
			 const struct yamlnode *map)
{
	static const struct field fields[] = {
		{ "version",	FIELD_TEXT,	offsetof(struct release, version), true },
		{ "flavour",	FIELD_TEXT,	offsetof(struct release, flavour), true },
		{ "stages",	FIELD_OTHER,	0, true },
	};
	const size_t count = sizeof(fields) / sizeof(fields[0]);
	struct release release = { 0 };
	const struct yamlnode *stages;
	bool good = fields_read(doc, map, fields, count, &release);

	stages = good ? yamlnode_get(doc, map, "stages") : NULL;
	for (size_t i = 0; good && i < yamlnode_count(stages); i++)
		good = stage_read(knowledge, doc, release.version,
				  yamlnode_key_at(doc, stages, i), yamlnode_at(doc, stages, i));
	fields_free(fields, count, &release);
	return good;
}

bool stage_lines_read(struct knowledge *knowledge, struct yamldoc *doc,
		      const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++)
		if (!release_read(knowledge, doc, yamlnode_at(doc, list, i)))
			return false;
	return true;
}

void stage_lines_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->stage_lines.count; i++)
		free(knowledge->stage_lines.at[i].version);
	array_free(&knowledge->stage_lines);
}

const struct stage_line *stage_line_find(const struct knowledge *knowledge, uint32_t stage,
					 uint32_t line, unsigned int branch)
{
	const struct stage_line *other = NULL;

	for (size_t i = 0; i < knowledge->stage_lines.count; i++) {
		const struct stage_line *entry = &knowledge->stage_lines.at[i];

		/* A call over several lines prints the next one. */
		if (entry->stage != stage || (entry->line != line && entry->line + 1 != line))
			continue;
		if (strtoul(entry->version, NULL, 10) == branch)
			return entry;
		if (!other)
			other = entry;
	}
	return other;
}
