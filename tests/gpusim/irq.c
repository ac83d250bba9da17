// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include "bytes.h"
#include "irq.h"

_Static_assert(IRQ_INTX == (int)VFIO_PCI_INTX_IRQ_INDEX, "irq_type is VFIO's index");
_Static_assert(IRQ_MSIX == (int)VFIO_PCI_MSIX_IRQ_INDEX, "irq_type is VFIO's index");
_Static_assert(IRQ_TYPES == (int)VFIO_PCI_NUM_IRQS, "irq_type is VFIO's index");

static const char *const type_names[IRQ_TYPES] = { "intx", "msi", "msix", "err", "req" };

const char *irq_type_name(unsigned int type)
{
	return type_names[type];
}

static unsigned int count_msi(const struct profile *profile)
{
	const struct profile_cap *cap = profile_find_cap(profile, PCI_CAP_ID_MSI);

	if (!cap)
		return 0;
	return 1u << ((bytes_get(cap->bytes + PCI_MSI_FLAGS, 2) & PCI_MSI_FLAGS_QMASK) >> 1);
}

static unsigned int count_msix(const struct profile *profile)
{
	const struct profile_cap *cap = profile_find_cap(profile, PCI_CAP_ID_MSIX);

	if (!cap)
		return 0;
	return (bytes_get(cap->bytes + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_QSIZE) + 1;
}

static int create_vectors(struct irq_vectors *vectors, unsigned int count)
{
	if (!count)
		return 0;
	vectors->fds = malloc(count * sizeof(*vectors->fds));
	if (!vectors->fds)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++)
		vectors->fds[i] = -1;
	vectors->count = count;
	return 0;
}

int irqs_create(struct irqs *irqs, const struct profile *profile, struct access_log *log)
{
	const unsigned int counts[IRQ_TYPES] = {
		[IRQ_INTX] = profile->pin ? 1 : 0,
		[IRQ_MSI] = count_msi(profile),
		[IRQ_MSIX] = count_msix(profile),
	};
	int err = 0;

	memset(irqs, 0, sizeof(*irqs));
	irqs->deliver = profile->deliver;
	irqs->log = log;
	for (unsigned int i = 0; !err && i < IRQ_TYPES; i++)
		err = create_vectors(&irqs->types[i], counts[i]);
	if (err)
		irqs_destroy(irqs);
	return err;
}

static void disarm(struct irq_vectors *vectors, unsigned int vector)
{
	if (vectors->fds[vector] >= 0)
		close(vectors->fds[vector]);
	vectors->fds[vector] = -1;
}

static void disarm_all(struct irq_vectors *vectors)
{
	for (unsigned int i = 0; i < vectors->count; i++)
		disarm(vectors, i);
	vectors->masked = false;
	vectors->pending = false;
}

void irqs_destroy(struct irqs *irqs)
{
	for (unsigned int i = 0; i < IRQ_TYPES; i++) {
		disarm_all(&irqs->types[i]);
		free(irqs->types[i].fds);
		irqs->types[i] = (struct irq_vectors){ 0 };
	}
}

unsigned int irq_count(const struct irqs *irqs, unsigned int type)
{
	return type < IRQ_TYPES ? irqs->types[type].count : 0;
}

uint32_t irq_flags(unsigned int type)
{
	if (type == IRQ_INTX)
		return VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	return VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
}

/* The descriptor is the client's: if it is full or no eventfd at all, do not wait for it. */
static int signal_fd(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	const uint64_t one = 1;

	if (poll(&poller, 1, 0) != 1 || !(poller.revents & POLLOUT))
		return -EAGAIN;
	return write(fd, &one, sizeof(one)) == sizeof(one) ? 0 : -EIO;
}

static int lose(struct irqs *irqs, enum irq_type type, unsigned int vector, const char *why)
{
	irqs->log->lost++;
	log_event(irqs->log, "irq %s %s %u", type_names[type], why, vector);
	return 0;
}

static int deliver(struct irqs *irqs, enum irq_type type, unsigned int vector)
{
	struct irq_vectors *vectors = &irqs->types[type];

	if (signal_fd(vectors->fds[vector]))
		return lose(irqs, type, vector, "blocked");
	vectors->masked = type == IRQ_INTX;
	irqs->log->raised++;
	log_event(irqs->log, "irq %s raised %u", type_names[type], vector);
	return 0;
}

