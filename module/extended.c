// SPDX-License-Identifier: GPL-2.0-only
/*
 * What extended config space holds, 0x100 to 0xfff, and whether there is one.
 *
 * Hypervisors hide it in different ways, so that it reads as zero, as all ones,
 * or cannot be reached at all. Where there is a list of capabilities, it is
 * walked with a budget: a device may lie in every pointer.
 */
#include <linux/bitmap.h>
#include <linux/pci.h>

#include "compat.h"
#include "record.h"
#include "snapshot.h"

#define FIRST		PCI_CFG_SPACE_SIZE
#define DWORDS		(PCI_CFG_SPACE_EXP_SIZE / 4)

/* Config reads for the whole list; real GPUs need some 15 to 30. */
#define READS_MAX	32u
/* The longest capability that is read: ReBAR with six BARs. */
#define BODY_MAX	12u

/* PCIe r6.0, 7.9.6: designated vendor-specific */
#define CAP_DVSEC	0x23
#define DVSEC_VENDOR	4	/* 15:0 */
#define DVSEC_ID	8	/* 15:0 */
/* docs/sources.md 1.9: in NVIDIA's DVSEC with id 0, the dword at 8 */
#define DVSEC_FIREWALL	BIT(20)

struct walk {
	struct gp_view *view;
	struct gp_builder *builder;
	unsigned int budget;
	struct gpuprobe_extended found;
	DECLARE_BITMAP(seen, DWORDS);
};

struct capability {
	__le32 dwords[1 + BODY_MAX];
	unsigned int count;
};

/* docs/sources.md 1.9: Blackwell boards whose BARs may be closed at first */
static bool may_have_firewall(const struct pci_dev *pdev)
{
	return (pdev->device >= 0x2900 && pdev->device <= 0x29ff) ||
	       (pdev->device >= 0x3180 && pdev->device <= 0x327f);
}

static int read_next(struct walk *walk, unsigned int offset,
		     struct capability *cap)
{
	unsigned int at = offset + 4 * cap->count;
	u32 value;
	int err;

	if (cap->count == ARRAY_SIZE(cap->dwords) ||
	    at > PCI_CFG_SPACE_EXP_SIZE - 4)
		return -ERANGE;
	if (!walk->budget)
		return -E2BIG;
	walk->budget--;
	err = gp_config_read(walk->view, at, &value);
	if (err)
		return err;
	cap->dwords[cap->count++] = cpu_to_le32(value);
	return 0;
}

static u32 dword_of(const struct capability *cap, unsigned int offset)
{
	return offset / 4 < cap->count ? le32_to_cpu(cap->dwords[offset / 4]) :
					 0;
}

static void read_dwords(struct walk *walk, unsigned int offset,
			struct capability *cap, unsigned int count)
{
	while (count-- && !read_next(walk, offset, cap))
		;
}

static void read_rebar(struct walk *walk, unsigned int offset,
		       struct capability *cap)
{
	u32 control;

	read_dwords(walk, offset, cap, 2);
	control = dword_of(cap, PCI_REBAR_CTRL);
	control = (control & PCI_REBAR_CTRL_NBAR_MASK) >>
		  PCI_REBAR_CTRL_NBAR_SHIFT;
	if (control > 1)
		read_dwords(walk, offset, cap, 2 * (control - 1));
}

static void read_dvsec(struct walk *walk, unsigned int offset,
		       struct capability *cap)
{
	read_dwords(walk, offset, cap, 2);
	if ((dword_of(cap, DVSEC_VENDOR) & 0xffff) != PCI_VENDOR_ID_NVIDIA)
		return;
	read_dwords(walk, offset, cap, 3);
	if (may_have_firewall(walk->view->pdev) &&
	    (dword_of(cap, DVSEC_ID) & 0xffff) == 0 &&
	    dword_of(cap, DVSEC_ID) & DVSEC_FIREWALL)
		walk->view->firewall = true;
}

