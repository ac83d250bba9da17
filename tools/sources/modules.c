// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel modules that may drive the GPU: what is loaded, what is installed for
 * the running kernel, and how modprobe is told to treat them.
 */
#include <errno.h>
#include <libkmod.h>
#include <unistd.h>

#include "sources/source.h"

/* Where modprobe looks for its configuration; the first place of a file name wins. */
static const char *const config_folders[] = {
	"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	"/usr/lib/modprobe.d", "/lib/modprobe.d",
};

#define FOLDER_COUNT (sizeof(config_folders) / sizeof(config_folders[0]))

/* Debian names the file of NVIDIA's module nvidia-current.ko; loaded it is "nvidia". */
static const struct {
	const char *name;
	const char *files[3];
} modules_of_interest[] = {
	{ "nvidia",	{ "nvidia", "nvidia-current", NULL } },
	{ "nouveau",	{ "nouveau", NULL } },
	{ "vfio_pci",	{ "vfio_pci", NULL } },
};

/* --- a module's file --- */

static char **place_for(struct driver_module *module, const char *key)
{
	const struct {
		const char *key;
		char **place;
	} places[] = {
		{ "version", &module->file_version }, { "license", &module->license },
		{ "vermagic", &module->vermagic }, { "signer", &module->signer },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!strcmp(places[i].key, key))
			return places[i].place;
	return NULL;
}

static void take_info(struct driver_module *module, struct kmod_module *kmod)
{
	struct kmod_list *info = NULL, *entry;

	if (kmod_module_get_info(kmod, &info) < 0)
		return;
	kmod_list_foreach(entry, info) {
		const char *value = kmod_module_info_get_value(entry);
		char **place = place_for(module, kmod_module_info_get_key(entry));

		if (place && !*place && *value)
			*place = xstrdup(value);
	}
	kmod_module_info_free_list(info);
	if (module->file_version)
		module->version = xstrdup(module->file_version);
}

static void take_file(struct driver_module *module, struct kmod_module *kmod,
		      const char *dirname)
{
	const char *path = kmod_module_get_path(kmod);
	size_t length = strlen(dirname);

	if (!path)
		return;
	module->installed = true;
	module->file = xstrdup(strncmp(path, dirname, length) ? path : path + length + 1);
	take_info(module, kmod);
}

static void look_on_disk(struct driver_module *module, struct kmod_ctx *kmod,
			 const char *const *files)
{
	for (size_t i = 0; files[i] && !module->installed; i++) {
		struct kmod_module *found;

		if (kmod_module_new_from_name(kmod, files[i], &found) < 0)
			continue;
		take_file(module, found, kmod_get_dirname(kmod));
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

static void add_module(struct gpuprobe_case *c, const struct root *root, struct kmod_ctx *kmod,
		       const char *name, const char *const *files)
{
	struct driver_module module = { .name = xstrdup(name) };

	if (kmod)
		look_on_disk(&module, kmod, files);
	look_in_sysfs(&module, root);
	if (module.signer)
		module.signer_known = source_signer_known(root, module.signer);
	if (module.loaded || module.installed)
		*array_add(&c->modules) = module;
	else
		driver_module_clear(&module);
}

/* --- modprobe's configuration --- */

/* In names of modules, - and _ are the same. */
static bool name_starts_with(const char *name, const char *start)
{
	for (; *start; name++, start++)
		if (*name != *start && !(*name == '-' && *start == '_'))
			return false;
	return true;
}

static bool is_of_interest(const char *name)
{
	static const char *const starts[] = { "nvidia", "nouveau", "vfio_pci", "gpuprobe" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (name_starts_with(name, starts[i]))
			return true;
	return false;
}

static void add_setting(struct gpuprobe_case *c, const char *kind, const char *module,
			const char *value)
{
	struct module_setting *setting = array_add(&c->module_settings);

	setting->kind = xstrdup(kind);
	setting->module = xstrdup(module);
	setting->value = value ? xstrdup(value) : NULL;
}

static void read_settings(struct gpuprobe_case *c, const struct kmod_ctx *kmod)
{
	static const struct {
		const char *kind;
		struct kmod_config_iter *(*iter)(const struct kmod_ctx *kmod);
	} kinds[] = {
		{ "alias", kmod_config_get_aliases },
		{ "blacklist", kmod_config_get_blacklists },
		{ "install", kmod_config_get_install_commands },
		{ "options", kmod_config_get_options },
		{ "softdep", kmod_config_get_softdeps },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct kmod_config_iter *iter = kinds[i].iter(kmod);

		while (iter && kmod_config_iter_next(iter))
			if (is_of_interest(kmod_config_iter_get_key(iter)))
				add_setting(c, kinds[i].kind, kmod_config_iter_get_key(iter),
					    kmod_config_iter_get_value(iter));
		kmod_config_iter_free_iter(iter);
	}
}

/* libkmod's context for the running kernel's modules on that machine, or NULL. */
static struct kmod_ctx *module_index(const struct gpuprobe_case *c, const struct root *root)
{
	char *paths[FOLDER_COUNT + 1] = { NULL }, *folder, *path;
	struct kmod_ctx *kmod;

	if (!c->machine.kernel_release)
		return NULL;
	for (size_t i = 0; i < FOLDER_COUNT; i++)
		paths[i] = root_path(root, config_folders[i]);
	folder = xasprintf("/lib/modules/%s", c->machine.kernel_release);
	path = root_path(root, folder);
	kmod = kmod_new(path, (const char *const *)paths);
	free(path);
	free(folder);
	for (size_t i = 0; i < FOLDER_COUNT; i++)
		free(paths[i]);
	if (kmod)
		kmod_set_log_priority(kmod, 0);
	return kmod;
}

/* Without the index, that a file is not found says nothing. */
static bool index_is_there(const struct kmod_ctx *kmod)
{
	char *path = xasprintf("%s/modules.dep.bin", kmod_get_dirname(kmod));
	bool there = !access(path, R_OK);

	free(path);
	return there;
}

void source_modules(struct gpuprobe_case *c, const struct root *root)
{
	struct kmod_ctx *kmod = module_index(c, root);

	for (size_t i = 0; i < sizeof(modules_of_interest) / sizeof(modules_of_interest[0]); i++)
		add_module(c, root, kmod, modules_of_interest[i].name,
			   modules_of_interest[i].files);
	if (!kmod)
		return;
	c->modules_looked = index_is_there(kmod);
	read_settings(c, kmod);
	kmod_unref(kmod);
}
