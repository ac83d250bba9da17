// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/i18n.h"

#include <locale.h>
#include <stdlib.h>

#define DOMAIN "gpuprobe"

void i18n_start(void)
{
	const char *folder = secure_getenv("GPUPROBE_LOCALEDIR");

	/* No other category: numbers and times are written in one way everywhere. */
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	bindtextdomain(DOMAIN, folder ? folder : LOCALEDIR);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
}

void i18n_english(void)
{
	setlocale(LC_MESSAGES, "C");
}

const char *translated(const char *text)
{
	/* gettext("") is the catalogue's header. */
	return text && *text ? gettext(text) : text;
}
