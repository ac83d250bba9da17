// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings: which rules hold, what they account for, in which order, what follows from what. */
#include "diagnose/findings.h"

#include <stdio.h>

#include "diagnose/condition.h"

bool finding_has_line(const struct finding *finding, size_t line)
{
	for (size_t i = 0; i < finding->lines.count; i++)
		if (finding->lines.at[i] == line)
			return true;
	return false;
}

/* @text with each {fact} replaced by the fact's value. */
static char *expand(const struct view *view, const char *text)
{
	char *result = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&result, &length);

	while (out && *text) {
		size_t plain = strcspn(text, "{"), name;
		struct fact fact;
		char *key, *value;

		fwrite(text, 1, plain, out);
		text += plain;
		if (!*text)
			break;
		name = strcspn(text, "}");
		key = xstrndup(text + 1, name - 1);
		if (text[name] && fact_get(view, key, &fact)) {
			value = fact_text(&fact);
			fputs(*value ? value : "unknown", out);
			free(value);
			fact_clear(&fact);
			text += name + 1;
		} else {
			fputc(*text++, out);
		}
		free(key);
	}
	if (!out || fclose(out))
		return xstrdup("");
	return result;
}

static bool accounts_for(const struct rule *rule, const char *id)
{
	for (size_t i = 0; i < rule->explains.count; i++)
		if (message_fits(id, rule->explains.at[i]))
			return true;
	return false;
}

static void collect_evidence(const struct view *view, struct finding *finding)
{
	for (size_t i = 0; i < finding->rule->evidence.count; i++) {
		const char *name = finding->rule->evidence.at[i];
		struct fact fact;

		fact_get(view, name, &fact);
		if (fact.because)
			*array_add(&finding->evidence) = (struct evidence){
				name, xstrdup(fact.because), xstrdup(fact.seen)
			};
		fact_clear(&fact);
	}
}

static void collect_lines(const struct view *view, struct finding *finding)
{
	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];

		if (accounts_for(finding->rule, event->match.message->id) &&
		    view_has_event(view, event))
			*array_add(&finding->lines) = event->line;
	}
}

/* @a and @b, or what there is of them. Takes over @b. */
static char *joined(const char *a, const char *between, char *b)
{
	char *text;

	if (!a)
		return b;
	text = xasprintf("%s%s%s", a, between, b);
	free(b);
	return text;
}

/*
 * What nobody has confirmed weighs on a finding that rests on it. A rule that
 * claims no more than that allows has its own reason.
 */
static void weigh(const struct view *view, struct finding *finding)
{
	const struct condition *condition = finding->condition;
	const char *would_tell = finding->rule->would_tell;
	struct doubt doubt = condition_doubt(view, condition);

	finding->confidence = condition->confidence;
	if (doubt.allows <= finding->confidence) {
		finding->because = condition->because ? xstrdup(condition->because) : NULL;
		finding->would_tell = would_tell ? xstrdup(would_tell) : NULL;
		return;
	}
	finding->confidence = doubt.allows;
	finding->because = joined(condition->because, "; ", xasprintf(
		!strcmp(doubt.mark, "inferred") ?
			_("it rests on \"%s\", and what that means is inferred, not confirmed") :
			_("it rests on \"%s\", and what that means is not verified"), doubt.name));
	finding->would_tell = joined(would_tell, " ", xasprintf(
		_("Source code or a log that confirms \"%s\" would settle the rest."), doubt.name));
}

/* The hypervisor's own fix, or that of what it is built on, or the general one. */
static void choose_fix(const struct view *view, struct finding *finding)
{
	const struct hypervisor *hv = view->platform->hypervisor;

	while (hv && !finding->fix) {
		finding->fix = rule_fix(view->knowledge, finding->rule, hv->id);
		hv = knowledge_hypervisor(view->knowledge, hv->like);
	}
	finding->fix_is_for_here = finding->fix != NULL;
	if (!finding->fix)
		finding->fix = rule_fix(view->knowledge, finding->rule, "any");
}

static const struct condition *first_holding(const struct view *view, const struct rule *rule)
{
	for (size_t i = 0; i < rule->conditions.count; i++)
		if (condition_holds(view, &rule->conditions.at[i]))
			return &rule->conditions.at[i];
	return NULL;
}

/* Nothing in a finding tells one GPU from another: it is about the machine. */
static bool is_of_machine(const struct diagnosis *diagnosis, const struct finding *finding)
{
	size_t at = 0;

	for (size_t i = 0; i < finding->evidence.count; i++)
		if (finding->evidence.at[i].seen)
			return false;
	for (size_t i = 0; i < diagnosis->events.count && at < finding->lines.count; i++) {
		if (diagnosis->events.at[i].line != finding->lines.at[at])
			continue;
		if (diagnosis->events.at[i].address_known)
			return false;
		at++;
	}
	return at > 0;
}

