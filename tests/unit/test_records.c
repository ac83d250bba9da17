// SPDX-License-Identifier: GPL-2.0-or-later
/* The record stream of gpuprobe.ko, good and bad. */
#include <errno.h>

#include "builder.h"
#include "stream.h"

/* Bytes in memory of exactly their length, so that a read past the end is seen. */
static int take(struct gpuprobe_case *c, const void *bytes, size_t length, char **problem)
{
	uint8_t *copy = malloc(length ? length : 1);
	int error;

	memcpy(copy, bytes, length);
	*problem = NULL;
	error = source_records(c, copy, length, problem);
	free(copy);
	ck_assert_int_eq(error != 0, *problem != NULL);
	return error;
}

/* The case of a stream that must be good. */
static struct gpuprobe_case *read_good(const struct stream *s)
{
	struct gpuprobe_case *c = case_create();
	char *problem;

	ck_assert_int_eq(take(c, s->bytes, s->length, &problem), 0);
	return c;
}

/* The stream must be refused with @error and words; @kept snapshots are kept. */
static void assert_refused(const struct stream *s, size_t length, int error, const char *words,
			   size_t kept)
{
	struct gpuprobe_case *c = case_create();
	char *problem;

	ck_assert_int_eq(take(c, s->bytes, length, &problem), error);
	ck_assert_msg(strstr(problem, words), "\"%s\" is not in \"%s\"", words, problem);
	ck_assert_uint_eq(c->functions.count ? c->functions.at[0].snapshots.count : 0, kept);
	free(problem);
	case_destroy(c);
}

static void add_items(struct stream *s)
{
	struct gpuprobe_irq irq = { .irq = 0, .flags = GPUPROBE_IRQ_NO_MSI, .pin = 0 };
	struct gpuprobe_resource bar = { 0xc2000000, 0xc2ffffff, 0x40200, 0x1000000 };
	struct gpuprobe_state state = { 1, 3, 1, -1 };
	struct gpuprobe_parent parent = { 0, 0, 0x1c << 3, 0, 0x8086, 0x3420, 0x060400 };
	struct gpuprobe_error error = { GPUPROBE_ITEM_DRIVER, -EBUSY };
	uint8_t config[256];

	config_p4(config, 0);
	stream_text(s, GPUPROBE_ITEM_DRIVER, 0, "nvidia");
	stream_item(s, GPUPROBE_ITEM_CONFIG, 0, config, 64);
	stream_item(s, GPUPROBE_ITEM_CONFIG, 16, config + 64, 192);
	stream_item(s, GPUPROBE_ITEM_IRQ, 0, &irq, sizeof(irq));
	stream_item(s, GPUPROBE_ITEM_RESOURCE, 0, &bar, sizeof(bar));
	stream_item(s, GPUPROBE_ITEM_STATE, 0, &state, sizeof(state));
	stream_item(s, GPUPROBE_ITEM_PARENT, 0, &parent, sizeof(parent));
	stream_item(s, GPUPROBE_ITEM_ERROR, 0, &error, sizeof(error));
}

/* The module, two moments of one function, one of another. */
static void good_stream(struct stream *s)
{
	s->length = 0;
	stream_module(s, "0.1.0");
	stream_snapshot(s, 6, GPUPROBE_TRIGGER_BEFORE_BIND);
	add_items(s);
	stream_snapshot(s, 6, GPUPROBE_TRIGGER_NOT_BOUND);
	stream_head(s)->flags = GPUPROBE_RECORD_GONE | GPUPROBE_RECORD_TRUNCATED | 1u << 31;
	stream_snapshot(s, 7, GPUPROBE_TRIGGER_LOAD);
}

static struct stream stream;

