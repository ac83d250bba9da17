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
 *			the offset of config bytes divided by 4, the place in
 *			the order of reading); else 0.
 *
 *	The payload follows. A payload that is longer than the reader's
 *	structure has new fields at its end, which the reader leaves alone. One
 *	that is shorter is damaged or comes from an older module: the reader
 *	counts the whole item as absent. Strings fill their payload and carry
 *	no NUL.
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
 *	ioctl(2)	Needs CAP_SYS_ADMIN, else EPERM.
 *			GPUPROBE_IOC_RESCAN takes a snapshot of every matching
 *			function now, and returns how many; it has no argument.
 *			GPUPROBE_IOC_TEST_IRQ makes a GPU raise interrupts; see
 *			struct gpuprobe_test_irq.
 *			ENOTTY for any other command.
 *
 * HOW MUCH A SNAPSHOT HOLDS
 *
 *	Every snapshot but that of a removed function has the first 256 bytes of
 *	config space and the kernel's view. More is looked at when the trigger is
 *	LOAD, ADDED or REQUEST, here called thorough: extended config space,
 *	ROUTE, WINDOW. When a trigger is thorough or BEFORE_BIND, no driver
 *	drives the function, and the caller could make sure that none comes
 *	meanwhile, BAR0 is read (BAR0, REGISTER, MIRROR, PROM), for functions that
 *	match for their own sake and are NVIDIA display functions only. Under the
 *	same conditions, but not at BEFORE_BIND and not while the function is
 *	only being added, MSI and MSI-X are tried (MSI_TRIAL).
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
	/*
	 * What GPUPROBE_IOC_TEST_IRQ found; GPUPROBE_ITEM_SNAPSHOT in it has
	 * GPUPROBE_TRIGGER_IRQ_TEST.
	 */
	GPUPROBE_RECORD_IRQ_TEST	= 3,
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
	/* string: driver bound, about to be, or that failed to; empty: none */
	GPUPROBE_ITEM_DRIVER		= 17,
	GPUPROBE_ITEM_CONFIG		= 18,	/* bytes of config space from index * 4 on */
	GPUPROBE_ITEM_IRQ		= 19,	/* struct gpuprobe_irq */
	/* struct gpuprobe_resource; index: 0-5 BAR, 6 ROM */
	GPUPROBE_ITEM_RESOURCE		= 20,
	GPUPROBE_ITEM_STATE		= 21,	/* struct gpuprobe_state */
	/* struct gpuprobe_parent; index: 0 nearest bridge, upwards */
	GPUPROBE_ITEM_PARENT		= 23,
	GPUPROBE_ITEM_EXTENDED		= 24,	/* struct gpuprobe_extended */
	GPUPROBE_ITEM_ROUTE		= 25,	/* struct gpuprobe_route */
	GPUPROBE_ITEM_ROUTE_LINK	= 26,	/* string: ACPI path of the interrupt link device */
	/*
	 * struct gpuprobe_window; index: counts from the nearest bridge upwards
	 */
	GPUPROBE_ITEM_WINDOW		= 27,
	GPUPROBE_ITEM_IOMMU		= 28,	/* struct gpuprobe_iommu */
	/*
	 * string: reset methods as in sysfs reset_method, separated by blanks
	 */
	GPUPROBE_ITEM_RESET		= 29,
	GPUPROBE_ITEM_POWER		= 30,	/* struct gpuprobe_power */
	GPUPROBE_ITEM_FLAGS		= 31,	/* struct gpuprobe_flags */
	GPUPROBE_ITEM_DRIVER_OVERRIDE	= 32,	/* string; absent if there is none */
	/* struct gpuprobe_irq_line; absent if pdev->irq is none */
	GPUPROBE_ITEM_IRQ_LINE		= 33,
	/* string: name of the interrupt controller of pdev->irq */
	GPUPROBE_ITEM_IRQ_CHIP		= 34,
	/* struct gpuprobe_msi_trial; index: 0 MSI-X, 1 MSI */
	GPUPROBE_ITEM_MSI_TRIAL		= 35,
	GPUPROBE_ITEM_BAR0		= 36,	/* struct gpuprobe_bar0 */
	/* struct gpuprobe_register; index: in the order of reading */
	GPUPROBE_ITEM_REGISTER		= 37,
	/* bytes of config space as BAR0 shows it, from index * 4 on */
	GPUPROBE_ITEM_MIRROR		= 38,
	/* struct gpuprobe_prom; index: in the order of reading */
	GPUPROBE_ITEM_PROM		= 39,
	GPUPROBE_ITEM_WORKAROUND	= 40,	/* struct gpuprobe_workaround */
	GPUPROBE_ITEM_COST		= 41,	/* struct gpuprobe_cost; the last item */

	/* in GPUPROBE_RECORD_IRQ_TEST, with SNAPSHOT, BAR0 and COST as above */
	GPUPROBE_ITEM_IRQ_TEST		= 48,	/* struct gpuprobe_irq_test */
	/* struct gpuprobe_irq_trial; index: 0 MSI-X, 1 MSI, 2 INTx */
	GPUPROBE_ITEM_IRQ_TRIAL		= 49,

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
	/* GPUPROBE_IOC_TEST_IRQ; in GPUPROBE_RECORD_IRQ_TEST only */
	GPUPROBE_TRIGGER_IRQ_TEST	= 10,
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
/* pdev->no_msi: a quirk, or written to sysfs msi_bus */
#define GPUPROBE_IRQ_NO_MSI		(1u << 2)
#define GPUPROBE_IRQ_BUS_NO_MSI		(1u << 3)	/* a bus above has PCI_BUS_FLAGS_NO_MSI */
/* MSI is off in this kernel: pci=nomsi or ACPI */
#define GPUPROBE_IRQ_MSI_OFF		(1u << 4)
/* no interrupt domain serves the function's MSI */
#define GPUPROBE_IRQ_NO_MSI_DOMAIN	(1u << 5)

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

