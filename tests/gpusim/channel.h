/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole messages, with the descriptors that came along, over a UNIX stream socket. */
#ifndef GPUSIM_CHANNEL_H
#define GPUSIM_CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#include "proto.h"

struct channel {
	int fd;
	int stop_fd;		/* readable: give up waiting; -1: there is none */
};

struct channel_message {
	struct proto_header header;
	uint8_t *payload;	/* PROTO_MAX_PAYLOAD bytes, 8-byte aligned */
	size_t len;		/* of it in use */
	int fds[PROTO_MAX_FDS];	/* -1 where somebody took it */
	size_t nfds;
};

/* -ENOMEM, or 0. */
int channel_message_create(struct channel_message *message);
void channel_message_destroy(struct channel_message *message);
/* Closes the descriptors that nobody took. */
void channel_message_close_fds(struct channel_message *message);

/*
 * Waits for the next message. 1 with one; 0 when the client has gone or
 * stop_fd became readable; -EPROTO if what came has no usable length or
 * too many descriptors, after which the stream is lost; another -errno.
 */
int channel_receive(struct channel *channel, struct channel_message *message);

/* Sends a header and @len bytes. 0, or -errno; -ECANCELED if stop_fd became readable. */
int channel_send(struct channel *channel, const struct proto_header *header, const void *payload,
		 size_t len);

#endif
