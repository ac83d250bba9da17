/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the files that say what is in a report: report.c has the order. */
#ifndef GPUPROBE_RENDER_WALK_H
#define GPUPROBE_RENDER_WALK_H

#include "render/renderer.h"

struct walk {
	struct renderer *r;
	const struct gpuprobe_case *c;
	const struct diagnosis *diagnosis;
	const struct knowledge *knowledge;
	const struct report_options *options;
	struct address_map map;
};

/* With -v, or in a format that folds details away. */
static inline bool shows_all(const struct walk *w)
{
	return w->options->verbose || w->r->complete;
}

/* The root cause: whose fault, what to do, and all that it rests on. */
void walk_root_cause(struct walk *w, const struct finding *finding);
/* The findings from the one with index @from on. */
void walk_other_findings(struct walk *w, size_t from);

/* What lies where; the picture of what does not fit. */
void walk_address_map(struct walk *w);

/* Quote lines of the log in order, each text once with how often it came. */
void quote_lines(struct walk *w, const size_t *lines, size_t count);

/* All that is known of a function. */
void walk_function(struct walk *w, const struct function *function);
/* "0000:00:06.0 NVIDIA Corporation GP104GL [Tesla P4] [10de:1bb3]"; to be freed */
char *function_title(const struct function *function);

#endif
