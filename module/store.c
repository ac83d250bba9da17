// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store: the records that are kept, in order of their sequence numbers,
 * and the functions that they are about.
 *
 * Two bounds hold. A function has at most `keep` records: the first ones,
 * which show it before anybody touched it, and the last ones. And all records
 * together have at most `memory` bytes.
 *
 * The mutex is innermost: nothing else is locked under it, and no user memory
 * is touched, so it is held for a moment only and may be taken in the bus
 * notifier, which runs under a device lock.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include "record.h"
#include "store.h"

/* Load or add, before bind, after bind, and one more. */
#define FIRST_KEPT_MAX	4u

struct gp_function {
	struct list_head in_store;
	struct list_head records;	/* oldest first */
	unsigned int kept;
	unsigned int first_kept;
	struct gp_place place;
	bool present;			/* on the bus, for all we know */
	bool introduced;		/* has had its load or added record */
};

struct gp_store {
	struct mutex lock;		/* protects all below, and the lists */
	struct list_head records;	/* oldest first */
	struct list_head functions;
	wait_queue_head_t readers;
	unsigned int keep;
	unsigned int keep_first;
	size_t memory_max;
	size_t memory;
	u64 created_boot_ns;
	u64 sequence;
	u64 dropped;
	u32 kept;
	u32 missed;
};

/**
 * gp_place_of() - where a function is
 * @pdev:	the function; the caller holds a reference
 *
 * Return: its place.
 */
struct gp_place gp_place_of(const struct pci_dev *pdev)
{
	return (struct gp_place) {
		.domain = pci_domain_nr(pdev->bus),
		.bus = pdev->bus->number,
		.devfn = pdev->devfn,
	};
}

static bool same_slot(const struct gp_place *a, const struct gp_place *b)
{
	return a->domain == b->domain && a->bus == b->bus &&
	       PCI_SLOT(a->devfn) == PCI_SLOT(b->devfn);
}

static bool same_place(const struct gp_place *a, const struct gp_place *b)
{
	return same_slot(a, b) && a->devfn == b->devfn;
}

/**
 * gp_store_create() - an empty store
 * @keep:	records per function, GP_KEEP_MIN to GP_KEEP_MAX
 * @memory:	bytes for all records together
 *
 * May sleep for memory.
 *
 * Return: the store, or NULL for want of memory.
 */
struct gp_store *gp_store_create(unsigned int keep, size_t memory)
{
	struct gp_store *store = kzalloc(sizeof(*store), GFP_KERNEL);

	if (!store)
		return NULL;
	mutex_init(&store->lock);
	INIT_LIST_HEAD(&store->records);
	INIT_LIST_HEAD(&store->functions);
	init_waitqueue_head(&store->readers);
	store->keep = keep;
	store->keep_first = min(keep / 2, FIRST_KEPT_MAX);
	store->memory_max = memory;
	store->created_boot_ns = ktime_get_boottime_ns();
	return store;
}

static struct gp_function *find_function(struct gp_store *store,
					 const struct gp_place *place)
{
	struct gp_function *function;

	lockdep_assert_held(&store->lock);
	list_for_each_entry(function, &store->functions, in_store)
		if (same_place(&function->place, place))
			return function;
	return NULL;
}

static struct gp_function *add_function(struct gp_store *store,
					const struct gp_place *place)
{
	struct gp_function *function = kzalloc(sizeof(*function), GFP_KERNEL);

	if (!function)
		return NULL;
	INIT_LIST_HEAD(&function->records);
	function->place = *place;
	function->present = true;
	list_add_tail(&function->in_store, &store->functions);
	return function;
}

static void forget_if_unused(struct gp_function *function)
{
	if (function->kept || function->present)
		return;
	list_del(&function->in_store);
	kfree(function);
}

static void take_out(struct gp_store *store, struct gp_record *record)
{
	struct gp_function *function = record->function;

	list_del_init(&record->in_store);
	list_del_init(&record->in_function);
	record->function = NULL;
	store->kept--;
	store->memory -= record->memory;
	function->kept--;
	if (record->first)
		function->first_kept--;
	gp_record_put(record);
	forget_if_unused(function);
}

