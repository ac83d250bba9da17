/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_SHOT_H
#define _GPUPROBE_SHOT_H

#include "uapi/gpuprobe.h"

struct gp_panel;
struct gp_view;

int gp_shoot(struct gp_view *view, struct gp_panel *panel,
	     struct gpuprobe_irq_trial *trial);

#endif /* _GPUPROBE_SHOT_H */
