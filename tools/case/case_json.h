/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case as JSON: the "case" of a report. */
#ifndef GPUPROBE_CASE_JSON_H
#define GPUPROBE_CASE_JSON_H

#include <json-c/json.h>

#include "case/case.h"
#include "case/codec.h"

/* Major version of the report's JSON; it grows only when old readers would misread it. */
#define REPORT_SCHEMA_NAME	"gpuprobe-report"
#define REPORT_SCHEMA_VERSION	1

/* The caller puts (json_object_put) the result. */
struct json_object *case_to_json(const struct gpuprobe_case *c);

/*
 * Call @each for every text that case_to_json() writes, with its key. What @each
 * puts in the place of a text, and frees, is then the case's.
 */
void case_each_text(struct gpuprobe_case *c, codec_text_fn each, void *ctx);

/*
 * Fill a case from a report. -EPROTO: not a report, or a member of a wrong
 * form; -EPROTONOSUPPORT: of a newer schema. *problem (to be freed) says which.
 */
int case_from_json(struct gpuprobe_case *c, const char *text, size_t length, char **problem);

#endif
