// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/view.h"

#include <inttypes.h>

#include "uapi/gpuprobe.h"
#include "lib/i18n.h"

/* --- which snapshot speaks for the time before the driver --- */

static bool before_nvidia(const struct snapshot *snapshot)
{
	return snapshot->source == SNAPSHOT_MODULE && snapshot->driver &&
	       snapshot->trigger == GPUPROBE_TRIGGER_BEFORE_BIND &&
	       !strncmp(snapshot->driver, "nvidia", 6);
}

/* Better is larger: what nvidia.ko found, then any time without a driver, then any. */
static int suitability(const struct snapshot *snapshot)
{
	if (snapshot->trigger == GPUPROBE_TRIGGER_REMOVED)
		return 0;
	if (before_nvidia(snapshot))
		return 4;
	if (!snapshot->driver || *snapshot->driver)
		return 1;
	return snapshot->source == SNAPSHOT_MODULE ? 3 : 2;
}

static const struct snapshot *choose_before(const struct function *function)
{
	const struct snapshot *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < function->snapshots.count; i++) {
		int rank = suitability(&function->snapshots.at[i]);

		if (rank < best_rank || !rank)
			continue;
		best = &function->snapshots.at[i];
		best_rank = rank;
	}
	return best;
}

void view_focus(struct view *view, const struct function *function)
{
	view->function = function;
	view->before = view->now = NULL;
	memset(&view->config, 0, sizeof(view->config));
	if (!function || !function->snapshots.count)
		return;
	view->before = choose_before(function);
	view->now = &function->snapshots.at[function->snapshots.count - 1];
	if (view->before)
		snapshot_config(view->before, &view->config);
}

/*
 * Words about a bridge matter to what is below it. Which bridges those are is
 * known only if somebody looked; a log alone does not say.
 */
static bool is_port_above(const struct view *view, const struct event *event)
{
	static const char *const drivers[] = { "pcieport", "shpchp", "pciehp" };
	const char *id = event->match.message->id, *driver = event_field(event, "driver");
	const struct snapshot *now = view->now;
	bool port = !strncmp(id, "pci.window-", 11) || !strcmp(id, "pci.hotplug-bridge");

	for (size_t i = 0; driver && i < sizeof(drivers) / sizeof(drivers[0]); i++)
		port |= !strcmp(driver, drivers[i]);
	if (!port || !now || !now->parents.count)
		return port;
	for (size_t i = 0; i < now->parents.count; i++)
		if (!pci_address_compare(&now->parents.at[i].address, &event->address))
			return true;
	return false;
}

bool view_has_event(const struct view *view, const struct event *event)
{
	const struct pci_address *a = &event->address;
	const struct pci_address *b;

	if (!view->function || !event->address_known)
		return true;
	b = &view->function->address;
	return (a->domain == b->domain && a->bus == b->bus && a->device == b->device) ||
	       is_port_above(view, event);
}

static const char *const trigger_words[] = {
	[GPUPROBE_TRIGGER_LOAD]		= N_("when gpuprobe was loaded"),
	[GPUPROBE_TRIGGER_ADDED]	= N_("when the function was added"),
	[GPUPROBE_TRIGGER_BEFORE_BIND]	= N_("just before the probe of"),
	[GPUPROBE_TRIGGER_BOUND]	= N_("just after the successful probe of"),
	[GPUPROBE_TRIGGER_NOT_BOUND]	= N_("just after the failed probe of"),
	[GPUPROBE_TRIGGER_BEFORE_UNBIND] = N_("just before the removal of"),
	[GPUPROBE_TRIGGER_UNBOUND]	= N_("just after the removal of"),
	[GPUPROBE_TRIGGER_REMOVED]	= N_("when the function left the bus"),
	[GPUPROBE_TRIGGER_REQUEST]	= N_("on request"),
};

#define TRIGGER_COUNT (sizeof(trigger_words) / sizeof(trigger_words[0]))

