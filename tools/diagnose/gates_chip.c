// SPDX-License-Identifier: GPL-2.0-or-later
/* Gates that ask the GPU itself: does it answer, and does this driver know it? */
#include "diagnose/gates.h"
#include "lib/i18n.h"

/* Architectures as PMC_BOOT_42 numbers them; older ones have no GSP. */
#define ARCH_FIRST_WITH_BOOT_42	0x13	/* Pascal */
#define ARCH_FIRST_WITH_GSP	0x16	/* Turing */

/* nv-pci.c, 590 and later: the data centre chips of Blackwell, by device id. */
static bool has_firewall(const struct function *function)
{
	return function->ids_known &&
	       ((function->device >= 0x2900 && function->device <= 0x29ff) ||
		(function->device >= 0x3180 && function->device <= 0x327f));
}

static void firewall_gate(const struct view *view, struct gate_answer *answer)
{
	enum answer up = fact_is(view, "registers", "firewall");

	if (!has_firewall(view->function))
		return;
	if (up == YES) {
		gate_fails(answer, xstrdup(_("config space says that it is up")));
		gate_doubt(answer, CONFIDENCE_LIKELY, "the driver waits for it, and it may come "
						      "down in that time");
	} else if (up == NO) {
		gate_passes(answer, xstrdup(_("config space does not say that it is up")));
	} else {
		gate_open(answer, xstrdup(_("only gpuprobe's module looks at it")));
	}
}

static void not_supported(struct gate_answer *answer, const char *message, char *because)
{
	answer->message = message;
	gate_fails(answer, because);
}

/* Whether this driver has code for the chip: by branch, and by flavour. */
static void chip_gate(const struct view *view, uint64_t architecture, struct gate_answer *answer)
{
	const struct nvidia_driver *driver = view->driver;
	const struct architecture *known =
		architecture_of_device(view->knowledge, view->function->device);
	uint32_t first;

	if (driver->open == YES && architecture < ARCH_FIRST_WITH_GSP) {
		not_supported(answer, "nvrm.open-unsupported",
			      xstrdup(_("the open driver needs a GSP, which this GPU lacks")));
		return;
	}
	if (!known || !driver->branch) {
		gate_passes(answer, xstrdup(_("the identity registers answer")));
		return;
	}
	first = driver->open == YES && known->open_first_branch ? known->open_first_branch :
								  known->first_branch;
	if (driver->branch < first) {
		not_supported(answer, "nvrm.not-supported",
			      xasprintf(_("%s needs driver branch %u or later"), known->name, first));
	} else if (driver->open == NO && !strcmp(known->open, "required")) {
		not_supported(answer, "nvrm.not-supported",
			      xasprintf(_("%s works with the open flavour only"), known->name));
		gate_doubt(answer, CONFIDENCE_LIKELY, "the proprietary driver's own words for it "
						      "were not seen");
	} else {
		gate_passes(answer, xasprintf(_("the identity registers answer: %s"), known->name));
	}
	if (known->mark && answer->result == GATE_FAILS && !answer->doubt)
		gate_doubt(answer, CONFIDENCE_LIKELY, "the first branch for this generation is not "
						      "confirmed by a source");
}

/* The fact "registers" says why, whatever it is. */
static char *reason(const struct view *view)
{
	struct fact fact;
	char *because;

	fact_get(view, "registers", &fact);
	because = xstrdup(fact.because ? fact.because : _("the GPU's registers were not looked at"));
	fact_clear(&fact);
	return because;
}

/*
 * osapi.c, rm_is_supported_device(): BOOT_1, BOOT_0 and BOOT_42. All ones in
 * both of the latter is "fallen off the bus"; anything that names no chip is
 * "not supported", also what is plainly no answer, such as ones in BOOT_42 alone.
 * With BOOT_42 0 the 535 driver was seen to say so for a P4 whose BOOT_0 is right.
 */
static void registers_gate(const struct view *view, struct gate_answer *answer)
{
	uint64_t boot42, architecture = 0;
	bool boot42_known = fact_number(view, "boot42", &boot42);

	fact_number(view, "chip.architecture", &architecture);
	if (fact_is(view, "registers", "cut-short") == YES && boot42_known && boot42 == UINT32_MAX)
		not_supported(answer, "nvrm.not-supported",
			      xstrdup(_("PMC_BOOT_42 reads all ones, which names no chip")));
	else if (fact_is(view, "registers", "all-ones") == YES && !boot42_known)
		gate_fails(answer, reason(view));
	else if (fact_is(view, "registers", "locked") == YES ||
		 fact_is(view, "registers", "unknown-chip") == YES)
		not_supported(answer, "nvrm.not-supported", reason(view));
	else if (fact_is(view, "registers", "read") != YES &&
		 fact_is(view, "registers", "cut-short") != YES)
		gate_open(answer, reason(view));
	else if (boot42_known && !boot42 && architecture >= ARCH_FIRST_WITH_BOOT_42)
		not_supported(answer, "nvrm.not-supported",
			      xstrdup(_("PMC_BOOT_42 reads 0, which names no chip")));
	else
		chip_gate(view, architecture, answer);
}

const struct gate_test chip_gates[] = {
	{ "firewall",	firewall_gate },
	{ "registers",	registers_gate },
	{ NULL, NULL }
};
