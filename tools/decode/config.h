/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Standard PCI config space, from bytes. Every value says whether its bytes
 * were there; a capability list that loops, leaves its bounds or points at
 * itself ends the walk and is reported, never followed.
 */
#ifndef GPUPROBE_DECODE_CONFIG_H
#define GPUPROBE_DECODE_CONFIG_H

#include "case/case.h"

#define CAPABILITIES_MAX 48	/* (256 - 64) / 4: more can only be a loop */

struct capability {
	uint8_t id;
	uint8_t offset;
	uint8_t next;
};

enum capability_list {
	CAPABILITY_LIST_UNKNOWN,	/* bytes missing, or the function is gone */
	CAPABILITY_LIST_NONE,		/* status bit 4 is clear */
	CAPABILITY_LIST_WHOLE,
	CAPABILITY_LIST_CUT,		/* runs into bytes that are not known */
	CAPABILITY_LIST_LOOPS,
	CAPABILITY_LIST_STRAYS,		/* points into the header */
};

struct pci_config {
	bool header_known;
	uint16_t command, status;
	uint8_t interrupt_line, interrupt_pin;
	uint32_t bar[6];

	enum capability_list list;
	size_t capability_count;
	struct capability capabilities[CAPABILITIES_MAX];

	/* NO only when the whole list is known */
	enum answer msi;
	uint8_t msi_offset;
	unsigned int msi_vectors;	/* that the function can ask for */
	bool msi_enabled, msi_64bit, msi_maskable;
	enum answer msix;
	uint8_t msix_offset;
	unsigned int msix_vectors;
	bool msix_enabled;
	enum answer pcie;
	uint8_t pcie_offset;
	bool pcie_flr;
	unsigned int pcie_type;		/* PCI_EXP_TYPE_* */
	bool link_known;		/* there is a link: not so for one inside the root complex */
	unsigned int link_speed, link_speed_max;	/* 1: 2.5 GT/s, 2: 5, 3: 8, 4: 16, 5: 32 */
	unsigned int link_width, link_width_max;	/* lanes */
	enum answer power_management;
	unsigned int power_state;	/* 0-3, D0-D3hot */
};

/*
 * @length bytes from offset 0 on, of which the first 256 are looked at. Never
 * fails; what is missing is not known.
 */
void pci_config_decode(const uint8_t *bytes, size_t length, struct pci_config *config);

/* The same for a snapshot, from its bytes or from what lspci text said. */
void snapshot_config(const struct snapshot *snapshot, struct pci_config *config);

/*
 * Make the number of the Device Serial Number capability 0; @bytes are
 * CONFIG_SPACE_MAX, those not known being 0.
 */
void config_clear_serial(uint8_t *bytes);

/* "Endpoint", "Root Complex Integrated Endpoint", ...; NULL if there is no such type. */
const char *pcie_type_name(unsigned int type);
/* "8.0 GT/s"; "?" if there is no such speed. */
const char *link_speed_name(unsigned int speed);

/* "MSI", "MSI-X", "PCI Express", ...; "capability 0x.." names are NULL. */
const char *capability_name(uint8_t id);

#endif
