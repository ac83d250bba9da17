// SPDX-License-Identifier: GPL-2.0-or-later
/* The PCI functions as sysfs shows them now; also what there is without the module. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>

#include "sources/source.h"
#include "sources/sysfs.h"
#include "lib/i18n.h"

#define DEVICES "/sys/bus/pci/devices"

/* The header and the standard capabilities; each read is an access to the device. */
#define CONFIG_BYTES 256

static bool attribute_number(const struct root *root, const char *device, const char *name,
			     uint64_t *value)
{
	char *file = xasprintf(DEVICES "/%s/%s", device, name);
	char *line = root_line(root, file), *end;
	bool good = false;

	if (line) {
		errno = 0;
		*value = strtoull(line, &end, 0);
		good = !errno && end != line && !*end;
	}
	free(line);
	free(file);
	return good;
}

static void read_ids(struct function *function, const struct root *root, const char *device)
{
	uint64_t vendor, id, value;

	if (attribute_number(root, device, "vendor", &vendor) &&
	    attribute_number(root, device, "device", &id)) {
		function->ids_known = true;
		function->vendor = vendor;
		function->device = id;
	}
	if (attribute_number(root, device, "class", &value)) {
		function->class_known = true;
		function->class = value & 0xffffff;
	}
	if (attribute_number(root, device, "revision", &value))
		function->revision = value;
	if (attribute_number(root, device, "subsystem_vendor", &vendor) &&
	    attribute_number(root, device, "subsystem_device", &id)) {
		function->subsystem_known = true;
		function->subsystem_vendor = vendor;
		function->subsystem_device = id;
	}
}

static void read_config(struct snapshot *snapshot, const struct root *root, const char *device)
{
	char *file = xasprintf(DEVICES "/%s/config", device);
	ssize_t n = root_read(root, file, snapshot->config, CONFIG_BYTES);

	free(file);
	if (n >= 4) {
		snapshot->config_length = n;
		snapshot->gone = !memcmp(snapshot->config, "\xff\xff\xff\xff", 4);
	}
}

size_t sysfs_resources(const struct root *root, const char *device,
		       struct sysfs_resource resources[SYSFS_RESOURCES])
{
	char *file = xasprintf(DEVICES "/%s/resource", device), text[4096], *line, *rest = text;
	ssize_t n = root_read(root, file, text, sizeof(text) - 1);
	size_t count = 0;

	free(file);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	while (count < SYSFS_RESOURCES && (line = strsep(&rest, "\n"))) {
		struct sysfs_resource *resource = &resources[count];

		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx64, &resource->start,
			   &resource->end, &resource->flags) != 3)
			break;
		count++;
	}
	return count;
}

static void read_resources(struct snapshot *snapshot, const struct root *root,
			   const char *device)
{
	struct sysfs_resource resources[SYSFS_RESOURCES];
	size_t count = sysfs_resources(root, device, resources);

	for (size_t i = 0; i < BAR_COUNT && i < count; i++) {
		uint64_t start = resources[i].start, end = resources[i].end;

		snapshot->bars[i].known = true;
		snapshot->bars[i].start = start;
		snapshot->bars[i].size = end > start ? end - start + 1 : 0;
		snapshot->bars[i].flags = resources[i].flags;
	}
}

static void read_iommu(struct snapshot *snapshot, const struct root *root, const char *device)
{
	char *link = xasprintf(DEVICES "/%s/iommu_group", device);
	char *type = xasprintf(DEVICES "/%s/iommu_group/type", device);

	snapshot->iommu_group = root_link_name(root, link);
	if (snapshot->iommu_group)
		snapshot->iommu_domain = root_line(root, type);
	else
		snapshot->iommu_group = xstrdup("");
	free(type);
	free(link);
}

static void read_irq(struct snapshot *snapshot, const struct root *root, const char *device)
{
	uint64_t irq;
	char *file;

	if (!attribute_number(root, device, "irq", &irq))
		return;
	snapshot->irq.irq_known = true;
	snapshot->irq.irq = irq;
	file = xasprintf("/sys/kernel/irq/%" PRIu64 "/actions", irq);
	if (irq)
		snapshot->irq_users = root_line(root, file);
	free(file);
}

static void read_driver(struct snapshot *snapshot, const struct root *root, const char *device)
{
	char *link = xasprintf(DEVICES "/%s/driver", device);

	snapshot->driver = root_link_name(root, link);
	if (!snapshot->driver)
		snapshot->driver = xstrdup("");
	free(link);
}

/* The devices above are the components of the resolved path that are addresses. */
static void read_parents(struct snapshot *snapshot, const struct root *root,
			 const char *device)
{
	char *file = xasprintf(DEVICES "/%s", device), *path = root_path(root, file);
	char *resolved = realpath(path, NULL), *slash;

	free(path);
	free(file);
	if (!resolved)
		return;
	for (slash = strrchr(resolved, '/'); slash; slash = strrchr(resolved, '/')) {
		struct pci_address address;
		uint64_t vendor = 0, id = 0, class = 0;
		struct bridge *bridge;

		*slash = '\0';
		slash = strrchr(resolved, '/');
		if (!slash || !pci_address_parse(slash + 1, &address) || !strchr(slash, '.'))
			break;
		attribute_number(root, slash + 1, "vendor", &vendor);
		attribute_number(root, slash + 1, "device", &id);
		attribute_number(root, slash + 1, "class", &class);
		bridge = array_add(&snapshot->parents);
		*bridge = (struct bridge){ address, vendor, id, class & 0xffffff };
	}
	free(resolved);
}

static void read_function(struct gpuprobe_case *c, const struct root *root, const char *device)
{
	struct pci_address address;
	struct snapshot *snapshot;
	struct function *function;
	uint64_t value;

	if (!pci_address_parse(device, &address))
		return;
	if (!attribute_number(root, device, "vendor", &value) || value != PCI_VENDOR_NVIDIA)
		return;
	function = case_function(c, &address);
	read_ids(function, root, device);
	snapshot = function_add_snapshot(function);
	snapshot->source = SNAPSHOT_SYSFS;
	read_driver(snapshot, root, device);
	read_config(snapshot, root, device);
	read_resources(snapshot, root, device);
	read_parents(snapshot, root, device);
	read_irq(snapshot, root, device);
	read_iommu(snapshot, root, device);
	source_regions(snapshot, root, device);
	if (snapshot->config_length == 64)
		case_add_blind_spot(c, _("the capabilities of the GPU (MSI, MSI-X, PCI Express)"),
				    _("only root may read config space beyond the header"),
				    _(REMEDY_ROOT));
}

static int visible(const struct dirent *entry)
{
	return isxdigit((unsigned char)entry->d_name[0]);
}

void source_sysfs(struct gpuprobe_case *c, const struct root *root)
{
	char *path = root_path(root, DEVICES);
	struct dirent **entries;
	int n = scandir(path, &entries, visible, alphasort);

	free(path);
	if (n < 0) {
		case_add_blind_spot(c, _("the PCI devices of this machine"),
				    _("/sys/bus/pci/devices cannot be read"), _("mount sysfs on /sys"));
		return;
	}
	c->machine.pci_looked = true;
	for (int i = 0; i < n; i++) {
		read_function(c, root, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}
