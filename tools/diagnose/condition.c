// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/condition.h"

#include <errno.h>

static enum answer yes_or_no(bool yes)
{
	return yes ? YES : NO;
}

static bool parse_number(const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 0);
	return !errno && end != text && !*end;
}

static bool compare_numbers(uint64_t a, const char *op, uint64_t b)
{
	bool less = a < b, more = a > b;

	switch (op[0]) {
	case '=':
		return a == b;
	case '!':
		return a != b;
	case '<':
		return less || (op[1] && a == b);
	default:
		return more || (op[1] && a == b);
	}
}

static enum answer compare(const struct fact *fact, const struct term *term)
{
	uint64_t number;

	if (fact->kind == FACT_UNKNOWN)
		return NOT_KNOWN;
	if (!term->value)	/* a name alone: it is known, and not "no" */
		return yes_or_no(fact->kind == FACT_NUMBER || strcmp(fact->word, "no"));
	if (fact->kind == FACT_NUMBER)
		return parse_number(term->value, &number) ?
			yes_or_no(compare_numbers(fact->number, term->op, number)) : NO;
	return yes_or_no(!strcmp(fact->word, term->value) == (term->op[0] == '='));
}

bool message_fits(const char *id, const char *name)
{
	size_t length = strlen(name);

	if (length && name[length - 1] == '*')
		return !strncmp(id, name, length - 1);
	return !strcmp(id, name);
}

/* A message's field as a fact, so that both are compared alike. */
static void field_fact(const struct event *event, const char *name, struct fact *fact)
{
	const char *text = event_field(event, name);

	memset(fact, 0, sizeof(*fact));
	if (!text)
		return;
	if (event_number(event, name, &fact->number)) {
		fact->kind = FACT_NUMBER;
		return;
	}
	fact->kind = FACT_WORD;
	fact->word = xstrdup(text);
}

static bool event_satisfies(const struct event *event, const char *field,
			    const struct term *term)
{
	struct fact fact;
	bool good;

	if (!field)
		return true;
	field_fact(event, field, &fact);
	good = compare(&fact, term) == YES;
	fact_clear(&fact);
	return good;
}

/* The message that was seen; of several that with the best mark. NULL: none was. */
static const struct message *message_seen(const struct view *view, const struct term *term)
{
	const char *colon = strchr(term->name, ':');
	char *id = colon ? xstrndup(term->name, colon - term->name) : xstrdup(term->name);
	const struct message *best = NULL;

	for (size_t i = 0; (!best || best->mark) && i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];
		const struct message *message = event->match.message;

		if (message_fits(message->id, id) && view_has_event(view, event) &&
		    event_satisfies(event, colon ? colon + 1 : NULL, term) &&
		    (!best || mark_allows(message->mark) < mark_allows(best->mark)))
			best = message;
	}
	free(id);
	return best;
}

/* @doubt: what there is to say of the term, if it holds. */
static enum answer weigh_term(const struct view *view, const struct term *term,
			      struct doubt *doubt)
{
	const struct message *message;
	enum answer answer;
	struct fact fact;

	if (fact_get(view, term->name, &fact)) {
		answer = compare(&fact, term);
		*doubt = (struct doubt){ fact.mark, term->name, mark_allows(fact.mark) };
		fact_clear(&fact);
		return answer;
	}
	message = message_seen(view, term);
	if (message)
		*doubt = (struct doubt){ message->mark, message->id, mark_allows(message->mark) };
	return yes_or_no(message);
}

enum answer term_holds(const struct view *view, const struct term *term)
{
	struct doubt doubt;

	return weigh_term(view, term, &doubt);
}

static size_t count_holding(const struct view *view, const term_list *terms)
{
	size_t holding = 0;

	for (size_t i = 0; i < terms->count; i++)
		holding += term_holds(view, &terms->at[i]) == YES;
	return holding;
}

bool condition_holds(const struct view *view, const struct condition *condition)
{
	return count_holding(view, &condition->all) == condition->all.count &&
	       (!condition->any.count || count_holding(view, &condition->any)) &&
	       !count_holding(view, &condition->none);
}

/* @beside: whether a term without a mark was among them. */
static struct doubt weakest_of_all(const struct view *view, const term_list *terms, bool *beside)
{
	struct doubt weakest = { 0 }, doubt;

	for (size_t i = 0; i < terms->count; i++) {
		if (weigh_term(view, &terms->at[i], &doubt) != YES)
			continue;
		*beside |= !doubt.mark;
		if (doubt.allows > weakest.allows)
			weakest = doubt;
	}
	return weakest;
}

static struct doubt best_of_any(const struct view *view, const term_list *terms, bool *beside)
{
	struct doubt best = { 0 }, doubt;
	bool found = false;

	for (size_t i = 0; i < terms->count; i++) {
		if (weigh_term(view, &terms->at[i], &doubt) != YES)
			continue;
		if (!found || doubt.allows < best.allows)
			best = doubt;
		found = true;
	}
	*beside |= found && !best.mark;
	return best;
}

struct doubt condition_doubt(const struct view *view, const struct condition *condition)
{
	bool beside = false;
	struct doubt all = weakest_of_all(view, &condition->all, &beside);
	struct doubt any = best_of_any(view, &condition->any, &beside);
	struct doubt weakest = any.allows > all.allows ? any : all;

	if (beside && weakest.allows == CONFIDENCE_POSSIBLE)
		weakest.allows = CONFIDENCE_LIKELY;
	return weakest;
}
