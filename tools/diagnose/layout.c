// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/layout.h"

#include <string.h>

#include "lib/size.h"
#include "lib/xalloc.h"

#define MEMORY_BAR_MIN	16		/* bytes; PCI Local Bus 3.0, 6.2.5.1 */
#define NARROW_MAX	(UINT64_C(1) << 31)

/* "64p:32G" at *text, moved behind it. */
static const char *parse_bar(const char **text, struct layout_bar *bar)
{
	bool narrow = !strncmp(*text, "32", 2);

	bar->wide = !strncmp(*text, "64", 2);
	if (!narrow && !bar->wide)
		return "a window begins with its width, 32 or 64";
	*text += 2;
	bar->prefetch = **text == 'p';
	*text += bar->prefetch;
	if (*(*text)++ != ':')
		return "a colon and a size belong after the width, as in 64p:32G";
	if (!size_parse(text, &bar->size))
		return "a size is a number with K, M, G or T, as in 64p:32G";
	if (!is_power_of_two(bar->size) || bar->size < MEMORY_BAR_MIN)
		return "the size of a window is a power of two, from 16 bytes on";
	if (narrow && bar->size > NARROW_MAX)
		return "a 32-bit window has 2G at most";
	return NULL;
}

bool layout_parse(const char *text, struct layout *layout, char **problem)
{
	const char *at = text, *why;
	unsigned int next = 0;

	layout->count = 0;
	do {
		struct layout_bar bar = { .index = next };

		why = parse_bar(&at, &bar);
		next += bar.wide ? 2 : 1;
		if (!why && next > LAYOUT_MAX)
			why = "a function has six windows at most, and a 64-bit one counts twice";
		if (!why && *at && *at != ',')
			why = "windows are separated by commas";
		if (!why)
			layout->at[layout->count++] = bar;
	} while (!why && *at++ == ',');
	if (why)
		*problem = xasprintf("%s: %s", text, why);
	return !why;
}
