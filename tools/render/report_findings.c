// SPDX-License-Identifier: GPL-2.0-or-later
/* The findings: the root cause with all that it rests on, and the others. */
#include "render/walk.h"

#include <inttypes.h>

#include "decode/rminit.h"
#include "lib/i18n.h"

#define LINES_SHORT	8	/* log lines quoted per finding unless all is shown */

static const char *const confidence_words[] = {
	[CONFIDENCE_CERTAIN] = N_("certain"), [CONFIDENCE_LIKELY] = N_("likely"),
	[CONFIDENCE_POSSIBLE] = N_("possible"),
};

static const struct {
	const char *word;
	const char *text;
} fault_words[] = {
	{ "hypervisor",	N_("the hypervisor") },
	{ "host",	N_("the host of this VM") },
	{ "guest",	N_("this machine's own setup") },
	{ "driver",	N_("the NVIDIA driver") },
	{ "gpu",	N_("the GPU itself") },
	{ "user",	N_("a setting that you made") },
	{ "unknown",	N_("not known yet") },
	{ "none",	N_("nobody") },
};

static const char *fault_text(const struct platform *platform, const char *word)
{
	/* What is the host of a VM is the machine itself where there is none. */
	if (!strcmp(word, "host") && !platform->virtual)
		return _("the host of this VM, or this machine's own firmware and hardware");
	for (size_t i = 0; i < sizeof(fault_words) / sizeof(fault_words[0]); i++)
		if (!strcmp(fault_words[i].word, word))
			return _(fault_words[i].text);
	return word;
}

/* --- log lines --- */

struct quote {
	const struct log_line *line;
	size_t place;	/* among the lines to be quoted */
	size_t times;
};

static int compare_texts(const void *left, const void *right)
{
	const struct quote *a = left, *b = right;
	int order = strcmp(a->line->text, b->line->text);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

static int compare_places(const void *left, const void *right)
{
	const struct quote *a = left, *b = right;

	return a->place < b->place ? -1 : a->place > b->place;
}

/* One quote for each text, at the place where it came first. Returns how many. */
static size_t fold_quotes(struct quote *quotes, size_t count)
{
	size_t kept = 0;

	qsort(quotes, count, sizeof(*quotes), compare_texts);
	for (size_t i = 0; i < count; i++) {
		if (kept && !strcmp(quotes[kept - 1].line->text, quotes[i].line->text))
			quotes[kept - 1].times++;
		else
			quotes[kept++] = quotes[i];
	}
	qsort(quotes, kept, sizeof(*quotes), compare_places);
	return kept;
}

void quote_lines(struct walk *w, const size_t *lines, size_t count)
{
	struct quote *quotes = xcalloc(count ? count : 1, sizeof(*quotes));
	size_t kept, most;

	for (size_t i = 0; i < count; i++)
		quotes[i] = (struct quote){ &w->c->log.at[lines[i]], i, 1 };
	kept = fold_quotes(quotes, count);
	most = shows_all(w) || kept < LINES_SHORT ? kept : LINES_SHORT;
	for (size_t i = 0; i < most; i++)
		w->r->log_line(w->r, quotes[i].line->stamp, quotes[i].line->text,
			       quotes[i].times);
	if (most < kept)
		render_paragraph(w->r, ngettext("... and %zu more (-v shows all)",
						"... and %zu more (-v shows all)", kept - most),
				 kept - most);
	free(quotes);
}

/* --- findings --- */

static void walk_source_line(struct walk *w, const struct event *event, uint64_t stage)
{
	const struct nvidia_driver *driver = &w->diagnosis->driver;
	uint64_t line;
	char *text;

	if (!event_number(event, "line", &line) || line > UINT32_MAX)
		return;
	text = rminit_line_text(w->knowledge, stage, line, driver->branch, driver->open);
	w->r->item(w->r, NULL, text);
	free(text);
}

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
		render_item(w->r, NULL, _("RmInitAdapter's numbers: stage 0x%" PRIx64 " is \"%s\" (%s), "
			    "status 0x%" PRIx64 " is %s"), stage_code,
		     stage && stage->step ? stage->step : _("not known"),
		     stage ? stage->name : _("no name"), status_code,
		     status ? status->name : _("not known"));
		walk_source_line(w, event, stage_code);
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
			render_paragraph(w->r, _("Seen %s:"), evidence->seen);
		moment = evidence->seen;
		w->r->item(w->r, NULL, evidence->text);
	}
}

static void walk_evidence(struct walk *w, const struct finding *finding)
{
	walk_seen(w, finding);
	walk_decoded(w, finding);
	if (finding->lines.count)
		render_paragraph(w->r, _("Lines of the kernel log that this accounts for:"));
	quote_lines(w, finding->lines.at, finding->lines.count);
}

