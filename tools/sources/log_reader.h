/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where all kernel log lines go on their way into a case, whatever they are read
 * from: what may matter is kept, boots are told apart, lines that a terminal or a
 * mail program broke are joined again.
 *
 *	struct log_reader reader;
 *
 *	log_reader_open(&reader, c, knowledge);
 *	while (...)
 *		log_reader_text(&reader, text, length, number);
 *	log_reader_close(&reader);
 */
#ifndef GPUPROBE_SOURCES_LOG_READER_H
#define GPUPROBE_SOURCES_LOG_READER_H

#include "case/case.h"
#include "knowledge/knowledge.h"
#include "sources/log_line.h"

struct log_reader {
	struct gpuprobe_case *c;
	const struct knowledge *knowledge;
	size_t first;		/* of this reader's lines in the case's log */
	int boot;		/* counted up from 0; log_reader_close() turns it round */
	size_t boot_first;	/* of this boot's lines in the case's log */
	bool said_something;	/* a line of this boot was read */
	uint64_t last_us;	/* of the last line with an uptime */
	char last_date[40];	/* and its wall clock */
	char *release;		/* of the kernel, by the last line that told it */
	struct log_line pending;	/* the line at hand; text NULL: none */
	bool pending_prefixed, stamp_seen;
	size_t pending_number;		/* of the last line that was joined to it */
};

void log_reader_open(struct log_reader *reader, struct gpuprobe_case *c,
		     const struct knowledge *knowledge);

/* A raw line of text of any shape; lines come in order, some may be left out. */
void log_reader_text(struct log_reader *reader, const char *text, size_t length, size_t number);

/*
 * A message that some journal or the kernel kept with its time; newlines in it
 * separate lines. @text is changed. @time_us: since boot, or LOG_NO_TIME.
 */
#define LOG_NO_TIME UINT64_MAX
void log_reader_message(struct log_reader *reader, char *text, uint64_t time_us, size_t number);

/* It is a message that gpuprobe knows. */
bool log_reader_knows(const struct log_reader *reader, const char *text);

/* What follows is of the next boot. */
void log_reader_next_boot(struct log_reader *reader);

/* Boots are then 0 for the last one read, -1 for the one before, ... */
void log_reader_close(struct log_reader *reader);

#endif
