// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-tests of the parts that need no hardware. Built with GPUPROBE_DEBUG=1,
 * run at load; the module does not load if one fails.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "match.h"
#include "record.h"
#include "selftest.h"
#include "store.h"
#include "window.h"

static const u8 bytes[1000] = { 0xa5, 0x5a };
static const struct gp_place place = { .domain = 1, .bus = 2, .devfn = 8 };
static const struct gp_place sibling = { .domain = 1, .bus = 2, .devfn = 9 };
static const struct gp_place stranger = { .domain = 1, .bus = 2, .devfn = 16 };

#define FOUR	"10de,10de,10de,10de"

static bool parse_gives(const char *text, int err, unsigned int count)
{
	struct gp_match match;

	return gp_match_parse(text, &match) == err &&
	       (err || match.count == count);
}

static bool test_match_parse(void)
{
	struct gp_match match;

	return parse_gives(NULL, 0, 0) && parse_gives("", 0, 0) &&
	       parse_gives("10de", 0, 1) && parse_gives("10DE:1bb3", 0, 1) &&
	       parse_gives("10de,8086:100e", 0, 2) &&
	       parse_gives("10d", -EINVAL, 0) &&
	       parse_gives("10de,", -EINVAL, 0) &&
	       parse_gives("10de-1bb3", -EINVAL, 0) &&
	       parse_gives("0x10de", -EINVAL, 0) &&
	       parse_gives("10de:1bb3:0", -EINVAL, 0) &&
	       parse_gives("10de:1bg3", -EINVAL, 0) &&
	       parse_gives("all,10de", -EINVAL, 0) &&
	       parse_gives(FOUR "," FOUR "," FOUR "," FOUR, 0, 16) &&
	       parse_gives(FOUR "," FOUR "," FOUR "," FOUR ",10de", -EINVAL,
			   0) &&
	       !gp_match_parse("10de:1bb3", &match) &&
	       match.rules[0].vendor == 0x10de &&
	       match.rules[0].device == 0x1bb3 && !match.rules[0].any_device;
}

/* A reader as uapi/gpuprobe.h describes it. Items, or -1 if malformed. */
static int count_items(const struct gp_record *record)
{
	const u8 *start = (const u8 *)&record->head;
	u32 at = sizeof(record->head);
	int count = 0;

	if (record->head.size % GPUPROBE_ALIGN ||
	    record->head.size > GPUPROBE_RECORD_MAX)
		return -1;
	while (at < record->head.size) {
		struct gpuprobe_item item;

		memcpy(&item, start + at, sizeof(item));
		if (item.size < sizeof(item) ||
		    item.size > record->head.size - at)
			return -1;
		at += ALIGN(item.size, GPUPROBE_ALIGN);
		count++;
	}
	return at == record->head.size ? count : -1;
}

static bool test_record_layout(void)
{
	struct gp_builder builder;
	struct gp_record *record;
	const u8 *item;
	bool ok;

	if (gp_builder_init(&builder, GPUPROBE_RECORD_MODULE))
		return false;
	gp_builder_add_string(&builder, GPUPROBE_ITEM_MODULE_VERSION, 7, "abc");
	gp_builder_add_string(&builder, GPUPROBE_ITEM_DRIVER, 0, NULL);
	record = gp_builder_finish(&builder);

	item = (const u8 *)(&record->head + 1);
	ok = record->head.magic == GPUPROBE_MAGIC &&
	     record->head.size == sizeof(record->head) + 16 + 8 &&
	     count_items(record) == 2 && !record->head.flags &&
	     !memcmp(item + sizeof(struct gpuprobe_item), "abc\0\0\0\0\0", 8);
	gp_record_put(record);
	return ok;
}

static bool test_record_bounds(void)
{
	struct gp_builder builder;
	struct gp_record *record;
	int i, fit = (GPUPROBE_RECORD_MAX - sizeof(struct gpuprobe_record)) /
		     (sizeof(struct gpuprobe_item) + sizeof(bytes));
	bool ok;

	if (gp_builder_init(&builder, GPUPROBE_RECORD_SNAPSHOT))
		return false;
	for (i = 0; i < fit; i++)
		gp_builder_add(&builder, GPUPROBE_ITEM_CONFIG, i, bytes,
			       sizeof(bytes));
	ok = !builder.record->head.flags;
	gp_builder_add(&builder, GPUPROBE_ITEM_CONFIG, i, bytes, sizeof(bytes));
	gp_builder_add(&builder, GPUPROBE_ITEM_CONFIG, i, bytes, SIZE_MAX);
	gp_builder_add(&builder, GPUPROBE_ITEM_CONFIG, i, bytes,
		       U32_MAX - sizeof(struct gpuprobe_item) + 1);
	record = gp_builder_finish(&builder);

	ok = ok && record->head.flags == GPUPROBE_RECORD_TRUNCATED &&
	     count_items(record) == fit;
	gp_record_put(record);
	return ok;
}

static int publish(struct gp_store *store, const struct gp_place *where,
		   enum gpuprobe_trigger trigger)
{
	struct gp_builder builder;

	if (gp_builder_init(&builder, GPUPROBE_RECORD_SNAPSHOT))
		return -ENOMEM;
	return gp_store_publish(store, where, trigger,
				gp_builder_finish(&builder));
}

