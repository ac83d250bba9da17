// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/log.h"
#include "diagnose/condition.h"
#include "diagnose/findings.h"
#include "lib/i18n.h"

/* --- GPUs --- */

static bool is_harmless(const struct diagnosis *diagnosis, size_t line)
{
	for (size_t i = 0; i < diagnosis->findings.count; i++)
		if (diagnosis->findings.at[i].verdict == VERDICT_HARMLESS &&
		    finding_has_line(&diagnosis->findings.at[i], line))
			return true;
	return false;
}

static bool has_error(const struct diagnosis *diagnosis, const struct view *view)
{
	for (size_t i = 0; i < view->events->count; i++)
		if (view->events->at[i].match.message->level == LEVEL_ERROR &&
		    view_has_event(view, &view->events->at[i]) &&
		    !is_harmless(diagnosis, view->events->at[i].line))
			return true;
	return false;
}

/* A good word of nvidia.ko or of what stands on it; nouveau has its own. */
static bool has_good_word(const struct view *view)
{
	for (size_t i = 0; i < view->events->count; i++) {
		const struct message *message = view->events->at[i].match.message;

		if (message->level == LEVEL_GOOD && view_has_event(view, &view->events->at[i]) &&
		    (message_fits(message->id, "nvrm.*") || message_fits(message->id, "drm.*")))
			return true;
	}
	return false;
}

/* A working GPU: the driver has it, or said so in the log, and no error came after. */
static bool works(const struct diagnosis *diagnosis, const struct view *view)
{
	const char *driver = view->now ? snapshot_bound(view->now) : NULL;
	bool bound = driver && !strncmp(driver, "nvidia", 6);

	if (has_error(diagnosis, view))
		return false;
	if (driver && !bound)
		return false;
	return bound ? view->c->log_looked : has_good_word(view);
}

static void apply_rules(struct diagnosis *diagnosis, const struct view *view)
{
	for (size_t i = 0; i < view->knowledge->rules.count; i++)
		finding_add(diagnosis, view, &view->knowledge->rules.at[i]);
}

static void collect_facts(const struct view *view, struct gpu_diagnosis *gpu)
{
	const char *name;

	for (size_t i = 0; (name = fact_name(i)); i++) {
		struct fact fact;

		fact_get(view, name, &fact);
		if (fact.kind != FACT_UNKNOWN)
			*array_add(&gpu->facts) = (struct known_fact){ name, fact_text(&fact) };
		fact_clear(&fact);
	}
}

static void diagnose_gpu(struct diagnosis *diagnosis, struct view *view,
			 const struct function *function)
{
	struct gpu_diagnosis *gpu = array_add(&diagnosis->gpus);

	view_focus(view, function);
	gpu->function = function;
	collect_facts(view, gpu);
	if (function && function->snapshots.count)
		forecast_make(view, &gpu->gates, &gpu->advice);
	apply_rules(diagnosis, view);
	gpu->works = works(diagnosis, view);
}

/* --- what is left over --- */

static bool is_explained(const struct diagnosis *diagnosis, size_t line)
{
	for (size_t i = 0; i < diagnosis->findings.count; i++) {
		const struct finding *finding = &diagnosis->findings.at[i];

		/* What follows from nothing explains nothing. */
		if (finding->verdict == VERDICT_CONSEQUENCE && !finding->follows)
			continue;
		if (finding_has_line(finding, line))
			return true;
	}
	return false;
}

static void list_unexplained(struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->events.count; i++) {
		const struct event *event = &diagnosis->events.at[i];

		if (event->match.message->level == LEVEL_ERROR &&
		    !is_explained(diagnosis, event->line))
			*array_add(&diagnosis->unexplained) = event->line;
	}
}

static void cannot_tell(struct diagnosis *diagnosis, char *sentence)
{
	*array_add(&diagnosis->cannot_tell) = sentence;
}

static const struct snapshot *newest(const struct function *function)
{
	size_t count = function->snapshots.count;

	return count ? &function->snapshots.at[count - 1] : NULL;
}

static bool is_gone(const struct function *function)
{
	return newest(function) && newest(function)->gone;
}

/* The driver that has it; NULL: none, or not known. */
static const char *driver_of(const struct function *function)
{
	const char *driver = newest(function) ? snapshot_bound(newest(function)) : NULL;

	return driver && *driver ? driver : NULL;
}

