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
	stream_text(s, GPUPROBE_ITEM_HOLDER, 0, "nvidia");
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
	ck_assert_str_eq(first->bars[0].holder, "nvidia");
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
	stream_text(&stream, GPUPROBE_ITEM_HOLDER, 0xffff, "x");
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

/* With sanitizers this is where a wild read would end the test. */
START_TEST(mutations_never_crash)
{
	uint64_t state = 0x9e3779b97f4a7c15 + _i;

	for (int round = 0; round < 1000; round++) {
		struct gpuprobe_case *c = case_create();
		char *problem;
		int error;

		good_stream(&stream);
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
	tcase_add_loop_test(tcase, mutations_never_crash, 0, 5);
	return unit_run(suite);
}
