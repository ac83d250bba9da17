/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a redacted text has in the place of something that tells who or which
 * machine: "host-1", "uuid-3". One value has one pseudonym in all of a case.
 */
#ifndef GPUPROBE_CASE_PSEUDONYM_H
#define GPUPROBE_CASE_PSEUDONYM_H

#include <stdbool.h>
#include <stddef.h>

enum pseudonym_kind {
	PSEUDONYM_HOST, PSEUDONYM_USER, PSEUDONYM_IP, PSEUDONYM_MAC, PSEUDONYM_SERIAL,
	PSEUDONYM_UUID, PSEUDONYM_DISK, PSEUDONYM_ID, PSEUDONYM_SECRET, PSEUDONYM_EMAIL,
	PSEUDONYM_SSID, PSEUDONYM_KINDS,
};

#define PSEUDONYM_NUMBER_MAX 999999u

/* "host" and the like, by kind. */
extern const char *const pseudonym_words[PSEUDONYM_KINDS];

/* False if there is no such word. */
bool pseudonym_kind_find(const char *word, enum pseudonym_kind *kind);

/*
 * A pseudonym at the start of @text, as a word of its own: how many characters
 * it has, with kind and number; else 0.
 */
size_t pseudonym_parse(const char *text, enum pseudonym_kind *kind, unsigned int *number);

#endif
