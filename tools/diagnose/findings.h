/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For diagnose.c; everybody else reads the findings of a diagnosis. */
#ifndef GPUPROBE_DIAGNOSE_FINDINGS_H
#define GPUPROBE_DIAGNOSE_FINDINGS_H

#include "diagnose/diagnose.h"

/* Add a finding if @rule holds for the view's GPU. */
void finding_add(struct diagnosis *diagnosis, const struct view *view, const struct rule *rule);
void finding_clear(struct finding *finding);
bool finding_has_line(const struct finding *finding, size_t line);

/*
 * When all rules were tried for all GPUs: drop those of last resort that are
 * not needed, tell consequences from causes, and sort.
 */
void findings_rank(struct diagnosis *diagnosis);

#endif
