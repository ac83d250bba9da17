/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the files that make the HTML report. */
#ifndef GPUPROBE_RENDER_HTML_H
#define GPUPROBE_RENDER_HTML_H

#include "render/renderer.h"

/* Foreign text as the content of an element or of a quoted attribute. */
void html_text(FILE *out, const char *foreign);

/* The same between two texts of our own. */
void html_put(FILE *out, const char *before, const char *foreign, const char *after);

/* The picture of an address map: an <svg> element. @id makes its ids unique. */
void html_draw_map(FILE *out, const struct address_map *map, unsigned int id);

/* The boot as a list with a mark for each moment. */
void html_list_moments(FILE *out, const struct timeline *timeline);

/* Made by embed_css.sh from report.css. */
extern const char report_css[], report_css_hash[];

#endif
