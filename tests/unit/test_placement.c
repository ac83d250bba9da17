// SPDX-License-Identifier: GPL-2.0-or-later
/* Placing BARs: by hand, and against trying out every way there is. */
#include "diagnose/placement.h"
#include "unit.h"

#define GIB	(UINT64_C(1) << 30)
#define MIB	(UINT64_C(1) << 20)

static struct room room;

static void setup(void)
{
	room = (struct room){ 0 };
}

static void teardown(void)
{
	room_clear(&room);
}

START_TEST(a_window_is_cut_at_4_gib)
{
	room_add(&room, 3 * GIB, 8 * GIB);
	ck_assert_uint_eq(room.low.at[0].start, 3 * GIB);
	ck_assert_uint_eq(room.low.at[0].end, 4 * GIB);
	ck_assert_uint_eq(room.high.at[0].start, 4 * GIB);
	ck_assert_uint_eq(room.high.at[0].end, 8 * GIB);
}
END_TEST

START_TEST(what_is_taken_is_not_free)
{
	room_add(&room, 0, 16);
	room_remove(&room, 4, 8);
	ck_assert_uint_eq(room.low.count, 2);
	ck_assert_uint_eq(room.low.at[0].end, 4);
	ck_assert_uint_eq(room.low.at[1].start, 8);
	ck_assert_uint_eq(room.low.at[1].end, 16);
}
END_TEST

START_TEST(windows_that_touch_are_one)
{
	struct claim claims[] = { { .size = 16 } };

	room_add(&room, 0, 8);
	room_add(&room, 8, 16);
	ck_assert_uint_eq(room_place(&room, claims, 1), 0);
}
END_TEST

START_TEST(windows_that_overlap_are_there_once)
{
	struct claim claims[] = { { .size = 8 }, { .size = 8 } };

	room_add(&room, 0, 8);
	room_add(&room, 0, 8);
	ck_assert_uint_eq(room_place(&room, claims, 2), 1);
}
END_TEST

/* The trap of exactly full windows: bhyve's 32 GiB and a Tesla P10. */
START_TEST(one_window_of_exactly_its_size_has_no_room_for_a_second)
{
	struct claim claims[] = {
		{ .size = 32 * GIB, .wide = true },
		{ .size = 32 * MIB, .wide = true },
		{ .size = 16 * MIB },
	};

	room_add(&room, 3 * GIB, 3 * GIB + 512 * MIB);
	room_add(&room, 32 * GIB, 64 * GIB);
	room.wide_stays_high = true;
	ck_assert_uint_eq(room_shortfall(&room, claims, 3), 32 * MIB);
	ck_assert_uint_eq(room_place(&room, claims, 3), 1);
	ck_assert(claims[0].placed && claims[2].placed && !claims[1].placed);
	ck_assert_uint_eq(claims[0].start, 32 * GIB);
	ck_assert_uint_eq(claims[2].start, 3 * GIB);
}
END_TEST

START_TEST(a_wide_one_goes_low_where_it_may)
{
	struct claim claims[] = {
		{ .size = 32 * MIB, .wide = true }, { .size = 32 * GIB, .wide = true },
	};

	room_add(&room, 3 * GIB, 3 * GIB + 512 * MIB);
	room_add(&room, 32 * GIB, 64 * GIB);
	ck_assert_uint_eq(room_shortfall(&room, claims, 2), 0);
	ck_assert_uint_eq(room_place(&room, claims, 2), 0);
	ck_assert_uint_eq(claims[0].start, 3 * GIB);
}
END_TEST

START_TEST(alignment_costs)
{
	struct claim claims[] = { { .size = 64 * GIB, .wide = true } };

	room_add(&room, 32 * GIB, 96 * GIB);
	ck_assert_uint_eq(room_shortfall(&room, claims, 1), 32 * GIB);
	ck_assert_uint_eq(room_place(&room, claims, 1), 1);
}
END_TEST

START_TEST(no_length_above_helps_one_that_must_be_low)
{
	struct claim claims[] = { { .size = 16 * MIB } };

	room_add(&room, 32 * GIB, 64 * GIB);
	ck_assert_uint_eq(room_shortfall(&room, claims, 1), UINT64_MAX);
}
END_TEST

START_TEST(without_a_window_all_is_missing)
{
	struct claim claims[] = { { .size = 256 * MIB, .wide = true } };

	ck_assert_uint_eq(room_shortfall(&room, claims, 1), 256 * MIB);
}
END_TEST

START_TEST(impossible_sizes_and_addresses)
{
	struct claim claims[] = { { .size = UINT64_C(1) << 63, .wide = true } };

	room_add(&room, 0, UINT64_MAX);
	ck_assert_uint_eq(room_place(&room, claims, 1), 1);
	ck_assert_uint_eq(room_shortfall(&room, claims, 1), UINT64_MAX);
	room_add(&room, 10, 5);
	ck_assert_uint_eq(span_end(&room.low), FOUR_GIB);
}
END_TEST

/* --- against brute force, in a world of 32 addresses on either side --- */

#define CELLS	32
#define HIGH	FOUR_GIB

struct world {
	bool low[CELLS], high[CELLS];	/* free */
};

static bool try_all(struct world *world, struct claim *claims, size_t count);

