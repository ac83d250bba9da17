/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reports that gpuprobe.service keeps, one a boot: KEPT_FOLDER/BOOT-ID.json,
 * for root alone. They are whole, not redacted, as nothing leaves the machine.
 */
#ifndef GPUPROBE_LIB_KEPT_H
#define GPUPROBE_LIB_KEPT_H

#include <stdint.h>

#include "lib/array.h"
#include "lib/root.h"

#define KEPT_FOLDER	"/var/lib/gpuprobe"
#define KEPT_BOOTS	10
#define KEPT_BYTES	(16 << 20)

struct kept {
	char *boot;		/* the boot's id */
	char *path;
	int64_t when_ns;	/* of the file: later than that of the boot before */
	int64_t bytes;
};

typedef ARRAY(struct kept) kept_list;

/* Id of the boot that runs; NULL if the kernel does not say one. The caller frees it. */
char *kept_this_boot(const struct root *root);

/* Where the report of @boot belongs; the caller frees it. */
char *kept_path(const struct root *root, const char *boot);

/* What there is, the newest first. 0, or the negative errno of reading the folder. */
int kept_find(kept_list *list, const struct root *root);

/*
 * After the report of @boot was written: makes it the newest, whatever the clock
 * says, and removes the oldest beyond KEPT_BOOTS and KEPT_BYTES in all, which
 * the newest never is, and what another boot left unfinished.
 */
void kept_tidy(const struct root *root, const char *boot);

void kept_free(kept_list *list);

#endif
