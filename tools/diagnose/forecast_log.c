// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver's log, held against the forecast of a gate: of its last load only. */
#include "diagnose/condition.h"
#include "diagnose/gates.h"

/* RmInitAdapter's stages in its order, where their codes mean the same in all branches. */
static const uint8_t stages_in_order[] = {
	0x10, 0x61, 0x20, 0x21, 0x22, 0x40, 0x62, 0x60, 0x30, 0x31, 0x32, 0x23, 0x24, 0x25, 0x11,
	0x41, 0x44, 0x45, 0x42, 0x43,
};

/* Where in that order; -1 if the code is not there. */
static int order_of(uint64_t stage)
{
	for (size_t i = 0; i < sizeof(stages_in_order); i++)
		if (stages_in_order[i] == stage)
			return i;
	return -1;
}

static unsigned int last_attempt(const struct view *view)
{
	size_t count = view->events->count;

	return count ? view->events->at[count - 1].attempt : 0;
}

typedef bool event_test_fn(const struct event *event, const struct gate_forecast *gate);

/* Whether an event about the view's GPU, of the driver's last load, passes the test. */
static bool any_event(const struct view *view, event_test_fn *test,
		      const struct gate_forecast *gate)
{
	unsigned int attempt = last_attempt(view);

	for (size_t i = 0; i < view->events->count; i++) {
		const struct event *event = &view->events->at[i];

		if (event->attempt == attempt && view_has_event(view, event) && test(event, gate))
			return true;
	}
	return false;
}

static bool is_message(const struct event *event, const char *id)
{
	return !strcmp(event->match.message->id, id);
}

/* The message that the gate prints when it fails. */
static bool says_it_failed(const struct event *event, const struct gate_forecast *gate)
{
	uint64_t value;

	if (!is_message(event, gate->message))
		return false;
	if (!gate->gate->field || strcmp(gate->message, gate->gate->message))
		return true;
	return event_number(event, gate->gate->field, &value) && value == gate->gate->value;
}

/* --- how far it came --- */

static bool driver_speaks(const struct event *event, const struct gate_forecast *gate)
{
	(void)gate;
	return is_message(event, "nvlink.init") || !strncmp(event->match.message->id, "nvrm.", 5);
}

/* It comes when the probes are done, and one at least passed. */
static bool is_banner(const struct event *event, const struct gate_forecast *gate)
{
	(void)gate;
	return is_message(event, "nvrm.loading");
}

static bool is_failed_probe(const struct event *event, const struct gate_forecast *gate)
{
	(void)gate;
	return is_message(event, "kernel.probe-failed") && event->address_known;
}

/* A GPU that was started, or a start that failed later. */
static bool is_past_start(const struct event *event, const struct gate_forecast *gate)
{
	bool by_stage = gate->gate->field && !strcmp(gate->gate->field, "stage");
	uint64_t stage;

	if (event->match.message->level == LEVEL_GOOD)
		return message_fits(event->match.message->id, "nvrm.*") ||
		       message_fits(event->match.message->id, "drm.*");
	if (!is_message(event, "nvrm.rminit-failed") || !event_number(event, "stage", &stage))
		return false;
	if (!by_stage)		/* a gate of the opening, before RmInitAdapter() */
		return gate->gate->message && strcmp(gate->gate->message, "nvrm.rminit-failed");
	return order_of(gate->gate->value) >= 0 && order_of(stage) > order_of(gate->gate->value);
}

static bool came_past(const struct view *view, const struct gate_forecast *gate)
{
	switch (gate->gate->moment) {
	case GATE_AT_FILE:
		return any_event(view, driver_speaks, gate);
	case GATE_AT_LOAD:
	case GATE_AT_PROBE:
		return any_event(view, is_banner, gate) && !any_event(view, is_failed_probe, gate);
	case GATE_AT_USE:
		return any_event(view, is_past_start, gate);
	}
	return false;
}

enum gate_log gate_in_log(const struct view *view, const struct gate_forecast *gate, bool prints)
{
	bool said = gate->message && any_event(view, says_it_failed, gate);

	if (gate->result == GATE_CANNOT_TELL)
		return said ? LOG_FAILED : came_past(view, gate) ? LOG_PASSED : LOG_SILENT;
	if (said && gate->result == GATE_PASSES && gate->gate->shared)
		return LOG_SILENT;
	if (said)
		return gate->result == GATE_FAILS || prints ? LOG_AGREES : LOG_DISAGREES;
	if (!came_past(view, gate))
		return LOG_SILENT;
	/* A gate that prints nothing when it fails leaves nothing to see. */
	if (gate->result == GATE_FAILS && !gate->message)
		return LOG_SILENT;
	return gate->result == GATE_PASSES && !prints ? LOG_AGREES : LOG_DISAGREES;
}
