// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether BAR0 may be read, and how: a page at a time, by aligned 32-bit reads.
 *
 * Nothing is claimed, as a driver has to be able to claim it, and nothing is
 * changed to make a read possible: no decoding is switched on, no power. An
 * ioremap() needs no claim.
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/timekeeping.h>

#include "bar0.h"
#include "compat.h"
#include "record.h"
#include "view.h"

/**
 * gp_is_bad() - is this the GPU's own mark for a read that failed?
 * @value:	as read
 *
 * docs/sources.md 1.14, as the resource manager screens them.
 *
 * Return: true if it is.
 */
bool gp_is_bad(u32 value)
{
	return (value & 0xfff00000) == 0xbad00000;
}

static bool is_big_memory(const struct pci_dev *pdev)
{
	return pdev->hdr_type == PCI_HEADER_TYPE_NORMAL &&
	       pci_resource_flags(pdev, 0) & IORESOURCE_MEM &&
	       pci_resource_len(pdev, 0) >= SZ_1M;
}

/* In the resource tree, with an address. The pointer is not followed. */
static bool is_claimed(const struct pci_dev *pdev)
{
	return pci_resource_start(pdev, 0) &&
	       !(pci_resource_flags(pdev, 0) & IORESOURCE_UNSET) &&
	       pdev->resource[0].parent;
}

static bool is_where_the_kernel_thinks(const struct gp_view *view)
{
	u64 address = gp_view_config32(view, PCI_BASE_ADDRESS_0);

	if ((address & PCI_BASE_ADDRESS_MEM_TYPE_MASK) ==
	    PCI_BASE_ADDRESS_MEM_TYPE_64)
		address |= (u64)gp_view_config32(view, PCI_BASE_ADDRESS_1) << 32;
	address &= PCI_BASE_ADDRESS_MEM_MASK;
	return address == pci_bus_address(view->pdev, 0);
}

/*
 * Return: 0, or why BAR0 must not be read. Somebody who has requested the
 * region without being a driver of the function, such as a driver of the boot
 * display, has made it a parent.
 */
static u32 obstacle(const struct gp_view *view)
{
	struct pci_dev *pdev = view->pdev;

	if (!gp_view_is_driverless(view) || pdev->resource[0].child)
		return GPUPROBE_BAR0_DRIVER;
	if (view->config_error)
		return GPUPROBE_BAR0_UNREACHABLE;
	if (!is_big_memory(pdev))
		return GPUPROBE_BAR0_NO_BAR;
	if (!is_claimed(pdev))
		return GPUPROBE_BAR0_UNASSIGNED;
	if (!(gp_view_config16(view, PCI_COMMAND) & PCI_COMMAND_MEMORY))
		return GPUPROBE_BAR0_DECODE_OFF;
	if (!gp_view_is_in_d0(view))
		return GPUPROBE_BAR0_NOT_D0;
	if (!is_where_the_kernel_thinks(view))
		return GPUPROBE_BAR0_MISMATCH;
	if (view->firewall)
		return GPUPROBE_BAR0_FIREWALL;
	return 0;
}

/**
 * gp_bar0_open() - may BAR0 be read?
 * @bar0:	anything; overwritten
 * @view:	the function, whose config space was read just before; if the
 *		caller wants to be told the reason, it calls gp_bar0_report()
 * @budget:	how many reads may be made
 *
 * Does not touch the hardware. gp_bar0_close() is due in any case.
 *
 * Return: true if it may.
 */
bool gp_bar0_open(struct gp_bar0 *bar0, struct gp_view *view,
		  unsigned int budget)
{
	*bar0 = (struct gp_bar0) {
		.view = view,
		.start = pci_resource_start(view->pdev, 0),
		.budget = budget,
		.info.fastest_ns = U32_MAX,
	};
	bar0->info.outcome = obstacle(view);
	return !bar0->info.outcome;
}

static void unmap(struct gp_bar0 *bar0)
{
	if (bar0->page)
		iounmap(bar0->page);
	bar0->page = NULL;
}

