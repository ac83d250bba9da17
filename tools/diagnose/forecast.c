// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/forecast.h"

#include <inttypes.h>

#include "uapi/gpuprobe.h"

/* Chips with a smaller device id are for drivers older than any that matters here. */
#define OLDEST_DEVICE_ID 0x20

#define CLASS_VGA	0x0300
#define CLASS_3D	0x0302

/* What a gate's test finds; the message is the gate's own unless it says another. */
struct answer_of_gate {
	char *because;
	const char *message;
	bool prints;		/* it passes, and prints the message all the same */
};

static enum gate_result gate(struct answer_of_gate *answer, enum gate_result result, char *text)
{
	answer->because = text;
	return result;
}

/* The proprietary driver has a list of the devices that it no longer drives. */
static bool is_legacy(const struct view *view, char **because)
{
	const struct architecture *known = view->function->ids_known ?
		architecture_of_device(view->knowledge, view->function->device) : NULL;

	if (!known || view->driver->open == YES || !known->last_branch ||
	    view->driver->branch <= known->last_branch)
		return false;
	*because = xasprintf("the driver dropped %s after branch %u", known->name,
			     known->last_branch);
	return true;
}

/* nv.c, nv_pci_count_devices(), and the id check in nv-pci.c, nv_pci_probe(). */
static enum gate_result class_gate(const struct view *view, struct answer_of_gate *answer)
{
	const struct function *function = view->function;
	uint32_t class = function->class >> 8;

	if (!function->class_known)
		return gate(answer, GATE_CANNOT_TELL, xstrdup("the class code is not known"));
	if (class != CLASS_VGA && class != CLASS_3D)
		return gate(answer, GATE_FAILS,
			    xasprintf("class %04x is neither 0300 nor 0302", class));
	if (is_legacy(view, &answer->because)) {
		answer->message = "nvrm.legacy-gpu";
		return GATE_FAILS;
	}
	if (function->ids_known && function->device < OLDEST_DEVICE_ID)
		return gate(answer, GATE_FAILS,
			    xasprintf("device id %04x is too old", function->device));
	return gate(answer, GATE_PASSES, xasprintf("its class is %04x", class));
}

/*
 * nv-pci.c, nv_pci_probe(): fails when pci_dev->irq is 0 and there is no MSI-X
 * capability and the hypervisor is not Hyper-V. MSI is not looked at. Same in
 * 515 to 595.
 *
 * pci_enable_device() comes first and may change irq: with a pin, ACPI's route
 * (drivers/acpi/pci_irq.c, acpi_pci_irq_enable()). Without a pin nothing does,
 * so 0 before is 0 then.
 */
static enum gate_result irq_gate(const struct view *view, struct answer_of_gate *answer)
{
	const struct platform *platform = view->platform;
	struct fact pin, irq, msix;
	enum gate_result result;

	fact_get(view, "intpin", &pin);
	fact_get(view, "irq", &irq);
	fact_get(view, "msix", &msix);
	if (platform->engine && !strcmp(platform->engine->id, "hyperv"))
		result = gate(answer, GATE_PASSES,
			      xstrdup("under Hyper-V the driver does not check"));
	else if (msix.kind == FACT_WORD && !strcmp(msix.word, "yes"))
		result = gate(answer, GATE_PASSES, xstrdup("there is an MSI-X capability"));
	else if (irq.kind == FACT_NUMBER && irq.number)
		result = gate(answer, GATE_PASSES, irq.number == IRQ_NOTCONNECTED ?
			      xstrdup("pdev->irq is IRQ_NOTCONNECTED, which is not 0") :
			      xasprintf("pdev->irq is %" PRIu64 ", not 0", irq.number));
	else if (msix.kind == FACT_UNKNOWN)
		result = gate(answer, GATE_CANNOT_TELL,
			      xstrdup("whether there is an MSI-X capability is not known"));
	else if (pin.kind == FACT_NUMBER && !pin.number)
		result = gate(answer, GATE_FAILS, xstrdup("Interrupt Pin is 0, so pdev->irq "
			      "is 0, and there is no MSI-X capability"));
	else
		result = gate(answer, GATE_CANNOT_TELL, xstrdup("there is no MSI-X capability, "
			      "and whether pdev->irq is 0 is decided when the driver enables "
			      "the GPU"));
	fact_clear(&pin);
	fact_clear(&irq);
	fact_clear(&msix);
	return result;
}