enum gpuprobe_extended_state {
	/* The kernel cannot reach it: config_size is 256. No read was made. */
	GPUPROBE_EXTENDED_UNREACHABLE	= 1,
	/* The first dword, at 0x100, is 0: there is none, or it is hidden. */
	GPUPROBE_EXTENDED_ZERO		= 2,
	/* The first dword is all ones: nothing answers there. */
	GPUPROBE_EXTENDED_ONES		= 3,
	/* There is a list of capabilities; it was walked. */
	GPUPROBE_EXTENDED_REAL		= 4,
};

enum gpuprobe_walk_end {
	GPUPROBE_WALK_LAST		= 1,	/* a next pointer of 0, or nothing was walked */
	GPUPROBE_WALK_LOOP		= 2,	/* a next pointer leads back to a capability */
	/* one leads below 0x100, or is not a multiple of 4 */
	GPUPROBE_WALK_OUTSIDE		= 3,
	GPUPROBE_WALK_EMPTY		= 4,	/* one leads to a header of 0 or all ones */
	GPUPROBE_WALK_BUDGET		= 5,	/* more capabilities than the module reads */
};

/**
 * struct gpuprobe_extended - extended config space, 0x100 to 0xfff
 * @state:	enum gpuprobe_extended_state
 * @end:	enum gpuprobe_walk_end: how the walk of the list ended
 * @first:	the dword at 0x100; 0 if it was not read
 * @capabilities: headers that were read. Each is the first dword of a
 *		GPUPROBE_ITEM_CONFIG whose index * 4 is its offset; of the
 *		capabilities that the module knows, dwords of the body follow in
 *		the same item: AER 6, ACS 1, SR-IOV 4, ReBAR header and 2 per
 *		BAR, VSEC and DVSEC 2 or, if NVIDIA's, 5
 *
 * Missing, with a GPUPROBE_ITEM_ERROR, where GPUPROBE_ITEM_CONFIG 0 is.
 */
struct gpuprobe_extended {
	__u32	state;
	__u32	end;
	__u32	first;
	__u32	capabilities;
};

enum gpuprobe_route_source {
	GPUPROBE_ROUTE_NO_PIN		= 1,	/* pdev->pin is 0: there is no INTx to route */
	GPUPROBE_ROUTE_NO_TABLE		= 2,	/* no ACPI node, or none of them has a _PRT */
	GPUPROBE_ROUTE_NO_ENTRY		= 3,	/* _PRT has no entry for the slot and pin */
	GPUPROBE_ROUTE_GSI		= 4,	/* an entry names the GSI itself */
	GPUPROBE_ROUTE_LINK		= 5,	/* an entry names a link device, see ROUTE_LINK */
	GPUPROBE_ROUTE_NO_ACPI		= 6,	/* this kernel does not route by ACPI: not known */
};

