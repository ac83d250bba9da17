// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record builder: nothing else writes the byte stream that
 * uapi/gpuprobe.h specifies, and nothing here knows what the items mean.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "record.h"

/* A snapshot of a function with a driver fits without growing. */
#define FIRST_CAPACITY	1280u

static_assert(sizeof(struct gpuprobe_record) % GPUPROBE_ALIGN == 0);
static_assert(sizeof(struct gpuprobe_item) % GPUPROBE_ALIGN == 0);
static_assert(offsetof(struct gp_record, head) % GPUPROBE_ALIGN == 0);
static_assert(offsetof(struct gp_record, items) ==
	      offsetof(struct gp_record, head) + sizeof(struct gpuprobe_record));
static_assert(FIRST_CAPACITY <= GPUPROBE_RECORD_MAX);
static_assert(GPUPROBE_RECORD_MAX % GPUPROBE_ALIGN == 0);

static size_t memory_for(u32 capacity)
{
	return offsetof(struct gp_record, head) + capacity;
}

static u8 *end_of(struct gp_record *record)
{
	return record->items + (record->head.size - sizeof(record->head));
}

static bool grow(struct gp_builder *builder, u32 needed)
{
	u32 capacity = min_t(u32, roundup_pow_of_two(needed),
			     GPUPROBE_RECORD_MAX);
	struct gp_record *record;

	record = krealloc(builder->record, memory_for(capacity),
			  GFP_KERNEL | __GFP_NOWARN);
	if (!record)
		return false;
	record->memory = memory_for(capacity);
	builder->record = record;
	builder->capacity = capacity;
	return true;
}

static bool make_room(struct gp_builder *builder, size_t size)
{
	u32 used = builder->record->head.size;

	if (size > GPUPROBE_RECORD_MAX - used)
		return false;
	return used + size <= builder->capacity || grow(builder, used + size);
}

/**
 * gp_builder_init() - begin a record, stamped with the time of now
 * @builder:	anything; overwritten
 * @type:	enum gpuprobe_record_type
 *
 * May sleep for memory. The record must be taken with gp_builder_finish().
 *
 * Return: 0, or -ENOMEM, after which @builder must not be used.
 */
int gp_builder_init(struct gp_builder *builder, u16 type)
{
	struct gp_record *record;

	record = kzalloc(memory_for(FIRST_CAPACITY), GFP_KERNEL);
	if (!record)
		return -ENOMEM;
	record->memory = memory_for(FIRST_CAPACITY);
	record->head.magic = GPUPROBE_MAGIC;
	record->head.size = sizeof(record->head);
	record->head.type = type;
	record->head.version = GPUPROBE_ABI_VERSION;
	record->head.boot_ns = ktime_get_boottime_ns();
	/* printk() takes the time of a line from the same clock. */
	record->head.log_ns = local_clock();

	builder->record = record;
	builder->capacity = FIRST_CAPACITY;
	return 0;
}

/**
 * gp_builder_flag() - set a flag of the record
 * @builder:	a builder that gp_builder_init() prepared
 * @flag:	GPUPROBE_RECORD_*
 */
void gp_builder_flag(struct gp_builder *builder, u32 flag)
{
	builder->record->head.flags |= flag;
}

/**
 * gp_builder_add() - add an item
 * @builder:	a builder that gp_builder_init() prepared
 * @type:	enum gpuprobe_item_type
 * @index:	which one, where there can be several
 * @payload:	@size bytes, copied
 * @size:	bytes; any number
 *
 * May sleep for memory. An item that does not fit is left out whole, and the
 * record says so in GPUPROBE_RECORD_TRUNCATED.
 */
void gp_builder_add(struct gp_builder *builder, u16 type, u16 index,
		    const void *payload, size_t size)
{
	struct gpuprobe_item item = { .type = type, .index = index };
	size_t padded;
	u8 *to;

	if (size > GPUPROBE_RECORD_MAX - sizeof(item))
		goto no_room;
	item.size = sizeof(item) + size;
	padded = ALIGN(item.size, GPUPROBE_ALIGN);
	if (!make_room(builder, padded))
		goto no_room;

	to = end_of(builder->record);
	memcpy(to, &item, sizeof(item));
	memcpy(to + sizeof(item), payload, size);
	memset(to + item.size, 0, padded - item.size);
	builder->record->head.size += padded;
	return;

no_room:
	gp_builder_flag(builder, GPUPROBE_RECORD_TRUNCATED);
}

/**
 * gp_builder_add_string() - add an item whose payload is a string
 * @builder:	a builder that gp_builder_init() prepared
 * @type:	enum gpuprobe_item_type
 * @index:	which one, where there can be several
 * @text:	the string, or NULL, which gives an empty one
 *
 * May sleep for memory.
 */
void gp_builder_add_string(struct gp_builder *builder, u16 type, u16 index,
			   const char *text)
{
	if (!text)
		text = "";
	gp_builder_add(builder, type, index, text, strlen(text));
}

/**
 * gp_builder_add_error() - say that an item is missing, and why
 * @builder:	a builder that gp_builder_init() prepared
 * @item:	enum gpuprobe_item_type of what is missing
 * @index:	the index that it would have
 * @error:	negative errno
 *
 * May sleep for memory.
 */
void gp_builder_add_error(struct gp_builder *builder, u16 item, u16 index,
			  int error)
{
	const struct gpuprobe_error payload = { .item = item, .error = error };

	gp_builder_add(builder, GPUPROBE_ITEM_ERROR, index, &payload,
		       sizeof(payload));
}

/**
 * gp_builder_finish() - take the finished record
 * @builder:	a builder that gp_builder_init() prepared; no longer usable
 *
 * Return: the record, with one reference that the caller holds.
 */
struct gp_record *gp_builder_finish(struct gp_builder *builder)
{
	struct gp_record *record = builder->record;

	builder->record = NULL;
	/* Only now: the record has found its place in memory. */
	kref_init(&record->refs);
	INIT_LIST_HEAD(&record->in_store);
	INIT_LIST_HEAD(&record->in_function);
	return record;
}

static void free_record(struct kref *refs)
{
	kfree(container_of(refs, struct gp_record, refs));
}

/**
 * gp_record_get() - hold a record
 * @record:	a record that somebody holds
 */
void gp_record_get(struct gp_record *record)
{
	kref_get(&record->refs);
}

/**
 * gp_record_put() - let go of a record
 * @record:	a record that the caller holds, or NULL
 */
void gp_record_put(struct gp_record *record)
{
	if (record)
		kref_put(&record->refs, free_record);
}
