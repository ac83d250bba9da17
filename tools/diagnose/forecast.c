// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/gates.h"

/* From here on the driver's checks come in another order (place_580). */
#define BRANCH_NEW_ORDER 580

static void (*test_of(const struct gate *gate))(const struct view *, struct gate_answer *)
{
	static const struct gate_test *const lists[] = {
		load_gates, probe_gates, chip_gates, use_gates,
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const struct gate_test *test = lists[i]; test->id; test++)
			if (!strcmp(test->id, gate->id))
				return test->test;
	return NULL;
}

/* --- which gates, in which order --- */

/* Whether this driver has the gate; what is not known of the driver excludes none. */
static bool has_gate(const struct nvidia_driver *driver, const struct gate *gate)
{
	if (driver->branch && (driver->branch < gate->first_branch ||
			       (gate->last_branch && driver->branch > gate->last_branch)))
		return false;
	if (!gate->flavour || driver->open == NOT_KNOWN)
		return true;
	return !strcmp(gate->flavour, driver->open == YES ? "open" : "proprietary");
}

static uint32_t place_of(const struct nvidia_driver *driver, const struct gate *gate)
{
	return gate->place_580 && driver->branch >= BRANCH_NEW_ORDER ? gate->place_580 : gate->place;
}

/* The gate with the smallest place after @after, or NULL. */
static const struct gate *next_gate(const struct view *view, const struct gate *after)
{
	uint32_t from = after ? place_of(view->driver, after) : 0;
	const struct gate *found = NULL;

	for (size_t i = 0; i < view->knowledge->gates.count; i++) {
		const struct gate *gate = &view->knowledge->gates.at[i];

		if (has_gate(view->driver, gate) && place_of(view->driver, gate) > from &&
		    (!found || place_of(view->driver, gate) < place_of(view->driver, found)))
			found = gate;
	}
	return found;
}

/* What the gate's own knowledge leaves open weighs on every answer. */
static void weigh(const struct view *view, const struct gate *gate, struct gate_answer *answer)
{
	if (answer->confidence != CONFIDENCE_CERTAIN || answer->result == GATE_CANNOT_TELL)
		return;
	if (gate->mark && answer->result == GATE_FAILS)
		gate_doubt(answer, mark_allows(gate->mark),
			   "this check was not read in the driver's sources");
	else if (gate->flavour && view->driver->open == NOT_KNOWN)
		gate_doubt(answer, CONFIDENCE_LIKELY, "which flavour of the driver it is, is not "
						      "known");
}

/* Adds the forecast of one gate; false if it fails, so that no later one is reached. */
static bool forecast_gate(const struct view *view, const struct gate *gate, forecast *gates)
{
	void (*test)(const struct view *view, struct gate_answer *answer) = test_of(gate);
	struct gate_answer answer = { 0 };
	struct gate_forecast *entry;

	if (test)
		test(view, &answer);
	if (!answer.applies)
		return true;
	weigh(view, gate, &answer);
	entry = array_add(gates);
	*entry = (struct gate_forecast){
		.gate = gate,
		.by_registers = test == chip_gates[0].test || test == chip_gates[1].test,
		.result = answer.result,
		.because = answer.because,
		.confidence = answer.confidence,
		.doubt = answer.doubt,
		.message = answer.message ? answer.message : gate->message,
	};
	if (entry->message && !*entry->message)
		entry->message = NULL;
	entry->log = gate_in_log(view, entry, answer.prints);
	return entry->result != GATE_FAILS || gate->goes_on;
}

static bool failed_by_log(const struct gate_forecast *gate)
{
	return gate->log == LOG_FAILED ||
	       (gate->result == GATE_FAILS && gate->log == LOG_AGREES && !gate->gate->goes_on) ||
	       (gate->result == GATE_PASSES && gate->log == LOG_DISAGREES);
}

/* The rest of a probe or start is to blame only where no gate of it is. */
static void clear_rest(forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++) {
		struct gate_forecast *rest = &gates->at[i];

		if (rest->log != LOG_FAILED || strncmp(rest->gate->id, "rest-", 5))
			continue;
		for (size_t j = 0; j < i; j++)
			if (gates->at[j].gate->moment == rest->gate->moment &&
			    failed_by_log(&gates->at[j]))
				rest->log = LOG_SILENT;
	}
}

static void gates_of_driver(const struct view *view, forecast *gates)
{
	const struct gate *gate = NULL;

	do
		gate = next_gate(view, gate);
	while (gate && forecast_gate(view, gate, gates));
	clear_rest(gates);
}

static void gates_clear(forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		free(gates->at[i].because);
	array_free(gates);
}

/* --- where no driver is installed --- */

static const struct gate *first_failing(const forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		if (gates->at[i].result == GATE_FAILS)
			return gates->at[i].gate;
	return NULL;
}

