// SPDX-License-Identifier: GPL-2.0-only
/*
 * When snapshots are taken: on events of the PCI bus, at load, on request.
 *
 * Everything here runs in process context and may sleep. The bus notifier is a
 * blocking chain, which the driver core calls where it sleeps itself: around
 * probe and remove, with the device locked, and in device_add() and
 * device_del(). GFP_KERNEL is therefore right; device_del() has set
 * PF_MEMALLOC_NOIO, which it obeys. But nothing here waits for a device lock:
 * a driver that hangs in its probe holds it, and that is when a snapshot is
 * wanted most.
 */
#include <linux/device.h>
#include <linux/pci.h>
#include <linux/sched/signal.h>

#include "intx.h"
#include "match.h"
#include "observer.h"
#include "record.h"
#include "snapshot.h"
#include "store.h"

static int observe(struct gp_observer *observer, struct gp_view *view)
{
	const struct gp_place place = gp_place_of(view->pdev);
	struct gp_record *record;
	int err = -ENOMEM;

	view->is_gpu = gp_match_function(observer->match, view->pdev) &&
		       gp_is_nvidia_display(view->pdev);
	view->intx = observer->intx;
	gp_intx_before_snapshot(view);
	record = gp_snapshot(view);
	if (record)
		err = gp_store_publish(observer->store, &place, view->trigger,
				       record);
	else
		gp_store_missed(observer->store);
	/*
	 * Only now: whoever looks at a function that leaves meanwhile is either
	 * before this, or told by the store that it has left.
	 */
	gp_intx_after_snapshot(view, err == -ENODEV);
	return err;
}

/*
 * A function is known by its slot once a function of that slot was observed.
 * So its siblings are observed too, and all of them until they have left,
 * whichever leaves first.
 */
static bool is_observed(struct gp_observer *observer,
			const struct pci_dev *pdev)
{
	const struct gp_place place = gp_place_of(pdev);

	return gp_match_function(observer->match, pdev) ||
	       gp_store_watches_slot(observer->store, &place);
}

/* 0: nothing to be seen */
static enum gpuprobe_trigger trigger_of(unsigned long event)
{
	switch (event) {
	case BUS_NOTIFY_ADD_DEVICE:
		return GPUPROBE_TRIGGER_ADDED;
	case BUS_NOTIFY_BIND_DRIVER:
		return GPUPROBE_TRIGGER_BEFORE_BIND;
	case BUS_NOTIFY_BOUND_DRIVER:
		return GPUPROBE_TRIGGER_BOUND;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		return GPUPROBE_TRIGGER_NOT_BOUND;
	case BUS_NOTIFY_UNBIND_DRIVER:
		return GPUPROBE_TRIGGER_BEFORE_UNBIND;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		return GPUPROBE_TRIGGER_UNBOUND;
	case BUS_NOTIFY_REMOVED_DEVICE:
		return GPUPROBE_TRIGGER_REMOVED;
	default:
		return 0;
	}
}

/*
 * The driver is settled in all of these: around probe and remove the caller
 * holds the device lock, a function that is being added is not matched with
 * drivers yet, and one that is removed has been closed to them by
 * device_del().
 */
static int on_bus_event(struct notifier_block *bus_events, unsigned long event,
			void *data)
{
	struct gp_observer *observer = container_of(bus_events,
						    struct gp_observer,
						    bus_events);
	struct gp_view view = {
		.pdev = to_pci_dev(data),
		.trigger = trigger_of(event),
		.driver_settled = true,
	};

	if (view.trigger && is_observed(observer, view.pdev))
		observe(observer, &view);
	return NOTIFY_DONE;
}

static int observe_unlocked(struct gp_observer *observer, struct pci_dev *pdev,
			    enum gpuprobe_trigger trigger)
{
	struct gp_view view = {
		.pdev = pdev,
		.trigger = trigger,
		.driver_settled = device_trylock(&pdev->dev),
	};
	int err;

	err = observe(observer, &view);
	if (view.driver_settled)
		device_unlock(&pdev->dev);
	return err;
}

/*
 * The walk starts again from the beginning if the function at hand leaves the
 * bus, so it may come to a function twice; the store takes one load record.
 */
static int walk(struct gp_observer *observer, enum gpuprobe_trigger trigger,
		bool (*wanted)(struct gp_observer *observer,
			       const struct pci_dev *pdev))
{
	struct pci_dev *pdev = NULL;
	int observed = 0;

	for_each_pci_dev(pdev) {
		if (fatal_signal_pending(current)) {
			pci_dev_put(pdev);
			break;
		}
		if (device_is_registered(&pdev->dev) &&
		    wanted(observer, pdev) &&
		    !observe_unlocked(observer, pdev, trigger))
			observed++;
	}
	return observed;
}

static bool is_new(struct gp_observer *observer, const struct pci_dev *pdev)
{
	const struct gp_place place = gp_place_of(pdev);

	return is_observed(observer, pdev) &&
	       !gp_store_introduced(observer->store, &place);
}

/**
 * gp_observer_start() - observe from now on
 * @observer:	anything; overwritten
 * @store:	where the records go
 * @intx:	the workaround, started; stays the caller's, as does @match
 * @match:	which functions; stays the caller's
 *
 * Takes a snapshot of every function that is there. The bus is listened to
 * before that, so that none is missed: a function that is added meanwhile has
 * an added record, or a load record, or first this and then that.
 *
 * May sleep for memory.
 *
 * Return: how many functions were there, or a negative errno.
 */
int gp_observer_start(struct gp_observer *observer, struct gp_store *store,
		      struct gp_intx *intx, const struct gp_match *match)
{
	int err, observed;

	*observer = (struct gp_observer) {
		.bus_events.notifier_call = on_bus_event,
		.store = store,
		.intx = intx,
		.match = match,
	};
	err = bus_register_notifier(&pci_bus_type, &observer->bus_events);
	if (err)
		return err;

	/* Twice, for siblings that come before the function which they go with. */
	observed = walk(observer, GPUPROBE_TRIGGER_LOAD, is_new);
	return observed + walk(observer, GPUPROBE_TRIGGER_LOAD, is_new);
}

/**
 * gp_observer_stop() - observe no more
 * @observer:	an observer that was started
 *
 * Waits until notifications that are under way have ended.
 */
void gp_observer_stop(struct gp_observer *observer)
{
	bus_unregister_notifier(&pci_bus_type, &observer->bus_events);
}

/**
 * gp_observer_rescan() - look at every observed function now
 * @observer:	an observer that was started
 *
 * May sleep for memory; ends early when the task is killed.
 *
 * Return: how many snapshots were taken.
 */
int gp_observer_rescan(struct gp_observer *observer)
{
	return walk(observer, GPUPROBE_TRIGGER_REQUEST, is_observed);
}
