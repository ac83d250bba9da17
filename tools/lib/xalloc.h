/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is there or the program ends: every function returns a valid
 * pointer, or prints one line and exits with EX_OSERR. All inputs are bounded
 * before they reach an allocation, so this is the machine's fault only.
 */
#ifndef GPUPROBE_LIB_XALLOC_H
#define GPUPROBE_LIB_XALLOC_H

#include <stdarg.h>
#include <stddef.h>

void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);			/* NULL gives NULL */
char *xstrndup(const char *text, size_t length);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif
