// SPDX-License-Identifier: GPL-2.0-or-later
/* The interrupt registers of gpusim, and what a write to them sends to the guest. */
#include "gpusim_device.h"

#define MASTER		0x0004
#define NO_INTX		0x0400
#define INTX_STATUS	0x0008
#define SOFTWARE	0x80000000u
#define DOORBELL	129u

static struct sim sim;

/* How to raise and acknowledge an interrupt on a chip of each kind, and how to re-arm it. */
struct recipe {
	const char *profile;
	uint32_t enable[2][2];		/* register, value */
	uint32_t trigger[2];
	uint32_t pending[2];		/* register, bit */
	uint32_t acknowledge[2];
	unsigned int type;		/* of message */
	void (*rearm)(void);
	const char *trigger_line;
};

static void rearm_kepler(void)
{
	sim_write(&sim, 0, 0x88068, 1, 0xff);
}

static void rearm_pascal(void)
{
	set_reg(&sim, 0x88704, 0);
}

static void rearm_tree(void)
{
	set_reg(&sim, 0xb81610, 4);
	set_reg(&sim, 0xb81608, 4);
}

#define TREE	{ { 0xb81210, 2 }, { 0xb81608, 4 } }, { 0xb81640, DOORBELL }, { 0xb81010, 2 }, \
		{ 0xb81010, 2 }

static const struct recipe recipes[] = {
	{ "gtx-750-ti", { { 0x640, SOFTWARE }, { 0x140, 2 } }, { 0x100, SOFTWARE },
	  { 0x100, SOFTWARE }, { 0x100, 0 }, IRQ_MSI, rearm_kepler, "irq trigger 31" },
	{ "tesla-p4", { { 0x180, UINT32_MAX }, { 0x160, SOFTWARE } }, { 0x1a0, 1 },
	  { 0x100, SOFTWARE }, { 0x1a0, 0 }, IRQ_MSI, rearm_pascal, "irq trigger 31" },
	{ "rtx-3090", TREE, IRQ_MSI, rearm_pascal, "irq trigger 129" },
	{ "tesla-t4", TREE, IRQ_MSIX, rearm_tree, "irq trigger 129" },
	{ "h100", TREE, IRQ_MSI, rearm_tree, "irq trigger 129" },
	{ "h100", TREE, IRQ_MSIX, rearm_tree, "irq trigger 129" },
};

static void start(const struct recipe *recipe, const char *text)
{
	sim_start(&sim, recipe->profile, text);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, MASTER);
}

static void enable(const struct recipe *recipe)
{
	set_reg(&sim, recipe->enable[0][0], recipe->enable[0][1]);
	set_reg(&sim, recipe->enable[1][0], recipe->enable[1][1]);
}

static void trigger(const struct recipe *recipe)
{
	set_reg(&sim, recipe->trigger[0], recipe->trigger[1]);
}

static void acknowledge(const struct recipe *recipe)
{
	set_reg(&sim, recipe->acknowledge[0], recipe->acknowledge[1]);
}

static bool is_pending(const struct recipe *recipe)
{
	return reg(&sim, recipe->pending[0]) & recipe->pending[1];
}

static bool status(void)
{
	return sim_read(&sim, CONFIG, PCI_STATUS, 2) & INTX_STATUS;
}

