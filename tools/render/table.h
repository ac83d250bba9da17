/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table with a header, such as fields before and after a driver. */
#ifndef GPUPROBE_RENDER_TABLE_H
#define GPUPROBE_RENDER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/array.h"

#define TABLE_COLUMNS_MAX 5

struct table_row {
	char *cells[TABLE_COLUMNS_MAX];	/* "": nothing to say */
	bool marked;			/* to be looked at first */
};

struct table {
	const char *caption;		/* what it shows, in a sentence */
	size_t columns;
	const char *header[TABLE_COLUMNS_MAX];
	ARRAY(struct table_row) rows;
};

/* A row of copies of the next @table->columns texts; NULL stands for "". */
struct table_row *table_add(struct table *table, ...);
void table_clear(struct table *table);

#endif
