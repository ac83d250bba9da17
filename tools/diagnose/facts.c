// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The facts that rules may ask for: one function each, and the table of their
 * names at the end. A function that cannot tell leaves the fact unknown.
 */
#include <inttypes.h>
#include <stdio.h>

#include "diagnose/facts.h"
#include "uapi/gpuprobe.h"
#include "lib/i18n.h"

void fact_set_number(struct fact *fact, uint64_t number)
{
	fact->kind = FACT_NUMBER;
	fact->number = number;
}

void fact_set_word(struct fact *fact, const char *word)
{
	fact->kind = FACT_WORD;
	fact->word = xstrdup(word);
}

void fact_set_answer(struct fact *fact, enum answer answer)
{
	if (answer != NOT_KNOWN)
		fact_set_word(fact, answer == YES ? "yes" : "no");
}

void fact_seen(struct fact *fact, const struct snapshot *snapshot, char *sentence)
{
	fact->because = sentence;
	fact->seen = snapshot_describe(snapshot);
}

/* --- of the GPU --- */

static void find_intpin(const struct view *view, struct fact *fact)
{
	uint8_t pin;

	if (!view->before)
		return;
	if (view->config.header_known)
		pin = view->config.interrupt_pin;
	else if (view->before->irq.pin_known)
		pin = view->before->irq.pin;
	else
		return;
	fact_set_number(fact, pin);
	fact_seen(fact, view->before, pin ?
		     xasprintf(_("Interrupt Pin, config byte 0x3d, is 0x%02x (INT%c)"), pin,
			       pin <= 4 ? 'A' + pin - 1 : '?') :
		     xasprintf(_("Interrupt Pin, config byte 0x3d, is 0x00: no INTx pin is shown")));
}

static void find_intline(const struct view *view, struct fact *fact)
{
	if (!view->config.header_known)
		return;
	fact_set_number(fact, view->config.interrupt_line);
	fact_seen(fact, view->before,
		     xasprintf(_("Interrupt Line, config byte 0x3c, is %u"),
			       view->config.interrupt_line));
}

static void find_irq(const struct view *view, struct fact *fact)
{
	uint32_t irq;

	if (!view->before || !view->before->irq.irq_known)
		return;
	irq = view->before->irq.irq;
	fact_set_number(fact, irq);
	if (view->before->source == SNAPSHOT_LSPCI)
		fact_seen(fact, view->before, irq ? xasprintf(_("the flags name IRQ %u"), irq) :
			     xasprintf(_("the flags name no IRQ, so pdev->irq is 0")));
	else if (irq == IRQ_NOTCONNECTED)
		fact_seen(fact, view->before,
			     xasprintf(_("pdev->irq is IRQ_NOTCONNECTED: there is no route")));
	else
		fact_seen(fact, view->before, xasprintf(
			     irq ? _("pdev->irq is %u") :
				   _("pdev->irq is %u: the kernel has no interrupt line for it"),
			     irq));
}

static void find_msi(const struct view *view, struct fact *fact)
{
	const struct pci_config *config = &view->config;

	fact_set_answer(fact, config->msi);
	if (config->msi == NO)
		fact_seen(fact, view->before, xasprintf(_("there is no MSI capability")));
	else if (config->msi == YES)
		fact_seen(fact, view->before,
			     xasprintf(_("there is an MSI capability%s: %u vector%s, %s-bit addresses"),
				       config->list == CAPABILITY_LIST_WHOLE ? "" :
				       _(" (the list is not whole)"), config->msi_vectors,
				       config->msi_vectors == 1 ? "" : "s",
				       config->msi_64bit ? "64" : "32"));
}

static void find_msi_vectors(const struct view *view, struct fact *fact)
{
	if (view->config.msi == YES)
		fact_set_number(fact, view->config.msi_vectors);
}

static void find_msix(const struct view *view, struct fact *fact)
{
	const struct pci_config *config = &view->config;

	fact_set_answer(fact, config->msix);
	if (config->msix == NO)
		fact_seen(fact, view->before, xasprintf(_("there is no MSI-X capability")));
	else if (config->msix == YES)
		fact_seen(fact, view->before,
			     xasprintf(_("there is an MSI-X capability: %u vectors"),
				       config->msix_vectors));
}

