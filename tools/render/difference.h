/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What gpuprobe diff says, as blocks and as JSON. */
#ifndef GPUPROBE_RENDER_DIFFERENCE_H
#define GPUPROBE_RENDER_DIFFERENCE_H

#include "diagnose/difference.h"
#include "render/renderer.h"

/* @names: what the user called the two sides; @verbose: every change */
void difference_walk(struct renderer *r, const struct difference *difference,
		     const char *const names[2], bool verbose);
int difference_json(FILE *out, const struct difference *difference);

#endif
