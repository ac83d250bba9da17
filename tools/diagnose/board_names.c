// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/board_names.h"
#include "lib/nearest.h"

#include <ctype.h>
#include <stdio.h>

#define NAME_MAX_LENGTH	64
#define WORDS_MAX	8

/* A name in small letters, taken apart: "geforce", "rtx", "3090". */
struct words {
	char text[NAME_MAX_LENGTH + WORDS_MAX];
	const char *at[WORDS_MAX];
	size_t count;
};

static void split(const char *name, struct words *words)
{
	char *to = words->text, *end = words->text + NAME_MAX_LENGTH;

	while (*name && words->count < WORDS_MAX && to < end) {
		if (!isalnum((unsigned char)*name)) {
			name++;
			continue;
		}
		words->at[words->count++] = to;
		while (isalnum((unsigned char)*name) && to < end)
			*to++ = tolower((unsigned char)*name++);
		*to++ = '\0';
	}
}

/* Words from @from to @to without anything between: "rtx3090". */
static void join(const struct words *words, size_t from, size_t to, char text[NAME_MAX_LENGTH])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = from; i < to; i++)
		used += snprintf(text + used, used < NAME_MAX_LENGTH ? NAME_MAX_LENGTH - used : 0,
				 "%s", words->at[i]);
}

static bool has_word(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (!strcmp(words->at[i], word))
			return true;
	return false;
}

/* All words of @asked are in the name, or together they are a part of it. */
static bool name_fits(const char *name, const struct words *asked)
{
	char together[NAME_MAX_LENGTH], part[NAME_MAX_LENGTH];
	struct words words = { .count = 0 };
	size_t there = 0;

	split(name, &words);
	for (size_t i = 0; i < asked->count; i++)
		there += has_word(&words, asked->at[i]);
	if (there == asked->count)
		return true;
	join(asked, 0, asked->count, together);
	for (size_t from = 0; from < words.count; from++) {
		for (size_t to = from + 1; to <= words.count; to++) {
			join(&words, from, to, part);
			if (!strcmp(part, together))
				return true;
		}
	}
	return false;
}

/* "10de:1b39", "0x1b39", "1b39"; @certain: it can be nothing else. */
static bool device_number(const char *text, uint32_t *device, bool *certain)
{
	char *end;

	*certain = false;
	if (!strncasecmp(text, "10de:", 5)) {
		*certain = true;
		text += 5;
	}
	if (!strncasecmp(text, "0x", 2)) {
		*certain = true;
		text += 2;
	}
	if (strlen(text) != 4 || strspn(text, "0123456789abcdefABCDEF") != 4)
		return false;
	*device = strtoul(text, &end, 16);
	return true;
}

void boards_named(const struct knowledge *knowledge, const char *text, board_list *found)
{
	const struct board *by_number;
	struct words asked = { .count = 0 };
	uint32_t device = 0;
	bool certain, number = device_number(text, &device, &certain);

	split(text, &asked);
	/* "3090" is a name before it is a number. */
	for (size_t i = 0; !certain && asked.count && i < knowledge->boards.count; i++)
		if (name_fits(knowledge->boards.at[i].name, &asked))
			*array_add(found) = &knowledge->boards.at[i];
	by_number = number && !found->count ? knowledge_board(knowledge, device) : NULL;
	if (by_number)
		*array_add(found) = by_number;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How far the nearest part of a name is from what was asked. */
static size_t name_distance(const char *name, const char *together)
{
	char part[NAME_MAX_LENGTH] = "";
	size_t nearest = SIZE_MAX;
	struct words words = { .count = 0 };

	split(name, &words);
	for (size_t from = 0; from < words.count; from++) {
		for (size_t to = from + 1; to <= words.count; to++) {
			join(&words, from, to, part);
			nearest = least(nearest, typing_errors(part, together));
		}
	}
	return nearest;
}

void boards_like(const struct knowledge *knowledge, const char *text, size_t most,
		 board_list *found)
{
	char together[NAME_MAX_LENGTH] = "";
	struct words asked = { .count = 0 };

	split(text, &asked);
	join(&asked, 0, asked.count, together);
	/* More than a third of the letters wrong is another word. */
	for (size_t far = 1; far <= strlen(together) / 3 + 1 && found->count < most; far++)
		for (size_t i = 0; i < knowledge->boards.count && found->count < most; i++)
			if (name_distance(knowledge->boards.at[i].name, together) == far)
				*array_add(found) = &knowledge->boards.at[i];
}
