// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "socket.h"

static int make_address(struct sockaddr_un *address, const char *path, const char *suffix)
{
	int len;

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	len = snprintf(address->sun_path, sizeof(address->sun_path), "%s%s", path, suffix);
	return (size_t)len < sizeof(address->sun_path) ? 0 : -ENAMETOOLONG;
}

/*
 * Connecting for real would use up the one client of a server that is waiting
 * there. A datagram socket is refused by kind (EPROTOTYPE) where a stream
 * socket listens, and as everywhere where none does.
 */
static int is_in_use(const char *path)
{
	struct sockaddr_un address;
	int err = make_address(&address, path, "");
	int fd;

	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	err = connect(fd, (struct sockaddr *)&address, sizeof(address)) ? errno : EPROTOTYPE;
	close(fd);
	return err == EPROTOTYPE;
}

static int check_path(const char *path)
{
	struct stat st;
	int ret;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	ret = is_in_use(path);
	return ret > 0 ? -EADDRINUSE : ret;
}

/* Under another name first: a client that sees @path must find it listening. */
static int listen_at(int fd, const char *path)
{
	struct sockaddr_un address;
	int err = make_address(&address, path, ".new");

	if (err)
		return err;
	unlink(address.sun_path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	if (listen(fd, 1) || rename(address.sun_path, path)) {
		err = -errno;
		unlink(address.sun_path);
	}
	return err;
}

int socket_listen(const char *path)
{
	int err = check_path(path);
	int fd;

	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	err = listen_at(fd, path);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int socket_accept(int listener, int stop_fd)
{
	struct pollfd fds[] = {
		{ .fd = listener, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	int fd;

	while (poll(fds, 2, -1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (fds[1].revents)
		return -ECANCELED;
	fd = accept(listener, NULL, NULL);
	return fd < 0 ? -errno : fd;
}