static void find_gone(const struct view *view, struct fact *fact)
{
	if (!view->now || (!view->now->config_length && !view->now->gone))
		return;
	fact_set_answer(fact, view->now->gone ? YES : NO);
	if (view->now->gone)
		fact_seen(fact, view->now,
			     xasprintf(_("config space reads as all ones: nothing answers")));
}

static void find_bound(const struct view *view, struct fact *fact)
{
	const char *driver = view->now ? snapshot_bound(view->now) : NULL;

	if (!driver)
		return;
	fact_set_word(fact, *driver ? driver : "none");
	fact_seen(fact, view->now, *driver ?
		     xasprintf(_("the driver %s has the GPU"), driver) :
		     xasprintf(_("no driver has the GPU")));
}

/* MSI may be off in the kernel as a whole, for a bus, or for the function. */
static void find_msi_allowed(const struct view *view, struct fact *fact)
{
	static const struct {
		uint32_t flag;
		const char *who;
	} reasons[] = {
		{ GPUPROBE_IRQ_MSI_OFF,		N_("MSI is switched off in this kernel (pci=nomsi)") },
		{ GPUPROBE_IRQ_BUS_NO_MSI,	N_("a bridge above the GPU forbids MSI") },
		{ GPUPROBE_IRQ_NO_MSI,		N_("the kernel forbids MSI for the GPU") },
	};
	const char *line = view->c->machine.command_line;

	if (view->before && view->before->irq.flags_known) {
		for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
			if (!(view->before->irq.flags & reasons[i].flag))
				continue;
			fact_set_answer(fact, NO);
			fact_seen(fact, view->before, xstrdup(_(reasons[i].who)));
			return;
		}
		fact_set_answer(fact, YES);
		fact_seen(fact, view->before, xstrdup(_("the kernel allows MSI")));
	} else if (line && strstr(line, "nomsi")) {
		fact_set_answer(fact, NO);
		fact->because = xstrdup(_("the kernel's command line has pci=nomsi"));
	}
}

/* A BAR that the driver takes for prefetchable hides its upper half from it. */
static void find_bar1_prefetch(const struct view *view, struct fact *fact)
{
	const struct bar *bar;

	if (!view->before || !view->before->bars[1].known || !view->before->bars[1].size)
		return;
	bar = &view->before->bars[1];
	fact_set_answer(fact, bar->flags & IORESOURCE_PREFETCH ? YES : NO);
	fact_seen(fact, view->before,
		  xasprintf(bar->flags & IORESOURCE_PREFETCH ? _("BAR1 is %s and prefetchable") :
			    _("BAR1 is %s and not prefetchable"),
			    bar->flags & IORESOURCE_MEM_64 ? _("64-bit") : _("32-bit")));
}

/* Valid for nvidia.ko: start and size not 0 (nv-linux.h, NV_PCI_RESOURCE_VALID). */
static void find_bar(const struct view *view, size_t index, struct fact *fact)
{
	const struct bar *bar;

	if (!view->before || !view->before->bars[index].known)
		return;
	bar = &view->before->bars[index];
	if (bar->size && bar->start && !(bar->flags & IORESOURCE_UNSET)) {
		fact_set_word(fact, "assigned");
		fact_seen(fact, view->before,
			     xasprintf(_("BAR%zu is %" PRIu64 " MiB at 0x%" PRIx64), index,
				       bar->size >> 20, bar->start));
	} else if (bar->size) {
		fact_set_word(fact, "unassigned");
		fact_seen(fact, view->before,
			     xasprintf(_("BAR%zu of %" PRIu64 " MiB has no address"), index,
				       bar->size >> 20));
	} else {
		fact_set_word(fact, "absent");
		fact_seen(fact, view->before, xasprintf(_("BAR%zu has no size"), index));
	}
}

static void find_bar0(const struct view *view, struct fact *fact)
{
	find_bar(view, 0, fact);
}

static void find_bar1(const struct view *view, struct fact *fact)
{
	find_bar(view, 1, fact);
}

static void find_bar3(const struct view *view, struct fact *fact)
{
	find_bar(view, 3, fact);
}

static void find_class(const struct view *view, struct fact *fact)
{
	char text[8];

	if (!view->function || !view->function->class_known)
		return;
	snprintf(text, sizeof(text), "%04x", view->function->class >> 8);
	fact_set_word(fact, text);
	fact->because = xasprintf(_("its PCI class is %s"), text);
}

