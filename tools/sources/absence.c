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
#include "version.h"

#define MOK_UBUNTU	"/var/lib/shim-signed/mok/MOK.der"
#define MOK_DKMS	"/var/lib/dkms/mok.pub"

/* The file that would be loaded. */
struct module_file {
	bool there;
	bool placeholder;	/* of packaging/dkms-build */
	char *signer;		/* NULL: not signed */
	char *kernel;		/* that it is built for: the first word of its vermagic */
	char *version;
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

		if (!strcmp(key, "signer") && !file->signer && *value)
			file->signer = xstrdup(value);
		else if (!strcmp(key, "vermagic") && !file->kernel)
			file->kernel = xstrndup(value, strcspn(value, " "));
		else if (!strcmp(key, "version") && !file->version)
			file->version = xstrdup(value);
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

static bool locked_down(const struct gpuprobe_case *c)
{
	return c->machine.lockdown && strcmp(c->machine.lockdown, "none") != 0;
}

static bool demands_signatures(const struct gpuprobe_case *c)
{
	return c->machine.signatures_enforced == YES || c->machine.secure_boot == YES;
}

static void note(struct gpuprobe_case *c, const char *what, const char *why, char *remedy)
{
	case_add_blind_spot(c, what, why, remedy);
	free(remedy);
}

/* What makes DKMS build it anew, whatever it thinks of what is there. */
static char *rebuild(const struct module_file *file, const char *release)
{
	const char *version = file->version ? file->version : GPUPROBE_VERSION;

	return xasprintf(_("run \"dkms remove gpuprobe/%s -k %s; dkms install gpuprobe/%s -k %s\" and "
			   "reboot"), version, release, version, release);
}

static const char *key_file(const struct root *root)
{
	return exists(root, MOK_UBUNTU) ? MOK_UBUNTU : MOK_DKMS;
}

/* DKMS before 3.0 signs nothing by itself, and no DKMS does without openssl. */
static void note_unsigned(struct gpuprobe_case *c, const struct root *root, const char *what,
			  const struct module_file *file, const char *release)
{
	const char *why = _("the kernel loads signed modules only, and gpuprobe.ko is not signed");

	if (exists(root, key_file(root)))
		note(c, what, why, rebuild(file, release));
	else
		note(c, what, why, xstrdup(_("sign it with a key that this machine knows, or go on "
					   "without the module")));
}

static void note_key(struct gpuprobe_case *c, const struct root *root, const char *what,
		     enum answer known)
{
	if (c->machine.secure_boot == YES)
		note(c, what, known == NO ?
		     _("Secure Boot is on and the key of gpuprobe.ko is not enrolled, so that the "
		       "kernel does not load it") :
		     _("Secure Boot is on, and whether the key of gpuprobe.ko is enrolled cannot be "
		       "seen"),
		     xasprintf(_("run \"mokutil --import %s\", restart, and confirm on the machine's "
			       "console (Enroll MOK)"), key_file(root)));
	else
		note(c, what, known == NO ?
		     _("the kernel loads signed modules only, and does not know the key of "
		       "gpuprobe.ko") :
		     _("the kernel loads signed modules only, and whether it knows the key of "
		       "gpuprobe.ko cannot be seen"),
		     xstrdup(_("take \"lockdown=\" or \"module.sig_enforce\" from the kernel's "
			     "command line, or go on without the module")));
}

static bool has_compiler(const struct root *root)
{
	return exists(root, "/usr/bin/gcc") || exists(root, "/usr/bin/cc");
}

static void note_not_built(struct gpuprobe_case *c, const struct root *root, const char *what,
			   const char *release)
{
	char *headers = xasprintf("/lib/modules/%s/build", release);
	char *why = xasprintf(_("gpuprobe.ko is not built for the running kernel, %s"), release);

	if (!exists(root, headers))
		note(c, what, why, xasprintf(_("install the package linux-headers-%s, with which "
					     "DKMS builds it, and reboot"), release));
	else if (!has_compiler(root))
		note(c, what, why, xasprintf(_("install the packages gcc and make, run \"dkms "
					     "autoinstall -k %s\" and reboot"), release));
	else
		note(c, what, why, xasprintf(_("run \"dkms autoinstall -k %s\" and reboot; its log "
					     "is below /var/lib/dkms/gpuprobe"), release));
	free(headers);
	free(why);
}

/* False if its signature is no reason for not being loaded. */
static bool note_signature(struct gpuprobe_case *c, const struct root *root, const char *what,
			   const struct module_file *file, const char *release)
{
	enum answer known;

	if (!demands_signatures(c))
		return false;
	if (!file->signer) {
		note_unsigned(c, root, what, file, release);
		return true;
	}
	known = source_signer_known(root, file->signer);
	if (known != YES)
		note_key(c, root, what, known);
	return known != YES;
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
		note(c, what, why, rebuild(file, release));
		free(why);
	} else if (!note_signature(c, root, what, file, release)) {
		note(c, what, _("gpuprobe.ko is installed and not loaded"),
		     xstrdup(_("reboot, so that it is there before the driver; \"modprobe gpuprobe\" "
			     "says why it does not load")));
	}
}

/* Without the module nobody reads registers then: a program may not map a BAR. */
static void note_lockdown(struct gpuprobe_case *c)
{
	char *why;

	if (!locked_down(c))
		return;
	why = xasprintf(_("the kernel is locked down (%s), so that programs may read the GPU's "
			  "configuration space and not its registers; a module may"),
			c->machine.lockdown);
	case_add_blind_spot(c, _("the GPU's registers"), why, NULL);
	free(why);
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
		     xstrdup(_("install it (make install, or the package gpuprobe-dkms) and reboot, "
			     "so that it is there before the driver")));
	free(file.signer);
	free(file.kernel);
	free(file.version);
	note_lockdown(c);
}
