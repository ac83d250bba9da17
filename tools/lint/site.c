// SPDX-License-Identifier: GPL-2.0-or-later
#include "lint/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lint/lint.h"

#define SITE_FILE_MAX	(1 << 20)	/* bytes of a file */
#define SITE_FILES_MAX	1000

/* Root acts on what it reads here, so nobody else may have written it. */
static const char *why_not_trusted(const struct stat *st)
{
	if (geteuid())
		return NULL;
	if (st->st_uid)
		return "not used: it does not belong to root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "not used: others than root can write to it";
	return NULL;
}

static char *read_whole(int fd, size_t *length)
{
	char *text = xcalloc(SITE_FILE_MAX + 1, 1);
	ssize_t n;

	*length = 0;
	do {
		n = read(fd, text + *length, SITE_FILE_MAX + 1 - *length);
		if (n > 0)
			*length += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (!n && *length <= SITE_FILE_MAX)
		return text;
	if (!n)
		errno = EFBIG;
	free(text);
	return NULL;
}

static bool add_file(struct knowledge *knowledge, const char *name, const char *path,
		     bool trusted, yamldoc_complain_fn complain, void *ctx)
{
	struct knowledge_mark mark = knowledge_mark(knowledge);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *why = NULL;
	struct stat st;
	char *text = NULL;
	size_t length;
	bool good;

	if (fd < 0 || fstat(fd, &st))
		why = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		why = "not a file";
	else if (!trusted)
		why = why_not_trusted(&st);
	if (!why && !(text = read_whole(fd, &length)))
		why = strerror(errno);
	if (fd >= 0)
		close(fd);
	if (why) {
		complain(ctx, name, 0, why);
		return false;
	}
	good = lint_add_site(knowledge, name, text, length, complain, ctx);
	free(text);
	if (good)
		*array_add(&knowledge->site_files) = (struct site_file){
			xstrdup(name), knowledge->messages.count - mark.messages,
			knowledge->rules.count - mark.rules,
			knowledge->site_fixes.count - mark.site_fixes,
		};
	return good;
}

bool site_rules_add(struct knowledge *knowledge, const char *path,
		    yamldoc_complain_fn complain, void *ctx)
{
	return add_file(knowledge, path, path, true, complain, ctx);
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot && !strcmp(dot, ".yaml");
}

/* In the "C" order of names, whatever the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

void site_rules_load(struct knowledge *knowledge, const struct root *root,
		     yamldoc_complain_fn complain, void *ctx)
{
	char *folder = root_path(root, SITE_RULES_FOLDER);
	struct dirent **entries;
	const char *why = NULL;
	struct stat st;
	int count;

	count = stat(folder, &st) ? -1 : scandir(folder, &entries, is_yaml, compare_names);
	if (count > 0)
		why = count > SITE_FILES_MAX ? "not used: too many files" : why_not_trusted(&st);
	else if (count < 0 && errno != ENOENT && errno != ENOTDIR)
		why = strerror(errno);
	if (why)
		complain(ctx, SITE_RULES_FOLDER, 0, why);
	for (int i = 0; i < count; i++) {
		char *name = xasprintf("%s/%s", SITE_RULES_FOLDER, entries[i]->d_name);
		char *path = root_path(root, name);

		if (!why)
			add_file(knowledge, name, path, false, complain, ctx);
		free(path);
		free(name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(folder);
}
