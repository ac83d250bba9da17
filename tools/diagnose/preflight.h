/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would a GPU's memory windows (BARs) find addresses in this guest, before it is
 * attached? From what the guest is shown (the case), and what is known of its
 * hypervisor and firmware (knowledge/limits.yaml).
 */
#ifndef GPUPROBE_DIAGNOSE_PREFLIGHT_H
#define GPUPROBE_DIAGNOSE_PREFLIGHT_H

#include "diagnose/layout.h"
#include "diagnose/placement.h"
#include "diagnose/view.h"

enum fit { FITS, FITS_NOT, FIT_NOT_KNOWN };

/* Where the windows of one more GPU may lie in this guest. */
struct preflight_ground {
	const struct limit *limit;	/* NULL: below a port */
	bool below_port;
	bool low_known;
	bool high_known;		/* the room above 4 GiB */
	bool high_may_be_larger;	/* known is the least it can be */
	const char *unknown;		/* why one of them is not known, a sentence, or NULL */
	struct span high;		/* all of the room above 4 GiB, taken or not */
	struct room room;		/* what is free */
	ARRAY(struct claim) moved;	/* of functions that the firmware places anew */
	uint64_t ram_end;		/* 0: not known */
	unsigned int bits;		/* of an address; 0: not known */
};

struct preflight {
	enum fit fit;
	enum fit bars[LAYOUT_MAX];
	bool low_missing;		/* something finds no room below 4 GiB */
	bool high_missing;		/* the same above */
	uint64_t missing;		/* bytes, at the end of the room above 4 GiB */
	unsigned int bits_needed;	/* where the width of addresses is the limit; else 0 */
};

/*
 * @port: a bridge below which the GPU is to be plugged while the VM runs, or NULL.
 * -ENOENT: there is no such bridge; @ground need not be cleared then.
 */
int preflight_ground(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		     const struct platform *platform, const struct pci_address *port,
		     struct preflight_ground *ground);
void preflight_ground_clear(struct preflight_ground *ground);

void preflight_judge(const struct preflight_ground *ground, const struct layout *layout,
		     struct preflight *preflight);

#endif
