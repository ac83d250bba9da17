// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "session.h"

/*
 * Answers session->in into session->out: the length of the reply's payload,
 * or -errno. The payload of a request has at least min_len bytes.
 */
typedef ssize_t (*command_fn)(struct session *session);

struct command {
	const char *name;
	uint16_t min_len;
	command_fn answer;
};

static ssize_t answer_version(struct session *session)
{
	static const char capabilities[] =
		"{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u}}";
	const struct proto_version *request = (void *)session->in.payload;
	struct proto_version *reply = (void *)session->out.payload;
	size_t text = session->in.len - sizeof(*request);
	int len;

	if (request->major != 0 || session->greeted)
		return -EINVAL;
	if (text && request->data[text - 1] != '\0')
		return -EINVAL;
	session->greeted = true;
	reply->major = 0;
	reply->minor = 0;
	len = sprintf(reply->data, capabilities, PROTO_MAX_FDS, PROTO_MAX_DATA);
	return sizeof(*reply) + len + 1;
}

/* Nothing is read from guest memory yet, so a mapping is only taken note of. */
static ssize_t answer_dma_map(struct session *session)
{
	const struct proto_dma_map *map = (void *)session->in.payload;

	log_event(session->device->log, "dma map 0x%" PRIx64 " 0x%" PRIx64, map->address,
		  map->size);
	return 0;
}

static ssize_t answer_dma_unmap(struct session *session)
{
	const struct proto_dma_unmap *unmap = (void *)session->in.payload;

	log_event(session->device->log, "dma unmap 0x%" PRIx64 " 0x%" PRIx64, unmap->address,
		  unmap->size);
	memcpy(session->out.payload, unmap, sizeof(*unmap));
	return sizeof(*unmap);
}

static ssize_t answer_get_info(struct session *session)
{
	struct proto_device_info *reply = (void *)session->out.payload;

	*reply = (struct proto_device_info){
		.argsz = sizeof(*reply),
		.flags = VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI,
		.num_regions = VFIO_PCI_NUM_REGIONS,
		.num_irqs = VFIO_PCI_NUM_IRQS,
	};
	return sizeof(*reply);
}

