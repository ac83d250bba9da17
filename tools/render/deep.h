/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_RENDER_DEEP_H
#define GPUPROBE_RENDER_DEEP_H

#include "render/renderer.h"

/* All that the module saw, as items; what it did not look at is left out. */
void deep_walk(struct renderer *r, const struct deep_view *deep);

#endif