START_TEST(message_needs_the_rearm)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "");
	sim_arm(&sim, recipe->type);
	enable(recipe);
	ck_assert(!is_pending(recipe));
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	ck_assert(is_pending(recipe));
	ck_assert(!status());
	acknowledge(recipe);
	ck_assert(!is_pending(recipe));
	trigger(recipe);
	ck_assert(is_pending(recipe));
	ck_assert_uint_eq(came(&sim), 0);
	recipe->rearm();
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	recipe->rearm();
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	ck_assert_uint_eq(logged(&sim, recipe->trigger_line), 3);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 2);
	ck_assert_uint_eq(logged(&sim, recipe->type == IRQ_MSI ? "irq msi held 0: not re-armed" :
					  "irq msix held 0: not re-armed"), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(intx_follows_the_level)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "");
	sim_arm(&sim, IRQ_INTX);
	enable(recipe);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	ck_assert(status());
	/* Not yet acknowledged: the end of the interrupt brings the next. */
	sim_unmask(&sim);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	ck_assert(!status());
	sim_unmask(&sim);
	ck_assert_uint_eq(came(&sim), 0);
	/* Of what came and went while it was masked nothing is left. */
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	trigger(recipe);
	acknowledge(recipe);
	sim_unmask(&sim);
	ck_assert_uint_eq(came(&sim), 0);
	/* No re-arm is needed. */
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	sim_unmask(&sim);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, NO_INTX);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 0);
	ck_assert(status());
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, 0);
	ck_assert_uint_eq(came(&sim), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(nothing_is_raised_unless_enabled)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "");
	sim_arm(&sim, recipe->type);
	trigger(recipe);
	ck_assert(is_pending(recipe));
	set_reg(&sim, recipe->enable[0][0], recipe->enable[0][1]);
	ck_assert_uint_eq(came(&sim), 0);
	set_reg(&sim, recipe->enable[1][0], recipe->enable[1][1]);
	ck_assert_uint_eq(came(&sim), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(message_waits_for_bus_master)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "");
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, 0);
	sim_arm(&sim, recipe->type);
	enable(recipe);
	trigger(recipe);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 0);
	ck_assert_uint_eq(logged(&sim, recipe->type == IRQ_MSI ? "irq msi held 0: not a bus master" :
					  "irq msix held 0: not a bus master"), 1);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, MASTER);
	ck_assert_uint_eq(came(&sim), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(swallowed_rearm_lets_one_through)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "interrupt: {rearm: swallowed}\n");
	sim_arm(&sim, recipe->type);
	enable(recipe);
	for (int shot = 0; shot < 3; shot++) {
		trigger(recipe);
		ck_assert_uint_eq(came(&sim), shot == 0);
		acknowledge(recipe);
		recipe->rearm();
	}
	ck_assert_uint_eq(logged(&sim, "irq re-arm swallowed"), 3);
	/* A reset is a new start, and INTx was never concerned. */
	device_reset(&sim.device);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, MASTER);
	enable(recipe);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	sim_disarm(&sim, recipe->type);
	sim_arm(&sim, IRQ_INTX);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	sim_stop(&sim);
}
END_TEST

/* At most as many as asked for, one for each read of BAR0, with nothing pending. */
START_TEST(storm_outlives_the_acknowledge)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "interrupt: {storm: 4}\n");
	sim_arm(&sim, recipe->type);
	enable(recipe);
	ck_assert(!is_pending(recipe));
	ck_assert_uint_eq(came(&sim), 0);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	ck_assert_uint_eq(came(&sim), 0);
	for (int read = 0; read < 5; read++) {
		ck_assert(!is_pending(recipe));
		ck_assert_uint_eq(came(&sim), read < 3);
	}
	recipe->rearm();
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	/* Switching the type off ends it. */
	sim_disarm(&sim, recipe->type);
	sim_arm(&sim, IRQ_INTX);
	acknowledge(recipe);
	sim_unmask(&sim);
	came(&sim);
	is_pending(recipe);
	ck_assert_uint_eq(came(&sim), 0);
	sim_stop(&sim);
}
END_TEST

START_TEST(intx_storms_too)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "interrupt: {storm: 3}\n");
	sim_arm(&sim, IRQ_INTX);
	enable(recipe);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	for (int read = 0; read < 4; read++) {
		is_pending(recipe);
		ck_assert_uint_eq(came(&sim), 0);
		sim_unmask(&sim);
		ck_assert_uint_eq(came(&sim), read < 2);
	}
	sim_stop(&sim);
}
END_TEST

