// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why gpuprobe.ko is not loaded, and the one thing to do about it. All that is
 * looked at is plain files: nothing is loaded to find out.
 */
#include <libkmod.h>
#include <string.h>
#include <unistd.h>

#include "sources/source.h"
#include "lib/i18n.h"

#define MOK_UBUNTU	"/var/lib/shim-signed/mok/MOK.der"
#define MOK_DKMS	"/var/lib/dkms/mok.pub"
#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* The file that would be loaded. */
struct module_file {
	bool there;
	bool placeholder;	/* of packaging/dkms-build */
	char *signer;		/* NULL: not signed */
	char *kernel;		/* that it is built for: the first word of its vermagic */
};

static bool exists(const struct root *root, const char *file)
{
	char *path = root_path(root, file);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

static void read_info(struct module_file *file, struct kmod_module *module)
{
	struct kmod_list *info = NULL, *entry;

	if (kmod_module_get_info(module, &info) < 0)
		return;
	kmod_list_foreach(entry, info) {
		const char *key = kmod_module_info_get_key(entry);
		const char *value = kmod_module_info_get_value(entry);

		if (!strcmp(key, "signer") && !file->signer)
			file->signer = xstrdup(value);
		else if (!strcmp(key, "vermagic") && !file->kernel)
			file->kernel = xstrndup(value, strcspn(value, " "));
		else if (!strcmp(key, "gpuprobe") && !strcmp(value, "placeholder"))
			file->placeholder = true;
	}
	kmod_module_info_free_list(info);
}

static void find_file(struct module_file *file, const struct root *root, const char *release)
{
	static const char *const no_config = NULL;
	char *folder = xasprintf("%s/lib/modules/%s", root->path, release);
	struct kmod_ctx *kmod = kmod_new(folder, &no_config);
	struct kmod_module *module;

	free(folder);
	if (!kmod)
		return;
	kmod_set_log_priority(kmod, 0);
	if (kmod_module_new_from_name(kmod, "gpuprobe", &module) >= 0) {
		const char *path = kmod_module_get_path(module);

		file->there = path && !access(path, F_OK);
		if (file->there)
			read_info(file, module);
		kmod_module_unref(module);
	}
	kmod_unref(kmod);
}

/* The last byte of the variable, after four of attributes. */
static bool secure_boot(const struct root *root)
{
	unsigned char variable[5];

	return root_read(root, SECURE_BOOT, variable, sizeof(variable)) == sizeof(variable) &&
	       variable[4] == 1;
}

static bool locked_down(const struct root *root)
{
	char *line = root_line(root, "/sys/kernel/security/lockdown");
	bool locked = line && strchr(line, '[') && !strstr(line, "[none]");

	free(line);
	return locked;
}

static bool demands_signatures(const struct root *root)
{
	char *line = root_line(root, "/sys/module/module/parameters/sig_enforce");
	bool enforced = line && !strcmp(line, "Y");

	free(line);
	return enforced || secure_boot(root) || locked_down(root);
}

/* Whether the kernel has a key of that name; it tells root of all that it trusts. */
static bool knows_key(const struct root *root, const char *signer)
{
	char *path = root_path(root, "/proc/keys"), *line = NULL;
	FILE *file = fopen(path, "re");
	bool known = false;
	size_t room = 0;

	free(path);
	while (file && !known && getline(&line, &room, file) > 0)
		known = strstr(line, "asymmetri") && strstr(line, signer);
	if (file)
		fclose(file);
	free(line);
	return known;
}

static void note(struct gpuprobe_case *c, const char *what, const char *why, char *remedy)
{
	case_add_blind_spot(c, what, why, remedy);
	free(remedy);
}

static void note_key(struct gpuprobe_case *c, const struct root *root, const char *what)
{
	const char *key = exists(root, MOK_UBUNTU) ? MOK_UBUNTU : MOK_DKMS;

	if (!secure_boot(root)) {
		note(c, what, _("the kernel is locked down and does not know the key of gpuprobe.ko"),
		     xstrdup(_("take \"lockdown=\" or \"module.sig_enforce\" from the kernel's "
			     "command line, or go on without the module")));
		return;
	}
	note(c, what, _("Secure Boot is on and the key of gpuprobe.ko is not enrolled, so that "
	     "the kernel does not load it"),
	     xasprintf(_("run \"mokutil --import %s\", restart, and confirm on the machine's "
		       "console (Enroll MOK)"), key));
}

static void note_not_built(struct gpuprobe_case *c, const struct root *root, const char *what,
			   const char *release)
{
	char *headers = xasprintf("/lib/modules/%s/build", release);
	char *why = xasprintf(_("gpuprobe.ko is not built for the running kernel, %s"), release);

	if (exists(root, headers))
		note(c, what, why, xasprintf(_("run \"dkms autoinstall -k %s\" and reboot; its log "
					     "is below /var/lib/dkms/gpuprobe"), release));
	else
		note(c, what, why, xasprintf(_("install the package linux-headers-%s, with which "
					     "DKMS builds it, and reboot"), release));
	free(headers);
	free(why);
}

static void note_file(struct gpuprobe_case *c, const struct root *root, const char *what,
		      const struct module_file *file, const char *release)
{
	char *why;

	if (file->placeholder) {
		note(c, what, _("gpuprobe.ko did not build for this kernel"),
		     xstrdup(_("see the log below /var/lib/dkms/gpuprobe, or take a newer gpuprobe")));
	} else if (file->kernel && strcmp(file->kernel, release) != 0) {
		why = xasprintf(_("gpuprobe.ko is built for another kernel, %s"), file->kernel);
		note(c, what, why, xasprintf(_("run \"dkms install gpuprobe -k %s --force\" and "
					     "reboot"), release));
		free(why);
	} else if (demands_signatures(root) && !(file->signer && knows_key(root, file->signer))) {
		note_key(c, root, what);
	} else {
		note(c, what, _("gpuprobe.ko is installed and not loaded"),
		     xstrdup(_("reboot, so that it is there before the driver; \"modprobe gpuprobe\" "
			     "says why it does not load")));
	}
}

void source_absence(struct gpuprobe_case *c, const struct root *root, const char *what)
{
	const char *release = c->machine.kernel_release;
	struct module_file file = { 0 };

	if (release)
		find_file(&file, root, release);
	if (file.there)
		note_file(c, root, what, &file, release);
	else if (release && exists(root, "/var/lib/dkms/gpuprobe"))
		note_not_built(c, root, what, release);
	else
		note(c, what, _("the gpuprobe module is not loaded"),
		     xstrdup(_("install it (make install) and reboot, so that it is there before "
			     "the driver")));
	free(file.signer);
	free(file.kernel);
}
