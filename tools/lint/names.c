// SPDX-License-Identifier: GPL-2.0-or-later
/* Every name in the knowledge stands for something, and for one thing. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "diagnose/condition.h"
#include "lint/lint.h"

struct linter {
	const struct knowledge *knowledge;
	yamldoc_complain_fn complain;
	void *ctx;
	size_t complaints;
};

static void complain(struct linter *l, const char *file, size_t line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void complain(struct linter *l, const char *file, size_t line, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	l->complain(l->ctx, file, line, text);
	l->complaints++;
	free(text);
}

/* --- messages --- */

static const struct message *first_fitting(const struct knowledge *knowledge, const char *name)
{
	for (size_t i = 0; i < knowledge->messages.count; i++)
		if (message_fits(knowledge->messages.at[i].id, name))
			return &knowledge->messages.at[i];
	return NULL;
}

static bool has_field(const struct message *message, const char *field)
{
	return message->pattern &&
	       pcre2_substring_number_from_name(message->pattern, (PCRE2_SPTR)field) > 0;
}

static void check_mark(struct linter *l, const struct place *place, const char *mark)
{
	if (mark && strcmp(mark, "inferred") && strcmp(mark, "unverified"))
		complain(l, place->file, place->line, "mark: '%s' is not inferred or unverified",
			 mark);
}

static void check_message(struct linter *l, const struct message *message)
{
	const struct message *same = knowledge_message(l->knowledge, message->id);

	if (same != message)
		complain(l, message->place.file, message->place.line,
			 "id: %s is there already, at %s:%zu", message->id, same->place.file,
			 same->place.line);
	if (is_rule_id(message->id))
		complain(l, message->place.file, message->place.line,
			 "id: %s: a message's id has a \".\" between subject and event",
			 message->id);
	check_mark(l, &message->place, message->mark);
}

/* --- terms --- */

static bool is_architecture(const struct knowledge *knowledge, const char *name)
{
	for (size_t i = 0; i < knowledge->architectures.count; i++)
		if (!strcmp(knowledge->architectures.at[i].name, name))
			return true;
	return false;
}

/* Facts whose values are names of something that is defined elsewhere. */
static bool value_exists(const struct knowledge *knowledge, const char *fact, const char *value)
{
	if (!strcmp(fact, "hypervisor") || !strcmp(fact, "engine"))
		return knowledge_hypervisor(knowledge, value);
	if (!strcmp(fact, "architecture"))
		return is_architecture(knowledge, value);
	if (!strcmp(fact, "start.error") || !strcmp(fact, "lost.first"))
		return knowledge_message(knowledge, value);
	return true;
}

static void check_field(struct linter *l, const struct rule *rule, const struct term *term,
			const char *id, const char *field)
{
	const struct message *message = knowledge_message(l->knowledge, id);

	if (!message)
		complain(l, rule->place.file, term->line, "%s: %s is no message", term->name, id);
	else if (!has_field(message, field))
		complain(l, rule->place.file, term->line, "%s: %s has no field %s", term->name, id,
			 field);
}

static void check_term(struct linter *l, const struct rule *rule, const struct term *term)
{
	const char *colon = strchr(term->name, ':');
	bool message = first_fitting(l->knowledge, term->name);
	bool fact = fact_exists(term->name);
	char *id;

	if (colon) {
		id = xstrndup(term->name, colon - term->name);
		check_field(l, rule, term, id, colon + 1);
		free(id);
	} else if (!message && !fact) {
		complain(l, rule->place.file, term->line, "%s is neither a fact nor a message",
			 term->name);
	} else if (message && term->value) {
		complain(l, rule->place.file, term->line,
			 "%s: a message has no value; name a field, as in %s:field", term->name,
			 term->name);
	} else if (fact && term->value && !value_exists(l->knowledge, term->name, term->value)) {
		complain(l, rule->place.file, term->line, "%s: %s is unknown", term->name,
			 term->value);
	}
}

static void check_terms(struct linter *l, const struct rule *rule, const term_list *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		check_term(l, rule, &terms->at[i]);
}

/* What rests on something inferred or unverified cannot be certain. */
static void check_doubt(struct linter *l, const struct rule *rule, const term_list *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		char *id = xstrndup(terms->at[i].name, strcspn(terms->at[i].name, ":"));
		const struct message *message = knowledge_message(l->knowledge, id);

		if (message && message->mark)
			complain(l, rule->place.file, terms->at[i].line,
				 "%s is %s: what rests on it cannot be certain", id, message->mark);
		free(id);
	}
}

