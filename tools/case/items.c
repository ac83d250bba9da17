// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/items.h"

#include <errno.h>

enum member_form { FORM_NUMBER, FORM_SIGNED, FORM_ADDRESS };

struct member {
	const char *key;
	size_t offset;
	size_t size;
	enum member_form form;
};

#define MEMBER(type, name, form) \
	{ #name, offsetof(struct type, name), sizeof(((struct type *)NULL)->name), form }
#define MEMBERS_END { NULL, 0, 0, FORM_NUMBER }

static const struct member extended_members[] = {
	MEMBER(gpuprobe_extended, state, FORM_NUMBER),
	MEMBER(gpuprobe_extended, end, FORM_NUMBER),
	MEMBER(gpuprobe_extended, first, FORM_ADDRESS),
	MEMBER(gpuprobe_extended, capabilities, FORM_NUMBER),
	MEMBERS_END
};

static const struct member route_members[] = {
	MEMBER(gpuprobe_route, gsi, FORM_NUMBER),
	MEMBER(gpuprobe_route, source, FORM_NUMBER),
	MEMBER(gpuprobe_route, pin, FORM_NUMBER),
	MEMBER(gpuprobe_route, root_pin, FORM_NUMBER),
	MEMBER(gpuprobe_route, root_slot, FORM_NUMBER),
	MEMBER(gpuprobe_route, bridges, FORM_NUMBER),
	MEMBER(gpuprobe_route, trigger, FORM_NUMBER),
	MEMBER(gpuprobe_route, polarity, FORM_NUMBER),
	MEMBERS_END
};

static const struct member iommu_members[] = {
	MEMBER(gpuprobe_iommu, group, FORM_SIGNED),
	MEMBER(gpuprobe_iommu, flags, FORM_NUMBER),
	MEMBERS_END
};

static const struct member power_members[] = {
	MEMBER(gpuprobe_power, flags, FORM_NUMBER),
	MEMBER(gpuprobe_power, pm_cap, FORM_NUMBER),
	MEMBERS_END
};

static const struct member flags_members[] = {
	MEMBER(gpuprobe_flags, flags, FORM_NUMBER),
	MEMBER(gpuprobe_flags, msi_off_parent, FORM_NUMBER),
	MEMBERS_END
};

static const struct member irq_line_members[] = {
	MEMBER(gpuprobe_irq_line, irq, FORM_NUMBER),
	MEMBER(gpuprobe_irq_line, trigger, FORM_NUMBER),
	MEMBER(gpuprobe_irq_line, hwirq, FORM_NUMBER),
	MEMBER(gpuprobe_irq_line, sharers, FORM_NUMBER),
	MEMBERS_END
};

static const struct member bar0_members[] = {
	MEMBER(gpuprobe_bar0, outcome, FORM_NUMBER),
	MEMBER(gpuprobe_bar0, architecture, FORM_ADDRESS),
	MEMBER(gpuprobe_bar0, implementation, FORM_ADDRESS),
	MEMBER(gpuprobe_bar0, reads, FORM_NUMBER),
	MEMBER(gpuprobe_bar0, mirror, FORM_ADDRESS),
	MEMBER(gpuprobe_bar0, prom, FORM_ADDRESS),
	MEMBER(gpuprobe_bar0, fastest_ns, FORM_NUMBER),
	MEMBER(gpuprobe_bar0, slowest_ns, FORM_NUMBER),
	MEMBERS_END
};

static const struct member workaround_members[] = {
	MEMBER(gpuprobe_workaround, enabled, FORM_NUMBER),
	MEMBER(gpuprobe_workaround, active, FORM_NUMBER),
	MEMBER(gpuprobe_workaround, obstacle, FORM_NUMBER),
	MEMBERS_END
};

static const struct member cost_members[] = {
	MEMBER(gpuprobe_cost, time_ns, FORM_NUMBER),
	MEMBER(gpuprobe_cost, access_ns, FORM_NUMBER),
	MEMBER(gpuprobe_cost, config_reads, FORM_NUMBER),
	MEMBER(gpuprobe_cost, config_writes, FORM_NUMBER),
	MEMBER(gpuprobe_cost, bar0_reads, FORM_NUMBER),
	MEMBER(gpuprobe_cost, bar0_writes, FORM_NUMBER),
	MEMBERS_END
};

static const struct member msi_trial_members[] = {
	MEMBER(gpuprobe_msi_trial, type, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, asked, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, capable, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, got, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, error, FORM_SIGNED),
	MEMBER(gpuprobe_msi_trial, irq, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, differences, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, lasting, FORM_NUMBER),
	MEMBER(gpuprobe_msi_trial, time_ns, FORM_NUMBER),
	MEMBERS_END
};

static const struct member window_members[] = {
	MEMBER(gpuprobe_window, start, FORM_ADDRESS),
	MEMBER(gpuprobe_window, end, FORM_ADDRESS),
	MEMBER(gpuprobe_window, flags, FORM_ADDRESS),
	MEMBER(gpuprobe_window, largest_free, FORM_ADDRESS),
	MEMBER(gpuprobe_window, taken, FORM_ADDRESS),
	MEMBER(gpuprobe_window, parent, FORM_NUMBER),
	MEMBER(gpuprobe_window, takers, FORM_NUMBER),
	MEMBERS_END
};

static const struct member register_members[] = {
	MEMBER(gpuprobe_register, offset, FORM_ADDRESS),
	MEMBER(gpuprobe_register, value, FORM_ADDRESS),
	MEMBER(gpuprobe_register, time_ns, FORM_NUMBER),
	MEMBER(gpuprobe_register, verdict, FORM_NUMBER),
	MEMBERS_END
};

static const struct member error_members[] = {
	MEMBER(gpuprobe_error, item, FORM_NUMBER),
	MEMBER(gpuprobe_error, error, FORM_SIGNED),
	MEMBERS_END
};

static const struct member irq_test_members[] = {
	MEMBER(gpuprobe_irq_test, outcome, FORM_NUMBER),
	MEMBER(gpuprobe_irq_test, recipe, FORM_NUMBER),
	MEMBER(gpuprobe_irq_test, types, FORM_NUMBER),
	MEMBER(gpuprobe_irq_test, restored, FORM_NUMBER),
	MEMBERS_END
};

static const struct member irq_trial_members[] = {
	MEMBER(gpuprobe_irq_trial, type, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, result, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, error, FORM_SIGNED),
	MEMBER(gpuprobe_irq_trial, irq, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, first, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, second, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, spurious, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, vectors, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, first_ns, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, second_ns, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, before, FORM_NUMBER),
	MEMBER(gpuprobe_irq_trial, sharers, FORM_NUMBER),
	MEMBERS_END
};

#define ITEM(type, index, name, members) \
	{ type, index, #name, offsetof(struct deep_view, name##_known), \
	  offsetof(struct deep_view, name), sizeof(((struct deep_view *)NULL)->name), members }

/* One structure each. */
static const struct {
	uint16_t type, index;
	const char *key;
	size_t known, at, size;
	const struct member *members;
} items[] = {
	ITEM(GPUPROBE_ITEM_EXTENDED,	0, extended,	extended_members),
	ITEM(GPUPROBE_ITEM_ROUTE,	0, route,	route_members),
	ITEM(GPUPROBE_ITEM_IOMMU,	0, iommu,	iommu_members),
	ITEM(GPUPROBE_ITEM_POWER,	0, power,	power_members),
	ITEM(GPUPROBE_ITEM_FLAGS,	0, flags,	flags_members),
	ITEM(GPUPROBE_ITEM_IRQ_LINE,	0, irq_line,	irq_line_members),
	ITEM(GPUPROBE_ITEM_BAR0,	0, bar0,	bar0_members),
	ITEM(GPUPROBE_ITEM_WORKAROUND,	0, workaround,	workaround_members),
	ITEM(GPUPROBE_ITEM_COST,	0, cost,	cost_members),
	ITEM(GPUPROBE_ITEM_MSI_TRIAL,	0, msix_trial,	msi_trial_members),
	ITEM(GPUPROBE_ITEM_MSI_TRIAL,	1, msi_trial,	msi_trial_members),
};

#define TEXT(type, name) { type, #name, offsetof(struct deep_view, name) }

static const struct {
	uint16_t type;
	const char *key;
	size_t at;
} texts[] = {
	TEXT(GPUPROBE_ITEM_ROUTE_LINK,		route_link),
	TEXT(GPUPROBE_ITEM_IRQ_CHIP,		irq_chip),
	TEXT(GPUPROBE_ITEM_RESET,		reset_methods),
	TEXT(GPUPROBE_ITEM_DRIVER_OVERRIDE,	driver_override),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void *inside(struct deep_view *deep, size_t offset)
{
	return (char *)deep + offset;
}

/* A part of a structure tells nothing: what is missing is not 0. */
static void note_short(struct deep_view *deep, uint16_t type)
{
	*array_add(&deep->errors) = (struct gpuprobe_error){ type, -EPROTO };
}

static bool take_structure(struct deep_view *deep, uint16_t type, uint16_t index,
			   const uint8_t *payload, size_t length)
{
	for (size_t i = 0; i < COUNT(items); i++) {
		if (items[i].type != type || items[i].index != index)
			continue;
		if (length < items[i].size) {
			note_short(deep, type);
			return true;
		}
		memcpy(inside(deep, items[i].at), payload, items[i].size);
		*(bool *)inside(deep, items[i].known) = true;
		return true;
	}
	return false;
}

/* Adds to an array of structures, unless the payload is short. */
#define take_element(deep, array, type, payload, length)			\
	do {									\
		if ((length) < sizeof(*(array)->at))				\
			note_short(deep, type);					\
		else								\
			memcpy(array_add(array), payload, sizeof(*(array)->at));	\
	} while (0)

static bool take_text(struct deep_view *deep, uint16_t type, const uint8_t *payload,
		      size_t length)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		char **place = inside(deep, texts[i].at);

		if (texts[i].type != type)
			continue;
		free(*place);
		*place = xstrndup((const char *)payload, length);
		return true;
	}
	return false;
}

