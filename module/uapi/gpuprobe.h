/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * gpuprobe: what the module tells user space
 *
 * This comment is the specification of the byte stream that read(2) on
 * /dev/gpuprobe returns. The stream may be saved to a file and read later, on
 * another machine; nothing in it refers to memory outside itself. All numbers
 * are in the byte order of the machine that wrote them; the magic number of
 * the first record tells which one that is.
 *
 * RECORDS
 *
 *	The stream is a sequence of records and nothing else. A record begins
 *	with struct gpuprobe_record:
 *
 *	magic		GPUPROBE_MAGIC, in every record.
 *	size		Bytes in the whole record with this header. A multiple
 *			of 8, at least sizeof(struct gpuprobe_record), at most
 *			GPUPROBE_RECORD_MAX. The next record starts there.
 *	type		enum gpuprobe_record_type. A reader skips a record of a
 *			type that it does not know.
 *	version		GPUPROBE_ABI_VERSION of the writer. Within one version
 *			types are added and items grow at their end; nothing is
 *			removed or changes its meaning. A reader that meets a
 *			newer version reads no further and says so.
 *	flags		GPUPROBE_RECORD_*; a reader ignores bits it does not
 *			know.
 *	sequence	Numbers the snapshots of one load of the module from 1
 *			as they are finished. A gap means that the records
 *			between were dropped to bound the memory that they use;
 *			it can be anywhere, since the first records of a
 *			function are kept longest. 0 in GPUPROBE_RECORD_MODULE.
 *	boot_ns		CLOCK_BOOTTIME when the record was begun.
 *	log_ns		The clock that stamps kernel log lines at the same
 *			moment, so that a record can be put between two lines.
 *
 * ITEMS
 *
 *	The rest of a record is a sequence of items, in no fixed order. An item
 *	begins with struct gpuprobe_item:
 *
 *	size		Bytes in the item with this header, without padding: at
 *			least sizeof(struct gpuprobe_item), and it ends inside
 *			the record. The next item starts at the next multiple
 *			of 8.
 *	type		enum gpuprobe_item_type. A reader skips an item of a
 *			type that it does not know.
 *	index		Which one, where there can be several (the BAR number,
 *			the offset of config bytes divided by 4); else 0.
 *
 *	The payload follows. A payload that is longer than the reader's
 *	structure has new fields at its end, which the reader leaves alone; one
 *	that is shorter comes from an older module, and the missing fields are
 *	unknown. Strings fill their payload and carry no NUL.
 *
 *	An item that is absent was not looked at; this is never the same as a
 *	value of 0. What was looked at in vain is a GPUPROBE_ITEM_ERROR.
 *
 * READING
 *
 *	open(2)		Needs CAP_SYS_ADMIN, else EPERM, or EACCES from the mode
 *			of the file, 0400. Each open file has its own
 *			position and starts at the oldest record that is kept,
 *			after one GPUPROBE_RECORD_MODULE made at that moment.
 *	read(2)		Gives as many whole records as fit, never a part of
 *			one, and does not wait: 0 means that there is none at
 *			present. EMSGSIZE if the buffer cannot hold the next
 *			record; GPUPROBE_RECORD_MAX bytes are always enough.
 *	poll(2)		POLLIN when a read would return a record.
 *	ioctl(2)	GPUPROBE_IOC_RESCAN takes a snapshot of every matching
 *			function now, and returns how many; it has no argument.
 *			ENOTTY for any other command.
 */
#ifndef _UAPI_GPUPROBE_H
#define _UAPI_GPUPROBE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define GPUPROBE_DEVICE_NAME	"gpuprobe"
#define GPUPROBE_ABI_VERSION	1
#define GPUPROBE_MAGIC		0x42525047u	/* "GPRB" in little endian */
#define GPUPROBE_RECORD_MAX	65536u
#define GPUPROBE_ALIGN		8u

enum gpuprobe_record_type {
	/* The module itself: made at each open, kept nowhere. */
	GPUPROBE_RECORD_MODULE		= 1,
	/* One function at one moment. */
	GPUPROBE_RECORD_SNAPSHOT	= 2,
};

/*
 * The ids in config space, its first dword, read as all ones: the function was
 * gone, or never answered.
 */
#define GPUPROBE_RECORD_GONE		(1u << 0)
/* The record ran out of room: items are missing. */
#define GPUPROBE_RECORD_TRUNCATED	(1u << 1)

