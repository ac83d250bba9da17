/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory windows of a GPU as one text: "32:16M,64p:32G,64p:32M". */
#ifndef GPUPROBE_DIAGNOSE_LAYOUT_H
#define GPUPROBE_DIAGNOSE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAYOUT_MAX 6

struct layout_bar {
	unsigned int index;	/* a 64-bit one takes two numbers */
	uint64_t size;		/* a power of two */
	bool wide;		/* 64-bit */
	bool prefetch;
};

struct layout {
	size_t count;
	struct layout_bar at[LAYOUT_MAX];
};

/*
 * Parse WIDTH[p]:SIZE[,...]: width 32 or 64, p for prefetchable. False, and in
 * @problem one line to be freed, if the text has another form or no PCI
 * function can have such windows.
 */
bool layout_parse(const char *text, struct layout *layout, char **problem);

#endif
