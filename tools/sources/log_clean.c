// SPDX-License-Identifier: GPL-2.0-or-later
/* What terminals, web pages and editors leave in a line that was copied. */
#include "sources/log_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Each is replaced by what is not longer, so that a line can be cleaned in place. */
static const struct {
	const char *from, *to;
} replacements[] = {
	{ "&lt;",	"<" },
	{ "&gt;",	">" },
	{ "&amp;",	"&" },
	{ "&quot;",	"\"" },
	{ "&apos;",	"'" },
	{ "&nbsp;",	" " },
	{ "\xc2\xa0",	" " },		/* no-break space */
	{ "\xe2\x80\x98", "'" },	/* typographic quotes */
	{ "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x9c", "\"" },
	{ "\xe2\x80\x9d", "\"" },
	{ "\xe2\x80\xa6", "..." },
	{ "\xef\xbb\xbf", "" },		/* byte order mark */
};

/*
 * Length of a control sequence of a terminal at @text: ESC [ ... letter, or as rsyslog
 * writes ESC, "#033[". Also ESC ] ... BEL, a window's title. 0: none.
 */
static size_t control_sequence(const char *text)
{
	size_t start = *text == '\033' ? 1 : !strncmp(text, "#033", 4) ? 4 : 0, length;

	if (!start)
		return 0;
	if (text[start] == ']') {
		length = start + strcspn(text + start, "\a\033");
		return text[length] == '\a' ? length + 1 : length;
	}
	if (text[start] != '[')
		return *text == '\033' ? 1 : 0;
	length = start + 1 + strspn(text + start + 1, "0123456789;:?");
	return text[length] ? length + 1 : length;
}

/* "&#39;" and "&#x27;" of printable ASCII characters. */
static size_t numeric_entity(const char *text, char *to)
{
	bool hex;
	long code;
	char *end;

	if (strncmp(text, "&#", 2))
		return 0;
	hex = text[2] == 'x' || text[2] == 'X';
	if (!isxdigit((unsigned char)text[hex ? 3 : 2]))
		return 0;
	code = strtol(text + (hex ? 3 : 2), &end, hex ? 16 : 10);
	if (*end != ';' || code < ' ' || code > '~')
		return 0;
	*to = code;
	return end + 1 - text;
}

/* Replace what is at @from by what it stands for at @to; the bytes used, 0 for none. */
static size_t replace(const char *from, char **to)
{
	char byte;
	size_t used = control_sequence(from);

	if (used)
		return used;
	used = numeric_entity(from, &byte);
	if (used) {
		*(*to)++ = byte;
		return used;
	}
	for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); i++) {
		size_t length = strlen(replacements[i].from);

		if (strncmp(from, replacements[i].from, length))
			continue;
		*to = stpcpy(*to, replacements[i].to);
		return length;
	}
	return 0;
}

static size_t drop_nuls(char *text, size_t length)
{
	size_t kept = 0;

	for (size_t i = 0; i < length; i++)
		if (text[i])
			text[kept++] = text[i];
	return kept;
}

void log_line_clean(char *text, size_t length)
{
	static const char suspects[] = "&#\033\xc2\xe2\xef";
	const char *from;
	char *to;

	if (memchr(text, '\0', length))
		length = drop_nuls(text, length);
	text[length] = '\0';
	to = text + strcspn(text, suspects);
	from = to;
	while (*from) {
		size_t used = strchr(suspects, *from) ? replace(from, &to) : 0;

		if (used)
			from += used;
		else
			*to++ = *from++;
	}
	*to = '\0';
}