static bool try_side(struct world *world, bool *cells, struct claim *claims, size_t count)
{
	size_t size = claims->size;

	for (size_t at = 0; at + size <= CELLS; at += size) {
		bool is_free = true, fits;

		for (size_t i = 0; i < size; i++)
			is_free &= cells[at + i];
		if (!is_free)
			continue;
		memset(cells + at, false, size);
		fits = try_all(world, claims + 1, count - 1);
		memset(cells + at, true, size);
		if (fits)
			return true;
	}
	return false;
}

/* In the order they come in, at every place there is. */
static bool try_all(struct world *world, struct claim *claims, size_t count)
{
	if (!count)
		return true;
	if (claims->wide && try_side(world, world->high, claims, count))
		return true;
	return (!claims->wide || !room.wide_stays_high) &&
	       try_side(world, world->low, claims, count);
}

static void make_world(struct world *world, uint64_t *state)
{
	size_t windows = unit_random(state) % 3 + 1;

	memset(world, 0, sizeof(*world));
	for (size_t i = 0; i < windows; i++) {
		bool high = unit_random(state) % 2;
		size_t start = unit_random(state) % CELLS;
		size_t end = start + unit_random(state) % (CELLS - start) + 1;

		room_add(&room, (high ? HIGH : 0) + start, (high ? HIGH : 0) + end);
		memset((high ? world->high : world->low) + start, true, end - start);
	}
	for (size_t i = unit_random(state) % 3; i; i--) {
		bool high = unit_random(state) % 2;
		size_t at = unit_random(state) % CELLS;

		room_remove(&room, (high ? HIGH : 0) + at, (high ? HIGH : 0) + at + 1);
		(high ? world->high : world->low)[at] = false;
	}
}

static size_t make_claims(struct claim claims[4], uint64_t *state)
{
	size_t count = unit_random(state) % 4 + 1;

	for (size_t i = 0; i < count; i++)
		claims[i] = (struct claim){
			.size = UINT64_C(1) << unit_random(state) % 6,
			.wide = unit_random(state) % 2,
		};
	room.wide_stays_high = unit_random(state) % 3 == 0;
	return count;
}

static void assert_placed_well(const struct world *world, const struct claim *claims,
			       size_t count)
{
	struct world left = *world;

	for (size_t i = 0; i < count; i++) {
		bool high = claims[i].start >= HIGH;
		size_t at = claims[i].start - (high ? HIGH : 0);

		if (!claims[i].placed)
			continue;
		ck_assert_uint_eq(at % claims[i].size, 0);
		ck_assert(high ? claims[i].wide : !claims[i].wide || !room.wide_stays_high);
		ck_assert_uint_le(at + claims[i].size, CELLS);
		for (size_t j = 0; j < claims[i].size; j++) {
			bool *cell = &(high ? left.high : left.low)[at + j];

			ck_assert(*cell);
			*cell = false;
		}
	}
}

START_TEST(finds_a_place_exactly_where_there_is_one)
{
	uint64_t state = 88172645463325252 + _i;

	for (int round = 0; round < 500; round++) {
		struct claim claims[4];
		struct world world;
		size_t count, without;
		bool possible;

		make_world(&world, &state);
		count = make_claims(claims, &state);
		possible = try_all(&world, claims, count);
		ck_assert_int_eq(room_shortfall(&room, claims, count) == 0, possible);
		without = room_place(&room, claims, count);
		ck_assert_int_eq(without == 0, possible);
		assert_placed_well(&world, claims, count);
		room_clear(&room);
	}
}
END_TEST

/* With so much more it fits, with one less it does not. */
START_TEST(shortfall_is_the_least)
{
	uint64_t state = 362436069 + _i;

	for (int round = 0; round < 200; round++) {
		struct claim claims[4];
		struct world world;
		size_t count;
		uint64_t more, end;

		make_world(&world, &state);
		count = make_claims(claims, &state);
		end = span_end(&room.high);
		more = room_shortfall(&room, claims, count);
		for (uint64_t less = 0; more && more != UINT64_MAX && end && less < 2; less++) {
			struct room longer;

			room_copy(&longer, &room);
			span_add(&longer.high, end, end + more - less);
			ck_assert_int_eq(room_place(&longer, claims, count) > 0, less > 0);
			room_clear(&longer);
		}
		room_clear(&room);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("placement");
	TCase *tcase = unit_case(suite, "room");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_window_is_cut_at_4_gib);
	tcase_add_test(tcase, what_is_taken_is_not_free);
	tcase_add_test(tcase, windows_that_touch_are_one);
	tcase_add_test(tcase, windows_that_overlap_are_there_once);
	tcase_add_test(tcase, one_window_of_exactly_its_size_has_no_room_for_a_second);
	tcase_add_test(tcase, a_wide_one_goes_low_where_it_may);
	tcase_add_test(tcase, alignment_costs);
	tcase_add_test(tcase, no_length_above_helps_one_that_must_be_low);
	tcase_add_test(tcase, without_a_window_all_is_missing);
	tcase_add_test(tcase, impossible_sizes_and_addresses);
	tcase_add_loop_test(tcase, finds_a_place_exactly_where_there_is_one, 0, 10);
	tcase_add_loop_test(tcase, shortfall_is_the_least, 0, 5);
	return unit_run(suite);
}
