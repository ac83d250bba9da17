// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/codec.h"
#include "render/difference.h"

#include <errno.h>
#include <json-c/json.h>

#include "lib/i18n.h"
#include "version.h"

static const char *const verdict_words[] = {
	[CASE_HEALTHY] = "healthy", [CASE_FAULT] = "fault", [CASE_UNKNOWN] = "unknown",
};

static const char *const finding_words[] = {
	[VERDICT_CAUSE] = N_("cause"), [VERDICT_CONTRIBUTING] = N_("contributing"),
	[VERDICT_CONSEQUENCE] = N_("consequence"), [VERDICT_HARMLESS] = N_("harmless"),
};

static const char *const confidence_words[] = {
	[CONFIDENCE_CERTAIN] = N_("certain"), [CONFIDENCE_LIKELY] = N_("likely"),
	[CONFIDENCE_POSSIBLE] = N_("possible"),
};

static const char *headline(const struct difference *d)
{
	const struct finding *before = root_cause(d->before.diagnosis);
	const struct finding *after = root_cause(d->after.diagnosis);

	if (!d->any)
		return _("Nothing that matters is different");
	if (before && after)
		return strcmp(before->rule->id, after->rule->id) ?
			_("One root cause is gone, and another is there") :
			_("The root cause is the same, but there are differences");
	if (after)
		return _("There is a fault that was not there before");
	if (d->after.diagnosis->verdict == d->before.diagnosis->verdict)
		return _("The verdict is the same, but there are differences");
	if (d->after.diagnosis->verdict == CASE_HEALTHY)
		return before ? _("What was wrong is gone, and the GPU works") : _("The GPU works now");
	return before ? _("What was wrong is gone, but nothing proves yet that the GPU works") :
		_("It is no longer proved that the GPU works");
}

/* --- in short: sentences, each with the space after it that its language wants --- */

static bool is_evidence(const struct finding *finding, const char *fact)
{
	for (size_t i = 0; finding && i < finding->rule->evidence.count; i++)
		if (!strcmp(finding->rule->evidence.at[i], fact))
			return true;
	return false;
}

/* A root cause that stayed is not among the changes. */
static bool same_root_cause(const struct difference *d)
{
	const struct finding *before = root_cause(d->before.diagnosis);
	const struct finding *after = root_cause(d->after.diagnosis);

	return before && after && !strcmp(before->rule->id, after->rule->id);
}

/* The facts on which a root cause rests that came or went. */
static void say_facts(FILE *out, const struct difference *d)
{
	const struct finding *before = root_cause(d->before.diagnosis);
	const struct finding *after = root_cause(d->after.diagnosis);
	size_t count = 0;

	for (size_t i = 0; i < d->gpus.count && !same_root_cause(d); i++) {
		const change_list *facts = &d->gpus.at[i].facts;

		for (size_t j = 0; j < facts->count; j++)
			if (facts->at[j].meaning && (is_evidence(before, facts->at[j].field) ||
						     is_evidence(after, facts->at[j].field)))
				fprintf(out, count++ ? _("; %s") : _("Now %s"), facts->at[j].meaning);
	}
	if (count)
		fputs(_(". "), out);
}

static void say_root_causes(FILE *out, const struct difference *d)
{
	const struct finding *before = root_cause(d->before.diagnosis);
	const struct finding *after = root_cause(d->after.diagnosis);

	if (same_root_cause(d)) {
		fprintf(out, _("Still wrong: %s (%s). "), after->title, after->rule->id);
		return;
	}
	if (before)
		fprintf(out, _("No longer wrong: %s (%s). "), before->title, before->rule->id);
	if (after)
		fprintf(out, _("Now wrong: %s (%s). "), after->title, after->rule->id);
}

static void say_none_fails(FILE *out, const struct gpu_difference *gpu, const char *place)
{
	fprintf(out, _("Of the driver's own checks of %s this one failed before: whether %s. "), place,
		gpu->stopped->gate->title);
	if (gpu->open)
		fprintf(out, _("Now none is known to fail. The first that cannot be told is whether %s. "),
			gpu->open->gate->title);
	else
		fputs(_("Now it passes all of them. "), out);
}

static void say_where_it_stops(FILE *out, const struct gpu_difference *gpu)
{
	char place[PCI_ADDRESS_TEXT];

	if (!gpu->stopped && !gpu->stops)
		return;
	pci_address_print(&gpu->after->function->address, place);
	if (gpu->stopped && gpu->stops && gpu->stopped->gate == gpu->stops->gate)
		fprintf(out, _("Of the driver's own checks of %s the same one still fails: whether %s. "),
			place, gpu->stops->gate->title);
	else if (gpu->stopped && gpu->stops)
		fprintf(out, _("Of the driver's own checks of %s this one failed before: whether %s. "
			       "Now this one fails: whether %s. "), place, gpu->stopped->gate->title,
			gpu->stops->gate->title);
	else if (gpu->stops)
		fprintf(out, _("Of the driver's own checks of %s none was known to fail before. Now this "
			       "one fails: whether %s. "), place, gpu->stops->gate->title);
	else
		say_none_fails(out, gpu, place);
}

