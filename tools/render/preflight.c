// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/codec.h"
#include "render/preflight.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>

#include "lib/i18n.h"
#include "version.h"

/* What no guest can see, so that a GPU that fits may still not work. */
static const char *const host_only[] = {
	N_("whether the firmware of the host has Above 4G Decoding switched on and has given every memory "
	   "window of the GPU an address"),
	N_("whether the host has an IOMMU, and whether the GPU's group holds other devices (ACS)"),
	N_("how wide an address of the host's processor is: a guest that is shown wider ones gets windows that "
	   "do not answer"),
};

static const char *fit_text(enum fit fit)
{
	switch (fit) {
	case FITS:
		return _("fits");
	case FITS_NOT:
		return _("does not fit");
	case FIT_NOT_KNOWN:
		break;
	}
	return _("cannot tell");
}

/* "Tesla P10 [10de:1b39]"; to be freed */
static char *subject_title(const struct preflight_subject *subject)
{
	if (!subject->name)
		return xstrdup(_("A GPU with these memory windows"));
	if (!subject->board)
		return xstrdup(subject->name);
	return xasprintf("%s [10de:%04x]", subject->name, subject->board->device);
}

static void walk_headline(struct renderer *r, const struct preflight_subject *subject)
{
	static const enum case_verdict verdicts[] = {
		[FITS] = CASE_HEALTHY, [FITS_NOT] = CASE_FAULT, [FIT_NOT_KNOWN] = CASE_UNKNOWN,
	};
	const char *const formats[] = {
		[FITS] = _("%s fits into this guest"),
		[FITS_NOT] = _("%s does not fit into this guest"),
		[FIT_NOT_KNOWN] = _("Whether %s fits into this guest cannot be told"),
	};
	const char *const words[] = {
		[FITS] = _("FITS"), [FITS_NOT] = _("DOES NOT FIT"),
		[FIT_NOT_KNOWN] = _("CANNOT TELL"),
	};
	char *name = subject_title(subject);
	char *title = xasprintf(formats[subject->result.fit], name);

	r->begin(r, title);
	r->word = words[subject->result.fit];
	r->verdict(r, verdicts[subject->result.fit], title, NULL);
	free(title);
	free(name);
}

static void walk_missing(struct renderer *r, const struct preflight_ground *ground,
			 const struct preflight *result)
{
	char size[SIZE_TEXT];

	if (result->fit == FIT_NOT_KNOWN && ground->unknown)
		r->paragraph(r, ground->unknown);
	if (result->fit == FIT_NOT_KNOWN && result->bits_needed)
		render_paragraph(r, _("It fits if an address has at least %u bits."), result->bits_needed);
	if (result->fit != FITS_NOT)
		return;
	if (result->bits_needed)
		render_paragraph(r, _("Addresses of this guest have %u bits; it takes at least %u."),
			  ground->bits, result->bits_needed);
	else if (result->high_missing && ground->below_port)
		render_paragraph(r, _("The window of the port for what is 64-bit and prefetchable is too small by %s."),
			  size_print(result->missing, size));
	else if (result->high_missing)
		render_paragraph(r, _("The room for memory windows above 4 GiB is too small by %s."),
			  size_print(result->missing, size));
	if (result->low_missing)
		r->paragraph(r, ground->below_port ?
			     _("The window of the port for what is 32-bit or not prefetchable is too small.") :
			     _("The room for memory windows below 4 GiB is too small."));
}

static void walk_windows(struct renderer *r, const struct preflight_subject *subject)
{
	struct table table = {
		.columns = 4, .header = { _("window"), _("size"), _("kind"), _("result") },
	};

	for (size_t i = 0; i < subject->layout.count; i++) {
		const struct layout_bar *bar = &subject->layout.at[i];
		char name[16], size[SIZE_TEXT];

		snprintf(name, sizeof(name), "BAR%u", bar->index);
		table_add(&table, name, size_print(bar->size, size),
			  bar->wide ? bar->prefetch ? _("64-bit, prefetchable") : _("64-bit") :
			  bar->prefetch ? _("32-bit, prefetchable") : _("32-bit"),
			  fit_text(subject->result.bars[i]))->marked =
			subject->result.bars[i] == FITS_NOT;
	}
	r->section(r, _("Memory windows of the GPU"), UNFOLDED);
	r->table(r, &table);
	table_clear(&table);
}

/* The GPU's own windows may be larger than the usual ones. */
static void walk_rebar(struct renderer *r, const struct preflight_subject *subject)
{
	if (!subject->board || !subject->board->rebar)
		return;
	render_paragraph(r, subject->with_rebar == FITS ?
		  _("With Resizable BAR switched on in the host, its largest window can have %s; that fits as well.") :
		  subject->with_rebar == FITS_NOT ?
		  _("With Resizable BAR switched on in the host, its largest window can have %s, and that does not fit.") :
		  _("With Resizable BAR switched on in the host, its largest window can have %s; whether that fits cannot be told."),
		  subject->board->rebar);
}

