// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The record stream of gpuprobe.ko. module/uapi/gpuprobe.h is its
 * specification; nothing here trusts a length that it has not compared with
 * what is left.
 */
#include <errno.h>

#include "case/items.h"
#include "lib/i18n.h"
#include "sources/source.h"
#include "uapi/gpuprobe.h"
#include "version.h"

struct item {
	uint16_t type;
	uint16_t index;
	const uint8_t *payload;
	size_t length;
};

/* False, and nothing is written, if the payload is short: it is damaged or older. */
static bool item_struct(const struct item *item, void *structure, size_t size)
{
	if (item->length < size)
		return false;
	memcpy(structure, item->payload, size);
	return true;
}

/* The same of a snapshot, where a short one is noted. */
static bool take_struct(struct snapshot *snapshot, const struct item *item, void *structure,
			size_t size)
{
	if (item_struct(item, structure, size))
		return true;
	*array_add(&snapshot->deep.errors) = (struct gpuprobe_error){ item->type, -EPROTO };
	return false;
}

static char *item_string(const struct item *item)
{
	return xstrndup((const char *)item->payload, item->length);
}

/*
 * The item at *at, and *at moved behind it. 1: there is one, 0: the record
 * ends here, -EPROTO: its size lies.
 */
static int next_item(const uint8_t *record, size_t size, size_t *at, struct item *item)
{
	struct gpuprobe_item head;

	if (*at == size)
		return 0;
	if (size - *at < sizeof(head))
		return -EPROTO;
	memcpy(&head, record + *at, sizeof(head));
	if (head.size < sizeof(head) || head.size > size - *at)
		return -EPROTO;
	*item = (struct item){
		.type = head.type,
		.index = head.index,
		.payload = record + *at + sizeof(head),
		.length = head.size - sizeof(head),
	};
	*at += (head.size + GPUPROBE_ALIGN - 1) / GPUPROBE_ALIGN * GPUPROBE_ALIGN;
	return 1;
}

static void take_module_item(struct gpuprobe_case *c, const struct item *item)
{
	struct gpuprobe_module module;

	switch (item->type) {
	case GPUPROBE_ITEM_MODULE_VERSION:
		free(c->gpuprobe_module_version);
		c->gpuprobe_module_version = item_string(item);
		break;
	case GPUPROBE_ITEM_KERNEL_RELEASE:
		free(c->machine.kernel_release);
		c->machine.kernel_release = item_string(item);
		break;
	case GPUPROBE_ITEM_MODULE:
		if (item_struct(item, &module, sizeof(module)))
			c->records_dropped = module.dropped;
		break;
	default:
		c->records_unknown++;
	}
}

static void take_config(struct snapshot *snapshot, const struct item *item)
{
	size_t from = item->index * 4u;

	if (from >= CONFIG_SPACE_MAX || item->length > CONFIG_SPACE_MAX - from)
		return;
	memcpy(snapshot->config + from, item->payload, item->length);
	if (from == snapshot->config_length)
		snapshot->config_length = from + item->length;
	else	/* extended config space comes in pieces */
		*array_add(&snapshot->deep.pieces) =
			(struct config_piece){ from, item->length };
}

static void take_irq(struct snapshot *snapshot, const struct item *item)
{
	struct gpuprobe_irq irq;

	if (!take_struct(snapshot, item, &irq, sizeof(irq)))
		return;
	snapshot->irq = (struct irq_view){
		.irq_known = true, .irq = irq.irq,
		.pin_known = true, .pin = irq.pin,
		.flags_known = true, .flags = irq.flags,
	};
}

static void take_resource(struct snapshot *snapshot, const struct item *item)
{
	struct gpuprobe_resource resource;

	if (item->index >= BAR_COUNT || !take_struct(snapshot, item, &resource, sizeof(resource)))
		return;
	snapshot->bars[item->index].known = true;
	snapshot->bars[item->index].start = resource.start;
	snapshot->bars[item->index].size = resource.size;
	snapshot->bars[item->index].flags = resource.flags;
}

static void take_state(struct snapshot *snapshot, const struct item *item)
{
	struct gpuprobe_state state;

	if (!take_struct(snapshot, item, &state, sizeof(state)))
		return;
	snapshot->state_known = true;
	snapshot->enable_count = state.enable_count;
	snapshot->power = state.power;
	snapshot->error_state = state.error_state;
	snapshot->numa_known = true;
	snapshot->numa_node = state.numa_node;
}

