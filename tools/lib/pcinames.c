// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/pcinames.h"

#include <pci/pci.h>
#include <stddef.h>

#include "lib/xalloc.h"

static void keep_quiet(char *message, ...)
{
	(void)message;
}

char *pci_device_name(uint16_t vendor, uint16_t device)
{
	struct pci_access *access = pci_alloc();
	char buffer[256], *name;

	/*
	 * pci_init() would look for a way to the hardware, and end the program
	 * if there is none. Without it libpci's functions for messages are NULL,
	 * and looking up an unknown device calls one of them.
	 */
	access->warning = access->debug = keep_quiet;
	name = pci_lookup_name(access, buffer, sizeof(buffer),
			       PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS,
			       vendor, device);
	name = xstrdup(name);
	pci_cleanup(access);
	return name;
}