/* What a message needs, a storm of messages needs too. */
START_TEST(storm_is_no_way_around)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "interrupt: {storm: 3}\n");
	sim_arm(&sim, recipe->type);
	enable(recipe);
	trigger(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, 0);
	is_pending(recipe);
	ck_assert_uint_eq(came(&sim), 0);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, MASTER);
	is_pending(recipe);
	ck_assert_uint_eq(came(&sim), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(swallowed_acknowledge_leaves_it_pending)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "interrupt: {acknowledge: swallowed}\n");
	sim_arm(&sim, recipe->type);
	enable(recipe);
	trigger(recipe);
	for (int round = 0; round < 3; round++) {
		ck_assert_uint_eq(came(&sim), 1);
		acknowledge(recipe);
		ck_assert(is_pending(recipe));
		recipe->rearm();
	}
	sim_disarm(&sim, recipe->type);
	came(&sim);
	sim_arm(&sim, IRQ_INTX);
	ck_assert_uint_eq(came(&sim), 1);
	acknowledge(recipe);
	sim_unmask(&sim);
	ck_assert_uint_eq(came(&sim), 1);
	device_reset(&sim.device);
	ck_assert(!is_pending(recipe));
	sim_stop(&sim);
}
END_TEST

START_TEST(what_is_pending_is_sent_when_armed)
{
	const struct recipe *recipe = &recipes[_i];

	start(recipe, "");
	enable(recipe);
	trigger(recipe);
	ck_assert(status());
	sim_arm(&sim, IRQ_INTX);
	ck_assert_uint_eq(came(&sim), 1);
	sim_disarm(&sim, IRQ_INTX);
	sim_arm(&sim, recipe->type);
	ck_assert_uint_eq(came(&sim), 1);
	ck_assert(!status());
	sim_disarm(&sim, recipe->type);
	ck_assert(status());
	sim_arm(&sim, IRQ_INTX);
	ck_assert_uint_eq(came(&sim), 1);
	device_reset(&sim.device);
	ck_assert(!status());
	ck_assert(!is_pending(recipe));
	sim_unmask(&sim);
	ck_assert_uint_eq(came(&sim), 0);
	sim_stop(&sim);
}
END_TEST

static const struct {
	const char *profile, *text;
	unsigned int type, came;
} deliveries[] = {
	{ "tesla-p4-intx-lost", "", IRQ_INTX, 0 },
	{ "tesla-p4-intx-lost", "", IRQ_MSI, 1 },
	{ "tesla-p4-msi-lost", "", IRQ_INTX, 1 },
	{ "tesla-p4-msi-lost", "", IRQ_MSI, 0 },
	{ "tesla-p4-nothing-delivered", "", IRQ_INTX, 0 },
	{ "tesla-p4-nothing-delivered", "", IRQ_MSI, 0 },
	{ "tesla-p4-nothing-delivered", "interrupt: {deliver: {msi: yes}}\n", IRQ_MSI, 1 },
	{ "tesla-p4-nothing-delivered", "interrupt: {deliver: {msi: yes}}\n", IRQ_INTX, 0 },
};

START_TEST(types_are_lost_one_by_one)
{
	const struct recipe recipe = recipes[1];

	sim_start(&sim, deliveries[_i].profile, deliveries[_i].text);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, MASTER);
	sim_arm(&sim, deliveries[_i].type);
	enable(&recipe);
	trigger(&recipe);
	ck_assert_uint_eq(came(&sim), deliveries[_i].came);
	ck_assert_uint_eq(sim.log.lost, !deliveries[_i].came);
	ck_assert(is_pending(&recipe));
	sim_stop(&sim);
}
END_TEST

/* ---- each chip's own ---- */