static void walk_advice(struct renderer *r, const struct preflight_ground *ground,
			const struct preflight *result)
{
	const struct limit *limit = ground->limit;

	if (result->fit == FITS)
		return;
	if (!limit) {
		r->section(r, _("What to change"), UNFOLDED);
		r->paragraph(r, _("A port keeps the windows that it got when the VM was started. Attach the GPU while "
				  "the VM is off, so that the firmware makes the windows as large as the GPU needs; or "
				  "let the port reserve more: QEMU pcie-root-port,pref64-reserve=SIZE,mem-reserve=SIZE."));
		return;
	}
	r->section(r, _("Why"), UNFOLDED);
	r->paragraph(r, limit->why);
	r->section(r, result->fit == FITS_NOT ? _("What to change") : _("What to do if it does not fit"),
		   UNFOLDED);
	if (result->high_missing || result->fit == FIT_NOT_KNOWN)
		r->paragraph(r, limit->change);
	if (result->low_missing)
		r->paragraph(r, limit->change_low);
}

static bool is_inferred(const char *mark)
{
	return !strcmp(mark, "inferred");
}

/* Why the answer is less sure than it sounds. */
static void walk_doubts(struct renderer *r, const struct limit *limit, const struct board *board)
{
	const char *place = limit ? limit->mark : NULL, *sizes = board ? board->mark : NULL;

	if (!place && !sizes)
		return;
	r->section(r, _("How sure this is"), UNFOLDED);
	if (place)
		r->item(r, NULL, is_inferred(place) ?
			_("How this hypervisor places memory windows is inferred from its source code and "
			  "from reports; it was not tried with such a GPU.") :
			_("How this hypervisor places memory windows is general knowledge; it was not verified."));
	if (sizes)
		r->item(r, NULL, is_inferred(sizes) ?
			_("The sizes of this GPU's windows are partly inferred from boards of its family.") :
			_("The sizes of this GPU's windows are general knowledge; no listing of a real one was seen."));
}

static void walk_host(struct renderer *r, const struct preflight_ground *ground)
{
	r->section(r, _("What only the host can tell"), UNFOLDED);
	if (ground->limit && ground->limit->host)
		r->paragraph(r, ground->limit->host);
	for (size_t i = 0; i < sizeof(host_only) / sizeof(host_only[0]); i++)
		r->item(r, NULL, _(host_only[i]));
}

/* --- this guest --- */

static void walk_room(struct renderer *r, const struct preflight_ground *ground)
{
	char size[SIZE_TEXT], *start;

	if (ground->high_known && ground->high.end > ground->high.start) {
		start = xasprintf("0x%" PRIx64, ground->high.start);
		render_item(r, ground->below_port ? _("64-bit window") : _("above 4 GiB"),
		     ground->high_may_be_larger ? _("at least %s, from %s on") : _("%s, from %s on"),
		     size_print(ground->high.end - ground->high.start, size), start);
		free(start);
	} else if (ground->high_known) {
		r->item(r, ground->below_port ? _("64-bit window") : _("above 4 GiB"),
			_("none"));
	}
	if (ground->low_known) {
		uint64_t sum = 0;

		for (size_t i = 0; i < ground->room.low.count; i++)
			sum += ground->room.low.at[i].end - ground->room.low.at[i].start;
		render_item(r, ground->below_port ? _("other window") : _("below 4 GiB"), _("%s free"),
		     size_print(sum, size));
	}
}

static void walk_guest(struct renderer *r, const struct preflight_report *report)
{
	const struct preflight_ground *ground = report->ground;
	const struct machine *machine = &report->c->machine;
	char size[SIZE_TEXT];

	r->section(r, _("This guest"), FOLDED);
	if (report->platform->hypervisor)
		render_item(r, _("hypervisor"), _("%s, by its %s"), report->platform->hypervisor->name,
		     report->platform->because);
	else
		r->item(r, _("hypervisor"), report->platform->virtual ?
			report->platform->because : _("none seen"));
	if (machine->efi != NOT_KNOWN)
		render_item(r, _("firmware"), "%s%s%s", machine->efi == YES ? "UEFI" : "BIOS",
		     machine->dmi_bios_vendor ? ", " : "",
		     machine->dmi_bios_vendor ? machine->dmi_bios_vendor : "");
	if (ground->bits)
		render_item(r, _("addresses"), ngettext("%u bit", "%u bits", ground->bits), ground->bits);
	if (ground->ram_end)
		render_item(r, _("RAM"), _("up to address %s"), size_print(ground->ram_end, size));
	walk_room(r, ground);
	if (!ground->below_port && case_has_gpu(report->c))
		r->paragraph(r, _("An NVIDIA GPU is there already. Its windows count as taken, so this is about one more."));
}

