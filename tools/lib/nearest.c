// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

#define FAR		SIZE_MAX
#define PARTS_COST	(NEAREST_LENGTH * 2)	/* behind every typing error */

/* "RM_INIT  failed" as "rm-init-failed"; "" if that is too long. */
static void fold(const char *text, char folded[NEAREST_LENGTH + 1])
{
	size_t length = 0;

	for (; *text && length < NEAREST_LENGTH; text++) {
		bool between = strchr(" _.-", *text);

		if (!between)
			folded[length++] = tolower((unsigned char)*text);
		else if (length && folded[length - 1] != '-')
			folded[length++] = '-';
	}
	if (*text)
		length = 0;
	else if (length && folded[length - 1] == '-')
		length--;
	folded[length] = '\0';
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t typing_errors(const char *a, const char *b)
{
	size_t rows[3][NEAREST_LENGTH + 1], length = strlen(b), i, j;

	for (j = 0; j <= length; j++)
		rows[0][j] = j;
	for (i = 1; a[i - 1]; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= length; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[(i + 2) % 3][length];
}

/* Whether each part of @word is the beginning of a part of @name. */
static bool has_parts(const char *name, const char *word)
{
	while (*word) {
		size_t length = strcspn(word, "-");
		const char *part = name;

		while (part && strncmp(part, word, length)) {
			part = strchr(part, '-');
			part = part ? part + 1 : NULL;
		}
		if (!part)
			return false;
		word += length + (word[length] == '-');
	}
	return true;
}

static size_t cost_of(const char *word, const char *name)
{
	char folded[NEAREST_LENGTH + 1];
	size_t length = strlen(word), far, allowed = length < 8 ? 1 : length / 4;

	fold(name, folded);
	if (!*folded || length < 3)
		return FAR;
	far = typing_errors(word, folded);
	if (far <= allowed)
		return far;
	if (strlen(folded) > length && has_parts(folded, word))
		return PARTS_COST + strlen(folded) - length;
	return FAR;
}

void nearest_open(struct nearest *nearest, const char *word)
{
	*nearest = (struct nearest){ 0 };
	fold(word, nearest->word);
}

static bool is_there(const struct nearest *nearest, const char *name, const void *of)
{
	for (size_t i = 0; i < nearest->count; i++)
		if (!strcmp(nearest->at[i].name, name) || (of && nearest->at[i].of == of))
			return true;
	return false;
}

void nearest_offer(struct nearest *nearest, const char *name, const char *prefix, const void *of)
{
	size_t skip = strncmp(name, prefix, strlen(prefix)) ? 0 : strlen(prefix);
	size_t cost = least(cost_of(nearest->word, name), cost_of(nearest->word, name + skip));
	size_t i = nearest->count;

	if (cost == FAR || is_there(nearest, name, of) ||
	    (i == NEAREST_MAX && nearest->at[i - 1].cost <= cost))
		return;
	if (i == NEAREST_MAX)
		free(nearest->at[--i].name);
	else
		nearest->count++;
	for (; i && nearest->at[i - 1].cost > cost; i--)
		nearest->at[i] = nearest->at[i - 1];
	nearest->at[i].name = xstrdup(name);
	nearest->at[i].of = of;
	nearest->at[i].cost = cost;
}

void nearest_close(struct nearest *nearest)
{
	for (size_t i = 0; i < nearest->count; i++)
		free(nearest->at[i].name);
	nearest->count = 0;
}