char *snapshot_describe(const struct snapshot *snapshot)
{
	const char *words = N_("at an unknown moment"), *driver = "";

	switch (snapshot->source) {
	case SNAPSHOT_SYSFS:
		return xstrdup(_("now, in sysfs"));
	case SNAPSHOT_LSPCI:
		return xstrdup(_("in the lspci text"));
	case SNAPSHOT_MODULE:
		break;
	}
	if (snapshot->trigger < TRIGGER_COUNT && trigger_words[snapshot->trigger])
		words = trigger_words[snapshot->trigger];
	if (words[strlen(words) - 1] == 'f')	/* "... of": of which driver */
		driver = snapshot->driver && *snapshot->driver ? snapshot->driver : _("a driver");
	return xasprintf("%s%s%s, [%" PRIu64 ".%06" PRIu64 "]", _(words), *driver ? " " : "",
			 driver, snapshot->log_ns / 1000000000,
			 snapshot->log_ns % 1000000000 / 1000);
}

/* --- the driver --- */

static void take_version(struct nvidia_driver *driver, const char *version)
{
	if (!version || driver->version)
		return;
	driver->version = xstrdup(version);
	driver->branch = strtoul(version, NULL, 10);
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* What only one flavour of the module says. */
static enum answer flavour_of(const struct event *event)
{
	static const char *const proprietary[] = {
		"nvrm.needs-open", "nvrm.legacy-gpu", "nvrm.legacy-branch",
		"nvrm.vbios-copy-failed",
	};
	const char *id = event->match.message->id;

	if (!strcmp(id, "nvrm.loading"))
		return event_field(event, "flavour") ? YES : NO;
	if (starts_with(id, "nvrm.open-"))
		return YES;
	for (size_t i = 0; i < sizeof(proprietary) / sizeof(proprietary[0]); i++)
		if (!strcmp(id, proprietary[i]))
			return NO;
	return NOT_KNOWN;
}

/* Messages whose field "version" is that of the kernel module itself. */
static bool has_module_version(const char *id)
{
	static const char *const ids[] = {
		"nvrm.loading", "modeset.loading", "nvrm.not-supported", "nvrm.legacy-ignored",
		"nvrm.api-mismatch-module", "nvrm.gsp-version-mismatch", "nvrm.gsp-file-missing",
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!strcmp(id, ids[i]))
			return true;
	return false;
}

bool program_got_no_gpu(const struct event *event)
{
	static const char *const ids[] = {
		"smi.no-devices", "smi.no-handle", "xorg.gpu-init-failed",
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!strcmp(event->match.message->id, ids[i]))
			return true;
	return false;
}

void nvidia_driver_find(const struct gpuprobe_case *c, const event_list *events,
			struct nvidia_driver *driver)
{
	const struct driver_module *module = case_module(c, "nvidia");

	memset(driver, 0, sizeof(*driver));
	for (size_t i = events->count; i-- > 0;) {	/* the newest word counts */
		const struct event *event = &events->at[i];
		const char *id = event->match.message->id;

		driver->ran |= starts_with(id, "nvrm.") || starts_with(id, "nvlink.") ||
			       program_got_no_gpu(event);
		if (has_module_version(id))
			take_version(driver, event_field(event, "version"));
		if (driver->open == NOT_KNOWN)
			driver->open = flavour_of(event);
	}
	driver->module = module;
	if (!module)
		return;
	driver->ran |= module->loaded;
	take_version(driver, module->version);
	if (driver->open == NOT_KNOWN && module->license)
		driver->open = strstr(module->license, "GPL") ? YES : NO;
}

enum answer driver_fits_kernel(const struct view *view, int *length)
{
	const struct driver_module *module = view->driver->module;
	const char *release = view->c->machine.kernel_release;

	if (!module || !module->vermagic || !release)
		return NOT_KNOWN;
	*length = strcspn(module->vermagic, " ");
	return strlen(release) == (size_t)*length &&
	       !strncmp(module->vermagic, release, *length) ? YES : NO;
}