START_TEST(whole_stream_is_read)
{
	const struct snapshot *first, *second;
	struct gpuprobe_case *c;
	uint8_t config[256];

	good_stream(&stream);
	c = read_good(&stream);
	ck_assert(c->gpuprobe_module);
	ck_assert_str_eq(c->gpuprobe_module_version, "0.1.0");
	ck_assert_str_eq(c->machine.kernel_release, "6.8.0-test");
	ck_assert_uint_eq(c->records_dropped, 3);
	ck_assert_uint_eq(c->records_unknown, 0);
	ck_assert_uint_eq(c->functions.count, 2);
	ck_assert_uint_eq(c->functions.at[0].address.device, 6);
	ck_assert_uint_eq(c->functions.at[0].device, 0x1bb3);
	ck_assert_uint_eq(c->functions.at[0].subsystem_device, 0x11d8);
	ck_assert_uint_eq(c->functions.at[0].class, 0x030200);
	ck_assert_uint_eq(c->functions.at[0].snapshots.count, 2);

	first = &c->functions.at[0].snapshots.at[0];
	ck_assert_int_eq(first->source, SNAPSHOT_MODULE);
	ck_assert_uint_eq(first->trigger, GPUPROBE_TRIGGER_BEFORE_BIND);
	ck_assert_uint_eq(first->sequence, 7);
	ck_assert(first->time_known);
	ck_assert_uint_eq(first->boot_ns, 1000);
	ck_assert_uint_eq(first->log_ns, 2000);
	ck_assert_str_eq(first->driver, "nvidia");
	ck_assert(!first->gone && !first->truncated);
	config_p4(config, 0);
	ck_assert_uint_eq(first->config_length, 256);
	ck_assert_mem_eq(first->config, config, 256);
	ck_assert(first->irq.irq_known && first->irq.pin_known && first->irq.flags_known);
	ck_assert_uint_eq(first->irq.flags, GPUPROBE_IRQ_NO_MSI);
	ck_assert(first->bars[0].known && !first->bars[1].known);
	ck_assert_uint_eq(first->bars[0].start, 0xc2000000);
	ck_assert_uint_eq(first->bars[0].size, 0x1000000);
	ck_assert_uint_eq(first->bars[0].flags, 0x40200);
	ck_assert_ptr_null(first->bars[0].holder);
	ck_assert(first->state_known);
	ck_assert_uint_eq(first->enable_count, 1);
	ck_assert_int_eq(first->power, 3);
	ck_assert_uint_eq(first->parents.count, 1);
	ck_assert_uint_eq(first->parents.at[0].address.device, 0x1c);
	ck_assert_uint_eq(first->parents.at[0].class, 0x060400);

	second = &c->functions.at[0].snapshots.at[1];
	ck_assert(second->gone && second->truncated);
	ck_assert_ptr_null(second->driver);
	ck_assert_uint_eq(second->config_length, 0);
	ck_assert(!second->irq.irq_known && !second->state_known);
	case_destroy(c);
}
END_TEST

START_TEST(empty_stream_is_good)
{
	struct gpuprobe_case *c = case_create();
	char *problem;

	ck_assert_int_eq(take(c, "", 0, &problem), 0);
	ck_assert(!c->gpuprobe_module);
	case_destroy(c);
}
END_TEST

/* A cut between two records is not seen; every other is, and keeps what was whole. */
START_TEST(cut_at_every_byte)
{
	size_t whole = 0, ends[8], count = 0;

	good_stream(&stream);
	for (size_t at = 0; at < stream.length; at += stream_head(&stream)->size) {
		stream.record = at;
		ends[count++] = at + stream_head(&stream)->size;
	}
	ck_assert_uint_eq(count, 4);
	for (size_t length = 1; length < stream.length; length++) {
		struct gpuprobe_case *c = case_create();
		size_t snapshots = 0;
		char *problem;
		int error = take(c, stream.bytes, length, &problem);

		whole += length == ends[whole];
		ck_assert_int_eq(error, whole && length == ends[whole - 1] ? 0 : -EPROTO);
		ck_assert(!problem || strstr(problem, "cut short"));
		for (size_t i = 0; i < c->functions.count; i++)
			snapshots += c->functions.at[i].snapshots.count;
		ck_assert_uint_eq(snapshots, whole ? whole - 1 : 0);
		free(problem);
		case_destroy(c);
	}
}
END_TEST

static const uint32_t lying_records[] = {
	0, 8, 39, 41, 44, GPUPROBE_RECORD_MAX + 8, 0x7ffffff8, 0xfffffff8, 0xffffffff,
};

START_TEST(record_length_that_lies)
{
	good_stream(&stream);
	stream_head(&stream)->size = lying_records[_i];
	assert_refused(&stream, stream.length, -EPROTO, "the length of a record is impossible", 2);
}
END_TEST

START_TEST(record_length_past_the_end)
{
	good_stream(&stream);
	stream_head(&stream)->size += 8;
	assert_refused(&stream, stream.length, -EPROTO, "cut short", 2);
}
END_TEST

static const uint32_t lying_items[] = { 0, 1, 7, 25, 4096, 0x7fffffff, 0xfffffff8, 0xffffffff };

