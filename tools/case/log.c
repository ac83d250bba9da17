// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/log.h"

static void line_clear(struct log_line *line)
{
	free(line->stamp);
	free(line->text);
	*line = (struct log_line){ 0 };
}

bool case_keep_line(struct gpuprobe_case *c, size_t boot_first, struct log_line *line)
{
	if (c->log.count - boot_first >= LOG_KEEP_MAX) {
		line_clear(line);
		return false;
	}
	*array_add(&c->log) = *line;
	*line = (struct log_line){ 0 };
	return true;
}

void case_drop_lines(struct gpuprobe_case *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		line_clear(&c->log.at[i]);
	memmove(&c->log.at[from], &c->log.at[to], (c->log.count - to) * sizeof(*c->log.at));
	c->log.count -= to - from;
}

/* --- logs of several sources --- */

typedef ARRAY(struct log_line) line_list;

static int compare(const struct log_line *a, const struct log_line *b)
{
	if (a->boot != b->boot)
		return a->boot < b->boot ? -1 : 1;
	return a->time_us < b->time_us ? -1 : a->time_us > b->time_us;
}

static bool all_have_times(const struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->log.count; i++)
		if (!c->log.at[i].time_known)
			return false;
	return true;
}

static bool is_there(const line_list *lines, const struct log_line *line)
{
	for (size_t i = lines->count; i-- && !compare(&lines->at[i], line);)
		if (!strcmp(lines->at[i].text, line->text))
			return true;
	return false;
}

static void merge(struct gpuprobe_case *c, size_t first)
{
	line_list merged = { 0 };
	size_t old = 0, new = first;

	while (old < first || new < c->log.count) {
		bool take_old = new == c->log.count ||
				(old < first && compare(&c->log.at[old], &c->log.at[new]) <= 0);

		if (take_old)
			*array_add(&merged) = c->log.at[old++];
		else if (is_there(&merged, &c->log.at[new]))
			line_clear(&c->log.at[new++]);
		else
			*array_add(&merged) = c->log.at[new++];
	}
	free(c->log.at);
	c->log.at = merged.at;
	c->log.count = merged.count;
	c->log.room = merged.room;
}

void case_merge_log(struct gpuprobe_case *c, size_t first, int last)
{
	for (size_t i = first; i < c->log.count; i++)
		c->log.at[i].boot -= last;
	if (first && first < c->log.count && all_have_times(c))
		merge(c, first);
}

size_t case_lines_of_boot(const struct gpuprobe_case *c, int boot)
{
	size_t count = 0;

	for (size_t i = 0; i < c->log.count; i++)
		count += c->log.at[i].boot == boot;
	return count;
}

int case_first_boot(const struct gpuprobe_case *c)
{
	int first = 0;

	for (size_t i = 0; i < c->log.count; i++)
		if (c->log.at[i].boot < first)
			first = c->log.at[i].boot;
	return first;
}

static void copy_platform(struct machine *to, const struct machine *from)
{
	to->dmi_vendor = xstrdup(from->dmi_vendor);
	to->dmi_product = xstrdup(from->dmi_product);
	to->dmi_bios_vendor = xstrdup(from->dmi_bios_vendor);
	to->dmi_bios_version = xstrdup(from->dmi_bios_version);
	to->acpi_oem_id = xstrdup(from->acpi_oem_id);
	to->cpuid_looked = from->cpuid_looked;
	for (size_t i = 0; i < from->cpuid.count; i++)
		*array_add(&to->cpuid) = from->cpuid.at[i];
}

struct gpuprobe_case *case_of_boot(const struct gpuprobe_case *c, int boot)
{
	struct gpuprobe_case *other = case_create();

	copy_platform(&other->machine, &c->machine);
	other->log_looked = c->log_looked;
	for (size_t i = 0; i < c->log.count; i++) {
		struct log_line line = c->log.at[i];

		if (line.boot != boot)
			continue;
		line.boot = 0;
		line.stamp = xstrdup(line.stamp);
		line.text = xstrdup(line.text);
		*array_add(&other->log) = line;
	}
	return other;
}
