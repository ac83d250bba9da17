/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as a sequence of blocks. report_walk() goes over case and diagnosis
 * once and calls these; each output format is one struct renderer in a file of
 * its own. All texts may hold foreign words: it is the renderer that makes them
 * harmless, and the caller that translates what is not foreign.
 */
#ifndef GPUPROBE_RENDERER_H
#define GPUPROBE_RENDERER_H

#include <stdio.h>

#include "diagnose/diagnose.h"
#include "render/figures.h"
#include "render/table.h"

/* Whether a format that can may hide a section until it is asked for. */
enum fold { UNFOLDED, FOLDED };

struct renderer {
	/* The frame of the document, before and after all else. */
	void (*begin)(struct renderer *r, const char *title);
	void (*end)(struct renderer *r);
	/* The first lines: what is the matter. @place: which GPU, or NULL. */
	void (*verdict)(struct renderer *r, enum case_verdict verdict, const char *title,
			const char *place);
	/* A section lasts until the next; a subsection until the next of either. */
	void (*section)(struct renderer *r, const char *title, enum fold fold);
	void (*subsection)(struct renderer *r, const char *title);
	void (*paragraph)(struct renderer *r, const char *text);
	/* "label  text"; "" goes on with the item above, NULL is a plain list item. */
	void (*item)(struct renderer *r, const char *label, const char *text);
	/* A line of the kernel log; @stamp may be NULL, @times is how often it came. */
	void (*log_line)(struct renderer *r, const char *stamp, const char *text,
			 size_t times);
	void (*table)(struct renderer *r, const struct table *table);
	void (*address_map)(struct renderer *r, const struct address_map *map);
	void (*timeline)(struct renderer *r, const struct timeline *timeline);
	const char *word;	/* stands for the verdict's own word, such as "FITS"; or NULL */
	bool complete;		/* shows all that there is, also without -v: it can fold it */

	/* for the format alone */
	FILE *out;
	unsigned int width;	/* columns; text only */
	bool colour;		/* text only */
	bool blank_above;	/* the line above is empty */
	int open;		/* what kind of block the last call left open */
	bool section_open, subsection_open, folded;
	char *pending;		/* log lines that are not written yet, or NULL */
	unsigned int count;	/* of sections and figures: for ids */
};

/* printf-like forms of two of them */
void render_paragraph(struct renderer *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void render_item(struct renderer *r, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

struct report_options {
	bool verbose;
	bool privacy;		/* say at the end what the report tells of the machine */
};

/* The verdict in one sentence, in the user's language; foreign text in it is as it came. */
const char *report_title(const struct diagnosis *diagnosis);

void report_walk(struct renderer *r, const struct gpuprobe_case *c,
		 const struct diagnosis *diagnosis, const struct knowledge *knowledge,
		 const struct report_options *options);

/* @width: columns of the terminal, or 80. */
void text_renderer(struct renderer *r, FILE *out, unsigned int width, bool colour);

/* For GitHub, Bugzilla and forums: CommonMark with tables and <details>. */
void markdown_renderer(struct renderer *r, FILE *out);

/* One page without scripts or addresses outside itself. */
void html_renderer(struct renderer *r, FILE *out);

/* The JSON form is data, not blocks. 0, or a negative errno of writing. */
int report_json(FILE *out, const struct gpuprobe_case *c, const struct diagnosis *diagnosis);

#endif