static void check_conditions(struct linter *l, const struct rule *rule)
{
	for (size_t i = 0; i < rule->conditions.count; i++) {
		const struct condition *condition = &rule->conditions.at[i];

		if (!condition->all.count && !condition->any.count)
			complain(l, rule->place.file, condition->line,
				 "when: nothing must hold here; all or any is needed");
		check_terms(l, rule, &condition->all);
		check_terms(l, rule, &condition->any);
		check_terms(l, rule, &condition->none);
		if (condition->confidence != CONFIDENCE_CERTAIN)
			continue;
		check_doubt(l, rule, &condition->all);
		check_doubt(l, rule, &condition->any);
	}
}

/* --- the rest of a rule --- */

static void check_explains(struct linter *l, const struct rule *rule)
{
	for (size_t i = 0; i < rule->explains.count; i++) {
		const char *name = rule->explains.at[i];

		if (is_rule_id(name) ? !knowledge_rule(l->knowledge, name) :
				       !first_fitting(l->knowledge, name))
			complain(l, rule->place.file, rule->explains.lines[i],
				 "explains: %s is neither a message nor a rule", name);
	}
}

static void check_evidence(struct linter *l, const struct rule *rule)
{
	for (size_t i = 0; i < rule->evidence.count; i++)
		if (!fact_exists(rule->evidence.at[i]))
			complain(l, rule->place.file, rule->evidence.lines[i],
				 "evidence: %s is no fact", rule->evidence.at[i]);
}

static void check_braces(struct linter *l, const struct rule *rule, const char *text)
{
	for (const char *at = text; (at = strchr(at, '{')); at++) {
		char *name = xstrndup(at + 1, strcspn(at + 1, "}"));

		if (!fact_exists(name))
			complain(l, rule->place.file, rule->place.line, "{%s} is no fact", name);
		free(name);
	}
}

static void check_fixes(struct linter *l, const char *file, const fix_list *fixes)
{
	for (size_t i = 0; i < fixes->count; i++) {
		const char *id = fixes->at[i].hypervisor;

		if (strcmp(id, "any") && !knowledge_hypervisor(l->knowledge, id))
			complain(l, file, fixes->at[i].line, "fix: %s is no hypervisor", id);
	}
}

static bool has_general_fix(const struct rule *rule)
{
	for (size_t i = 0; i < rule->fixes.count; i++)
		if (!strcmp(rule->fixes.at[i].hypervisor, "any"))
			return true;
	return !rule->fixes.count;
}

static void check_sample_facts(struct linter *l, const struct rule *rule,
			       const sample_list *samples)
{
	for (size_t i = 0; i < samples->count; i++)
		for (size_t j = 0; j < samples->at[i].facts.count; j++) {
			const struct given_fact *fact = &samples->at[i].facts.at[j];

			if (!fact_exists(fact->name))
				complain(l, rule->place.file, fact->line, "facts: %s is no fact",
					 fact->name);
		}
}

static void check_rule(struct linter *l, const struct rule *rule)
{
	const struct rule *same = knowledge_rule(l->knowledge, rule->id);

	if (same != rule)
		complain(l, rule->place.file, rule->place.line,
			 "id: %s is there already, at %s:%zu", rule->id, same->place.file,
			 same->place.line);
	if (!is_rule_id(rule->id))
		complain(l, rule->place.file, rule->place.line,
			 "id: %s: a rule's id has no \".\"", rule->id);
	if (!has_general_fix(rule))
		complain(l, rule->place.file, rule->place.line,
			 "fix: none for \"any\", which all other hypervisors would get");
	check_conditions(l, rule);
	check_explains(l, rule);
	check_evidence(l, rule);
	check_braces(l, rule, rule->title);
	check_braces(l, rule, rule->explanation);
	check_braces(l, rule, rule->fault_because);
	check_fixes(l, rule->place.file, &rule->fixes);
	check_sample_facts(l, rule, &rule->samples);
	check_sample_facts(l, rule, &rule->counter);
}

static void check_site_fixes(struct linter *l, const struct site_fixes *site)
{
	if (!knowledge_rule(l->knowledge, site->rule))
		complain(l, site->place.file, site->place.line, "rule: there is no rule %s",
			 site->rule);
	check_fixes(l, site->place.file, &site->fixes);
}