#define GPUPROBE_GSI_UNKNOWN	0xffffffffu

/**
 * struct gpuprobe_route - where ACPI leads the function's INTx
 * @gsi:	of the entry, or of the link device as its _CRS says now;
 *		GPUPROBE_GSI_UNKNOWN if neither says
 * @source:	enum gpuprobe_route_source
 * @pin:	1-4: pdev->pin, INTA to INTD; 0 is none
 * @root_pin:	1-4: the pin on the bus where the search ended, after each
 *		bridge on the way has swizzled it
 * @root_slot:	device number on that bus
 * @bridges:	how many bridges were passed on the way
 * @trigger:	of the link device: 0 level, 1 edge; level for a GSI entry, as
 *		PCI has it
 * @polarity:	0 active high, 1 active low, 2 both; likewise
 * @reserved:	0
 *
 * _PRT is evaluated as pci_enable_device() does it each time. What the kernel
 * made of it is in GPUPROBE_ITEM_IRQ and _IRQ_LINE once the function is enabled.
 */
struct gpuprobe_route {
	__u32	gsi;
	__u32	source;
	__u8	pin;
	__u8	root_pin;
	__u8	root_slot;
	__u8	bridges;
	__u8	trigger;
	__u8	polarity;
	__u16	reserved;
};

#define GPUPROBE_PARENT_ROOT_BUS	0xffffu

/**
 * struct gpuprobe_window - a range of addresses that a bridge passes on
 * @start:	CPU address, inclusive
 * @end:	CPU address, inclusive; 0 with @start 0: the window is not in use
 * @flags:	IORESOURCE_*
 * @largest_free: the largest power of two of bytes that is free and aligned to
 *		itself; 0 is none. What PCI functions and bridges take is counted,
 *		not what other parts of the machine may have in the window, which
 *		/proc/iomem shows: so it is an upper bound
 * @taken:	bytes that PCI functions and bridges take
 * @parent:	index of the GPUPROBE_ITEM_PARENT whose window it is, or
 *		GPUPROBE_PARENT_ROOT_BUS
 * @takers:	resources of PCI functions and bridges in it
 * @reserved:	0
 */
struct gpuprobe_window {
	__u64	start;
	__u64	end;
	__u64	flags;
	__u64	largest_free;
	__u64	taken;
	__u16	parent;
	__u16	takers;
	__u32	reserved;
};

#define GPUPROBE_IOMMU_MAPPED		(1u << 0)	/* device_iommu_mapped() */

/**
 * struct gpuprobe_iommu - how DMA of the function is translated
 * @group:	number of the IOMMU group, or -1
 * @flags:	GPUPROBE_IOMMU_*
 *
 * The type of the domain is in /sys/kernel/iommu_groups/GROUP/type, which takes
 * the lock that a module cannot have.
 */
struct gpuprobe_iommu {
	__s32	group;
	__u32	flags;
};

#define GPUPROBE_POWER_D3COLD_ALLOWED	(1u << 0)	/* by the user, sysfs d3cold_allowed */
#define GPUPROBE_POWER_NO_D3COLD	(1u << 1)	/* a quirk or a driver forbids it */
#define GPUPROBE_POWER_RUNTIME_ENABLED	(1u << 2)	/* pm_runtime_enabled() */
#define GPUPROBE_POWER_RUNTIME_ACTIVE	(1u << 3)	/* pm_runtime_active() */
#define GPUPROBE_POWER_RUNTIME_SUSPENDED (1u << 4)	/* pm_runtime_suspended() */
#define GPUPROBE_POWER_BRIDGE_D3	(1u << 5)	/* a bridge above may go to D3 */

/**
 * struct gpuprobe_power - power management beyond struct gpuprobe_state
 * @flags:	GPUPROBE_POWER_*
 * @pm_cap:	config offset of the PM capability, or 0; PMCSR is 4 bytes on, in
 *		GPUPROBE_ITEM_CONFIG
 * @reserved:	0
 */
struct gpuprobe_power {
	__u32	flags;
	__u8	pm_cap;
	__u8	reserved[3];
};