int irq_raise(struct irqs *irqs, enum irq_type type, unsigned int vector)
{
	struct irq_vectors *vectors = &irqs->types[type];

	if (vector >= vectors->count || vectors->fds[vector] < 0)
		return -ENOENT;
	if (!(irqs->deliver & 1u << type))
		return lose(irqs, type, vector, "lost");
	if (vectors->masked) {
		vectors->pending = true;
		return 0;
	}
	return deliver(irqs, type, vector);
}

void irq_set_level(struct irqs *irqs, bool level)
{
	bool rises = level && !irqs->level;

	irqs->level = level;
	if (rises && !irqs->types[IRQ_INTX].masked)
		irq_raise(irqs, IRQ_INTX, 0);
}

static bool is_armed(const struct irq_vectors *vectors)
{
	for (unsigned int i = 0; i < vectors->count; i++) {
		if (vectors->fds[i] >= 0)
			return true;
	}
	return false;
}

int irq_armed_type(const struct irqs *irqs)
{
	for (int type = IRQ_MSIX; type >= IRQ_INTX; type--) {
		if (is_armed(&irqs->types[type]))
			return type;
	}
	return -ENOENT;
}

static int set_eventfds(struct irqs *irqs, const struct irq_request *request)
{
	struct irq_vectors *vectors = &irqs->types[request->index];

	/* None at all takes the range's away; half a range is a mistake. */
	if (request->nfds && request->nfds != request->count)
		return -EINVAL;
	for (unsigned int i = 0; i < request->count; i++) {
		disarm(vectors, request->start + i);
		if (!request->nfds)
			continue;
		vectors->fds[request->start + i] = request->fds[i];
		request->fds[i] = -1;
	}
	log_event(irqs->log, "irq %s %s %u", type_names[request->index],
		  request->nfds ? "armed" : "disarmed", request->count);
	return 0;
}

static bool applies_to(const struct irq_request *request, unsigned int i)
{
	return !(request->flags & VFIO_IRQ_SET_DATA_BOOL) || request->bools[i];
}

static int set_trigger(struct irqs *irqs, const struct irq_request *request)
{
	if (request->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return set_eventfds(irqs, request);
	if (request->flags & VFIO_IRQ_SET_DATA_NONE && !request->count) {
		disarm_all(&irqs->types[request->index]);
		log_event(irqs->log, "irq %s disarmed all", type_names[request->index]);
		return 0;
	}
	for (unsigned int i = 0; i < request->count; i++) {
		if (applies_to(request, i))
			irq_raise(irqs, request->index, request->start + i);
	}
	return 0;
}

static void set_intx_mask(struct irqs *irqs, bool masked)
{
	struct irq_vectors *intx = &irqs->types[IRQ_INTX];

	intx->masked = masked;
	if (masked || !(intx->pending || irqs->level))
		return;
	intx->pending = false;
	irq_raise(irqs, IRQ_INTX, 0);
}

static int set_mask(struct irqs *irqs, const struct irq_request *request, bool masked)
{
	if (request->index != IRQ_INTX)
		return -EINVAL;
	/* QEMU asks for an unmask eventfd with KVM only, and does without it. */
	if (request->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return -ENOTSUP;
	if (request->count && applies_to(request, 0))
		set_intx_mask(irqs, masked);
	return 0;
}

static bool range_is_valid(const struct irqs *irqs, const struct irq_request *request)
{
	uint64_t end = (uint64_t)request->start + request->count;

	return request->index < IRQ_TYPES && end <= irqs->types[request->index].count;
}

static bool has_one_data_kind(uint32_t flags)
{
	uint32_t data = flags & VFIO_IRQ_SET_DATA_TYPE_MASK;

	return data && !(data & (data - 1));
}

int irqs_set(struct irqs *irqs, const struct irq_request *request)
{
	uint32_t known = VFIO_IRQ_SET_DATA_TYPE_MASK | VFIO_IRQ_SET_ACTION_TYPE_MASK;

	if (!range_is_valid(irqs, request) || !has_one_data_kind(request->flags) ||
	    request->flags & ~known)
		return -EINVAL;
	switch (request->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) {
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		return set_trigger(irqs, request);
	case VFIO_IRQ_SET_ACTION_MASK:
		return set_mask(irqs, request, true);
	case VFIO_IRQ_SET_ACTION_UNMASK:
		return set_mask(irqs, request, false);
	default:
		return -EINVAL;
	}
}