START_TEST(kepler_classes_and_mask)
{
	sim_start(&sim, "gtx-750-ti", "");
	sim_arm(&sim, IRQ_INTX);
	set_reg(&sim, 0x140, 0xffffffff);
	ck_assert_uint_eq(reg(&sim, 0x140), 3);
	set_reg(&sim, 0x140, 1);
	set_reg(&sim, 0x640, 0xffffffff);
	ck_assert_uint_eq(reg(&sim, 0x640), 0xffffffff);
	/* Only bit 31 is a latch; the class of hardware interrupts lacks it. */
	set_reg(&sim, 0x100, 0xffffffff);
	ck_assert_uint_eq(reg(&sim, 0x100), SOFTWARE);
	ck_assert_uint_eq(reg(&sim, 0x160), 0);
	ck_assert_uint_eq(came(&sim), 0);
	set_reg(&sim, 0x140, 3);
	ck_assert_uint_eq(reg(&sim, 0x160), 1);
	ck_assert_uint_eq(came(&sim), 1);
	set_reg(&sim, 0x640, 0x7fffffff);
	ck_assert_uint_eq(reg(&sim, 0x160), 0);
	ck_assert(!status());
	set_reg(&sim, 0x100, 0);
	ck_assert_uint_eq(reg(&sim, 0x100), 0);
	/* The second line, which goes past the PMU. */
	set_reg(&sim, 0x644, SOFTWARE);
	set_reg(&sim, 0x144, 2);
	set_reg(&sim, 0x104, SOFTWARE);
	ck_assert(status());
	ck_assert_uint_eq(reg(&sim, 0x104), SOFTWARE);
	ck_assert_uint_eq(reg(&sim, 0x100), 0);
	ck_assert_uint_eq(logged(&sim, "irq trigger 63"), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(pascal_sets_and_clears)
{
	sim_start(&sim, "tesla-p4", "");
	sim_arm(&sim, IRQ_INTX);
	set_reg(&sim, 0x160, 0x90000000);
	set_reg(&sim, 0x160, 0x00000001);
	ck_assert_uint_eq(reg(&sim, 0x140), 0x90000001);
	set_reg(&sim, 0x180, 0x10000001);
	ck_assert_uint_eq(reg(&sim, 0x140), SOFTWARE);
	ck_assert_uint_eq(reg(&sim, 0x144), 0);
	/* Read-only, and write-only. */
	set_reg(&sim, 0x140, 0);
	ck_assert_uint_eq(reg(&sim, 0x140), SOFTWARE);
	set_reg(&sim, 0x100, 0xffffffff);
	ck_assert_uint_eq(reg(&sim, 0x100), 0);
	ck_assert_uint_ne(reg(&sim, 0x160), SOFTWARE);
	ck_assert_uint_ne(reg(&sim, 0x160), 0);
	ck_assert_uint_eq(reg(&sim, 0x120), 0);
	set_reg(&sim, 0x1a0, 0xfffffffe);
	ck_assert_uint_eq(reg(&sim, 0x1a0), 0);
	set_reg(&sim, 0x1a0, 0xffffffff);
	ck_assert_uint_eq(reg(&sim, 0x1a0), 1);
	ck_assert_uint_eq(came(&sim), 1);
	/* Less than a whole register is not taken. */
	sim_write(&sim, 0, 0x1a0, 1, 0);
	ck_assert_uint_eq(reg(&sim, 0x1a0), 1);
	/* Two trees, one line. */
	set_reg(&sim, 0x1a0, 0);
	set_reg(&sim, 0x1a4, 1);
	ck_assert_uint_eq(reg(&sim, 0x104), SOFTWARE);
	ck_assert(!status());
	set_reg(&sim, 0x164, SOFTWARE);
	ck_assert(status());
	sim_stop(&sim);
}
END_TEST

START_TEST(tree_leads_to_the_top)
{
	static const struct { const char *profile; uint32_t last; } chips[] = {
		{ "tesla-t4", 255 }, { "h100", 511 },
	};
	uint32_t last = chips[_i].last, leaf = last / 32 * 4;

	sim_start(&sim, chips[_i].profile, "");
	set_reg(&sim, 0xb81210, 0x6);
	set_reg(&sim, 0xb81210, 0x1);
	ck_assert_uint_eq(reg(&sim, 0xb81210), 0x7);
	ck_assert_uint_eq(reg(&sim, 0xb81410), 0x7);
	set_reg(&sim, 0xb81410, 0x5);
	ck_assert_uint_eq(reg(&sim, 0xb81210), 0x2);
	set_reg(&sim, 0xb81608, 0x04);
	set_reg(&sim, 0xb81608, 0x10);
	ck_assert_uint_eq(reg(&sim, 0xb81608), 0x14);
	set_reg(&sim, 0xb81610, 0x10);
	ck_assert_uint_eq(reg(&sim, 0xb81608), 0x4);
	ck_assert_uint_eq(reg(&sim, 0xb81610), 0x4);
	set_reg(&sim, 0xb81640, DOORBELL);
	set_reg(&sim, 0xb81640, DOORBELL + 1);
	/* Acknowledged by ones; what is not enabled does not show above. */
	ck_assert_uint_eq(reg(&sim, 0xb81010), 0x6);
	ck_assert_uint_eq(reg(&sim, 0xb81600), 0x4);
	set_reg(&sim, 0xb81010, 0x2);
	ck_assert_uint_eq(reg(&sim, 0xb81010), 0x4);
	ck_assert_uint_eq(reg(&sim, 0xb81600), 0);
	ck_assert_uint_ne(reg(&sim, 0xb81640), DOORBELL);
	/* The last vector, and none after it. */
	set_reg(&sim, 0xb81640, last);
	ck_assert_uint_eq(reg(&sim, 0xb81000 + leaf), SOFTWARE);
	set_reg(&sim, 0xb81640, last + 1);
	ck_assert_uint_eq(logged(&sim, _i ? "irq trigger 512" : "irq trigger 256"), 0);
	ck_assert_uint_eq(reg(&sim, 0xb81000 + leaf + 4), 0);
	sim_stop(&sim);
}
END_TEST

/* The writes that look like a re-arm and are none. */
START_TEST(other_writes_do_not_rearm)
{
	sim_start(&sim, "tesla-p4", "");
	sim_write(&sim, 0, 0x88704, 1, 0xff);
	sim_write(&sim, 0, 0x88704, 2, 0);
	set_reg(&sim, 0x88704, 0xff);
	set_reg(&sim, 0x88700, 0);
	sim_write(&sim, 0, 0x88068, 1, 0xff);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 0);
	/* A config cycle is the other way to the same register. */
	sim_write(&sim, CONFIG, 0x704, 4, 0);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 1);
	sim_stop(&sim);

	sim_start(&sim, "gtx-750-ti", "");
	sim_write(&sim, 0, 0x88068, 1, 0xfe);
	set_reg(&sim, 0x88704, 0);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 0);
	sim_write(&sim, 0, 0x88068, 1, 0xff);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 1);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, 0x68, 1), PCI_CAP_ID_MSI);
	sim_stop(&sim);

	/* A subtree that is on already is not switched on. */
	start(&recipes[3], "");
	sim_arm(&sim, IRQ_MSIX);
	enable(&recipes[3]);
	trigger(&recipes[3]);
	ck_assert_uint_eq(came(&sim), 1);
	set_reg(&sim, 0x88704, 0);
	set_reg(&sim, 0xb81608, 4);
	set_reg(&sim, 0xb81610, 4);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 0);
	set_reg(&sim, 0xb81608, 4);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 1);
	sim_stop(&sim);

	sim_start(&sim, "tesla-p4-no-extended", "");
	sim_write(&sim, CONFIG, 0x704, 4, 0);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 0);
	set_reg(&sim, 0x88704, 0);
	ck_assert_uint_eq(logged(&sim, "irq re-armed"), 1);
	sim_stop(&sim);
}
END_TEST