static void add_region(struct address_map *map, enum region_kind kind, uint64_t start,
		       uint64_t size, const char *name)
{
	*array_add(&map->regions) = (struct region){
		.kind = kind, .placed = true, .start = start, .size = size, .name = xstrdup(name),
	};
}

static int compare_regions(const void *a, const void *b)
{
	const struct region *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* RAM, the room for windows, and what of the GPU finds no place in it. */
static void walk_map(struct renderer *r, const struct preflight_report *report,
		     const struct preflight_subject *subject)
{
	const struct address_space *space = &report->c->machine.space;
	const struct preflight_ground *ground = report->ground;
	struct address_map map = { .address_bits = ground->bits };

	for (size_t i = 0; i < space->ranges.count; i++) {
		const struct address_range *range = &space->ranges.at[i];

		if (range->kind == RANGE_RAM)
			add_region(&map, REGION_RAM, range->start, range->size, _("RAM"));
		else if (range->kind == RANGE_WINDOW && range->start < FOUR_GIB)
			add_region(&map, REGION_WINDOW, range->start, range->size, _("PCI window"));
	}
	if (ground->high_known && ground->high.end > ground->high.start)
		add_region(&map, REGION_WINDOW, ground->high.start,
			   ground->high.end - ground->high.start, _("room for PCI above 4 GiB"));
	if (map.regions.count)
		qsort(map.regions.at, map.regions.count, sizeof(*map.regions.at), compare_regions);
	for (size_t i = 0; i < subject->layout.count; i++) {
		char *name;

		if (subject->result.bars[i] != FITS_NOT)
			continue;
		name = xasprintf("BAR%u", subject->layout.at[i].index);
		*array_add(&map.regions) = (struct region){
			.kind = REGION_BAR, .size = subject->layout.at[i].size, .name = name,
			.note = xstrdup(_("finds no place")), .trouble = true,
		};
		map.trouble = true;
	}
	if (map.regions.count) {
		r->section(r, _("Addresses of this guest"), FOLDED);
		r->address_map(r, &map);
	}
	address_map_clear(&map);
}

static void walk_one(struct renderer *r, const struct preflight_report *report)
{
	const struct preflight_subject *subject = report->subjects.at;

	walk_headline(r, subject);
	walk_missing(r, report->ground, &subject->result);
	walk_windows(r, subject);
	walk_rebar(r, subject);
	walk_advice(r, report->ground, &subject->result);
	if (subject->result.fit != FIT_NOT_KNOWN)
		walk_doubts(r, report->ground->limit, subject->board);
	walk_host(r, report->ground);
	walk_guest(r, report);
	if (!report->ground->below_port && report->c->machine.space.ranges.count)
		walk_map(r, report, subject);
	r->end(r);
}

/* --- all boards --- */

static void walk_table(struct renderer *r, const struct preflight_report *report)
{
	struct table table = {
		.columns = 4, .header = { _("GPU"), _("largest"), _("result"),
					  _("Resizable BAR") },
	};

	for (size_t i = 0; i < report->subjects.count; i++) {
		const struct preflight_subject *subject = &report->subjects.at[i];
		uint64_t largest = 0;
		char size[SIZE_TEXT], *rebar = NULL;

		for (size_t j = 0; j < subject->layout.count; j++)
			if (subject->layout.at[j].size > largest)
				largest = subject->layout.at[j].size;
		if (subject->board->rebar)
			rebar = xasprintf("%s %s", subject->board->rebar,
					  fit_text(subject->with_rebar));
		table_add(&table, subject->name, size_print(largest, size),
			  fit_text(subject->result.fit), rebar)->marked =
			subject->result.fit == FITS_NOT;
		free(rebar);
	}
	r->table(r, &table);
	table_clear(&table);
}

static void walk_many(struct renderer *r, const struct preflight_report *report)
{
	bool misfits = false, unknown = false;

	for (size_t i = 0; i < report->subjects.count; i++) {
		misfits |= report->subjects.at[i].result.fit == FITS_NOT;
		unknown |= report->subjects.at[i].result.fit == FIT_NOT_KNOWN;
	}
	r->begin(r, _("Which GPUs fit into this guest"));
	r->section(r, _("Which GPUs fit into this guest"), UNFOLDED);
	if (unknown && report->ground->unknown)
		r->paragraph(r, report->ground->unknown);
	walk_table(r, report);
	if (misfits && report->ground->limit) {
		r->section(r, _("Why some do not"), UNFOLDED);
		r->paragraph(r, report->ground->limit->why);
		r->paragraph(r, _("\"gpuprobe preflight --gpu=NAME\" says of one what it misses and what to change."));
	}
	walk_doubts(r, report->ground->limit, NULL);
	walk_host(r, report->ground);
	walk_guest(r, report);
	r->end(r);
}

void preflight_walk(struct renderer *r, const struct preflight_report *report)
{
	if (report->subjects.count == 1)
		walk_one(r, report);
	else
		walk_many(r, report);
}

/* --- JSON --- */

static const char *fit_word(enum fit fit)
{
	return fit == FITS ? "fits" : fit == FITS_NOT ? "does-not-fit" : "cannot-tell";
}

static void add_address(struct json_object *object, const char *key, uint64_t address)
{
	char text[20];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	json_add_text(object, key, text);
}

static struct json_object *window_json(const struct layout_bar *bar, enum fit fit)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "bar", json_object_new_int(bar->index));
	add_address(object, "size", bar->size);
	json_object_object_add(object, "width", json_object_new_int(bar->wide ? 64 : 32));
	json_object_object_add(object, "prefetchable", json_object_new_boolean(bar->prefetch));
	json_add_text(object, "result", fit_word(fit));
	return object;
}

