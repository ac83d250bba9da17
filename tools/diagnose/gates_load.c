// SPDX-License-Identifier: GPL-2.0-or-later
/* Gates before the probe: the module's file, its load, and who else has the GPU. */
#include "diagnose/gates.h"
#include "lib/i18n.h"

/* Chips with a smaller device id are for drivers older than any that matters here. */
#define OLDEST_DEVICE_ID 0x20

#define CLASS_VGA	0x0300
#define CLASS_3D	0x0302

static bool is_nvidia(const char *module)
{
	return !strcmp(module, "nvidia") || !strncmp(module, "nvidia_current", 14) ||
	       !strncmp(module, "nvidia-current", 14);
}

char *driver_option(const struct view *view, const char *name)
{
	char *found = NULL;

	for (size_t i = 0; i < view->c->module_settings.count; i++) {
		const struct module_setting *setting = &view->c->module_settings.at[i];
		const char *at;

		if (strcmp(setting->kind, "options") || !is_nvidia(setting->module) ||
		    !setting->value || !(at = strstr(setting->value, name)) ||
		    at[strlen(name)] != '=')
			continue;
		at += strlen(name) + 1;
		free(found);		/* the last one counts, as for the kernel */
		found = xstrndup(at, strcspn(at, " "));
	}
	return found;
}

bool nvidia_has_it(const struct view *view)
{
	const char *driver = view->now ? snapshot_bound(view->now) : NULL;

	return driver && !strncmp(driver, "nvidia", 6);
}

/* --- the file --- */

static void vermagic_gate(const struct view *view, struct gate_answer *answer)
{
	const struct driver_module *module = view->driver->module;
	const char *release = view->c->machine.kernel_release;
	int length;
	enum answer fits = driver_fits_kernel(view, &length);

	if (fits == NOT_KNOWN)
		return;
	if (fits == YES)
		gate_passes(answer, xasprintf(_("it was built for %s"), release));
	else if (strstr(module->vermagic, "modversions"))
		gate_open(answer, xasprintf(_("it was built for %.*s, the kernel is %s; whether the "
					    "symbols that it needs are the same is not known"),
					    length, module->vermagic, release));
	else
		gate_fails(answer, xasprintf(_("it was built for %.*s, the kernel is %s"),
					     length, module->vermagic, release));
}

static void signed_gate(const struct driver_module *module, struct gate_answer *answer)
{
	if (!module->signer) {
		gate_fails(answer, xstrdup(_("the kernel takes signed modules only, and this one is "
					   "not signed")));
	} else if (module->signer_known == YES) {
		gate_passes(answer, xasprintf(_("the kernel has a key of its signer, \"%s\""),
					      module->signer));
		gate_doubt(answer, CONFIDENCE_LIKELY, "only the name of the key was compared");
	} else if (module->signer_known == NO) {
		gate_fails(answer, xasprintf(_("the kernel takes signed modules only, and has no key "
					     "of its signer, \"%s\""), module->signer));
		gate_doubt(answer, CONFIDENCE_LIKELY, "only the name of the key was compared");
	} else {
		gate_open(answer, xasprintf(_("the kernel takes signed modules only; whether it has "
					    "the key of \"%s\" was not seen"), module->signer));
	}
}

static void signature_gate(const struct view *view, struct gate_answer *answer)
{
	const struct driver_module *module = view->driver->module;

	if (!module || !module->installed)
		return;
	if (module->loaded)
		gate_passes(answer, xstrdup(_("it is loaded")));
	else if (view->c->machine.signatures_enforced == NO)
		gate_passes(answer, xstrdup(_("the kernel takes modules without a trusted signature")));
	else if (view->c->machine.signatures_enforced == YES)
		signed_gate(module, answer);
	else if (!module->signer)
		gate_open(answer, xstrdup(_("it is not signed; whether the kernel minds was not seen")));
}

static void not_blocked_gate(const struct view *view, struct gate_answer *answer)
{
	struct fact fact;

	if (!view->driver->module || view->driver->ran)
		return;
	fact_get(view, "nvidia.blocked", &fact);
	if (fact.kind == FACT_WORD)
		gate_answer(answer, strcmp(fact.word, "no") ? GATE_FAILS : GATE_PASSES,
			    xstrdup(fact.because));
	fact_clear(&fact);
}

/* --- the load --- */

static bool has_gpu_class(const struct function *function)
{
	return function->class >> 8 == CLASS_VGA || function->class >> 8 == CLASS_3D;
}

/* The driver counts this one, so it does not complain that there is none. */
static bool another_is_counted(const struct view *view)
{
	for (size_t i = 0; i < view->c->functions.count; i++) {
		const struct function *other = &view->c->functions.at[i];

		if (other != view->function && function_is_gpu(other) && has_gpu_class(other) &&
		    other->device >= OLDEST_DEVICE_ID)
			return true;
	}
	return false;
}

static void class_gate(const struct view *view, struct gate_answer *answer)
{
	const struct function *function = view->function;

	if (!function->class_known) {
		gate_open(answer, xstrdup(_("the class code is not known")));
		return;
	}
	if (another_is_counted(view))
		answer->message = "";
	if (!has_gpu_class(function))
		gate_fails(answer, xasprintf(_("class %04x is neither 0300 nor 0302"),
					     function->class >> 8));
	else if (function->ids_known && function->device < OLDEST_DEVICE_ID)
		gate_fails(answer, xasprintf(_("device id %04x is too old"), function->device));
	else
		gate_passes(answer, xasprintf(_("its class is %04x"), function->class >> 8));
}

/* The proprietary driver has a list of the devices that it no longer drives. */
static void legacy_gate(const struct view *view, struct gate_answer *answer)
{
	const struct architecture *known = view->function->ids_known ?
		architecture_of_device(view->knowledge, view->function->device) : NULL;

	if (!known || !view->driver->branch)
		return;
	if (known->last_branch && view->driver->branch > known->last_branch)
		gate_fails(answer, xasprintf(_("the driver dropped %s after branch %u"), known->name,
					     known->last_branch));
	else if (known->last_branch)
		gate_passes(answer, xasprintf(_("%s is supported up to branch %u"), known->name,
					      known->last_branch));
	else
		gate_passes(answer, xasprintf(_("no release has dropped %s"), known->name));
}

/* The kernel offers a function to the driver only while no other one has it. */
static void owner_gate(const struct view *view, struct gate_answer *answer)
{
	const char *driver = view->now ? snapshot_bound(view->now) : NULL;
	const char *override = view->now ? view->now->deep.driver_override : NULL;

	if (override && strncmp(override, "nvidia", 6))
		gate_fails(answer, xasprintf(_("the kernel is told to give it to %s only "
					     "(driver_override)"), override));
	else if (!driver)
		gate_open(answer, xstrdup(_("which driver has it is not known")));
	else if (*driver && !nvidia_has_it(view))
		gate_fails(answer, xasprintf(_("the driver %s has it"), driver));
	else
		gate_passes(answer, *driver ? xasprintf(_("%s has it"), driver) :
					      xstrdup(_("no driver has it")));
}

const struct gate_test load_gates[] = {
	{ "vermagic",		vermagic_gate },
	{ "signature",		signature_gate },
	{ "not-blocked",	not_blocked_gate },
	{ "class",		class_gate },
	{ "legacy",		legacy_gate },
	{ "owner",		owner_gate },
	{ NULL, NULL }
};