static void tell_gate(struct diagnosis *diagnosis, const char *place,
		      const struct gate_forecast *gate)
{
	if (gate->log == LOG_DISAGREES)
		cannot_tell(diagnosis, xasprintf(_("%s: whether %s: by what was seen before the driver "
			    "ran it %s, and the driver's log says otherwise"), place,
			    gate->gate->title, gate->result == GATE_FAILS ? _("fails") : _("passes")));
	else if (gate->result == GATE_CANNOT_TELL && gate_matters(gate))
		cannot_tell(diagnosis, xasprintf(_("%s: whether %s: %s"), place, gate->gate->title,
			    gate->because));
}

static bool has_cause(const struct diagnosis *diagnosis)
{
	return diagnosis->findings.count &&
	       diagnosis->findings.at[0].verdict == VERDICT_CAUSE;
}

static bool programs_got_no_gpu(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->events.count; i++)
		if (program_got_no_gpu(&diagnosis->events.at[i]))
			return true;
	return false;
}

static void list_cannot_tell(struct diagnosis *diagnosis, const struct gpuprobe_case *c)
{
	char place[PCI_ADDRESS_TEXT];

	if (!diagnosis->gpus.count)
		cannot_tell(diagnosis, xstrdup(_("no NVIDIA GPU is visible, so there is nothing to "
			    "examine; check on the host that the GPU is assigned to this VM")));
	if (!c->log_looked)
		cannot_tell(diagnosis, xstrdup(_("the kernel log was not read, so what the driver "
			    "said is not known")));
	else if (!diagnosis->driver.ran && diagnosis->gpus.count && c->modules_looked &&
		 !diagnosis->driver.module)
		cannot_tell(diagnosis, xstrdup(_("no NVIDIA driver is installed for the running "
			    "kernel, so nothing proves that the GPU works")));
	else if (!diagnosis->driver.ran && diagnosis->gpus.count)
		cannot_tell(diagnosis, xstrdup(_("the NVIDIA driver has not run since this boot, so "
			    "nothing proves that the GPU works")));
	if (!has_cause(diagnosis) && programs_got_no_gpu(diagnosis))
		cannot_tell(diagnosis, xstrdup(_("programs got no GPU from the driver, and its own "
			    "lines that say why were not seen; the kernel log of this boot, from its "
			    "start on (journalctl -k -b), would tell")));
	for (size_t i = 0; i < diagnosis->gpus.count; i++) {
		const struct gpu_diagnosis *gpu = &diagnosis->gpus.at[i];
		const char *driver;

		if (!gpu->function || gpu->works)
			continue;
		pci_address_print(&gpu->function->address, place);
		driver = driver_of(gpu->function);
		if (is_gone(gpu->function))
			cannot_tell(diagnosis, xasprintf(_("%s: nothing answers there; its config "
				    "space reads as all ones, so the GPU is off, lost or stuck"),
				    place));
		if (driver && strncmp(driver, "nvidia", 6))
			cannot_tell(diagnosis, xasprintf(_("%s: the driver %s has the GPU; "
				    "nvidia.ko can have it only when that one lets it go"), place,
				    driver));
		for (size_t j = 0; j < gpu->gates.count; j++)
			tell_gate(diagnosis, place, &gpu->gates.at[j]);
	}
}

/* --- the verdict --- */

static bool all_work(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->gpus.count; i++)
		if (!diagnosis->gpus.at[i].works)
			return false;
	return diagnosis->gpus.count > 0;
}

/*
 * What the module alone sees is not held against a report without it; nor is what
 * says nothing of the GPU: a driver that is built wrong, or another one that has it.
 */
static bool is_in_the_way(const struct gate_forecast *gate)
{
	if (gate->result == GATE_FAILS)
		return gate->gate->moment >= GATE_AT_PROBE || !gate->gate->goes_on;
	return gate->result == GATE_CANNOT_TELL && gate_matters(gate) && !gate->by_registers;
}

/* The gates that need no register of the GPU were decided for every GPU. */
static bool gates_decided(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->gpus.count; i++) {
		const forecast *gates = &diagnosis->gpus.at[i].gates;

		if (!gates->count || is_gone(diagnosis->gpus.at[i].function))
			return false;
		for (size_t j = 0; j < gates->count; j++)
			if (is_in_the_way(&gates->at[j]))
				return false;
	}
	return diagnosis->gpus.count > 0;
}

static void give_verdict(struct diagnosis *diagnosis)
{
	if (has_cause(diagnosis))
		diagnosis->verdict = CASE_FAULT;
	else if (all_work(diagnosis))
		diagnosis->verdict = CASE_HEALTHY;
	else
		diagnosis->verdict = CASE_UNKNOWN;
	diagnosis->seen_enough = diagnosis->verdict == CASE_UNKNOWN &&
				 !diagnosis->unexplained.count && gates_decided(diagnosis);
}

