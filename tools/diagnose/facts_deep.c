// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facts from what only the module sees: registers of the GPU, its mirror of
 * config space, trial allocations, the route of INTx. Register addresses and
 * fields are those of NVIDIA's open-gpu-doc and open-gpu-kernel-modules, which
 * are named at each.
 */
#include "diagnose/facts.h"

#include <inttypes.h>
#include <linux/pci_regs.h>

#include "decode/registers.h"
#include "uapi/gpuprobe.h"
#include "lib/i18n.h"

/* Architectures as PMC_BOOT_0 and PMC_BOOT_42 number them (nv_arch.h). */
#define ARCH_VOLTA	0x14
#define ARCH_TURING	0x16
#define ARCH_ADA	0x19

#define PMC_BOOT_0	0x000000u	/* nv_ref.h */
#define PMC_BOOT_42	0x000a00u
#define PBUS_INTR_0	0x001100u	/* dev_bus */
#define PRI_TIMEOUT_SAVE 0x009084u	/* dev_timer */
#define MIRROR_FIRST	0x088000u
#define PTIMER_TIME_0	0x009400u	/* dev_timer.h */
#define DEVINIT_DONE	0x02240cu	/* nouveau nvkm/subdev/devinit/gf100.c */
#define GFW_BOOT	0x118234u	/* kern_gpu_tu102.c gpuIsGfwBootCompleted_TU102 */
#define WPR2_HIGH	0x1fa828u	/* kernel_gsp_tu102.c kgspIsWpr2Up_TU102 */

/*
 * A trapped read costs a VM exit and more; a direct one about a microsecond, and a few
 * behind switches. In between it may be either: a quick simulator has been seen at 13.
 */
#define DIRECT_NS	5000u
#define TRAPPED_NS	15000u

/* The newest snapshot before the driver in which BAR0 was looked at, or NULL. */
static const struct snapshot *bar0_snapshot(const struct view *view)
{
	const struct snapshot *found = NULL;

	for (size_t i = 0; view->function && i < view->function->snapshots.count; i++) {
		const struct snapshot *snapshot = &view->function->snapshots.at[i];

		if (snapshot->deep.bar0_known &&
		    snapshot->deep.bar0.outcome != GPUPROBE_BAR0_DRIVER)
			found = snapshot;
	}
	return found;
}

/* The newest snapshot for which @known says yes, or NULL. */
static const struct snapshot *newest(const struct view *view,
				     bool (*known)(const struct deep_view *deep))
{
	const struct snapshot *found = NULL;

	for (size_t i = 0; view->function && i < view->function->snapshots.count; i++)
		if (known(&view->function->snapshots.at[i].deep))
			found = &view->function->snapshots.at[i];
	return found;
}

static const struct gpuprobe_register *last_read(const struct snapshot *snapshot,
						 uint32_t offset)
{
	const struct gpuprobe_register *found = NULL;

	for (size_t i = 0; snapshot && i < snapshot->deep.registers.count; i++)
		if (snapshot->deep.registers.at[i].offset == offset)
			found = &snapshot->deep.registers.at[i];
	return found;
}

static const struct gpuprobe_register *good_read(const struct snapshot *snapshot,
						 uint32_t offset)
{
	const struct gpuprobe_register *reg = last_read(snapshot, offset);

	return reg && reg->verdict == GPUPROBE_REGISTER_OK ? reg : NULL;
}

/* Words of the fact "registers"; for a driver's sake nothing was read, which says nothing. */
static const char *const registers_words[] = {
	[GPUPROBE_BAR0_READ] = "read", [GPUPROBE_BAR0_NO_BAR] = "no-bar",
	[GPUPROBE_BAR0_UNASSIGNED] = "unassigned", [GPUPROBE_BAR0_DECODE_OFF] = "decode-off",
	[GPUPROBE_BAR0_NOT_D0] = "not-d0", [GPUPROBE_BAR0_UNREACHABLE] = "unreachable",
	[GPUPROBE_BAR0_FIREWALL] = "firewall", [GPUPROBE_BAR0_NO_MEMORY] = "not-mapped",
	[GPUPROBE_BAR0_ALL_ONES] = "all-ones", [GPUPROBE_BAR0_VIRTUAL] = "virtual",
	[GPUPROBE_BAR0_UNKNOWN_CHIP] = "unknown-chip", [GPUPROBE_BAR0_LOCKED] = "locked",
	[GPUPROBE_BAR0_MISMATCH] = "mismatch", [GPUPROBE_BAR0_GONE] = "gone",
	[GPUPROBE_BAR0_CONFIDENTIAL] = "confidential",
};