static void find_flr(const struct view *view, struct fact *fact)
{
	if (view->config.pcie != YES)
		return;
	fact_set_answer(fact, view->config.pcie_flr ? YES : NO);
	fact_seen(fact, view->before, xstrdup(view->config.pcie_flr ?
					      _("the GPU offers function-level reset") :
					      _("the GPU does not offer function-level reset")));
}

static void find_capability_list(const struct view *view, struct fact *fact)
{
	static const char *const words[] = {
		[CAPABILITY_LIST_NONE] = "none", [CAPABILITY_LIST_WHOLE] = "whole",
		[CAPABILITY_LIST_CUT] = "cut", [CAPABILITY_LIST_LOOPS] = "loops",
		[CAPABILITY_LIST_STRAYS] = "strays",
	};

	if (view->config.list != CAPABILITY_LIST_UNKNOWN)
		fact_set_word(fact, words[view->config.list]);
}

static void find_bus(const struct view *view, struct fact *fact)
{
	if (!view->function)
		return;
	fact_set_number(fact, view->function->address.bus);
	fact->because = view->function->address.bus ? NULL :
			xstrdup(_("the GPU is on the root bus, not behind a root port"));
}

/* By its device number, or where no list has that, by what the chip says of itself. */
static const struct architecture *architecture_of(const struct view *view)
{
	const struct architecture *architecture = NULL;
	struct fact chip;

	if (view->function && view->function->ids_known)
		architecture = architecture_of_device(view->knowledge, view->function->device);
	if (architecture)
		return architecture;
	fact_get(view, "chip.architecture", &chip);
	if (chip.kind == FACT_NUMBER)
		architecture = architecture_of_chip(view->knowledge, chip.number);
	fact_clear(&chip);
	return architecture;
}

static void find_architecture(const struct view *view, struct fact *fact)
{
	const struct architecture *architecture = architecture_of(view);

	if (!architecture)
		return;
	fact_set_word(fact, architecture->name);
	if (view->function && view->function->ids_known &&
	    architecture_of_device(view->knowledge, view->function->device))
		fact->because = xasprintf(_("the GPU's device number 10de:%04x is of the generation %s"),
					  view->function->device, architecture->name);
	else
		fact->because = xasprintf(_("the GPU's identity register names a chip of the "
					  "generation %s"), architecture->name);
}

static void find_gsp(const struct view *view, struct fact *fact)
{
	const struct architecture *architecture = architecture_of(view);

	if (architecture)
		fact_set_word(fact, architecture->gsp);
}

/* Whether a flavour of the module can drive the architecture at all. */
static const char *flavour_fit(const struct architecture *architecture, enum answer open)
{
	if (open == YES && !strcmp(architecture->open, "no"))
		return "needs-proprietary";
	if (open == NO && !strcmp(architecture->open, "required"))
		return "needs-open";
	if (open == NOT_KNOWN && strcmp(architecture->open, "yes"))
		return NULL;
	return "ok";
}

/* What boards.yaml expects of this driver on this GPU. */
static void find_fit(const struct view *view, struct fact *fact)
{
	const struct architecture *architecture = architecture_of(view);
	unsigned int branch = view->driver->branch;
	uint32_t first;
	const char *fit;

	if (!architecture)
		return;
	first = view->driver->open == YES && architecture->open_first_branch ?
		architecture->open_first_branch : architecture->first_branch;
	fit = flavour_fit(architecture, view->driver->open);
	if (branch && branch < first)
		fit = "too-old";
	else if (branch && architecture->last_branch && branch > architecture->last_branch)
		fit = "too-new";
	else if (!fit || (!branch && !strcmp(fit, "ok")))
		return;
	fact_set_word(fact, fit);
	if (!strcmp(fit, "too-old") && first == architecture->first_branch)
		fact->mark = architecture->mark;
	fact->because = xasprintf(_("for the generation %s the driver %s is %s"),
				  architecture->name,
				  view->driver->version ? view->driver->version : _("that runs"),
				  !strcmp(fit, "ok") ? _("right") : fit);
}

/* --- of the machine --- */