START_TEST(item_length_that_lies)
{
	good_stream(&stream);
	stream_item(&stream, GPUPROBE_ITEM_DRIVER, 0, "0123456789abcdef", 16)->size =
		lying_items[_i];
	assert_refused(&stream, stream.length, -EPROTO, "an item inside a record", 2);
	stream.length = 0;
	stream_module(&stream, "1");
	stream_item(&stream, GPUPROBE_ITEM_MODULE_VERSION, 0, "0123456789abcdef", 16)->size =
		lying_items[_i];
	assert_refused(&stream, stream.length, -EPROTO, "an item inside a record", 0);
}
END_TEST

START_TEST(snapshot_without_its_head)
{
	good_stream(&stream);
	stream_record(&stream, GPUPROBE_RECORD_SNAPSHOT);
	stream_text(&stream, GPUPROBE_ITEM_DRIVER, 0, "nvidia");
	assert_refused(&stream, stream.length, -EPROTO, "an item inside a record", 2);
}
END_TEST

START_TEST(unknown_types_are_skipped)
{
	struct gpuprobe_case *c;

	stream.length = 0;
	stream_module(&stream, "0.1.0");
	stream_item(&stream, 4711, 0, "new", 3);
	stream_record(&stream, 99);
	stream_item(&stream, GPUPROBE_ITEM_MODULE_VERSION, 0, "wrong", 5);
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_BOUND);
	stream_item(&stream, 4711, 0, NULL, 0);
	stream_text(&stream, GPUPROBE_ITEM_DRIVER, 0, "nvidia");
	c = read_good(&stream);
	ck_assert_str_eq(c->gpuprobe_module_version, "0.1.0");
	ck_assert_uint_eq(c->functions.count, 1);
	ck_assert_str_eq(c->functions.at[0].snapshots.at[0].driver, "nvidia");
	/* Two items and a record; said once. */
	ck_assert_uint_eq(c->records_unknown, 3);
	ck_assert_uint_eq(c->blind_spots.count, 1);
	case_destroy(c);
}
END_TEST

START_TEST(longer_payload_is_from_a_newer_module)
{
	uint8_t longer[sizeof(struct gpuprobe_irq) + 16];
	struct gpuprobe_irq irq = { .irq = 11, .pin = 1 };
	struct gpuprobe_case *c;

	memset(longer, 0xee, sizeof(longer));
	memcpy(longer, &irq, sizeof(irq));
	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	stream_item(&stream, GPUPROBE_ITEM_IRQ, 0, longer, sizeof(longer));
	c = read_good(&stream);
	ck_assert_uint_eq(c->functions.at[0].snapshots.at[0].irq.irq, 11);
	ck_assert_uint_eq(c->functions.at[0].snapshots.at[0].irq.pin, 1);
	case_destroy(c);
}
END_TEST

/* No field of a short payload may be taken for a known 0. */
START_TEST(shorter_payload_is_not_known)
{
	static const uint16_t types[] = {
		GPUPROBE_ITEM_IRQ, GPUPROBE_ITEM_RESOURCE, GPUPROBE_ITEM_STATE, GPUPROBE_ITEM_PARENT,
	};
	const struct snapshot *snapshot;
	struct gpuprobe_case *c;

	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	for (int i = 0; i < COUNT(types); i++)
		stream_item(&stream, types[i], 0, "1234", 4);
	c = read_good(&stream);
	snapshot = &c->functions.at[0].snapshots.at[0];
	ck_assert(!snapshot->irq.irq_known && !snapshot->irq.pin_known);
	ck_assert(!snapshot->bars[0].known && !snapshot->state_known);
	ck_assert_uint_eq(snapshot->parents.count, 0);
	ck_assert_uint_eq(snapshot->deep.errors.count, COUNT(types));
	for (int i = 0; i < COUNT(types); i++)
		ck_assert_uint_eq(snapshot->deep.errors.at[i].item, types[i]);
	case_destroy(c);
}
END_TEST

START_TEST(indices_out_of_range)
{
	struct gpuprobe_resource bar = { 0x1000, 0x1fff, 0x200, 0x1000 };
	uint8_t config[4096] = { 0xde, 0x10 };
	const struct snapshot *snapshot;
	struct gpuprobe_case *c;

	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	stream_item(&stream, GPUPROBE_ITEM_RESOURCE, BAR_COUNT, &bar, sizeof(bar));
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 4, config, 16);	/* a gap before it */
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0, config, 64);
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 16, config, 4096);	/* too long */
	c = read_good(&stream);
	snapshot = &c->functions.at[0].snapshots.at[0];
	for (int i = 0; i < BAR_COUNT; i++)
		ck_assert(!snapshot->bars[i].known);
	ck_assert_uint_eq(snapshot->config_length, 64);
	ck_assert_uint_eq(snapshot->config[0], 0xde);
	case_destroy(c);
}
END_TEST