struct gpuprobe_record {
	__u32	magic;
	__u32	size;
	__u16	type;
	__u16	version;
	__u32	flags;
	__u64	sequence;
	__u64	boot_ns;
	__u64	log_ns;
};

enum gpuprobe_item_type {
	/* in GPUPROBE_RECORD_MODULE */
	GPUPROBE_ITEM_MODULE_VERSION	= 1,	/* string */
	GPUPROBE_ITEM_KERNEL_RELEASE	= 2,	/* string: uname -r */
	GPUPROBE_ITEM_MODULE		= 3,	/* struct gpuprobe_module */

	/* in GPUPROBE_RECORD_SNAPSHOT */
	GPUPROBE_ITEM_SNAPSHOT		= 16,	/* struct gpuprobe_snapshot, always present */
	GPUPROBE_ITEM_DRIVER		= 17,	/* string: driver bound, about to be, or that failed to; empty: none */
	GPUPROBE_ITEM_CONFIG		= 18,	/* bytes of config space from index * 4 on */
	GPUPROBE_ITEM_IRQ		= 19,	/* struct gpuprobe_irq */
	GPUPROBE_ITEM_RESOURCE		= 20,	/* struct gpuprobe_resource; index: 0-5 BAR, 6 ROM */
	GPUPROBE_ITEM_STATE		= 21,	/* struct gpuprobe_state */
	GPUPROBE_ITEM_HOLDER		= 22,	/* string: who requested the resource of that index */
	GPUPROBE_ITEM_PARENT		= 23,	/* struct gpuprobe_parent; index: 0 nearest bridge, upwards */

	GPUPROBE_ITEM_ERROR		= 255,	/* struct gpuprobe_error */
};

/**
 * struct gpuprobe_module - what is true of the module since it was loaded
 * @load_boot_ns:	CLOCK_BOOTTIME at load
 * @dropped:		records that were dropped to bound the memory
 * @kept:		records that are kept now
 * @not_observed:	notifications that gave no snapshot for want of memory
 */
struct gpuprobe_module {
	__u64	load_boot_ns;
	__u64	dropped;
	__u32	kept;
	__u32	not_observed;
};

enum gpuprobe_trigger {
	GPUPROBE_TRIGGER_LOAD		= 1,	/* the module was loaded, the function was there */
	GPUPROBE_TRIGGER_ADDED		= 2,	/* the function was added to the bus */
	GPUPROBE_TRIGGER_BEFORE_BIND	= 3,	/* just before a driver's probe */
	GPUPROBE_TRIGGER_BOUND		= 4,	/* the probe succeeded */
	GPUPROBE_TRIGGER_NOT_BOUND	= 5,	/* the probe failed */
	GPUPROBE_TRIGGER_BEFORE_UNBIND	= 6,	/* just before a driver's remove */
	GPUPROBE_TRIGGER_UNBOUND	= 7,	/* the driver has left */
	GPUPROBE_TRIGGER_REMOVED	= 8,	/* the function left the bus; no hardware access */
	GPUPROBE_TRIGGER_REQUEST	= 9,	/* GPUPROBE_IOC_RESCAN */
};

/**
 * struct gpuprobe_snapshot - which function, and why now
 * @domain:		PCI domain (segment); may be wider than 16 bits
 * @bus:		bus number
 * @devfn:		device number << 3 | function number
 * @header_type:	type 0-2, without the multi-function bit
 * @revision:		as the kernel read it when the function was added
 * @vendor:		likewise, and so are the ids below
 * @device:		device id
 * @subsystem_vendor:	subsystem vendor id
 * @subsystem_device:	subsystem id
 * @class:		24 bits: base class, sub-class, programming interface
 * @trigger:		enum gpuprobe_trigger
 * @config_size:	bytes of config space that the kernel can reach: 256 or 4096
 * @reserved:		0
 */
struct gpuprobe_snapshot {
	__u32	domain;
	__u8	bus;
	__u8	devfn;
	__u8	header_type;
	__u8	revision;
	__u16	vendor;
	__u16	device;
	__u16	subsystem_vendor;
	__u16	subsystem_device;
	__u32	class;
	__u32	trigger;
	__u32	config_size;
	__u32	reserved;
};

