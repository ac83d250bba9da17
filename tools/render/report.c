// SPDX-License-Identifier: GPL-2.0-or-later
/* What a report says, in which order: the one walk for every format of blocks. */
#include "render/forecast.h"
#include "render/privacy.h"
#include "render/walk.h"

#include <inttypes.h>

#include "decode/changes.h"
#include "lib/i18n.h"

/* --- the rest of the log --- */

static void walk_unexplained(struct walk *w)
{
	const struct diagnosis *d = w->diagnosis;

	if (d->unexplained.count) {
		w->r->section(w->r, _("Error lines whose cause is not known"), UNFOLDED);
		quote_lines(w, d->unexplained.at, d->unexplained.count);
	}
	if (d->unknown_count && (shows_all(w) || d->verdict != CASE_HEALTHY)) {
		w->r->section(w->r, _("Lines of the driver that gpuprobe does not know"), UNFOLDED);
		quote_lines(w, d->unknown_lines, d->unknown_count);
	}
}

/* --- figures --- */

void walk_address_map(struct walk *w)
{
	w->r->section(w->r, _("What lies where in this machine's physical addresses"), UNFOLDED);
	w->r->address_map(w->r, &w->map);
}

static void walk_timeline(struct walk *w)
{
	struct timeline timeline;

	if (!shows_all(w))
		return;
	timeline_make(w->c, w->diagnosis, &timeline);
	if (timeline.moments.count) {
		w->r->section(w->r, _("The boot, step by step"), UNFOLDED);
		w->r->timeline(w->r, &timeline);
	}
	timeline_clear(&timeline);
}

/* --- before and after the driver --- */

static void walk_step(struct walk *w, const struct snapshot *before,
		      const struct snapshot *after, const change_list *changes)
{
	char *from = snapshot_describe(before), *to = snapshot_describe(after);
	char *caption = xasprintf(_("From %s to %s:"), from, to);
	struct table table = {
		.caption = caption, .columns = 4,
		.header = { _("field"), _("before"), _("after"), _("what this means") },
	};

	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->at[i];

		table_add(&table, change->field, *change->before ? change->before : _("none"),
			  *change->after ? change->after : _("none"), change->meaning);
	}
	w->r->table(w->r, &table);
	table_clear(&table);
	free(caption);
	free(from);
	free(to);
}

static void changes_heading(struct walk *w, const struct function *function)
{
	char place[PCI_ADDRESS_TEXT];
	char *heading = xasprintf(_("What changed in %s"),
				  pci_address_print(&function->address, place));

	w->r->section(w->r, heading, FOLDED);
	free(heading);
}

/* One step, with its heading if it is the first that has changes; these are cleared. */
static void walk_if_changed(struct walk *w, const struct function *function, bool *headed,
			    const struct snapshot *before, const struct snapshot *after,
			    change_list *changes)
{
	if (changes->count && !*headed)
		changes_heading(w, function);
	if (changes->count)
		walk_step(w, before, after, changes);
	*headed |= changes->count > 0;
	changes_clear(changes);
}

/*
 * Between snapshots in order of time, which lspci text has none of. Registers are
 * read in some of them only.
 */
static void walk_changes(struct walk *w, const struct function *function)
{
	const struct snapshot *last = NULL, *last_read = NULL;
	change_list changes = { 0 };
	bool headed = false;

	for (size_t i = 0; i < function->snapshots.count; i++) {
		const struct snapshot *snapshot = &function->snapshots.at[i];

		if (snapshot->source == SNAPSHOT_LSPCI)
			continue;
		if (last)
			snapshot_changes(last, snapshot, &changes);
		if (last && last == last_read)
			register_changes(last, snapshot, &changes);
		walk_if_changed(w, function, &headed, last, snapshot, &changes);
		if (last_read && last != last_read)
			register_changes(last_read, snapshot, &changes);
		walk_if_changed(w, function, &headed, last_read, snapshot, &changes);
		last = snapshot;
		if (snapshot->deep.registers.count)
			last_read = snapshot;
	}
}

static bool workaround_is_on(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->gpus.count; i++) {
		const struct gpu_diagnosis *gpu = &diagnosis->gpus.at[i];

		for (size_t j = 0; j < gpu->facts.count; j++)
			if (!strcmp(gpu->facts.at[j].name, "workaround") &&
			    !strcmp(gpu->facts.at[j].value, "yes"))
				return true;
	}
	return false;
}

static void walk_site_rules(struct walk *w)
{
	for (size_t i = 0; i < w->knowledge->site_files.count; i++) {
		const struct site_file *file = &w->knowledge->site_files.at[i];

		render_item(w->r, i ? "" : _("site rules"),
			    _("%s: messages: %zu, rules: %zu, fixes: %zu"), file->path,
			    file->messages, file->rules, file->fixes);
	}
}

