// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/extended.h"

#include <inttypes.h>
#include <linux/pci_regs.h>
#include <stdio.h>

#include "lib/i18n.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define REBAR_MAX	6	/* BARs that one capability can describe */
#define CAP_DVSEC	0x23	/* PCIe r6.0, 7.9.6 */

/* A capability as far as it was read; what was not reads 0. */
struct body {
	const uint8_t *bytes;
	size_t length;
};

static uint32_t dword(const struct body *body, size_t offset)
{
	const uint8_t *at;

	if (offset + 4 > body->length)
		return 0;
	at = body->bytes + offset;
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static const char *name_of(uint16_t id)
{
	static const struct {
		uint16_t id;
		const char *name;
	} names[] = {
		{ PCI_EXT_CAP_ID_ERR, "Advanced Error Reporting" },
		{ PCI_EXT_CAP_ID_VC, "Virtual Channel" },
		{ PCI_EXT_CAP_ID_DSN, "Device Serial Number" },
		{ PCI_EXT_CAP_ID_PWR, "Power Budgeting" },
		{ PCI_EXT_CAP_ID_VC9, "Virtual Channel" },
		{ PCI_EXT_CAP_ID_VNDR, "Vendor-Specific" },
		{ PCI_EXT_CAP_ID_ACS, "Access Control Services" },
		{ PCI_EXT_CAP_ID_ARI, "Alternative Routing-ID" },
		{ PCI_EXT_CAP_ID_ATS, "Address Translation Services" },
		{ PCI_EXT_CAP_ID_SRIOV, "Single Root I/O Virtualization" },
		{ PCI_EXT_CAP_ID_REBAR, "Resizable BAR" },
		{ PCI_EXT_CAP_ID_DPA, "Dynamic Power Allocation" },
		{ PCI_EXT_CAP_ID_TPH, "TPH Requester" },
		{ PCI_EXT_CAP_ID_LTR, "Latency Tolerance Reporting" },
		{ PCI_EXT_CAP_ID_SECPCI, "Secondary PCI Express" },
		{ PCI_EXT_CAP_ID_PASID, "Process Address Space ID" },
		{ PCI_EXT_CAP_ID_L1SS, "L1 PM Substates" },
		{ PCI_EXT_CAP_ID_PTM, "Precision Time Measurement" },
		{ CAP_DVSEC, "Designated Vendor-Specific" },
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].id == id)
			return names[i].name;
	return NULL;
}

/* "256 MiB"; @mib is a power of two. */
static void print_size(char *text, size_t room, uint64_t mib)
{
	if (mib < 1024)
		snprintf(text, room, "%" PRIu64 " MiB", mib);
	else
		snprintf(text, room, "%" PRIu64 " GiB", mib >> 10);
}

/* Adds to @text, which it frees: the size that a BAR has, and those that it can have. */
static char *add_rebar(char *text, uint32_t sizes, uint32_t control)
{
	char now[24], least[24], most[24], *longer;

	sizes >>= 4;	/* bit n: 2^n MiB */
	if (!sizes)
		return text;
	print_size(now, sizeof(now), 1ull << (control >> 8 & 0x3f));
	print_size(least, sizeof(least), 1ull << __builtin_ctz(sizes));
	print_size(most, sizeof(most), 1ull << (31 - __builtin_clz(sizes)));
	longer = xasprintf(_("%s%s BAR%u %s, of %s to %s"), text, *text ? "," : "", control & 7,
			   now, least, most);
	free(text);
	return longer;
}

static char *rebar_text(const struct body *body)
{
	uint32_t count = (dword(body, PCI_REBAR_CTRL) & PCI_REBAR_CTRL_NBAR_MASK) >>
			 PCI_REBAR_CTRL_NBAR_SHIFT;
	char *text = xstrdup("");

	for (uint32_t i = 0; i < count && i < REBAR_MAX; i++)
		text = add_rebar(text, dword(body, PCI_REBAR_CAP + 8 * i),
				 dword(body, PCI_REBAR_CTRL + 8 * i));
	return text;
}

static char *aer_text(const struct body *body)
{
	static const struct {
		uint32_t mask;
		const char *name;
	} errors[] = {
		{ PCI_ERR_UNC_DLP, "Data Link Protocol" },
		{ PCI_ERR_UNC_SURPDN, "Surprise Down" },
		{ PCI_ERR_UNC_POISON_TLP, "Poisoned TLP" },
		{ PCI_ERR_UNC_COMP_TIME, "Completion Timeout" },
		{ PCI_ERR_UNC_COMP_ABORT, "Completer Abort" },
		{ PCI_ERR_UNC_UNX_COMP, "Unexpected Completion" },
		{ PCI_ERR_UNC_MALF_TLP, "Malformed TLP" },
		{ PCI_ERR_UNC_UNSUP, "Unsupported Request" },
	};
	uint32_t uncorrectable = dword(body, PCI_ERR_UNCOR_STATUS);
	char *text, *longer;

	if (!uncorrectable)
		return xstrdup(_(" no uncorrectable error"));
	text = xasprintf(_(" uncorrectable errors %08x"), uncorrectable);
	for (size_t i = 0; i < COUNT(errors); i++) {
		if (!(uncorrectable & errors[i].mask))
			continue;
		longer = xasprintf("%s, %s", text, errors[i].name);
		free(text);
		text = longer;
	}
	return text;
}

/* What there is to say beyond the name; "" is nothing. */
static char *body_text(uint16_t id, const struct body *body)
{
	switch (id) {
	case PCI_EXT_CAP_ID_ERR:
		return aer_text(body);
	case PCI_EXT_CAP_ID_REBAR:
		return rebar_text(body);
	case PCI_EXT_CAP_ID_SRIOV:
		return xasprintf(_(" %u virtual functions at most, %u now"),
				 dword(body, PCI_SRIOV_INITIAL_VF) >> 16,
				 dword(body, PCI_SRIOV_NUM_VF) & 0xffff);
	case PCI_EXT_CAP_ID_VNDR:
		return xasprintf(_(" id %04x"), dword(body, PCI_VNDR_HEADER) & 0xffff);
	case CAP_DVSEC:
		return xasprintf(_(" vendor %04x, id %04x"), dword(body, 4) & 0xffff,
				 dword(body, 8) & 0xffff);
	default:
		return xstrdup("");
	}
}

char *extended_capability_text(const struct snapshot *snapshot, const struct config_piece *piece)
{
	const size_t offset = piece->offset < CONFIG_SPACE_MAX ? piece->offset : CONFIG_SPACE_MAX;
	const struct body body = {
		.bytes = snapshot->config + offset,
		.length = piece->length < CONFIG_SPACE_MAX - offset ? piece->length :
			  CONFIG_SPACE_MAX - offset,
	};
	uint16_t id = dword(&body, 0) & 0xffff;
	char *more = body_text(id, &body), *text;

	if (name_of(id))
		text = xasprintf("%s%s%s", name_of(id), *more ? ":" : "", more);
	else
		text = xasprintf(_("capability 0x%04x"), id);
	free(more);
	return text;
}