/* The view of a machine that has this release. */
static void with_release(const struct view *view, unsigned int branch, enum answer open,
			 struct nvidia_driver *driver, struct view *other)
{
	*driver = (struct nvidia_driver){ .branch = branch, .open = open };
	*other = *view;
	other->driver = driver;
}

static void try_release(const struct view *view, unsigned int branch, enum answer open,
			struct driver_advice *advice)
{
	struct nvidia_driver driver;
	forecast gates = { 0 };
	struct view other;

	with_release(view, branch, open, &driver, &other);
	gates_of_driver(&other, &gates);
	*array_add(&advice->releases) = (struct release_forecast){
		branch, open, fact_is(&other, "driver.fit", "ok") == YES, first_failing(&gates)
	};
	gates_clear(&gates);
}

/* That which nothing stands in the way of, else one that is made for the GPU at least. */
static const struct release_forecast *best_release(const struct driver_advice *advice)
{
	const struct release_forecast *best = NULL;

	for (size_t i = 0; i < advice->releases.count; i++) {
		const struct release_forecast *release = &advice->releases.at[i];

		if (!release->fits)
			continue;
		if (!release->fails)
			return release;
		if (!best)
			best = release;
	}
	return best;
}

static void try_releases(const struct view *view, struct driver_advice *advice)
{
	const struct release_forecast *best;

	for (size_t i = view->knowledge->branches.count; i-- > 0;) {
		const struct driver_branch *branch = &view->knowledge->branches.at[i];

		if (!branch->open || strcmp(branch->open, "no"))
			try_release(view, branch->number, YES, advice);
		try_release(view, branch->number, NO, advice);
	}
	best = best_release(advice);
	if (!best)
		return;
	advice->assumed = true;
	advice->branch = best->branch;
	advice->open = best->open;
}

/* Somebody looked, and there is none; and which would do depends on a known GPU. */
static bool driver_is_missing(const struct view *view)
{
	return view->c->modules_looked && !view->driver->ran && !view->driver->module &&
	       view->function->ids_known &&
	       architecture_of_device(view->knowledge, view->function->device);
}

void forecast_make(const struct view *view, forecast *gates, struct driver_advice *advice)
{
	struct nvidia_driver driver;
	struct view other;

	if (driver_is_missing(view))
		try_releases(view, advice);
	if (!advice->assumed) {
		gates_of_driver(view, gates);
		return;
	}
	with_release(view, advice->branch, advice->open, &driver, &other);
	gates_of_driver(&other, gates);
}

void forecast_clear(forecast *gates, struct driver_advice *advice)
{
	gates_clear(gates);
	array_free(&advice->releases);
}

bool gate_matters(const struct gate_forecast *gate)
{
	if (gate->log == LOG_DISAGREES || gate->log == LOG_FAILED)
		return true;
	if (gate->result == GATE_CANNOT_TELL)
		return gate->gate->moment != GATE_AT_USE && gate->log != LOG_PASSED &&
		       strcmp(gate->gate->id, "rest-of-probe");
	return gate->result == GATE_FAILS;
}

enum gate_result gate_outcome(const struct gate_forecast *gate)
{
	switch (gate->log) {
	case LOG_SILENT:
	case LOG_AGREES:
		break;
	case LOG_DISAGREES:
		return gate->result == GATE_FAILS ? GATE_PASSES : GATE_FAILS;
	case LOG_FAILED:
		return GATE_FAILS;
	case LOG_PASSED:
		return GATE_PASSES;
	}
	return gate->result;
}

/* Without MSI-X or MSI the driver goes on; what else may go on has to be put right. */
static bool stops_the_driver(const struct gate_forecast *gate)
{
	return gate_outcome(gate) == GATE_FAILS &&
	       !(gate->gate->goes_on && gate->gate->moment == GATE_AT_USE);
}

const struct gate_forecast *gate_that_stops(const forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		if (stops_the_driver(&gates->at[i]))
			return &gates->at[i];
	return NULL;
}

const struct gate_forecast *gate_left_open(const forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		if (gate_outcome(&gates->at[i]) == GATE_CANNOT_TELL)
			return &gates->at[i];
	return NULL;
}

static const char *log_words(const struct gate_forecast *gate)
{
	switch (gate->log) {
	case LOG_SILENT:
		break;
	case LOG_AGREES:
		return gate->result == GATE_FAILS ? _("; the driver says so too") :
						    _("; the driver's log agrees");
	case LOG_DISAGREES:
		return gate->result == GATE_FAILS ?
			_("; so it should fail, but the driver's log shows that it passed") :
			_("; so it should pass, but the driver's log shows that it failed");
	case LOG_FAILED:
		return _("; the driver's log shows that it failed");
	case LOG_PASSED:
		return _("; the driver's log shows that it passed");
	}
	return "";
}

char *gate_reason(const struct gate_forecast *gate)
{
	return xasprintf("%s%s", gate->because, log_words(gate));
}
