// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/renderer.h"

#include <stdarg.h>

void render_paragraph(struct renderer *r, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	r->paragraph(r, text);
	free(text);
}

void render_item(struct renderer *r, const char *label, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	r->item(r, label, text);
	free(text);
}
