/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words in lines that are no wider than a terminal. */
#ifndef GPUPROBE_RENDER_WRAP_H
#define GPUPROBE_RENDER_WRAP_H

#include <stdio.h>

struct wrap {
	FILE *out;
	unsigned int width;	/* columns of a line */
	unsigned int column;	/* where the next word may begin */
	const char *prefix;	/* begins every line after the first */
};

/*
 * Print a text that printable() has made. Lines break at blanks, which are lost
 * there, and beside East Asian characters; a word longer than a line is cut.
 */
void wrap_words(struct wrap *wrap, const char *text);

#endif
