// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/config.h"

#include <linux/pci_regs.h>

static uint16_t word(const uint8_t *bytes, size_t offset)
{
	return bytes[offset] | bytes[offset + 1] << 8;
}

static uint32_t dword(const uint8_t *bytes, size_t offset)
{
	return word(bytes, offset) | (uint32_t)word(bytes, offset + 2) << 16;
}

static void decode_header(const uint8_t *bytes, struct pci_config *config)
{
	config->header_known = true;
	config->command = word(bytes, PCI_COMMAND);
	config->status = word(bytes, PCI_STATUS);
	config->interrupt_line = bytes[PCI_INTERRUPT_LINE];
	config->interrupt_pin = bytes[PCI_INTERRUPT_PIN];
	for (size_t i = 0; i < 6; i++)
		config->bar[i] = dword(bytes, PCI_BASE_ADDRESS_0 + 4 * i);
}

static bool was_here(const struct pci_config *config, uint8_t offset)
{
	for (size_t i = 0; i < config->capability_count; i++)
		if (config->capabilities[i].offset == offset)
			return true;
	return false;
}

static enum capability_list walk_list(const uint8_t *bytes, size_t length,
				      struct pci_config *config)
{
	uint8_t offset = bytes[PCI_CAPABILITY_LIST] & ~3u;

	if (!(config->status & PCI_STATUS_CAP_LIST))
		return CAPABILITY_LIST_NONE;
	while (offset) {
		struct capability *capability;

		if (offset < PCI_STD_HEADER_SIZEOF)
			return CAPABILITY_LIST_STRAYS;
		if (offset + 2u > length)
			return CAPABILITY_LIST_CUT;
		if (was_here(config, offset) || config->capability_count == CAPABILITIES_MAX)
			return CAPABILITY_LIST_LOOPS;
		capability = &config->capabilities[config->capability_count++];
		capability->offset = offset;
		capability->id = bytes[offset + PCI_CAP_LIST_ID];
		capability->next = bytes[offset + PCI_CAP_LIST_NEXT];
		offset = capability->next & ~3u;
	}
	return CAPABILITY_LIST_WHOLE;
}

static void decode_msi(const uint8_t *at, uint8_t offset, struct pci_config *config)
{
	uint16_t flags = word(at, PCI_MSI_FLAGS);

	config->msi = YES;
	config->msi_offset = offset;
	config->msi_vectors = 1u << ((flags & PCI_MSI_FLAGS_QMASK) >> 1);
	config->msi_enabled = flags & PCI_MSI_FLAGS_ENABLE;
	config->msi_64bit = flags & PCI_MSI_FLAGS_64BIT;
	config->msi_maskable = flags & PCI_MSI_FLAGS_MASKBIT;
}

static void decode_msix(const uint8_t *at, uint8_t offset, struct pci_config *config)
{
	uint16_t flags = word(at, PCI_MSIX_FLAGS);

	config->msix = YES;
	config->msix_offset = offset;
	config->msix_vectors = (flags & PCI_MSIX_FLAGS_QSIZE) + 1u;
	config->msix_enabled = flags & PCI_MSIX_FLAGS_ENABLE;
}

