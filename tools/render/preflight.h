/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What gpuprobe preflight says, as blocks and as JSON. */
#ifndef GPUPROBE_RENDER_PREFLIGHT_H
#define GPUPROBE_RENDER_PREFLIGHT_H

#include "diagnose/preflight.h"
#include "render/renderer.h"

/* A GPU that was judged. */
struct preflight_subject {
	const char *name;		/* "Tesla P10", or NULL: by its windows only */
	const struct board *board;	/* NULL: by its windows only */
	struct layout layout;
	struct preflight result;
	enum fit with_rebar;		/* its big window enlarged, where board->rebar */
};

struct preflight_report {
	const struct gpuprobe_case *c;
	const struct platform *platform;
	const struct preflight_ground *ground;
	struct pci_address port;	/* if the ground is below one */
	ARRAY(struct preflight_subject) subjects;
};

/* One GPU, with reasons and remedies; several as a table. */
void preflight_walk(struct renderer *r, const struct preflight_report *report);
int preflight_json(FILE *out, const struct preflight_report *report);

#endif
