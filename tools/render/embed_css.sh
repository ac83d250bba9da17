#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Write a C file that holds a style sheet, and its hash as a Content-Security-Policy
# names it: a page can then say that it has this style and nothing else.
set -eu

printf '/* Made by embed_css.sh; do not edit. */\n#include "render/html.h"\n\n'
printf 'const char report_css[] =\n'
sed -e 's/\\/\\\\/g; s/"/\\"/g; s/.*/\t"&\\n"/' "$1"
printf ';\n\nconst char report_css_hash[] = "sha256-%s";\n' \
	"$(sha256sum <"$1" | cut -d ' ' -f 1 | tr a-f A-F | basenc --base16 -d | base64)"
