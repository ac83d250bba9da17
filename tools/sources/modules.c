// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel modules that may drive the GPU: what is loaded, what is installed. */
#include <errno.h>
#include <libkmod.h>
#include <unistd.h>

#include "sources/source.h"

/* Debian names the file of NVIDIA's module nvidia-current.ko; loaded it is "nvidia". */
static const struct {
	const char *name;
	const char *files[3];
} modules_of_interest[] = {
	{ "nvidia",	{ "nvidia", "nvidia-current", NULL } },
	{ "nouveau",	{ "nouveau", NULL } },
	{ "vfio_pci",	{ "vfio_pci", NULL } },
};

static void take_info(struct driver_module *module, struct kmod_module *kmod)
{
	struct kmod_list *info = NULL, *entry;

	if (kmod_module_get_info(kmod, &info) < 0)
		return;
	kmod_list_foreach(entry, info) {
		const char *key = kmod_module_info_get_key(entry);
		const char *value = kmod_module_info_get_value(entry);

		if (!strcmp(key, "version") && !module->version)
			module->version = xstrdup(value);
		else if (!strcmp(key, "license") && !module->license)
			module->license = xstrdup(value);
	}
	kmod_module_info_free_list(info);
}

static void look_on_disk(struct driver_module *module, struct kmod_ctx *kmod,
			 const char *const *files)
{
	for (size_t i = 0; files[i] && !module->installed; i++) {
		struct kmod_module *found;

		if (kmod_module_new_from_name(kmod, files[i], &found) < 0)
			continue;
		if (kmod_module_get_path(found)) {
			module->installed = true;
			take_info(module, found);
		}
		kmod_module_unref(found);
	}
}

static void look_in_sysfs(struct driver_module *module, const struct root *root)
{
	char *folder = xasprintf("/sys/module/%s", module->name);
	char *path = root_path(root, folder), *file, *version;

	module->loaded = !access(path, F_OK);
	free(path);
	file = xasprintf("%s/version", folder);
	version = root_line(root, file);
	if (version) {		/* what runs counts more than what lies on disk */
		free(module->version);
		module->version = version;
	}
	free(file);
	free(folder);
}

/* libkmod's context for the running kernel's modules on that machine, or NULL. */
static struct kmod_ctx *module_index(const struct gpuprobe_case *c, const struct root *root)
{
	static const char *const no_config = NULL;
	struct kmod_ctx *kmod;
	char *folder, *path;

	if (!c->machine.kernel_release)
		return NULL;
	folder = xasprintf("/lib/modules/%s", c->machine.kernel_release);
	path = root_path(root, folder);
	kmod = kmod_new(path, &no_config);
	free(path);
	free(folder);
	if (kmod)
		kmod_set_log_priority(kmod, 0);
	return kmod;
}

static void add_module(struct gpuprobe_case *c, const struct root *root, struct kmod_ctx *kmod,
		       const char *name, const char *const *files)
{
	struct driver_module module = { .name = xstrdup(name) };

	if (kmod)
		look_on_disk(&module, kmod, files);
	look_in_sysfs(&module, root);
	if (module.loaded || module.installed) {
		*array_add(&c->modules) = module;
		return;
	}
	free(module.name);
	free(module.version);
	free(module.license);
}

void source_modules(struct gpuprobe_case *c, const struct root *root)
{
	struct kmod_ctx *kmod = module_index(c, root);

	for (size_t i = 0; i < sizeof(modules_of_interest) / sizeof(modules_of_interest[0]); i++)
		add_module(c, root, kmod, modules_of_interest[i].name,
			   modules_of_interest[i].files);
	if (kmod)
		kmod_unref(kmod);
}