/* nv-linux.h, NV_PCI_RESOURCE_VALID(): neither start nor size is 0. */
static bool is_valid(const struct bar *bar)
{
	return bar->start && bar->size && !(bar->flags & IORESOURCE_UNSET);
}

/* The driver wants three; the slot after a valid 64-bit one is its upper half. */
#define BARS_WANTED 3

/* The first BAR that the driver takes for invalid; -1 if there is none. */
static int first_invalid_bar(const struct snapshot *snapshot)
{
	int valid = 0;

	for (int i = 0; i < ROM_BAR && valid < BARS_WANTED; i++) {
		const struct bar *bar = &snapshot->bars[i];

		if (!is_valid(bar))
			return i;
		valid++;
		if (bar->flags & IORESOURCE_MEM_64 && bar->flags & IORESOURCE_PREFETCH)
			i++;
	}
	return valid < BARS_WANTED ? 0 : -1;
}

static char *invalid_bar_text(const struct bar *bar, int index)
{
	if (bar->size)
		return xasprintf("BAR%d of %" PRIu64 " MiB has no address", index,
				 bar->size >> 20);
	return xasprintf("BAR%d has no size", index);
}

/*
 * nv-pci.c, nv_pci_probe(): an invalid BAR0 is fatal everywhere; another one was
 * fatal up to 525, is fatal from 580 on, and in between only printed.
 */
static enum gate_result bar_gate(const struct view *view, struct answer_of_gate *answer)
{
	unsigned int branch = view->driver->branch;
	char *text;
	int index;

	/* lspci prints no BAR that has no address, so absence says nothing there. */
	if (!view->before || !view->before->bars[0].known)
		return gate(answer, GATE_CANNOT_TELL, xstrdup("the BARs are not known"));
	index = first_invalid_bar(view->before);
	if (index < 0)
		return gate(answer, GATE_PASSES, xstrdup("the BARs it needs have addresses"));
	if (view->before->source == SNAPSHOT_LSPCI && !view->before->bars[index].known)
		return gate(answer, GATE_CANNOT_TELL, xasprintf("BAR%d is not listed", index));
	text = invalid_bar_text(&view->before->bars[index], index);
	if (!index || (branch && (branch <= 525 || branch >= 580)))
		return gate(answer, GATE_FAILS, text);
	if (!branch)
		return gate(answer, GATE_CANNOT_TELL, text);
	answer->prints = true;
	return gate(answer, GATE_PASSES, text);
}

/* Architectures as PMC_BOOT_42 numbers them; older ones have no GSP. */
#define ARCH_FIRST_WITH_BOOT_42	0x13	/* Pascal */
#define ARCH_FIRST_WITH_GSP	0x16	/* Turing */

static enum gate_result not_supported(struct answer_of_gate *answer, const char *message,
				      char *text)
{
	answer->message = message;
	return gate(answer, GATE_FAILS, text);
}

/* Whether this driver has code for the chip: by branch, and by flavour. */
static enum gate_result chip_gate(const struct view *view, uint64_t architecture,
				  struct answer_of_gate *answer)
{
	const struct nvidia_driver *driver = view->driver;
	const struct architecture *known =
		architecture_of_device(view->knowledge, view->function->device);

	if (driver->open == YES && architecture < ARCH_FIRST_WITH_GSP)
		return not_supported(answer, "nvrm.open-unsupported",
				     xstrdup("the open driver needs a GSP, which this GPU lacks"));
	if (!known || !driver->branch)
		return gate(answer, GATE_PASSES, xstrdup("the identity registers answer"));
	if (driver->branch < known->first_branch)
		return not_supported(answer, "nvrm.not-supported",
				     xasprintf("%s needs driver branch %u or later", known->name,
					       known->first_branch));
	return gate(answer, GATE_PASSES, xasprintf("the identity registers answer: %s",
						   known->name));
}

