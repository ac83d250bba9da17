// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/difference.h"
#include "lib/i18n.h"

const struct finding *root_cause(const struct diagnosis *diagnosis)
{
	return diagnosis->verdict == CASE_FAULT ? &diagnosis->findings.at[0] : NULL;
}

/* What only one side knows (NULL) is no difference: a log tells less than a case. */
static void compare_text(change_list *changes, const char *name, const char *before,
			 const char *after)
{
	if (!before || !after || !strcmp(before, after))
		return;
	*array_add(changes) = (struct change){
		xstrdup(name), xstrdup(before), xstrdup(after), NULL
	};
}

/* --- the machine --- */

static const char *flavour(const struct nvidia_driver *driver)
{
	return driver->open == YES ? "open" : driver->open == NO ? "proprietary" : NULL;
}

static void compare_number(change_list *changes, const char *name, unsigned int before,
			   unsigned int after)
{
	char *from = before ? xasprintf("%u", before) : NULL;
	char *to = after ? xasprintf("%u", after) : NULL;

	compare_text(changes, name, from, to);
	free(from);
	free(to);
}

static void compare_machines(const struct side *a, const struct side *b, change_list *changes)
{
	const struct machine *x = &a->c->machine, *y = &b->c->machine;
	const struct diagnosis *p = a->diagnosis, *q = b->diagnosis;

	compare_text(changes, _("kernel"), x->kernel_release, y->kernel_release);
	compare_text(changes, _("kernel command line"), x->command_line, y->command_line);
	compare_text(changes, _("hypervisor"),
		     p->platform.hypervisor ? p->platform.hypervisor->name : NULL,
		     q->platform.hypervisor ? q->platform.hypervisor->name : NULL);
	compare_text(changes, _("contradiction of the hypervisor"), p->platform.contradiction,
		     q->platform.contradiction);
	compare_text(changes, _("firmware"), x->dmi_bios_vendor, y->dmi_bios_vendor);
	compare_text(changes, _("firmware version"), x->dmi_bios_version, y->dmi_bios_version);
	compare_number(changes, _("address bits"), x->space.bits, y->space.bits);
	compare_text(changes, _("driver version"), p->driver.version, q->driver.version);
	compare_text(changes, _("driver flavour"), flavour(&p->driver), flavour(&q->driver));
}

/* --- GPUs --- */

static const char *fact_of(const struct gpu_diagnosis *gpu, const char *name)
{
	for (size_t i = 0; i < gpu->facts.count; i++)
		if (!strcmp(gpu->facts.at[i].name, name))
			return gpu->facts.at[i].value;
	return NULL;
}

static struct view view_of(const struct side *side, const struct function *function)
{
	struct view view = {
		.c = side->c, .knowledge = side->diagnosis->knowledge,
		.events = &side->diagnosis->events, .platform = &side->diagnosis->platform,
		.driver = &side->diagnosis->driver,
	};

	view_focus(&view, function);
	return view;
}

/* The sentence that says what a fact is now. */
static char *fact_sentence(const struct side *side, const struct gpu_diagnosis *gpu,
			   const char *name)
{
	struct view view = view_of(side, gpu->function);
	struct fact fact;
	char *sentence;

	if (!fact_get(&view, name, &fact))
		return NULL;
	sentence = xstrdup(fact.because);
	fact_clear(&fact);
	return sentence;
}

static void compare_facts(const struct side *after_side, struct gpu_difference *gpu)
{
	const char *name;

	for (size_t i = 0; (name = fact_name(i)); i++) {
		size_t count = gpu->facts.count;

		compare_text(&gpu->facts, name, fact_of(gpu->before, name),
			     fact_of(gpu->after, name));
		if (gpu->facts.count > count)
			gpu->facts.at[count].meaning =
				fact_sentence(after_side, gpu->after, name);
	}
}

static const struct gate_forecast *find_gate(const forecast *gates, const char *id)
{
	for (size_t i = 0; i < gates->count; i++)
		if (!strcmp(gates->at[i].gate->id, id))
			return &gates->at[i];
	return NULL;
}

static const char *gate_word(const struct gate_forecast *gate)
{
	static const char *const words[] = {
		[GATE_PASSES] = N_("passes"), [GATE_FAILS] = N_("fails"), [GATE_CANNOT_TELL] = N_("unknown"),
	};

	return gate ? _(words[gate_outcome(gate)]) : _("not reached");
}

/* @before, @after: NULL if that side did not reach it */
static void compare_gate(change_list *changes, const char *title,
			 const struct gate_forecast *before, const struct gate_forecast *after)
{
	size_t count = changes->count;

	compare_text(changes, title, gate_word(before), gate_word(after));
	if (changes->count > count && after)
		changes->at[count].meaning = gate_reason(after);
}

/* Gates after the first that fails are not reached, so one side may have more. */
static void compare_gates(struct gpu_difference *gpu)
{
	const forecast *before = &gpu->before->gates, *after = &gpu->after->gates;

	if (!before->count || !after->count)
		return;
	gpu->stopped = gate_that_stops(before);
	gpu->stops = gate_that_stops(after);
	gpu->open = gate_left_open(after);
	for (size_t i = 0; i < before->count; i++)
		compare_gate(&gpu->gates, before->at[i].gate->title, &before->at[i],
			     find_gate(after, before->at[i].gate->id));
	for (size_t i = 0; i < after->count; i++)
		if (!find_gate(before, after->at[i].gate->id))
			compare_gate(&gpu->gates, after->at[i].gate->title, NULL, &after->at[i]);
}

