/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Foreign text (log lines, firmware strings, device names) must not act on
 * whatever shows it: no escape sequence, control character, change of writing
 * direction or broken UTF-8 gets through.
 */
#ifndef GPUPROBE_LIB_PRINTABLE_H
#define GPUPROBE_LIB_PRINTABLE_H

#include <stddef.h>

/* A copy in which such bytes stand as "\x1b", such characters as "\u202e". */
char *printable(const char *text);

/* A copy that is valid UTF-8: a wrong byte stands as "\xff". */
char *valid_utf8(const char *text);

/* Columns of a printable text: two for East Asian characters, none for combining ones. */
size_t columns(const char *text);

/* Bytes of its first character, and its columns; @text is not empty. */
size_t character(const char *text, unsigned int *wide);

#endif
