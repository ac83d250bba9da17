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
	uint64_t bits[HASH_SIZE / 64];
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

static uint32_t hash(uint32_t gram)
{
	return (gram & 0xffffff) * UINT32_C(2654435761) >> (32 - HASH_BITS);
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
	set->bits[h / 64] |= UINT64_C(1) << h % 64;
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

/* The offset of the rarest group among those at @parity, @parity + STRIDE, ... */
static size_t rarest_gram(const char *text, size_t length, size_t parity)
{
	unsigned int best_score = 0;
	size_t best = parity;

	for (size_t i = parity; i + GRAM <= length; i += STRIDE) {
		unsigned int score = rarity(text[i]) + rarity(text[i + 1]) + rarity(text[i + 2]);

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

static bool is_marked(const struct literals *set, uint32_t gram)
{
	uint32_t h = hash(gram);

	return set->bits[h / 64] >> h % 64 & 1;
}

/* The next place from @at on whose group is marked, or one past the last group. */
static size_t next_place(const struct literals *set, const char *text, size_t length, size_t at)
{
	/* One load for a group and the byte behind it is twice as fast as three. */
	for (; at + sizeof(uint32_t) <= length; at += STRIDE) {
		uint32_t gram;

		memcpy(&gram, text + at, sizeof(gram));
		if (is_marked(set, le32toh(gram)))
			return at;
	}
	while (at + GRAM <= length && !is_marked(set, gram_at(text + at)))
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