static void take_prom(struct deep_view *deep, const uint8_t *payload, size_t length)
{
	const size_t head = offsetof(struct gpuprobe_prom, data);
	struct prom_piece *piece;
	struct gpuprobe_prom prom;

	if (length < head) {
		note_short(deep, GPUPROBE_ITEM_PROM);
		return;
	}
	memcpy(&prom, payload, head);
	piece = array_add(&deep->prom);
	piece->offset = prom.offset;
	piece->image = prom.image;
	piece->length = length - head < sizeof(piece->data) ? length - head : sizeof(piece->data);
	memcpy(piece->data, payload + head, piece->length);
}

static void take_mirror(struct deep_view *deep, size_t offset, const uint8_t *payload,
			size_t length)
{
	if (offset >= MIRROR_MAX || length > MIRROR_MAX - offset)
		return;
	memcpy(deep->mirror + offset, payload, length);
	*array_add(&deep->mirror_pieces) = (struct config_piece){ offset, length };
}

bool items_take(struct deep_view *deep, uint16_t type, uint16_t index, const uint8_t *payload,
		size_t length)
{
	switch (type) {
	case GPUPROBE_ITEM_WINDOW:
		take_element(deep, &deep->windows, type, payload, length);
		return true;
	case GPUPROBE_ITEM_REGISTER:
		take_element(deep, &deep->registers, type, payload, length);
		return true;
	case GPUPROBE_ITEM_ERROR:
		take_element(deep, &deep->errors, type, payload, length);
		return true;
	case GPUPROBE_ITEM_MIRROR:
		take_mirror(deep, index * 4u, payload, length);
		return true;
	case GPUPROBE_ITEM_PROM:
		take_prom(deep, payload, length);
		return true;
	default:
		return take_structure(deep, type, index, payload, length) ||
		       take_text(deep, type, payload, length);
	}
}

