// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/diagnose.h"

#include <stdio.h>

#include "diagnose/condition.h"

/* --- findings --- */

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

static const struct fix *fix_for(const struct rule *rule, const char *hypervisor)
{
	for (size_t i = 0; i < rule->fixes.count; i++)
		if (!strcmp(rule->fixes.at[i].hypervisor, hypervisor))
			return &rule->fixes.at[i];
	return NULL;
}

/* The hypervisor's own fix, or that of the engine below it, or the general one. */
static void choose_fix(const struct view *view, struct finding *finding)
{
	const struct hypervisor *hv = view->platform->hypervisor;

	if (hv)
		finding->fix = fix_for(finding->rule, hv->id);
	if (!finding->fix && hv && hv->like)
		finding->fix = fix_for(finding->rule, hv->like);
	finding->fix_is_for_here = finding->fix != NULL;
	if (!finding->fix)
		finding->fix = fix_for(finding->rule, "any");
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

static void finding_clear(struct finding *finding)
{
	free(finding->title);
	free(finding->explanation);
	free(finding->fault_because);
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

static void apply_rule(struct diagnosis *diagnosis, const struct view *view,
		       const struct rule *rule)
{
	const struct condition *condition = first_holding(view, rule);
	struct finding *finding;

	if (!condition)
		return;
	finding = array_add(&diagnosis->findings);
	finding->rule = rule;
	finding->condition = condition;
	finding->function = view->function;
	finding->title = expand(view, rule->title);
	finding->explanation = expand(view, rule->explanation);
	finding->fault_because = expand(view, rule->fault_because);
	collect_evidence(view, finding);
	collect_lines(view, finding);
	choose_fix(view, finding);
	say_once(diagnosis);
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->rule->verdict != y->rule->verdict)
		return x->rule->verdict < y->rule->verdict ? -1 : 1;
	if (x->rule->place != y->rule->place)
		return x->rule->place < y->rule->place ? -1 : 1;
	if (x->condition->confidence != y->condition->confidence)
		return x->condition->confidence < y->condition->confidence ? -1 : 1;
	if (x->function && y->function)
		return pci_address_compare(&x->function->address, &y->function->address);
	return 0;
}

/* --- GPUs --- */

static bool has_line(const struct finding *finding, size_t line)
{
	for (size_t i = 0; i < finding->lines.count; i++)
		if (finding->lines.at[i] == line)
			return true;
	return false;
}

static bool is_harmless(const struct diagnosis *diagnosis, size_t line)
{
	for (size_t i = 0; i < diagnosis->findings.count; i++)
		if (diagnosis->findings.at[i].rule->verdict == VERDICT_HARMLESS &&
		    has_line(&diagnosis->findings.at[i], line))
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
		apply_rule(diagnosis, view, &view->knowledge->rules.at[i]);
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
		forecast_make(view, &gpu->gates);
	apply_rules(diagnosis, view);
	gpu->works = works(diagnosis, view);
}

/* --- rules of last resort --- */

/* Another cause that is no fallback accounts for each line of @finding. */
static bool others_account_for(const struct diagnosis *diagnosis, const struct finding *finding)
{
	size_t accounted = 0;

	for (size_t i = 0; i < finding->lines.count; i++) {
		for (size_t j = 0; j < diagnosis->findings.count; j++) {
			const struct finding *other = &diagnosis->findings.at[j];

			if (other->rule->verdict != VERDICT_CAUSE || other->rule->fallback ||
			    !has_line(other, finding->lines.at[i]))
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

/* --- what is left over --- */

static bool is_explained(const struct diagnosis *diagnosis, size_t line)
{
	for (size_t i = 0; i < diagnosis->findings.count; i++)
		for (size_t j = 0; j < diagnosis->findings.at[i].lines.count; j++)
			if (diagnosis->findings.at[i].lines.at[j] == line)
				return true;
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

static void list_cannot_tell(struct diagnosis *diagnosis, const struct gpuprobe_case *c)
{
	char place[PCI_ADDRESS_TEXT];

	if (!diagnosis->gpus.count)
		cannot_tell(diagnosis, xstrdup("no NVIDIA GPU is visible, so there is nothing to "
			    "examine; check on the host that the GPU is assigned to this VM"));
	if (!c->log_looked)
		cannot_tell(diagnosis, xstrdup("the kernel log was not read, so what the driver "
			    "said is not known"));
	else if (!diagnosis->driver.ran && diagnosis->gpus.count)
		cannot_tell(diagnosis, xstrdup("the NVIDIA driver has not run since this boot, so "
			    "nothing proves that the GPU works"));
	for (size_t i = 0; i < diagnosis->gpus.count; i++) {
		const struct gpu_diagnosis *gpu = &diagnosis->gpus.at[i];
		const char *driver;

		if (!gpu->function || gpu->works)
			continue;
		pci_address_print(&gpu->function->address, place);
		driver = driver_of(gpu->function);
		if (is_gone(gpu->function))
			cannot_tell(diagnosis, xasprintf("%s: nothing answers there; its config "
				    "space reads as all ones, so the GPU is off, lost or stuck",
				    place));
		if (driver && strncmp(driver, "nvidia", 6))
			cannot_tell(diagnosis, xasprintf("%s: the driver %s has the GPU; "
				    "nvidia.ko can have it only when that one lets it go", place,
				    driver));
		for (size_t j = 0; j < gpu->gates.count; j++)
			if (gpu->gates.at[j].result == GATE_CANNOT_TELL)
				cannot_tell(diagnosis, xasprintf("%s: whether %s: %s", place,
					    gpu->gates.at[j].title, gpu->gates.at[j].because));
	}
}

/* --- the verdict --- */

static bool has_cause(const struct diagnosis *diagnosis)
{
	return diagnosis->findings.count &&
	       diagnosis->findings.at[0].rule->verdict == VERDICT_CAUSE;
}

static bool all_work(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->gpus.count; i++)
		if (!diagnosis->gpus.at[i].works)
			return false;
	return diagnosis->gpus.count > 0;
}

/* The gates that need no register of the GPU were decided for every GPU. */
static bool gates_decided(const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->gpus.count; i++) {
		const forecast *gates = &diagnosis->gpus.at[i].gates;

		if (!gates->count || is_gone(diagnosis->gpus.at[i].function))
			return false;
		for (size_t j = 0; j < gates->count; j++)
			if (gates->at[j].result == GATE_FAILS ||
			    (gates->at[j].result == GATE_CANNOT_TELL &&
			     !gates->at[j].by_registers))
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

struct diagnosis *diagnose(const struct gpuprobe_case *c, const struct knowledge *knowledge)
{
	struct diagnosis *diagnosis = xcalloc(1, sizeof(*diagnosis));
	struct view view = {
		.c = c,
		.knowledge = knowledge,
		.events = &diagnosis->events,
		.platform = &diagnosis->platform,
		.driver = &diagnosis->driver,
	};

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
	drop_fallbacks(diagnosis);
	if (diagnosis->findings.count)
		qsort(diagnosis->findings.at, diagnosis->findings.count,
		      sizeof(*diagnosis->findings.at), compare_findings);
	list_unexplained(diagnosis);
	give_verdict(diagnosis);
	list_cannot_tell(diagnosis, c);
	return diagnosis;
}

static void gpu_clear(struct gpu_diagnosis *gpu)
{
	forecast_clear(&gpu->gates);
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
