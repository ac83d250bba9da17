/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a loader of knowledge does not see: names that stand for nothing, ids
 * that are there twice, circles, and samples that do not prove their rule.
 * Every complaint has file and line. Only what came after @from is checked, so
 * that a site's file is checked against what is built in.
 */
#ifndef GPUPROBE_LINT_H
#define GPUPROBE_LINT_H

#include "knowledge/knowledge.h"

/* Both return the number of complaints. */
size_t lint_names(const struct knowledge *knowledge, const struct knowledge_mark *from,
		  yamldoc_complain_fn complain, void *ctx);
size_t lint_samples(const struct knowledge *knowledge, const struct knowledge_mark *from,
		    yamldoc_complain_fn complain, void *ctx);

/*
 * Read a file of a site, check its names, and keep it; or leave @knowledge as
 * it was, after complaints.
 */
bool lint_add_site(struct knowledge *knowledge, const char *name, const char *text,
		   size_t length, yamldoc_complain_fn complain, void *ctx);

/* --- samples --- */

/* A log looks as dmesg prints it (bare with its options -t), dmesg -T, or a syslog file. */
enum log_shape { SHAPE_BARE, SHAPE_UPTIME, SHAPE_CLOCK, SHAPE_SYSLOG, SHAPE_COUNT };

extern const char *const log_shape_names[SHAPE_COUNT];

/* The lines of @log, which have no stamps, in a shape; the caller frees it. */
char *log_in_shape(const char *log, enum log_shape shape);

/*
 * Whether @rule holds under a sample. *first is the finding that came first, or
 * NULL; it belongs to the knowledge.
 */
bool sample_holds(const struct knowledge *knowledge, const struct rule *rule,
		  const struct rule_sample *sample, enum log_shape shape,
		  const struct rule **first);

#endif
