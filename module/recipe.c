// SPDX-License-Identifier: GPL-2.0-only
/*
 * How GPUs raise an interrupt by software, after NVIDIA's manuals and driver,
 * and nouveau: docs/sources.md, 2. These are the only
 * writes to a GPU that this module makes, and only on request.
 */
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/kernel.h>

#include "bar0.h"
#include "chip.h"
#include "compat.h"
#include "recipe.h"

#define ALL_ONES		0xffffffffu

/* 2.2, 2.3: the PMC */
#define PMC_PAGE		0x000000
#define PMC_INTR		0x000100
#define PMC_INTR_EN(i)		(0x000140 + 4 * (i))
#define PMC_INTR_EN_SET(i)	(0x000160 + 4 * (i))
#define PMC_INTR_EN_CLEAR(i)	(0x000180 + 4 * (i))
#define PMC_INTR_SW		0x0001a0
#define PMC_INTR_MASK		0x000640
#define PMC_SOFTWARE		BIT(31)
#define PMC_EN_SOFTWARE		2u

/* 2.6: the GPU sends one MSI, then waits for a write */
#define XVE_PAGE		0x088000
#define XVE_MSI			0x088068	/* Kepler, Maxwell: a byte */
#define XVE_CYA_2		0x088704	/* Pascal to Ada: 32 bits */

/* 2.4: the CPU interrupt tree; vector 129 is the driver's own for tests */
#define TREE_PAGE		0xb81000
#define LEAF_4			0xb81010
#define LEAF_EN_SET_4		0xb81210
#define LEAF_EN_SET_5		0xb81214
#define LEAF_EN_CLEAR_4		0xb81410
#define TOP_EN_SET		0xb81608
#define TOP_EN_CLEAR		0xb81610
#define LEAF_TRIGGER		0xb81640
#define TEST_VECTOR		129u
#define TEST_LEAF_BIT		BIT(1)
#define TEST_TOP_BIT		BIT(2)

static void __iomem *place_of(struct gp_panel *panel, u32 offset)
{
	u32 at = offset & ~(GP_BAR0_PAGE - 1);
	int i;

	for (i = 0; i < GP_PANEL_PAGES; i++)
		if (panel->pages[i] && panel->recipe->pages[i] == at)
			return panel->pages[i] + (offset - at);
	return NULL;
}

static u32 read_at(struct gp_panel *panel, u32 offset)
{
	void __iomem *place = place_of(panel, offset);

	if (WARN_ON_ONCE(!place))
		return ALL_ONES;
	atomic_inc(&panel->reads);
	return readl(place);
}

static void write_at(struct gp_panel *panel, u32 offset, u32 value)
{
	void __iomem *place = place_of(panel, offset);

	if (WARN_ON_ONCE(!place))
		return;
	atomic_inc(&panel->writes);
	writel(value, place);
}

static void write_byte_at(struct gp_panel *panel, u32 offset, u8 value)
{
	void __iomem *place = place_of(panel, offset);

	if (WARN_ON_ONCE(!place))
		return;
	atomic_inc(&panel->writes);
	writeb(value, place);
}

static bool is_readable(u32 value)
{
	return !PCI_POSSIBLE_ERROR(value) && !gp_is_bad(value);
}

static bool has_bit(struct gp_panel *panel, u32 offset, u32 bit)
{
	u32 value = read_at(panel, offset);

	return is_readable(value) && value & bit;
}

static bool pmc_is_pending(struct gp_panel *panel)
{
	return has_bit(panel, PMC_INTR, PMC_SOFTWARE);
}

/* Kepler, Maxwell: bit 31 of PMC_INTR is a latch that software sets. */

static int latch_save(struct gp_panel *panel)
{
	u32 pending = read_at(panel, PMC_INTR);

	panel->saved[0] = read_at(panel, PMC_INTR_EN(0));
	panel->saved[1] = read_at(panel, PMC_INTR_MASK);
	if (!is_readable(pending) || !is_readable(panel->saved[0]) ||
	    gp_is_bad(panel->saved[1]))
		return -EAGAIN;
	return pending & PMC_SOFTWARE ? -EBUSY : 0;
}

static void latch_arm(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR_MASK, PMC_SOFTWARE);
	write_at(panel, PMC_INTR_EN(0), PMC_EN_SOFTWARE);
}

static void latch_trigger(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR, PMC_SOFTWARE);
}

static void latch_acknowledge(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR, 0);
}

static void latch_rearm(struct gp_panel *panel, u32 type)
{
	if (type == GPUPROBE_IRQ_TYPE_MSI)
		write_byte_at(panel, XVE_MSI, 0xff);
}

static void latch_disarm(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR_EN(0), 0);
}

static void latch_restore(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR, 0);
	write_at(panel, PMC_INTR_MASK, panel->saved[1]);
	write_at(panel, PMC_INTR_EN(0), panel->saved[0]);
}

