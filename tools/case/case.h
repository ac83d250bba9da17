/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The case: everything known of a machine, its NVIDIA functions over time and
 * its kernel log. Sources fill a case; diagnosis and rendering read it. The
 * same case is written to and read from the report's JSON, so that looking at
 * a live machine and at somebody else's report is one code path.
 *
 * What was not looked at is never the same as a value of 0: a "known" flag, a
 * length or a NULL pointer says so.
 */
#ifndef GPUPROBE_CASE_H
#define GPUPROBE_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/pseudonym.h"
#include "lib/array.h"
#include "lib/i18n.h"
#include "uapi/gpuprobe.h"
#include "lib/i18n.h"

#define PCI_VENDOR_NVIDIA	0x10de
#define CONFIG_SPACE_MAX	4096
#define BAR_COUNT		7	/* 0-5, and 6 for the expansion ROM */
#define ROM_BAR			6

/* linux/ioport.h, which is not exported; sysfs prints these flags all the same. */
#define IORESOURCE_IO		0x00000100u
#define IORESOURCE_MEM		0x00000200u
#define IORESOURCE_PREFETCH	0x00002000u
#define IORESOURCE_MEM_64	0x00100000u
#define IORESOURCE_UNSET	0x20000000u

#define IRQ_NOTCONNECTED	(1u << 31)	/* linux/interrupt.h */

struct pci_address {
	uint32_t domain;
	uint8_t bus;
	uint8_t device;		/* 0-31 */
	uint8_t function;	/* 0-7 */
};

#define PCI_ADDRESS_TEXT	24	/* bytes that hold any address as text */

enum snapshot_source {
	SNAPSHOT_MODULE,	/* gpuprobe.ko, at the moment its trigger names */
	SNAPSHOT_SYSFS,		/* /sys/bus/pci/devices, when the tool ran */
	SNAPSHOT_LSPCI,		/* lspci text that somebody saved */
};

enum answer { NOT_KNOWN, NO, YES };

/* A BAR as the kernel has it; flags are IORESOURCE_*. */
struct bar {
	bool known;
	uint64_t start;
	uint64_t size;
	uint64_t flags;
	char *holder;		/* who requested it or parts of it; "" nobody, NULL not known */
};

/* The kernel's view of the interrupts; each member with its own "known". */
struct irq_view {
	bool irq_known;
	uint32_t irq;		/* pdev->irq */
	bool pin_known;
	uint8_t pin;		/* pdev->pin, read when the function was added */
	bool flags_known;
	uint32_t flags;		/* GPUPROBE_IRQ_* of uapi/gpuprobe.h */
};

/*
 * What lspci text says of capabilities when there are no config bytes to
 * decode. "listed" tells that the list was printed, so absence means absence.
 */
struct capability_text {
	bool listed;
	enum answer msi;
	unsigned int msi_vectors;
	enum answer msi_64bit;
	enum answer msi_enabled;
	enum answer msix;
	unsigned int msix_vectors;
};

struct bridge {
	struct pci_address address;
	uint16_t vendor;
	uint16_t device;
	uint32_t class;
};

/* A piece of config space that was read. */
struct config_piece {
	uint16_t offset;
	uint16_t length;
};

struct prom_piece {
	uint32_t offset;	/* in the PROM window */
	uint32_t image;		/* of the option ROM, or GPUPROBE_PROM_NO_IMAGE */
	uint8_t data[64];
	size_t length;
};

#define MIRROR_MAX 256

/*
 * What only the module sees, as it says it: the structures are those of
 * uapi/gpuprobe.h, whose comments hold here too. case/items.c has the table
 * that reads and writes them.
 */
