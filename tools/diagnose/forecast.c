// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/forecast.h"

#include <inttypes.h>

#include "uapi/gpuprobe.h"

/* Chips with a smaller device id are for drivers older than any that matters here. */
#define OLDEST_DEVICE_ID 0x20

#define CLASS_VGA	0x0300
#define CLASS_3D	0x0302

static enum gate_result gate(char **because, enum gate_result result, char *text)
{
	*because = text;
	return result;
}

/* nv-pci.c, nv_pci_count_devices() and the id check in nv_pci_probe(). */
static enum gate_result class_gate(const struct view *view, char **because)
{
	const struct function *function = view->function;
	uint32_t class = function->class >> 8;

	if (!function->class_known)
		return gate(because, GATE_CANNOT_TELL, xstrdup("the class code is not known"));
	if (class != CLASS_VGA && class != CLASS_3D)
		return gate(because, GATE_FAILS,
			    xasprintf("class %04x is neither 0300 nor 0302", class));
	if (function->ids_known && function->device < OLDEST_DEVICE_ID)
		return gate(because, GATE_FAILS,
			    xasprintf("device id %04x is too old", function->device));
	return gate(because, GATE_PASSES, xasprintf("its class is %04x", class));
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
static enum gate_result irq_gate(const struct view *view, char **because)
{
	const struct platform *platform = view->platform;
	struct fact pin, irq, msix;
	enum gate_result result;

	fact_get(view, "intpin", &pin);
	fact_get(view, "irq", &irq);
	fact_get(view, "msix", &msix);
	if (platform->hypervisor && !strcmp(platform->hypervisor->id, "hyperv"))
		result = gate(because, GATE_PASSES,
			      xstrdup("under Hyper-V the driver does not check"));
	else if (msix.kind == FACT_WORD && !strcmp(msix.word, "yes"))
		result = gate(because, GATE_PASSES, xstrdup("there is an MSI-X capability"));
	else if (irq.kind == FACT_NUMBER && irq.number)
		result = gate(because, GATE_PASSES,
			      xasprintf("pdev->irq is %" PRIu64 ", not 0", irq.number));
	else if (msix.kind == FACT_UNKNOWN)
		result = gate(because, GATE_CANNOT_TELL,
			      xstrdup("whether there is an MSI-X capability is not known"));
	else if (pin.kind == FACT_NUMBER && !pin.number)
		result = gate(because, GATE_FAILS, xstrdup("Interrupt Pin is 0, so pdev->irq "
			      "is 0, and there is no MSI-X capability"));
	else
		result = gate(because, GATE_CANNOT_TELL, xstrdup("there is no MSI-X capability, "
			      "and whether pdev->irq is 0 is decided when the driver enables "
			      "the GPU"));
	fact_clear(&pin);
	fact_clear(&irq);
	fact_clear(&msix);
	return result;
}

static const struct bar *unusable_bar(const struct snapshot *snapshot, size_t from, size_t *index)
{
	for (size_t i = from; i < ROM_BAR; i++) {
		const struct bar *bar = &snapshot->bars[i];

		if (!bar->known || !bar->size || !(bar->flags & IORESOURCE_MEM))
			continue;
		if (bar->start && !(bar->flags & IORESOURCE_UNSET))
			continue;
		*index = i;
		return bar;
	}
	return NULL;
}

/*
 * nv-pci.c: BAR0 is fatal everywhere; an invalid BAR1 or BAR3 was fatal up to
 * 525, is fatal from 580 on, and in between only printed.
 */
static enum gate_result bar_gate(const struct view *view, char **because)
{
	unsigned int branch = view->driver->branch;
	const struct bar *bar;
	size_t index;

	if (!view->before || !view->before->bars[0].known)
		return gate(because, GATE_CANNOT_TELL, xstrdup("the BARs are not known"));
	if (!view->before->bars[0].size)
		return gate(because, GATE_FAILS, xstrdup("BAR0, the registers, has no size"));
	bar = unusable_bar(view->before, 0, &index);
	if (!bar)
		return gate(because, GATE_PASSES, xstrdup("every BAR has an address"));
	if (!index || branch <= 525 || branch >= 580)
		return gate(because, branch || !index ? GATE_FAILS : GATE_CANNOT_TELL,
			    xasprintf("BAR%zu of %" PRIu64 " MiB has no address%s", index,
				      bar->size >> 20, branch || !index ? "" :
				      ", which is fatal up to 525 and from 580 on"));
	return gate(because, GATE_PASSES,
		    xasprintf("BAR%zu has no address; %u only prints that", index, branch));
}

/* osapi.c, rm_is_supported_device(): BOOT_0 and BOOT_42 in BAR0. */
static enum gate_result registers_gate(const struct view *view, char **because)
{
	(void)view;
	return gate(because, GATE_CANNOT_TELL,
		    xstrdup("the GPU's registers were not looked at"));
}

static const struct {
	const char *id;
	const char *title;
	enum gate_result (*test)(const struct view *view, char **because);
	const char *message;
} gates_in_order[] = {
	{ "class",	"the driver counts it as a GPU",	class_gate,	"nvrm.no-gpu-found" },
	{ "irq",	"it has an interrupt",			irq_gate,	"nvrm.no-irq" },
	{ "bars",	"its BARs are usable",			bar_gate,	"nvrm.bar-invalid" },
	{ "registers",	"its registers answer and the chip is supported",
								registers_gate,	NULL },
};

static bool log_has(const struct view *view, const char *id)
{
	for (size_t i = 0; id && i < view->events->count; i++)
		if (!strcmp(view->events->at[i].match.message->id, id) &&
		    view_has_event(view, &view->events->at[i]))
			return true;
	return false;
}

static enum gate_log hold_against_log(const struct view *view, const struct gate_forecast *gate)
{
	bool said = log_has(view, gate->message);

	if (!view->driver->ran || !gate->message || gate->result == GATE_CANNOT_TELL)
		return LOG_SILENT;
	if (said)
		return gate->result == GATE_FAILS ? LOG_AGREES : LOG_DISAGREES;
	/* The banner comes after a probe that passed every gate. */
	if (log_has(view, "nvrm.loading"))
		return gate->result == GATE_PASSES ? LOG_AGREES : LOG_DISAGREES;
	return LOG_SILENT;
}

void forecast_make(const struct view *view, forecast *gates)
{
	for (size_t i = 0; i < sizeof(gates_in_order) / sizeof(gates_in_order[0]); i++) {
		struct gate_forecast *gate = array_add(gates);

		gate->id = gates_in_order[i].id;
		gate->title = gates_in_order[i].title;
		gate->message = gates_in_order[i].message;
		gate->result = gates_in_order[i].test(view, &gate->because);
		gate->log = hold_against_log(view, gate);
		if (gate->result == GATE_FAILS)
			return;
	}
}

void forecast_clear(forecast *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		free(gates->at[i].because);
	array_free(gates);
}