static void walk_in_words(struct renderer *r, const struct difference *d)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	say_facts(out, d);
	say_root_causes(out, d);
	for (size_t i = 0; i < d->gpus.count; i++)
		say_where_it_stops(out, &d->gpus.at[i]);
	fclose(out);
	while (length && text[length - 1] == ' ')
		text[--length] = '\0';
	if (length)
		r->paragraph(r, text);
	free(text);
}

/* --- findings --- */

static void walk_finding(struct renderer *r, const struct finding_change *change)
{
	const struct finding *before = change->before, *after = change->after;

	if (!after)
		render_item(r, _("gone"), "%s (%s)", before->title, before->rule->id);
	else if (!before)
		render_item(r, _("new"), "%s (%s)", after->title, after->rule->id);
	else
		render_item(r, _("changed"), _("%s (%s): was %s, %s; is %s, %s"), after->title,
			    after->rule->id, _(finding_words[before->verdict]),
			    _(confidence_words[before->confidence]),
			    _(finding_words[after->verdict]),
			    _(confidence_words[after->confidence]));
}

static bool is_harmless(const struct finding_change *change)
{
	return (!change->before || change->before->verdict == VERDICT_HARMLESS) &&
	       (!change->after || change->after->verdict == VERDICT_HARMLESS);
}

/* What the first paragraph says already. */
static bool is_said(const struct difference *d, const struct finding_change *change)
{
	return !change->after ? change->before == root_cause(d->before.diagnosis) :
	       !change->before && change->after == root_cause(d->after.diagnosis);
}

static void walk_findings(struct renderer *r, const struct difference *d, bool harmless)
{
	for (size_t i = 0; i < d->findings.count; i++)
		if (is_harmless(&d->findings.at[i]) == harmless && !is_said(d, &d->findings.at[i]))
			walk_finding(r, &d->findings.at[i]);
}

static size_t count_harmless(const struct difference *d)
{
	size_t count = 0;

	for (size_t i = 0; i < d->findings.count; i++)
		count += is_harmless(&d->findings.at[i]);
	return count;
}

/* --- tables --- */

static void walk_changes(struct renderer *r, const char *title, const char *field,
			 const char *meaning, const change_list *changes)
{
	struct table table = {
		.columns = meaning ? 4 : 3, .header = { field, _("before"), _("after"), meaning },
	};

	if (!changes->count)
		return;
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->at[i];

		table_add(&table, change->field, *change->before ? change->before : _("none"),
			  *change->after ? change->after : _("none"), change->meaning);
	}
	r->section(r, title, FOLDED);
	r->table(r, &table);
	table_clear(&table);
}

static void walk_gpu_changes(struct renderer *r, const struct gpu_difference *gpu, const char *at)
{
	char *title;

	title = xasprintf(_("The driver's own checks of %s"), at);
	walk_changes(r, title, _("check"), _("why now"), &gpu->gates);
	free(title);
	title = xasprintf(_("What is known of %s"), at);
	walk_changes(r, title, _("fact"), NULL, &gpu->facts);
	free(title);
	title = xasprintf(_("Registers of %s, before the driver had it"), at);
	walk_changes(r, title, _("field"), _("what this means"), &gpu->fields);
	free(title);
}

static void walk_gpu(struct renderer *r, const struct gpu_difference *gpu, bool all)
{
	const struct function *function =
		gpu->after && gpu->after->function ? gpu->after->function :
		gpu->before ? gpu->before->function : NULL;
	char place[PCI_ADDRESS_TEXT] = "", *title;
	const char *at = function ? pci_address_print(&function->address, place) :
		_("a GPU that the log does not name");

	if (gpu->before && gpu->after) {
		if (all)
			walk_gpu_changes(r, gpu, at);
		return;
	}
	title = xasprintf(gpu->after ? _("%s: only the second has it") :
			  _("%s: only the first has it"), at);
	r->section(r, title, UNFOLDED);
	free(title);
}

/* How much is left out, so that it is known to be there. */
static void walk_rest(struct renderer *r, const struct difference *d)
{
	size_t count = 0;
	char *text;

	for (size_t i = 0; i < d->gpus.count; i++)
		count += d->gpus.at[i].gates.count + d->gpus.at[i].facts.count +
			 d->gpus.at[i].fields.count;
	if (!count)
		return;
	text = xasprintf(ngettext("%zu change in the driver's checks, in what is known of the GPU or in "
				  "its registers (-v lists it)",
				  "%zu changes in the driver's checks, in what is known of the GPU and "
				  "in its registers (-v lists them)", count), count);
	r->item(r, _("details"), text);
	free(text);
}

