/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of a kernel log as people paste it, taken apart. For the log's readers only. */
#ifndef GPUPROBE_SOURCES_LOG_LINE_H
#define GPUPROBE_SOURCES_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_LINE_MAX 8192	/* bytes of a line; what is longer is cut */

/* All point into the text that was taken apart. */
struct parsed_line {
	bool prefixed;		/* a stamp or the like was before the message */
	bool foreign;		/* written by user space: the line says so */
	bool time_known;
	uint64_t time_us;	/* since boot */
	const char *stamp;	/* the time as it was printed; the uptime, if there are two */
	size_t stamp_length;	/* 0: none */
	const char *date;	/* the wall clock, if the line has it */
	size_t date_length;
	const char *host;	/* that syslog put between date and message */
	size_t host_length;
	char *text;		/* the message; blanks at its end are cut off */
};

/*
 * Make plain text of what terminals, web pages and editors left in a line: colours,
 * escaped characters, typographic quotes, NULs. @text has @length bytes and room
 * for one more. The result ends with NUL.
 */
void log_line_clean(char *text, size_t length);

/* Cut line ends and blanks off the end. */
void log_line_trim(char *text);

/* Take apart a line that is clean; no newline is in it. Its end is cut, else it stays. */
struct parsed_line log_line_parse(char *text);

#endif
