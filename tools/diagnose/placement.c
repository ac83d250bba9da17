// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/placement.h"

/* Addresses end long before 64 bits do: no sum of them runs over. */
#define ADDRESS_END	(UINT64_C(1) << 62)

/* Windows that touch are one, as in the kernel since 5.16. */
void span_add(span_list *spans, uint64_t start, uint64_t end)
{
	size_t kept = 0;

	if (end > ADDRESS_END)
		end = ADDRESS_END;
	if (start >= end)
		return;
	for (size_t i = 0; i < spans->count; i++) {
		struct span span = spans->at[i];

		if (span.end < start || span.start > end) {
			spans->at[kept++] = span;
			continue;
		}
		start = span.start < start ? span.start : start;
		end = span.end > end ? span.end : end;
	}
	spans->count = kept;
	*array_add(spans) = (struct span){ start, end };
}

static void drop_empty(span_list *spans)
{
	size_t kept = 0;

	for (size_t i = 0; i < spans->count; i++)
		if (spans->at[i].start < spans->at[i].end)
			spans->at[kept++] = spans->at[i];
	spans->count = kept;
}

void span_remove(span_list *spans, uint64_t start, uint64_t end)
{
	size_t count = spans->count;

	if (start >= end)
		return;
	for (size_t i = 0; i < count; i++) {
		struct span span = spans->at[i];

		if (end <= span.start || start >= span.end)
			continue;
		spans->at[i].end = start > span.start ? start : span.start;
		if (end < span.end)
			*array_add(spans) = (struct span){ end, span.end };
	}
	drop_empty(spans);
}

uint64_t span_end(const span_list *spans)
{
	uint64_t end = 0;

	for (size_t i = 0; i < spans->count; i++)
		if (spans->at[i].end > end)
			end = spans->at[i].end;
	return end;
}

void room_add(struct room *room, uint64_t start, uint64_t end)
{
	span_add(&room->low, start, end < FOUR_GIB ? end : FOUR_GIB);
	span_add(&room->high, start > FOUR_GIB ? start : FOUR_GIB, end);
}

void room_remove(struct room *room, uint64_t start, uint64_t end)
{
	span_remove(&room->low, start, end);
	span_remove(&room->high, start, end);
}

static void copy_spans(span_list *to, const span_list *from)
{
	for (size_t i = 0; i < from->count; i++)
		*array_add(to) = from->at[i];
}

void room_copy(struct room *to, const struct room *from)
{
	*to = (struct room){ .wide_stays_high = from->wide_stays_high };
	copy_spans(&to->low, &from->low);
	copy_spans(&to->high, &from->high);
}

void room_clear(struct room *room)
{
	array_free(&room->low);
	array_free(&room->high);
}

/* The lowest multiple of @size with @size free bytes; false if there is none. */
static bool find_place(const span_list *spans, uint64_t size, uint64_t *start)
{
	bool found = false;

	for (size_t i = 0; i < spans->count; i++) {
		uint64_t at = (spans->at[i].start + size - 1) & ~(size - 1);

		if (spans->at[i].end <= at || spans->at[i].end - at < size ||
		    (found && at >= *start))
			continue;
		*start = at;
		found = true;
	}
	return found;
}

static bool place_in(span_list *spans, struct claim *claim)
{
	if (claim->size > ADDRESS_END || !find_place(spans, claim->size, &claim->start))
		return false;
	span_remove(spans, claim->start, claim->start + claim->size);
	claim->placed = true;
	return true;
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = *(struct claim *const *)a, *y = *(struct claim *const *)b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x < y ? -1 : x > y;
}

size_t room_place(struct room *room, struct claim *claims, size_t count)
{
	struct claim **order = xcalloc(count + 1, sizeof(struct claim *));
	size_t without = 0;

	for (size_t i = 0; i < count; i++)
		order[i] = &claims[i];
	qsort(order, count, sizeof(struct claim *), compare_claims);
	for (size_t i = 0; i < count; i++) {
		struct claim *claim = order[i];

		claim->placed = false;
		if ((claim->wide && place_in(&room->high, claim)) ||
		    ((!claim->wide || !room->wide_stays_high) && place_in(&room->low, claim)))
			continue;
		without++;
	}
	free(order);
	return without;
}

/* Whether all fit if @high had @more bytes at its end. */
static bool fits_with(const struct room *room, const struct claim *claims, size_t count,
		      uint64_t more)
{
	struct claim *trial = xcalloc(count + 1, sizeof(*trial));
	uint64_t end = span_end(&room->high);
	struct room longer;
	bool fits;

	if (!end)
		end = FOUR_GIB;
	memcpy(trial, claims, count * sizeof(*trial));
	room_copy(&longer, room);
	span_add(&longer.high, end, end + more);
	fits = room_place(&longer, trial, count) == 0;
	room_clear(&longer);
	free(trial);
	return fits;
}

uint64_t room_shortfall(const struct room *room, const struct claim *claims, size_t count)
{
	uint64_t too_few = 0, enough = ADDRESS_END;

	if (fits_with(room, claims, count, 0))
		return 0;
	if (!fits_with(room, claims, count, enough))
		return UINT64_MAX;
	while (enough - too_few > 1) {
		uint64_t middle = too_few + (enough - too_few) / 2;

		if (fits_with(room, claims, count, middle))
			enough = middle;
		else
			too_few = middle;
	}
	return enough;
}
