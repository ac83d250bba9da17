/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names most like a word that somebody wrote: those that differ from it by
 * few typing errors first, then those that have all of its parts. Case does not
 * count, and "-", "_", "." and blanks are the same.
 */
#ifndef GPUPROBE_LIB_NEAREST_H
#define GPUPROBE_LIB_NEAREST_H

#include <stddef.h>

#define NEAREST_MAX	5	/* names that are kept */
#define NEAREST_LENGTH	64	/* bytes; a longer word or name is like no other */

struct nearest {
	char word[NEAREST_LENGTH + 1];
	size_t count;
	struct {
		char *name;
		const void *of;		/* as it was offered */
		size_t cost;
	} at[NEAREST_MAX];		/* the nearest first */
};

void nearest_open(struct nearest *nearest, const char *word);	/* any bytes */
/*
 * Consider @name, with or without @prefix, which may be "". @of is the caller's, or NULL;
 * the first with a name, and the first of one thing, is the only one.
 */
void nearest_offer(struct nearest *nearest, const char *name, const char *prefix, const void *of);
void nearest_close(struct nearest *nearest);

/*
 * Letters to put in, take out, change or swap with the next, to make one word of the
 * other; of words of at most NEAREST_LENGTH bytes.
 */
size_t typing_errors(const char *a, const char *b);

#endif
