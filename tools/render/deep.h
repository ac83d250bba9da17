/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_RENDER_DEEP_H
#define GPUPROBE_RENDER_DEEP_H

#include "render/renderer.h"

/* What only the module, or only root, sees of a function, as items of its snapshot. */
void deep_walk(struct renderer *r, const struct snapshot *snapshot);

#endif
