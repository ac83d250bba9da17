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

static enum answer message_seen(const struct view *view, const struct term *term)
{
	const char *colon = strchr(term->name, ':');
	char *id = colon ? xstrndup(term->name, colon - term->name) : xstrdup(term->name);
	bool seen = false;

	for (size_t i = 0; !seen && i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];

		seen = message_fits(event->match.message->id, id) &&
		       view_has_event(view, event) &&
		       event_satisfies(event, colon ? colon + 1 : NULL, term);
	}
	free(id);
	return yes_or_no(seen);
}

enum answer term_holds(const struct view *view, const struct term *term)
{
	enum answer answer;
	struct fact fact;

	if (!fact_get(view, term->name, &fact))
		return message_seen(view, term);
	answer = compare(&fact, term);
	fact_clear(&fact);
	return answer;
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
