/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For libFuzzer's targets. Each reads one kind of input as the tool does, and for
 * some asks for a diagnosis and a report as well, so that what a reader lets through and
 * a judge or a renderer trips over is found too.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/case.h"
#include "knowledge/knowledge.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Loaded once. */
const struct knowledge *fuzz_knowledge(void);

/* @bytes as a file. */
FILE *fuzz_file(const uint8_t *bytes, size_t length);

/*
 * Judge @c and write the report in every format; @c is destroyed. That costs far more
 * than reading, so it is done for one @length of the input in eight.
 */
void fuzz_report(struct gpuprobe_case *c, size_t length);

#endif
