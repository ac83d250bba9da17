// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two interrupts of one type: do they arrive?
 *
 * Two, as a GPU sends one MSI and then waits for a write, which a hypervisor
 * may swallow: then the first arrives and the second does not.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "irqline.h"
#include "recipe.h"
#include "shot.h"
#include "vectors.h"
#include "view.h"

#define WAIT_MS		200u
/* What comes late, or again, is still counted: until none came for so long. */
#define QUIET_US	10000u
#define QUIET_TURNS	10
/* So long the line is watched before the first shot. */
#define WATCH_US	10000u
#define VECTORS_MAX	16u
/* More of them than this are not what was asked for. */
#define STORM		16

/**
 * struct target - where the shots are counted
 * @panel:	the registers
 * @shared:	it is INTx, whose line may have others on it
 * @ours:	nobody else is known to raise interrupts there
 * @arrived:	of the shot under way
 * @hits:	interrupts of the shot under way, with the bit pending
 * @spurious:	interrupts with the bit not pending
 * @storm:	there were too many of one of them
 * @shot_ns:	when the GPU was told
 * @arrived_ns:	when the first handler ran, or 0
 */
struct target {
	struct gp_panel *panel;
	bool shared;
	bool ours;
	struct completion arrived;
	atomic_t hits;
	atomic_t spurious;
	bool storm;
	u64 shot_ns;
	u64 arrived_ns;
};

/* On a shared line they may be another function's, whose handler takes them. */
static irqreturn_t on_spurious(struct target *target)
{
	if (atomic_inc_return(&target->spurious) > STORM && target->ours) {
		target->storm = true;
		target->panel->recipe->disarm(target->panel);
	}
	return target->shared ? IRQ_NONE : IRQ_HANDLED;
}

/*
 * If the bit stays pending, a level interrupt comes back at once: silence the
 * GPU. If that fails as well, IRQ_NONE makes the kernel switch the line off.
 */
static irqreturn_t on_storm(struct target *target, int hits)
{
	target->storm = true;
	target->panel->recipe->disarm(target->panel);
	return hits > 2 * STORM ? IRQ_NONE : IRQ_HANDLED;
}

static irqreturn_t on_irq(int irq, void *data)
{
	struct target *target = data;
	const struct gp_recipe *recipe = target->panel->recipe;
	u64 now = ktime_get_ns();
	int hits;

	if (!recipe->is_pending(target->panel))
		return on_spurious(target);
	recipe->acknowledge(target->panel);
	hits = atomic_inc_return(&target->hits);
	if (hits == 1) {
		target->arrived_ns = now;
		complete(&target->arrived);
	}
	return hits > STORM ? on_storm(target, hits) : IRQ_HANDLED;
}

static void shoot_once(struct target *target)
{
	reinit_completion(&target->arrived);
	atomic_set(&target->hits, 0);
	target->arrived_ns = 0;
	target->shot_ns = ktime_get_ns();
	target->panel->recipe->trigger(target->panel);
}

static int count_all(struct target *target)
{
	return atomic_read(&target->hits) + atomic_read(&target->spurious);
}

/* A line that does not become quiet is not waited for, nor one that storms. */
static void settle(struct target *target)
{
	int turn, before;

	for (turn = 0; turn < QUIET_TURNS && !target->storm; turn++) {
		before = count_all(target);
		usleep_range(QUIET_US, 2 * QUIET_US);
		if (count_all(target) == before)
			return;
	}
}

/* Return: 0, a result, or -EINTR. */
static int wait_for_shot(struct target *target)
{
	const struct gp_recipe *recipe = target->panel->recipe;
	bool raised;
	long left;

	left = wait_for_completion_killable_timeout(&target->arrived,
						    msecs_to_jiffies(WAIT_MS));
	if (left < 0)
		return -EINTR;
	if (left > 0) {
		settle(target);
		if (target->storm)
			return GPUPROBE_IRQ_STORM;
		return recipe->is_pending(target->panel) ?
		       GPUPROBE_IRQ_NOT_CLEARED : 0;
	}
	raised = recipe->is_pending(target->panel);
	recipe->acknowledge(target->panel);
	return raised ? GPUPROBE_IRQ_NOT_DELIVERED : GPUPROBE_IRQ_NOT_RAISED;
}

static int fire(struct target *target, u32 *hits, u64 *ns)
{
	int result;

	shoot_once(target);
	result = wait_for_shot(target);
	*hits = atomic_read(&target->hits);
	if (*hits)
		*ns = target->arrived_ns - target->shot_ns;
	return result;
}

