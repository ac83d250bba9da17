// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot in order: snapshots and the lines of the log that are understood. */
#include "render/figures.h"

#include <inttypes.h>

#include "lib/i18n.h"

#define MOMENTS_MOST 400	/* beyond, only what is no mere note */

static const enum moment_level levels[] = {
	[LEVEL_NOTE] = MOMENT_NOTE, [LEVEL_GOOD] = MOMENT_GOOD,
	[LEVEL_WARNING] = MOMENT_WARNING, [LEVEL_ERROR] = MOMENT_ERROR,
};

/* --- snapshots --- */

struct look {
	const struct function *function;
	const struct snapshot *snapshot;
};

typedef ARRAY(struct look) look_list;

static int compare_looks(const void *left, const void *right)
{
	const struct snapshot *a = ((const struct look *)left)->snapshot;
	const struct snapshot *b = ((const struct look *)right)->snapshot;

	if (a->log_ns != b->log_ns)
		return a->log_ns < b->log_ns ? -1 : 1;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static void find_looks(const struct gpuprobe_case *c, look_list *looks)
{
	for (size_t i = 0; i < c->functions.count; i++) {
		const struct function *function = &c->functions.at[i];

		for (size_t j = 0; j < function->snapshots.count; j++) {
			const struct snapshot *snapshot = &function->snapshots.at[j];

			if (snapshot->source == SNAPSHOT_MODULE)
				*array_add(looks) = (struct look){ function, snapshot };
		}
	}
	if (looks->count)
		qsort(looks->at, looks->count, sizeof(*looks->at), compare_looks);
}

/* What a trigger says happened; %s: the place, and the driver. */
static char *look_text(const struct function *function, const struct snapshot *snapshot)
{
	static const char *const texts[] = {
		[GPUPROBE_TRIGGER_LOAD] = N_("gpuprobe was loaded and looked at %s"),
		[GPUPROBE_TRIGGER_ADDED] = N_("%s was added"),
		[GPUPROBE_TRIGGER_BEFORE_BIND] = N_("%s is about to be probed by %s"),
		[GPUPROBE_TRIGGER_BOUND] = N_("%s was taken by %s"),
		[GPUPROBE_TRIGGER_NOT_BOUND] = N_("%s was not taken by %s: its probe failed"),
		[GPUPROBE_TRIGGER_BEFORE_UNBIND] = N_("%s is about to be left by %s"),
		[GPUPROBE_TRIGGER_UNBOUND] = N_("%s was left by %s"),
		[GPUPROBE_TRIGGER_REMOVED] = N_("%s left the bus"),
		[GPUPROBE_TRIGGER_REQUEST] = N_("gpuprobe was asked to look at %s"),
	};
	const char *driver = snapshot->driver && *snapshot->driver ? snapshot->driver :
		_("a driver");
	char place[PCI_ADDRESS_TEXT];

	if (snapshot->trigger >= sizeof(texts) / sizeof(texts[0]) || !texts[snapshot->trigger])
		return xasprintf(_("gpuprobe looked at %s"),
				 pci_address_print(&function->address, place));
	return xasprintf(_(texts[snapshot->trigger]),
			 pci_address_print(&function->address, place), driver);
}

static enum moment_kind look_kind(const struct snapshot *snapshot)
{
	switch (snapshot->trigger) {
	case GPUPROBE_TRIGGER_LOAD:
		return MOMENT_MODULE;
	case GPUPROBE_TRIGGER_BEFORE_BIND:
		return MOMENT_ATTEMPT;
	default:
		return MOMENT_SNAPSHOT;
	}
}

static void add_look(struct timeline *timeline, const struct look *look)
{
	struct moment *moment = array_add(&timeline->moments);
	uint64_t us = look->snapshot->log_ns / 1000;

	moment->kind = look_kind(look->snapshot);
	if (look->snapshot->trigger == GPUPROBE_TRIGGER_NOT_BOUND)
		moment->level = MOMENT_ERROR;
	if (look->snapshot->trigger == GPUPROBE_TRIGGER_BOUND)
		moment->level = MOMENT_GOOD;
	moment->time_known = true;
	moment->time_us = us;
	moment->stamp = xasprintf("[%5" PRIu64 ".%06" PRIu64 "]", us / 1000000, us % 1000000);
	moment->text = look_text(look->function, look->snapshot);
	moment->times = 1;
}

/* --- log lines --- */

static bool repeats(const struct timeline *timeline, const struct log_line *line)
{
	const struct moment *last = timeline->moments.count ?
		&timeline->moments.at[timeline->moments.count - 1] : NULL;

	return last && last->kind == MOMENT_LOG && !strcmp(last->text, line->text);
}

/* What a message means is told once. */
static bool is_told(const struct timeline *timeline, const char *meaning)
{
	for (size_t i = 0; meaning && i < timeline->moments.count; i++)
		if (timeline->moments.at[i].meaning &&
		    !strcmp(timeline->moments.at[i].meaning, meaning))
			return true;
	return false;
}

static void add_line(struct timeline *timeline, const struct log_line *line,
		     const struct message *message)
{
	bool told = is_told(timeline, message->means);
	struct moment *moment;

	if (repeats(timeline, line)) {
		timeline->moments.at[timeline->moments.count - 1].times++;
		return;
	}
	if (timeline->moments.count >= MOMENTS_MOST && message->level == LEVEL_NOTE)
		return;
	moment = array_add(&timeline->moments);
	moment->kind = MOMENT_LOG;
	moment->level = levels[message->level];
	moment->time_known = line->time_known;
	moment->time_us = line->time_us;
	moment->stamp = xstrdup(line->stamp);
	moment->text = xstrdup(line->text);
	moment->meaning = told ? NULL : xstrdup(message->means);
	moment->times = 1;
}

/* The first error that the root cause accounts for, or else its first line. */
static size_t failing_line(const struct gpuprobe_case *c, const struct diagnosis *diagnosis)
{
	const struct finding *finding = diagnosis->verdict == CASE_FAULT ?
		&diagnosis->findings.at[0] : NULL;

	if (!finding || !finding->lines.count)
		return c->log.count;
	for (size_t i = 0; i < diagnosis->events.count; i++) {
		const struct event *event = &diagnosis->events.at[i];

		if (event->match.message->level != LEVEL_ERROR)
			continue;
		for (size_t j = 0; j < finding->lines.count; j++)
			if (finding->lines.at[j] == event->line)
				return event->line;
	}
	return finding->lines.at[0];
}

void timeline_make(const struct gpuprobe_case *c, const struct diagnosis *diagnosis,
		   struct timeline *timeline)
{
	size_t failing = failing_line(c, diagnosis), next = 0;
	look_list looks = { 0 };

	memset(timeline, 0, sizeof(*timeline));
	find_looks(c, &looks);
	for (size_t i = 0; i < diagnosis->events.count; i++) {
		const struct event *event = &diagnosis->events.at[i];
		const struct log_line *line = &c->log.at[event->line];

		while (next < looks.count && line->time_known &&
		       looks.at[next].snapshot->log_ns / 1000 <= line->time_us)
			add_look(timeline, &looks.at[next++]);
		add_line(timeline, line, event->match.message);
		if (event->line == failing)
			timeline->moments.at[timeline->moments.count - 1].failing = true;
	}
	while (next < looks.count)
		add_look(timeline, &looks.at[next++]);
	array_free(&looks);
}
