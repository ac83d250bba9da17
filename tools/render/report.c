// SPDX-License-Identifier: GPL-2.0-or-later
/* What a report says, in which order: the one walk for every format of blocks. */
#include "render/deep.h"
#include "render/privacy.h"
#include "render/renderer.h"

#include <inttypes.h>

#include "decode/changes.h"
#include "lib/i18n.h"

#define LINES_SHORT	8	/* log lines quoted per finding unless verbose */

struct walk {
	struct renderer *r;
	const struct gpuprobe_case *c;
	const struct diagnosis *diagnosis;
	const struct knowledge *knowledge;
	const struct report_options *options;
};

/* With -v, or in a format that folds details away. */
static bool shows_all(const struct walk *w)
{
	return w->options->verbose || w->r->complete;
}

static const char *const confidence_words[] = {
	[CONFIDENCE_CERTAIN] = "certain", [CONFIDENCE_LIKELY] = "likely",
	[CONFIDENCE_POSSIBLE] = "possible",
};

static const struct {
	const char *word;
	const char *text;
} fault_words[] = {
	{ "hypervisor",	"the hypervisor" },
	{ "host",	"the host of this VM" },
	{ "guest",	"this machine's own setup" },
	{ "driver",	"the NVIDIA driver" },
	{ "gpu",	"the GPU itself" },
	{ "user",	"a setting that you made" },
	{ "unknown",	"not known yet" },
	{ "none",	"nobody" },
};

static const char *fault_text(const struct platform *platform, const char *word)
{
	/* What is the host of a VM is the machine itself where there is none. */
	if (!strcmp(word, "host") && !platform->virtual)
		return "the host of this VM, or this machine's own firmware and hardware";
	for (size_t i = 0; i < sizeof(fault_words) / sizeof(fault_words[0]); i++)
		if (!strcmp(fault_words[i].word, word))
			return fault_words[i].text;
	return word;
}

/* printf-like forms of two of the renderer's functions */
static void __attribute__((format(printf, 2, 3)))
paragraph(struct walk *w, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	w->r->paragraph(w->r, text);
	free(text);
}

static void __attribute__((format(printf, 3, 4)))
item(struct walk *w, const char *label, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	w->r->item(w->r, label, text);
	free(text);
}

/* "0000:00:06.0 NVIDIA Corporation GP104GL [Tesla P4] [10de:1bb3]"; to be freed */
static char *function_title(const struct function *function)
{
	char place[PCI_ADDRESS_TEXT], ids[16] = "";

	if (function->ids_known)
		snprintf(ids, sizeof(ids), " [%04x:%04x]", function->vendor, function->device);
	return xasprintf("%s %s%s", pci_address_print(&function->address, place),
			 function->name ? function->name : "NVIDIA GPU",
			 function->name && strstr(function->name, ids) ? "" : ids);
}

/* --- log lines --- */

/* Quote lines in order, each text once with how often it came. */
static void quote_lines(struct walk *w, const size_t *lines, size_t count)
{
	size_t most = shows_all(w) ? count : LINES_SHORT, shown = 0, hidden = 0;

	for (size_t i = 0; i < count; i++) {
		const struct log_line *line = &w->c->log.at[lines[i]];
		size_t times = 0;
		bool earlier = false;

		for (size_t j = 0; j < count; j++) {
			bool same = !strcmp(w->c->log.at[lines[j]].text, line->text);

			times += same;
			earlier |= same && j < i;
		}
		if (earlier)
			continue;
		if (shown++ < most)
			w->r->log_line(w->r, line->stamp, line->text, times);
		else
			hidden++;
	}
	if (hidden)
		paragraph(w, "... and %zu more (-v shows all)", hidden);
}

/* --- findings --- */

