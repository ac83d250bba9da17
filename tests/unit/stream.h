/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams of records as gpuprobe.ko writes them, and wrong ones. */
#ifndef TESTS_STREAM_H
#define TESTS_STREAM_H

#include <stdint.h>
#include <string.h>

#include "uapi/gpuprobe.h"

struct stream {
	_Alignas(8) uint8_t bytes[32768];
	size_t length;
	size_t record;		/* where the last record begins */
};

/* The head of the last record, to be changed at will. */
static inline struct gpuprobe_record *stream_head(struct stream *s)
{
	return (struct gpuprobe_record *)(s->bytes + s->record);
}

static inline void stream_record(struct stream *s, uint16_t type)
{
	s->record = s->length;
	s->length += sizeof(struct gpuprobe_record);
	*stream_head(s) = (struct gpuprobe_record){
		.magic = GPUPROBE_MAGIC, .size = sizeof(struct gpuprobe_record), .type = type,
		.version = GPUPROBE_ABI_VERSION, .boot_ns = 1000, .log_ns = 2000,
	};
}

/* Add an item to the last record; returns its head. */
static inline struct gpuprobe_item *stream_item(struct stream *s, uint16_t type, uint16_t index,
						const void *payload, size_t length)
{
	struct gpuprobe_item *item = (struct gpuprobe_item *)(s->bytes + s->length);

	*item = (struct gpuprobe_item){ sizeof(*item) + length, type, index };
	if (length)
		memcpy(item + 1, payload, length);
	s->length += (item->size + 7) & ~7u;
	stream_head(s)->size = s->length - s->record;
	return item;
}

static inline void stream_text(struct stream *s, uint16_t type, uint16_t index, const char *text)
{
	stream_item(s, type, index, text, strlen(text));
}

static inline void stream_module(struct stream *s, const char *version)
{
	struct gpuprobe_module module = { .load_boot_ns = 500, .dropped = 3, .kept = 2 };

	stream_record(s, GPUPROBE_RECORD_MODULE);
	stream_text(s, GPUPROBE_ITEM_MODULE_VERSION, 0, version);
	stream_text(s, GPUPROBE_ITEM_KERNEL_RELEASE, 0, "6.8.0-test");
	stream_item(s, GPUPROBE_ITEM_MODULE, 0, &module, sizeof(module));
}

/* A Tesla P4 at 0000:00:@slot.0, without more items. */
static inline void stream_snapshot(struct stream *s, uint8_t slot, uint32_t trigger)
{
	struct gpuprobe_snapshot head = {
		.bus = 0, .devfn = slot << 3, .revision = 0xa1, .vendor = 0x10de,
		.device = 0x1bb3, .subsystem_vendor = 0x10de, .subsystem_device = 0x11d8,
		.class = 0x030200, .trigger = trigger, .config_size = 256,
	};

	stream_record(s, GPUPROBE_RECORD_SNAPSHOT);
	stream_head(s)->sequence = 7;
	stream_item(s, GPUPROBE_ITEM_SNAPSHOT, 0, &head, sizeof(head));
}

#endif
