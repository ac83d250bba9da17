// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/literals.h"

#include <ctype.h>
#include <endian.h>
#include <string.h>

#include "lib/array.h"

#define GRAM		3	/* bytes in a group */
#define STRIDE		(LITERAL_MIN - GRAM + 1)
#define HASH_BITS	16
#define HASH_SIZE	(1u << HASH_BITS)

/* A text by one of its groups. */
struct entry {
	const char *text;
	size_t length, value;
	size_t offset;		/* of the group in the text */
	uint32_t next;		/* index + 1 of another entry with this hash, or 0 */
};

struct literals {
	uint8_t marks[HASH_SIZE];	/* 1: an entry has this hash */
	uint32_t heads[HASH_SIZE];	/* index + 1 of an entry, or 0 */
	ARRAY(struct entry) entries;
};

struct literals *literals_create(void)
{
	return xcalloc(1, sizeof(struct literals));
}

void literals_destroy(struct literals *set)
{
	if (!set)
		return;
	array_free(&set->entries);
	free(set);
}

/* Of the lower 24 bits of @gram: the product has no room for what the others add. */
static uint32_t hash(uint32_t gram)
{
	return gram * (UINT32_C(2654435761) << 8) >> (32 - HASH_BITS);
}

static uint32_t gram_at(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	return at[0] | at[1] << 8 | (uint32_t)at[2] << 16;
}

static void add_entry(struct literals *set, struct entry entry)
{
	uint32_t h = hash(gram_at(entry.text + entry.offset));

	entry.next = set->heads[h];
	*array_add(&set->entries) = entry;
	set->heads[h] = set->entries.count;
	set->marks[h] = 1;
}

/* How rare a byte is in logs, in a rough scale: letters by their place in English. */
static unsigned int rarity(unsigned char byte)
{
	static const char letters[] = "etaoinsrdlcmuphgfybwvkxjqz";
	const char *letter = islower(byte) ? strchr(letters, byte) : NULL;

	if (letter)
		return letter - letters;
	if (byte == ' ')
		return 0;
	return isdigit(byte) || byte == ':' ? 5 : 25;
}

/* What often follows on a letter in English. */
static bool is_common_pair(const char *text)
{
	static const char *const followers[26] = {
		['a' - 'a'] = "dlnrst", ['b' - 'a'] = "e", ['c' - 'a'] = "ehko", ['d' - 'a'] = " ei",
		['e' - 'a'] = " acdlmnrstv", ['g' - 'a'] = " ", ['h' - 'a'] = "aei",
		['i' - 'a'] = "cdlnost", ['k' - 'a'] = "e", ['l' - 'a'] = "aeilo",
		['m' - 'a'] = "ae", ['n' - 'a'] = " degt", ['o' - 'a'] = "cmnrtuw",
		['p' - 'a'] = "er", ['r' - 'a'] = "aeio", ['s' - 'a'] = " eiot",
		['t' - 'a'] = " aehio", ['u' - 'a'] = "rst", ['v' - 'a'] = "ei",
	};
	const char *after = *text >= 'a' && *text <= 'z' ? followers[*text - 'a'] : NULL;

	return after && strchr(after, text[1]);
}

/* How rare a group is; half of it if it has a common pair, a quarter if it has two. */
static unsigned int gram_rarity(const char *text)
{
	return (rarity(text[0]) + rarity(text[1]) + rarity(text[2])) * 4 >>
	       (is_common_pair(text) + is_common_pair(text + 1));
}

/* The offset of the rarest group among those at @parity, @parity + STRIDE, ... */
static size_t rarest_gram(const char *text, size_t length, size_t parity)
{
	unsigned int best_score = 0;
	size_t best = parity;

	for (size_t i = parity; i + GRAM <= length; i += STRIDE) {
		unsigned int score = gram_rarity(text + i);

		if (score <= best_score)
			continue;
		best_score = score;
		best = i;
	}
	return best;
}

bool literals_add(struct literals *set, const char *text, size_t value)
{
	size_t length = strlen(text);

	if (length < LITERAL_MIN || strchr(text, '\n'))
		return false;
	for (size_t i = 0; i < STRIDE; i++)
		add_entry(set, (struct entry){
			.text = text, .length = length, .value = value,
			.offset = rarest_gram(text, length, i),
		});
	return true;
}

static uint8_t mark_at(const struct literals *set, const char *text)
{
	uint32_t gram;

	memcpy(&gram, text, sizeof(gram));
	return set->marks[hash(le32toh(gram))];
}

/* The next place from @at on whose group is marked, or one past the last group. */
static size_t next_place(const struct literals *set, const char *text, size_t length, size_t at)
{
	/* Four looks at a time, each of which loads a group and the byte behind it. */
	while (at + 3 * STRIDE + sizeof(uint32_t) <= length &&
	       !(mark_at(set, text + at) | mark_at(set, text + at + STRIDE) |
		 mark_at(set, text + at + 2 * STRIDE) | mark_at(set, text + at + 3 * STRIDE)))
		at += 4 * STRIDE;
	while (at + GRAM <= length && !set->marks[hash(gram_at(text + at))])
		at += STRIDE;
	return at;
}

/* The text of @entry, whose group is at @at, is there. */
static bool is_there(const struct literal_scan *scan, const struct entry *entry, size_t at)
{
	return at >= scan->from_ + entry->offset &&
	       at - entry->offset + entry->length <= scan->length &&
	       !memcmp(scan->text + at - entry->offset, entry->text, entry->length);
}

bool literal_scan_next(struct literal_scan *scan, size_t *value)
{
	for (;;) {
		while (scan->chain_) {
			const struct entry *entry = &scan->set->entries.at[scan->chain_ - 1];

			scan->chain_ = entry->next;
			if (!is_there(scan, entry, scan->at_))
				continue;
			scan->found = scan->at_ - entry->offset;
			scan->found_length = entry->length;
			*value = entry->value;
			return true;
		}
		scan->at_ = next_place(scan->set, scan->text, scan->length, scan->next_);
		if (scan->at_ + GRAM > scan->length)
			return false;
		scan->next_ = scan->at_ + STRIDE;
		scan->chain_ = scan->set->heads[hash(gram_at(scan->text + scan->at_))];
	}
}

void literal_scan_skip(struct literal_scan *scan, size_t to)
{
	scan->from_ = scan->next_ = to;
	scan->chain_ = 0;
}
