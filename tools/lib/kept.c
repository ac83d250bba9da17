// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT_ID_LENGTH	36
#define SUFFIX		".json"

static bool is_boot_id(const char *text)
{
	return strspn(text, "0123456789abcdef-") == BOOT_ID_LENGTH;
}

char *kept_this_boot(const struct root *root)
{
	char *boot = root_line(root, "/proc/sys/kernel/random/boot_id");

	if (boot && is_boot_id(boot) && !boot[BOOT_ID_LENGTH])
		return boot;
	free(boot);
	return NULL;
}

char *kept_path(const struct root *root, const char *boot)
{
	return xasprintf("%s" KEPT_FOLDER "/%s" SUFFIX, root->path, boot);
}

/* Anything else in the folder is left alone. */
static void add(kept_list *list, const struct root *root, const char *name)
{
	struct kept *kept;
	struct stat st;
	char *boot, *path;

	if (!is_boot_id(name) || strcmp(name + BOOT_ID_LENGTH, SUFFIX) != 0)
		return;
	boot = xstrndup(name, BOOT_ID_LENGTH);
	path = kept_path(root, boot);
	if (lstat(path, &st) || !S_ISREG(st.st_mode)) {
		free(boot);
		free(path);
		return;
	}
	kept = array_add(list);
	kept->boot = boot;
	kept->path = path;
	kept->when_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	kept->bytes = st.st_size;
}

static int newest_first(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->when_ns != y->when_ns)
		return x->when_ns < y->when_ns ? 1 : -1;
	return strcmp(x->boot, y->boot);
}

int kept_find(kept_list *list, const struct root *root)
{
	char *folder = root_path(root, KEPT_FOLDER);
	DIR *dir = opendir(folder);
	struct dirent *entry;

	free(folder);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir)))
		add(list, root, entry->d_name);
	closedir(dir);
	if (list->count)
		qsort(list->at, list->count, sizeof(*list->at), newest_first);
	return 0;
}

/* A clock that went back would make it the oldest. */
static void put_first(kept_list *list, const char *boot)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	struct kept kept;
	size_t at = 0;

	while (at < list->count && strcmp(list->at[at].boot, boot) != 0)
		at++;
	if (!at || at == list->count)
		return;
	kept = list->at[at];
	memmove(list->at + 1, list->at, at * sizeof(kept));
	list->at[0] = kept;
	times[1].tv_sec = list->at[1].when_ns / 1000000000 + 1;
	utimensat(AT_FDCWD, kept.path, times, 0);
}

static void prune(const kept_list *list)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < list->count; i++) {
		bytes += list->at[i].bytes;
		if (i && (i >= KEPT_BOOTS || bytes > KEPT_BYTES))
			unlink(list->at[i].path);
	}
}

/* Temporary files have six characters more; those of @boot may be somebody's who writes now. */
static bool is_left_over(const char *name, const char *boot)
{
	return is_boot_id(name) && strlen(name) == BOOT_ID_LENGTH + strlen(SUFFIX ".XXXXXX") &&
	       !strncmp(name + BOOT_ID_LENGTH, SUFFIX ".", strlen(SUFFIX ".")) &&
	       strncmp(name, boot, BOOT_ID_LENGTH) != 0;
}

static void remove_left_over(const struct root *root, const char *boot)
{
	char *folder = root_path(root, KEPT_FOLDER);
	DIR *dir = opendir(folder);
	struct dirent *entry;

	free(folder);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (is_left_over(entry->d_name, boot))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

void kept_tidy(const struct root *root, const char *boot)
{
	kept_list list = { 0 };

	if (!kept_find(&list, root)) {
		put_first(&list, boot);
		prune(&list);
	}
	kept_free(&list);
	remove_left_over(root, boot);
}

void kept_free(kept_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->at[i].boot);
		free(list->at[i].path);
	}
	array_free(list);
}
