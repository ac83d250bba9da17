/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The site's own knowledge: /etc/gpuprobe/rules.d/<name>.yaml, read in the order of their
 * names. A file that is wrong is complained about and left out whole.
 */
#ifndef GPUPROBE_LINT_SITE_H
#define GPUPROBE_LINT_SITE_H

#include "knowledge/knowledge.h"
#include "lib/root.h"

#define SITE_RULES_FOLDER "/etc/gpuprobe/rules.d"

/*
 * Add what is in the folder. Run by root, a file counts only if nobody but
 * root can change it or put another one in its place.
 */
void site_rules_load(struct knowledge *knowledge, const struct root *root,
		     yamldoc_complain_fn complain, void *ctx);

/* One file, wherever it is and whoever owns it. False after complaints. */
bool site_rules_add(struct knowledge *knowledge, const char *path,
		    yamldoc_complain_fn complain, void *ctx);

#endif