static void find_hypervisor(const struct view *view, struct fact *fact)
{
	if (!view->platform->hypervisor)
		return;
	fact_set_word(fact, view->platform->hypervisor->id);
	fact->mark = view->platform->hypervisor->mark;
	fact->because = xasprintf(_("the hypervisor is %s (%s)"), view->platform->hypervisor->name,
				  view->platform->because);
}

static void find_engine(const struct view *view, struct fact *fact)
{
	if (view->platform->engine)
		fact_set_word(fact, view->platform->engine->id);
}

/*
 * nvidia.ko's resource manager looks for these signatures only, at every 0x100
 * from 0x40000000 to 0x40000f00, and else works as on bare metal (hypervisor.c).
 */
static void find_known_to_driver(const struct view *view, struct fact *fact)
{
	static const char *const known[] = {
		"XenVMMXenVMM", "VMwareVMware", "Microsoft Hv", "KVMKVMKVM",
	};
	const struct machine *machine = &view->c->machine;
	bool found = false;

	if (!view->platform->virtual || (!machine->cpuid_looked && !machine->cpuid.count))
		return;
	for (size_t i = 0; i < machine->cpuid.count; i++)
		for (size_t j = 0; j < sizeof(known) / sizeof(known[0]); j++)
			found |= machine->cpuid.at[i].leaf <= 0x40000f00 &&
				 !strncmp(machine->cpuid.at[i].text, known[j], strlen(known[j]));
	fact_set_answer(fact, found ? YES : NO);
	if (found)
		return;
	fact->because = machine->cpuid.count ?
		xasprintf(_("the CPUID signature \"%s\" is none that nvidia.ko knows"),
			  machine->cpuid.at[0].text) :
		xstrdup(_("CPUID shows no hypervisor, so nvidia.ko sees none"));
}

static void find_contradiction(const struct view *view, struct fact *fact)
{
	if (!view->platform->contradiction)
		return;
	fact_set_answer(fact, YES);
	fact->because = xstrdup(view->platform->contradiction);
}

static void find_branch(const struct view *view, struct fact *fact)
{
	if (view->driver->branch)
		fact_set_number(fact, view->driver->branch);
}

static void find_version(const struct view *view, struct fact *fact)
{
	if (view->driver->version)
		fact_set_word(fact, view->driver->version);
}

static void find_open(const struct view *view, struct fact *fact)
{
	fact_set_answer(fact, view->driver->open);
}

static void find_ran(const struct view *view, struct fact *fact)
{
	fact_set_answer(fact, view->driver->ran ? YES : view->c->log_looked ? NO : NOT_KNOWN);
}

static void find_gpu(const struct view *view, struct fact *fact)
{
	if (view->c->machine.pci_looked)
		fact_set_answer(fact, case_has_gpu(view->c) ? YES : NO);
}

static const struct fact_entry facts[] = {
	{ "intpin",		find_intpin },		/* config byte 0x3d */
	{ "intline",		find_intline },		/* config byte 0x3c */
	{ "irq",		find_irq },		/* pdev->irq before the driver */
	{ "msi",		find_msi },		/* capability: yes, no */
	{ "msi.vectors",	find_msi_vectors },
	{ "msi.allowed",	find_msi_allowed },	/* by the kernel: yes, no */
	{ "msix",		find_msix },		/* capability: yes, no */
	{ "class",		find_class },		/* 0300, 0302, ... */
	{ "flr",		find_flr },		/* function-level reset: yes, no */
	{ "capability-list",	find_capability_list },	/* none, whole, cut, loops, strays */
	{ "gone",		find_gone },		/* config space all ones: yes, no */
	{ "bound",		find_bound },		/* driver's name, or none */
	{ "bar0",		find_bar0 },		/* assigned, unassigned, absent */
	{ "bar1",		find_bar1 },
	{ "bar3",		find_bar3 },
	{ "bar1.prefetch",	find_bar1_prefetch },	/* yes, no */
	{ "bars.unplaced",	fact_bars_unplaced },	/* memory windows without address */
	{ "architecture",	find_architecture },	/* of boards.yaml */
	{ "gsp",		find_gsp },		/* has one, by its architecture: yes, no */
	{ "driver.fit",		find_fit },		/* ok, too-old, too-new, needs-open, ... */
	{ "start.error",	fact_start_error },	/* first message that names a reason */
	{ "start.failures",	fact_start_failures },	/* failed starts of the GPU in the log */
	{ "xid.first",		fact_xid_first },	/* the first that is an error of its own */
	{ "lost.first",		fact_lost_first },	/* message that first said it is gone */
	{ "lost.after",		fact_lost_after },	/* seconds of uptime when the GPU went */
	{ "hotplugged",		fact_hotplugged },	/* signs of it in the log: yes */
	{ "window64",		fact_window64 },	/* largest above 4 GiB, in MiB */
	{ "bare-metal",		fact_bare_metal },	/* yes, no */
	{ "arm",		fact_arm },		/* signs of it: yes */
	{ "bus",		find_bus },		/* its bus number */
	{ "gpu",		find_gpu },		/* an NVIDIA GPU is there: yes, no */
	{ "hypervisor",		find_hypervisor },	/* id of hypervisors.yaml */
	{ "engine",		find_engine },		/* by its CPUID signature: kvm, hyperv, ... */
	{ "hypervisor.known-to-driver", find_known_to_driver },	/* yes, no */
	{ "hypervisor.contradiction", find_contradiction },	/* tables and CPUID disagree: yes */
	{ "nvidia.branch",	find_branch },		/* 580 */
	{ "nvidia.version",	find_version },		/* 580.82.07 */
	{ "nvidia.open",	find_open },		/* open flavour: yes, no */
	{ "nvidia.ran",		find_ran },		/* left words in the log: yes, no */
	{ NULL, NULL }
};

