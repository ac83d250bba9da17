// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt delivery test: on request only, as it writes to the GPU.
 *
 * The function is enabled as its driver would enable it, which routes INTx, and
 * all is put back in reverse order: registers, vectors, enable count, then what
 * is different in config space. The device lock is held throughout, so no
 * driver can come, and a removal waits for the end, which is bounded.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "chip.h"
#include "compat.h"
#include "gpu.h"
#include "irqtest.h"
#include "match.h"
#include "observer.h"
#include "recipe.h"
#include "record.h"
#include "shot.h"
#include "snapshot.h"
#include "store.h"

/* Reads of BAR0 besides those of the recipe */
#define READS_MAX	16u

/* docs/sources.md 1.6 */
#define GFW_MASK	0x118128
#define GFW_PROGRESS	0x118234
#define FSP_GH100	0x0200bc
#define FSP_GB202	0xad00bc
#define BOOTED(value)	(((value) & 0xff) == 0xff)

struct test {
	struct gp_view view;
	struct gp_gpu gpu;
	struct gp_builder builder;
	struct gpuprobe_irq_test report;
	__le32 before[GP_HEADER_DWORDS];
};

static bool has_booted(struct gp_gpu *gpu)
{
	u32 value;

	if (gpu->chip < GP_TURING)
		return true;
	if (gpu->chip <= GP_ADA)
		return !gp_gpu_register(gpu, GFW_MASK, &value) && value & 1 &&
		       !gp_gpu_register(gpu, GFW_PROGRESS, &value) &&
		       BOOTED(value);
	return !gp_gpu_register(gpu, gpu->chip == GP_GB2XX ? FSP_GB202 :
				FSP_GH100, &value) && BOOTED(value);
}

static bool is_gone(struct gp_view *view)
{
	u32 id;

	return gp_reachable(view->pdev) ||
	       gp_config_read(view, PCI_VENDOR_ID, &id) ||
	       PCI_POSSIBLE_ERROR(id);
}

static const u32 types[] = {
	GPUPROBE_IRQ_TYPE_MSIX, GPUPROBE_IRQ_TYPE_MSI, GPUPROBE_IRQ_TYPE_INTX,
};

/* Return: enum gpuprobe_irq_test_outcome */
static u32 shoot_all(struct test *test, struct gp_panel *panel)
{
	struct gpuprobe_irq_trial trial;
	u32 i;
	int err;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (!(test->report.types & types[i]))
			continue;
		memset(&trial, 0, sizeof(trial));
		trial.type = types[i];
		err = gp_shoot(&test->view, panel, &trial);
		gp_builder_add(&test->builder, GPUPROBE_ITEM_IRQ_TRIAL, i,
			       &trial, sizeof(trial));
		if (err)
			return GPUPROBE_IRQ_TEST_KILLED;
		if (is_gone(&test->view))
			return GPUPROBE_IRQ_TEST_GONE;
	}
	return GPUPROBE_IRQ_TEST_RAN;
}

static u32 use_panel(struct test *test, struct gp_panel *panel)
{
	u32 outcome;
	int err = panel->recipe->save(panel);

	if (err == -EBUSY)
		return GPUPROBE_IRQ_TEST_IN_USE;
	if (err)
		return GPUPROBE_IRQ_TEST_NOT_BOOTED;
	outcome = shoot_all(test, panel);
	if (panel->recipe->is_restored(panel))
		test->report.restored |= GPUPROBE_RESTORED_REGISTERS;
	return outcome;
}

static u32 test_chip(struct test *test)
{
	const struct gp_recipe *recipe = gp_recipe_for(test->gpu.chip);
	struct gp_bar0 *bar0 = &test->gpu.bar0;
	struct gp_panel panel;
	u32 outcome = GPUPROBE_IRQ_TEST_BAR0;

	if (!recipe)
		return GPUPROBE_IRQ_TEST_NO_RECIPE;
	test->report.recipe = recipe->id;
	if (!has_booted(&test->gpu))
		return GPUPROBE_IRQ_TEST_NOT_BOOTED;
	if (!gp_panel_open(&panel, recipe, test->gpu.chip, bar0->start,
			   pci_resource_len(test->view.pdev, 0)))
		outcome = use_panel(test, &panel);
	gp_panel_close(&panel);
	test->view.meter.bar0_reads += atomic_read(&panel.reads);
	test->view.meter.bar0_writes += atomic_read(&panel.writes);
	return outcome;
}

