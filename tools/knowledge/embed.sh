#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Write a C file that holds the files named, for knowledge.h's embedded_files.
set -eu

printf '/* Made by embed.sh; do not edit. */\n'
printf '#include <stddef.h>\n#include "knowledge/knowledge.h"\n\n'
n=0
for file; do
	printf '__asm__(".section .rodata\\n"\n'
	printf '\t"embedded_%d: .incbin \\"%s\\"\\n"\n' "$n" "$file"
	# The text ends in a NUL that does not count.
	printf '\t"embedded_%d_end: .byte 0\\n"\n\t".previous\\n");\n' "$n"
	printf 'extern const char embedded_%d[], embedded_%d_end[];\n\n' "$n" "$n"
	n=$((n + 1))
done
printf 'const struct embedded_file embedded_files[] = {\n'
n=0
for file; do
	printf '\t{ "%s", embedded_%d, embedded_%d_end },\n' "$(basename "$file")" "$n" "$n"
	n=$((n + 1))
done
printf '};\n\nconst size_t embedded_file_count = %d;\n' "$n"
