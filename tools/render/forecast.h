/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section on the forecast of nvidia.ko's checks. */
#ifndef GPUPROBE_RENDER_FORECAST_H
#define GPUPROBE_RENDER_FORECAST_H

#include "render/renderer.h"

/* @all: also what is as it should be, and what only the driver's start decides. */
void forecast_walk(struct renderer *r, const struct diagnosis *diagnosis,
		   const struct knowledge *knowledge, bool all);

#endif