void difference_walk(struct renderer *r, const struct difference *d, const char *const names[2],
		     bool verbose)
{
	bool all = verbose || r->complete;

	r->begin(r, headline(d));
	r->word = d->any ? _("CHANGED") : _("SAME");
	r->verdict(r, d->after.diagnosis->verdict, headline(d), NULL);
	r->item(r, _("first"), names[0]);
	r->item(r, _("second"), names[1]);
	if (d->any || root_cause(d->after.diagnosis))
		r->section(r, _("In short"), UNFOLDED);
	walk_in_words(r, d);
	walk_findings(r, d, false);
	if (!all)
		walk_rest(r, d);
	walk_changes(r, _("The machine"), _("what"), NULL, &d->machine);
	for (size_t i = 0; i < d->gpus.count; i++)
		walk_gpu(r, &d->gpus.at[i], all);
	if (count_harmless(d)) {
		r->section(r, _("Harmless findings"), FOLDED);
		walk_findings(r, d, true);
	}
	r->end(r);
}

/* --- JSON --- */

static struct json_object *changes_json(const change_list *changes)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < changes->count; i++) {
		struct json_object *entry = json_object_new_object();

		json_add_text(entry, "name", changes->at[i].field);
		json_add_text(entry, "before", *changes->at[i].before ? changes->at[i].before : NULL);
		json_add_text(entry, "after", *changes->at[i].after ? changes->at[i].after : NULL);
		json_add_text(entry, "meaning", changes->at[i].meaning);
		json_object_array_add(list, entry);
	}
	return list;
}

static void add_finding(struct json_object *object, const char *key,
			const struct finding *finding)
{
	struct json_object *entry = json_object_new_object();

	if (finding) {
		json_add_text(entry, "verdict", finding_words[finding->verdict]);
		json_add_text(entry, "confidence",
			 confidence_words[finding->confidence]);
		json_add_text(entry, "title", finding->title);
		json_object_object_add(object, key, entry);
	} else {
		json_object_put(entry);
	}
}

static struct json_object *findings_json(const struct difference *d)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < d->findings.count; i++) {
		const struct finding_change *change = &d->findings.at[i];
		const struct finding *one = change->after ? change->after : change->before;
		struct json_object *entry = json_object_new_object();
		char place[PCI_ADDRESS_TEXT];

		json_add_text(entry, "id", one->rule->id);
		if (one->function)
			json_add_text(entry, "device",
				 pci_address_print(&one->function->address, place));
		json_add_text(entry, "change", !change->after ? "gone" : !change->before ? "new" :
			 "changed");
		add_finding(entry, "before", change->before);
		add_finding(entry, "after", change->after);
		json_object_array_add(list, entry);
	}
	return list;
}

static void add_gpu_address(struct json_object *object, const char *key,
			    const struct gpu_diagnosis *gpu)
{
	char place[PCI_ADDRESS_TEXT];

	if (gpu && gpu->function)
		json_add_text(object, key, pci_address_print(&gpu->function->address, place));
}

static void add_gate(struct json_object *object, const char *key,
		     const struct gate_forecast *gate)
{
	if (gate)
		json_add_text(object, key, gate->gate->id);
}

static struct json_object *gpus_json(const struct difference *d)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < d->gpus.count; i++) {
		const struct gpu_difference *gpu = &d->gpus.at[i];
		struct json_object *entry = json_object_new_object();

		add_gpu_address(entry, "before", gpu->before);
		add_gpu_address(entry, "after", gpu->after);
		add_gate(entry, "stops_before", gpu->stopped);
		add_gate(entry, "stops_after", gpu->stops);
		json_object_object_add(entry, "gates", changes_json(&gpu->gates));
		json_object_object_add(entry, "facts", changes_json(&gpu->facts));
		json_object_object_add(entry, "fields", changes_json(&gpu->fields));
		json_object_array_add(list, entry);
	}
	return list;
}

int difference_json(FILE *out, const struct difference *d)
{
	struct json_object *root = json_object_new_object();

	json_add_text(root, "schema", "gpuprobe-diff/1");
	json_add_text(root, "gpuprobe", GPUPROBE_VERSION);
	json_object_object_add(root, "different", json_object_new_boolean(d->any));
	json_add_text(root, "verdict_before", verdict_words[d->before.diagnosis->verdict]);
	json_add_text(root, "verdict_after", verdict_words[d->after.diagnosis->verdict]);
	json_object_object_add(root, "findings", findings_json(d));
	json_object_object_add(root, "machine", changes_json(&d->machine));
	json_object_object_add(root, "gpus", gpus_json(d));
	fprintf(out, "%s\n", json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
							   JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
	return ferror(out) ? -EIO : 0;
}