/* --- hypervisors --- */

static void check_hypervisor(struct linter *l, const struct hypervisor *hv)
{
	const struct hypervisor *same = knowledge_hypervisor(l->knowledge, hv->id), *at = hv;
	size_t steps = 0;

	if (same != hv)
		complain(l, hv->place.file, hv->place.line, "id: %s is there already, at %s:%zu",
			 hv->id, same->place.file, same->place.line);
	check_mark(l, &hv->place, hv->mark);
	while (at && at->like && steps++ < l->knowledge->hypervisors.count) {
		if (!knowledge_hypervisor(l->knowledge, at->like))
			complain(l, at->place.file, at->place.line, "like: %s is no hypervisor",
				 at->like);
		at = knowledge_hypervisor(l->knowledge, at->like);
	}
	if (at && at->like)
		complain(l, hv->place.file, hv->place.line, "like: %s leads back to itself", hv->id);
}

/* --- circles --- */

enum visit { NEW, OPEN, DONE };

/* Which rule leads back to one that is still open; NULL: none. Depth is that of the longest chain. */
static void walk_from(struct linter *l, const struct rule *rule, enum visit *visits)
{
	enum visit *visit = &visits[rule - l->knowledge->rules.at];

	*visit = OPEN;
	for (size_t i = 0; i < rule->explains.count; i++) {
		const struct rule *next = is_rule_id(rule->explains.at[i]) ?
			knowledge_rule(l->knowledge, rule->explains.at[i]) : NULL;

		if (!next)
			continue;
		if (visits[next - l->knowledge->rules.at] == OPEN)
			complain(l, rule->place.file, rule->explains.lines[i],
				 "explains: %s leads back to %s", next->id, rule->id);
		else if (visits[next - l->knowledge->rules.at] == NEW)
			walk_from(l, next, visits);
	}
	*visit = DONE;
}

static void check_circles(struct linter *l, size_t from)
{
	enum visit *visits = xcalloc(l->knowledge->rules.count + 1, sizeof(*visits));

	for (size_t i = from; i < l->knowledge->rules.count; i++)
		if (visits[i] == NEW)
			walk_from(l, &l->knowledge->rules.at[i], visits);
	free(visits);
}

/* A rule that is always a consequence needs a cause that names it. */
static void check_consequences(struct linter *l, size_t from)
{
	for (size_t i = from; i < l->knowledge->rules.count; i++) {
		const struct rule *rule = &l->knowledge->rules.at[i];
		bool named = rule->verdict != VERDICT_CONSEQUENCE;

		for (size_t j = 0; j < l->knowledge->rules.count && !named; j++) {
			const struct text_list *explains = &l->knowledge->rules.at[j].explains;

			for (size_t n = 0; n < explains->count && !named; n++)
				named = !strcmp(explains->at[n], rule->id);
		}
		if (!named)
			complain(l, rule->place.file, rule->place.line,
				 "verdict: %s is a consequence, and no rule explains it", rule->id);
	}
}

size_t lint_names(const struct knowledge *knowledge, const struct knowledge_mark *from,
		  yamldoc_complain_fn complain_fn, void *ctx)
{
	struct linter l = { knowledge, complain_fn, ctx, 0 };

	for (size_t i = from->messages; i < knowledge->messages.count; i++)
		check_message(&l, &knowledge->messages.at[i]);
	for (size_t i = from->rules; i < knowledge->rules.count; i++)
		check_rule(&l, &knowledge->rules.at[i]);
	for (size_t i = from->site_fixes; i < knowledge->site_fixes.count; i++)
		check_site_fixes(&l, &knowledge->site_fixes.at[i]);
	for (size_t i = 0; i < knowledge->hypervisors.count; i++)
		check_hypervisor(&l, &knowledge->hypervisors.at[i]);
	check_circles(&l, from->rules);
	check_consequences(&l, from->rules);
	return l.complaints;
}

bool lint_add_site(struct knowledge *knowledge, const char *name, const char *text,
		   size_t length, yamldoc_complain_fn complain_fn, void *ctx)
{
	struct knowledge_mark mark = knowledge_mark(knowledge);

	if (knowledge_add(knowledge, name, text, length, complain_fn, ctx) &&
	    !lint_names(knowledge, &mark, complain_fn, ctx))
		return true;
	knowledge_cut(knowledge, &mark);
	return false;
}