static int fire_twice(struct target *target, struct gpuprobe_irq_trial *trial)
{
	int result;

	result = fire(target, &trial->first, &trial->first_ns);
	if (result)
		return result;
	target->panel->recipe->rearm(target->panel, trial->type);
	result = fire(target, &trial->second, &trial->second_ns);
	if (result == GPUPROBE_IRQ_NOT_DELIVERED)
		return GPUPROBE_IRQ_ONCE;
	return result ? result : GPUPROBE_IRQ_DELIVERED;
}

/* Nothing has been raised yet: what arrives is not of the GPU's software trigger. */
static void watch(struct target *target, struct gpuprobe_irq_trial *trial)
{
	usleep_range(WATCH_US, 2 * WATCH_US);
	trial->before = atomic_xchg(&target->spurious, 0);
	target->ours = !target->shared || (!trial->before && !trial->sharers);
}

static int aim(struct target *target, struct gpuprobe_irq_trial *trial)
{
	const struct gp_recipe *recipe = target->panel->recipe;
	int result;

	recipe->arm(target->panel);
	watch(target, trial);
	result = fire_twice(target, trial);
	recipe->disarm(target->panel);
	trial->spurious = atomic_read(&target->spurious);
	if (result < 0)
		return result;
	trial->result = result;
	return 0;
}

static void let_go(struct target *target, struct pci_dev *pdev, unsigned int count)
{
	while (count--)
		free_irq(pci_irq_vector(pdev, count), target);
}

static int listen(struct target *target, struct pci_dev *pdev, unsigned int count)
{
	unsigned long flags = target->shared ? IRQF_SHARED : 0;
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		err = request_irq(pci_irq_vector(pdev, i), on_irq, flags,
				  KBUILD_MODNAME, target);
		if (err) {
			let_go(target, pdev, i);
			return err;
		}
	}
	return 0;
}

/*
 * The registers are restored when no handler runs any more, as one may disarm the
 * GPU. Before that, as the next message must get out as well, it is let out.
 */
static int use_vectors(struct target *target, struct pci_dev *pdev,
		       struct gpuprobe_irq_trial *trial)
{
	const struct gp_recipe *recipe = target->panel->recipe;
	int err;

	trial->irq = pci_irq_vector(pdev, 0);
	trial->sharers = target->shared ? gp_count_sharers(pdev, trial->irq) : 0;
	err = listen(target, pdev, trial->vectors);
	if (err) {
		trial->error = err;
		return 0;
	}
	err = aim(target, trial);
	let_go(target, pdev, trial->vectors);
	recipe->rearm(target->panel, trial->type);
	recipe->restore(target->panel);
	return err;
}

static unsigned int kernel_type(u32 type)
{
	switch (type) {
	case GPUPROBE_IRQ_TYPE_MSIX:
		return PCI_IRQ_MSIX;
	case GPUPROBE_IRQ_TYPE_MSI:
		return PCI_IRQ_MSI;
	default:
		return PCI_IRQ_INTX;
	}
}

/**
 * gp_shoot() - make the GPU raise two interrupts of one type
 * @view:	the function: enabled, a bus master, without a driver, its
 *		device lock held, its config space read just before
 * @panel:	its registers, saved
 * @trial:	type is set; the rest is 0, and overwritten
 *
 * Sleeps up to 0.8 s, 0.4 s if the line becomes quiet. Config space and
 * registers are as before, whatever the result.
 *
 * Return: 0, or -EINTR if the task was killed.
 */
int gp_shoot(struct gp_view *view, struct gp_panel *panel,
	     struct gpuprobe_irq_trial *trial)
{
	struct target target = {
		.panel = panel,
		.shared = trial->type == GPUPROBE_IRQ_TYPE_INTX,
	};
	unsigned int count = trial->type == GPUPROBE_IRQ_TYPE_MSIX ?
			     VECTORS_MAX : 1;
	struct gp_vectors vectors;
	int got, err = 0;

	init_completion(&target.arrived);
	trial->result = GPUPROBE_IRQ_NOT_TESTABLE;
	got = gp_vectors_get(&vectors, view, kernel_type(trial->type), count);
	if (got > 0) {
		trial->vectors = got;
		err = use_vectors(&target, view->pdev, trial);
	} else {
		trial->error = got;
	}
	gp_vectors_put(&vectors);
	return err;
}
