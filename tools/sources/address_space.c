// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's physical addresses: where memory is, what the host bridges pass on
 * to PCI, and what lies there now. This is what tells whether a GPU would fit.
 */
#include <dirent.h>
#include <inttypes.h>
#include <unistd.h>

#include "sources/source.h"
#include "sources/sysfs.h"

#define DEVICES		"/sys/bus/pci/devices"
#define FW_CFG_MMIO64	"/sys/firmware/qemu_fw_cfg/by_name/opt/ovmf/X-PciMmio64Mb/raw"

#define NEST_MAX	8	/* levels of /proc/iomem */
#define WINDOWS_FROM	7	/* lines of "resource" after BARs and ROM: bridge windows */
#define NEIGHBOURS_MAX	4096

/* --- /proc/iomem: "start-end : name", two blanks deeper for what lies inside --- */

static bool is_bus(const char *name)
{
	return !strncmp(name, "PCI Bus ", 8);
}

/* "0000:00:02.0": a BAR, which is seen in sysfs as well. */
static bool is_function(const char *name)
{
	struct pci_address address;

	return pci_address_parse(name, &address) == strlen(name);
}

/* What the lines above a line of /proc/iomem say of it. */
struct level {
	bool in_bus;	/* somewhere in a window of a PCI bus */
	bool on_bus;	/* directly in one, not in what lies there */
	bool reserved;	/* in what the firmware's memory map reserves */
};

static void take_iomem_range(struct address_space *space, uint64_t start, uint64_t end,
			     const char *name, const struct level *level)
{
	struct address_range range = { .start = start, .size = end - start + 1 };

	if (!strcmp(name, "System RAM"))
		range.kind = RANGE_RAM;
	else if (is_bus(name) && !level->in_bus)
		range.kind = RANGE_WINDOW;
	else if (level->on_bus && !is_bus(name) && !is_function(name))
		range.kind = RANGE_RESERVED;
	else
		return;
	*array_add(&space->ranges) = range;
	if (range.kind != RANGE_WINDOW || !level->reserved)
		return;
	/* A window that the kernel uses none of. */
	range.kind = RANGE_RESERVED;
	*array_add(&space->ranges) = range;
}

/* True for a line with addresses that are not hidden. */
static bool take_iomem_line(struct address_space *space, const char *line,
			    struct level levels[NEST_MAX + 1])
{
	size_t depth = strspn(line, " ") / 2;
	uint64_t start, end;
	int at = 0;

	if (depth >= NEST_MAX ||
	    sscanf(line, " %" SCNx64 "-%" SCNx64 " : %n", &start, &end, &at) != 2 || !at ||
	    end < start)
		return false;
	levels[depth + 1].on_bus = is_bus(line + at);
	levels[depth + 1].reserved = levels[depth].reserved || !strcasecmp(line + at, "Reserved");
	/* Some firmware lists config space as a window too. */
	levels[depth + 1].in_bus = levels[depth].in_bus || is_bus(line + at) ||
				   !strncmp(line + at, "PCI ECAM", 8) ||
				   !strncmp(line + at, "PCI MMCONFIG", 12);
	take_iomem_range(space, start, end, line + at, &levels[depth]);
	return end > 0;
}

static void read_iomem(struct address_space *space, const struct root *root)
{
	char *path = root_path(root, "/proc/iomem"), line[512];
	struct level levels[NEST_MAX + 1] = { 0 };
	bool any = false, lines = false;
	FILE *file = fopen(path, "re");

	free(path);
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		lines = true;
		any |= take_iomem_line(space, line, levels);
	}
	if (file)
		fclose(file);
	space->hidden = lines && !any;
	if (space->hidden)
		space->ranges.count = 0;
}

/* --- the width of addresses --- */

static void read_cpuinfo(struct address_space *space, const struct root *root)
{
	char *path = root_path(root, "/proc/cpuinfo"), line[4096];
	FILE *file = fopen(path, "re");

	free(path);
	while (file && !space->bits && fgets(line, sizeof(line), file))
		if (sscanf(line, "address sizes : %" SCNu32 " bits", &space->bits) != 1 ||
		    space->bits > 64)
			space->bits = 0;
	if (file)
		fclose(file);
}

/* --- what is on the bus --- */

static void read_taken(struct neighbour *neighbour, const struct root *root,
		       const char *device)
{
	struct sysfs_resource resources[SYSFS_RESOURCES];
	size_t count = sysfs_resources(root, device, resources);

	for (size_t i = 0; i < count; i++) {
		uint64_t start = resources[i].start, end = resources[i].end;
		uint64_t flags = resources[i].flags;

		if (!(flags & IORESOURCE_MEM) || flags & IORESOURCE_UNSET || !start ||
		    end < start)
			continue;
		*array_add(&neighbour->taken) = (struct taken_range){
			start, end - start + 1, flags, i >= WINDOWS_FROM
		};
	}
}

/* The function above is the folder above, in the path without links. */
static void read_parent(struct neighbour *neighbour, const struct root *root,
			const char *device)
{
	char *file = xasprintf(DEVICES "/%s", device), *path = root_path(root, file);
	char *resolved = realpath(path, NULL), *slash;

	slash = resolved ? strrchr(resolved, '/') : NULL;
	if (slash) {
		*slash = '\0';
		slash = strrchr(resolved, '/');
	}
	neighbour->parent_known = slash && strchr(slash, '.') &&
				  pci_address_parse(slash + 1, &neighbour->parent);
	free(resolved);
	free(path);
	free(file);
}

static void read_neighbour(struct address_space *space, const struct root *root,
			   const char *device)
{
	struct pci_address address;
	struct neighbour *neighbour;
	char *file, *class;

	if (!pci_address_parse(device, &address) || space->neighbours.count >= NEIGHBOURS_MAX)
		return;
	neighbour = array_add(&space->neighbours);
	neighbour->address = address;
	file = xasprintf(DEVICES "/%s/class", device);
	class = root_line(root, file);
	neighbour->class = class ? strtoul(class, NULL, 16) & 0xffffff : 0;
	free(class);
	free(file);
	read_taken(neighbour, root, device);
	read_parent(neighbour, root, device);
}

static void read_neighbours(struct address_space *space, const struct root *root)
{
	char *path = root_path(root, DEVICES);
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);

	free(path);
	if (n < 0)
		return;
	for (int i = 0; i < n; i++) {
		read_neighbour(space, root, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

/* --- firmware --- */

static bool exists(const struct root *root, const char *file)
{
	char *path = root_path(root, file);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* Where there is /sys/firmware at all, a UEFI leaves its folder there. */
static enum answer booted_by_efi(const struct root *root)
{
	if (!exists(root, "/sys/firmware"))
		return NOT_KNOWN;
	return exists(root, "/sys/firmware/efi") ? YES : NO;
}

static void read_fw_cfg(struct address_space *space, const struct root *root)
{
	char *text = root_line(root, FW_CFG_MMIO64), *end;

	if (!text)
		return;
	space->mmio64_mib = strtoull(text, &end, 0);
	space->mmio64_known = end != text;
	free(text);
}

void source_address_space(struct gpuprobe_case *c, const struct root *root)
{
	struct address_space *space = &c->machine.space;

	read_iomem(space, root);
	read_cpuinfo(space, root);
	read_neighbours(space, root);
	read_fw_cfg(space, root);
	c->machine.efi = booted_by_efi(root);
}
