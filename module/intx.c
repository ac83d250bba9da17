// SPDX-License-Identifier: GPL-2.0-only
/*
 * The workaround "intx", off unless asked for.
 *
 * nvidia.ko does not start a GPU whose pdev->irq is 0 and that has no MSI-X,
 * though it then uses MSI (nv-pci.c, nv_pci_probe()). Where a hypervisor shows
 * Interrupt Pin 0, Linux leaves pdev->irq 0. IRQ_NOTCONNECTED in it, which is
 * what Linux itself puts there for a pin that leads nowhere, lets the driver go
 * on; request_irq() of it fails with ENOTCONN, so nothing can wait for an
 * interrupt that never comes. No hardware is touched.
 */
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "intx.h"
#include "record.h"
#include "snapshot.h"
#include "trial.h"

struct function {
	struct list_head in_list;
	struct pci_dev *pdev;	/* held */
	bool tried;		/* MSI */
	bool passed;
	bool applied;		/* pdev->irq is ours, or was when MSI came */
};

/**
 * gp_intx_start() - prepare the workaround
 * @intx:	anything; overwritten
 * @enabled:	whether it may be applied; read each time, stays the caller's
 */
void gp_intx_start(struct gp_intx *intx, const bool *enabled)
{
	mutex_init(&intx->lock);
	INIT_LIST_HEAD(&intx->functions);
	intx->enabled = enabled;
}

static struct function *find(struct gp_intx *intx, const struct pci_dev *pdev)
{
	struct function *function;

	lockdep_assert_held(&intx->lock);
	list_for_each_entry(function, &intx->functions, in_list)
		if (function->pdev == pdev)
			return function;
	return NULL;
}

static struct function *find_or_add(struct gp_intx *intx, struct pci_dev *pdev)
{
	struct function *function = find(intx, pdev);

	if (function)
		return function;
	function = kzalloc(sizeof(*function), GFP_KERNEL);
	if (!function)
		return NULL;
	function->pdev = pci_dev_get(pdev);
	list_add_tail(&function->in_list, &intx->functions);
	return function;
}

static void forget(struct function *function)
{
	list_del(&function->in_list);
	pci_dev_put(function->pdev);
	kfree(function);
}

/* Only if it is still ours: MSI has its own number in there, and puts ours back. */
static void take_back(struct function *function)
{
	if (function->applied && function->pdev->irq == IRQ_NOTCONNECTED)
		function->pdev->irq = 0;
	function->applied = false;
}

static void take_back_if_driverless(struct function *function)
{
	struct device *dev = &function->pdev->dev;

	if (!function->applied || !device_trylock(dev))
		return;
	if (!dev->driver)
		take_back(function);
	device_unlock(dev);
}

/**
 * gp_intx_stop() - take the workaround back wherever no driver relies on it
 * @intx:	a workaround that was started and that nobody else uses any more
 *
 * Does not wait for a driver. Frees all memory.
 */
void gp_intx_stop(struct gp_intx *intx)
{
	struct function *function, *next;

	mutex_lock(&intx->lock);
	list_for_each_entry_safe(function, next, &intx->functions, in_list) {
		take_back_if_driverless(function);
		forget(function);
	}
	mutex_unlock(&intx->lock);
	mutex_destroy(&intx->lock);
}

/**
 * gp_intx_note_trial() - remember how a trial of MSI ended
 * @view:	the function
 * @passed:	there are vectors
 *
 * May sleep for memory, for want of which it is forgotten.
 */
void gp_intx_note_trial(struct gp_view *view, bool passed)
{
	struct function *function;

	mutex_lock(&view->intx->lock);
	function = find_or_add(view->intx, view->pdev);
	if (function) {
		function->tried = true;
		function->passed = passed;
	}
	mutex_unlock(&view->intx->lock);
}

static u32 obstacle_in_trial(const struct function *function)
{
	if (!function || !function->tried)
		return GPUPROBE_INTX_MSI_UNTRIED;
	return function->passed ? GPUPROBE_INTX_NONE : GPUPROBE_INTX_MSI_FAILED;
}