/*
 * osapi.c, rm_is_supported_device(): BOOT_1, BOOT_0 and BOOT_42. All ones in
 * both of the latter is "fallen off the bus"; anything that names no chip is
 * "not supported", also what is plainly no answer, such as ones in BOOT_42 alone. With BOOT_42 0 the 535 driver
 * was seen to say so for a P4 whose BOOT_0 is right.
 */
static enum gate_result registers_gate(const struct view *view, struct answer_of_gate *answer)
{
	struct fact registers, boot42, architecture;
	enum gate_result result;
	const char *word;

	fact_get(view, "registers", &registers);
	fact_get(view, "boot42", &boot42);
	fact_get(view, "chip.architecture", &architecture);
	word = registers.kind == FACT_WORD ? registers.word : "";
	if (!strcmp(word, "cut-short") && boot42.number == UINT32_MAX)
		result = not_supported(answer, "nvrm.not-supported",
				       xstrdup("PMC_BOOT_42 reads all ones, which names no chip"));
	else if (!strcmp(word, "all-ones") && boot42.kind == FACT_UNKNOWN)
		result = gate(answer, GATE_FAILS, xstrdup(registers.because));
	else if (!strcmp(word, "locked") || !strcmp(word, "unknown-chip"))
		result = not_supported(answer, "nvrm.not-supported", xstrdup(registers.because));
	else if (!strcmp(word, "read") && boot42.kind == FACT_NUMBER && !boot42.number &&
		 architecture.number >= ARCH_FIRST_WITH_BOOT_42)
		result = not_supported(answer, "nvrm.not-supported",
				       xstrdup("PMC_BOOT_42 reads 0, which names no chip"));
	else if (!strcmp(word, "read") || !strcmp(word, "cut-short"))
		result = chip_gate(view, architecture.number, answer);
	else
		result = gate(answer, GATE_CANNOT_TELL, xstrdup(registers.because ?
			      registers.because : "the GPU's registers were not looked at"));
	fact_clear(&registers);
	fact_clear(&boot42);
	fact_clear(&architecture);
	return result;
}

/*
 * nv-msi.c, at the first use: MSI-X, then MSI; where the kernel gives neither, the
 * driver says so and falls back to INTx.
 */
static enum gate_result msi_gate(const struct view *view, struct answer_of_gate *answer)
{
	if (fact_is(view, "msix", "no") != YES || fact_is(view, "msi", "yes") != YES)
		return gate(answer, GATE_CANNOT_TELL, xstrdup("MSI-X counts, or there is no MSI"));
	if (fact_is(view, "msi.allowed", "no") == YES)
		return gate(answer, GATE_FAILS, xstrdup("MSI is forbidden, so INTx must do"));
	if (fact_is(view, "msi.trial", "no") == YES)
		return gate(answer, GATE_FAILS, xstrdup("the kernel gave no MSI in a trial, so "
							"INTx must do"));
	return gate(answer, GATE_CANNOT_TELL, xstrdup("MSI is allowed"));
}

/*
 * osinit.c: stage RM_INIT_VBIOS_FAILED, at the first use of the GPU, after the
 * probe. Up to Volta the driver reads the VBIOS itself; seen with 535 on a P4: no
 * signature, or the ids of another board, and it fails with stage 0x30.
 */
static enum gate_result vbios_gate(const struct view *view, struct answer_of_gate *answer)
{
	struct fact prom, architecture;
	enum gate_result result;
	const char *word;