#define GPUPROBE_FLAG_REMOVABLE		(1u << 0)	/* dev_is_removable() */
/* behind a port that firmware calls external */
#define GPUPROBE_FLAG_UNTRUSTED		(1u << 1)
#define GPUPROBE_FLAG_EXTERNAL_FACING	(1u << 2)	/* is such a port itself */
#define GPUPROBE_FLAG_THUNDERBOLT	(1u << 3)	/* pci_is_thunderbolt_attached() */
#define GPUPROBE_FLAG_VIRTFN		(1u << 4)	/* an SR-IOV VF that this kernel made */
#define GPUPROBE_FLAG_PHYSFN		(1u << 5)	/* can make VFs */
#define GPUPROBE_FLAG_MULTIFUNCTION	(1u << 6)
/* a quirk: INTx cannot be masked in the function */
#define GPUPROBE_FLAG_BROKEN_INTX_MASK	(1u << 7)
#define GPUPROBE_FLAG_BUS_MASTER	(1u << 8)	/* the kernel has bus mastering on */
/* the boot display: its ROM is a copy in memory */
#define GPUPROBE_FLAG_ROM_SHADOW	(1u << 9)

#define GPUPROBE_NO_PARENT		0xfffeu

/**
 * struct gpuprobe_flags - other properties of the function
 * @flags:	GPUPROBE_FLAG_*
 * @msi_off_parent: index of the GPUPROBE_ITEM_PARENT below which MSI is switched
 *		off (PCI_BUS_FLAGS_NO_MSI), the nearest one;
 *		GPUPROBE_PARENT_ROOT_BUS, or GPUPROBE_NO_PARENT for none
 * @reserved:	0
 */
struct gpuprobe_flags {
	__u32	flags;
	__u16	msi_off_parent;
	__u16	reserved;
};

/**
 * struct gpuprobe_irq_line - what pdev->irq is in the kernel
 * @irq:	pdev->irq
 * @trigger:	IRQ_TYPE_*: 1 rising edge, 2 falling edge, 4 high, 8 low; 0 none
 * @hwirq:	number at its interrupt controller, for INTx on x86 the pin of the
 *		I/O APIC
 * @sharers:	other PCI functions with the same pdev->irq
 * @reserved:	0
 *
 * Who has requested it is in /sys/kernel/irq/IRQ/actions.
 */
struct gpuprobe_irq_line {
	__u32	irq;
	__u32	trigger;
	__u64	hwirq;
	__u32	sharers;
	__u32	reserved;
};

#define GPUPROBE_IRQ_TYPE_MSIX		(1u << 0)
#define GPUPROBE_IRQ_TYPE_MSI		(1u << 1)
#define GPUPROBE_IRQ_TYPE_INTX		(1u << 2)

/**
 * struct gpuprobe_msi_trial - does the kernel give vectors of this type?
 * @type:	GPUPROBE_IRQ_TYPE_MSIX or _MSI
 * @asked:	vectors that were asked for: one
 * @capable:	vectors that the capability offers
 * @got:	vectors that were given, and given back; 0 with @error set
 * @error:	negative errno of the allocation, or 0
 * @irq:	first vector's number in the kernel while it lasted
 * @differences: dwords of the first 256 bytes that were different after the
 *		trial, each of which was then written back
 * @lasting:	of these, dwords that stayed different
 * @time_ns:	nanoseconds from the allocation until it was undone
 *
 * Absent if the function has no such capability. Missing with EBUSY if a driver
 * is bound or was just coming; with EHOSTDOWN or another error of CONFIG if the
 * function cannot be reached or is not in D0; with ENODATA if the trial could
 * not be undone and is therefore not made (memory decoding is off: the MSI-X
 * table is out of reach).
 */
struct gpuprobe_msi_trial {
	__u32	type;
	__u32	asked;
	__u32	capable;
	__u32	got;
	__s32	error;
	__u32	irq;
	__u32	differences;
	__u32	lasting;
	__u64	time_ns;
};