static void drop(struct gp_store *store, struct gp_record *record)
{
	store->dropped++;
	take_out(store, record);
}

/**
 * gp_store_destroy() - free a store and its records
 * @store:	a store that nobody else uses any more, or NULL
 */
void gp_store_destroy(struct gp_store *store)
{
	struct gp_function *function, *next_function;
	struct gp_record *record, *next_record;

	if (!store)
		return;
	list_for_each_entry_safe(record, next_record, &store->records, in_store)
		take_out(store, record);
	list_for_each_entry_safe(function, next_function, &store->functions,
				 in_store) {
		function->present = false;
		forget_if_unused(function);
	}
	mutex_destroy(&store->lock);
	kfree(store);
}

static struct gp_record *oldest_of_function(struct gp_function *function)
{
	struct gp_record *record;

	list_for_each_entry(record, &function->records, in_function)
		if (!record->first)
			return record;
	return NULL;
}

/* First records go last; the newest one stays, or poll() would lie. */
static struct gp_record *oldest_of_all(struct gp_store *store)
{
	struct gp_record *newest = list_last_entry(&store->records,
						   struct gp_record, in_store);
	struct gp_record *record;

	list_for_each_entry(record, &store->records, in_store)
		if (!record->first && record != newest)
			return record;
	return list_first_entry(&store->records, struct gp_record, in_store);
}

static void keep_bounds(struct gp_store *store, struct gp_function *function)
{
	struct gp_record *record;

	if (function->kept > store->keep) {
		record = oldest_of_function(function);
		if (!WARN_ON_ONCE(!record))
			drop(store, record);
	}
	while (store->memory > store->memory_max && store->kept > 1)
		drop(store, oldest_of_all(store));
}

static void note_trigger(struct gp_function *function,
			 enum gpuprobe_trigger trigger)
{
	switch (trigger) {
	case GPUPROBE_TRIGGER_ADDED:
		function->present = true;
		function->introduced = true;
		break;
	case GPUPROBE_TRIGGER_LOAD:
		function->introduced = true;
		break;
	case GPUPROBE_TRIGGER_REMOVED:
		function->present = false;
		function->introduced = false;
		break;
	default:
		break;
	}
}

static bool is_on_request(enum gpuprobe_trigger trigger)
{
	return trigger == GPUPROBE_TRIGGER_REQUEST ||
	       trigger == GPUPROBE_TRIGGER_IRQ_TEST;
}

/* A record made on request can be made again: it is never a first one. */
static bool is_first(const struct gp_store *store,
		     const struct gp_function *function,
		     enum gpuprobe_trigger trigger)
{
	return !is_on_request(trigger) &&
	       function->first_kept < store->keep_first;
}

static int insert(struct gp_store *store, const struct gp_place *place,
		  enum gpuprobe_trigger trigger, struct gp_record *record)
{
	struct gp_function *function = find_function(store, place);

	if (!function)
		function = add_function(store, place);
	if (!function) {
		store->missed++;
		return -ENOMEM;
	}
	if (trigger == GPUPROBE_TRIGGER_LOAD && function->introduced)
		return -EEXIST;
	if (trigger == GPUPROBE_TRIGGER_REQUEST && !function->present)
		return -ENODEV;
	note_trigger(function, trigger);

	record->head.sequence = ++store->sequence;
	record->function = function;
	record->first = is_first(store, function, trigger);
	list_add_tail(&record->in_store, &store->records);
	list_add_tail(&record->in_function, &function->records);
	store->kept++;
	store->memory += record->memory;
	function->kept++;
	if (record->first)
		function->first_kept++;
	keep_bounds(store, function);
	return 0;
}

/**
 * gp_store_publish() - number a record, keep it and wake the readers
 * @store:	the store
 * @place:	the function that the record is about
 * @trigger:	why it was made
 * @record:	the record; the caller's reference passes to the store, also
 *		when this fails
 *
 * May sleep for memory and for the store's mutex.
 *
 * Return: 0; -EEXIST for a load record of a function that has been introduced
 * already, by the walk at load or by the notifier; -ENODEV for one on request of
 * a function that has left meanwhile; -ENOMEM, counted as missed.
 */
