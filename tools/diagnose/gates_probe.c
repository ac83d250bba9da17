// SPDX-License-Identifier: GPL-2.0-or-later
/* Gates of the probe, nv-pci.c nv_pci_probe(): interrupt, memory windows, bridges. */
#include <inttypes.h>

#include "diagnose/gates.h"
#include "lib/i18n.h"

#define FOUR_GIB (1ull << 32)

static void vf_gate(const struct view *view, struct gate_answer *answer)
{
	if (!view->before || !view->before->deep.flags_known)
		return;
	if (view->before->deep.flags.flags & GPUPROBE_FLAG_VIRTFN)
		gate_fails(answer, xstrdup(_("it is an SR-IOV virtual function of this machine's own "
					   "GPU")));
	else
		gate_passes(answer, xstrdup(_("it is none")));
}

/*
 * setup-res.c, pci_enable_resources(): a window with a size and without a place
 * is refused. One that the PCI core has given up has neither, and is passed over.
 */
static void enable_gate(const struct view *view, struct gate_answer *answer)
{
	if (!view->before || !view->before->bars[0].known ||
	    view->before->source == SNAPSHOT_LSPCI)
		return;
	for (int i = 0; i < ROM_BAR; i++) {
		const struct bar *bar = &view->before->bars[i];

		if (!bar->size || !(bar->flags & IORESOURCE_UNSET))
			continue;
		gate_fails(answer, xasprintf(_("BAR%d of %" PRIu64 " MiB has no address, and the "
					     "kernel enables no device with such a window"), i,
					     bar->size >> 20));
		gate_doubt(answer, CONFIDENCE_LIKELY, "read in Linux 6.12; other releases may "
						      "drop the window instead");
		return;
	}
	gate_passes(answer, xstrdup(_("no window stands in the way")));
}

/* --- the interrupt --- */

/*
 * With a pin and no number yet, pci_enable_device() decides (acpi_pci_irq_enable()):
 * a route gives one; without, the line counts: 255 is IRQ_NOTCONNECTED, 1 to 15 an
 * ISA interrupt, and 0 stays 0.
 */
static void routed_irq(const struct view *view, struct gate_answer *answer)
{
	enum answer routed = fact_is(view, "intx.route", "routed");
	uint64_t line;

	if (routed == YES)
		gate_passes(answer, xstrdup(_("ACPI routes its interrupt pin, so enabling it gives "
					    "pdev->irq a number")));
	else if (routed == NO && fact_number(view, "intline", &line) && !line)
		gate_fails(answer, xstrdup(_("it has an interrupt pin, but ACPI has no route for it "
					   "and Interrupt Line is 0, so pdev->irq stays 0; and there "
					   "is no MSI-X capability")));
	else if (routed == NO && fact_number(view, "intline", &line) && (line == 255 || line < 16))
		gate_passes(answer, xasprintf(_("ACPI has no route for its interrupt pin, but with "
					      "Interrupt Line %" PRIu64 " pdev->irq is not 0"), line));
	else
		gate_open(answer, xstrdup(_("there is no MSI-X capability, and whether pdev->irq is 0 "
					  "is decided when the driver enables the GPU")));
}

/*
 * Fails when pci_dev->irq is 0 and there is no MSI-X capability and the
 * hypervisor is not Hyper-V. MSI is not looked at. Same in 515 to 595.
 *
 * pci_enable_device() comes first. Without a pin it gives no number, so 0 before
 * is 0 then.
 */
static void irq_gate(const struct view *view, struct gate_answer *answer)
{
	const struct hypervisor *engine = view->platform->engine;
	enum answer msix = fact_is(view, "msix", "yes");
	uint64_t irq, pin;

	if (engine && !strcmp(engine->id, "hyperv"))
		gate_passes(answer, xstrdup(_("under Hyper-V the driver does not check")));
	else if (msix == YES)
		gate_passes(answer, xstrdup(_("there is an MSI-X capability")));
	else if (fact_number(view, "irq", &irq) && irq)
		gate_passes(answer, irq == IRQ_NOTCONNECTED ?
			    xstrdup(_("pdev->irq is IRQ_NOTCONNECTED, which is not 0")) :
			    xasprintf(_("pdev->irq is %" PRIu64 ", not 0"), irq));
	else if (msix == NOT_KNOWN)
		gate_open(answer, xstrdup(_("whether there is an MSI-X capability is not known")));
	else if (fact_number(view, "intpin", &pin) && !pin)
		gate_fails(answer, xstrdup(_("Interrupt Pin is 0, so pdev->irq is 0, and there is no "
					   "MSI-X capability")));
	else
		routed_irq(view, answer);
}

/* --- the memory windows --- */

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
		return xasprintf(_("BAR%d of %" PRIu64 " MiB has no address"), index,
				 bar->size >> 20);
	return xasprintf(_("BAR%d has no size"), index);
}