static void decode_pcie(const uint8_t *at, uint8_t offset, struct pci_config *config)
{
	uint32_t link = dword(at, PCI_EXP_LNKCAP);
	uint16_t status = word(at, PCI_EXP_LNKSTA);

	config->pcie = YES;
	config->pcie_offset = offset;
	config->pcie_type = (word(at, PCI_EXP_FLAGS) & PCI_EXP_FLAGS_TYPE) >> 4;
	config->pcie_flr = dword(at, PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_FLR;
	config->link_speed_max = link & PCI_EXP_LNKCAP_SLS;
	config->link_width_max = (link & PCI_EXP_LNKCAP_MLW) >> 4;
	config->link_speed = status & PCI_EXP_LNKSTA_CLS;
	config->link_width = (status & PCI_EXP_LNKSTA_NLW) >> 4;
	config->link_known = config->pcie_type != PCI_EXP_TYPE_RC_END && config->link_width_max;
}

const char *pcie_type_name(unsigned int type)
{
	static const char *const names[] = {
		[PCI_EXP_TYPE_ENDPOINT]	  = "Endpoint",
		[PCI_EXP_TYPE_LEG_END]	  = "Legacy Endpoint",
		[PCI_EXP_TYPE_ROOT_PORT]  = "Root Port",
		[PCI_EXP_TYPE_UPSTREAM]	  = "Upstream Port",
		[PCI_EXP_TYPE_DOWNSTREAM] = "Downstream Port",
		[PCI_EXP_TYPE_RC_END]	  = "Root Complex Integrated Endpoint",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

const char *link_speed_name(unsigned int speed)
{
	static const char *const names[] = {
		"?", "2.5 GT/s", "5.0 GT/s", "8.0 GT/s", "16.0 GT/s", "32.0 GT/s", "64.0 GT/s",
	};

	return speed < sizeof(names) / sizeof(names[0]) ? names[speed] : "?";
}

static void decode_pm(const uint8_t *at, uint8_t offset, struct pci_config *config)
{
	(void)offset;
	config->power_management = YES;
	config->power_state = word(at, PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK;
}

/* What is decoded, how many bytes that takes, and how long the capability is at least. */
static const struct {
	uint8_t id;
	uint8_t bytes;
	uint8_t size;
	void (*decode)(const uint8_t *at, uint8_t offset, struct pci_config *config);
	const char *name;
} capability_table[] = {
	{ PCI_CAP_ID_PM,	8, 8,	decode_pm,	"Power Management" },
	{ PCI_CAP_ID_MSI,	4, 10,	decode_msi,	"MSI" },
	{ PCI_CAP_ID_MSIX,	4, 12,	decode_msix,	"MSI-X" },
	{ PCI_CAP_ID_EXP,	20, 20,	decode_pcie,	"PCI Express" },
	{ PCI_CAP_ID_VNDR,	0, 3,	NULL,		"Vendor Specific" },
	{ 0,			0, 2,	NULL,		"Null" },
};

#define CAPABILITY_TABLE_SIZE (sizeof(capability_table) / sizeof(capability_table[0]))

const char *capability_name(uint8_t id)
{
	for (size_t i = 0; i < CAPABILITY_TABLE_SIZE; i++)
		if (capability_table[i].id == id)
			return capability_table[i].name;
	return NULL;
}

static void decode_capability(const uint8_t *bytes, size_t length, struct capability capability,
			      struct pci_config *config)
{
	for (size_t i = 0; i < CAPABILITY_TABLE_SIZE; i++) {
		size_t offset = capability.offset;

		if (capability_table[i].id != capability.id)
			continue;
		if (offset + capability_table[i].size > length)
			config->list = CAPABILITY_LIST_CUT;
		if (capability_table[i].decode && offset + capability_table[i].bytes <= length)
			capability_table[i].decode(bytes + offset, capability.offset, config);
	}
}

static void absent_unless_seen(enum answer *answer)
{
	if (*answer == NOT_KNOWN)
		*answer = NO;
}

void pci_config_decode(const uint8_t *bytes, size_t length, struct pci_config *config)
{
	memset(config, 0, sizeof(*config));
	if (length > PCI_CFG_SPACE_SIZE)
		length = PCI_CFG_SPACE_SIZE;
	if (length < PCI_STD_HEADER_SIZEOF || dword(bytes, 0) == 0xffffffff)
		return;
	decode_header(bytes, config);
	config->list = walk_list(bytes, length, config);
	for (size_t i = 0; i < config->capability_count; i++)
		decode_capability(bytes, length, config->capabilities[i], config);
	if (config->list == CAPABILITY_LIST_WHOLE || config->list == CAPABILITY_LIST_NONE) {
		absent_unless_seen(&config->msi);
		absent_unless_seen(&config->msix);
		absent_unless_seen(&config->pcie);
		absent_unless_seen(&config->power_management);
	}
}

void snapshot_config(const struct snapshot *snapshot, struct pci_config *config)
{
	const struct capability_text *text = &snapshot->text;

	pci_config_decode(snapshot->config, snapshot->config_length, config);
	if (snapshot->config_length || !text->listed)
		return;
	config->list = CAPABILITY_LIST_WHOLE;
	config->msi = text->msi;
	config->msi_vectors = text->msi_vectors;
	config->msi_64bit = text->msi_64bit == YES;
	config->msi_enabled = text->msi_enabled == YES;
	config->msix = text->msix;
	config->msix_vectors = text->msix_vectors;
}

void config_clear_serial(uint8_t *bytes)
{
	size_t offset = PCI_CFG_SPACE_SIZE;

	/* A list that loops ends with the number of headers that there is room for. */
	for (size_t i = 0; i < CONFIG_SPACE_MAX / 4 && offset >= PCI_CFG_SPACE_SIZE; i++) {
		uint32_t header = dword(bytes, offset);

		if ((header & 0xffff) == PCI_EXT_CAP_ID_DSN && offset <= CONFIG_SPACE_MAX - 12)
			memset(bytes + offset + 4, 0, 8);
		offset = header >> 20 & ~3u;
	}
}