enum gpuprobe_bar0_outcome {
	/*
	 * all that is known for the architecture was read, as far as 64 reads
	 * go
	 */
	GPUPROBE_BAR0_READ		= 1,
	GPUPROBE_BAR0_NO_BAR		= 2,	/* BAR0 is not memory, or smaller than 1 MiB */
	/* it has no address, or the kernel has not claimed it */
	GPUPROBE_BAR0_UNASSIGNED	= 3,
	GPUPROBE_BAR0_DECODE_OFF	= 4,	/* COMMAND.MEM is 0 */
	GPUPROBE_BAR0_NOT_D0		= 5,	/* PMCSR says D1 to D3 */
	/*
	 * a driver is bound, or could have come meanwhile, or somebody else has
	 * requested BAR0
	 */
	GPUPROBE_BAR0_DRIVER		= 6,
	/* CONFIG 0 is missing, for the reason given there */
	GPUPROBE_BAR0_UNREACHABLE	= 7,
	GPUPROBE_BAR0_FIREWALL		= 8,	/* config space says that the BAR firewall is up */
	GPUPROBE_BAR0_NO_MEMORY		= 9,	/* the page could not be mapped */
	GPUPROBE_BAR0_ALL_ONES		= 10,	/* stopped at a register that read all ones */
	GPUPROBE_BAR0_VIRTUAL		= 11,	/* BOOT_1 says vGPU or VF: there is little more */
	/* the module knows no registers of that architecture */
	GPUPROBE_BAR0_UNKNOWN_CHIP	= 12,
	GPUPROBE_BAR0_LOCKED		= 13,	/* BOOT_0 is 0xbad.....: nothing more can be read */
	/* config space and the kernel disagree about the address */
	GPUPROBE_BAR0_MISMATCH		= 14,
	GPUPROBE_BAR0_GONE		= 15,	/* the function went away meanwhile */
	/* confidential computing is on: the rest is walled off */
	GPUPROBE_BAR0_CONFIDENTIAL	= 16,
};

/**
 * struct gpuprobe_bar0 - how the reading of BAR0 went
 * @outcome:	enum gpuprobe_bar0_outcome
 * @architecture: bits 28:24 of BOOT_0, or 29:24 of BOOT_42 if that is not 0;
 *		0 if it is not known
 * @implementation: bits 23:20 of the same
 * @reads:	32-bit reads of BAR0 in this record
 * @mirror:	offset in BAR0 where GPUPROBE_ITEM_MIRROR begins, or 0
 * @prom:	offset in BAR0 of the PROM window, or 0
 * @fastest_ns:	shortest read; about 1 us is direct, many us are trapped
 * @slowest_ns:	longest read
 */
struct gpuprobe_bar0 {
	__u32	outcome;
	__u32	architecture;
	__u32	implementation;
	__u32	reads;
	__u32	mirror;
	__u32	prom;
	__u32	fastest_ns;
	__u32	slowest_ns;
};

enum gpuprobe_register_verdict {
	GPUPROBE_REGISTER_OK		= 1,	/* @value is what it holds */
	/* nothing answered; the last register that was read */
	GPUPROBE_REGISTER_ALL_ONES	= 2,
	/* 0xbad.....: the GPU's own error mark */
	GPUPROBE_REGISTER_BAD		= 3,
	GPUPROBE_REGISTER_SKIPPED	= 4,	/* not read: its privilege mask does not allow it */
};

/**
 * struct gpuprobe_register - one 32-bit register of BAR0
 * @offset:	in BAR0
 * @value:	as read; 0 if it was not
 * @time_ns:	nanoseconds that the read took
 * @verdict:	enum gpuprobe_register_verdict
 *
 * A register may be there more than once: the timer (0x9410, 0x9400) is read
 * early and late, PBUS_INTR_0 (0x1100) first and last.
 */
struct gpuprobe_register {
	__u32	offset;
	__u32	value;
	__u32	time_ns;
	__u32	verdict;
};

/**
 * struct gpuprobe_prom - a piece of the VBIOS as the PROM window shows it
 * @offset:	in the PROM window; a multiple of 4
 * @image:	offset in the PROM window of the PCI option ROM that was looked
 *		for: 0, or where the IFR header leads to; GPUPROBE_PROM_NO_IMAGE
 *		if it does not begin with a known signature
 * @data:	bytes as they lie in the ROM, to the end of the item: the first 32
 *		of the window or the image, or the PCI data structure
 */
struct gpuprobe_prom {
	__u32	offset;
	__u32	image;
	__u8	data[];
};

#define GPUPROBE_PROM_NO_IMAGE		0xffffffffu

