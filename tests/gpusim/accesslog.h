/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line for every access to the device, and counts of them: the measure of
 * what a driver or a probe costs. README.md lists the lines; tests grep them.
 */
#ifndef GPUSIM_ACCESSLOG_H
#define GPUSIM_ACCESSLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define LOG_REGIONS	9	/* those of <linux/vfio.h>, by VFIO_PCI_*_REGION_INDEX */

struct access_log {
	FILE *file;		/* NULL: count only */
	uint64_t reads[LOG_REGIONS], writes[LOG_REGIONS];
	uint64_t raised, lost, resets, refused;
};

/* The word for a region in the log, or NULL past the last one. */
const char *region_name(unsigned int region);

/* -errno if @path cannot be written; a NULL @path logs nothing and counts. */
int log_open(struct access_log *log, const char *path);
/* Writes the summary and closes. -errno if any line could not be written. */
int log_close(struct access_log *log);

/* @data is what was read or written, little endian. */
void log_access(struct access_log *log, unsigned int region, bool write, uint64_t offset,
		const uint8_t *data, size_t len);
void log_event(struct access_log *log, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
