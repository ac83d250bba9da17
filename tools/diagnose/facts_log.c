// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facts that are read from the log: what came first, what the last word on
 * something was, and what the log says of the machine.
 */
#include <inttypes.h>

#include "diagnose/facts.h"
#include "lib/i18n.h"

/* A memory window this large is of a GPU, not of what else a function has. */
#define WINDOW_OF_A_GPU	(UINT64_C(1) << 24)
#define FOUR_GIB	(UINT64_C(1) << 32)

static bool has_id(const struct event *event, const char *id)
{
	return !strcmp(event->match.message->id, id);
}

static bool is_one_of(const struct event *event, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has_id(event, ids[i]))
			return true;
	return false;
}

#define IS_ONE_OF(event, ids) is_one_of(event, ids, sizeof(ids) / sizeof((ids)[0]))

static const struct event *first_event(const struct view *view, const char *const *ids,
				       size_t count)
{
	for (size_t i = 0; i < view->events->count; i++)
		if (is_one_of(&view->events->at[i], ids, count) &&
		    view_has_event(view, &view->events->at[i]))
			return &view->events->at[i];
	return NULL;
}

#define FIRST_EVENT(view, ids) first_event(view, ids, sizeof(ids) / sizeof((ids)[0]))

/* --- memory windows --- */

/* Which BAR the PCI core placed, or failed to place; false for all but 0 to 5. */
static bool bar_of(const struct event *event, unsigned int *bar)
{
	static const char *const ids[] = {
		"pci.bar-no-space", "pci.bar-assign-failed", "pci.bar-value",
	};
	uint64_t number;

	if (!IS_ONE_OF(event, ids) || event_field(event, "vf") ||
	    !event_number(event, "bar", &number) || number >= ROM_BAR)
		return false;
	*bar = number;
	return true;
}

static bool is_same_device(const struct event *a, const struct event *b)
{
	return a->address.domain == b->address.domain && a->address.bus == b->address.bus &&
	       a->address.device == b->address.device;
}

/*
 * The PCI core tries more than once, so the last word on a window counts. Where
 * no GPU is known it is the first device that fails with a window of a GPU's
 * size. A driver that enlarges a window (resizable BAR) is another matter.
 */
void fact_bars_unplaced(const struct view *view, struct fact *fact)
{
	bool failed[ROM_BAR] = { false };
	const struct event *first = NULL;
	unsigned int bar, count = 0;

	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];
		const char *driver = event_field(event, "driver");
		bool fails = !has_id(event, "pci.bar-value");
		uint64_t size = 0;

		if (!event->address_known || !bar_of(event, &bar) ||
		    !view_has_event(view, event) || (driver && !strcmp(driver, "nvidia")))
			continue;
		if (fails && event_number(event, "size", &size) && size < WINDOW_OF_A_GPU)
			continue;
		if (fails && !first)
			first = event;
		if (first && is_same_device(first, event))
			failed[bar] = fails;
	}
	if (!first)
		return;
	for (bar = 0; bar < ROM_BAR; bar++)
		count += failed[bar];
	fact_set_number(fact, count);
	if (count)
		fact->because = xasprintf(_("the kernel found no address for %u of its memory windows"),
					  count);
}

/* The largest window above 4 GiB of the PCI bus; 0: windows are listed, none is there. */
void fact_window64(const struct view *view, struct fact *fact)
{
	uint64_t largest = 0, from, to;
	bool listed = false;

	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];
		const char *kind = event_field(event, "kind");

		if (!has_id(event, "pci.root-window") || !kind || strcmp(kind, "mem") ||
		    !event_hex(event, "address", &from) || !event_hex(event, "end", &to))
			continue;
		listed = true;
		if (from >= FOUR_GIB && to > from && to - from + 1 > largest)
			largest = to - from + 1;
	}
	if (!listed)
		return;
	fact_set_number(fact, largest >> 20);
	fact->because = largest ?
		xasprintf(_("the largest PCI window above 4 GiB has %" PRIu64 " MiB"), largest >> 20) :
		xstrdup(_("the machine has no PCI window above 4 GiB"));
}

