// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/printable.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "lib/xalloc.h"

/*
 * Bytes of the UTF-8 character at @text and its code point; 0 if it is not
 * well-formed (also when overlong, a surrogate or past U+10FFFF).
 */
static size_t decode(const unsigned char *text, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 :
			text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;

	if (length < 2) {
		*point = text[0];
		return length;
	}
	*point = text[0] & (0x7f >> length);
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (text[i] & 0x3f);
	}
	if (*point < least[length] || *point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000))
		return 0;
	return length;
}

/* Characters that are invisible or act on what stands around them. */
static bool acts(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },		{ 0x7f, 0x9f },		{ 0xad, 0xad },
		{ 0x61c, 0x61c },	{ 0x180e, 0x180e },	{ 0x200b, 0x200f },
		{ 0x2028, 0x202e },	{ 0x2060, 0x206f },	{ 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },	{ 0xfff0, 0xfffb },	{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

static char *copy(const char *text, bool keep_acting)
{
	char *result = NULL;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	while (out && *text) {
		uint32_t point;
		size_t length = decode((const unsigned char *)text, &point);

		if (!length)
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else if (keep_acting || !acts(point))
			fwrite(text, 1, length, out);
		else if (point < 0x100)
			fprintf(out, "\\x%02x", point);
		else
			fprintf(out, "\\u%04x", point);
		text += length ? length : 1;
	}
	if (!out || fclose(out)) {
		free(result);
		return xstrdup("");
	}
	return result;
}

char *printable(const char *text)
{
	return copy(text, false);
}

char *valid_utf8(const char *text)
{
	return copy(text, true);
}

/* wcwidth() by the rules of UTF-8, whatever the locale of the user is. */
static int width_of(uint32_t point)
{
	static locale_t utf8;
	locale_t before;
	int width;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	if (!utf8)
		return 1;
	before = uselocale(utf8);
	width = wcwidth(point);
	uselocale(before);
	return width < 0 ? 1 : width;
}

size_t character(const char *text, unsigned int *wide)
{
	uint32_t point;
	size_t length = decode((const unsigned char *)text, &point);

	*wide = point < 0x80 || !length ? 1 : width_of(point);
	return length ? length : 1;
}

size_t columns(const char *text)
{
	size_t count = 0;

	while (*text) {
		unsigned int wide;

		text += character(text, &wide);
		count += wide;
	}
	return count;
}
