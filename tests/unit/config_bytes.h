/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of PCI config space, put together by hand. */
#ifndef TESTS_CONFIG_BYTES_H
#define TESTS_CONFIG_BYTES_H

#include <linux/pci_regs.h>
#include <stdint.h>
#include <string.h>

static inline void config_word(uint8_t *bytes, size_t at, uint16_t value)
{
	bytes[at] = value & 0xff;
	bytes[at + 1] = value >> 8;
}

/* The header of a Tesla P4 whose list of capabilities begins at @first; 0: none. */
static inline void config_header(uint8_t bytes[256], uint8_t pin, uint8_t first)
{
	memset(bytes, 0, 256);
	config_word(bytes, PCI_VENDOR_ID, 0x10de);
	config_word(bytes, PCI_DEVICE_ID, 0x1bb3);
	config_word(bytes, PCI_COMMAND, PCI_COMMAND_MEMORY);
	config_word(bytes, PCI_STATUS, first ? PCI_STATUS_CAP_LIST : 0);
	config_word(bytes, PCI_CLASS_DEVICE, 0x0302);
	bytes[PCI_CAPABILITY_LIST] = first;
	bytes[PCI_INTERRUPT_LINE] = 0xff;
	bytes[PCI_INTERRUPT_PIN] = pin;
}

static inline void config_capability(uint8_t *bytes, uint8_t at, uint8_t id, uint8_t next,
				     uint16_t flags)
{
	bytes[at] = id;
	bytes[at + 1] = next;
	config_word(bytes, at + 2, flags);
}

/* A Tesla P4 with what bhyve shows: PM at 60, MSI 1/1 64-bit at 68, PCI Express at 78. */
static inline void config_p4(uint8_t bytes[256], uint8_t pin)
{
	config_header(bytes, pin, 0x60);
	config_capability(bytes, 0x60, PCI_CAP_ID_PM, 0x68, 3);
	config_capability(bytes, 0x68, PCI_CAP_ID_MSI, 0x78, PCI_MSI_FLAGS_64BIT);
	config_capability(bytes, 0x78, PCI_CAP_ID_EXP, 0, 2);
}

/* The same board with MSI-X of 6 vectors instead of MSI. */
static inline void config_msix(uint8_t bytes[256], uint8_t pin)
{
	config_header(bytes, pin, 0x60);
	config_capability(bytes, 0x60, PCI_CAP_ID_PM, 0x78, 3);
	config_capability(bytes, 0x78, PCI_CAP_ID_EXP, 0xc8, 2);
	config_capability(bytes, 0xc8, PCI_CAP_ID_MSIX, 0, 5);
}

#endif