static const struct fact_entry *const tables[] = { facts, deep_facts, driver_facts };

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

static const struct fact_entry *find_in(const struct fact_entry *entries, const char *name)
{
	for (; entries->name; entries++)
		if (!strcmp(entries->name, name))
			return entries;
	return NULL;
}

static const struct fact_entry *find_entry(const char *name)
{
	const struct fact_entry *entry = NULL;

	for (size_t i = 0; !entry && i < TABLE_COUNT; i++)
		entry = find_in(tables[i], name);
	return entry;
}

static const char *given_value(const struct view *view, const char *name)
{
	for (size_t i = 0; view->given && i < view->given->count; i++)
		if (!strcmp(view->given->at[i].name, name))
			return view->given->at[i].value;
	return NULL;
}

/* A decimal number, or a word such as 0302; "unknown" leaves the fact unknown. */
static void take_given(struct fact *fact, const char *value)
{
	char *end;
	uint64_t number = strtoull(value, &end, 10);
	bool padded = value[0] == '0' && value[1];

	if (end != value && !*end && !padded)
		fact_set_number(fact, number);
	else if (strcmp(value, "unknown") != 0)
		fact_set_word(fact, value);
}

bool fact_get(const struct view *view, const char *name, struct fact *fact)
{
	const struct fact_entry *entry = find_entry(name);
	const char *given = entry ? given_value(view, name) : NULL;

	memset(fact, 0, sizeof(*fact));
	if (given)
		take_given(fact, given);
	else if (entry)
		entry->find(view, fact);
	return entry != NULL;
}

bool fact_number(const struct view *view, const char *name, uint64_t *number)
{
	struct fact fact;

	fact_get(view, name, &fact);
	if (fact.kind == FACT_NUMBER)
		*number = fact.number;
	fact_clear(&fact);
	return fact.kind == FACT_NUMBER;
}

enum answer fact_is(const struct view *view, const char *name, const char *word)
{
	enum answer answer = NOT_KNOWN;
	struct fact fact;

	fact_get(view, name, &fact);
	if (fact.kind == FACT_WORD)
		answer = strcmp(fact.word, word) ? NO : YES;
	fact_clear(&fact);
	return answer;
}

const char *fact_name(size_t index)
{
	for (size_t i = 0; i < TABLE_COUNT; i++)
		for (const struct fact_entry *entry = tables[i]; entry->name; entry++)
			if (!index--)
				return entry->name;
	return NULL;
}

bool fact_exists(const char *name)
{
	return find_entry(name) != NULL;
}

void fact_clear(struct fact *fact)
{
	free(fact->word);
	free(fact->because);
	free(fact->seen);
}

char *fact_text(const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_NUMBER:
		return xasprintf("%" PRIu64, fact->number);
	case FACT_WORD:
		return xstrdup(fact->word);
	case FACT_UNKNOWN:
		break;
	}
	return xstrdup("");
}