static bool latch_is_restored(struct gp_panel *panel)
{
	return read_at(panel, PMC_INTR_EN(0)) == panel->saved[0] &&
	       read_at(panel, PMC_INTR_MASK) == panel->saved[1] &&
	       !pmc_is_pending(panel);
}

/* Pascal, Volta: PMC_INTR_SW; the enables are set and cleared by bits. */

static int sw_save(struct gp_panel *panel)
{
	u32 software = read_at(panel, PMC_INTR_SW);

	panel->saved[0] = read_at(panel, PMC_INTR_EN(0));
	panel->saved[1] = read_at(panel, PMC_INTR_EN(1));
	if (!is_readable(software) || !is_readable(panel->saved[0]) ||
	    !is_readable(panel->saved[1]))
		return -EAGAIN;
	return software || pmc_is_pending(panel) ? -EBUSY : 0;
}

static void sw_disarm(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR_EN_CLEAR(0), ALL_ONES);
	write_at(panel, PMC_INTR_EN_CLEAR(1), ALL_ONES);
}

static void sw_arm(struct gp_panel *panel)
{
	sw_disarm(panel);
	write_at(panel, PMC_INTR_EN_SET(0), PMC_SOFTWARE);
}

static void sw_trigger(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR_SW, 1);
}

static void sw_acknowledge(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR_SW, 0);
}

static void sw_rearm(struct gp_panel *panel, u32 type)
{
	if (type == GPUPROBE_IRQ_TYPE_MSI)
		write_at(panel, XVE_CYA_2, 0);
}

static void sw_restore(struct gp_panel *panel)
{
	write_at(panel, PMC_INTR_SW, 0);
	write_at(panel, PMC_INTR_EN_CLEAR(0), PMC_SOFTWARE);
	if (panel->saved[1])
		write_at(panel, PMC_INTR_EN_SET(1), panel->saved[1]);
	if (panel->saved[0])
		write_at(panel, PMC_INTR_EN_SET(0), panel->saved[0]);
}

static bool sw_is_restored(struct gp_panel *panel)
{
	return read_at(panel, PMC_INTR_EN(0)) == panel->saved[0] &&
	       read_at(panel, PMC_INTR_EN(1)) == panel->saved[1] &&
	       read_at(panel, PMC_INTR_SW) == 0;
}

/* Turing and later: LEAF_TRIGGER sets the pending bit of a vector. */

static int tree_save(struct gp_panel *panel)
{
	u32 *leaf_4 = &panel->saved[0], *top = &panel->saved[1], leaf_5;

	*leaf_4 = read_at(panel, LEAF_EN_SET_4);
	leaf_5 = read_at(panel, LEAF_EN_SET_5);
	*top = read_at(panel, TOP_EN_SET);
	if (!is_readable(*leaf_4) || !is_readable(leaf_5) ||
	    !is_readable(*top))
		return -EAGAIN;
	return *leaf_4 & ~TEST_LEAF_BIT || leaf_5 ? -EBUSY : 0;
}

static void tree_disarm(struct gp_panel *panel)
{
	write_at(panel, TOP_EN_CLEAR, ALL_ONES);
}

static void tree_acknowledge(struct gp_panel *panel)
{
	write_at(panel, LEAF_4, TEST_LEAF_BIT);
}

static void tree_arm(struct gp_panel *panel)
{
	tree_disarm(panel);
	tree_acknowledge(panel);
	write_at(panel, LEAF_EN_SET_4, TEST_LEAF_BIT);
	write_at(panel, TOP_EN_SET, TEST_TOP_BIT);
}

static void tree_trigger(struct gp_panel *panel)
{
	write_at(panel, LEAF_TRIGGER, TEST_VECTOR);
}

static bool tree_is_pending(struct gp_panel *panel)
{
	return has_bit(panel, LEAF_4, TEST_LEAF_BIT);
}

static void tree_toggle(struct gp_panel *panel)
{
	write_at(panel, TOP_EN_CLEAR, TEST_TOP_BIT);
	write_at(panel, TOP_EN_SET, TEST_TOP_BIT);
}

static void tree_rearm(struct gp_panel *panel, u32 type)
{
	if (type == GPUPROBE_IRQ_TYPE_MSI)
		write_at(panel, XVE_CYA_2, 0);
	else if (type == GPUPROBE_IRQ_TYPE_MSIX)
		tree_toggle(panel);
}

/* From Hopper on there is no such register. */
static void late_tree_rearm(struct gp_panel *panel, u32 type)
{
	if (type != GPUPROBE_IRQ_TYPE_INTX)
		tree_toggle(panel);
}