static u32 test_enabled(struct test *test)
{
	struct gp_bar0 *bar0 = &test->gpu.bar0;
	u32 outcome = GPUPROBE_IRQ_TEST_BAR0;

	gp_config_load(&test->view);
	test->gpu.builder = &test->builder;
	if (gp_bar0_open(bar0, &test->view, READS_MAX) &&
	    gp_gpu_identify(&test->gpu))
		outcome = test_chip(test);
	if (bar0->info.outcome == GPUPROBE_BAR0_GONE)
		outcome = GPUPROBE_IRQ_TEST_GONE;
	gp_bar0_close(bar0);
	gp_bar0_report(bar0, &test->builder);
	return outcome;
}

/* Which bits of a dword are not the device's own to change. */
static u32 stable_bits(const struct pci_dev *pdev, int offset)
{
	if (offset == PCI_COMMAND)
		return 0x0000ffff;
	if (pdev->pcie_cap && (offset == pdev->pcie_cap + PCI_EXP_DEVCTL ||
			       offset == pdev->pcie_cap + PCI_EXP_LNKCTL))
		return 0x0000ffff;
	return 0xffffffff;
}

/* Only what pci_enable_device() and pci_set_master() write is written back. */
static void restore_dword(struct gp_view *view, int offset)
{
	u32 before = gp_view_config32(view, offset);

	if (offset == PCI_COMMAND || offset == PCI_CACHE_LINE_SIZE)
		gp_config_write16(view, offset, before);
}

static bool is_same(struct gp_view *view, int offset)
{
	u32 now;

	return !gp_config_read(view, offset, &now) &&
	       !((now ^ gp_view_config32(view, offset)) &
		 stable_bits(view->pdev, offset));
}

static void restore_config(struct test *test)
{
	struct gp_view *view = &test->view;
	bool same = true;
	int i;

	memcpy(view->config, test->before, sizeof(test->before));
	for (i = 0; i < PCI_CFG_SPACE_SIZE; i += 4) {
		if (is_same(view, i))
			continue;
		restore_dword(view, i);
		same &= is_same(view, i);
	}
	if (same)
		test->report.restored |= GPUPROBE_RESTORED_CONFIG;
	if (is_same(view, PCI_COMMAND))
		test->report.restored |= GPUPROBE_RESTORED_COMMAND;
}

static void restore(struct test *test)
{
	if (!test->view.meter.bar0_writes)
		test->report.restored |= GPUPROBE_RESTORED_REGISTERS;
	restore_config(test);
}

/* A BAR has no address, so the kernel does not enable the function. */
static u32 report_unassigned(struct test *test)
{
	struct gp_bar0 *bar0 = &test->gpu.bar0;

	gp_bar0_open(bar0, &test->view, 0);
	gp_bar0_stop(bar0, GPUPROBE_BAR0_UNASSIGNED);
	gp_bar0_report(bar0, &test->builder);
	gp_bar0_close(bar0);
	return GPUPROBE_IRQ_TEST_BAR0;
}

static u32 test_as_master(struct test *test)
{
	struct pci_dev *pdev = test->view.pdev;
	bool was_master = pdev->is_busmaster;
	u32 outcome;

	pci_set_master(pdev);
	outcome = test_enabled(test);
	if (!was_master)
		pci_clear_master(pdev);
	pci_disable_device(pdev);
	return outcome;
}

/* The number that INTx was routed to is not for a driver that comes later. */
static u32 enable_and_test(struct test *test)
{
	struct pci_dev *pdev = test->view.pdev;
	pci_power_t state = pdev->current_state;
	unsigned int irq = pdev->irq;
	u32 outcome;

	if (pci_enable_device_mem(pdev))
		outcome = report_unassigned(test);
	else
		outcome = test_as_master(test);
	pdev->irq = irq;
	pdev->current_state = state;
	test->report.restored |= GPUPROBE_RESTORED_IRQ;
	return outcome;
}

