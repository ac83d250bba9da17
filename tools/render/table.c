// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/table.h"

#include <stdarg.h>

struct table_row *table_add(struct table *table, ...)
{
	struct table_row *row = array_add(&table->rows);
	va_list args;

	va_start(args, table);
	for (size_t i = 0; i < table->columns; i++) {
		const char *text = va_arg(args, const char *);

		row->cells[i] = xstrdup(text ? text : "");
	}
	va_end(args);
	return row;
}

void table_clear(struct table *table)
{
	for (size_t i = 0; i < table->rows.count; i++)
		for (size_t j = 0; j < table->columns; j++)
			free(table->rows.at[i].cells[j]);
	array_free(&table->rows);
}