/* --- JSON --- */

static uint64_t load(const void *place, size_t size)
{
	uint64_t value = 0;

	memcpy(&value, place, size);	/* little or big: see store() */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value >>= 8 * (sizeof(value) - size);
#endif
	return value;
}

static void store(void *place, size_t size, uint64_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	value <<= 8 * (sizeof(value) - size);
#endif
	memcpy(place, &value, size);
}

static void members_codec(struct codec *codec, const struct member *members, void *structure)
{
	for (; members->key; members++) {
		void *place = (char *)structure + members->offset;
		uint64_t value = load(place, members->size);

		if (members->form == FORM_ADDRESS) {
			codec_address(codec, members->key, &value);
		} else if (members->form == FORM_SIGNED) {
			int64_t number = (int32_t)value;

			codec_i64(codec, members->key, &number);
			value = (uint64_t)number;
		} else {
			codec_u64(codec, members->key, &value);
		}
		store(place, members->size, value);
	}
}

static void structures_codec(struct codec *codec, struct deep_view *deep)
{
	for (size_t i = 0; i < COUNT(items); i++) {
		if (codec_known(codec, items[i].key, inside(deep, items[i].known))) {
			struct codec inner = codec_object(codec, items[i].key);

			members_codec(&inner, items[i].members, inside(deep, items[i].at));
		}
	}
	for (size_t i = 0; i < COUNT(texts); i++)
		codec_text(codec, texts[i].key, inside(deep, texts[i].at));
}