START_TEST(newer_version_is_refused)
{
	good_stream(&stream);
	stream_head(&stream)->version = GPUPROBE_ABI_VERSION + 1;
	/* Even its length may mean something else. */
	stream_head(&stream)->size = 3;
	assert_refused(&stream, stream.length, -EPROTONOSUPPORT, "upgrade the tool", 2);
}
END_TEST

START_TEST(other_byte_order_is_named)
{
	good_stream(&stream);
	stream.record = 0;
	stream_head(&stream)->magic = __builtin_bswap32(GPUPROBE_MAGIC);
	assert_refused(&stream, stream.length, -EPROTO, "other byte order", 0);
	stream_head(&stream)->magic = 0x12345678;
	assert_refused(&stream, stream.length, -EPROTO, "not the start of a record", 0);
}
END_TEST

/* --- what only the module sees --- */

#define DEEP(type, index, name) \
	{ type, index, sizeof(((struct deep_view *)NULL)->name), \
	  offsetof(struct deep_view, name##_known), offsetof(struct deep_view, name) }

/* One structure each. */
static const struct {
	uint16_t type, index;
	size_t size, known, at;
} structures[] = {
	DEEP(GPUPROBE_ITEM_EXTENDED, 0, extended),
	DEEP(GPUPROBE_ITEM_ROUTE, 0, route),
	DEEP(GPUPROBE_ITEM_IOMMU, 0, iommu),
	DEEP(GPUPROBE_ITEM_POWER, 0, power),
	DEEP(GPUPROBE_ITEM_FLAGS, 0, flags),
	DEEP(GPUPROBE_ITEM_IRQ_LINE, 0, irq_line),
	DEEP(GPUPROBE_ITEM_BAR0, 0, bar0),
	DEEP(GPUPROBE_ITEM_WORKAROUND, 0, workaround),
	DEEP(GPUPROBE_ITEM_COST, 0, cost),
	DEEP(GPUPROBE_ITEM_MSI_TRIAL, 0, msix_trial),
	DEEP(GPUPROBE_ITEM_MSI_TRIAL, 1, msi_trial),
};

static uint8_t pattern[512];

static void fill_pattern(void)
{
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = 0x81 + 7 * i;
}

static bool is_known(const struct deep_view *deep, size_t i)
{
	return *(const bool *)((const char *)deep + structures[i].known);
}

static const struct deep_view *deep_of(const struct gpuprobe_case *c)
{
	return &c->functions.at[0].snapshots.at[0].deep;
}

/* A snapshot with one item, of the pattern's first @length bytes. */
static struct gpuprobe_case *read_item(uint16_t type, uint16_t index, size_t length)
{
	fill_pattern();
	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	stream_item(&stream, type, index, pattern, length);
	return read_good(&stream);
}

START_TEST(structure_is_taken_to_its_place)
{
	/* As it is, from a newer module. */
	const size_t size = structures[_i].size, lengths[] = { size, size + 24 };

	for (int n = 0; n < COUNT(lengths); n++) {
		struct gpuprobe_case *c = read_item(structures[_i].type, structures[_i].index,
						    lengths[n]);
		const uint8_t *at = (const uint8_t *)deep_of(c) + structures[_i].at;

		ck_assert_mem_eq(at, pattern, size);
		ck_assert_uint_eq(deep_of(c)->errors.count, 0);
		for (int i = 0; i < COUNT(structures); i++)
			ck_assert_int_eq(is_known(deep_of(c), i), i == _i);
		case_destroy(c);
	}
}
END_TEST

/* What is missing of a short one is not 0: none of it is known, and that is noted. */
START_TEST(short_structure_is_not_known)
{
	const size_t lengths[] = { 0, 4, structures[_i].size - 4, structures[_i].size - 1 };

	for (int n = 0; n < COUNT(lengths); n++) {
		struct gpuprobe_case *c = read_item(structures[_i].type, structures[_i].index,
						    lengths[n]);

		for (int i = 0; i < COUNT(structures); i++)
			ck_assert(!is_known(deep_of(c), i));
		ck_assert_uint_eq(deep_of(c)->errors.count, 1);
		ck_assert_uint_eq(deep_of(c)->errors.at[0].item, structures[_i].type);
		ck_assert_int_eq(deep_of(c)->errors.at[0].error, -EPROTO);
		case_destroy(c);
	}
}
END_TEST

START_TEST(short_elements_are_left_out)
{
	static const uint16_t types[] = {
		GPUPROBE_ITEM_WINDOW, GPUPROBE_ITEM_REGISTER, GPUPROBE_ITEM_PROM,
		GPUPROBE_ITEM_ERROR,
	};

	for (int i = 0; i < COUNT(types); i++) {
		struct gpuprobe_case *c = read_item(types[i], 0, 7);

		ck_assert_uint_eq(deep_of(c)->windows.count + deep_of(c)->registers.count +
				  deep_of(c)->prom.count, 0);
		ck_assert_uint_eq(deep_of(c)->errors.count, 1);
		ck_assert_uint_eq(deep_of(c)->errors.at[0].item, types[i]);
		case_destroy(c);
	}
}
END_TEST

START_TEST(structure_of_another_index_is_skipped)
{
	struct gpuprobe_case *c = read_item(structures[_i].type, 2, structures[_i].size);

	for (int i = 0; i < COUNT(structures); i++)
		ck_assert(!is_known(deep_of(c), i));
	case_destroy(c);
}
END_TEST

static const struct {
	uint16_t type;
	size_t at;
} texts[] = {
	{ GPUPROBE_ITEM_ROUTE_LINK, offsetof(struct deep_view, route_link) },
	{ GPUPROBE_ITEM_IRQ_CHIP, offsetof(struct deep_view, irq_chip) },
	{ GPUPROBE_ITEM_RESET, offsetof(struct deep_view, reset_methods) },
	{ GPUPROBE_ITEM_DRIVER_OVERRIDE, offsetof(struct deep_view, driver_override) },
};

/* Nothing, "" and words are three things; the last one counts. */
START_TEST(text_is_taken_to_its_place)
{
	struct gpuprobe_case *c;

	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	stream_text(&stream, texts[_i].type, 0, "first");
	stream_text(&stream, texts[_i].type, 0, "flr bus");
	c = read_good(&stream);
	for (int i = 0; i < COUNT(texts); i++)
		ck_assert_pstr_eq(*(char *const *)((const char *)deep_of(c) + texts[i].at),
				  i == _i ? "flr bus" : NULL);
	case_destroy(c);
	c = read_item(texts[_i].type, 0, 0);
	ck_assert_str_eq(*(char *const *)((const char *)deep_of(c) + texts[_i].at), "");
	case_destroy(c);
}
END_TEST

START_TEST(lists_keep_their_order)
{
	const struct gpuprobe_window windows[] = {
		{ 0xc0000000, 0xcfffffff, 0x200, 0x4000000, 0x9000000, 0, 2, 0 },
		{ 0x800000000, 0x83fffffff, 0x102200, 0, 0, GPUPROBE_PARENT_ROOT_BUS, 0, 0 },
	};
	const struct gpuprobe_register registers[] = {
		{ 0, 0x134000a1, 800, GPUPROBE_REGISTER_OK },
		{ 0x9400, 0xbadf1000, 900, GPUPROBE_REGISTER_BAD },
	};
	const struct gpuprobe_error errors[] = {
		{ GPUPROBE_ITEM_DRIVER, -EBUSY }, { GPUPROBE_ITEM_CONFIG, -ENXIO },
	};
	struct gpuprobe_case *c;

	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	for (int i = 0; i < 2; i++) {
		stream_item(&stream, GPUPROBE_ITEM_WINDOW, i, &windows[i], sizeof(windows[i]));
		stream_item(&stream, GPUPROBE_ITEM_REGISTER, i, &registers[i], sizeof(registers[i]));
		stream_item(&stream, GPUPROBE_ITEM_ERROR, i, &errors[i], sizeof(errors[i]));
	}
	c = read_good(&stream);
	ck_assert_uint_eq(deep_of(c)->windows.count, 2);
	ck_assert_mem_eq(deep_of(c)->windows.at, windows, sizeof(windows));
	ck_assert_uint_eq(deep_of(c)->registers.count, 2);
	ck_assert_mem_eq(deep_of(c)->registers.at, registers, sizeof(registers));
	ck_assert_uint_eq(deep_of(c)->errors.count, 2);
	ck_assert_mem_eq(deep_of(c)->errors.at, errors, sizeof(errors));
	case_destroy(c);
}
END_TEST

/* Payload without data, with some, with more than is kept; and one without its head. */
static const struct {
	size_t length, pieces, kept;
} proms[] = {
	{ 0, 0, 0 }, { 7, 0, 0 }, { 8, 1, 0 }, { 9, 1, 1 }, { 40, 1, 32 }, { 72, 1, 64 },
	{ 73, 1, 64 }, { 200, 1, 64 },
};

START_TEST(prom_piece_of_any_length)
{
	struct gpuprobe_case *c = read_item(GPUPROBE_ITEM_PROM, 0, proms[_i].length);
	uint32_t head[2];

	ck_assert_uint_eq(deep_of(c)->prom.count, proms[_i].pieces);
	if (proms[_i].pieces) {
		memcpy(head, pattern, sizeof(head));
		ck_assert_uint_eq(deep_of(c)->prom.at[0].offset, head[0]);
		ck_assert_uint_eq(deep_of(c)->prom.at[0].image, head[1]);
		ck_assert_uint_eq(deep_of(c)->prom.at[0].length, proms[_i].kept);
		ck_assert_mem_eq(deep_of(c)->prom.at[0].data, pattern + 8, proms[_i].kept);
	}
	case_destroy(c);
}
END_TEST

static const struct {
	uint16_t index;
	size_t length;
	bool taken;
} mirrors[] = {
	{ 0, 64, true },	{ 0, 256, true },	{ 63, 4, true },	{ 15, 4, true },
	{ 0, 257, false },	{ 63, 5, false },	{ 64, 0, false },	{ 64, 4, false },
	{ 0x4000, 4, false },	/* 0x10000: 0, were it cut to 16 bits */
	{ 0xffff, 4, false },
};

START_TEST(mirror_piece_in_and_out_of_range)
{
	struct gpuprobe_case *c = read_item(GPUPROBE_ITEM_MIRROR, mirrors[_i].index,
					    mirrors[_i].length);
	const struct deep_view *deep = deep_of(c);
	size_t at = mirrors[_i].index * 4;

	ck_assert_uint_eq(deep->mirror_pieces.count, mirrors[_i].taken);
	if (mirrors[_i].taken) {
		ck_assert_mem_eq(deep->mirror + at, pattern, mirrors[_i].length);
		ck_assert(mirror_has(deep, at, mirrors[_i].length));
		ck_assert(!mirror_has(deep, at, mirrors[_i].length + 1));
		ck_assert(!at || !mirror_has(deep, at - 1, 2));
	}
	for (size_t i = 0; i < MIRROR_MAX; i++)
		ck_assert(deep->mirror[i] == 0 || mirror_has(deep, i, 1));
	case_destroy(c);
}
END_TEST

/* Extended config space comes in pieces, of which only the first can follow on. */
START_TEST(extended_config_in_pieces)
{
	const struct snapshot *snapshot;
	struct gpuprobe_case *c;

	fill_pattern();
	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0, pattern, 256);
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0x140 / 4, pattern, 24);
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0xffc / 4, pattern, 4);
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0xffc / 4, pattern, 5);	/* too long */
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0x1000 / 4, pattern, 4);	/* outside */
	stream_item(&stream, GPUPROBE_ITEM_CONFIG, 0x4000, pattern, 4);	/* 0, cut to 16 bits */
	c = read_good(&stream);
	snapshot = &c->functions.at[0].snapshots.at[0];
	ck_assert_uint_eq(snapshot->config_length, 256);
	ck_assert_mem_eq(snapshot->config, pattern, 256);
	ck_assert_uint_eq(snapshot->deep.pieces.count, 2);
	ck_assert_uint_eq(snapshot->deep.pieces.at[0].offset, 0x140);
	ck_assert_uint_eq(snapshot->deep.pieces.at[0].length, 24);
	ck_assert_uint_eq(snapshot->deep.pieces.at[1].offset, 0xffc);
	ck_assert_uint_eq(snapshot->deep.pieces.at[1].length, 4);
	ck_assert_mem_eq(snapshot->config + 0x140, pattern, 24);
	ck_assert_mem_eq(snapshot->config + 0xffc, pattern, 4);
	ck_assert_uint_eq(snapshot->config[0x100], 0);
	case_destroy(c);
}
END_TEST