static bool same_lines(const struct finding *a, const struct finding *b)
{
	return a->lines.count == b->lines.count &&
	       !memcmp(a->lines.at, b->lines.at, a->lines.count * sizeof(*a->lines.at));
}

void finding_clear(struct finding *finding)
{
	free(finding->title);
	free(finding->explanation);
	free(finding->fault_because);
	free(finding->because);
	free(finding->would_tell);
	for (size_t i = 0; i < finding->evidence.count; i++) {
		free(finding->evidence.at[i].text);
		free(finding->evidence.at[i].seen);
	}
	array_free(&finding->evidence);
	array_free(&finding->lines);
}

/* What holds for several GPUs by the same words is said once, of none of them. */
static void say_once(struct diagnosis *diagnosis)
{
	struct finding *last = &diagnosis->findings.at[diagnosis->findings.count - 1];

	if (!is_of_machine(diagnosis, last))
		return;
	for (struct finding *other = diagnosis->findings.at; other < last; other++) {
		if (other->rule != last->rule || !same_lines(other, last))
			continue;
		other->function = NULL;
		finding_clear(last);
		diagnosis->findings.count--;
		return;
	}
}

void finding_add(struct diagnosis *diagnosis, const struct view *view, const struct rule *rule)
{
	const struct condition *condition = first_holding(view, rule);
	struct finding *finding;

	if (!condition)
		return;
	finding = array_add(&diagnosis->findings);
	finding->rule = rule;
	finding->verdict = rule->verdict;
	finding->condition = condition;
	finding->function = view->function;
	finding->title = expand(view, rule->title);
	finding->explanation = expand(view, rule->explanation);
	finding->fault_because = expand(view, rule->fault_because);
	weigh(view, finding);
	collect_evidence(view, finding);
	collect_lines(view, finding);
	choose_fix(view, finding);
	say_once(diagnosis);
}

/* --- rules of last resort --- */

/* Another cause that is no fallback accounts for each line of @finding. */
static bool others_account_for(const struct diagnosis *diagnosis, const struct finding *finding)
{
	size_t accounted = 0;

	for (size_t i = 0; i < finding->lines.count; i++) {
		for (size_t j = 0; j < diagnosis->findings.count; j++) {
			const struct finding *other = &diagnosis->findings.at[j];

			if (other->verdict != VERDICT_CAUSE || other->rule->fallback ||
			    !finding_has_line(other, finding->lines.at[i]))
				continue;
			accounted++;
			break;
		}
	}
	return accounted == finding->lines.count;
}

static void drop_fallbacks(struct diagnosis *diagnosis)
{
	size_t kept = 0;

	for (size_t i = 0; i < diagnosis->findings.count; i++) {
		struct finding *finding = &diagnosis->findings.at[i];

		if (finding->rule->fallback && others_account_for(diagnosis, finding))
			finding_clear(finding);
		else
			diagnosis->findings.at[kept++] = *finding;
	}
	diagnosis->findings.count = kept;
}

/* --- what follows from what --- */

static bool names_rule(const struct rule *rule, const char *id)
{
	for (size_t i = 0; i < rule->explains.count; i++)
		if (!strcmp(rule->explains.at[i], id))
			return true;
	return false;
}

/* Both are about the same GPU, or one of them about none in particular. */
static bool concern_each_other(const struct finding *a, const struct finding *b)
{
	return !a->function || !b->function || a->function == b->function;
}

/*
 * A finding that a cause accounts for is a consequence of it. Of several the
 * first in cause order counts; a cause that itself follows from another one
 * leads to that.
 */
static void attach_consequences(struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->findings.count; i++) {
		struct finding *finding = &diagnosis->findings.at[i];

		for (size_t j = 0; j < diagnosis->findings.count && !finding->follows; j++) {
			const struct finding *cause = &diagnosis->findings.at[j];

			if (cause->rule->verdict != VERDICT_CAUSE ||
			    !names_rule(cause->rule, finding->rule->id) ||
			    !concern_each_other(cause, finding))
				continue;
			finding->follows = cause->follows ? cause->follows : cause->rule;
			finding->verdict = VERDICT_CONSEQUENCE;
		}
	}
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	if (x->rule->rank != y->rule->rank)
		return x->rule->rank < y->rule->rank ? -1 : 1;
	if (x->confidence != y->confidence)
		return x->confidence < y->confidence ? -1 : 1;
	if (x->function && y->function)
		return pci_address_compare(&x->function->address, &y->function->address);
	return 0;
}

static void sort(struct diagnosis *diagnosis)
{
	if (diagnosis->findings.count)
		qsort(diagnosis->findings.at, diagnosis->findings.count,
		      sizeof(*diagnosis->findings.at), compare_findings);
}

void findings_rank(struct diagnosis *diagnosis)
{
	drop_fallbacks(diagnosis);
	sort(diagnosis);
	attach_consequences(diagnosis);
	sort(diagnosis);
}