struct deep_view {
	bool extended_known, route_known, iommu_known, power_known, flags_known,
	     irq_line_known, bar0_known, workaround_known, cost_known,
	     msix_trial_known, msi_trial_known;
	struct gpuprobe_extended extended;
	struct gpuprobe_route route;
	struct gpuprobe_iommu iommu;
	struct gpuprobe_power power;
	struct gpuprobe_flags flags;
	struct gpuprobe_irq_line irq_line;
	struct gpuprobe_bar0 bar0;
	struct gpuprobe_workaround workaround;
	struct gpuprobe_cost cost;
	struct gpuprobe_msi_trial msix_trial, msi_trial;
	char *route_link, *irq_chip, *reset_methods, *driver_override;
	ARRAY(struct gpuprobe_window) windows;
	ARRAY(struct gpuprobe_register) registers;
	ARRAY(struct prom_piece) prom;
	ARRAY(struct config_piece) pieces;	/* of snapshot.config, past 0x100 */
	ARRAY(struct gpuprobe_error) errors;	/* what was looked at in vain */
	uint8_t mirror[MIRROR_MAX];
	ARRAY(struct config_piece) mirror_pieces;	/* what of it was read */
};

struct snapshot {
	enum snapshot_source source;
	uint32_t trigger;	/* enum gpuprobe_trigger; 0 unless from the module */
	uint64_t sequence;
	bool time_known;
	uint64_t boot_ns;	/* CLOCK_BOOTTIME */
	uint64_t log_ns;	/* the clock of the kernel log */
	char *driver;		/* bound, or about to be; "" is none, NULL not known */
	bool gone;		/* config space read as all ones */
	bool truncated;
	uint8_t config[CONFIG_SPACE_MAX];
	size_t config_length;	/* bytes known from offset 0 on */
	struct irq_view irq;
	struct bar bars[BAR_COUNT];
	struct capability_text text;
	bool state_known;
	uint32_t enable_count;
	int32_t power;
	uint32_t error_state;
	bool numa_known;
	int32_t numa_node;	/* -1 is none */
	/* What sysfs tells, and a module cannot; NULL is not known. */
	char *iommu_group;	/* its number; "" is none */
	char *iommu_domain;	/* "DMA", "DMA-FQ", "identity", "blocked", ... */
	char *irq_users;	/* who has requested irq.irq, separated by commas; "" nobody */
	ARRAY(struct bridge) parents;	/* nearest first */
	struct deep_view deep;
};

/* What the interrupt delivery test found, once. */
struct irq_test {
	uint64_t sequence, boot_ns, log_ns;
	struct gpuprobe_irq_test test;
	bool bar0_known;
	struct gpuprobe_bar0 bar0;
	ARRAY(struct gpuprobe_irq_trial) trials;
};

struct function {
	struct pci_address address;
	bool ids_known;
	uint16_t vendor, device;
	bool subsystem_known;
	uint16_t subsystem_vendor, subsystem_device;
	bool class_known;
	uint32_t class;		/* 24 bits */
	uint8_t revision;
	char *name;		/* from pci.ids or lspci, or NULL */
	ARRAY(struct snapshot) snapshots;	/* in order of time; "now" last */
	ARRAY(struct irq_test) irq_tests;
	unsigned int mentions;	/* by what was read; not part of the case's JSON */
};

struct log_line {
	size_t number;		/* in its source, from 1 */
	int boot;		/* 0 the last one of the log, -1 the one before, ... */
	unsigned int attempt;	/* which load of the driver in its boot, from 1; 0: of none */
	bool time_known;
	uint64_t time_us;	/* since boot */
	char *stamp;		/* time as it was printed, or NULL */
	char *text;		/* message without stamp and prefixes */
};

enum range_kind {
	RANGE_RAM,
	RANGE_WINDOW,		/* what a host bridge passes on to the PCI bus below it */
	RANGE_RESERVED,		/* of a window, by firmware or by what is no PCI function */
};

/* A range of the guest's physical addresses. */
struct address_range {
	enum range_kind kind;
	uint64_t start, size;
};