/* --- the interrupt delivery test --- */

static void irq_test_record(struct stream *s)
{
	struct gpuprobe_irq_test test = {
		GPUPROBE_IRQ_TEST_RAN, GPUPROBE_RECIPE_PMC_INTR_SW,
		GPUPROBE_IRQ_TYPE_MSI | GPUPROBE_IRQ_TYPE_INTX, GPUPROBE_RESTORED_COMMAND,
	};
	struct gpuprobe_bar0 bar0 = { .outcome = GPUPROBE_BAR0_READ, .architecture = 0x13 };
	struct gpuprobe_irq_trial msi = {
		GPUPROBE_IRQ_TYPE_MSI, GPUPROBE_IRQ_DELIVERED, 0, 40, 1, 1, 0, 1, 5000, 4000,
	};
	struct gpuprobe_irq_trial intx = {
		.type = GPUPROBE_IRQ_TYPE_INTX, .result = GPUPROBE_IRQ_NOT_TESTABLE,
		.error = -ENODEV,
	};
	struct gpuprobe_cost cost = { .time_ns = 9000 };

	stream_snapshot(s, 6, GPUPROBE_TRIGGER_IRQ_TEST);
	stream_head(s)->type = GPUPROBE_RECORD_IRQ_TEST;
	stream_item(s, GPUPROBE_ITEM_IRQ_TEST, 0, &test, sizeof(test));
	stream_item(s, GPUPROBE_ITEM_BAR0, 0, &bar0, sizeof(bar0));
	stream_item(s, GPUPROBE_ITEM_IRQ_TRIAL, 1, &msi, sizeof(msi));
	stream_item(s, GPUPROBE_ITEM_IRQ_TRIAL, 2, &intx, sizeof(intx));
	stream_item(s, GPUPROBE_ITEM_COST, 0, &cost, sizeof(cost));
}