static struct json_object *subject_json(const struct preflight_subject *subject,
					const struct limit *limit)
{
	struct json_object *object = json_object_new_object();
	struct json_object *windows = json_object_new_array();
	const struct preflight *result = &subject->result;
	char device[8];

	json_add_text(object, "gpu", subject->name);
	if (subject->board) {
		snprintf(device, sizeof(device), "%04x", subject->board->device);
		json_add_text(object, "device", device);
		json_add_text(object, "mark", subject->board->mark);
	}
	json_add_text(object, "result", fit_word(result->fit));
	for (size_t i = 0; i < subject->layout.count; i++)
		json_object_array_add(windows, window_json(&subject->layout.at[i],
							   result->bars[i]));
	json_object_object_add(object, "windows", windows);
	if (result->high_missing)
		add_address(object, "missing", result->missing);
	if (result->fit == FITS_NOT)
		json_object_object_add(object, "missing_below_4g",
				       json_object_new_boolean(result->low_missing));
	if (result->bits_needed)
		json_object_object_add(object, "address_bits_needed",
				       json_object_new_int(result->bits_needed));
	if (subject->board && subject->board->rebar)
		json_add_text(object, "with_resizable_bar", fit_word(subject->with_rebar));
	if (limit && result->fit != FITS) {
		json_add_text(object, "why", limit->why);
		json_add_text(object, "change", result->low_missing ? limit->change_low : limit->change);
	}
	return object;
}

static struct json_object *guest_json(const struct preflight_report *report)
{
	const struct preflight_ground *ground = report->ground;
	struct json_object *object = json_object_new_object();
	char port[PCI_ADDRESS_TEXT];

	if (report->platform->hypervisor)
		json_add_text(object, "hypervisor", report->platform->hypervisor->id);
	if (ground->bits)
		json_object_object_add(object, "address_bits", json_object_new_int(ground->bits));
	if (ground->ram_end)
		add_address(object, "ram_end", ground->ram_end);
	if (ground->below_port)
		json_add_text(object, "port", pci_address_print(&report->port, port));
	if (ground->high_known) {
		add_address(object, "room_start", ground->high.start);
		add_address(object, "room_size", ground->high.end - ground->high.start);
	}
	if (ground->limit)
		json_add_text(object, "mark", ground->limit->mark);
	json_add_text(object, "unknown", ground->unknown);
	return object;
}

int preflight_json(FILE *out, const struct preflight_report *report)
{
	struct json_object *root = json_object_new_object();
	struct json_object *gpus = json_object_new_array(), *host = json_object_new_array();

	json_add_text(root, "schema", "gpuprobe-preflight/1");
	json_add_text(root, "gpuprobe", GPUPROBE_VERSION);
	json_object_object_add(root, "guest", guest_json(report));
	for (size_t i = 0; i < report->subjects.count; i++)
		json_object_array_add(gpus, subject_json(&report->subjects.at[i],
							 report->ground->limit));
	json_object_object_add(root, "gpus", gpus);
	for (size_t i = 0; i < sizeof(host_only) / sizeof(host_only[0]); i++)
		json_object_array_add(host, json_object_new_string(host_only[i]));
	json_object_object_add(root, "only_the_host_can_tell", host);
	fprintf(out, "%s\n", json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(root);
	return ferror(out) ? -EIO : 0;
}
