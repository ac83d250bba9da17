// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts about the driver that is installed, and about what the kernel asks of it. */
#include "diagnose/facts.h"
#include "lib/i18n.h"

static void find_installed(const struct view *view, struct fact *fact)
{
	const struct driver_module *module = view->driver->module;

	if (module && module->installed) {
		fact_set_answer(fact, YES);
		fact->because = xasprintf(_("a driver for the running kernel is installed: %s"),
					  module->file ? module->file : module->name);
	} else if (view->c->modules_looked) {
		fact_set_answer(fact, NO);
		fact->because = xstrdup(_("no NVIDIA driver is installed for the running kernel"));
	}
}

/* fits, other: whether it was built for the kernel that runs */
static void find_vermagic(const struct view *view, struct fact *fact)
{
	const struct driver_module *module = view->driver->module;
	int length;
	enum answer fits = driver_fits_kernel(view, &length);

	if (fits == NOT_KNOWN)
		return;
	fact_set_word(fact, fits == YES ? "fits" : "other");
	fact->because = xasprintf(_("the driver's module was built for %.*s, the kernel is %s"),
				  length, module->vermagic, view->c->machine.kernel_release);
}

/* none, known, unknown: whether the kernel has a key of that name; unchecked */
static void find_signer(const struct view *view, struct fact *fact)
{
	static const char *const words[] = {
		[NOT_KNOWN] = "unchecked", [NO] = "unknown", [YES] = "known",
	};
	const struct driver_module *module = view->driver->module;

	if (!module || !module->installed)
		return;
	if (!module->signer) {
		fact_set_word(fact, "none");
		fact->because = xstrdup(_("the driver's module is not signed"));
		return;
	}
	fact_set_word(fact, words[module->signer_known]);
	fact->because = xasprintf(_("the driver's module is signed by \"%s\"%s"), module->signer,
				  module->signer_known == NO ? _(", of which the kernel has no key") :
				  module->signer_known == YES ? _(", of which the kernel has a key") :
				  "");
}

static void find_signatures(const struct view *view, struct fact *fact)
{
	const struct machine *machine = &view->c->machine;
	bool locked = machine->lockdown && strcmp(machine->lockdown, "none") != 0;

	fact_set_answer(fact, machine->signatures_enforced);
	if (machine->signatures_enforced == YES)
		fact->because = xasprintf(_("the kernel loads signed modules only%s%s%s"),
					  locked ? _(" (lockdown: ") : "",
					  locked ? machine->lockdown : "", locked ? ")" : "");
	else if (machine->signatures_enforced == NO)
		fact->because = xstrdup(_("the kernel loads modules without a trusted signature"));
}

static void find_secure_boot(const struct view *view, struct fact *fact)
{
	fact_set_answer(fact, view->c->machine.secure_boot);
	if (view->c->machine.secure_boot != NOT_KNOWN)
		fact->because = xstrdup(view->c->machine.secure_boot == YES ?
					_("Secure Boot is on") : _("Secure Boot is off"));
}

/* --- modprobe's configuration --- */

static bool is_nvidia(const char *module)
{
	return !strcmp(module, "nvidia") || !strcmp(module, "nvidia_current") ||
	       !strcmp(module, "nvidia-current");
}

/* A command that does nothing, so that "modprobe nvidia" does nothing. */
static bool does_nothing(const char *command)
{
	static const char *const commands[] = { "/bin/false", "/bin/true", "false", "true", ":" };
	size_t length;

	if (!strncmp(command, "/usr/", 5))
		command += 4;
	length = strcspn(command, " ");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strlen(commands[i]) == length && !strncmp(command, commands[i], length))
			return true;
	return false;
}

/* yes: modprobe does not load it; by-itself: only when asked by name; no */
static void find_blocked(const struct view *view, struct fact *fact)
{
	if (!view->c->modules_looked)
		return;
	for (size_t i = 0; i < view->c->module_settings.count; i++) {
		const struct module_setting *setting = &view->c->module_settings.at[i];
		const char *value = setting->value ? setting->value : "";
		bool off = (!strcmp(setting->kind, "install") && does_nothing(value)) ||
			   (!strcmp(setting->kind, "alias") && !strcmp(value, "off"));

		if (!is_nvidia(setting->module) || (!off && strcmp(setting->kind, "blacklist")))
			continue;
		fact_set_word(fact, off ? "yes" : "by-itself");
		fact->because = xasprintf(off ? _("modprobe's configuration has \"%s %s %s\"") :
					  _("modprobe's configuration has \"%s %s\", so it is loaded "
					    "only when somebody asks for it by name"), setting->kind,
					  setting->module, value);
		return;
	}
	fact_set_word(fact, "no");
	fact->because = xstrdup(_("modprobe's configuration does not forbid the driver"));
}

/* --- firmware --- */

/*
 * present, missing: for this version of the driver. Turing needs gsp_tu10x.bin, as
 * seen with 535; of the others only that there is none at all says something.
 */
static void find_firmware(const struct view *view, struct fact *fact)
{
	const char *version = view->driver->version;
	size_t length;

	if (!view->c->firmware_looked || !version)
		return;
	length = strlen(version);
	for (size_t i = 0; i < view->c->firmware.count; i++) {
		const char *file = view->c->firmware.at[i];

		if (strncmp(file, version, length) || file[length] != '/')
			continue;
		if (fact_is(view, "architecture", "turing") == YES &&
		    !strcmp(file + length, "/gsp_ga10x.bin"))
			continue;
		fact_set_word(fact, "present");
		fact->because = xasprintf(_("the firmware nvidia/%s is on disk"), file);
		return;
	}
	fact_set_word(fact, "missing");
	fact->because = xasprintf(_("there is no file nvidia/%s/gsp*.bin below /lib/firmware"), version);
}

const struct fact_entry driver_facts[] = {
	{ "nvidia.installed",	find_installed },	/* for the running kernel: yes, no */
	{ "nvidia.vermagic",	find_vermagic },	/* fits, other */
	{ "nvidia.signer",	find_signer },		/* none, known, unknown, unchecked */
	{ "nvidia.blocked",	find_blocked },		/* by modprobe.d: yes, by-itself, no */
	{ "nvidia.firmware",	find_firmware },	/* of the GSP: present, missing */
	{ "signatures.enforced", find_signatures },	/* on modules: yes, no */
	{ "secure-boot",	find_secure_boot },	/* yes, no */
	{ NULL, NULL }
};