/* It is no snapshot: it says nothing of config space or of a driver. */
START_TEST(irq_test_is_read)
{
	const struct irq_test *test;
	struct gpuprobe_case *c;

	stream.length = 0;
	irq_test_record(&stream);
	irq_test_record(&stream);
	c = read_good(&stream);
	ck_assert_uint_eq(c->functions.count, 1);
	ck_assert_uint_eq(c->functions.at[0].device, 0x1bb3);
	ck_assert_uint_eq(c->functions.at[0].snapshots.count, 0);
	ck_assert_uint_eq(c->functions.at[0].irq_tests.count, 2);
	test = &c->functions.at[0].irq_tests.at[1];
	ck_assert_uint_eq(test->sequence, 7);
	ck_assert_uint_eq(test->boot_ns, 1000);
	ck_assert_uint_eq(test->log_ns, 2000);
	ck_assert_uint_eq(test->test.outcome, GPUPROBE_IRQ_TEST_RAN);
	ck_assert_uint_eq(test->test.restored, GPUPROBE_RESTORED_COMMAND);
	ck_assert(test->bar0_known);
	ck_assert_uint_eq(test->bar0.architecture, 0x13);
	ck_assert_uint_eq(test->trials.count, 2);
	ck_assert_uint_eq(test->trials.at[0].type, GPUPROBE_IRQ_TYPE_MSI);
	ck_assert_uint_eq(test->trials.at[0].first_ns, 5000);
	ck_assert_uint_eq(test->trials.at[0].second_ns, 4000);
	ck_assert_int_eq(test->trials.at[1].error, -ENODEV);
	case_destroy(c);
}
END_TEST