static void compare_fields(const struct difference *difference, struct gpu_difference *gpu)
{
	struct view before = view_of(&difference->before, gpu->before->function);
	struct view after = view_of(&difference->after, gpu->after->function);

	if (before.before && after.before)
		snapshot_changes(before.before, after.before, &gpu->fields);
}

static bool same_address(const struct gpu_diagnosis *a, const struct gpu_diagnosis *b)
{
	if (!a->function || !b->function)
		return a->function == b->function;
	return !pci_address_compare(&a->function->address, &b->function->address);
}

/* By address; the only GPU of either side is the same one that was moved. */
static const struct gpu_diagnosis *partner(const struct diagnosis *from,
					   const struct diagnosis *to,
					   const struct gpu_diagnosis *gpu)
{
	for (size_t i = 0; i < to->gpus.count; i++)
		if (same_address(gpu, &to->gpus.at[i]))
			return &to->gpus.at[i];
	return from->gpus.count == 1 && to->gpus.count == 1 ? &to->gpus.at[0] : NULL;
}

static void compare_gpus(struct difference *difference)
{
	const struct diagnosis *a = difference->before.diagnosis;
	const struct diagnosis *b = difference->after.diagnosis;

	for (size_t i = 0; i < a->gpus.count; i++) {
		struct gpu_difference *gpu = array_add(&difference->gpus);

		gpu->before = &a->gpus.at[i];
		gpu->after = partner(a, b, gpu->before);
		if (!gpu->after)
			continue;
		compare_facts(&difference->after, gpu);
		compare_gates(gpu);
		compare_fields(difference, gpu);
	}
	for (size_t i = 0; i < b->gpus.count; i++)
		if (!partner(b, a, &b->gpus.at[i]))
			array_add(&difference->gpus)->after = &b->gpus.at[i];
}

/* --- findings --- */

static bool same_place(const struct difference *difference, const struct finding *before,
		       const struct finding *after)
{
	for (size_t i = 0; i < difference->gpus.count; i++) {
		const struct gpu_difference *gpu = &difference->gpus.at[i];

		if (gpu->before && gpu->before->function == before->function)
			return gpu->after && (gpu->after->function == after->function ||
					      !after->function);
	}
	return !before->function;	/* of the machine */
}

static const struct finding *find_after(const struct difference *difference,
					const struct finding *before)
{
	const struct diagnosis *d = difference->after.diagnosis;

	for (size_t i = 0; i < d->findings.count; i++)
		if (!strcmp(d->findings.at[i].rule->id, before->rule->id) &&
		    same_place(difference, before, &d->findings.at[i]))
			return &d->findings.at[i];
	return NULL;
}

static const struct finding *find_before(const struct difference *difference,
					 const struct finding *after)
{
	const struct diagnosis *d = difference->before.diagnosis;

	for (size_t i = 0; i < d->findings.count; i++)
		if (!strcmp(d->findings.at[i].rule->id, after->rule->id) &&
		    same_place(difference, &d->findings.at[i], after))
			return &d->findings.at[i];
	return NULL;
}

static void add_finding(struct difference *difference, const struct finding *before,
			const struct finding *after)
{
	*array_add(&difference->findings) = (struct finding_change){ before, after };
}

static void compare_findings(struct difference *difference)
{
	const struct diagnosis *a = difference->before.diagnosis;
	const struct diagnosis *b = difference->after.diagnosis;

	for (size_t i = 0; i < a->findings.count; i++)
		if (!find_after(difference, &a->findings.at[i]))
			add_finding(difference, &a->findings.at[i], NULL);
	for (size_t i = 0; i < b->findings.count; i++)
		if (!find_before(difference, &b->findings.at[i]))
			add_finding(difference, NULL, &b->findings.at[i]);
	for (size_t i = 0; i < a->findings.count; i++) {
		const struct finding *before = &a->findings.at[i];
		const struct finding *after = find_after(difference, before);

		if (after && (before->verdict != after->verdict ||
			      before->confidence != after->confidence))
			add_finding(difference, before, after);
	}
}

static bool has_difference(const struct difference *difference)
{
	if (difference->machine.count || difference->findings.count ||
	    difference->before.diagnosis->verdict != difference->after.diagnosis->verdict)
		return true;
	for (size_t i = 0; i < difference->gpus.count; i++) {
		const struct gpu_difference *gpu = &difference->gpus.at[i];

		if (!gpu->before || !gpu->after || gpu->facts.count || gpu->gates.count ||
		    gpu->fields.count)
			return true;
	}
	return false;
}

void difference_find(const struct side *before, const struct side *after,
		     struct difference *difference)
{
	*difference = (struct difference){ .before = *before, .after = *after };
	compare_machines(before, after, &difference->machine);
	compare_gpus(difference);
	compare_findings(difference);
	difference->any = has_difference(difference);
}

void difference_clear(struct difference *difference)
{
	changes_clear(&difference->machine);
	for (size_t i = 0; i < difference->gpus.count; i++) {
		changes_clear(&difference->gpus.at[i].facts);
		changes_clear(&difference->gpus.at[i].gates);
		changes_clear(&difference->gpus.at[i].fields);
	}
	array_free(&difference->gpus);
	array_free(&difference->findings);
}