static void bar0_gate(const struct view *view, struct gate_answer *answer)
{
	const struct bar *bar = view->before ? &view->before->bars[0] : NULL;

	/* lspci prints no BAR that has no address, so absence says nothing there. */
	if (!bar || !bar->known)
		gate_open(answer, xstrdup(_("the BARs are not known")));
	else if (is_valid(bar))
		gate_passes(answer, xasprintf(_("BAR0 is %" PRIu64 " MiB at 0x%" PRIx64),
					      bar->size >> 20, bar->start));
	else
		gate_fails(answer, invalid_bar_text(bar, 0));
}

/*
 * An invalid BAR other than BAR0 was fatal up to 525, is fatal from 580 on, and in
 * between only printed.
 */
static void bars_gate(const struct view *view, struct gate_answer *answer)
{
	unsigned int branch = view->driver->branch;
	char *text;
	int index;

	if (!view->before || !view->before->bars[0].known || !is_valid(&view->before->bars[0]))
		return;
	index = first_invalid_bar(view->before);
	if (index < 0) {
		gate_passes(answer, xstrdup(_("the BARs it needs have addresses")));
		return;
	}
	if (view->before->source == SNAPSHOT_LSPCI && !view->before->bars[index].known) {
		gate_open(answer, xasprintf(_("BAR%d is not listed"), index));
		return;
	}
	text = invalid_bar_text(&view->before->bars[index], index);
	if (branch && (branch <= 525 || branch >= 580)) {
		gate_fails(answer, text);
	} else if (!branch) {
		gate_open(answer, text);
	} else {
		gate_passes(answer, xasprintf(_("%s; this release says so and goes on"), text));
		answer->prints = true;
		free(text);
	}
}

/* --- the way to them --- */

static const struct bar *bar_above_4g(const struct snapshot *snapshot)
{
	for (int i = 0; i < ROM_BAR; i++) {
		const struct bar *bar = &snapshot->bars[i];

		if (is_valid(bar) && bar->flags & IORESOURCE_MEM_64 &&
		    bar->flags & IORESOURCE_PREFETCH && bar->start >= FOUR_GIB)
			return bar;
	}
	return NULL;
}

/*
 * The driver reads the upper halves of the bridge's prefetchable base and limit;
 * both are not 0 exactly when the window is above 4 GiB.
 */
static bool passes_above_4g(const struct deep_view *deep)
{
	for (size_t i = 0; i < deep->windows.count; i++) {
		const struct gpuprobe_window *window = &deep->windows.at[i];

		if (!window->parent && window->flags & IORESOURCE_PREFETCH &&
		    window->start >= FOUR_GIB)
			return true;
	}
	return false;
}

static void bridge_gate(const struct view *view, struct gate_answer *answer)
{
	const struct snapshot *before = view->before;

	if (!before || !before->parents.count || !before->bars[1].known)
		return;
	if (!bar_above_4g(before))
		gate_passes(answer, xstrdup(_("its windows are below 4 GiB")));
	else if (!before->deep.windows.count)
		gate_open(answer, xstrdup(_("the bridge's windows were not looked at")));
	else if (passes_above_4g(&before->deep))
		gate_passes(answer, xstrdup(_("the bridge has a prefetchable window above 4 GiB")));
	else
		gate_fails(answer, xstrdup(_("the bridge has no prefetchable window above 4 GiB")));
}

static void region_gate(const struct view *view, struct gate_answer *answer)
{
	const struct snapshot *before = view->before;
	const char *holder;

	if (!before || !before->bars[0].known)
		return;
	holder = before->bars[0].holder;
	if (holder && *holder && strncmp(holder, "nvidia", 6))
		gate_fails(answer, xasprintf(_("%s has claimed it"), holder));
	else if ((holder && !*holder) ||
		 (before->deep.bar0_known && before->deep.bar0.outcome != GPUPROBE_BAR0_DRIVER))
		gate_passes(answer, xstrdup(_("nobody had claimed a part of BAR0")));
}

/* nv-pci.c, nv_resize_pcie_bars(); off by default. */
static void resize_gate(const struct view *view, struct gate_answer *answer)
{
	char *value = driver_option(view, "NVreg_EnableResizableBar");

	if (value && strcmp(value, "0"))
		gate_open(answer, xstrdup(_("the option NVreg_EnableResizableBar is set; whether "
					  "there is room for a larger BAR1 is decided then")));
	free(value);
}

const struct gate_test probe_gates[] = {
	{ "vf",		vf_gate },
	{ "enable",	enable_gate },
	{ "irq",	irq_gate },
	{ "bar0",	bar0_gate },
	{ "bars",	bars_gate },
	{ "bridge",	bridge_gate },
	{ "region",	region_gate },
	{ "resize",	resize_gate },
	{ NULL, NULL }
};
