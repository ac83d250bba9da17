// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/size.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool size_parse(const char **text, uint64_t *size)
{
	static const char units[] = "KMGT";
	const char *unit;
	uint64_t number;
	unsigned int shift = 0;
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	number = strtoull(*text, &end, strncmp(*text, "0x", 2) ? 10 : 16);
	if (errno)
		return false;
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (unit - units + 1);
		end++;
	}
	if (number > UINT64_MAX >> shift)
		return false;
	*size = number << shift;
	*text = end;
	return true;
}