/**
 * gp_bar0_close() - take back the mapping
 * @bar0:	what gp_bar0_open() was called for
 */
void gp_bar0_close(struct gp_bar0 *bar0)
{
	unmap(bar0);
}

/**
 * gp_bar0_stop() - no more reads
 * @bar0:	what gp_bar0_open() was called for
 * @outcome:	enum gpuprobe_bar0_outcome; a reason given earlier stays
 *
 * Return: false, always, for callers that go on while it is true.
 */
bool gp_bar0_stop(struct gp_bar0 *bar0, u32 outcome)
{
	if (!bar0->info.outcome)
		bar0->info.outcome = outcome;
	return false;
}

/**
 * gp_bar0_stop_at_ones() - no more reads, as one gave all ones
 * @bar0:	what gp_bar0_open() was called for
 *
 * Reads one dword of config space to tell a function that left from one whose
 * BAR0 does not answer.
 */
void gp_bar0_stop_at_ones(struct gp_bar0 *bar0)
{
	u32 id;

	if (gp_reachable(bar0->view->pdev) ||
	    gp_config_read(bar0->view, PCI_VENDOR_ID, &id) ||
	    PCI_POSSIBLE_ERROR(id))
		gp_bar0_stop(bar0, GPUPROBE_BAR0_GONE);
	else
		gp_bar0_stop(bar0, GPUPROBE_BAR0_ALL_ONES);
}

static bool map(struct gp_bar0 *bar0, u32 offset)
{
	u32 at = offset & ~(GP_BAR0_PAGE - 1);

	if (bar0->page && bar0->page_at == at)
		return true;
	unmap(bar0);
	bar0->page = ioremap(bar0->start + at, GP_BAR0_PAGE);
	bar0->page_at = at;
	return bar0->page;
}

static bool is_inside(const struct gp_bar0 *bar0, u32 offset)
{
	return !(offset & 3) &&
	       offset <= pci_resource_len(bar0->view->pdev, 0) - 4;
}

static void note_time(struct gp_bar0 *bar0, u64 ns, struct gp_reading *reading)
{
	reading->ns = min_t(u64, ns, U32_MAX);
	bar0->view->meter.access_ns += ns;
	bar0->view->meter.bar0_reads++;
	bar0->info.fastest_ns = min(bar0->info.fastest_ns, reading->ns);
	bar0->info.slowest_ns = max(bar0->info.slowest_ns, reading->ns);
}

/**
 * gp_bar0_read() - read a register
 * @bar0:	an open one
 * @offset:	in BAR0
 * @reading:	overwritten if the read is made
 *
 * May sleep for memory.
 *
 * Return: 0; -EIO after gp_bar0_stop(), if @offset is outside or not a multiple
 * of 4, or if the budget is used up; -ENOMEM, which also stops.
 */
int gp_bar0_read(struct gp_bar0 *bar0, u32 offset, struct gp_reading *reading)
{
	u64 start;

	if (bar0->info.outcome || !bar0->budget || !is_inside(bar0, offset))
		return -EIO;
	if (!map(bar0, offset)) {
		gp_bar0_stop(bar0, GPUPROBE_BAR0_NO_MEMORY);
		return -ENOMEM;
	}
	bar0->budget--;
	start = ktime_get_ns();
	reading->value = readl(bar0->page + offset - bar0->page_at);
	note_time(bar0, ktime_get_ns() - start, reading);
	return 0;
}

/**
 * gp_bar0_report() - how the reading went: GPUPROBE_ITEM_BAR0
 * @bar0:	what gp_bar0_open() was called for
 * @builder:	the record
 *
 * May sleep for memory.
 */
void gp_bar0_report(const struct gp_bar0 *bar0, struct gp_builder *builder)
{
	struct gpuprobe_bar0 info = bar0->info;

	info.reads = bar0->view->meter.bar0_reads;
	if (!info.reads)
		info.fastest_ns = 0;
	if (!info.outcome)
		info.outcome = GPUPROBE_BAR0_READ;
	gp_builder_add(builder, GPUPROBE_ITEM_BAR0, 0, &info, sizeof(info));
}
