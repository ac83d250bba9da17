/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as a sequence of blocks. report_walk() goes over case and diagnosis
 * once and calls these; each output format is one struct renderer. All texts
 * may hold foreign words: it is the renderer that makes them harmless.
 */
#ifndef GPUPROBE_RENDERER_H
#define GPUPROBE_RENDERER_H

#include <stdio.h>

#include "diagnose/diagnose.h"

struct renderer {
	/* The first lines: what is the matter. @place: which GPU, or NULL. */
	void (*verdict)(struct renderer *r, enum case_verdict verdict, const char *title,
			const char *place);
	void (*heading)(struct renderer *r, const char *text);
	void (*paragraph)(struct renderer *r, const char *text);
	/* "label  text"; a NULL label is a plain list item. */
	void (*item)(struct renderer *r, const char *label, const char *text);
	/* A line of the kernel log; @stamp may be NULL, @times is how often it came. */
	void (*log_line)(struct renderer *r, const char *stamp, const char *text,
			 size_t times);
	FILE *out;
	unsigned int width;	/* columns; text only */
	bool colour;		/* text only */
	bool blank_above;	/* text only: the line above is empty */
};

struct report_options {
	bool verbose;
};

void report_walk(struct renderer *r, const struct gpuprobe_case *c,
		 const struct diagnosis *diagnosis, const struct knowledge *knowledge,
		 const struct report_options *options);

/* @width: columns of the terminal, or 80. */
void text_renderer(struct renderer *r, FILE *out, unsigned int width, bool colour);

/* The JSON form is data, not blocks. 0, or a negative errno of writing. */
int report_json(FILE *out, const struct gpuprobe_case *c, const struct diagnosis *diagnosis);

#endif