enum gpuprobe_intx_obstacle {
	GPUPROBE_INTX_NONE		= 0,	/* it would help, or does */
	/* no NVIDIA display function that is observed for its own sake */
	GPUPROBE_INTX_NOT_NVIDIA	= 1,
	GPUPROBE_INTX_HAS_PIN		= 2,	/* the function has an Interrupt Pin */
	GPUPROBE_INTX_HAS_IRQ		= 3,	/* pdev->irq is not 0 already, and not by this */
	GPUPROBE_INTX_HAS_MSIX		= 4,	/* the driver does not need it */
	GPUPROBE_INTX_NO_MSI		= 5,	/* there is no MSI capability to use instead */
	GPUPROBE_INTX_MSI_UNTRIED	= 6,	/* MSI was not tried yet */
	GPUPROBE_INTX_MSI_FAILED	= 7,	/* MSI was tried and not given */
};

/**
 * struct gpuprobe_workaround - the workaround "intx", a module parameter
 * @enabled:	1 if the parameter intx is set: 0 or 1, written by root to
 *		/sys/module/gpuprobe/parameters/intx or given at load
 * @active:	1 if it was applied and not taken back since: pdev->irq is
 *		IRQ_NOTCONNECTED by our doing, or was when MSI replaced it
 * @obstacle:	enum gpuprobe_intx_obstacle: why it is not, or would not be applied
 * @reserved:	0
 *
 * Applied just before a driver whose name begins with "nvidia" is probed. Taken
 * back when that driver has not bound or has left, and at unload, if pdev->irq
 * is then still IRQ_NOTCONNECTED.
 */
struct gpuprobe_workaround {
	__u32	enabled;
	__u32	active;
	__u32	obstacle;
	__u32	reserved;
};

/**
 * struct gpuprobe_cost - what the record cost
 * @time_ns:	nanoseconds from its begin to its end
 * @access_ns:	of these, nanoseconds in accesses to the function
 * @config_reads: accesses to config space that the module made itself; those of
 *		the kernel in an MSI trial are not counted
 * @config_writes: likewise
 * @bar0_reads:	32-bit reads of BAR0
 * @bar0_writes: writes to BAR0; 0 in a snapshot
 */
struct gpuprobe_cost {
	__u64	time_ns;
	__u64	access_ns;
	__u32	config_reads;
	__u32	config_writes;
	__u32	bar0_reads;
	__u32	bar0_writes;
};

enum gpuprobe_irq_recipe {
	GPUPROBE_RECIPE_NONE		= 0,
	GPUPROBE_RECIPE_PMC_SW_LATCH	= 1,	/* Kepler, Maxwell: bit 31 of PMC_INTR */
	GPUPROBE_RECIPE_PMC_INTR_SW	= 2,	/* Pascal, Volta: PMC_INTR_SW, 0x1a0 */
	/* Turing and later: vector 129 of the CPU interrupt tree */
	GPUPROBE_RECIPE_LEAF_TRIGGER	= 3,
};

enum gpuprobe_irq_test_outcome {
	GPUPROBE_IRQ_TEST_RAN		= 1,	/* the IRQ_TRIAL items tell */
	/* BAR0 cannot be used: see struct gpuprobe_bar0.outcome */
	GPUPROBE_IRQ_TEST_BAR0		= 2,
	GPUPROBE_IRQ_TEST_NO_RECIPE	= 3,	/* none for this architecture */
	GPUPROBE_IRQ_TEST_NOT_BOOTED	= 4,	/* its firmware is not up: GFW boot unfinished */
	/* the registers of the test are in use: others would fire */
	GPUPROBE_IRQ_TEST_IN_USE	= 5,
	GPUPROBE_IRQ_TEST_GONE		= 6,	/* the function vanished during the test */
	GPUPROBE_IRQ_TEST_KILLED	= 7,	/* the caller was killed during the test */
};

#define GPUPROBE_RESTORED_COMMAND	(1u << 0)	/* COMMAND is as before */
/* so are the first 256 bytes of config space */
#define GPUPROBE_RESTORED_CONFIG	(1u << 1)
/* so are the registers that the test wrote */
#define GPUPROBE_RESTORED_REGISTERS	(1u << 2)
#define GPUPROBE_RESTORED_IRQ		(1u << 3)	/* so is pdev->irq */

/**
 * struct gpuprobe_irq_test - the interrupt delivery test as a whole
 * @outcome:	enum gpuprobe_irq_test_outcome
 * @recipe:	enum gpuprobe_irq_recipe
 * @types:	GPUPROBE_IRQ_TYPE_* that were asked for
 * @restored:	GPUPROBE_RESTORED_*, as read back at the end
 */