/* Where the hypervisor is known, those of others are of interest to few. */
static void walk_fix(struct walk *w, const struct finding *finding)
{
	const struct rule *rule = finding->rule;

	if (!finding->fix)
		return;
	if (finding->fix_is_for_here)
		render_paragraph(w->r, _("On this machine's hypervisor, %s:"),
			  w->diagnosis->platform.hypervisor->name);
	w->r->paragraph(w->r, finding->fix->text);
	if (finding->fix_is_for_here && !shows_all(w))
		return;
	for (size_t i = 0; i < rule->fixes.count; i++) {
		const struct fix *fix = &rule->fixes.at[i];
		const struct hypervisor *hv = knowledge_hypervisor(w->knowledge, fix->hypervisor);

		if (strcmp(fix->hypervisor, finding->fix->hypervisor) != 0 && hv)
			render_item(w->r, hv->name, "%s", fix->text);
	}
}

/* Up to its first full stop; @more says whether there is more. To be freed. */
static char *first_sentence(const char *text, bool *more)
{
	const char *end = strstr(text, ". "), *wide = strstr(text, "\u3002");

	if (wide && (!end || wide < end))
		end = wide + strlen("\u3002") - 1;
	*more = end && end[1];
	return end ? xstrndup(text, end + 1 - text) : xstrdup(text);
}

/* Whose fault, how sure, what to do: for those who read no further. */
static void walk_summary(struct walk *w, const struct finding *finding)
{
	const char *because = finding->because;
	bool more;
	char *sentence;

	if (finding->rule->plain)
		w->r->paragraph(w->r, finding->rule->plain);
	render_item(w->r, _("Whose fault"), "%s: %s",
		    fault_text(&w->diagnosis->platform, finding->rule->fault),
		    finding->fault_because);
	render_item(w->r, _("How sure"), "%s%s%s",
		    _(confidence_words[finding->confidence]), because ? ": " : "",
		    because ? because : "");
	if (!finding->fix)
		return;
	sentence = first_sentence(finding->fix->text, &more);
	w->r->item(w->r, _("What to do"), sentence);
	if (more)
		w->r->item(w->r, "", _("\"What to change\" below says more."));
	free(sentence);
}

static void walk_what_is_wrong(struct walk *w, const struct finding *finding)
{
	const struct rule *rule = finding->rule;

	w->r->section(w->r, _("What is wrong"), UNFOLDED);
	w->r->paragraph(w->r, finding->explanation);
	render_item(w->r, _("Cause"), _("%s (\"gpuprobe explain %s\" tells more)"), rule->id,
		    rule->id);
	if (rule_is_of_site(w->knowledge, rule))
		render_item(w->r, "", _("by a rule of this site, %s:%zu"), rule->place.file,
			    rule->place.line);
	if (finding->would_tell && finding->confidence != CONFIDENCE_CERTAIN)
		w->r->item(w->r, _("Would tell"), finding->would_tell);
}

void walk_root_cause(struct walk *w, const struct finding *finding)
{
	const struct rule *rule = finding->rule;

	walk_summary(w, finding);
	walk_what_is_wrong(w, finding);
	if (w->map.trouble)
		walk_address_map(w);
	w->r->section(w->r, _("Evidence"), UNFOLDED);
	walk_evidence(w, finding);
	w->r->section(w->r, _("What to change"), UNFOLDED);
	walk_fix(w, finding);
	if (rule->not_helpful.count)
		w->r->section(w->r, _("What does not help"), FOLDED);
	for (size_t i = 0; i < rule->not_helpful.count; i++)
		w->r->item(w->r, NULL, rule->not_helpful.at[i]);
}

static void walk_other(struct walk *w, const struct finding *finding)
{
	static const char *const words[] = {
		[VERDICT_CAUSE] = N_("also"), [VERDICT_CONTRIBUTING] = N_("contributing"),
		[VERDICT_CONSEQUENCE] = N_("consequence"), [VERDICT_HARMLESS] = N_("harmless"),
	};
	bool several = finding->function && w->diagnosis->gpus.count > 1;
	char place[PCI_ADDRESS_TEXT], *title;

	title = xasprintf("%s: %s%s%s (%s, %s)", _(words[finding->verdict]),
			  several ? pci_address_print(&finding->function->address, place) : "",
			  several ? ": " : "", finding->title, finding->rule->id,
			  _(confidence_words[finding->confidence]));
	w->r->subsection(w->r, title);
	free(title);
	if (finding->follows)
		w->r->item(w->r, _("follows from"), finding->follows->title);
	if ((finding->verdict == VERDICT_HARMLESS || finding->follows) && !shows_all(w))
		return;
	w->r->paragraph(w->r, finding->explanation);
	walk_evidence(w, finding);
	walk_fix(w, finding);
}

void walk_other_findings(struct walk *w, size_t from)
{
	if (from >= w->diagnosis->findings.count)
		return;
	w->r->section(w->r, _("Other findings"), FOLDED);
	for (size_t i = from; i < w->diagnosis->findings.count; i++)
		walk_other(w, &w->diagnosis->findings.at[i]);
}
