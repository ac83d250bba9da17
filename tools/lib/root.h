/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the machine under the microscope: of this one, or of a folder that
 * stands for one (--root), with sys/, proc/, dev/ and lib/ inside.
 */
#ifndef GPUPROBE_LIB_ROOT_H
#define GPUPROBE_LIB_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct root {
	const char *path;	/* "" for this machine */
};

bool root_is_live(const struct root *root);

/* Path of @file, which begins with '/', on that machine; the caller frees it. */
char *root_path(const struct root *root, const char *file);

/*
 * Read at most @room bytes of @file. Returns how many, or a negative errno.
 * Meant for sysfs, procfs and small plain files, which do not block.
 */
ssize_t root_read(const struct root *root, const char *file, void *bytes, size_t room);

/* First line of @file without the newline; NULL if it cannot be read or is empty. */
char *root_line(const struct root *root, const char *file);

/* Last component of the symbolic link @file; NULL if there is none. */
char *root_link_name(const struct root *root, const char *file);

#endif