/* A Hopper or Blackwell without MSI-X has no other way than the tree. */
START_TEST(tree_rearms_without_msix)
{
	start(&recipes[4], "capabilities: [{id: msi, at: 0x48, vectors: 16, 64bit: yes}]\n");
	ck_assert_uint_eq(irq_count(&sim.device.irqs, IRQ_MSIX), 0);
	sim_arm(&sim, IRQ_MSI);
	enable(&recipes[4]);
	trigger(&recipes[4]);
	acknowledge(&recipes[4]);
	set_reg(&sim, 0x92704, 0);
	trigger(&recipes[4]);
	ck_assert_uint_eq(came(&sim), 1);
	rearm_tree();
	ck_assert_uint_eq(came(&sim), 1);
	sim_stop(&sim);
}
END_TEST

START_TEST(vbios_leaves_interrupts_enabled)
{
	sim_start(&sim, "tesla-p4-interrupts-left", "");
	for (int round = 0; round < 2; round++) {
		ck_assert_uint_eq(reg(&sim, 0x140), 0x11001000);
		ck_assert_uint_eq(reg(&sim, 0x144), 0x100);
		set_reg(&sim, 0x180, 0xffffffff);
		ck_assert_uint_eq(reg(&sim, 0x140), 0);
		device_reset(&sim.device);
	}
	sim_stop(&sim);
}
END_TEST

