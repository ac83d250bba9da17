// SPDX-License-Identifier: GPL-2.0-or-later
/* Gates of the first use: nv.c nv_start_device(), and RmInitAdapter() behind it. */
#include <inttypes.h>

#include "diagnose/gates.h"
#include "lib/i18n.h"

#define ARCH_FIRST_WITH_GSP 0x16	/* Turing */

/* The fact's sentence; the caller frees it. */
static char *because_of(const struct view *view, const char *name, const char *otherwise)
{
	struct fact fact;
	char *text;

	fact_get(view, name, &fact);
	text = xstrdup(fact.because ? fact.because : otherwise);
	fact_clear(&fact);
	return text;
}

static void excluded_gate(const struct view *view, struct gate_answer *answer)
{
	char *value = driver_option(view, "NVreg_ExcludedGpus");

	if (value)
		gate_open(answer, xasprintf(_("the option NVreg_ExcludedGpus names %s; a GPU's UUID is "
					    "known only to a driver that runs"), value));
	free(value);
}

/* --- interrupts --- */

static bool msi_switched_off(const struct view *view)
{
	char *value = driver_option(view, "NVreg_EnableMSI");
	bool off = value && !strcmp(value, "0");

	free(value);
	return off;
}

/* Whether the kernel will give vectors of a type that the function has. */
static void vectors_gate(const struct view *view, const char *trial, const char *name,
			 struct gate_answer *answer)
{
	if (fact_is(view, "msi.allowed", "no") == YES)
		gate_fails(answer, because_of(view, "msi.allowed", _("MSI is forbidden")));
	else if (fact_is(view, trial, "no") == YES)
		gate_fails(answer, because_of(view, trial, _("the kernel gave none in a trial")));
	else if (fact_is(view, trial, "yes") == YES)
		gate_passes(answer, because_of(view, trial, _("the kernel gave one in a trial")));
	else
		gate_open(answer, xasprintf(_("the kernel was not asked for %s in a trial"), name));
}

static void msix_gate(const struct view *view, struct gate_answer *answer)
{
	if (fact_is(view, "msix", "yes") == YES && !msi_switched_off(view))
		vectors_gate(view, "msix.trial", "MSI-X", answer);
}

/* MSI is for those without MSI-X. A function without either prints nothing of it. */
static void msi_gate(const struct view *view, struct gate_answer *answer)
{
	uint64_t irq;

	if (fact_is(view, "msix", "no") != YES || fact_is(view, "msi", "yes") != YES ||
	    msi_switched_off(view))
		return;
	vectors_gate(view, "msi.trial", "MSI", answer);
	if (fact_number(view, "irq", &irq) && !irq)
		answer->message = "";	/* nv-msi.c says it only where INTx can follow */
}

enum irq_type { IRQ_TYPE_UNKNOWN, IRQ_TYPE_MSIX, IRQ_TYPE_MSI, IRQ_TYPE_INTX };

static enum gate_result result_of(const struct view *view,
				  void (*test)(const struct view *view, struct gate_answer *answer))
{
	struct gate_answer answer = { 0 };

	test(view, &answer);
	free(answer.because);
	return answer.applies ? answer.result : GATE_FAILS;
}

/* The type that the driver will use, as far as the forecast of the gates above goes. */
static enum irq_type irq_type_used(const struct view *view)
{
	enum gate_result msix = result_of(view, msix_gate), msi;

	if (msix == GATE_PASSES)
		return IRQ_TYPE_MSIX;
	msi = result_of(view, msi_gate);
	if (msi == GATE_PASSES)
		return IRQ_TYPE_MSI;
	if (msix == GATE_CANNOT_TELL || msi == GATE_CANNOT_TELL ||
	    fact_is(view, "msix", "no") == NOT_KNOWN || fact_is(view, "msi", "no") == NOT_KNOWN)
		return IRQ_TYPE_UNKNOWN;
	return IRQ_TYPE_INTX;
}

