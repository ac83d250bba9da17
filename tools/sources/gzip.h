/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A gzip file that is read as if it were the file in it. */
#ifndef GPUPROBE_SOURCES_GZIP_H
#define GPUPROBE_SOURCES_GZIP_H

#include <stdint.h>
#include <stdio.h>

enum gzip_end {
	GZIP_WHOLE,
	GZIP_CUT,		/* the file ends before its end */
	GZIP_DAMAGED,
	GZIP_TOO_LARGE,		/* as much as was allowed came out, and there may be more */
};

/*
 * @file unpacked, from its beginning; @file is closed. The result can be read and
 * rewound. It ends after @most bytes, since a few KiB can become a terabyte. *end
 * tells how far reading got, and must stay as long as the file is open. NULL: errno
 * tells why.
 */
FILE *gzip_open(FILE *file, uint64_t most, enum gzip_end *end);

#endif
