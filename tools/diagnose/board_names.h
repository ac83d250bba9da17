/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boards by what people call them: "p10", "Tesla P10", "rtx3090", "10de:1b39", "1b39". */
#ifndef GPUPROBE_DIAGNOSE_BOARD_NAMES_H
#define GPUPROBE_DIAGNOSE_BOARD_NAMES_H

#include "knowledge/knowledge.h"

typedef ARRAY(const struct board *) board_list;

/* Every board that fits @text, in the order of the knowledge. */
void boards_named(const struct knowledge *knowledge, const char *text, board_list *found);

/* What may have been meant, the likeliest first; at most @most. */
void boards_like(const struct knowledge *knowledge, const char *text, size_t most,
		 board_list *found);

#endif