static void prom_codec(struct codec *codec, struct prom_piece *piece)
{
	codec_number(codec, "offset", piece->offset);
	codec_number(codec, "image", piece->image);
	codec_bytes(codec, "data", piece->data, sizeof(piece->data), &piece->length);
}

/* @space: @room bytes, of which the piece is a part */
static void piece_codec(struct codec *codec, struct config_piece *piece, uint8_t *space,
			size_t room)
{
	size_t length = piece->length, offset;

	codec_number(codec, "offset", piece->offset);
	offset = piece->offset < room ? piece->offset : room;	/* no byte is there */
	codec_bytes(codec, "bytes", space + offset, room - offset, &length);
	piece->length = length;
}

void deep_codec(struct codec *codec, struct snapshot *snapshot)
{
	struct deep_view *deep = &snapshot->deep;

	structures_codec(codec, deep);
	codec_each(codec, "extended_config", &deep->pieces, item, piece)
		piece_codec(item, piece, snapshot->config, CONFIG_SPACE_MAX);
	codec_each(codec, "windows", &deep->windows, item, window)
		members_codec(item, window_members, window);
	codec_each(codec, "registers", &deep->registers, item, reg)
		members_codec(item, register_members, reg);
	codec_each(codec, "mirror", &deep->mirror_pieces, item, piece)
		piece_codec(item, piece, deep->mirror, MIRROR_MAX);
	codec_each(codec, "prom", &deep->prom, item, piece)
		prom_codec(item, piece);
	codec_each(codec, "errors", &deep->errors, item, error)
		members_codec(item, error_members, error);
}

void irq_test_codec(struct codec *codec, struct irq_test *test)
{
	codec_u64(codec, "sequence", &test->sequence);
	codec_u64(codec, "boot_ns", &test->boot_ns);
	codec_u64(codec, "log_ns", &test->log_ns);
	members_codec(codec, irq_test_members, &test->test);
	if (codec_known(codec, "bar0", &test->bar0_known)) {
		struct codec inner = codec_object(codec, "bar0");

		members_codec(&inner, bar0_members, &test->bar0);
	}
	codec_each(codec, "trials", &test->trials, item, trial)
		members_codec(item, irq_trial_members, trial);
}
