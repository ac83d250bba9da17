/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_TRIAL_H
#define _GPUPROBE_TRIAL_H

#include "uapi/gpuprobe.h"

struct gp_view;

int gp_try_vectors(struct gp_view *view, u32 type,
		   struct gpuprobe_msi_trial *trial);

#endif /* _GPUPROBE_TRIAL_H */
