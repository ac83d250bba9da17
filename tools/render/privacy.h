/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report that is passed on says of its reader's privacy. */
#ifndef GPUPROBE_RENDER_PRIVACY_H
#define GPUPROBE_RENDER_PRIVACY_H

#include <json-c/json.h>

#include "render/renderer.h"

/* The section at the end of a report. */
void privacy_walk(struct renderer *r, const struct gpuprobe_case *c,
		  const struct knowledge *knowledge);
/* The same as data, in English. */
struct json_object *privacy_json(const struct gpuprobe_case *c,
				 const struct knowledge *knowledge);

#endif
