// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/pseudonym.h"

#include <ctype.h>
#include <string.h>

const char *const pseudonym_words[PSEUDONYM_KINDS] = {
	[PSEUDONYM_HOST] = "host", [PSEUDONYM_USER] = "user", [PSEUDONYM_IP] = "ip",
	[PSEUDONYM_MAC] = "mac", [PSEUDONYM_SERIAL] = "serial", [PSEUDONYM_UUID] = "uuid",
	[PSEUDONYM_DISK] = "disk", [PSEUDONYM_ID] = "id", [PSEUDONYM_SECRET] = "secret",
	[PSEUDONYM_EMAIL] = "email", [PSEUDONYM_SSID] = "ssid",
};

bool pseudonym_kind_find(const char *word, enum pseudonym_kind *kind)
{
	for (size_t i = 0; i < PSEUDONYM_KINDS; i++) {
		if (strcmp(pseudonym_words[i], word))
			continue;
		*kind = i;
		return true;
	}
	return false;
}

/* A number from 1 to PSEUDONYM_NUMBER_MAX without a leading zero: its digits. */
static size_t parse_number(const char *text, unsigned int *number)
{
	size_t digits = strspn(text, "0123456789");

	*number = 0;
	if (!digits || digits > 6 || *text == '0')
		return 0;
	for (size_t i = 0; i < digits; i++)
		*number = *number * 10 + (text[i] - '0');
	return digits;
}

size_t pseudonym_parse(const char *text, enum pseudonym_kind *kind, unsigned int *number)
{
	for (size_t i = 0; i < PSEUDONYM_KINDS; i++) {
		size_t length = strlen(pseudonym_words[i]), digits;

		if (strncmp(text, pseudonym_words[i], length) || text[length] != '-')
			continue;
		digits = parse_number(text + length + 1, number);
		if (!digits || isalnum((unsigned char)text[length + 1 + digits]))
			continue;
		*kind = i;
		return length + 1 + digits;
	}
	return 0;
}
