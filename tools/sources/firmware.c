// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Firmware of the GPU System Processor, which nvidia.ko asks the kernel for:
 * nvidia/VERSION/gsp_*.bin. nouveau's lies in folders named after chips.
 */
#include <glob.h>

#include "sources/source.h"

/* Where the kernel looks (drivers/base/firmware_loader/main.c); %s is its release. */
static const char *const folders[] = {
	"/lib/firmware/updates/%s", "/lib/firmware/updates", "/lib/firmware/%s",
	"/lib/firmware", "/usr/lib/firmware",
};

static bool is_in_case(const struct gpuprobe_case *c, const char *file)
{
	for (size_t i = 0; i < c->firmware.count; i++)
		if (!strcmp(c->firmware.at[i], file))
			return true;
	return false;
}

/* "535.183.01/gsp_tu10x.bin", also of a file that is compressed. */
static void take_file(struct gpuprobe_case *c, const char *file)
{
	char *name = xstrdup(file), *end = strstr(name, ".bin");

	end[strlen(".bin")] = '\0';
	if (is_in_case(c, name))
		free(name);
	else
		*array_add(&c->firmware) = name;
}

static void look_in(struct gpuprobe_case *c, const struct root *root, const char *folder)
{
	char *start = root_path(root, folder);
	char *pattern = xasprintf("%s/nvidia/[0-9]*/gsp*.bin*", start);
	glob_t found;

	if (!glob(pattern, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			take_file(c, found.gl_pathv[i] + strlen(start) + strlen("/nvidia/"));
		globfree(&found);
	}
	free(pattern);
	free(start);
}

void source_firmware(struct gpuprobe_case *c, const struct root *root)
{
	const char *release = c->machine.kernel_release;

	if (!release)
		return;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *folder = xasprintf(folders[i], release);

		look_in(c, root, folder);
		free(folder);
	}
	c->firmware_looked = true;
}