static void find_registers(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	const struct gpuprobe_register *cut = snapshot ? bar0_cut_short(&snapshot->deep) : NULL;
	uint32_t outcome = snapshot ? snapshot->deep.bar0.outcome : 0;

	if (outcome >= sizeof(registers_words) / sizeof(registers_words[0]) ||
	    !registers_words[outcome])
		return;
	if (cut) {
		fact_set_word(fact, "cut-short");
		fact_seen(fact, snapshot, xasprintf(_("the GPU's registers answered until the one at "
						    "BAR0 + 0x%x, which reads as all ones; no more "
						    "were read"), cut->offset));
		return;
	}
	fact_set_word(fact, registers_words[outcome]);
	fact_seen(fact, snapshot, xstrdup(bar0_outcome_sentence(outcome)));
}

static void find_register(const struct view *view, uint32_t offset, const char *name,
			  struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	const struct gpuprobe_register *reg = last_read(snapshot, offset);

	if (!reg || reg->verdict == GPUPROBE_REGISTER_SKIPPED)
		return;
	fact_set_number(fact, reg->value);
	fact_seen(fact, snapshot, xasprintf(_("%s (BAR0 + 0x%x) reads 0x%08x"), name, offset,
					    reg->value));
}

static void find_boot0(const struct view *view, struct fact *fact)
{
	find_register(view, PMC_BOOT_0, "PMC_BOOT_0", fact);
}

static void find_boot42(const struct view *view, struct fact *fact)
{
	find_register(view, PMC_BOOT_42, "PMC_BOOT_42", fact);
}

static void find_architecture(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);

	if (snapshot && snapshot->deep.bar0.architecture)
		fact_set_number(fact, snapshot->deep.bar0.architecture);
}

/*
 * Whether the GPU was started by its ROM: the devinit bit up to Volta, the
 * progress of GFW boot from Turing to Ada.
 */
static void find_posted(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	const struct gpuprobe_register *devinit = good_read(snapshot, DEVINIT_DONE);
	uint32_t architecture = snapshot ? snapshot->deep.bar0.architecture : 0;
	bool posted;

	if (!devinit || !architecture || architecture > ARCH_VOLTA)
		return;
	posted = devinit->value & 2;
	fact_set_answer(fact, posted ? YES : NO);
	fact_seen(fact, snapshot, xasprintf(posted ?
		  _("the GPU has been started by its ROM: BAR0 + 0x%x bit 1 is 1") :
		  _("the GPU has not been started by its ROM: BAR0 + 0x%x bit 1 is 0"),
		  DEVINIT_DONE));
}

static void find_gfw(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	const struct gpuprobe_register *progress = good_read(snapshot, GFW_BOOT);
	uint32_t architecture = snapshot ? snapshot->deep.bar0.architecture : 0;
	bool done;

	if (!progress || architecture < ARCH_TURING || architecture > ARCH_ADA)
		return;
	done = (progress->value & 0xff) == 0xff;
	fact_set_word(fact, done ? "complete" : "unfinished");
	fact_seen(fact, snapshot, xasprintf(done ?
		  _("the GPU's own firmware has finished booting: progress 0x%x at BAR0 + 0x%x") :
		  _("the GPU's own firmware has not finished booting: progress 0x%x at BAR0 + 0x%x"),
		  progress->value & 0xff, GFW_BOOT));
}

static void find_wpr2(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	const struct gpuprobe_register *high = good_read(snapshot, WPR2_HIGH);
	bool up;

	if (!high)
		return;
	up = high->value >> 4;
	fact_set_word(fact, up ? "up" : "down");
	fact_seen(fact, snapshot, xasprintf(_("the protected memory region WPR2 is %s: BAR0 + 0x%x "
					    "reads 0x%08x"), up ? _("set up already") : _("down"),
					    WPR2_HIGH, high->value));
}

static void find_timer(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	uint32_t first = 0, reads = 0;
	bool moves = false;

	for (size_t i = 0; snapshot && i < snapshot->deep.registers.count; i++) {
		const struct gpuprobe_register *reg = &snapshot->deep.registers.at[i];

		if (reg->offset != PTIMER_TIME_0 || reg->verdict != GPUPROBE_REGISTER_OK)
			continue;
		if (!reads++)
			first = reg->value;
		moves |= reg->value != first;
	}
	if (reads < 2)
		return;
	fact_set_word(fact, moves ? "running" : "stopped");
	fact_seen(fact, snapshot, xstrdup(moves ? _("the GPU's timer runs") :
					  _("the GPU's timer stands still: its core has no clock")));
}