START_TEST(irq_test_shorter_and_longer)
{
	const struct irq_test *test;
	struct gpuprobe_case *c;

	fill_pattern();
	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_IRQ_TEST);
	stream_head(&stream)->type = GPUPROBE_RECORD_IRQ_TEST;
	stream_item(&stream, GPUPROBE_ITEM_IRQ_TEST, 0, pattern, 200);
	stream_item(&stream, GPUPROBE_ITEM_BAR0, 0, pattern, 8);
	stream_item(&stream, GPUPROBE_ITEM_IRQ_TRIAL, 0, pattern, 200);
	stream_item(&stream, GPUPROBE_ITEM_IRQ_TRIAL, 1, pattern, 8);
	c = read_good(&stream);
	test = &c->functions.at[0].irq_tests.at[0];
	ck_assert_mem_eq(&test->test, pattern, sizeof(test->test));
	ck_assert(!test->bar0_known);
	ck_assert_uint_eq(test->trials.count, 1);
	ck_assert_mem_eq(&test->trials.at[0], pattern, sizeof(test->trials.at[0]));
	case_destroy(c);
}
END_TEST

/* Without a whole result there is no test: it would read as one with outcome 0. */
START_TEST(irq_test_without_its_result)
{
	struct gpuprobe_irq_trial trial = { .type = GPUPROBE_IRQ_TYPE_MSI };
	struct gpuprobe_case *c;

	stream.length = 0;
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_IRQ_TEST);
	stream_head(&stream)->type = GPUPROBE_RECORD_IRQ_TEST;
	stream_item(&stream, GPUPROBE_ITEM_IRQ_TRIAL, 0, &trial, sizeof(trial));
	stream_item(&stream, GPUPROBE_ITEM_IRQ_TEST, 0, "12345678", 8);
	stream_snapshot(&stream, 6, GPUPROBE_TRIGGER_LOAD);
	c = read_good(&stream);
	ck_assert_uint_eq(c->functions.at[0].irq_tests.count, 0);
	ck_assert_uint_eq(c->functions.at[0].snapshots.count, 1);
	case_destroy(c);
}
END_TEST