static u32 obstacle(const struct gp_view *view, const struct function *function)
{
	const struct pci_dev *pdev = view->pdev;

	if (!view->is_gpu)
		return GPUPROBE_INTX_NOT_NVIDIA;
	if (pdev->pin)
		return GPUPROBE_INTX_HAS_PIN;
	if (pdev->msix_cap)
		return GPUPROBE_INTX_HAS_MSIX;
	if (!pdev->msi_cap)
		return GPUPROBE_INTX_NO_MSI;
	if (function && function->applied)
		return GPUPROBE_INTX_NONE;
	if (pdev->irq)
		return GPUPROBE_INTX_HAS_IRQ;
	return obstacle_in_trial(function);
}

static u32 obstacle_now(const struct gp_view *view, bool *applied)
{
	const struct function *function;
	u32 what;

	mutex_lock(&view->intx->lock);
	function = find(view->intx, view->pdev);
	what = obstacle(view, function);
	*applied = function && function->applied;
	mutex_unlock(&view->intx->lock);
	return what;
}

static bool is_for_nvidia(const struct gp_view *view)
{
	const struct device_driver *driver = view->pdev->dev.driver;

	return driver && driver->name &&
	       !strncmp(driver->name, "nvidia", strlen("nvidia"));
}

/* A function that was plugged in has had no trial when its driver comes. */
static void try_msi(struct gp_view *view)
{
	struct gpuprobe_msi_trial trial;

	gp_config_load(view);
	if (!gp_try_vectors(view, GPUPROBE_IRQ_TYPE_MSI, &trial))
		gp_intx_note_trial(view, trial.got);
}

static void apply(struct gp_view *view)
{
	struct function *function;

	mutex_lock(&view->intx->lock);
	function = find(view->intx, view->pdev);
	if (obstacle(view, function) == GPUPROBE_INTX_NONE) {
		view->pdev->irq = IRQ_NOTCONNECTED;
		function->applied = true;
	}
	mutex_unlock(&view->intx->lock);
}

/**
 * gp_intx_before_snapshot() - apply the workaround if it is time
 * @view:	the function, about to be looked at
 *
 * Just before a probe the caller holds the device lock, so pdev->irq is ours to
 * change. The snapshot that follows shows what the driver will see. May sleep.
 */
void gp_intx_before_snapshot(struct gp_view *view)
{
	bool applied;

	if (view->trigger != GPUPROBE_TRIGGER_BEFORE_BIND ||
	    !READ_ONCE(*view->intx->enabled) || !is_for_nvidia(view))
		return;
	if (obstacle_now(view, &applied) == GPUPROBE_INTX_MSI_UNTRIED)
		try_msi(view);
	apply(view);
}

/**
 * gp_intx_after_snapshot() - take the workaround back if the driver has left
 * @view:	the function, as it was looked at; the caller holds the device
 *		lock, or the function has left the bus
 * @gone:	the function is known to have left while it was looked at
 *
 * May sleep for the workaround's mutex.
 */
void gp_intx_after_snapshot(struct gp_view *view, bool gone)
{
	struct function *function;

	mutex_lock(&view->intx->lock);
	function = find(view->intx, view->pdev);
	if (function && (view->trigger == GPUPROBE_TRIGGER_NOT_BOUND ||
			 view->trigger == GPUPROBE_TRIGGER_UNBOUND))
		take_back(function);
	if (function && (gone || view->trigger == GPUPROBE_TRIGGER_REMOVED))
		forget(function);
	mutex_unlock(&view->intx->lock);
}

/**
 * gp_collect_workaround() - what the workaround does here:
 * GPUPROBE_ITEM_WORKAROUND
 * @builder:	the record
 * @view:	the function
 *
 * Does not touch the hardware. May sleep for memory.
 */
void gp_collect_workaround(struct gp_builder *builder, struct gp_view *view)
{
	struct gpuprobe_workaround workaround = {
		.enabled = READ_ONCE(*view->intx->enabled),
	};
	bool applied;

	if (view->trigger == GPUPROBE_TRIGGER_REMOVED)
		return;
	workaround.obstacle = obstacle_now(view, &applied);
	workaround.active = applied;
	gp_builder_add(builder, GPUPROBE_ITEM_WORKAROUND, 0, &workaround,
		       sizeof(workaround));
}