struct gpuprobe_irq_test {
	__u32	outcome;
	__u32	recipe;
	__u32	types;
	__u32	restored;
};

enum gpuprobe_irq_result {
	GPUPROBE_IRQ_DELIVERED		= 1,	/* both shots arrived */
	GPUPROBE_IRQ_NOT_DELIVERED	= 2,	/* pending in the GPU, never arrived */
	/* the first arrived, the second did not: re-arm lost */
	GPUPROBE_IRQ_ONCE		= 3,
	/*
	 * the pending bit did not set: writes to BAR0 are blocked, or the
	 * recipe is wrong; says nothing about interrupts
	 */
	GPUPROBE_IRQ_NOT_RAISED		= 4,
	GPUPROBE_IRQ_NOT_TESTABLE	= 5,	/* @error tells why */
	/*
	 * So many arrived that the GPU was silenced: pending again and again, or
	 * not pending, with nobody else known who could have raised them.
	 */
	GPUPROBE_IRQ_STORM		= 6,
	/*
	 * It arrived, and the pending bit did not clear when told: writes to the
	 * GPU's interrupt registers are lost.
	 */
	GPUPROBE_IRQ_NOT_CLEARED	= 7,
};

/**
 * struct gpuprobe_irq_trial - one type of interrupt in the test
 * @type:	GPUPROBE_IRQ_TYPE_*
 * @result:	enum gpuprobe_irq_result
 * @error:	negative errno: ENODEV no such capability or pin, ENOSPC no vector
 *		or no pdev->irq, EINVAL MSI is off, another one of
 *		pci_alloc_irq_vectors() or request_irq(); ENOTCONN pdev->irq is
 *		IRQ_NOTCONNECTED; 0 if the test ran
 * @irq:	number in the kernel
 * @first:	interrupts that arrived after the first shot, with the bit pending
 * @second:	likewise after the second shot
 * @spurious:	interrupts that arrived with the bit not pending, or at another
 *		vector; on a shared INTx those of other functions are among them:
 *		where @before or @sharers is not 0, they say nothing of the GPU
 * @vectors:	vectors that were allocated
 * @first_ns:	nanoseconds from the first shot to its handler; 0 if none arrived
 * @second_ns:	likewise
 * @before:	interrupts that arrived in the 10 ms before the first shot
 * @sharers:	other PCI functions with the same number, for INTx
 */
struct gpuprobe_irq_trial {
	__u32	type;
	__u32	result;
	__s32	error;
	__u32	irq;
	__u32	first;
	__u32	second;
	__u32	spurious;
	__u32	vectors;
	__u64	first_ns;
	__u64	second_ns;
	__u32	before;
	__u32	sharers;
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

/**
 * struct gpuprobe_test_irq - argument of GPUPROBE_IOC_TEST_IRQ
 * @domain:	the function: its PCI domain
 * @bus:	bus number
 * @devfn:	device number << 3 | function number
 * @reserved:	0, or EINVAL
 * @types:	GPUPROBE_IRQ_TYPE_* to test, at least one; others give EINVAL
 * @reserved2:	0, or EINVAL
 * @sequence:	result: the sequence number of the record that tells
 *
 * Makes the GPU raise two interrupts of each type in turn by the software
 * trigger of its architecture, waits at most 200 ms for each, and puts back all
 * that it changed. Writes to registers of the GPU; docs/safety.md lists them.
 * Needs CAP_SYS_ADMIN (EPERM), an observed NVIDIA display function (ENXIO: there
 * is none; EOPNOTSUPP: it is something else), no driver bound and none coming
 * (EBUSY). ENODEV if the function vanished, EINTR if the caller was killed
 * meanwhile, ENODATA if it cannot be tested: in these cases @sequence is set as
 * well, and the record tells more. ENOMEM: there is no record.
 */
struct gpuprobe_test_irq {
	__u32	domain;
	__u8	bus;
	__u8	devfn;
	__u16	reserved;
	__u32	types;
	__u32	reserved2;
	__u64	sequence;
};

#define GPUPROBE_IOC_TEST_IRQ	_IOWR(GPUPROBE_IOC_MAGIC, 2, struct gpuprobe_test_irq)

#endif /* _UAPI_GPUPROBE_H */