START_TEST(irq_test_without_its_head)
{
	struct gpuprobe_irq_test test = { .outcome = GPUPROBE_IRQ_TEST_RAN };

	stream.length = 0;
	stream_record(&stream, GPUPROBE_RECORD_IRQ_TEST);
	stream_item(&stream, GPUPROBE_ITEM_IRQ_TEST, 0, &test, sizeof(test));
	assert_refused(&stream, stream.length, -EPROTO, "an item inside a record", 0);
}
END_TEST

/* One of each, at the end of the last record. */
static void add_deep_items(struct stream *s)
{
	fill_pattern();
	for (int i = 0; i < COUNT(structures); i++)
		stream_item(s, structures[i].type, structures[i].index, pattern,
			    structures[i].size);
	for (int i = 0; i < COUNT(texts); i++)
		stream_text(s, texts[i].type, 0, "text");
	stream_item(s, GPUPROBE_ITEM_MIRROR, 0, pattern, 64);
	stream_item(s, GPUPROBE_ITEM_PROM, 0, pattern, 40);
	stream_item(s, GPUPROBE_ITEM_REGISTER, 0, pattern, 16);
	stream_item(s, GPUPROBE_ITEM_CONFIG, 0x140 / 4, pattern, 24);
}

/* With sanitizers this is where a wild read would end the test. */
START_TEST(mutations_never_crash)
{
	uint64_t state = 0x9e3779b97f4a7c15 + _i;

	for (int round = 0; round < 1000; round++) {
		struct gpuprobe_case *c = case_create();
		char *problem;
		int error;

		good_stream(&stream);
		add_deep_items(&stream);
		irq_test_record(&stream);
		for (uint64_t n = unit_random(&state) % 8 + 1; n; n--)
			stream.bytes[unit_random(&state) % stream.length] = unit_random(&state);
		error = take(c, stream.bytes, stream.length - unit_random(&state) % 16, &problem);
		ck_assert(!error || error == -EPROTO || error == -EPROTONOSUPPORT);
		free(problem);
		case_destroy(c);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("records");
	TCase *tcase = unit_case(suite, "records");

	tcase_add_test(tcase, whole_stream_is_read);
	tcase_add_test(tcase, empty_stream_is_good);
	tcase_add_test(tcase, cut_at_every_byte);
	tcase_add_loop_test(tcase, record_length_that_lies, 0, COUNT(lying_records));
	tcase_add_test(tcase, record_length_past_the_end);
	tcase_add_loop_test(tcase, item_length_that_lies, 0, COUNT(lying_items));
	tcase_add_test(tcase, snapshot_without_its_head);
	tcase_add_test(tcase, unknown_types_are_skipped);
	tcase_add_test(tcase, longer_payload_is_from_a_newer_module);
	tcase_add_test(tcase, shorter_payload_is_not_known);
	tcase_add_test(tcase, indices_out_of_range);
	tcase_add_test(tcase, newer_version_is_refused);
	tcase_add_test(tcase, other_byte_order_is_named);
	tcase_add_loop_test(tcase, structure_is_taken_to_its_place, 0, COUNT(structures));
	tcase_add_loop_test(tcase, short_structure_is_not_known, 0, COUNT(structures));
	tcase_add_test(tcase, short_elements_are_left_out);
	tcase_add_loop_test(tcase, structure_of_another_index_is_skipped, 0, COUNT(structures));
	tcase_add_loop_test(tcase, text_is_taken_to_its_place, 0, COUNT(texts));
	tcase_add_test(tcase, lists_keep_their_order);
	tcase_add_loop_test(tcase, prom_piece_of_any_length, 0, COUNT(proms));
	tcase_add_loop_test(tcase, mirror_piece_in_and_out_of_range, 0, COUNT(mirrors));
	tcase_add_test(tcase, extended_config_in_pieces);
	tcase_add_test(tcase, irq_test_is_read);
	tcase_add_test(tcase, irq_test_shorter_and_longer);
	tcase_add_test(tcase, irq_test_without_its_result);
	tcase_add_test(tcase, irq_test_without_its_head);
	tcase_add_loop_test(tcase, mutations_never_crash, 0, 5);
	return unit_run(suite);
}