/* No region can be mapped: every access is to be seen. */
static ssize_t answer_get_region_info(struct session *session)
{
	const struct proto_region_info *request = (void *)session->in.payload;
	struct proto_region_info *reply = (void *)session->out.payload;
	uint64_t size;

	if (request->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	size = region_size(session->device, request->index);
	*reply = (struct proto_region_info){
		.argsz = sizeof(*reply), .index = request->index, .size = size,
	};
	if (size)
		reply->flags = VFIO_REGION_INFO_FLAG_READ;
	if (size && region_is_writable(request->index))
		reply->flags |= VFIO_REGION_INFO_FLAG_WRITE;
	return sizeof(*reply);
}

static ssize_t answer_get_irq_info(struct session *session)
{
	const struct proto_irq_info *request = (void *)session->in.payload;
	struct proto_irq_info *reply = (void *)session->out.payload;

	if (request->index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	*reply = (struct proto_irq_info){
		.argsz = sizeof(*reply),
		.flags = irq_flags(request->index),
		.index = request->index,
		.count = irq_count(&session->device->irqs, request->index),
	};
	return sizeof(*reply);
}

static ssize_t answer_set_irqs(struct session *session)
{
	const struct proto_irq_set *set = (void *)session->in.payload;
	struct irq_request request = {
		.flags = set->flags,
		.index = set->index,
		.start = set->start,
		.count = set->count,
		.bools = set->data,
		.fds = session->in.fds,
		.nfds = session->in.nfds,
	};

	if (set->flags & VFIO_IRQ_SET_DATA_BOOL && session->in.len - sizeof(*set) < set->count)
		return -EINVAL;
	return device_set_irqs(session->device, &request);
}

static ssize_t answer_region_read(struct session *session)
{
	const struct proto_region_io *request = (void *)session->in.payload;
	struct proto_region_io *reply = (void *)session->out.payload;
	int err;

	if (request->count > PROTO_MAX_DATA)
		return -EINVAL;
	err = region_read(session->device, request->region, request->offset, reply->data,
			  request->count);
	if (err)
		return err;
	memcpy(reply, request, sizeof(*reply));
	return sizeof(*reply) + request->count;
}

static ssize_t answer_region_write(struct session *session)
{
	const struct proto_region_io *request = (void *)session->in.payload;
	int err;

	if (request->count != session->in.len - sizeof(*request))
		return -EINVAL;
	err = region_write(session->device, request->region, request->offset, request->data,
			   request->count);
	if (err)
		return err;
	memcpy(session->out.payload, request, sizeof(*request));
	return sizeof(*request);
}

static int write_one(struct session *session, const struct proto_write *write)
{
	if (write->count > sizeof(write->data))
		return -EINVAL;
	return region_write(session->device, write->region, write->offset, write->data,
			    write->count);
}

/* The reply says how many writes were done: up to the first that could not be. */
static ssize_t answer_region_write_multi(struct session *session)
{
	const struct proto_write_multi *request = (void *)session->in.payload;
	struct proto_write_multi *reply = (void *)session->out.payload;
	const struct proto_write *writes = (void *)(request + 1);
	uint64_t room = (session->in.len - sizeof(*request)) / sizeof(*writes), done = 0;

	if (request->count > room)
		return -EINVAL;
	while (done < request->count && !write_one(session, &writes[done]))
		done++;
	reply->count = done;
	return sizeof(*reply);
}

static ssize_t answer_reset(struct session *session)
{
	device_reset(session->device);
	return 0;
}

static const struct command commands[] = {
	[PROTO_VERSION] = { "version", sizeof(struct proto_version), answer_version },
	[PROTO_DMA_MAP] = { "dma-map", sizeof(struct proto_dma_map), answer_dma_map },
	[PROTO_DMA_UNMAP] = { "dma-unmap", sizeof(struct proto_dma_unmap), answer_dma_unmap },
	[PROTO_GET_INFO] = { "get-info", sizeof(struct proto_device_info), answer_get_info },
	[PROTO_GET_REGION_INFO] = {
		"get-region-info", sizeof(struct proto_region_info), answer_get_region_info },
	[PROTO_GET_IRQ_INFO] = {
		"get-irq-info", sizeof(struct proto_irq_info), answer_get_irq_info },
	[PROTO_SET_IRQS] = { "set-irqs", sizeof(struct proto_irq_set), answer_set_irqs },
	[PROTO_REGION_READ] = { "region-read", sizeof(struct proto_region_io), answer_region_read },
	[PROTO_REGION_WRITE] = {
		"region-write", sizeof(struct proto_region_io), answer_region_write },
	[PROTO_RESET] = { "reset", 0, answer_reset },
	[PROTO_REGION_WRITE_MULTI] = {
		"region-write-multi", sizeof(struct proto_write_multi), answer_region_write_multi },
};

static const struct command *find_command(uint16_t number)
{
	if (number >= sizeof(commands) / sizeof(commands[0]) || !commands[number].answer)
		return NULL;
	return &commands[number];
}

static ssize_t answer(struct session *session)
{
	const struct command *command = find_command(session->in.header.command);

	if (!command)
		return -ENOTSUP;
	if (session->in.len < command->min_len)
		return -EINVAL;
	if (!session->greeted && session->in.header.command != PROTO_VERSION)
		return -EINVAL;
	return command->answer(session);
}

static void log_refusal(struct session *session, int err)
{
	const struct command *command = find_command(session->in.header.command);

	session->device->log->refused++;
	log_event(session->device->log, "message refused %u %s: %s", session->in.header.command,
		  command ? command->name : "unknown", strerror(err));
}

static int reply(struct session *session, ssize_t len)
{
	struct proto_header header = {
		.id = session->in.header.id,
		.command = session->in.header.command,
		.size = sizeof(header),
		.flags = PROTO_TYPE_REPLY,
	};

	if (session->in.header.flags & PROTO_NO_REPLY)
		return 0;
	if (len < 0) {
		header.flags |= PROTO_ERROR;
		header.error = -len;
		len = 0;
	}
	header.size += len;
	return channel_send(&session->channel, &header, session->out.payload, len);
}

int session_create(struct session *session, int fd, int stop_fd, struct device *device)
{
	memset(session, 0, sizeof(*session));
	session->channel = (struct channel){ .fd = fd, .stop_fd = stop_fd };
	session->device = device;
	if (channel_message_create(&session->in) || channel_message_create(&session->out)) {
		session_destroy(session);
		return -ENOMEM;
	}
	return 0;
}

void session_destroy(struct session *session)
{
	channel_message_destroy(&session->in);
	channel_message_destroy(&session->out);
	close(session->channel.fd);
}

int session_step(struct session *session)
{
	int err = channel_receive(&session->channel, &session->in);
	ssize_t len;

	if (err <= 0)
		return err;
	/* Requests only come from the client, so a reply answers nothing. */
	if ((session->in.header.flags & PROTO_TYPE_MASK) == PROTO_TYPE_COMMAND) {
		len = answer(session);
		if (len < 0)
			log_refusal(session, -len);
		err = reply(session, len);
	} else {
		log_refusal(session, EPROTO);
		err = 0;
	}
	channel_message_close_fds(&session->in);
	return err == -ECANCELED ? 0 : err ? err : 1;
}
