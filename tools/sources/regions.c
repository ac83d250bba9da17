// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who has requested the BARs: /proc/iomem and /proc/ioports, a region a line,
 * "  c2000000-c2ffffff : nvidia", two blanks deeper for each level. Only root
 * is shown addresses there, others see zeros.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sources/source.h"

struct region {
	size_t depth;
	uint64_t start, end;
	char *name;		/* in the line, without its newline */
};

static bool region_parse(char *line, struct region *region)
{
	int name = 0;

	region->depth = strspn(line, " ");
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " : %n", &region->start, &region->end,
		   &name) != 2 || !name)
		return false;
	region->name = line + name;
	return true;
}

static struct bar *bar_of(struct snapshot *snapshot, const struct region *region)
{
	for (size_t i = 0; i < BAR_COUNT; i++) {
		struct bar *bar = &snapshot->bars[i];

		if (bar->known && bar->size && bar->start == region->start &&
		    bar->start + bar->size - 1 == region->end)
			return bar;
	}
	return NULL;
}

/* "efifb, nvidia": a BAR may be requested in parts. */
static void add_holder(struct bar *bar, const char *name)
{
	char *all = xasprintf("%s%s%s", bar->holder, *bar->holder ? ", " : "", name);

	free(bar->holder);
	bar->holder = all;
}

static void read_regions(struct snapshot *snapshot, FILE *file, const char *device)
{
	struct bar *bar = NULL;
	size_t depth = 0, room = 0;
	char *line = NULL;
	struct region region;

	while (getline(&line, &room, file) > 0) {
		if (!region_parse(line, &region))
			continue;
		if (bar && region.depth > depth) {
			if (region.depth == depth + 2)
				add_holder(bar, region.name);
			continue;
		}
		bar = strcmp(region.name, device) == 0 ? bar_of(snapshot, &region) : NULL;
		depth = region.depth;
		if (bar && !bar->holder)
			bar->holder = xstrdup("");
	}
	free(line);
}

void source_regions(struct snapshot *snapshot, const struct root *root, const char *device)
{
	static const char *const files[] = { "/proc/iomem", "/proc/ioports" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = root_path(root, files[i]);
		FILE *file = fopen(path, "re");

		free(path);
		if (!file)
			continue;
		read_regions(snapshot, file, device);
		fclose(file);
	}
}
