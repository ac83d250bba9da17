/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of texts that are looked for all at once, at a rate of gigabytes a
 * second, without a step that compiles them:
 *
 *	struct literal_scan scan = { .set = set, .text = text, .length = length };
 *	size_t value;
 *
 *	while (literal_scan_next(&scan, &value))
 *		...				found at scan.found, of scan.found_length
 *
 * How it works: of each text two groups of three bytes are chosen, the rarest at
 * an even place in it and the rarest at an odd place, and marked in a table. So
 * the scan needs to look at every second place only, and almost every look ends
 * at the table.
 */
#ifndef GPUPROBE_LIB_LITERALS_H
#define GPUPROBE_LIB_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LITERAL_MIN 4	/* bytes; a shorter text cannot be looked for */

struct literals;

struct literals *literals_create(void);
void literals_destroy(struct literals *set);	/* NULL is fine */

/*
 * @text must stay as long as the set. False if it is shorter than LITERAL_MIN or
 * holds a newline. @value is what a hit gives back; several texts may share one.
 */
bool literals_add(struct literals *set, const char *text, size_t value);

struct literal_scan {
	const struct literals *set;
	const char *text;
	size_t length;
	size_t found, found_length;
	/* private: begin of the search, the place at hand, the next one, its other texts */
	size_t from_, at_, next_;
	uint32_t chain_;
};

/*
 * The next occurrence of any text of the set. They come almost in order: a later
 * one may begin earlier by less than its length.
 */
bool literal_scan_next(struct literal_scan *scan, size_t *value);

/* Go on at @to: what begins before it is passed over. */
void literal_scan_skip(struct literal_scan *scan, size_t to);

#endif