static void walk_decoded(struct walk *w, const struct finding *finding)
{
	uint64_t last_stage = UINT64_MAX, last_status = UINT64_MAX;

	for (size_t i = 0; i < w->diagnosis->events.count; i++) {
		const struct event *event = &w->diagnosis->events.at[i];
		const struct code_entry *stage, *status;
		uint64_t stage_code, status_code;
		bool ours = false;

		for (size_t j = 0; j < finding->lines.count; j++)
			ours |= finding->lines.at[j] == event->line;
		if (!ours || !event_number(event, "stage", &stage_code) ||
		    !event_number(event, "status", &status_code) ||
		    (stage_code == last_stage && status_code == last_status))
			continue;
		last_stage = stage_code;
		last_status = status_code;
		stage = code_find(&w->knowledge->stages, stage_code, w->diagnosis->driver.branch);
		status = code_find(&w->knowledge->statuses, status_code & 0xffff,
				   w->diagnosis->driver.branch);
		item(w, NULL, "RmInitAdapter's numbers: stage 0x%" PRIx64 " is \"%s\" (%s), "
		     "status 0x%" PRIx64 " is %s", stage_code,
		     stage && stage->step ? stage->step : "not known",
		     stage ? stage->name : "no name", status_code,
		     status ? status->name : "not known");
	}
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* What was seen at one moment stands together, under that moment. */
static void walk_seen(struct walk *w, const struct finding *finding)
{
	const char *moment = NULL;

	for (size_t i = 0; i < finding->evidence.count; i++) {
		const struct evidence *evidence = &finding->evidence.at[i];

		if (evidence->seen && !same_text(evidence->seen, moment))
			paragraph(w, "Seen %s:", evidence->seen);
		moment = evidence->seen;
		w->r->item(w->r, NULL, evidence->text);
	}
}

static void walk_evidence(struct walk *w, const struct finding *finding)
{
	walk_seen(w, finding);
	walk_decoded(w, finding);
	if (finding->lines.count)
		paragraph(w, "Lines of the kernel log that this accounts for:");
	quote_lines(w, finding->lines.at, finding->lines.count);
}

static void walk_fix(struct walk *w, const struct finding *finding)
{
	const struct rule *rule = finding->rule;

	if (!finding->fix)
		return;
	if (finding->fix_is_for_here)
		paragraph(w, "On this machine's hypervisor, %s:",
			  w->diagnosis->platform.hypervisor->name);
	w->r->paragraph(w->r, finding->fix->text);
	for (size_t i = 0; i < rule->fixes.count; i++) {
		const struct fix *fix = &rule->fixes.at[i];
		const struct hypervisor *hv = knowledge_hypervisor(w->knowledge, fix->hypervisor);

		if (strcmp(fix->hypervisor, finding->fix->hypervisor) && hv)
			item(w, hv->name, "%s", fix->text);
	}
}

static void walk_root_cause(struct walk *w, const struct finding *finding)
{
	const struct rule *rule = finding->rule;

	w->r->paragraph(w->r, finding->explanation);
	w->r->section(w->r, "Whose fault, and how sure", UNFOLDED);
	item(w, "Fault of", "%s: %s", fault_text(&w->diagnosis->platform, rule->fault), finding->fault_because);
	item(w, "Cause", "%s", rule->id);
	if (rule_is_of_site(w->knowledge, rule))
		item(w, "", _("by a rule of this site, %s:%zu"), rule->place.file, rule->place.line);
	item(w, "Confidence", "%s%s%s", confidence_words[finding->condition->confidence],
	     finding->condition->because ? ": " : "",
	     finding->condition->because ? finding->condition->because : "");
	if (rule->would_tell && finding->condition->confidence != CONFIDENCE_CERTAIN)
		item(w, "Would tell", "%s", rule->would_tell);
	w->r->section(w->r, "Evidence", UNFOLDED);
	walk_evidence(w, finding);
	w->r->section(w->r, "What to change", UNFOLDED);
	walk_fix(w, finding);
	if (rule->not_helpful.count)
		w->r->section(w->r, "What does not help", FOLDED);
	for (size_t i = 0; i < rule->not_helpful.count; i++)
		w->r->item(w->r, NULL, rule->not_helpful.at[i]);
}

static void walk_other(struct walk *w, const struct finding *finding)
{
	static const char *const words[] = {
		[VERDICT_CAUSE] = "also", [VERDICT_CONTRIBUTING] = "contributing",
		[VERDICT_CONSEQUENCE] = "consequence", [VERDICT_HARMLESS] = "harmless",
	};
	bool several = finding->function && w->diagnosis->gpus.count > 1;
	char place[PCI_ADDRESS_TEXT], *title;

	title = xasprintf("%s: %s%s%s (%s, %s)", words[finding->verdict],
			  several ? pci_address_print(&finding->function->address, place) : "",
			  several ? ": " : "", finding->title, finding->rule->id,
			  confidence_words[finding->condition->confidence]);
	w->r->subsection(w->r, title);
	free(title);
	if (finding->follows)
		item(w, _("follows from"), "%s", finding->follows->title);
	if ((finding->verdict == VERDICT_HARMLESS || finding->follows) && !shows_all(w))
		return;
	w->r->paragraph(w->r, finding->explanation);
	walk_evidence(w, finding);
	walk_fix(w, finding);
}

static void walk_other_findings(struct walk *w, size_t from)
{
	if (from >= w->diagnosis->findings.count)
		return;
	w->r->section(w->r, "Other findings", FOLDED);
	for (size_t i = from; i < w->diagnosis->findings.count; i++)
		walk_other(w, &w->diagnosis->findings.at[i]);
}

/* --- the rest of the log --- */

static void walk_unexplained(struct walk *w)
{
	const struct diagnosis *d = w->diagnosis;

	if (d->unexplained.count) {
		w->r->section(w->r, "Error lines that no finding explains", UNFOLDED);
		quote_lines(w, d->unexplained.at, d->unexplained.count);
	}
	if (d->unknown_count && (shows_all(w) || d->verdict != CASE_HEALTHY)) {
		w->r->section(w->r, "Lines of the driver that gpuprobe does not know", UNFOLDED);
		quote_lines(w, d->unknown_lines, d->unknown_count);
	}
}

/* --- forecast --- */

static void walk_gate(struct walk *w, const struct gate_forecast *gate)
{
	static const char *const words[] = {
		[GATE_PASSES] = "passes", [GATE_FAILS] = "FAILS", [GATE_CANNOT_TELL] = "unknown",
	};
	static const char *const log_words[] = {
		[LOG_SILENT] = "", [LOG_AGREES] = "; the driver's log agrees",
		[LOG_DISAGREES] = "; the driver's log DISAGREES",
	};
	const struct message *message = gate->message && gate->result == GATE_FAILS ?
		knowledge_message(w->knowledge, gate->message) : NULL;

	item(w, words[gate->result], "%s: %s%s", gate->title, gate->because,
	     log_words[gate->log]);
	if (message && gate->log == LOG_SILENT)
		item(w, "", "nvidia.ko would say: %s", message->samples.at[0]);
}

static void walk_forecast(struct walk *w)
{
	for (size_t i = 0; i < w->diagnosis->gpus.count; i++) {
		const struct gpu_diagnosis *gpu = &w->diagnosis->gpus.at[i];
		char place[PCI_ADDRESS_TEXT];
		char *heading;

		if (!gpu->gates.count)
			continue;
		heading = xasprintf("Forecast: nvidia.ko's own checks of %s, in its order",
				    pci_address_print(&gpu->function->address, place));
		w->r->section(w->r, heading, FOLDED);
		free(heading);
		for (size_t j = 0; j < gpu->gates.count; j++)
			walk_gate(w, &gpu->gates.at[j]);
	}
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
	char *heading = xasprintf("What changed in %s",
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

/* --- state --- */

static void walk_bars(struct walk *w, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < BAR_COUNT; i++) {
		const struct bar *bar = &snapshot->bars[i];
		char label[8];

		if (!bar->known || !bar->size)
			continue;
		snprintf(label, sizeof(label), i == ROM_BAR ? "ROM" : "BAR%zu", i);
		if (bar->start && !(bar->flags & IORESOURCE_UNSET))
			item(w, label, "%" PRIu64 " KiB at 0x%" PRIx64 "%s%s%s%s%s",
			     bar->size >> 10, bar->start,
			     bar->flags & IORESOURCE_IO ? ", I/O ports" : "",
			     bar->flags & IORESOURCE_MEM_64 ? ", 64-bit" : "",
			     bar->flags & IORESOURCE_PREFETCH ? ", prefetchable" : "",
			     bar->holder && *bar->holder ? ", requested by " : "",
			     bar->holder ? bar->holder : "");
		else
			item(w, label, "%" PRIu64 " KiB without an address", bar->size >> 10);
	}
}

static void walk_capabilities(struct walk *w, const struct pci_config *config)
{
	for (size_t i = 0; i < config->capability_count; i++) {
		const struct capability *capability = &config->capabilities[i];
		const char *name = capability_name(capability->id);
		char label[16];

		snprintf(label, sizeof(label), "[%02x]", capability->offset);
		if (name)
			item(w, label, "%s", name);
		else
			item(w, label, "capability 0x%02x", capability->id);
	}
	if (config->pcie == YES)
		item(w, "PCI Express", "%s, function-level reset: %s",
		     pcie_type_name(config->pcie_type) ? pcie_type_name(config->pcie_type) : "?",
		     config->pcie_flr ? "yes" : "no");
	if (config->link_known)
		item(w, "link", "%s x%u, of at most %s x%u", link_speed_name(config->link_speed),
		     config->link_width, link_speed_name(config->link_speed_max),
		     config->link_width_max);
	if (config->list == CAPABILITY_LIST_LOOPS)
		item(w, NULL, "the capability list loops: the rest of it is not reachable");
	if (config->list == CAPABILITY_LIST_STRAYS)
		item(w, NULL, "the capability list points into the header: it is damaged");
}

static void walk_snapshot(struct walk *w, const struct snapshot *snapshot)
{
	char *moment = snapshot_describe(snapshot);
	const char *driver = snapshot_bound(snapshot);
	bool told = !driver || !*driver || strstr(moment, driver);
	struct pci_config config;

	item(w, "snapshot", "%s%s%s%s", moment, told ? "" : "; driver ", told ? "" : driver,
	     snapshot->gone ? "; the function did not answer" : "");
	free(moment);
	snapshot_config(snapshot, &config);
	if (config.header_known)
		item(w, "", "command %04x, status %04x, pin %u, line %u", config.command,
		     config.status, config.interrupt_pin, config.interrupt_line);
	if (snapshot->irq.irq_known)
		item(w, "", "irq %u%s%s", snapshot->irq.irq,
		     config.msi_enabled ? ", MSI is on" : "",
		     config.msix_enabled ? ", MSI-X is on" : "");
	deep_walk(w->r, snapshot);
}

static void walk_function(struct walk *w, const struct function *function)
{
	char *title = function_title(function);
	const struct snapshot *now;
	struct pci_config config;

	w->r->section(w->r, title, FOLDED);
	free(title);
	if (!function->snapshots.count)
		return;
	now = &function->snapshots.at[function->snapshots.count - 1];
	walk_bars(w, now);
	snapshot_config(now, &config);
	walk_capabilities(w, &config);
	for (size_t i = 0; i < function->snapshots.count; i++)
		walk_snapshot(w, &function->snapshots.at[i]);
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

		item(w, i ? "" : _("site rules"), _("%s: messages: %zu, rules: %zu, fixes: %zu"),
		     file->path, file->messages, file->rules, file->fixes);
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
	w->r->section(w->r, "Machine", FOLDED);
	if (machine->kernel_release)
		item(w, "kernel", "Linux %s", machine->kernel_release);
	if (platform->hypervisor)
		item(w, "hypervisor", "%s, by its %s", platform->hypervisor->name,
		     platform->because);
	else if (machine->cpuid_looked || machine->dmi_vendor)
		item(w, "hypervisor", "%s", platform->virtual ? platform->because :
		     "none seen");
	if (platform->contradiction)
		item(w, "", "but %s", platform->contradiction);
	if (driver->version)
		item(w, "driver", "nvidia.ko %s%s", driver->version, driver->open == YES ?
		     ", open" : driver->open == NO ? ", proprietary" : "");
	if (w->c->gpuprobe_module)
		item(w, "gpuprobe.ko", "%s", w->c->gpuprobe_module_version ?
		     w->c->gpuprobe_module_version : "version not known");
	if (workaround_is_on(w->diagnosis))
		w->r->item(w->r, "workaround", "intx is switched on: a GPU without an interrupt pin "
			   "gets a number that is not 0 just before nvidia's probe");
	if (w->c->log_looked)
		item(w, "log", "%zu lines read, %zu about the GPU", w->c->log_lines_read,
		     w->c->log.count);
	walk_site_rules(w);
}

/* --- what could not be seen --- */

static void walk_limits(struct walk *w)
{
	const struct diagnosis *d = w->diagnosis;

	if (d->verdict != CASE_FAULT && d->cannot_tell.count) {
		w->r->section(w->r, "What gpuprobe cannot tell", UNFOLDED);
		for (size_t i = 0; i < d->cannot_tell.count; i++)
			w->r->item(w->r, NULL, d->cannot_tell.at[i]);
	}
	if (!w->c->blind_spots.count)
		return;
	w->r->section(w->r, "What gpuprobe could not see", UNFOLDED);
	for (size_t i = 0; i < w->c->blind_spots.count; i++) {
		const struct blind_spot *spot = &w->c->blind_spots.at[i];

		item(w, NULL, "%s: %s%s%s", spot->what, spot->why, spot->remedy ? "; " : "",
		     spot->remedy ? spot->remedy : "");
	}
}

static const char *verdict_title(const struct diagnosis *d)
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
	w->r->verdict(w->r, d->verdict, verdict_title(d), place);
	free(place);
}

void report_walk(struct renderer *r, const struct gpuprobe_case *c,
		 const struct diagnosis *diagnosis, const struct knowledge *knowledge,
		 const struct report_options *options)
{
	struct walk w = { r, c, diagnosis, knowledge, options };
	bool fault = diagnosis->verdict == CASE_FAULT;

	r->begin(r, verdict_title(diagnosis));
	walk_verdict(&w);
	if (fault)
		walk_root_cause(&w, &diagnosis->findings.at[0]);
	walk_limits(&w);
	walk_other_findings(&w, fault ? 1 : 0);
	walk_unexplained(&w);
	walk_forecast(&w);
	for (size_t i = 0; diagnosis->driver.ran && i < c->functions.count; i++)
		if (function_is_gpu(&c->functions.at[i]))
			walk_changes(&w, &c->functions.at[i]);
	walk_machine(&w);
	for (size_t i = 0; shows_all(&w) && i < c->functions.count; i++)
		walk_function(&w, &c->functions.at[i]);
	if (options->privacy || r->complete)
		privacy_walk(r, c);
	r->end(r);
}
