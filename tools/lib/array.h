/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing array of one type:
 *
 *	ARRAY(struct event) events = { 0 };
 *
 *	struct event *event = array_add(&events);	zeroed, at the end
 *	for (size_t i = 0; i < events.count; i++)
 *		use(&events.at[i]);
 *	array_free(&events);				the elements' own memory stays
 *
 * array_add() may move the elements: keep indices, not pointers.
 */
#ifndef GPUPROBE_LIB_ARRAY_H
#define GPUPROBE_LIB_ARRAY_H

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

#define ARRAY(type) struct { type *at; size_t count, room; }

static inline void *array_grow_(void *at, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		*room = *room ? *room * 2 : 8;
		at = xreallocarray(at, *room, size);
	}
	memset((char *)at + *count * size, 0, size);
	(*count)++;
	return at;
}

#define array_add(array)							\
	((array)->at = array_grow_((array)->at, &(array)->count, &(array)->room,	\
				   sizeof(*(array)->at)),			\
	 &(array)->at[(array)->count - 1])

#define array_free(array)							\
	do {									\
		free((array)->at);						\
		(array)->at = NULL;						\
		(array)->count = (array)->room = 0;				\
	} while (0)

#endif
