/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of the vfio-user protocol 0.0, as its specification (in QEMU's
 * documentation) lays them out. All numbers are in the host's byte order.
 */
#ifndef GPUSIM_PROTO_H
#define GPUSIM_PROTO_H

#include <stdint.h>

enum proto_command {
	PROTO_VERSION = 1,
	PROTO_DMA_MAP = 2,
	PROTO_DMA_UNMAP = 3,
	PROTO_GET_INFO = 4,
	PROTO_GET_REGION_INFO = 5,
	PROTO_GET_REGION_IO_FDS = 6,
	PROTO_GET_IRQ_INFO = 7,
	PROTO_SET_IRQS = 8,
	PROTO_REGION_READ = 9,
	PROTO_REGION_WRITE = 10,
	PROTO_DMA_READ = 11,
	PROTO_DMA_WRITE = 12,
	PROTO_RESET = 13,
	PROTO_REGION_WRITE_MULTI = 15,
};

#define PROTO_TYPE_MASK		0xfu
#define PROTO_TYPE_COMMAND	0x0u
#define PROTO_TYPE_REPLY	0x1u
#define PROTO_NO_REPLY		0x10u
#define PROTO_ERROR		0x20u

#define PROTO_MAX_DATA		(1u << 20)	/* of one region read or write */
#define PROTO_MAX_FDS		16u		/* in one message */
/* The largest payload: a region write of that much data. */
#define PROTO_MAX_PAYLOAD	(PROTO_MAX_DATA + sizeof(struct proto_region_io))

struct proto_header {
	uint16_t id;
	uint16_t command;
	uint32_t size;		/* of all, with this header */
	uint32_t flags;
	uint32_t error;		/* errno, in a reply with PROTO_ERROR */
};

struct proto_version {
	uint16_t major, minor;
	char data[];		/* JSON, ends with a NUL; may be absent */
};

struct proto_dma_map {
	uint32_t argsz, flags;
	uint64_t offset, address, size;
};

struct proto_dma_unmap {
	uint32_t argsz, flags;
	uint64_t address, size;
};

struct proto_device_info {
	uint32_t argsz, flags, num_regions, num_irqs;
};

struct proto_region_info {
	uint32_t argsz, flags, index, cap_offset;
	uint64_t size, offset;
};

struct proto_irq_info {
	uint32_t argsz, flags, index, count;
};

struct proto_irq_set {
	uint32_t argsz, flags, index, start, count;
	uint8_t data[];		/* count booleans, if the flags say so */
};

struct proto_region_io {
	uint64_t offset;
	uint32_t region, count;
	uint8_t data[];
};

struct proto_write_multi {
	uint64_t count;
};

struct proto_write {
	uint64_t offset;
	uint32_t region, count;
	uint8_t data[8];
};

_Static_assert(sizeof(struct proto_header) == 16, "protocol layout");
_Static_assert(sizeof(struct proto_version) == 4, "protocol layout");
_Static_assert(sizeof(struct proto_dma_map) == 32, "protocol layout");
_Static_assert(sizeof(struct proto_dma_unmap) == 24, "protocol layout");
_Static_assert(sizeof(struct proto_device_info) == 16, "protocol layout");
_Static_assert(sizeof(struct proto_region_info) == 32, "protocol layout");
_Static_assert(sizeof(struct proto_irq_info) == 16, "protocol layout");
_Static_assert(sizeof(struct proto_irq_set) == 20, "protocol layout");
_Static_assert(sizeof(struct proto_region_io) == 16, "protocol layout");
_Static_assert(sizeof(struct proto_write) == 24, "protocol layout");

#endif
