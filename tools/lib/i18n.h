/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts for people, in their language. _() translates where a text is used,
 * N_() only marks one for the catalogue, as in a table. JSON, identifiers and
 * quoted log lines are not translated.
 *
 * The texts of the YAML knowledge are translated while it is loaded. A case that
 * is saved is JSON, and so is English: what it tells in words is translated again
 * when it is shown.
 */
#ifndef GPUPROBE_LIB_I18N_H
#define GPUPROBE_LIB_I18N_H

#include <libintl.h>

#define _(text)		gettext(text)
#define N_(text)	(text)

/*
 * The language and the character set that the environment asks for. Catalogues
 * are in LOCALEDIR, or in $GPUPROBE_LOCALEDIR.
 */
void i18n_start(void);

/* From here on English, as for JSON. Before the knowledge is loaded. */
void i18n_english(void);

/* A text that is not in the source code; NULL and "" are as they are. */
const char *translated(const char *text);

#endif
