/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a profile file says, as plain data. README.md describes the file.
 *
 * A profile with a base starts from the base's values and changes what it
 * names. Nothing here refers to the YAML documents it came from.
 */
#ifndef GPUSIM_PROFILE_H
#define GPUSIM_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_BARS		6
#define PCI_CONFIG_SIZE		256
#define PCIE_CONFIG_SIZE	4096
#define PROFILE_NEVER		UINT64_MAX
#define PROFILE_MAX_CAPS	48	/* as many as fit between 0x40 and 0xff */

enum bar_kind {
	BAR_NONE,
	BAR_IO,
	BAR_MEM32,
	BAR_MEM32_PREFETCH,
	BAR_MEM64,
	BAR_MEM64_PREFETCH,
};

struct profile_bar {
	uint8_t kind;		/* enum bar_kind */
	uint64_t size;		/* bytes, a power of two */
};

/* One capability as bytes: at[0] id, at[1] next, then what it holds. */
struct profile_cap {
	uint8_t id;
	uint8_t at;
	uint16_t len;
	int16_t next;		/* -1: the one after it in the list */
	uint8_t bytes[PCI_CONFIG_SIZE];
	uint8_t wmask[PCI_CONFIG_SIZE];	/* bits that a config write changes */
};

/* Bytes to lay over something, in the order in which the files give them. */
struct profile_patch {
	uint16_t at;
	uint8_t len;
	uint32_t value;
};

struct profile_patches {
	struct profile_patch *list;
	size_t count;
};

struct profile_reg {
	uint32_t at;
	uint32_t value;
};

struct profile_regs {
	struct profile_reg *list;	/* sorted by address */
	size_t count;
};

/* Which registers raise, enable and acknowledge interrupts: those of intr.c. */
enum intr_model {
	INTR_NONE,
	INTR_KEPLER,		/* and Maxwell */
	INTR_PASCAL,		/* and Volta */
	INTR_TURING,		/* and Ampere, Ada */
	INTR_HOPPER,		/* and Blackwell */
};

enum timer_state {
	TIMER_NONE,
	TIMER_STOPPED,
	TIMER_RUNNING,
};

/*
 * The view of config space inside BAR0. It follows what config cycles show but
 * for what is given here: what the card has and the hypervisor hides.
 */
struct profile_mirror {
	uint32_t at, size;	/* size 0: there is none */
	uint64_t bar[PCI_BARS];	/* address */
	uint8_t bars_given;	/* bit n: bar[n] differs from config space */
	int16_t pin, line, msi;	/* -1: as in config space */
	struct profile_patches patches;
};

enum prom_source {
	PROM_NONE,
	PROM_GENERATED,
	PROM_FILE,
};

struct profile_vbios {
	uint32_t size;
	uint16_t signature, vendor, device;
	bool bad_checksum;
	uint32_t cut;		/* bytes that are there; the rest reads as ones */
};

struct profile_prom {
	uint32_t at, window;
	uint8_t source;		/* enum prom_source */
	char *path;		/* PROM_FILE */
	struct profile_vbios vbios;
};

struct profile_faults {
	uint64_t vanish_after;	/* accesses; 0: never */
	uint64_t vanish_at;	/* the first access of that place in BAR0, it included */
};

struct profile {
	char *name;
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class;
	uint8_t revision, pin, line;
	uint8_t deliver;	/* bit per enum irq_type */
	uint8_t intr_model;	/* enum intr_model */
	bool rearm_swallowed;
	bool acknowledge_swallowed;
	uint32_t storm;		/* interrupts for one trigger; 0: one */
	struct profile_regs intr_writes;	/* that the VBIOS made */
	uint16_t config_size;
	bool hide_extended;	/* config cycles do not reach 0x100 and up */
	uint32_t noise;		/* a seed; 0: what is not listed reads as usual */
	struct profile_bar bar[PCI_BARS];
	uint64_t rom_size;
	struct profile_cap caps[PROFILE_MAX_CAPS];
	unsigned int ncaps;
	bool late_caps;		/* the list is there only after a reset */
	struct profile_patches patches;
	struct profile_regs regs;
	uint32_t reg_default;
	bool all_ones;
	uint8_t timer;		/* enum timer_state */
	struct profile_mirror mirror;
	struct profile_prom prom;
	struct profile_faults faults;
};

typedef void (*profile_complain_fn)(void *ctx, const char *line);

/*
 * Reads @path and the profiles it is based on. After exactly one complaint
 * ("FILE:LINE: KEY: reason") returns -EINVAL and leaves nothing allocated.
 */
int profile_load(struct profile *profile, const char *path, profile_complain_fn complain,
		 void *ctx);
void profile_release(struct profile *profile);

static inline bool bar_is_64bit(const struct profile_bar *bar)
{
	return bar->kind == BAR_MEM64 || bar->kind == BAR_MEM64_PREFETCH;
}

/* Bytes that look random, the same ones for the same place. @at is a multiple of 4. */
uint32_t profile_noise(const struct profile *profile, uint32_t at);

/* The first capability with @id, or NULL. */
const struct profile_cap *profile_find_cap(const struct profile *profile, uint8_t id);

#endif