static void take_parent(struct snapshot *snapshot, const struct item *item)
{
	struct gpuprobe_parent parent;
	struct bridge *bridge;

	if (!take_struct(snapshot, item, &parent, sizeof(parent)))
		return;
	bridge = array_add(&snapshot->parents);
	*bridge = (struct bridge){
		.address = { parent.domain, parent.bus, parent.devfn >> 3, parent.devfn & 7 },
		.vendor = parent.vendor,
		.device = parent.device,
		.class = parent.class,
	};
}

static void take_driver(struct snapshot *snapshot, const struct item *item)
{
	free(snapshot->driver);
	snapshot->driver = item_string(item);
}

static const struct {
	uint16_t type;
	void (*take)(struct snapshot *snapshot, const struct item *item);
} snapshot_items[] = {
	{ GPUPROBE_ITEM_DRIVER,		take_driver },
	{ GPUPROBE_ITEM_CONFIG,		take_config },
	{ GPUPROBE_ITEM_IRQ,		take_irq },
	{ GPUPROBE_ITEM_RESOURCE,	take_resource },
	{ GPUPROBE_ITEM_STATE,		take_state },
	{ GPUPROBE_ITEM_PARENT,		take_parent },
};

/* False: of a type that is not known. */
static bool take_snapshot_item(struct snapshot *snapshot, const struct item *item)
{
	for (size_t i = 0; i < sizeof(snapshot_items) / sizeof(snapshot_items[0]); i++) {
		if (snapshot_items[i].type != item->type)
			continue;
		snapshot_items[i].take(snapshot, item);
		return true;
	}
	return item->type == GPUPROBE_ITEM_SNAPSHOT ||
	       items_take(&snapshot->deep, item->type, item->index, item->payload, item->length);
}

static struct function *take_function(struct gpuprobe_case *c,
				      const struct gpuprobe_snapshot *head)
{
	struct pci_address address = {
		head->domain, head->bus, head->devfn >> 3, head->devfn & 7
	};
	struct function *function = case_function(c, &address);

	function->ids_known = function->subsystem_known = function->class_known = true;
	function->vendor = head->vendor;
	function->device = head->device;
	function->subsystem_vendor = head->subsystem_vendor;
	function->subsystem_device = head->subsystem_device;
	function->class = head->class & 0xffffff;
	function->revision = head->revision;
	return function;
}

/* Whether all items fit, and the snapshot's own head if there is one. */
static int scan_items(const uint8_t *record, size_t size, struct gpuprobe_snapshot *head,
		      bool *has_head)
{
	size_t at = sizeof(struct gpuprobe_record);
	struct item item;
	int more;

	*has_head = false;
	while ((more = next_item(record, size, &at, &item)) > 0)
		if (item.type == GPUPROBE_ITEM_SNAPSHOT)
			*has_head = item_struct(&item, head, sizeof(*head));
	return more;
}

static int take_snapshot(struct gpuprobe_case *c, const struct gpuprobe_record *record,
			 const uint8_t *bytes)
{
	size_t at = sizeof(*record);
	struct gpuprobe_snapshot head;
	struct snapshot *snapshot;
	struct item item;
	bool has_head;

	if (scan_items(bytes, record->size, &head, &has_head) || !has_head)
		return -EPROTO;
	snapshot = function_add_snapshot(take_function(c, &head));
	snapshot->source = SNAPSHOT_MODULE;
	snapshot->trigger = head.trigger;
	snapshot->sequence = record->sequence;
	snapshot->time_known = true;
	snapshot->boot_ns = record->boot_ns;
	snapshot->log_ns = record->log_ns;
	snapshot->gone = record->flags & GPUPROBE_RECORD_GONE;
	snapshot->truncated = record->flags & GPUPROBE_RECORD_TRUNCATED;
	while (next_item(bytes, record->size, &at, &item) > 0)
		c->records_unknown += !take_snapshot_item(snapshot, &item);
	return 0;
}

static void take_irq_trial(struct irq_test *test, const struct item *item)
{
	struct gpuprobe_irq_trial trial;

	if (item_struct(item, &trial, sizeof(trial)))
		*array_add(&test->trials) = trial;
}