/* A BAR, or what a bridge passes on; flags are IORESOURCE_*. */
struct taken_range {
	uint64_t start, size, flags;
	bool window;		/* of a bridge: what lies behind it is in there */
};

/* A PCI function of any vendor, as far as it takes addresses. */
struct neighbour {
	struct pci_address address;
	uint32_t class;		/* 24 bits */
	bool parent_known;
	struct pci_address parent;	/* the bridge above; not known: on a root bus */
	ARRAY(struct taken_range) taken;
};

/* Where memory of PCI functions can lie in this guest, and what lies there. */
struct address_space {
	uint32_t bits;		/* width of a physical address; 0: not known */
	bool hidden;		/* /proc/iomem shows its addresses to root only */
	ARRAY(struct address_range) ranges;
	ARRAY(struct neighbour) neighbours;
	bool mmio64_known;
	uint64_t mmio64_mib;	/* what QEMU asks OVMF for: opt/ovmf/X-PciMmio64Mb */
};

/* A CPUID hypervisor leaf (0x40000000, 0x40000100, ...) that has a signature. */
struct cpuid_signature {
	uint32_t leaf;
	char text[13];
};

/* Vendor and device of a PCI function that is not NVIDIA's; it may tell the hypervisor. */
struct pci_id {
	uint16_t vendor, device;
};

#define PCI_IDS_MAX 64

struct machine {
	char *kernel_release;
	char *command_line;
	char *collected;	/* ISO 8601 UTC, or NULL */
	char *dmi_vendor, *dmi_product, *dmi_bios_vendor, *dmi_bios_version;
	char *cloud_tag;	/* a DMI chassis tag that all machines of a cloud have */
	char *acpi_oem_id;
	ARRAY(struct pci_id) pci_ids;	/* from a log or lspci; each once, PCI_IDS_MAX at most */
	ARRAY(struct cpuid_signature) cpuid;
	bool cpuid_looked;
	enum answer efi;	/* the guest's own firmware is UEFI */
	struct address_space space;
	bool pci_looked;	/* somebody looked for functions on this machine */
	char *lockdown;		/* none, integrity, confidentiality; NULL: not known */
	enum answer secure_boot;
	enum answer signatures_enforced;	/* no module without a trusted signature */
};

/* A kernel driver of interest, as libkmod and sysfs tell. */
struct driver_module {
	char *name;
	char *version;		/* of what is loaded, else of the file */
	char *license;
	bool loaded;
	bool installed;		/* a file for the running kernel exists; what follows is of it */
	char *file;		/* below /lib/modules/RELEASE; of Debian's nvidia nvidia-current.ko */
	char *file_version;
	char *vermagic;
	char *signer;		/* NULL: not signed */
	enum answer signer_known;	/* the kernel has a key of the signer's name */
};

/* A line of modprobe's configuration that is about a module of interest. */
struct module_setting {
	char *kind;		/* alias, blacklist, install, options, softdep */
	char *module;
	char *value;		/* NULL for blacklist */
};

/* The remedy of every blind spot that is a matter of rights. */
#define REMEDY_ROOT N_("run gpuprobe as root")

/* Something that could not be seen, why, and what would show it. */
struct blind_spot {
	char *what;
	char *why;
	char *remedy;		/* or NULL */
};

/* What a machine or its people are called: to be looked for, and never written. */
struct known_name {
	enum pseudonym_kind kind;
	char *text;
};

