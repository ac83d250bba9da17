/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module's plain items: one table tells where each is in a case, how it is
 * read from a record, and what its members are called in JSON.
 */
#ifndef GPUPROBE_CASE_ITEMS_H
#define GPUPROBE_CASE_ITEMS_H

#include "case/case.h"
#include "case/codec.h"

/* Take an item's payload into @deep. False if the table does not have the type. */
bool items_take(struct deep_view *deep, uint16_t type, uint16_t index, const uint8_t *payload,
		size_t length);

/* Write or read all that @deep has; see codec.h. */
void deep_codec(struct codec *codec, struct snapshot *snapshot);
void irq_test_codec(struct codec *codec, struct irq_test *test);

#endif