static int take_irq_test(struct gpuprobe_case *c, const struct gpuprobe_record *record,
			 const uint8_t *bytes)
{
	size_t at = sizeof(*record);
	struct irq_test test = {
		.sequence = record->sequence, .boot_ns = record->boot_ns,
		.log_ns = record->log_ns,
	};
	struct gpuprobe_snapshot head;
	struct item item;
	bool has_head, has_result = false;

	if (scan_items(bytes, record->size, &head, &has_head) || !has_head)
		return -EPROTO;
	while (next_item(bytes, record->size, &at, &item) > 0) {
		if (item.type == GPUPROBE_ITEM_IRQ_TEST)
			has_result |= item_struct(&item, &test.test, sizeof(test.test));
		else if (item.type == GPUPROBE_ITEM_BAR0)
			test.bar0_known = item_struct(&item, &test.bar0, sizeof(test.bar0));
		else if (item.type == GPUPROBE_ITEM_IRQ_TRIAL)
			take_irq_trial(&test, &item);
	}
	if (has_result)
		*array_add(&take_function(c, &head)->irq_tests) = test;
	else
		array_free(&test.trials);
	return 0;
}

static int take_module(struct gpuprobe_case *c, const struct gpuprobe_record *record,
		       const uint8_t *bytes)
{
	size_t at = sizeof(*record);
	struct item item;
	int more;

	c->gpuprobe_module = true;
	while ((more = next_item(bytes, record->size, &at, &item)) > 0)
		take_module_item(c, &item);
	return more;
}

/* Whether a record begins at @bytes and is all there. */
static int check_record(const uint8_t *bytes, size_t left, struct gpuprobe_record *record,
			const char **why)
{
	*why = "a record is cut short";
	if (left < sizeof(*record))
		return -EPROTO;
	memcpy(record, bytes, sizeof(*record));
	*why = record->magic == __builtin_bswap32(GPUPROBE_MAGIC) ?
		"it was written on a machine of the other byte order" :
		"this is not the start of a record";
	if (record->magic != GPUPROBE_MAGIC)
		return -EPROTO;
	*why = "it comes from a newer gpuprobe module than this tool can read; upgrade the tool";
	if (record->version > GPUPROBE_ABI_VERSION)
		return -EPROTONOSUPPORT;
	*why = "the length of a record is impossible";
	if (record->size < sizeof(*record) || record->size % GPUPROBE_ALIGN ||
	    record->size > GPUPROBE_RECORD_MAX)
		return -EPROTO;
	*why = "a record is cut short";
	return record->size > left ? -EPROTO : 0;
}

static int take_record(struct gpuprobe_case *c, const struct gpuprobe_record *record,
		       const uint8_t *bytes)
{
	switch (record->type) {
	case GPUPROBE_RECORD_MODULE:
		return take_module(c, record, bytes);
	case GPUPROBE_RECORD_SNAPSHOT:
		return take_snapshot(c, record, bytes);
	case GPUPROBE_RECORD_IRQ_TEST:
		return take_irq_test(c, record, bytes);
	default:
		c->records_unknown++;
		return 0;
	}
}

/* Said once, however many there are. */
static void note_unknown(struct gpuprobe_case *c)
{
	char *why;

	if (!c->records_unknown)
		return;
	why = xasprintf(_("%zu pieces of its records are of kinds that gpuprobe %s does not know; "
			  "gpuprobe.ko is of version %s"), c->records_unknown, GPUPROBE_VERSION,
			c->gpuprobe_module_version ? c->gpuprobe_module_version : "?");
	case_add_blind_spot(c, _("a part of what the gpuprobe module saw"), why,
			    _("install the version of gpuprobe that the module is of"));
	free(why);
}

int source_records(struct gpuprobe_case *c, const uint8_t *bytes, size_t length,
		   char **problem)
{
	struct gpuprobe_record record;
	const char *why;
	size_t at = 0;
	int error;

	while (at < length) {
		error = check_record(bytes + at, length - at, &record, &why);
		if (!error) {
			error = take_record(c, &record, bytes + at);
			why = "the length of an item inside a record is impossible";
		}
		if (error) {
			*problem = xasprintf("module records: %s (at byte %zu)", why, at);
			return error;
		}
		at += record.size;
	}
	note_unknown(c);
	return 0;
}