static void any_interrupt_gate(const struct view *view, struct gate_answer *answer)
{
	enum irq_type type = irq_type_used(view);
	uint64_t irq;

	if (type == IRQ_TYPE_MSIX || type == IRQ_TYPE_MSI)
		gate_passes(answer, xasprintf(_("it gets %s"), type == IRQ_TYPE_MSI ? "MSI" : "MSI-X"));
	else if (fact_number(view, "irq", &irq) && irq)
		gate_passes(answer, xstrdup(_("pdev->irq is not 0")));
	else if (type == IRQ_TYPE_INTX && fact_number(view, "intpin", &irq) && !irq)
		gate_fails(answer, xstrdup(_("it gets neither MSI-X nor MSI, and without an interrupt "
					   "pin there is nothing else")));
}

/* With INTx only. An MSI is the driver's own, so nobody refuses it. */
static void request_irq_gate(const struct view *view, struct gate_answer *answer)
{
	uint64_t irq;

	if (irq_type_used(view) != IRQ_TYPE_INTX || !fact_number(view, "irq", &irq))
		return;
	if (irq == IRQ_NOTCONNECTED)
		gate_fails(answer, xstrdup(_("only INTx is left, and pdev->irq is IRQ_NOTCONNECTED")));
	else
		gate_open(answer, xasprintf(_("only INTx is left, interrupt %" PRIu64 "; another driver "
					    "that does not share it would stand in the way"), irq));
}

/* --- the start by the GSP, from Turing on --- */

/*
 * The open flavour always starts the GPU by its GSP. The proprietary one does so for
 * some GPUs, by branch, if the firmware is there.
 */
static enum answer starts_by_gsp(const struct view *view)
{
	if (fact_is(view, "gsp", "no") == YES)
		return NO;
	if (view->driver->open == YES)
		return YES;
	if (view->driver->open == NO && fact_is(view, "nvidia.firmware", "missing") == YES)
		return NO;
	return NOT_KNOWN;
}

static void firmware_gate(const struct view *view, struct gate_answer *answer)
{
	enum answer missing = fact_is(view, "nvidia.firmware", "missing");

	if (fact_is(view, "gsp", "yes") != YES)
		return;
	if (missing == NOT_KNOWN) {
		gate_open(answer, xstrdup(_("the firmware on disk was not looked at")));
	} else if (missing == NO) {
		gate_passes(answer, because_of(view, "nvidia.firmware", "it is there"));
	} else if (view->driver->open == NO) {
		gate_passes(answer, xstrdup(_("it is missing, and the proprietary driver then starts "
					    "the GPU without its GSP")));
		gate_doubt(answer, CONFIDENCE_LIKELY, "seen with 535 on a simulated Tesla T4; some "
						      "GPUs may need it");
	} else {
		gate_fails(answer, because_of(view, "nvidia.firmware", "it is missing"));
	}
}

static void gfw_gate(const struct view *view, struct gate_answer *answer)
{
	enum answer unfinished = fact_is(view, "gfw-boot", "unfinished");

	if (unfinished == NO) {
		gate_passes(answer, because_of(view, "gfw-boot", "it has"));
	} else if (unfinished == YES && starts_by_gsp(view) == YES) {
		gate_fails(answer, because_of(view, "gfw-boot", "it has not"));
		gate_doubt(answer, CONFIDENCE_LIKELY, "the driver waits some seconds, and it may "
						      "come up in that time");
	} else if (unfinished == YES) {
		gate_open(answer, because_of(view, "gfw-boot", "it has not"));
	}
}

static void wpr2_gate(const struct view *view, struct gate_answer *answer)
{
	enum answer up = fact_is(view, "wpr2", "up");

	if (up == NO)
		gate_passes(answer, because_of(view, "wpr2", "it is down"));
	else if (up == YES && starts_by_gsp(view) == YES)
		gate_fails(answer, because_of(view, "wpr2", "it is up"));
	else if (up == YES)
		gate_open(answer, because_of(view, "wpr2", "it is up"));
}

/* --- the start by the driver itself, up to Volta --- */

/* Seen with 535: what is in the way of the VBIOS is in the way of everything. */
static void attach_gate(const struct view *view, struct gate_answer *answer)
{
	enum answer dead = fact_is(view, "internal-bus", "dead");

	if (dead == YES) {
		gate_fails(answer, because_of(view, "internal-bus", "they do not"));
		gate_doubt(answer, CONFIDENCE_LIKELY, "seen with 535 on a simulated Tesla P4");
	} else if (dead == NO) {
		gate_passes(answer, because_of(view, "internal-bus", "they do"));
	}
}