static void tree_restore(struct gp_panel *panel)
{
	tree_acknowledge(panel);
	if (!(panel->saved[0] & TEST_LEAF_BIT))
		write_at(panel, LEAF_EN_CLEAR_4, TEST_LEAF_BIT);
	if (!(panel->saved[1] & TEST_TOP_BIT))
		write_at(panel, TOP_EN_CLEAR, TEST_TOP_BIT);
	if (panel->saved[1])
		write_at(panel, TOP_EN_SET, panel->saved[1]);
}

static bool tree_is_restored(struct gp_panel *panel)
{
	return read_at(panel, LEAF_EN_SET_4) == panel->saved[0] &&
	       read_at(panel, TOP_EN_SET) == panel->saved[1] &&
	       !tree_is_pending(panel);
}

static const struct gp_recipe recipes[] = {
	{
		.id = GPUPROBE_RECIPE_PMC_SW_LATCH,
		.chips = GP_KEPLER | GP_MAXWELL,
		.pages = { PMC_PAGE, XVE_PAGE },
		.save = latch_save,
		.arm = latch_arm,
		.trigger = latch_trigger,
		.is_pending = pmc_is_pending,
		.acknowledge = latch_acknowledge,
		.rearm = latch_rearm,
		.disarm = latch_disarm,
		.restore = latch_restore,
		.is_restored = latch_is_restored,
	},
	{
		.id = GPUPROBE_RECIPE_PMC_INTR_SW,
		.chips = GP_FROM_TO(GP_GP100, GP_VOLTA),
		.pages = { PMC_PAGE, XVE_PAGE },
		.save = sw_save,
		.arm = sw_arm,
		.trigger = sw_trigger,
		.is_pending = pmc_is_pending,
		.acknowledge = sw_acknowledge,
		.rearm = sw_rearm,
		.disarm = sw_disarm,
		.restore = sw_restore,
		.is_restored = sw_is_restored,
	},
	{
		.id = GPUPROBE_RECIPE_LEAF_TRIGGER,
		.chips = GP_FROM_TO(GP_TURING, GP_ADA),
		.pages = { TREE_PAGE, XVE_PAGE },
		.save = tree_save,
		.arm = tree_arm,
		.trigger = tree_trigger,
		.is_pending = tree_is_pending,
		.acknowledge = tree_acknowledge,
		.rearm = tree_rearm,
		.disarm = tree_disarm,
		.restore = tree_restore,
		.is_restored = tree_is_restored,
	},
	{
		.id = GPUPROBE_RECIPE_LEAF_TRIGGER,
		.chips = GP_FROM_TO(GP_HOPPER, GP_GB2XX),
		.pages = { TREE_PAGE },
		.save = tree_save,
		.arm = tree_arm,
		.trigger = tree_trigger,
		.is_pending = tree_is_pending,
		.acknowledge = tree_acknowledge,
		.rearm = late_tree_rearm,
		.disarm = tree_disarm,
		.restore = tree_restore,
		.is_restored = tree_is_restored,
	},
};

/**
 * gp_recipe_for() - how does this chip raise an interrupt?
 * @chip:	one of GP_KEPLER to GP_GB2XX
 *
 * Return: the recipe, or NULL if none is known.
 */
const struct gp_recipe *gp_recipe_for(u32 chip)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(recipes); i++)
		if (recipes[i].chips & chip)
			return &recipes[i];
	return NULL;
}

static bool is_used(const struct gp_recipe *recipe, int i)
{
	/* Page 0 can only be the first. */
	return i == 0 || recipe->pages[i];
}

/**
 * gp_panel_open() - map what a recipe needs
 * @panel:	anything; overwritten
 * @recipe:	which one
 * @chip:	one of its chips
 * @bar0:	CPU address of BAR0
 * @size:	of BAR0
 *
 * May sleep for memory. gp_panel_close() is due in any case.
 *
 * Return: 0, -ENOMEM, or -ENXIO if BAR0 is too small.
 */
int gp_panel_open(struct gp_panel *panel, const struct gp_recipe *recipe,
		  u32 chip, phys_addr_t bar0, resource_size_t size)
{
	int i;

	*panel = (struct gp_panel) { .recipe = recipe, .chip = chip };
	for (i = 0; i < GP_PANEL_PAGES; i++) {
		if (!is_used(recipe, i))
			continue;
		if (recipe->pages[i] > size - GP_BAR0_PAGE)
			return -ENXIO;
		panel->pages[i] = ioremap(bar0 + recipe->pages[i],
					  GP_BAR0_PAGE);
		if (!panel->pages[i])
			return -ENOMEM;
	}
	return 0;
}

/**
 * gp_panel_close() - take back the mappings
 * @panel:	what gp_panel_open() was called for
 */
void gp_panel_close(struct gp_panel *panel)
{
	int i;

	for (i = 0; i < GP_PANEL_PAGES; i++)
		if (panel->pages[i])
			iounmap(panel->pages[i]);
}
