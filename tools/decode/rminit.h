/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_DECODE_RMINIT_H
#define GPUPROBE_DECODE_RMINIT_H

#include "case/case.h"
#include "knowledge/knowledge.h"

/*
 * What the third number of RmInitAdapter tells, as a sentence; the caller frees
 * it. @branch: of the driver, or 0; @open: its flavour.
 */
char *rminit_line_text(const struct knowledge *knowledge, uint32_t stage, uint32_t line,
		       unsigned int branch, enum answer open);

#endif
