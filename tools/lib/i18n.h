/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts for people, in their language. _() translates where a text is used,
 * N_() only marks one for the catalogue, as in a table. JSON, identifiers and
 * quoted log lines are not translated.
 */
#ifndef GPUPROBE_LIB_I18N_H
#define GPUPROBE_LIB_I18N_H

#include <libintl.h>

#define _(text)		gettext(text)
#define N_(text)	(text)

#endif
