// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"

bool root_is_live(const struct root *root)
{
	return !*root->path;
}

char *root_path(const struct root *root, const char *file)
{
	return xasprintf("%s%s", root->path, file);
}

static ssize_t read_all(int fd, char *bytes, size_t room)
{
	size_t used = 0;

	while (used < room) {
		ssize_t n = read(fd, bytes + used, room - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return used ? (ssize_t)used : -errno;
		if (!n)
			break;
		used += n;
	}
	return used;
}

ssize_t root_read(const struct root *root, const char *file, void *bytes, size_t room)
{
	char *path = root_path(root, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n;

	free(path);
	if (fd < 0)
		return -errno;
	n = read_all(fd, bytes, room);
	close(fd);
	return n;
}

char *root_line(const struct root *root, const char *file)
{
	char line[4096];
	ssize_t n = root_read(root, file, line, sizeof(line) - 1);
	size_t length;

	if (n <= 0)
		return NULL;
	line[n] = '\0';
	length = strcspn(line, "\n");
	while (length && line[length - 1] == ' ')
		length--;
	return length ? xstrndup(line, length) : NULL;
}

char *root_link_name(const struct root *root, const char *file)
{
	char target[4096], *path = root_path(root, file), *slash;
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	free(path);
	if (n <= 0)
		return NULL;
	target[n] = '\0';
	slash = strrchr(target, '/');
	return xstrdup(slash ? slash + 1 : target);
}
