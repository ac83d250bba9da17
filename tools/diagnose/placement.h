/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where memory windows (BARs) find addresses: arithmetic alone, which knows
 * nothing of machines. A BAR lies at a multiple of its size, which is a power
 * of two, so placing the largest first finds a place for all where there is one.
 */
#ifndef GPUPROBE_DIAGNOSE_PLACEMENT_H
#define GPUPROBE_DIAGNOSE_PLACEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/array.h"

#define FOUR_GIB	(UINT64_C(1) << 32)

/* Addresses from @start up to, not including, @end. */
struct span {
	uint64_t start, end;
};

typedef ARRAY(struct span) span_list;

/* Free addresses: any BAR may lie in @low, only a wide one in @high. */
struct room {
	span_list low, high;
	bool wide_stays_high;	/* no wide one in @low */
};

struct claim {
	uint64_t size;		/* a power of two */
	bool wide;		/* 64-bit: goes to @high first */
	bool placed;
	uint64_t start;		/* once placed */
};

/* Add a span, and join those that it touches; an empty one is passed over. */
void span_add(span_list *spans, uint64_t start, uint64_t end);
/* Take addresses out of all spans. */
void span_remove(span_list *spans, uint64_t start, uint64_t end);
/* The end of the last one in order of addresses; 0: there is none. */
uint64_t span_end(const span_list *spans);

/* Spans of windows, cut at 4 GiB into low and high. */
void room_add(struct room *room, uint64_t start, uint64_t end);
void room_remove(struct room *room, uint64_t start, uint64_t end);
void room_copy(struct room *to, const struct room *from);
void room_clear(struct room *room);

/*
 * Place the claims, largest first and each as low as it can, and take them out
 * of @room. Returns how many found no place.
 */
size_t room_place(struct room *room, struct claim *claims, size_t count);

/*
 * By how many bytes @high would have to be longer at its end, so that all of
 * @claims fit; 0 if they do. UINT64_MAX: no length helps, as @low is too small.
 */
uint64_t room_shortfall(const struct room *room, const struct claim *claims, size_t count);

#endif