int gp_store_publish(struct gp_store *store, const struct gp_place *place,
		     enum gpuprobe_trigger trigger, struct gp_record *record)
{
	int err;

	mutex_lock(&store->lock);
	err = insert(store, place, trigger, record);
	mutex_unlock(&store->lock);

	if (err) {
		gp_record_put(record);
		return err;
	}
	wake_up_interruptible(&store->readers);
	return 0;
}

/**
 * gp_store_missed() - count an event that gave no record for want of memory
 * @store:	the store
 *
 * May sleep for the store's mutex.
 */
void gp_store_missed(struct gp_store *store)
{
	mutex_lock(&store->lock);
	store->missed++;
	mutex_unlock(&store->lock);
}

/**
 * gp_store_watches_slot() - is there a watched function in the same slot?
 * @store:	the store
 * @place:	a function, watched itself or not
 *
 * May sleep for the store's mutex.
 *
 * Return: true if a function with the same domain, bus and device number has
 * been seen and not been removed since.
 */
bool gp_store_watches_slot(struct gp_store *store,
			   const struct gp_place *place)
{
	struct gp_function *function;
	bool watched = false;

	mutex_lock(&store->lock);
	list_for_each_entry(function, &store->functions, in_store) {
		watched = function->present &&
			  same_slot(&function->place, place);
		if (watched)
			break;
	}
	mutex_unlock(&store->lock);
	return watched;
}

/**
 * gp_store_introduced() - has a function had its load or added record?
 * @store:	the store
 * @place:	the function
 *
 * May sleep for the store's mutex.
 *
 * Return: true if it has, and was not removed since.
 */
bool gp_store_introduced(struct gp_store *store, const struct gp_place *place)
{
	struct gp_function *function;
	bool introduced;

	mutex_lock(&store->lock);
	function = find_function(store, place);
	introduced = function && function->introduced;
	mutex_unlock(&store->lock);
	return introduced;
}

/**
 * gp_store_next() - the oldest record after a given one
 * @store:	the store
 * @after:	sequence number; 0 is before all
 *
 * May sleep for the store's mutex.
 *
 * Return: the record, held for the caller, or NULL if there is none at present.
 */
struct gp_record *gp_store_next(struct gp_store *store, u64 after)
{
	struct gp_record *record, *found = NULL;

	mutex_lock(&store->lock);
	list_for_each_entry(record, &store->records, in_store) {
		if (record->head.sequence > after) {
			gp_record_get(record);
			found = record;
			break;
		}
	}
	mutex_unlock(&store->lock);
	return found;
}

/**
 * gp_store_poll() - the poll file operation
 * @store:	the store
 * @file:	the open file
 * @wait:	the caller's table
 * @after:	sequence number of the last record that was read
 *
 * May sleep for the store's mutex.
 *
 * Return: EPOLLIN | EPOLLRDNORM if gp_store_next() would give a record, else 0.
 */
__poll_t gp_store_poll(struct gp_store *store, struct file *file,
		       poll_table *wait, u64 after)
{
	__poll_t mask = 0;

	poll_wait(file, &store->readers, wait);
	mutex_lock(&store->lock);
	/* The newest record is never dropped. */
	if (store->sequence > after)
		mask = EPOLLIN | EPOLLRDNORM;
	mutex_unlock(&store->lock);
	return mask;
}

/**
 * gp_store_describe() - what user space is told about the store
 * @store:	the store
 * @module:	overwritten
 *
 * May sleep for the store's mutex.
 */
void gp_store_describe(struct gp_store *store, struct gpuprobe_module *module)
{
	memset(module, 0, sizeof(*module));
	mutex_lock(&store->lock);
	module->load_boot_ns = store->created_boot_ns;
	module->dropped = store->dropped;
	module->kept = store->kept;
	module->not_observed = store->missed;
	mutex_unlock(&store->lock);
}