/*
 * Up to Volta the driver reads the VBIOS itself; seen with 535 on a P4: no
 * signature, or no PCI data structure, and it fails with stage 0x30. The checksum
 * is not known: the module reads the beginning only.
 */
static void vbios_gate(const struct view *view, struct gate_answer *answer)
{
	uint64_t architecture;

	if (fact_number(view, "chip.architecture", &architecture) &&
	    architecture >= ARCH_FIRST_WITH_GSP)
		gate_open(answer, xstrdup(_("from Turing on the VBIOS is read in other ways as well")));
	else if (fact_is(view, "prom", "absent") == YES || fact_is(view, "prom", "no-pcir") == YES)
		gate_fails(answer, because_of(view, "prom", ""));
	else if (fact_is(view, "prom", "good") == YES)
		gate_open(answer, xstrdup(_("a VBIOS is there; only its beginning was looked at, so its "
					  "checksum is not known")));
	else
		gate_open(answer, because_of(view, "prom", "the VBIOS was not looked at"));
}

static void devinit_gate(const struct view *view, struct gate_answer *answer)
{
	gate_open(answer, because_of(view, "posted", "the registers that tell were not looked at"));
}

/* The window after BAR0, which may take two slots. */
static void bar1_gate(const struct view *view, struct gate_answer *answer)
{
	const struct bar *bars = view->before ? view->before->bars : NULL;
	int index;

	if (!bars || !bars[0].known)
		return;
	index = bars[0].flags & IORESOURCE_MEM_64 ? 2 : 1;
	if (bars[index].known && bars[index].start && bars[index].size) {
		gate_passes(answer, xasprintf(_("BAR%d is %" PRIu64 " MiB"), index,
					      bars[index].size >> 20));
	} else if (view->before->source != SNAPSHOT_LSPCI) {
		gate_fails(answer, xasprintf(_("BAR%d has no address"), index));
		gate_doubt(answer, CONFIDENCE_LIKELY, "it follows from the driver's sources, and was "
						      "not seen");
	}
}

/* --- the interrupt test --- */

static void irq_test_gate(const struct view *view, struct gate_answer *answer)
{
	static const char *const facts[] = {
		[IRQ_TYPE_MSIX] = "delivery.msix", [IRQ_TYPE_MSI] = "delivery.msi",
		[IRQ_TYPE_INTX] = "delivery.intx",
	};
	enum irq_type type = irq_type_used(view);
	const char *name = type == IRQ_TYPE_UNKNOWN ? NULL : facts[type];

	if (!name || fact_is(view, name, "delivered") == NOT_KNOWN) {
		gate_open(answer, xstrdup(_("gpuprobe's interrupt test would tell: gpuprobe test-irq")));
		return;
	}
	if (fact_is(view, name, "delivered") == YES || fact_is(view, name, "once") == YES)
		gate_passes(answer, because_of(view, name, ""));
	else if (fact_is(view, name, "not-delivered") == YES)
		gate_fails(answer, because_of(view, name, ""));
	else
		gate_open(answer, because_of(view, name, ""));
	gate_doubt(answer, CONFIDENCE_LIKELY, "gpuprobe raised that interrupt, the driver raises its "
					      "own");
}

/* --- and all else --- */

static void rest_gate(const struct view *view, struct gate_answer *answer)
{
	(void)view;
	gate_open(answer, xstrdup(_("no snapshot decides that")));
}

const struct gate_test use_gates[] = {
	{ "rest-of-probe",	rest_gate },
	{ "excluded",		excluded_gate },
	{ "msix",		msix_gate },
	{ "msi",		msi_gate },
	{ "any-interrupt",	any_interrupt_gate },
	{ "request-irq",	request_irq_gate },
	{ "firmware",		firmware_gate },
	{ "attach",		attach_gate },
	{ "gfw",		gfw_gate },
	{ "wpr2",		wpr2_gate },
	{ "vbios",		vbios_gate },
	{ "devinit",		devinit_gate },
	{ "bar1",		bar1_gate },
	{ "irq-test",		irq_test_gate },
	{ "rest-of-start",	rest_gate },
	{ NULL, NULL }
};