static void walk_machine(struct walk *w)
{
	const struct machine *machine = &w->c->machine;
	const struct platform *platform = &w->diagnosis->platform;
	const struct nvidia_driver *driver = &w->diagnosis->driver;

	if (!machine->kernel_release && !platform->because && !machine->cpuid_looked &&
	    !driver->version && !w->c->gpuprobe_module && !w->c->log_looked)
		return;
	w->r->section(w->r, _("Machine"), FOLDED);
	if (machine->kernel_release)
		render_item(w->r, _("kernel"), _("Linux %s"), machine->kernel_release);
	if (platform->hypervisor)
		render_item(w->r, _("hypervisor"), _("%s, by its %s"), platform->hypervisor->name,
			    platform->because);
	else if (machine->cpuid_looked || machine->dmi_vendor)
		w->r->item(w->r, _("hypervisor"), platform->virtual ? platform->because :
			   _("none seen"));
	if (platform->contradiction)
		render_item(w->r, "", _("but %s"), platform->contradiction);
	if (driver->version)
		render_item(w->r, _("driver"), driver->open == YES ? _("nvidia.ko %s, open") :
			    driver->open == NO ? _("nvidia.ko %s, proprietary") :
			    "nvidia.ko %s", driver->version);
	if (w->c->gpuprobe_module)
		w->r->item(w->r, "gpuprobe.ko", w->c->gpuprobe_module_version ?
			   w->c->gpuprobe_module_version : _("version not known"));
	if (workaround_is_on(w->diagnosis))
		w->r->item(w->r, _("workaround"),
			   _("intx is switched on: a GPU without an interrupt pin "
			     "gets a number that is not 0 just before nvidia's probe"));
	if (w->c->log_looked)
		render_item(w->r, _("log"), _("%zu lines read, %zu about the GPU"), w->c->log_lines_read,
			    w->c->log.count);
	if (w->c->boot)
		render_item(w->r, "", _("this report is about boot %d; 0 is the last one"),
			    w->c->boot);
	walk_site_rules(w);
}

/* --- what could not be seen --- */

static void walk_limits(struct walk *w)
{
	const struct diagnosis *d = w->diagnosis;

	if (d->verdict != CASE_FAULT && d->cannot_tell.count) {
		w->r->section(w->r, _("What gpuprobe cannot tell"), UNFOLDED);
		for (size_t i = 0; i < d->cannot_tell.count; i++)
			w->r->item(w->r, NULL, d->cannot_tell.at[i]);
	}
	if (!w->c->blind_spots.count)
		return;
	w->r->section(w->r, _("What gpuprobe could not see"), UNFOLDED);
	for (size_t i = 0; i < w->c->blind_spots.count; i++) {
		const struct blind_spot *spot = &w->c->blind_spots.at[i];

		render_item(w->r, NULL, "%s: %s%s%s", translated(spot->what),
			    translated(spot->why), spot->remedy ? "; " : "",
			    spot->remedy ? translated(spot->remedy) : "");
	}
}

/* Other boots of the log; those that show the same only in the verbose report. */
static void walk_boots(struct walk *w)
{
	static const char *const verdicts[] = {
		[CASE_HEALTHY] = N_("nothing wrong"), [CASE_FAULT] = N_("a fault"),
		[CASE_UNKNOWN] = N_("cannot tell"),
	};
	bool begun = false;

	for (size_t i = 0; i < w->diagnosis->boots.count; i++) {
		const struct boot_summary *boot = &w->diagnosis->boots.at[i];
		char label[24];

		if (!boot->differs && !w->options->verbose)
			continue;
		if (!begun)
			w->r->section(w->r, _("Other boots in the log"), UNFOLDED);
		begun = true;
		snprintf(label, sizeof(label), "boot %d", boot->boot);
		w->r->item(w->r, label, boot->title ? boot->title : _(verdicts[boot->verdict]));
	}
	if (begun)
		w->r->item(w->r, "", _("--boot=N gives the report of one of them"));
}

const char *report_title(const struct diagnosis *d)
{
	switch (d->verdict) {
	case CASE_FAULT:
		return d->findings.at[0].title;
	case CASE_HEALTHY:
		return _("The NVIDIA driver has the GPU and reports no error");
	case CASE_UNKNOWN:
		break;
	}
	if (d->seen_enough)
		return _("Nothing wrong was found, but nothing proves yet that the GPU works");
	if (d->unexplained.count)
		return _("There are errors, and gpuprobe cannot tell their cause");
	if (d->gpus.count)
		return _("Not enough was seen to tell");
	return _("No NVIDIA GPU is visible to this machine");
}

static void walk_verdict(struct walk *w)
{
	const struct diagnosis *d = w->diagnosis;
	const struct function *function = d->gpus.count ? d->gpus.at[0].function : NULL;
	char *place;

	if (d->verdict == CASE_FAULT)
		function = d->findings.at[0].function;
	place = function ? function_title(function) : NULL;
	w->r->verdict(w->r, d->verdict, report_title(d), place);
	free(place);
}

void report_walk(struct renderer *r, const struct gpuprobe_case *c,
		 const struct diagnosis *diagnosis, const struct knowledge *knowledge,
		 const struct report_options *options)
{
	struct walk w = { r, c, diagnosis, knowledge, options };
	bool fault = diagnosis->verdict == CASE_FAULT;

	address_map_make(c, diagnosis, &w.map);
	r->begin(r, report_title(diagnosis));
	walk_verdict(&w);
	if (fault)
		walk_root_cause(&w, &diagnosis->findings.at[0]);
	if (diagnosis->verdict == CASE_UNKNOWN)
		walk_limits(&w);
	walk_other_findings(&w, fault ? 1 : 0);
	walk_boots(&w);
	walk_unexplained(&w);
	if (diagnosis->verdict != CASE_UNKNOWN)
		walk_limits(&w);
	forecast_walk(r, diagnosis, knowledge, shows_all(&w));
	walk_timeline(&w);
	if (w.map.regions.count && !(fault && w.map.trouble) && (w.map.trouble || shows_all(&w)))
		walk_address_map(&w);
	for (size_t i = 0; diagnosis->driver.ran && i < c->functions.count; i++)
		if (function_is_gpu(&c->functions.at[i]))
			walk_changes(&w, &c->functions.at[i]);
	walk_machine(&w);
	for (size_t i = 0; shows_all(&w) && i < c->functions.count; i++)
		walk_function(&w, &c->functions.at[i]);
	if (options->privacy || r->complete)
		privacy_walk(r, c, knowledge);
	r->end(r);
	address_map_clear(&w.map);
}
