/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kind of file it is, by its content. */
#ifndef GPUPROBE_SOURCES_DETECT_H
#define GPUPROBE_SOURCES_DETECT_H

#include <stddef.h>

enum file_kind {
	KIND_EMPTY,
	KIND_BINARY,		/* of no known kind */
	KIND_REFUSED,		/* known, and not read: *why tells what to do */
	KIND_GZIP,
	KIND_RECORDS,		/* of /dev/gpuprobe */
	KIND_REPORT,		/* gpuprobe's own, as JSON; also JSON of no known kind */
	KIND_BUG_REPORT,	/* nvidia-bug-report.log */
	KIND_LSPCI,
	KIND_LSPCI_AND_LOG,	/* both, as people paste them together */
	KIND_LOG_JSON,		/* of journalctl or dmesg */
	KIND_LOG_EXPORT,	/* of journalctl */
	KIND_LOG,
};

#define DETECT_BYTES 65536	/* of the beginning, that tell the kind */

/* @sample ends with NUL at @length. */
enum file_kind detect_kind(const char *sample, size_t length, const char **why);

#endif
