// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The picture of the guest's physical addresses, low ones on top. Across it is
 * measured in per cent, so that it fits a phone as well as paper, and downwards
 * in pixels, so that its words keep their size.
 */
#include "render/html.h"

#include <inttypes.h>

#include "lib/i18n.h"

#define FOUR_GIB	(UINT64_C(1) << 32)

#define BOX_LEFT	34	/* per cent; addresses stand to the left */
#define MARGIN		0.5	/* per cent, for the line of a box */
#define INSET		2.5	/* per cent, for each level of nesting */
#define LINE		17	/* pixels from one line of words to the next */
#define GAP_LEAST	(UINT64_C(1) << 20)	/* smaller ones are not drawn */
#define PAD		7	/* pixels between a box and what is in it */

static const char *const classes[] = {
	[REGION_RAM] = "ram", [REGION_WINDOW] = "window", [REGION_BRIDGE] = "bridge",
	[REGION_BAR] = "bar", [REGION_OTHER] = "other",
};

struct drawing {
	FILE *out;
	const struct address_map *map;
	unsigned int id;
	unsigned int y;		/* where the next thing goes */
};

static uint64_t last_of(const struct region *region)
{
	return region->start + region->size - 1;
}

/* What is 64 times as large is drawn 18 pixels higher. */
static unsigned int height_for(uint64_t size)
{
	unsigned int height = 0;

	for (size >>= 20; size > 1 && height < 60; size >>= 1)
		height += 3;
	return height;
}

static double left_of(unsigned int depth)
{
	return BOX_LEFT + INSET * depth;
}

static double width_of(unsigned int depth)
{
	return 100 - MARGIN - BOX_LEFT - 2 * INSET * depth;
}

static void put_text(const struct drawing *d, double x, unsigned int y, const char *class,
		     const char *text)
{
	fprintf(d->out, "<text x=\"%.1f%%\" y=\"%u\" class=\"%s\">", x, y, class);
	html_put(d->out, "", text, "</text>\n");
}

static void put_address(const struct drawing *d, uint64_t address, unsigned int y)
{
	char text[20];

	snprintf(text, sizeof(text), "0x%" PRIx64, address);
	put_text(d, 0, y, "address", text);
}

static void put_box(const struct drawing *d, const char *class, double x, double width,
		    unsigned int y, unsigned int height)
{
	fprintf(d->out, "<rect x=\"%.1f%%\" y=\"%u\" width=\"%.1f%%\" height=\"%u\" rx=\"4\" "
		"class=\"%s\"/>\n", x, y, width, height, class);
}

/* --- what is empty --- */

static void put_fold(struct drawing *d, uint64_t from, uint64_t to)
{
	char size[SIZE_TEXT], *text = xasprintf(_("nothing for %s"), size_print(to - from, size));

	if (from <= FOUR_GIB && to >= FOUR_GIB) {
		fprintf(d->out, "<line x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\" class=\"limit\"/>\n",
			d->y + 8, d->y + 8);
		put_text(d, 0, d->y + 24, "limit", _("4 GiB"));
		d->y += 8;
	}
	put_text(d, left_of(0) + INSET, d->y + 18, "fold", text);
	d->y += 28;
	free(text);
}

static void put_free(struct drawing *d, unsigned int depth, uint64_t size)
{
	char words[SIZE_TEXT], *text = xasprintf(_("free: %s"), size_print(size, words));
	unsigned int height = LINE + 6 + height_for(size) / 3;

	fprintf(d->out, "<rect x=\"%.1f%%\" y=\"%u\" width=\"%.1f%%\" height=\"%u\" "
		"fill=\"url(#hatch%u)\"/>\n", left_of(depth), d->y, width_of(depth), height, d->id);
	put_text(d, left_of(depth) + INSET, d->y + height / 2 + 5, "free", text);
	d->y += height + PAD;
	free(text);
}

/* --- what does not fit --- */

static void put_bar(struct drawing *d, const char *text, const char *class, double x, double width)
{
	d->y += LINE;
	put_text(d, x, d->y, "size", text);
	d->y += 6;
	put_box(d, class, x, width, d->y, 10);
	d->y += 10;
}

/* Two bars of one scale: what it needs, and the largest free place. */
static void put_comparison(struct drawing *d, const struct region *region)
{
	double x = left_of(1) + INSET, width = width_of(1) - 2 * INSET;
	double share = width * region->room / region->size;
	char need[SIZE_TEXT], room[SIZE_TEXT], *text;

	text = xasprintf(_("needs %s"), size_print(region->size, need));
	put_bar(d, text, "need", x, width);
	free(text);
	text = xasprintf(_("largest free place: %s"), size_print(region->room, room));
	put_bar(d, text, "room", x, share > 0.6 ? share < width ? share : width : 0.6);
	free(text);
}

static void put_unplaced(struct drawing *d, const struct region *region)
{
	unsigned int top = d->y;

	put_text(d, left_of(1) + INSET, d->y + LINE + 2, "name trouble", region->name);
	put_text(d, left_of(1) + INSET, d->y + 2 * LINE + 2, "name trouble", _("does not fit"));
	d->y += 2 * LINE + 4;
	put_comparison(d, region);
	d->y += PAD + 3;
	put_box(d, "misfit", left_of(1), width_of(1), top, d->y - top);
	d->y += PAD;
}