#define GPUPROBE_IRQ_MSI_ENABLED	(1u << 0)	/* pdev->msi_enabled */
#define GPUPROBE_IRQ_MSIX_ENABLED	(1u << 1)	/* pdev->msix_enabled */
#define GPUPROBE_IRQ_NO_MSI		(1u << 2)	/* pdev->no_msi: a quirk, or written to sysfs msi_bus */
#define GPUPROBE_IRQ_BUS_NO_MSI		(1u << 3)	/* a bus above has PCI_BUS_FLAGS_NO_MSI */
#define GPUPROBE_IRQ_MSI_OFF		(1u << 4)	/* MSI is off in this kernel: pci=nomsi or ACPI */

/**
 * struct gpuprobe_irq - the kernel's view of the function's interrupts
 * @irq:	pdev->irq: what a driver would request for INTx, or the MSI
 *		vector while MSI is on; 0 is none, IRQ_NOTCONNECTED is 1 << 31
 * @flags:	GPUPROBE_IRQ_*
 * @pin:	pdev->pin: config byte 0x3d as read when the function was added
 * @msi_cap:	config offset of the MSI capability as the kernel found it, or 0
 * @msix_cap:	config offset of the MSI-X capability likewise, or 0
 * @reserved:	0
 */
struct gpuprobe_irq {
	__u32	irq;
	__u32	flags;
	__u8	pin;
	__u8	msi_cap;
	__u8	msix_cap;
	__u8	reserved[5];
};

/**
 * struct gpuprobe_resource - a BAR as the kernel has it
 * @start:	CPU address, inclusive
 * @end:	CPU address, inclusive; end < start never happens: a resource
 *		without a size has start and end 0, and one without an address
 *		has IORESOURCE_UNSET and starts at 0
 * @flags:	IORESOURCE_*, as in the sysfs file "resource"
 * @size:	bytes; 0 if the BAR is not implemented or was reset by the kernel
 */
struct gpuprobe_resource {
	__u64	start;
	__u64	end;
	__u64	flags;
	__u64	size;
};

/**
 * struct gpuprobe_state - the function's state in the kernel
 * @enable_count:	pci_enable_device() calls that are not undone
 * @power:		pci_power_t: 0-3 D0-D3hot, 4 D3cold, 5 unknown
 * @error_state:	pci_channel_state_t: 1 normal, 2 frozen, 3 lost
 * @numa_node:		-1 is none
 */
struct gpuprobe_state {
	__u32	enable_count;
	__s32	power;
	__u32	error_state;
	__s32	numa_node;
};

/**
 * struct gpuprobe_parent - a bridge between the function and its root bus
 * @domain:	place of the bridge
 * @bus:	likewise
 * @devfn:	likewise
 * @reserved:	0
 * @vendor:	vendor id
 * @device:	device id
 * @class:	24 bits
 */
struct gpuprobe_parent {
	__u32	domain;
	__u8	bus;
	__u8	devfn;
	__u16	reserved;
	__u16	vendor;
	__u16	device;
	__u32	class;
};

/**
 * struct gpuprobe_error - something was looked at in vain
 * @item:	enum gpuprobe_item_type of what is missing; the index of the error
 *		item is the one that the missing item would have
 * @error:	negative errno
 *
 * GPUPROBE_ITEM_CONFIG is missing with ENXIO if the first dword was all ones
 * (GPUPROBE_RECORD_GONE is set), ENODEV if the kernel has given up the function
 * or a bridge above it, EHOSTDOWN if the function is in D3cold or a bridge above
 * it not in D0, EAGAIN if one of them was just changing its power state, EBUSY
 * during a reset or error recovery, another errno if the read itself failed.
 * GPUPROBE_ITEM_DRIVER is missing with EBUSY if a driver was just coming or
 * going, or was stuck in that.
 */
struct gpuprobe_error {
	__u32	item;
	__s32	error;
};

/**
 * struct gpuprobe_item - head of an item; the payload follows
 * @size:	see the top of this file
 * @type:	enum gpuprobe_item_type
 * @index:	see the top of this file
 */
struct gpuprobe_item {
	__u32	size;
	__u16	type;
	__u16	index;
};

#define GPUPROBE_IOC_MAGIC	0xb7
#define GPUPROBE_IOC_RESCAN	_IO(GPUPROBE_IOC_MAGIC, 1)

#endif /* _UAPI_GPUPROBE_H */