static void read_body(struct walk *walk, unsigned int offset,
		      struct capability *cap)
{
	switch (PCI_EXT_CAP_ID(dword_of(cap, 0))) {
	case PCI_EXT_CAP_ID_ERR:
		read_dwords(walk, offset, cap, 6);
		break;
	case PCI_EXT_CAP_ID_VNDR:
		read_dwords(walk, offset, cap, 2);
		break;
	case PCI_EXT_CAP_ID_ACS:
		read_dwords(walk, offset, cap, 1);
		break;
	case PCI_EXT_CAP_ID_SRIOV:
		read_dwords(walk, offset, cap, 4);
		break;
	case PCI_EXT_CAP_ID_REBAR:
		read_rebar(walk, offset, cap);
		break;
	case CAP_DVSEC:
		read_dvsec(walk, offset, cap);
		break;
	}
}

/* Reads one capability. Return: its header, or an errno as a walk's end. */
static int read_capability(struct walk *walk, unsigned int offset, u32 *header)
{
	struct capability cap = { .count = 0 };
	int err = read_next(walk, offset, &cap);

	if (err)
		return err;
	*header = dword_of(&cap, 0);
	if (!*header || PCI_POSSIBLE_ERROR(*header))
		return -ENOENT;
	read_body(walk, offset, &cap);
	gp_builder_add(walk->builder, GPUPROBE_ITEM_CONFIG, offset / 4,
		       cap.dwords, cap.count * sizeof(cap.dwords[0]));
	walk->found.capabilities++;
	return 0;
}

static u32 walk_end(struct walk *walk, unsigned int offset)
{
	u32 header;
	int err;

	do {
		if (offset < FIRST || offset & 3)
			return GPUPROBE_WALK_OUTSIDE;
		if (test_and_set_bit(offset / 4, walk->seen))
			return GPUPROBE_WALK_LOOP;
		err = read_capability(walk, offset, &header);
		if (err)
			return err == -E2BIG ? GPUPROBE_WALK_BUDGET :
					       GPUPROBE_WALK_EMPTY;
		/* Its two lowest bits are reserved, and shown to the reader. */
		offset = header >> 20;
	} while (offset);
	return GPUPROBE_WALK_LAST;
}

/* If there is a list, the walk reads its first header again. */
static int look(struct walk *walk)
{
	struct gpuprobe_extended *found = &walk->found;
	u32 id;
	int err;

	if (walk->view->pdev->cfg_size < PCI_CFG_SPACE_EXP_SIZE) {
		found->state = GPUPROBE_EXTENDED_UNREACHABLE;
		return 0;
	}
	err = gp_config_read(walk->view, FIRST, &found->first);
	if (err)
		return err;
	if (!found->first) {
		found->state = GPUPROBE_EXTENDED_ZERO;
		return 0;
	}
	if (!PCI_POSSIBLE_ERROR(found->first)) {
		found->state = GPUPROBE_EXTENDED_REAL;
		found->end = walk_end(walk, FIRST);
		return 0;
	}
	found->state = GPUPROBE_EXTENDED_ONES;
	err = gp_config_read(walk->view, PCI_VENDOR_ID, &id);
	if (err)
		return err;
	return PCI_POSSIBLE_ERROR(id) ? -ENXIO : 0;
}

static bool is_wanted(const struct gp_view *view)
{
	return gp_view_is_thorough(view) ||
	       (gp_view_is_driverless(view) && view->is_gpu &&
		may_have_firewall(view->pdev));
}

/**
 * gp_collect_extended() - extended config space: GPUPROBE_ITEM_EXTENDED, and a
 * GPUPROBE_ITEM_CONFIG for each capability
 * @builder:	the record
 * @view:	the function; firewall is set
 *
 * Reads at most 34 dwords, nothing where standard config space was not read. In
 * a snapshot that is not thorough only where it tells whether BAR0 may be read.
 * May sleep for memory.
 */
void gp_collect_extended(struct gp_builder *builder, struct gp_view *view)
{
	struct walk walk = {
		.view = view,
		.builder = builder,
		.budget = READS_MAX,
		.found.end = GPUPROBE_WALK_LAST,
	};
	int err, lost;

	if (!is_wanted(view))
		return;
	err = view->config_error;
	if (!err) {
		err = look(&walk);
		lost = gp_reachable(view->pdev);
		if (lost)
			err = lost;
	}
	if (err)
		gp_builder_add_error(builder, GPUPROBE_ITEM_EXTENDED, 0, err);
	else
		gp_builder_add(builder, GPUPROBE_ITEM_EXTENDED, 0, &walk.found,
			       sizeof(walk.found));
}
