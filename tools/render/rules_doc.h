/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules as a document: for docs/diagnoses.md, and for one that is shown. */
#ifndef GPUPROBE_RULES_DOC_H
#define GPUPROBE_RULES_DOC_H

#include "render/renderer.h"

/* All that are built in, by verdict and in cause order. */
void rules_doc(struct renderer *r, const struct knowledge *knowledge);
void rules_doc_rule(struct renderer *r, const struct knowledge *knowledge,
		    const struct rule *rule);

#endif
