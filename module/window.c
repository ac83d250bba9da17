// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which ranges of addresses reach the function, and what is free in them.
 *
 * The resource tree has a lock that a module cannot have, so it is not walked.
 * Instead all PCI functions are asked what they take, and their resources'
 * parent is compared with the window, not followed. What others have in the
 * window, such as a reserved range of the firmware, is thus not seen.
 */
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "record.h"
#include "snapshot.h"
#include "window.h"

#define WINDOWS_MAX	64u
/* Functions have some five resources; more than this are not expected. */
#define TAKERS_MAX	512u

struct takers {
	struct gp_range *ranges;
	unsigned int count;
	bool overflow;
};

/**
 * gp_largest_aligned() - the largest aligned power of two in a range
 * @start:	inclusive
 * @end:	inclusive; less than @start is an empty range
 *
 * Return: the largest power of two for which a block of that size, aligned to
 * it, is inside; 0 for an empty range.
 */
u64 gp_largest_aligned(u64 start, u64 end)
{
	u64 length = end - start, size, first;
	int order;

	if (end < start)
		return 0;
	for (order = length == U64_MAX ? 63 : ilog2(length + 1); order >= 0;
	     order--) {
		size = 1ULL << order;
		first = (start + size - 1) & ~(size - 1);
		if (first >= start && first <= end &&
		    end - first >= size - 1)
			return size;
	}
	return 0;
}

static int compare_ranges(const void *left, const void *right)
{
	const struct gp_range *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return 0;
}

/**
 * gp_largest_free() - the largest aligned power of two that nobody takes
 * @window:	in which range
 * @ranges:	what is taken; sorted afterwards. May overlap each other and the
 *		ends of the window.
 * @count:	of @ranges
 *
 * Return: bytes; 0 if all is taken.
 */
u64 gp_largest_free(const struct gp_range *window, struct gp_range *ranges,
		    unsigned int count)
{
	u64 from = window->start, best = 0;
	unsigned int i;

	sort(ranges, count, sizeof(*ranges), compare_ranges, NULL);
	for (i = 0; i < count; i++) {
		if (ranges[i].start > window->end)
			break;
		if (ranges[i].start > from)
			best = max(best, gp_largest_aligned(from,
							    ranges[i].start - 1));
		if (ranges[i].end >= window->end)
			return best;
		if (ranges[i].end >= from)
			from = ranges[i].end + 1;
	}
	return max(best, gp_largest_aligned(from, window->end));
}

static void add_takers_of(struct takers *takers, const struct pci_dev *pdev,
			  const struct resource *window)
{
	int i;

	for (i = 0; i < DEVICE_COUNT_RESOURCE; i++) {
		const struct resource taken = pdev->resource[i];

		if (taken.parent != window || taken.end < taken.start)
			continue;
		if (takers->count == TAKERS_MAX) {
			takers->overflow = true;
			return;
		}
		takers->ranges[takers->count++] = (struct gp_range) {
			.start = taken.start,
			.end = taken.end,
		};
	}
}

static void find_takers(struct takers *takers, const struct resource *window)
{
	struct pci_dev *pdev = NULL;

	takers->count = 0;
	takers->overflow = false;
	for_each_pci_dev(pdev)
		add_takers_of(takers, pdev, window);
}

static void add_window(struct gp_builder *builder, u16 index, u16 parent,
		       struct takers *takers, const struct resource *resource)
{
	const struct gp_range range = {
		.start = resource->start,
		.end = resource->end,
	};
	struct gpuprobe_window window = {
		.start = range.start,
		.end = range.end,
		.flags = resource->flags,
		.parent = parent,
	};
	unsigned int i;

	find_takers(takers, resource);
	window.takers = takers->count;
	for (i = 0; i < takers->count; i++)
		window.taken += takers->ranges[i].end -
				takers->ranges[i].start + 1;
	if (!takers->overflow && window.end)
		window.largest_free = gp_largest_free(&range, takers->ranges,
						      takers->count);
	gp_builder_add(builder, GPUPROBE_ITEM_WINDOW, index, &window,
		       sizeof(window));
}

static void add_windows(struct gp_builder *builder, struct takers *takers,
			struct pci_bus *bus)
{
	struct resource *resource;
	u16 index = 0, parent = 0;
	int i;

	for (; bus; bus = bus->parent, parent++) {
		pci_bus_for_each_resource(bus, resource, i) {
			if (!resource || index == WINDOWS_MAX ||
			    !(resource->flags & (IORESOURCE_MEM |
						 IORESOURCE_IO)))
				continue;
			add_window(builder, index++,
				   bus->self ? parent : GPUPROBE_PARENT_ROOT_BUS,
				   takers, resource);
		}
	}
}

/**
 * gp_collect_windows() - a GPUPROBE_ITEM_WINDOW for each window above
 * @builder:	the record
 * @view:	the function
 *
 * In thorough snapshots only. Does not touch the hardware. May sleep for
 * memory. What is reassigned meanwhile may be of different moments.
 */
void gp_collect_windows(struct gp_builder *builder, struct gp_view *view)
{
	struct takers takers;

	if (!gp_view_is_thorough(view))
		return;
	takers.ranges = kmalloc_array(TAKERS_MAX, sizeof(*takers.ranges),
				      GFP_KERNEL | __GFP_NOWARN);
	if (!takers.ranges) {
		gp_builder_add_error(builder, GPUPROBE_ITEM_WINDOW, 0, -ENOMEM);
		return;
	}
	add_windows(builder, &takers, view->pdev->bus);
	kfree(takers.ranges);
}