	fact_get(view, "prom", &prom);
	fact_get(view, "chip.architecture", &architecture);
	word = prom.kind == FACT_WORD ? prom.word : "";
	if (architecture.kind == FACT_NUMBER && architecture.number >= ARCH_FIRST_WITH_GSP)
		result = gate(answer, GATE_CANNOT_TELL,
			      xstrdup("from Turing on the VBIOS is read in other ways as well"));
	else if (!strcmp(word, "absent") || !strcmp(word, "no-pcir"))
		result = gate(answer, GATE_FAILS, xstrdup(prom.because));
	else if (!strcmp(word, "good"))
		result = gate(answer, GATE_CANNOT_TELL,
			      xstrdup("a VBIOS is there; only its beginning was looked at"));
	else
		result = gate(answer, GATE_CANNOT_TELL, xstrdup(prom.because ? prom.because :
			      "the VBIOS was not looked at"));
	fact_clear(&prom);
	fact_clear(&architecture);
	return result;
}

static const struct {
	const char *id;
	const char *title;
	enum gate_result (*test)(const struct view *view, struct answer_of_gate *answer);
	const char *message;
	bool by_registers;
	bool at_open;		/* comes after the probe, at the first use */
} gates_in_order[] = {
	{ "class",	"the driver counts it as a GPU",	class_gate,	"nvrm.no-gpu-found",
	  false },
	{ "irq",	"it has an interrupt",			irq_gate,	"nvrm.no-irq",
	  false },
	{ "bars",	"its BARs are usable",			bar_gate,	"nvrm.bar-invalid",
	  false },
	{ "registers",	"its registers answer and the chip is supported",
								registers_gate,	"nvrm.off-bus-at-probe",
	  true },
	{ "msi",	"it gets MSI, at the first use",		msi_gate,
								"nvrm.msi-failed",
	  false, true },
	{ "vbios",	"its VBIOS can be read, at the first use",	vbios_gate,
								"nvrm.rminit-failed",
	  true, true },
};

static bool log_has(const struct view *view, const char *id)
{
	for (size_t i = 0; id && i < view->events->count; i++)
		if (!strcmp(view->events->at[i].match.message->id, id) &&
		    view_has_event(view, &view->events->at[i]))
			return true;
	return false;
}

static enum gate_log hold_against_log(const struct view *view, const struct gate_forecast *gate,
				      bool at_open, bool prints)
{
	bool said = log_has(view, gate->message);

	if (!view->driver->ran || !gate->message || gate->result == GATE_CANNOT_TELL)
		return LOG_SILENT;
	if (said)
		return gate->result == GATE_FAILS || prints ? LOG_AGREES : LOG_DISAGREES;
	/* The banner comes after a probe that passed every gate of the probe. */
	if (!at_open && log_has(view, "nvrm.loading"))
		return gate->result == GATE_PASSES ? LOG_AGREES : LOG_DISAGREES;
	return LOG_SILENT;
}

/* Adds the forecast of one gate; false if it fails, so that no later one is reached. */
static bool forecast_gate(const struct view *view, size_t index, forecast *gates)
{
	struct answer_of_gate answer = { .message = gates_in_order[index].message };
	enum gate_result result = gates_in_order[index].test(view, &answer);
	struct gate_forecast *gate;

	/* Of the many steps after the probe only one that is sure to fail is worth a word. */
	if (gates_in_order[index].at_open && result == GATE_CANNOT_TELL) {
		free(answer.because);
		return true;
	}
	gate = array_add(gates);
	*gate = (struct gate_forecast){
		.id = gates_in_order[index].id,
		.title = gates_in_order[index].title,
		.by_registers = gates_in_order[index].by_registers,
		.result = result,
		.because = answer.because,
		.message = answer.message,
	};
	gate->log = hold_against_log(view, gate, gates_in_order[index].at_open, answer.prints);
	/* Without MSI the driver goes on with INTx. */
	return result != GATE_FAILS || gates_in_order[index].test == msi_gate;
}

void forecast_make(const struct view *view, forecast *gates)
{
	for (size_t i = 0; i < sizeof(gates_in_order) / sizeof(gates_in_order[0]); i++)
		if (!forecast_gate(view, i, gates))
			return;
}

void forecast_clear(forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		free(gates->at[i].because);
	array_free(gates);
}
