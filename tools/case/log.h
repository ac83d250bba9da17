/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel log of a case: what is kept of it, and how several logs become one. */
#ifndef GPUPROBE_CASE_LOG_H
#define GPUPROBE_CASE_LOG_H

#include "case/case.h"

#define LOG_KEEP_MAX 8000	/* lines of a boot; a log that has more repeats itself */

/*
 * Add @line, whose texts the case takes over. False, and the texts are freed, if
 * LOG_KEEP_MAX lines were added since the log had @boot_first.
 */
bool case_keep_line(struct gpuprobe_case *c, size_t boot_first, struct log_line *line);

/* Forget the lines from @from up to, not including, @to. */
void case_drop_lines(struct gpuprobe_case *c, size_t from, size_t to);

/*
 * The lines from @first on were read from one source, with boots from 0 to @last.
 * Count the boots from the last one back, and put the lines among the others in
 * order of time, if all have one; a line that is there already is dropped.
 */
void case_merge_log(struct gpuprobe_case *c, size_t first, int last);

/* Lines that were kept of a boot. */
size_t case_lines_of_boot(const struct gpuprobe_case *c, int boot);

/* The earliest boot of the log: 0, or less. */
int case_first_boot(const struct gpuprobe_case *c);

/*
 * The machine as one boot of the log shows it: its lines, and no more that is known
 * of the machine than what does not change from boot to boot.
 */
struct gpuprobe_case *case_of_boot(const struct gpuprobe_case *c, int boot);

#endif
