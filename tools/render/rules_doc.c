// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/rules_doc.h"

#include "lib/i18n.h"

/* --- when a rule holds --- */

/* "all of intpin = 0, msix = no"; nothing if there are none. */
static void write_terms(FILE *out, const char *words, const term_list *terms)
{
	if (!terms->count)
		return;
	fputs(words, out);
	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->at[i];

		fprintf(out, "%s %s", i ? "," : "", term->name);
		if (term->value)
			fprintf(out, " %s %s", term->op, term->value);
	}
}

static char *condition_text(const struct condition *condition)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return xstrdup("");
	write_terms(out, _("all of"), &condition->all);
	write_terms(out, condition->all.count ? _("; one of") : _("one of"), &condition->any);
	write_terms(out, _("; none of"), &condition->none);
	if (condition->because)
		fprintf(out, " (%s)", condition->because);
	if (fclose(out))
		return xstrdup("");
	return text;
}

static void walk_conditions(struct renderer *r, const struct rule *rule)
{
	static const char *const words[] = { N_("certain if"), N_("likely if"), N_("possible if") };

	for (size_t i = 0; i < rule->conditions.count; i++) {
		char *text = condition_text(&rule->conditions.at[i]);

		r->item(r, _(words[rule->conditions.at[i].confidence]), text);
		free(text);
	}
}

/* --- the rest of it --- */

static void add_name(char **text, const char *name)
{
	char *longer = xasprintf("%s%s%s", *text, **text ? ", " : "", name);

	free(*text);
	*text = longer;
}

static bool lists(const struct text_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->at[i], name))
			return true;
	return false;
}

/* A message that a consequence of the rule accounts for as well is told with that. */
static bool told_with_consequence(const struct knowledge *knowledge, const struct rule *rule,
				  const char *message)
{
	for (size_t i = 0; i < rule->explains.count; i++) {
		const struct rule *next = knowledge_rule(knowledge, rule->explains.at[i]);

		if (next && lists(&next->explains, message))
			return true;
	}
	return false;
}

static void walk_names(struct renderer *r, const char *label, char *names)
{
	if (*names)
		r->item(r, label, names);
	free(names);
}

static void walk_explains(struct renderer *r, const struct knowledge *knowledge,
			  const struct rule *rule)
{
	char *messages = xstrdup(""), *rules = xstrdup("");

	for (size_t i = 0; i < rule->explains.count; i++) {
		const char *name = rule->explains.at[i];

		if (is_rule_id(name))
			add_name(&rules, name);
		else if (!told_with_consequence(knowledge, rule, name))
			add_name(&messages, name);
	}
	walk_names(r, _("accounts for"), messages);
	walk_names(r, _("leads to"), rules);
}

static void walk_evidence(struct renderer *r, const struct rule *rule)
{
	char *facts = xstrdup("");

	for (size_t i = 0; i < rule->evidence.count; i++)
		add_name(&facts, rule->evidence.at[i]);
	walk_names(r, _("evidence"), facts);
}

static void walk_fixes(struct renderer *r, const struct knowledge *knowledge,
		       const struct rule *rule)
{
	for (size_t i = 0; i < rule->fixes.count; i++) {
		const struct fix *fix = &rule->fixes.at[i];
		const struct hypervisor *hv = knowledge_hypervisor(knowledge, fix->hypervisor);
		char *label = xasprintf(_("change (%s)"), hv ? hv->name : _("any"));

		r->item(r, label, fix->text);
		free(label);
	}
}

static void walk_list(struct renderer *r, const char *label, const struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		r->item(r, i ? "" : label, list->at[i]);
}

static void walk_rule(struct renderer *r, const struct knowledge *knowledge,
		      const struct rule *rule)
{
	r->paragraph(r, rule->title);
	r->paragraph(r, rule->explanation);
	render_item(r, _("verdict"), "%s", rule->verdict_text);
	render_item(r, _("fault of"), "%s: %s", rule->fault, rule->fault_because);
	walk_conditions(r, rule);
	if (rule->fallback)
		r->item(r, "", _("only for lines that no other cause accounts for"));
	walk_evidence(r, rule);
	walk_explains(r, knowledge, rule);
	walk_fixes(r, knowledge, rule);
	walk_list(r, _("no help"), &rule->not_helpful);
	if (rule->would_tell)
		r->item(r, _("would tell"), rule->would_tell);
	walk_list(r, _("sources"), &rule->sources);
}

void rules_doc_rule(struct renderer *r, const struct knowledge *knowledge,
		    const struct rule *rule)
{
	r->section(r, rule->id, UNFOLDED);
	walk_rule(r, knowledge, rule);
	if (rule->place.file)
		render_item(r, _("defined at"), "%s:%zu", rule->place.file, rule->place.line);
}

static int compare_rules(const void *a, const void *b)
{
	const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void walk_verdict(struct renderer *r, const struct knowledge *knowledge,
			 enum finding_verdict verdict)
{
	ARRAY(const struct rule *) rules = { 0 };

	for (size_t i = 0; i < knowledge->rules.count; i++)
		if (knowledge->rules.at[i].verdict == verdict)
			*array_add(&rules) = &knowledge->rules.at[i];
	if (rules.count)
		qsort(rules.at, rules.count, sizeof(*rules.at), compare_rules);
	for (size_t i = 0; i < rules.count; i++) {
		r->subsection(r, rules.at[i]->id);
		walk_rule(r, knowledge, rules.at[i]);
	}
	array_free(&rules);
}

void rules_doc(struct renderer *r, const struct knowledge *knowledge)
{
	static const struct {
		enum finding_verdict verdict;
		const char *title, *text;
	} parts[] = {
		{ VERDICT_CAUSE, N_("Causes"),
		  N_("In cause order: what comes earlier in the start of a machine stands first. "
		     "Of several findings in a report the first is the root cause.") },
		{ VERDICT_CONTRIBUTING, N_("What contributes"),
		  N_("Facts that are worth knowing beside a cause, and that alone break nothing.") },
		{ VERDICT_CONSEQUENCE, N_("Consequences"),
		  N_("What follows from a cause. The report names the cause with each.") },
		{ VERDICT_HARMLESS, N_("Harmless"),
		  N_("Lines that alarm, and mean nothing for the GPU.") },
	};

	r->begin(r, _("What gpuprobe diagnoses"));
	r->paragraph(r, _("Every cause that gpuprobe knows, with the evidence that it asks for, what to "
			  "change per hypervisor, and where the knowledge comes from. This is made from the "
			  "rules, by \"gpuprobe rules doc\". Names such as intpin are facts, "
			  "names such as nvrm.no-irq are messages of the kernel log."));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		r->section(r, _(parts[i].title), UNFOLDED);
		r->paragraph(r, _(parts[i].text));
		walk_verdict(r, knowledge, parts[i].verdict);
	}
	r->end(r);
}
