// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include <linux/vfio.h>

#include "device.h"

_Static_assert(LOG_REGIONS == (int)VFIO_PCI_NUM_REGIONS, "the log counts every region");

int device_create(struct device *device, const struct profile *profile, struct access_log *log)
{
	int err;

	memset(device, 0, sizeof(*device));
	device->profile = profile;
	device->log = log;
	config_init(&device->config, profile);
	err = registers_create(&device->registers, profile, &device->config, &device->intr);
	if (err)
		return err;
	err = irqs_create(&device->irqs, profile, log);
	if (err)
		registers_destroy(&device->registers);
	else
		intr_create(&device->intr, profile, &device->config, &device->irqs, log);
	return err;
}

static void clear_memory(struct device *device)
{
	for (unsigned int i = 0; i < PCI_BARS; i++)
		memory_clear(&device->bar[i]);
}

void device_destroy(struct device *device)
{
	clear_memory(device);
	irqs_destroy(&device->irqs);
	registers_destroy(&device->registers);
}

void device_reset(struct device *device)
{
	config_reset(&device->config);
	clear_memory(device);
	device->log->resets++;
	log_event(device->log, "reset");
	intr_reset(&device->intr);
}

int device_set_irqs(struct device *device, const struct irq_request *request)
{
	int err = irqs_set(&device->irqs, request);

	if (!err)
		intr_client_changed(&device->intr);
	return err;
}

uint64_t region_size(const struct device *device, unsigned int region)
{
	if (region <= VFIO_PCI_BAR5_REGION_INDEX)
		return device->profile->bar[region].size;
	if (region == VFIO_PCI_ROM_REGION_INDEX)
		return device->profile->rom_size;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		return device->config.size;
	return 0;
}

bool region_is_writable(unsigned int region)
{
	return region != VFIO_PCI_ROM_REGION_INDEX;
}

static bool is_within(const struct device *device, unsigned int region, uint64_t offset, size_t len)
{
	uint64_t size = region_size(device, region);

	return len && len <= size && offset <= size - len;
}

/* Counts the access, and says whether the device is still there for it. */
static bool has_vanished(struct device *device, unsigned int region, uint64_t offset, size_t len)
{
	const struct profile_faults *faults = &device->profile->faults;

	device->accesses++;
	if (faults->vanish_after && device->accesses > faults->vanish_after)
		device->vanished = true;
	if (region == VFIO_PCI_BAR0_REGION_INDEX && faults->vanish_at >= offset &&
	    faults->vanish_at - offset < len)
		device->vanished = true;
	return device->vanished;
}

/* The expansion ROM is the image that PROM shows. */
static void read_rom(const struct device *device, uint64_t offset, uint8_t *data, size_t len)
{
	const struct vbios *vbios = &device->registers.vbios;

	memset(data, 0xff, len);
	for (size_t i = 0; i < len && offset + i < vbios->len; i++)
		data[i] = vbios->bytes[offset + i];
}

static void read_bar0(struct device *device, uint64_t offset, uint8_t *data, size_t len)
{
	registers_read(&device->registers, offset, data, len);
	intr_bar0_was_read(&device->intr);
}

static void read_live(struct device *device, unsigned int region, uint64_t offset, uint8_t *data,
		      size_t len)
{
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		config_read(&device->config, offset, data, len);
	else if (region == VFIO_PCI_ROM_REGION_INDEX)
		read_rom(device, offset, data, len);
	else if (region == VFIO_PCI_BAR0_REGION_INDEX)
		read_bar0(device, offset, data, len);
	else
		memory_read(&device->bar[region], offset, data, len);
}

int region_read(struct device *device, unsigned int region, uint64_t offset, uint8_t *data,
		size_t len)
{
	if (!is_within(device, region, offset, len))
		return -EINVAL;
	if (has_vanished(device, region, offset, len))
		memset(data, 0xff, len);
	else
		read_live(device, region, offset, data, len);
	log_access(device->log, region, false, offset, data, len);
	return 0;
}

static void write_config(struct device *device, uint64_t offset, const uint8_t *data, size_t len)
{
	if (config_write(&device->config, offset, data, len))
		intr_config_written(&device->intr, offset, data, len);
}

static void write_live(struct device *device, unsigned int region, uint64_t offset,
		       const uint8_t *data, size_t len)
{
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		write_config(device, offset, data, len);
	else if (region == VFIO_PCI_BAR0_REGION_INDEX)
		registers_write(&device->registers, offset, data, len);
	else
		memory_write(&device->bar[region], offset, data, len);
}

int region_write(struct device *device, unsigned int region, uint64_t offset, const uint8_t *data,
		 size_t len)
{
	if (!is_within(device, region, offset, len) || !region_is_writable(region))
		return -EINVAL;
	/* First, so that the log has what the write sets off after it. */
	log_access(device->log, region, true, offset, data, len);
	if (!has_vanished(device, region, offset, len))
		write_live(device, region, offset, data, len);
	return 0;
}
