/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program is at, in one line on standard error: where that is a
 * terminal, and once half a second has gone by since the first step. Not with
 * TERM=dumb, and not where NO_PROGRESS is set and not empty.
 *
 * A thread of its own draws the line, so that a step may block. All functions
 * are for the main thread.
 */
#ifndef GPUPROBE_LIB_PROGRESS_H
#define GPUPROBE_LIB_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#define PROGRESS_DELAY_MS	500
#define PROGRESS_LINE_MAX	79	/* columns; a longer line would wrap */

/* Now begins what @what says; it is copied, and made harmless. */
void progress_step(const char *what);

/*
 * The same while the file @fd is read, with how much of it was; @fd must stay
 * open until the next step or the end.
 */
void progress_file(const char *what, int fd);

/* Take the line away. To be called before anything else is printed. */
void progress_end(void);

/*
 * What stands in the line: nothing before the delay. @total of 0 is not known.
 * Returns @line.
 */
const char *progress_line(char *line, size_t room, const char *what, uint64_t elapsed_ms,
			  uint64_t done, uint64_t total);

#endif
