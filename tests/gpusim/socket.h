/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The socket on which the one client comes. */
#ifndef GPUSIM_SOCKET_H
#define GPUSIM_SOCKET_H

/*
 * A listening socket at @path, which appears there only when it can be
 * connected to. A socket file that nobody listens on is replaced. Returns the
 * descriptor, -EADDRINUSE if somebody does listen, -EEXIST if @path is no
 * socket, -ENAMETOOLONG, or another -errno.
 */
int socket_listen(const char *path);

/* Waits for the client. Its descriptor, -ECANCELED if @stop_fd became readable, or -errno. */
int socket_accept(int listener, int stop_fd);

#endif