static void find_access(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	uint32_t fastest = snapshot ? snapshot->deep.bar0.fastest_ns : 0;

	if (!fastest || (fastest > DIRECT_NS && fastest <= TRAPPED_NS))
		return;
	fact_set_word(fact, fastest > TRAPPED_NS ? "trapped" : "direct");
	fact_seen(fact, snapshot, xasprintf(_("a register read takes %u ns or more: %s"), fastest,
					    fastest > TRAPPED_NS ?
					    _("the hypervisor traps it") : _("it goes to the GPU")));
}

/*
 * dead: who it is can be read, and every other register of its units answers with a
 * mark of the internal bus, 0xbad..... (dev_pri_ringstation_sys.h)
 */
static void find_internal_bus(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	size_t good = 0, bad = 0;

	for (size_t i = 0; snapshot && i < snapshot->deep.registers.count; i++) {
		const struct gpuprobe_register *reg = &snapshot->deep.registers.at[i];

		/* its identity, the catcher of errors and the mirror are elsewhere */
		if (reg->offset < 0x100 || reg->offset == PMC_BOOT_42 || reg->offset == PBUS_INTR_0 ||
		    reg->offset == PRI_TIMEOUT_SAVE || reg->offset >= MIRROR_FIRST)
			continue;
		good += reg->verdict == GPUPROBE_REGISTER_OK;
		bad += reg->verdict == GPUPROBE_REGISTER_BAD;
	}
	if (good + bad < 4)
		return;
	fact_set_word(fact, good ? "alive" : "dead");
	fact_seen(fact, snapshot, good ? xstrdup(_("the GPU's units answer")) :
		  xasprintf(_("the GPU says which one it is, and all %zu registers of its units read "
			    "0xbad.....: its internal bus does not answer"), bad));
}

/* --- the VBIOS window --- */

static const struct prom_piece *pcir_piece(const struct snapshot *snapshot)
{
	for (size_t i = 0; snapshot && i < snapshot->deep.prom.count; i++) {
		const struct prom_piece *piece = &snapshot->deep.prom.at[i];

		if (piece->length >= 8 && !memcmp(piece->data, "PCIR", 4))
			return piece;
	}
	return NULL;
}

/* absent, good (signature and ids), wrong-ids, no-pcir */
static void find_prom(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = bar0_snapshot(view);
	const struct prom_piece *pcir = pcir_piece(snapshot), *first;
	uint16_t vendor, device;

	if (!snapshot || !snapshot->deep.prom.count)
		return;
	first = &snapshot->deep.prom.at[0];
	if (first->image == GPUPROBE_PROM_NO_IMAGE) {
		fact_set_word(fact, "absent");
		fact_seen(fact, snapshot, xasprintf(_("no VBIOS is readable at BAR0 + 0x%x: no "
						    "signature there"),
						    snapshot->deep.bar0.prom));
		return;
	}
	if (!pcir) {
		fact_set_word(fact, "no-pcir");
		fact_seen(fact, snapshot, xstrdup(_("the VBIOS has a signature, but no PCI data "
						  "structure where it points")));
		return;
	}
	vendor = pcir->data[4] | pcir->data[5] << 8;
	device = pcir->data[6] | pcir->data[7] << 8;
	if (vendor != view->function->vendor || device != view->function->device) {
		fact_set_word(fact, "wrong-ids");
		fact_seen(fact, snapshot, xasprintf(_("the VBIOS is for %04x:%04x, the GPU is "
						    "%04x:%04x"), vendor, device,
						    view->function->vendor,
						    view->function->device));
		return;
	}
	fact_set_word(fact, "good");
	fact_seen(fact, snapshot, xasprintf(_("a VBIOS for %04x:%04x is readable"), vendor, device));
}

/* --- the mirror of config space in BAR0 --- */

static bool has_mirror_pin(const struct deep_view *deep)
{
	return mirror_has(deep, PCI_INTERRUPT_PIN, 1);
}

static bool has_mirror_bars(const struct deep_view *deep)
{
	return mirror_has(deep, PCI_BASE_ADDRESS_0, 24);
}

