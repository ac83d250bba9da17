// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/forecast.h"

#include "lib/i18n.h"

static void item(struct renderer *r, const char *label, char *text)
{
	r->item(r, label, text);
	free(text);
}

static const char *flavour(enum answer open)
{
	switch (open) {
	case YES:
		return _("open");
	case NO:
		return _("proprietary");
	case NOT_KNOWN:
		break;
	}
	return _("flavour not known");
}

/* --- which driver the checks are those of --- */

static char *driver_sentence(const struct nvidia_driver *driver,
			     const struct driver_advice *advice)
{
	if (advice->assumed)
		return xasprintf(_("No NVIDIA driver is installed for the running kernel. These are "
				   "the checks of release %u, %s, the newest that nothing known "
				   "forbids."), advice->branch, flavour(advice->open));
	if (!driver->branch && driver->ran)
		return xstrdup(_("Which release of the driver ran is not known. What depends on that "
				 "is left open."));
	if (!driver->branch)
		return xstrdup(_("Which release of the driver it will be is not known. What depends "
				 "on that is left open."));
	return xasprintf(_("These are the checks of the driver %s (%s), decided from what was seen "
			   "before it ran."), driver->version, flavour(driver->open));
}

/* --- the gates --- */

static const char *label_of(const struct gate_forecast *gate)
{
	if (gate->log == LOG_DISAGREES)
		return _("DIFFERS");
	if (gate->log == LOG_FAILED)
		return _("FAILED");
	if (gate->log == LOG_PASSED)
		return _("passed");
	switch (gate->result) {
	case GATE_PASSES:
		return _("passes");
	case GATE_FAILS:
		return _("FAILS");
	case GATE_CANNOT_TELL:
		break;
	}
	return _("unknown");
}

static void walk_gate(struct renderer *r, const struct gate_forecast *gate,
		      const struct knowledge *knowledge)
{
	static const char *const confidence[] = {
		[CONFIDENCE_LIKELY] = N_("likely"), [CONFIDENCE_POSSIBLE] = N_("possible"),
	};
	const struct message *message = gate->message && gate->result == GATE_FAILS &&
					gate->log == LOG_SILENT ?
		knowledge_message(knowledge, gate->message) : NULL;

	char *reason = gate_reason(gate);

	item(r, label_of(gate), xasprintf(_("whether %s: %s"), gate->gate->title, reason));
	free(reason);
	if (gate->doubt && gate->result != GATE_CANNOT_TELL)
		item(r, "", xasprintf(_("this is %s only: %s"), _(confidence[gate->confidence]),
				      gate->doubt));
	if (message)
		item(r, "", xasprintf(_("the driver would say: %s"), message->samples.at[0]));
}

/* What is left out, so that it is known to be there. */
static void walk_rest(struct renderer *r, const forecast *gates)
{
	size_t passes = 0, later = 0;

	for (size_t i = 0; i < gates->count; i++) {
		if (gate_matters(&gates->at[i]))
			continue;
		if (gates->at[i].result == GATE_PASSES || gates->at[i].log == LOG_PASSED)
			passes++;
		else
			later++;
	}
	if (passes)
		item(r, _("passes"), xasprintf(ngettext("%zu other check (-v lists it)",
							"%zu other checks (-v lists them)",
							passes), passes));
	if (later)
		item(r, _("open"), xasprintf(ngettext("%zu check that only a start of the GPU "
						      "decides",
						      "%zu checks that only a start of the GPU "
						      "decides", later), later));
}

/* --- which release would do --- */

static char *release_text(const struct release_forecast *release)
{
	return release->fails ? xasprintf(_("fails: whether %s"), release->fails->title) :
				xstrdup(_("nothing known forbids it"));
}

/* Releases come in pairs, open and proprietary, but for those that had no open one. */
static void walk_releases(struct renderer *r, const struct driver_advice *advice)
{
	struct table table = {
		.caption = _("Which release of the driver would do:"), .columns = 3,
		.header = { _("release"), _("flavour"), _("its checks") },
	};

	for (size_t i = 0; i < advice->releases.count; i++) {
		char *branch = xasprintf("%u", advice->releases.at[i].branch);
		char *text = release_text(&advice->releases.at[i]);

		table_add(&table, branch, flavour(advice->releases.at[i].open), text);
		free(branch);
		free(text);
	}
	r->table(r, &table);
	table_clear(&table);
}

static void walk_gpu(struct renderer *r, const struct diagnosis *diagnosis,
		     const struct gpu_diagnosis *gpu, const struct knowledge *knowledge, bool all)
{
	char place[PCI_ADDRESS_TEXT], *text;

	text = xasprintf(_("Forecast: will the driver accept %s?"),
			 pci_address_print(&gpu->function->address, place));
	r->section(r, text, FOLDED);
	free(text);
	text = driver_sentence(&diagnosis->driver, &gpu->advice);
	r->paragraph(r, text);
	free(text);
	for (size_t i = 0; i < gpu->gates.count; i++)
		if (all || gate_matters(&gpu->gates.at[i]))
			walk_gate(r, &gpu->gates.at[i], knowledge);
	if (!all)
		walk_rest(r, &gpu->gates);
	if (all && gpu->advice.releases.count)
		walk_releases(r, &gpu->advice);
}

void forecast_walk(struct renderer *r, const struct diagnosis *diagnosis,
		   const struct knowledge *knowledge, bool all)
{
	for (size_t i = 0; i < diagnosis->gpus.count; i++)
		if (diagnosis->gpus.at[i].gates.count)
			walk_gpu(r, diagnosis, &diagnosis->gpus.at[i], knowledge, all);
}