struct gpuprobe_case {
	struct machine machine;
	ARRAY(struct function) functions;
	bool modules_looked;	/* the index of the running kernel's modules was read */
	ARRAY(struct driver_module) modules;
	ARRAY(struct module_setting) module_settings;
	bool firmware_looked;
	ARRAY(char *) firmware;	/* files of the GSP: "535.183.01/gsp_tu10x.bin" */
	ARRAY(struct log_line) log;	/* lines that may matter, in order */
	int boot;		/* of the log, that the diagnosis is about */
	bool log_looked;	/* a kernel log was read, even if nothing was kept */
	size_t log_lines_read;
	bool gpuprobe_module;	/* records of gpuprobe.ko are in the case */
	char *gpuprobe_module_version;
	uint64_t records_dropped;
	size_t records_unknown;	/* of kinds that this gpuprobe does not know; a blind spot says so */
	ARRAY(struct blind_spot) blind_spots;
	char *contradiction;	/* why what was read cannot be of one machine, or NULL */
	ARRAY(struct known_name) names;
	bool is_redacted;	/* now, or when it was written (redact/redact.h) */
	unsigned int redacted[PSEUDONYM_KINDS];	/* how many pseudonyms there are */
};

struct gpuprobe_case *case_create(void);
void case_destroy(struct gpuprobe_case *c);	/* NULL is fine */

/* Note a function of another vendor, once. */
void case_add_pci_id(struct gpuprobe_case *c, uint16_t vendor, uint16_t device);
/* The function at @address, added without ids if it is not there. */
struct function *case_function(struct gpuprobe_case *c, const struct pci_address *address);
/* The same, but NULL if it is not there. */
struct function *case_find_function(const struct gpuprobe_case *c,
				    const struct pci_address *address);
/* Make one of functions that are there twice, after several files about one machine. */
void case_merge_functions(struct gpuprobe_case *c);
/* Keep the functions of that device alone. False, and nothing changes, if there are none. */
bool case_keep_device(struct gpuprobe_case *c, const struct pci_address *address);
struct snapshot *function_add_snapshot(struct function *function);
void driver_module_clear(struct driver_module *module);
const struct driver_module *case_module(const struct gpuprobe_case *c, const char *name);

void case_add_blind_spot(struct gpuprobe_case *c, const char *what, const char *why,
			 const char *remedy);

/* A name that redaction looks for; nothing if @text is NULL or empty. */
void case_add_name(struct gpuprobe_case *c, enum pseudonym_kind kind, const char *text);

/* Two sources name different NVIDIA devices at one address: the case is of no one machine. */
void case_contradict(struct gpuprobe_case *c, const struct pci_address *address,
		     uint16_t device, uint16_t other);
/* They may well be of several machines, which is to be said, once. Takes over @why. */
void case_doubt(struct gpuprobe_case *c, char *why);
/*
 * @source has functions beside the first @count, which are of other files. If they have GPUs
 * of other models at other places, that is no proof of two machines, as either list may be
 * cut down to one GPU of several; but it is to be said.
 */
void case_doubt_functions(struct gpuprobe_case *c, size_t count, const char *source);
/* The same as case_contradict() for the texts @a and @b, which name @what; one may be the beginning of the other. */
void case_compare(struct gpuprobe_case *c, const char *what, const char *a, const char *b);

/* NVIDIA and base class 03, or ids that are not known (a log names the place only). */
bool function_is_gpu(const struct function *function);
/* At least one function that function_is_gpu(). */
bool case_has_gpu(const struct gpuprobe_case *c);

/*
 * The driver that has the function at that moment: NULL is not known, "" none.
 * A record also names a driver that is about to come, failed to, or has left.
 */
const char *snapshot_bound(const struct snapshot *snapshot);

/* Whether these bytes of the mirror were read. */
bool mirror_has(const struct deep_view *deep, size_t offset, size_t length);

/* The same but for the function. */
bool pci_address_same_device(const struct pci_address *a, const struct pci_address *b);
int pci_address_compare(const struct pci_address *a, const struct pci_address *b);
/*
 * Parse "[domain:]bus:device[.function]" at the start of @text. Returns the
 * number of characters used, or 0. The domain may have up to eight digits.
 */
size_t pci_address_parse(const char *text, struct pci_address *address);
/* "0000:00:06.0"; a wide domain is printed whole. Returns @text. */
const char *pci_address_print(const struct pci_address *address, char text[PCI_ADDRESS_TEXT]);

#endif