static bool keeps(struct gp_store *store, const u64 *expected, int count)
{
	struct gp_record *record;
	u64 after = 0;
	int i;

	for (i = 0; i <= count; i++) {
		record = gp_store_next(store, after);
		if (!record)
			return i == count;
		after = record->head.sequence;
		gp_record_put(record);
		if (i == count || after != expected[i])
			return false;
	}
	return false;
}

static bool test_store_keeps_first_and_last(void)
{
	static const u64 expected[] = { 1, 3, 6, 7 };
	struct gp_store *store = gp_store_create(4, SZ_1M);
	struct gpuprobe_module module;
	bool ok;

	if (!store)
		return false;
	ok = !publish(store, &place, GPUPROBE_TRIGGER_LOAD) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_REQUEST) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_BEFORE_BIND) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_BOUND) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_REQUEST) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_REQUEST) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_UNBOUND) &&
	     keeps(store, expected, ARRAY_SIZE(expected));
	gp_store_describe(store, &module);
	ok = ok && module.kept == 4 && module.dropped == 3;
	gp_store_destroy(store);
	return ok;
}

/* Nobody's first record is dropped while somebody has another one. */
static bool test_store_bounds_memory(void)
{
	static const u64 expected[] = { 1, 2, 4 };
	struct gp_store *store = gp_store_create(2, 9 * SZ_512);
	bool ok;

	if (!store)
		return false;
	ok = !publish(store, &place, GPUPROBE_TRIGGER_LOAD) &&
	     !publish(store, &stranger, GPUPROBE_TRIGGER_LOAD) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_BOUND) &&
	     !publish(store, &stranger, GPUPROBE_TRIGGER_BOUND) &&
	     keeps(store, expected, ARRAY_SIZE(expected));
	gp_store_destroy(store);
	return ok;
}

static bool test_store_knows_functions(void)
{
	struct gp_store *store = gp_store_create(1, SZ_1M);
	bool ok;

	if (!store)
		return false;
	ok = !publish(store, &place, GPUPROBE_TRIGGER_LOAD) &&
	     publish(store, &place, GPUPROBE_TRIGGER_LOAD) == -EEXIST &&
	     gp_store_introduced(store, &place) &&
	     !gp_store_introduced(store, &sibling) &&
	     gp_store_watches_slot(store, &sibling) &&
	     !gp_store_watches_slot(store, &stranger) &&
	     !publish(store, &place, GPUPROBE_TRIGGER_REMOVED) &&
	     !gp_store_watches_slot(store, &sibling) &&
	     !gp_store_introduced(store, &place) &&
	     publish(store, &place, GPUPROBE_TRIGGER_REQUEST) == -ENODEV &&
	     !publish(store, &place, GPUPROBE_TRIGGER_ADDED) &&
	     publish(store, &place, GPUPROBE_TRIGGER_LOAD) == -EEXIST &&
	     gp_store_watches_slot(store, &sibling);
	gp_store_destroy(store);
	return ok;
}

static bool test_largest_aligned(void)
{
	return gp_largest_aligned(0, U64_MAX) == 1ULL << 63 &&
	       gp_largest_aligned(0, 0) == 1 &&
	       gp_largest_aligned(1, 0) == 0 &&
	       gp_largest_aligned(1, 0xff) == 0x80 &&
	       gp_largest_aligned(U64_MAX, U64_MAX) == 1 &&
	       gp_largest_aligned(0x800000001ULL, 0xfffffffffULL) ==
	       0x400000000ULL;
}

static bool test_largest_free(void)
{
	const struct gp_range window = { .start = 0x1000, .end = 0x4fff };
	struct gp_range taken[] = {
		{ .start = 0x3000, .end = 0x37ff },
		{ .start = 0x0000, .end = 0x1fff },
		{ .start = 0x1800, .end = 0x27ff },
	};
	struct gp_range all = { .start = 0, .end = U64_MAX };

	return gp_largest_free(&window, NULL, 0) == 0x2000 &&
	       gp_largest_free(&window, taken, ARRAY_SIZE(taken)) == 0x1000 &&
	       gp_largest_free(&window, &all, 1) == 0;
}

static const struct {
	const char *name;
	bool (*passes)(void);
} tests[] = {
	{ "match_parse", test_match_parse },
	{ "record_layout", test_record_layout },
	{ "record_bounds", test_record_bounds },
	{ "largest_aligned", test_largest_aligned },
	{ "largest_free", test_largest_free },
	{ "store_keeps_first_and_last", test_store_keeps_first_and_last },
	{ "store_bounds_memory", test_store_bounds_memory },
	{ "store_knows_functions", test_store_knows_functions },
};

/**
 * gp_selftest() - run all self-tests
 *
 * May sleep for memory.
 *
 * Return: 0, or -EINVAL after an error line that names the test that failed.
 */
int gp_selftest(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		if (!tests[i].passes()) {
			pr_err("self-test %s failed\n", tests[i].name);
			return -EINVAL;
		}
	}
	pr_debug("%zu self-tests passed\n", ARRAY_SIZE(tests));
	return 0;
}
