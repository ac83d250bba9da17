/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two cases with their diagnoses, and what is different between them. */
#ifndef GPUPROBE_DIAGNOSE_DIFFERENCE_H
#define GPUPROBE_DIAGNOSE_DIFFERENCE_H

#include "decode/changes.h"
#include "diagnose/diagnose.h"

struct side {
	const struct gpuprobe_case *c;
	const struct diagnosis *diagnosis;
};

/* A finding of one side only, or of both with another verdict or confidence. */
struct finding_change {
	const struct finding *before, *after;	/* NULL: new, gone */
};

/* A GPU of both sides, or of one (the other is NULL). */
struct gpu_difference {
	const struct gpu_diagnosis *before, *after;
	change_list facts;	/* the meaning is a sentence of what holds now, or NULL */
	change_list gates;	/* of nvidia.ko; the meaning says why it is so now */
	/* where nvidia.ko stops, and what cannot be told now; NULL: nowhere, nothing */
	const struct gate_forecast *stopped, *stops, *open;
	change_list fields;	/* of config space, as the driver found it */
};

struct difference {
	struct side before, after;
	bool any;
	change_list machine;
	ARRAY(struct finding_change) findings;	/* gone, then new, then changed */
	ARRAY(struct gpu_difference) gpus;
};

/* Both sides must outlive @difference. */
void difference_find(const struct side *before, const struct side *after,
		     struct difference *difference);
void difference_clear(struct difference *difference);

/* The first finding, if it is a cause; or NULL. */
const struct finding *root_cause(const struct diagnosis *diagnosis);

#endif