struct diagnosis *diagnose_given(const struct gpuprobe_case *c, const struct knowledge *knowledge,
				 const given_facts *given)
{
	struct diagnosis *diagnosis = xcalloc(1, sizeof(*diagnosis));
	struct view view = {
		.c = c,
		.knowledge = knowledge,
		.events = &diagnosis->events,
		.platform = &diagnosis->platform,
		.driver = &diagnosis->driver,
		.given = given,
	};

	diagnosis->knowledge = knowledge;
	events_decode(c, knowledge, &diagnosis->events, &diagnosis->unknown_lines,
		      &diagnosis->unknown_count);
	platform_identify(c, knowledge, &diagnosis->platform);
	nvidia_driver_find(c, &diagnosis->events, &diagnosis->driver);
	for (size_t i = 0; i < c->functions.count; i++)
		if (function_is_gpu(&c->functions.at[i]))
			diagnose_gpu(diagnosis, &view, &c->functions.at[i]);
	if (!diagnosis->gpus.count && diagnosis->driver.ran)
		diagnose_gpu(diagnosis, &view, NULL);
	else if (!diagnosis->gpus.count)
		apply_rules(diagnosis, &view);
	findings_rank(diagnosis);
	list_unexplained(diagnosis);
	give_verdict(diagnosis);
	list_cannot_tell(diagnosis, c);
	return diagnosis;
}

/* --- other boots of the log --- */

#define BOOTS_MAX 16	/* the latest */

static const struct rule *first_cause(const struct diagnosis *diagnosis)
{
	return has_cause(diagnosis) ? diagnosis->findings.at[0].rule : NULL;
}

static void diagnose_boot(struct diagnosis *diagnosis, const struct gpuprobe_case *c,
			  const struct knowledge *knowledge, int boot)
{
	struct gpuprobe_case *other = case_of_boot(c, boot);
	struct boot_summary *summary = array_add(&diagnosis->boots);
	struct diagnosis *there;

	events_add_functions(other, knowledge);
	there = diagnose_given(other, knowledge, NULL);
	summary->boot = boot;
	summary->verdict = there->verdict;
	summary->rule = first_cause(there);
	summary->title = summary->rule ? xstrdup(there->findings.at[0].title) : NULL;
	summary->differs = there->verdict != diagnosis->verdict ||
			   summary->rule != first_cause(diagnosis);
	diagnosis_destroy(there);
	case_destroy(other);
}

struct diagnosis *diagnose(const struct gpuprobe_case *c, const struct knowledge *knowledge)
{
	struct diagnosis *diagnosis = diagnose_given(c, knowledge, NULL);

	for (int boot = 0; boot >= case_first_boot(c) && diagnosis->boots.count < BOOTS_MAX; boot--)
		if (boot != c->boot && case_lines_of_boot(c, boot))
			diagnose_boot(diagnosis, c, knowledge, boot);
	return diagnosis;
}

static void gpu_clear(struct gpu_diagnosis *gpu)
{
	forecast_clear(&gpu->gates, &gpu->advice);
	for (size_t i = 0; i < gpu->facts.count; i++)
		free(gpu->facts.at[i].value);
	array_free(&gpu->facts);
}

void diagnosis_destroy(struct diagnosis *diagnosis)
{
	if (!diagnosis)
		return;
	for (size_t i = 0; i < diagnosis->findings.count; i++)
		finding_clear(&diagnosis->findings.at[i]);
	array_free(&diagnosis->findings);
	for (size_t i = 0; i < diagnosis->gpus.count; i++)
		gpu_clear(&diagnosis->gpus.at[i]);
	array_free(&diagnosis->gpus);
	for (size_t i = 0; i < diagnosis->cannot_tell.count; i++)
		free(diagnosis->cannot_tell.at[i]);
	array_free(&diagnosis->cannot_tell);
	for (size_t i = 0; i < diagnosis->boots.count; i++)
		free(diagnosis->boots.at[i].title);
	array_free(&diagnosis->boots);
	array_free(&diagnosis->unexplained);
	free(diagnosis->unknown_lines);
	free(diagnosis->driver.version);
	platform_clear(&diagnosis->platform);
	events_free(&diagnosis->events);
	free(diagnosis);
}

int diagnosis_exit_status(const struct diagnosis *diagnosis)
{
	switch (diagnosis->verdict) {
	case CASE_HEALTHY:
		return 0;
	case CASE_FAULT:
		return 1;
	case CASE_UNKNOWN:
		break;
	}
	return diagnosis->seen_enough ? 0 : 2;
}