static u32 run(struct test *test)
{
	struct gp_view *view = &test->view;
	u32 outcome;

	gp_config_load(view);
	if (view->config_error)
		return view->config_error == -ENXIO ||
		       view->config_error == -ENODEV ?
		       GPUPROBE_IRQ_TEST_GONE : GPUPROBE_IRQ_TEST_BAR0;
	if (!gp_view_is_in_d0(view))
		return GPUPROBE_IRQ_TEST_BAR0;
	memcpy(test->before, view->config, sizeof(test->before));
	outcome = enable_and_test(test);
	if (is_gone(view))
		return GPUPROBE_IRQ_TEST_GONE;
	restore(test);
	return outcome;
}

static int errno_of(u32 outcome)
{
	switch (outcome) {
	case GPUPROBE_IRQ_TEST_RAN:
		return 0;
	case GPUPROBE_IRQ_TEST_GONE:
		return -ENODEV;
	case GPUPROBE_IRQ_TEST_KILLED:
		return -EINTR;
	default:
		return -ENODATA;
	}
}

static u64 publish(struct gp_observer *observer, struct test *test)
{
	const struct gp_place place = gp_place_of(test->view.pdev);
	struct gp_record *record;
	u64 sequence = 0;

	gp_builder_add(&test->builder, GPUPROBE_ITEM_IRQ_TEST, 0, &test->report,
		       sizeof(test->report));
	gp_collect_cost(&test->builder, &test->view);
	record = gp_builder_finish(&test->builder);
	gp_record_get(record);
	if (!gp_store_publish(observer->store, &place,
			      GPUPROBE_TRIGGER_IRQ_TEST, record))
		sequence = record->head.sequence;
	gp_record_put(record);
	return sequence;
}

static int test_locked(struct gp_observer *observer, struct pci_dev *pdev,
		       struct gpuprobe_test_irq *request)
{
	struct test *test = kzalloc(sizeof(*test), GFP_KERNEL);
	int err;

	if (!test)
		return -ENOMEM;
	err = gp_builder_init(&test->builder, GPUPROBE_RECORD_IRQ_TEST);
	if (err)
		goto out;
	test->view = (struct gp_view) {
		.pdev = pdev,
		.intx = observer->intx,
		.trigger = GPUPROBE_TRIGGER_IRQ_TEST,
		.driver_settled = true,
		.is_gpu = true,
		.meter.begun_ns = ktime_get_ns(),
	};
	test->report.types = request->types;
	gp_collect_identity(&test->builder, &test->view);
	test->report.outcome = run(test);
	request->sequence = publish(observer, test);
	err = request->sequence ? errno_of(test->report.outcome) : -ENOMEM;
out:
	kfree(test);
	return err;
}

static int test_function(struct gp_observer *observer, struct pci_dev *pdev,
			 struct gpuprobe_test_irq *request)
{
	int err = -EBUSY;

	if (!gp_match_function(observer->match, pdev) ||
	    !gp_is_nvidia_display(pdev))
		return -EOPNOTSUPP;
	if (!device_trylock(&pdev->dev))
		return -EBUSY;
	if (!device_is_registered(&pdev->dev))
		err = -ENODEV;
	else if (!pdev->dev.driver)
		err = test_locked(observer, pdev, request);
	device_unlock(&pdev->dev);
	return err;
}

static bool is_valid(const struct gpuprobe_test_irq *request)
{
	const u32 known = GPUPROBE_IRQ_TYPE_MSIX | GPUPROBE_IRQ_TYPE_MSI |
			  GPUPROBE_IRQ_TYPE_INTX;

	return request->types && !(request->types & ~known) &&
	       !request->reserved && !request->reserved2 &&
	       request->domain <= INT_MAX;
}

/**
 * gp_irq_test() - make a GPU raise interrupts, and see whether they arrive
 * @observer:	an observer that was started
 * @request:	which function and types; sequence is overwritten
 *
 * May sleep, up to 1.5 s.
 *
 * Return: see struct gpuprobe_test_irq.
 */
int gp_irq_test(struct gp_observer *observer, struct gpuprobe_test_irq *request)
{
	struct pci_dev *pdev;
	int err;

	request->sequence = 0;
	if (!is_valid(request))
		return -EINVAL;
	pdev = pci_get_domain_bus_and_slot(request->domain, request->bus,
					   request->devfn);
	if (!pdev)
		return -ENXIO;
	err = test_function(observer, pdev, request);
	pci_dev_put(pdev);
	return err;
}
