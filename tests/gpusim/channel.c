// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "channel.h"

int channel_message_create(struct channel_message *message)
{
	memset(message, 0, sizeof(*message));
	message->payload = malloc(PROTO_MAX_PAYLOAD);
	return message->payload ? 0 : -ENOMEM;
}

void channel_message_destroy(struct channel_message *message)
{
	channel_message_close_fds(message);
	free(message->payload);
	message->payload = NULL;
}

void channel_message_close_fds(struct channel_message *message)
{
	for (size_t i = 0; i < message->nfds; i++) {
		if (message->fds[i] >= 0)
			close(message->fds[i]);
	}
	message->nfds = 0;
}

/* -ECANCELED if it is time to stop. */
static int wait_for(struct channel *channel, short events)
{
	struct pollfd fds[] = {
		{ .fd = channel->fd, .events = events },
		{ .fd = channel->stop_fd, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return fds[1].revents ? -ECANCELED : 0;
}

/* Takes the descriptors of one control message. -EPROTO if there are more than fit. */
static int take_fds(struct channel_message *message, const struct cmsghdr *cmsg)
{
	size_t count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	const uint8_t *data = CMSG_DATA(cmsg);
	int err = 0;

	for (size_t i = 0; i < count; i++) {
		int fd;

		memcpy(&fd, data + i * sizeof(fd), sizeof(fd));
		if (message->nfds < PROTO_MAX_FDS) {
			message->fds[message->nfds++] = fd;
		} else {
			close(fd);
			err = -EPROTO;
		}
	}
	return err;
}

static int take_control(struct channel_message *message, struct msghdr *msg)
{
	struct cmsghdr *cmsg;
	int err = msg->msg_flags & MSG_CTRUNC ? -EPROTO : 0;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		if (take_fds(message, cmsg))
			err = -EPROTO;
	}
	return err;
}

/* Some of @len bytes, and the descriptors that came with them. 0: the client has gone. */
static ssize_t receive_some(struct channel *channel, struct channel_message *message, void *data,
			    size_t len)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * PROTO_MAX_FDS)];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = data, .iov_len = len };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t got = recvmsg(channel->fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	int err;

	if (got < 0)
		return -errno;
	err = take_control(message, &msg);
	return err ? err : got;
}

/* 1 with all of it, 0 if the client went first, -errno. */
static int receive_all(struct channel *channel, struct channel_message *message, void *data,
		       size_t len)
{
	uint8_t *at = data;
	ssize_t got;
	int err;

	while (len) {
		err = wait_for(channel, POLLIN);
		if (err)
			return err;
		got = receive_some(channel, message, at, len);
		if (got == -EAGAIN || got == -EINTR)
			continue;
		if (got <= 0)
			return got;
		at += got;
		len -= got;
	}
	return 1;
}

static int receive_message(struct channel *channel, struct channel_message *message)
{
	struct proto_header *header = &message->header;
	int ret = receive_all(channel, message, header, sizeof(*header));

	if (ret <= 0)
		return ret;
	if (header->size < sizeof(*header) || header->size - sizeof(*header) > PROTO_MAX_PAYLOAD)
		return -EPROTO;
	message->len = header->size - sizeof(*header);
	return receive_all(channel, message, message->payload, message->len);
}

int channel_receive(struct channel *channel, struct channel_message *message)
{
	int ret = receive_message(channel, message);

	if (ret > 0)
		return ret;
	channel_message_close_fds(message);
	return ret == -ECANCELED || ret == -ECONNRESET ? 0 : ret;
}

int channel_send(struct channel *channel, const struct proto_header *header, const void *payload,
		 size_t len)
{
	struct iovec iov[] = {
		{ .iov_base = (void *)header, .iov_len = sizeof(*header) },
		{ .iov_base = (void *)payload, .iov_len = len },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	while (iov[0].iov_len + iov[1].iov_len) {
		int err = wait_for(channel, POLLOUT);
		ssize_t sent;

		if (err)
			return err;
		sent = sendmsg(channel->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		for (int i = 0; i < 2 && sent > 0; i++) {
			size_t now = (size_t)sent < iov[i].iov_len ? (size_t)sent : iov[i].iov_len;

			iov[i].iov_base = (uint8_t *)iov[i].iov_base + now;
			iov[i].iov_len -= now;
			sent -= now;
		}
	}
	return 0;
}
