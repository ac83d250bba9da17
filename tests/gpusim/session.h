/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One client: its requests, answered by the device. */
#ifndef GPUSIM_SESSION_H
#define GPUSIM_SESSION_H

#include <stdbool.h>

#include "channel.h"
#include "device.h"

struct session {
	struct channel channel;
	struct device *device;
	struct channel_message in;
	struct channel_message out;
	bool greeted;		/* a version was agreed on */
};

/* Takes @fd. @stop_fd (or -1) stays the caller's. -ENOMEM, or 0; then @fd is closed. */
int session_create(struct session *session, int fd, int stop_fd, struct device *device);
void session_destroy(struct session *session);

/* Answers one message. 1; 0 at the end; -errno if the connection is of no more use. */
int session_step(struct session *session);

#endif