static uint32_t mirror_dword(const struct snapshot *snapshot, size_t offset)
{
	const uint8_t *at = snapshot->deep.mirror + offset;

	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static void find_mirror_intpin(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = newest(view, has_mirror_pin);
	uint8_t pin;

	if (!snapshot)
		return;
	pin = snapshot->deep.mirror[PCI_INTERRUPT_PIN];
	fact_set_number(fact, pin);
	fact_seen(fact, snapshot, xasprintf(_("the GPU itself has Interrupt Pin 0x%02x, in its "
					    "mirror of config space at BAR0 + 0x%x"), pin,
					    snapshot->deep.bar0.mirror));
}

/* same, or differ: then the mirror shows what the GPU has on the host */
static void find_mirror_bars(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = newest(view, has_mirror_bars);
	struct pci_config config;

	if (!snapshot)
		return;
	snapshot_config(snapshot, &config);
	if (!config.header_known)
		return;
	for (size_t i = 0; i < 6; i++) {
		uint32_t own = mirror_dword(snapshot, PCI_BASE_ADDRESS_0 + 4 * i);

		if (own == config.bar[i])
			continue;
		fact_set_word(fact, "differ");
		fact_seen(fact, snapshot, xasprintf(_("BAR%zu is 0x%08x for the guest and 0x%08x in "
						    "the GPU's own mirror of config space"), i,
						    config.bar[i], own));
		return;
	}
	fact_set_word(fact, "same");
	fact_seen(fact, snapshot, xstrdup(_("the GPU's own mirror of config space shows the BARs "
					  "that the guest has")));
}

/* --- the kernel --- */

static void trial_fact(const struct snapshot *snapshot, const struct gpuprobe_msi_trial *trial,
		       const char *name, struct fact *fact)
{
	fact_set_answer(fact, trial->got && !trial->error ? YES : NO);
	if (trial->got && !trial->error)
		fact_seen(fact, snapshot, xasprintf(_("the kernel gave %s a vector in a trial"),
						    name));
	else
		fact_seen(fact, snapshot, xasprintf(_("the kernel gave %s no vector in a trial: "
						    "error %d"), name, trial->error));
}

static bool has_msi_trial(const struct deep_view *deep)
{
	return deep->msi_trial_known;
}

static void find_msi_trial(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = newest(view, has_msi_trial);

	if (snapshot)
		trial_fact(snapshot, &snapshot->deep.msi_trial, "MSI", fact);
}

static bool has_msix_trial(const struct deep_view *deep)
{
	return deep->msix_trial_known;
}

static void find_msix_trial(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = newest(view, has_msix_trial);

	if (snapshot)
		trial_fact(snapshot, &snapshot->deep.msix_trial, "MSI-X", fact);
}

static bool has_route(const struct deep_view *deep)
{
	return deep->route_known;
}

static void find_route(const struct view *view, struct fact *fact)
{
	static const struct {
		const char *word;
		const char *sentence;
	} sources[] = {
		[GPUPROBE_ROUTE_NO_PIN]	  = { "no-pin", N_("there is no INTx to route") },
		[GPUPROBE_ROUTE_NO_TABLE] = { "none", N_("ACPI has no interrupt routing table") },
		[GPUPROBE_ROUTE_NO_ENTRY] = { "none", N_("ACPI's interrupt routing table (_PRT) has "
					      "no entry for the GPU's slot") },
		[GPUPROBE_ROUTE_GSI]	  = { "routed", N_("ACPI routes the GPU's INTx to a fixed "
					      "interrupt") },
		[GPUPROBE_ROUTE_LINK]	  = { "routed", N_("ACPI routes the GPU's INTx through a link "
					      "device") },
	};
	const struct snapshot *snapshot = newest(view, has_route);
	uint32_t source = snapshot ? snapshot->deep.route.source : 0;

	if (source >= sizeof(sources) / sizeof(sources[0]) || !sources[source].word)
		return;
	fact_set_word(fact, sources[source].word);
	fact_seen(fact, snapshot, xstrdup(_(sources[source].sentence)));
}

static bool has_extended(const struct deep_view *deep)
{
	return deep->extended_known;
}

static void find_extended(const struct view *view, struct fact *fact)
{
	static const struct {
		const char *word;
		const char *sentence;
	} states[] = {
		[GPUPROBE_EXTENDED_UNREACHABLE] = { "unreachable", N_("the kernel reaches 256 bytes of "
						    "config space only") },
		[GPUPROBE_EXTENDED_ZERO] = { "zero", N_("extended config space is hidden: it reads 0") },
		[GPUPROBE_EXTENDED_ONES] = { "ones", N_("extended config space does not answer") },
		[GPUPROBE_EXTENDED_REAL] = { "real", N_("extended config space is there") },
	};
	const struct snapshot *snapshot = newest(view, has_extended);
	uint32_t state = snapshot ? snapshot->deep.extended.state : 0;

	if (state >= sizeof(states) / sizeof(states[0]) || !states[state].word)
		return;
	fact_set_word(fact, states[state].word);
	fact_seen(fact, snapshot, xstrdup(_(states[state].sentence)));
}

static bool has_workaround(const struct deep_view *deep)
{
	return deep->workaround_known;
}

/* The parameter is set, whether or not it is needed just now. */
static void find_workaround(const struct view *view, struct fact *fact)
{
	const struct snapshot *snapshot = newest(view, has_workaround);

	if (!snapshot)
		return;
	fact_set_answer(fact, snapshot->deep.workaround.enabled ? YES : NO);
	if (snapshot->deep.workaround.enabled)
		fact_seen(fact, snapshot, xstrdup(_("gpuprobe's workaround intx is switched on")));
}

/* --- the interrupt delivery test --- */

static const struct gpuprobe_irq_trial *last_trial(const struct view *view, uint32_t type)
{
	const struct gpuprobe_irq_trial *found = NULL;

	for (size_t i = 0; view->function && i < view->function->irq_tests.count; i++) {
		const struct irq_test *test = &view->function->irq_tests.at[i];

		for (size_t j = 0; j < test->trials.count; j++)
			if (test->trials.at[j].type == type)
				found = &test->trials.at[j];
	}
	return found;
}

static void find_delivery(const struct view *view, uint32_t type, const char *name,
			  struct fact *fact)
{
	static const struct {
		const char *word;
		const char *sentence;
	} results[] = {
		[GPUPROBE_IRQ_DELIVERED] = { "delivered", N_("arrived, twice") },
		[GPUPROBE_IRQ_NOT_DELIVERED] = { "not-delivered", N_("was raised and never arrived") },
		[GPUPROBE_IRQ_ONCE] = { "once", N_("arrived once, and not again: re-arming it was lost") },
		[GPUPROBE_IRQ_NOT_CLEARED] = { "not-cleared", N_("arrived, but its pending bit did not "
					       "clear: writes to the GPU's interrupt registers are "
					       "lost") },
		[GPUPROBE_IRQ_STORM] = { "storm", N_("was raised once and arrived many times") },
	};
	const struct gpuprobe_irq_trial *trial = last_trial(view, type);
	uint32_t result = trial ? trial->result : 0;

	if (result >= sizeof(results) / sizeof(results[0]) || !results[result].word)
		return;
	fact_set_word(fact, results[result].word);
	fact->because = xasprintf(_("in the interrupt test the GPU's %s %s"), name,
				  _(results[result].sentence));
}

static void find_msix_delivery(const struct view *view, struct fact *fact)
{
	find_delivery(view, GPUPROBE_IRQ_TYPE_MSIX, "MSI-X", fact);
}

static void find_msi_delivery(const struct view *view, struct fact *fact)
{
	find_delivery(view, GPUPROBE_IRQ_TYPE_MSI, "MSI", fact);
}

static void find_intx_delivery(const struct view *view, struct fact *fact)
{
	find_delivery(view, GPUPROBE_IRQ_TYPE_INTX, "INTx", fact);
}

const struct fact_entry deep_facts[] = {
	{ "registers",		find_registers },	/* read, all-ones, cut-short, locked, ... */
	{ "boot0",		find_boot0 },		/* PMC_BOOT_0 */
	{ "boot42",		find_boot42 },		/* PMC_BOOT_42 */
	{ "chip.architecture",	find_architecture },	/* 0x13 is Pascal */
	{ "posted",		find_posted },		/* yes, no; up to Volta */
	{ "gfw-boot",		find_gfw },		/* complete, unfinished; Turing to Ada */
	{ "wpr2",		find_wpr2 },		/* up, down; from Turing on */
	{ "internal-bus",	find_internal_bus },	/* alive, dead */
	{ "timer",		find_timer },		/* running, stopped */
	{ "access",		find_access },		/* direct, trapped */
	{ "prom",		find_prom },		/* good, absent, no-pcir, wrong-ids */
	{ "mirror.intpin",	find_mirror_intpin },	/* Interrupt Pin as the GPU has it */
	{ "mirror.bars",	find_mirror_bars },	/* same, differ */
	{ "msi.trial",		find_msi_trial },	/* yes, no */
	{ "msix.trial",		find_msix_trial },	/* yes, no */
	{ "intx.route",		find_route },		/* routed, none, no-pin */
	{ "extended",		find_extended },	/* real, zero, ones, unreachable */
	{ "workaround",		find_workaround },	/* yes, no: switched on */
	{ "delivery.msix",	find_msix_delivery },	/* delivered, not-delivered, once, storm, not-cleared */
	{ "delivery.msi",	find_msi_delivery },
	{ "delivery.intx",	find_intx_delivery },
	{ NULL, NULL }
};
