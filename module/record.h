/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_RECORD_H
#define _GPUPROBE_RECORD_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/types.h>

#include "uapi/gpuprobe.h"

struct gp_function;

/**
 * struct gp_record - one record as user space will read it
 * @refs:	gp_record_put() by the last holder frees it
 * @memory:	bytes that were allocated for it
 * @in_store:	the store's, and so are the next three; under its mutex
 * @in_function: likewise
 * @function:	likewise
 * @first:	likewise: one of the first records of its function
 * @head:	start of the record; gpuprobe_record.size bytes. Nobody changes
 *		them once the record is in the store.
 * @items:	the rest of those bytes; an array of its own because the kernel's
 *		memcpy() warns of writes beyond a member
 */
struct gp_record {
	struct kref refs;
	u32 memory;
	struct list_head in_store;
	struct list_head in_function;
	struct gp_function *function;
	bool first;
	struct gpuprobe_record head;
	u8 items[];
};

/**
 * struct gp_builder - a record in the making
 * @record:	what there is of it; moves when it grows
 * @capacity:	bytes from @record->head on that may be written
 */
struct gp_builder {
	struct gp_record *record;
	u32 capacity;
};

int gp_builder_init(struct gp_builder *builder, u16 type);
void gp_builder_flag(struct gp_builder *builder, u32 flag);
void gp_builder_add(struct gp_builder *builder, u16 type, u16 index,
		    const void *payload, size_t size);
void gp_builder_add_string(struct gp_builder *builder, u16 type, u16 index,
			   const char *text);
void gp_builder_add_error(struct gp_builder *builder, u16 item, u16 index,
			  int error);
struct gp_record *gp_builder_finish(struct gp_builder *builder);

void gp_record_get(struct gp_record *record);
void gp_record_put(struct gp_record *record);

#endif /* _GPUPROBE_RECORD_H */