/* Those that should be in the window that begins at @start; 0: those of no window. */
static void put_misfits(struct drawing *d, uint64_t start)
{
	for (size_t i = 0; i < d->map->regions.count; i++) {
		const struct region *region = &d->map->regions.at[i];

		if (!region->placed && region->start == start)
			put_unplaced(d, region);
	}
}

/* --- regions --- */

static void put_labels(const struct drawing *d, const struct region *region, unsigned int depth,
		       unsigned int y)
{
	char size[SIZE_TEXT];

	put_address(d, region->start, y + LINE - 3);
	put_text(d, left_of(depth) + INSET, y + LINE, "name", region->name);
	put_text(d, left_of(depth) + INSET, y + 2 * LINE, "size", size_print(region->size, size));
}

static bool holds(const struct region *outer, const struct region *inner)
{
	return inner->placed && inner->start >= outer->start && last_of(inner) <= last_of(outer);
}

static bool is_container(const struct region *region)
{
	return region->kind == REGION_WINDOW || region->kind == REGION_BRIDGE;
}

static size_t put_region(struct drawing *d, size_t index, unsigned int depth);

/* What lies in a window, with what is free between. Returns the index after it. */
static size_t put_content(struct drawing *d, size_t index, unsigned int depth)
{
	const struct region *outer = &d->map->regions.at[index];
	uint64_t at = outer->start;
	size_t i = index + 1;

	while (i < d->map->regions.count && holds(outer, &d->map->regions.at[i])) {
		const struct region *inner = &d->map->regions.at[i];

		if (inner->start > at)
			put_free(d, depth + 1, inner->start - at);
		if (last_of(inner) + 1 > at)
			at = last_of(inner) + 1;
		i = put_region(d, i, depth + 1);
	}
	if (at && at <= last_of(outer))
		put_free(d, depth + 1, last_of(outer) - at + 1);
	if (outer->kind == REGION_WINDOW)
		put_misfits(d, outer->start);
	return i;
}

/* A box is drawn before what is in it, so it is as high as that proves to be. */
static size_t put_region(struct drawing *d, size_t index, unsigned int depth)
{
	const struct region *region = &d->map->regions.at[index];
	struct drawing inside = *d;
	char *content = NULL;
	size_t size, next = index + 1;

	inside.out = open_memstream(&content, &size);
	inside.y += 2 * LINE + PAD;
	if (is_container(region))
		next = put_content(&inside, index, depth);
	else
		inside.y += height_for(region->size) / 2;
	fclose(inside.out);
	put_box(d, classes[region->kind], left_of(depth), width_of(depth), d->y, inside.y - d->y);
	put_labels(d, region, depth, d->y);
	fputs(content, d->out);
	d->y = inside.y + PAD;
	free(content);
	return next;
}

/* Where the processor's addresses end. */
static void put_limit(struct drawing *d)
{
	char *text = address_limit_text(d->map);

	if (!text)
		return;
	fprintf(d->out, "<line x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\" class=\"limit\"/>\n",
		d->y + 4, d->y + 4);
	put_text(d, 0, d->y + 20, "limit", text);
	d->y += 28;
	free(text);
}

static void put_all(struct drawing *d)
{
	uint64_t at = 0;
	size_t i = 0;

	while (i < d->map->regions.count && d->map->regions.at[i].placed) {
		const struct region *region = &d->map->regions.at[i];

		if (region->start >= at + GAP_LEAST)
			put_fold(d, at, region->start);
		if (last_of(region) + 1 > at)
			at = last_of(region) + 1;
		i = put_region(d, i, 0);
	}
	put_misfits(d, 0);
	put_limit(d);
}

/* In words, for those who do not see it. */
static char *describe(const struct address_map *map)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	char *limit = address_limit_text(map);

	if (limit)
		fprintf(out, "%s. ", limit);
	for (size_t i = 0; i < map->regions.count; i++) {
		const struct region *region = &map->regions.at[i];
		char words[SIZE_TEXT];

		fprintf(out, region->placed ? _("%s at 0x%" PRIx64 ", %s. ") : "", region->name,
			region->start, size_print(region->size, words));
		if (region->note)
			fprintf(out, "%s %s. ", region->name, region->note);
	}
	free(limit);
	fclose(out);
	return text;
}

void html_draw_map(FILE *out, const struct address_map *map, unsigned int id)
{
	char *content = NULL, *words = describe(map);
	size_t size;
	struct drawing d = { open_memstream(&content, &size), map, id, 8 };

	put_all(&d);
	fclose(d.out);
	fprintf(out, "<svg class=\"map\" width=\"100%%\" height=\"%u\" role=\"img\" "
		"aria-labelledby=\"map%u-title map%u-desc\">\n<title id=\"map%u-title\">%s</title>\n",
		d.y, id, id, id, _("Physical addresses of this machine"));
	fprintf(out, "<desc id=\"map%u-desc\">", id);
	html_put(out, "", words, "</desc>\n");
	fprintf(out, "<defs><pattern id=\"hatch%u\" width=\"7\" height=\"7\" "
		"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
		"<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" class=\"hatch\"/></pattern></defs>\n", id);
	fputs(content, out);
	fputs("</svg>\n", out);
	free(content);
	free(words);
}