/* --- when it went wrong --- */

/* These end a failure, or go with it; they name no reason. */
static const char *const reasonless[] = {
	"nvrm.rminit-failed", "nvrm.rm-init-adapter-failed", "nvrm.device-init-failed",
	"nvrm.mapping-failed", "nvrm.attach-failed", "nvrm.pre-init-failed",
	"nvrm.state-init-failed", "nvrm.state-load-failed", "nvrm.hal-or-emulator-failed",
	"nvrm.gsp-init-failed", "nvrm.assertion", "nvrm.unavailable", "nvrm.timeout",
	"nvrm.none-initialized", "nvrm.none-probed", "nvrm.probe-failed-count",
	"nvrm.rm-start-failed", "nvrm.pat-missing", "nvrm.patched", "nvrm.irq-out-of-range",
	"nvrm.caching-refused", "nvrm.flr-failed", "nvrm.config-space-gone",
};

/* The first message that names a reason why the GPU does not start. */
void fact_start_error(const struct view *view, struct fact *fact)
{
	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];
		const struct message *message = event->match.message;

		if (message->level != LEVEL_ERROR && message->level != LEVEL_WARNING)
			continue;
		if (strncmp(message->id, "nvrm.", 5) || IS_ONE_OF(event, reasonless) ||
		    !view_has_event(view, event))
			continue;
		fact_set_word(fact, message->id);
		return;
	}
}

/* How many times RmInitAdapter failed. */
void fact_start_failures(const struct view *view, struct fact *fact)
{
	size_t count = 0;

	for (size_t i = 0; i < view->events->count; i++)
		count += has_id(&view->events->at[i], "nvrm.rminit-failed") &&
			 view_has_event(view, &view->events->at[i]);
	if (!count)
		return;
	fact_set_number(fact, count);
	fact->because = xasprintf(_("the driver's start of the GPU failed %zu times"), count);
}

/* The first Xid that is an error of its own: not one that follows from others, or undoes. */
void fact_xid_first(const struct view *view, struct fact *fact)
{
	static const uint64_t followers[] = { 23, 45, 49, 87, 106, 107, 154, 174 };

	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];
		bool follows = false;
		uint64_t xid;

		if (!has_id(event, "nvrm.xid") || !event_number(event, "xid", &xid) ||
		    !view_has_event(view, event))
			continue;
		for (size_t j = 0; j < sizeof(followers) / sizeof(followers[0]); j++)
			follows |= xid == followers[j];
		if (follows)
			continue;
		fact_set_number(fact, xid);
		fact->because = xasprintf(_("the first error that the driver reports is Xid %" PRIu64), xid);
		return;
	}
}

static bool tells_of_loss(const struct event *event)
{
	static const char *const ids[] = {
		"nvrm.off-bus", "nvrm.off-bus-at-probe", "nvrm.reg-read-failed",
		"nvrm.attached-check-failed", "pci.hotplug-gone", "pci.dpc",
		"pci.link-not-active", "pci.power-inaccessible", "pci.power-refused",
		"pci.not-ready", "smi.gpu-lost",
	};
	uint64_t xid;

	return IS_ONE_OF(event, ids) || (has_id(event, "nvrm.xid") &&
					 event_number(event, "xid", &xid) && xid == 79);
}

static const struct event *first_loss(const struct view *view)
{
	for (size_t i = 0; i < view->events->count; i++)
		if (tells_of_loss(&view->events->at[i]) &&
		    view_has_event(view, &view->events->at[i]))
			return &view->events->at[i];
	return NULL;
}

/* Who noticed first that the GPU was gone: the driver, its port, power management. */
void fact_lost_first(const struct view *view, struct fact *fact)
{
	const struct event *event = first_loss(view);

	if (event)
		fact_set_word(fact, event->match.message->id);
}

