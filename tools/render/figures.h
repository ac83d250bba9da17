/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures of a report as data: text tells them in words, HTML draws them.
 */
#ifndef GPUPROBE_RENDER_FIGURES_H
#define GPUPROBE_RENDER_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diagnose/diagnose.h"
#include "render/table.h"

/* --- the guest's physical addresses --- */

enum region_kind {
	REGION_RAM,
	REGION_WINDOW,		/* what the host bridge passes on to the PCI bus */
	REGION_BRIDGE,		/* what a PCI bridge passes on */
	REGION_BAR,		/* of a GPU or one of its sibling functions */
	REGION_OTHER,		/* of another function, or reserved */
};

/* Where something lies, or, with @placed false, that it has no place. */
struct region {
	enum region_kind kind;
	bool placed;
	uint64_t start;		/* CPU address; unless @placed, of the window it should be in, or 0 */
	uint64_t size;		/* bytes, at least 1 */
	uint64_t room;		/* unless @placed: the largest free place for it, or 0 */
	bool wide;		/* unless @placed: may lie above 4 GiB */
	size_t count;		/* of what lies there, where several became one; or 0 */
	char *name;		/* "BAR1 of 0000:00:06.0", "RAM" */
	char *note;		/* what is to be said of it, or NULL */
	bool trouble;		/* part of what is wrong */
};

struct address_map {
	ARRAY(struct region) regions;	/* placed ones first, by address */
	unsigned int address_bits;	/* of the processor; 0: not known */
	bool trouble;			/* something does not fit */
};

/* --- the boot over time --- */

enum moment_kind {
	MOMENT_MODULE,		/* gpuprobe.ko was loaded */
	MOMENT_SNAPSHOT,	/* a look at a function */
	MOMENT_ATTEMPT,		/* a driver begins to probe */
	MOMENT_LOG,		/* a line of the kernel log */
};

enum moment_level { MOMENT_NOTE, MOMENT_GOOD, MOMENT_WARNING, MOMENT_ERROR };

struct moment {
	enum moment_kind kind;
	enum moment_level level;
	bool time_known;
	uint64_t time_us;	/* since boot, by the clock of the kernel log */
	char *stamp;		/* the time as text, or NULL */
	char *text;		/* what happened, or the log line as it was printed */
	size_t times;		/* how often in a row; at least 1 */
	char *meaning;		/* the log line in words, once; or NULL */
	bool failing;		/* the step at which the bring-up failed */
};

struct timeline {
	ARRAY(struct moment) moments;	/* in order */
};

/* In how many windows a region lies. */
unsigned int region_depth(const struct address_map *map, size_t index);

#define SIZE_TEXT 24	/* bytes that hold any size as text */

/* "16 MiB", "256 GiB", "1.5 MiB"; returns @text. */
const char *size_print(uint64_t size, char text[SIZE_TEXT]);

void address_map_make(const struct gpuprobe_case *c, const struct diagnosis *diagnosis,
		      struct address_map *map);
void timeline_make(const struct gpuprobe_case *c, const struct diagnosis *diagnosis,
		   struct timeline *timeline);

/* Where the processor's addresses end, in words; NULL if it is not known. To be freed. */
char *address_limit_text(const struct address_map *map);

/* The same as tables, to be cleared: for text, and beside the pictures. */
void address_map_table(const struct address_map *map, struct table *table);
void timeline_table(const struct timeline *timeline, struct table *table);

void address_map_clear(struct address_map *map);
void timeline_clear(struct timeline *timeline);

#endif