START_TEST(without_a_model_nothing_is_there)
{
	sim_start(&sim, "tesla-p4-trigger-blocked", "");
	sim_arm(&sim, IRQ_MSI);
	sim_write(&sim, CONFIG, PCI_COMMAND, 2, MASTER);
	set_reg(&sim, 0x160, SOFTWARE);
	set_reg(&sim, 0x1a0, 1);
	set_reg(&sim, 0x88704, 0);
	ck_assert_uint_eq(reg(&sim, 0x140), 0);
	ck_assert_uint_eq(reg(&sim, 0x100), 0);
	ck_assert_uint_eq(came(&sim), 0);
	sim_stop(&sim);
}
END_TEST

START_TEST(listed_registers_hide_the_model)
{
	sim_start(&sim, "tesla-p4", "registers: {0x100: 0xbad00100}\n");
	set_reg(&sim, 0x1a0, 1);
	ck_assert_uint_eq(reg(&sim, 0x100), 0xbad00100);
	sim_stop(&sim);
}
END_TEST

/* Any access at all to what is modelled, by any length. */
START_TEST(random_accesses_are_survived)
{
	static const uint32_t places[] = { 0x100, 0x640, 0x9400, 0x88000, 0x88704, 0xb81000,
					   0xb81200, 0xb81600, 0x300000 };
	uint64_t random = 4711 + _i;

	start(&recipes[_i], "interrupt: {storm: 3}\n");
	sim_arm(&sim, recipes[_i].type);
	for (int round = 0; round < 20000; round++) {
		uint64_t turn = unit_random(&random);
		uint32_t at = places[turn % COUNT(places)] + (turn >> 8 & 0xff);
		size_t len = 1 + (turn >> 16) % 8;

		if (turn >> 20 & 1)
			sim_write(&sim, 0, at, len, turn >> 32 & unit_random(&random));
		else
			sim_read(&sim, 0, at, len);
		if (!(turn >> 24 & 0xff))
			device_reset(&sim.device);
	}
	sim_stop(&sim);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gpusim_irq");
	TCase *tcase = unit_case(suite, "recipes");

	tcase_add_loop_test(tcase, message_needs_the_rearm, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, intx_follows_the_level, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, nothing_is_raised_unless_enabled, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, message_waits_for_bus_master, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, swallowed_rearm_lets_one_through, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, storm_outlives_the_acknowledge, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, swallowed_acknowledge_leaves_it_pending, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, storm_is_no_way_around, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, intx_storms_too, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, what_is_pending_is_sent_when_armed, 0, COUNT(recipes));
	tcase_add_loop_test(tcase, types_are_lost_one_by_one, 0, COUNT(deliveries));
	tcase = unit_case(suite, "registers");
	tcase_add_test(tcase, kepler_classes_and_mask);
	tcase_add_test(tcase, pascal_sets_and_clears);
	tcase_add_loop_test(tcase, tree_leads_to_the_top, 0, 2);
	tcase_add_test(tcase, other_writes_do_not_rearm);
	tcase_add_test(tcase, tree_rearms_without_msix);
	tcase_add_test(tcase, vbios_leaves_interrupts_enabled);
	tcase_add_test(tcase, without_a_model_nothing_is_there);
	tcase_add_test(tcase, listed_registers_hide_the_model);
	tcase_add_loop_test(tcase, random_accesses_are_survived, 0, COUNT(recipes));
	return unit_run(suite);
}