/* In seconds since boot, where the log has such stamps. */
void fact_lost_after(const struct view *view, struct fact *fact)
{
	const struct event *event = first_loss(view);

	if (!event || !view->c->log.at[event->line].time_known)
		return;
	fact_set_number(fact, view->c->log.at[event->line].time_us / 1000000);
	fact->because = xasprintf(_("the GPU was gone %" PRIu64 " seconds after boot"), fact->number);
}

/* --- what the log says of the machine --- */

/*
 * A PCI Express link has one device, number 0. Another number below a bridge
 * means a conventional bridge, which VMs use for hot-plug.
 */
static bool is_behind_conventional_bridge(const struct pci_address *address)
{
	return address->bus && address->device && !address->domain;
}

/* A window that fails on a bridge that itself is below a bridge: a switch, a dock. */
static bool is_nested_bridge(const struct event *event)
{
	return has_id(event, "pci.window-no-space") && event->address_known &&
	       event->address.bus;
}

static void say_hotplugged(struct fact *fact, const char *because)
{
	fact_set_answer(fact, YES);
	fact->because = xstrdup(because);
}

void fact_hotplugged(const struct view *view, struct fact *fact)
{
	static const char *const ids[] = {
		"pci.hotplug-came", "pci.hotplug-gone", "pci.hotplug-bridge",
	};

	if (FIRST_EVENT(view, ids)) {
		say_hotplugged(fact, _("the log speaks of hot-plug"));
		return;
	}
	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];

		if (has_id(event, "pci.bar-no-space") && event->address_known &&
		    view_has_event(view, event) &&
		    is_behind_conventional_bridge(&event->address)) {
			say_hotplugged(fact, _("it is behind a conventional PCI bridge, which "
				       "VMs use for hot-plug"));
			return;
		}
		if (has_id(event, "pci.thunderbolt") && event_field(event, "rest")) {
			say_hotplugged(fact, _("a Thunderbolt device is connected"));
			return;
		}
		if (is_nested_bridge(event)) {
			say_hotplugged(fact, _("bridges below other bridges lack room, as in a dock"));
			return;
		}
	}
}

void fact_arm(const struct view *view, struct fact *fact)
{
	static const char *const ids[] = {
		"kernel.arm64-abort", "kernel.arm64-boot", "kernel.arm-board",
		"pci.arm-host-bridge", "nvrm.arm-unqualified",
	};
	bool arm = FIRST_EVENT(view, ids) != NULL;

	for (size_t i = 0; !arm && i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];
		const char *cpu = event_field(event, "cpu");

		arm = has_id(event, "nvrm.loading") && cpu && !strcmp(cpu, "aarch64");
	}
	if (!arm)
		return;
	fact_set_answer(fact, YES);
	fact->because = xstrdup(_("the log is of an ARM machine"));
}

/* A VM has few buses; a high number in the first domain is of a large machine. */
#define BUS_OF_HARDWARE 0x40

/* "yes" by what only hardware says, "no" by a hypervisor; else not known. */
void fact_bare_metal(const struct view *view, struct fact *fact)
{
	static const char *const ids[] = {
		"machine.bare", "machine.dmi", "pci.iommu-group", "pci.thunderbolt",
	};
	const struct pci_address *address = view->function ? &view->function->address : NULL;

	if (view->platform->virtual) {
		fact_set_answer(fact, NO);
	} else if (view->c->machine.cpuid_looked) {
		fact_set_answer(fact, YES);
		fact->because = xstrdup(_("CPUID shows no hypervisor"));
	} else if (FIRST_EVENT(view, ids) ||
		   (address && !address->domain && address->bus >= BUS_OF_HARDWARE)) {
		fact_set_answer(fact, YES);
		fact->because = xstrdup(_("the log looks like one of a machine without hypervisor"));
	}
}
