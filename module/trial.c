// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does the kernel give the function vectors for MSI-X, for MSI?
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/timekeeping.h>

#include "intx.h"
#include "record.h"
#include "snapshot.h"
#include "trial.h"
#include "vectors.h"

static u32 count_capable(const struct gp_view *view, u32 type)
{
	const struct pci_dev *pdev = view->pdev;
	u16 control;

	if (type == GPUPROBE_IRQ_TYPE_MSIX) {
		control = gp_view_config16(view, pdev->msix_cap +
					   PCI_MSIX_FLAGS);
		return (control & PCI_MSIX_FLAGS_QSIZE) + 1;
	}
	control = gp_view_config16(view, pdev->msi_cap + PCI_MSI_FLAGS);
	return 1u << ((control & PCI_MSI_FLAGS_QMASK) >> 1);
}

static int may_try(const struct gp_view *view)
{
	int err;

	if (!gp_view_is_driverless(view))
		return -EBUSY;
	if (view->config_error)
		return view->config_error;
	err = gp_reachable(view->pdev);
	if (err)
		return err;
	return gp_view_is_in_d0(view) ? 0 : -EHOSTDOWN;
}

/**
 * gp_try_vectors() - allocate one vector, and give it back
 * @view:	the function, whose config space was read just before
 * @type:	GPUPROBE_IRQ_TYPE_MSIX or _MSI, of which it has a capability
 * @trial:	overwritten
 *
 * May sleep.
 *
 * Return: 0 if it was tried, whatever came out; a negative errno that
 * uapi/gpuprobe.h gives to GPUPROBE_ITEM_MSI_TRIAL.
 */
int gp_try_vectors(struct gp_view *view, u32 type,
		   struct gpuprobe_msi_trial *trial)
{
	unsigned int wanted = type == GPUPROBE_IRQ_TYPE_MSIX ? PCI_IRQ_MSIX :
							       PCI_IRQ_MSI;
	struct gp_vectors vectors;
	u64 start = ktime_get_ns();
	int got = may_try(view);

	if (got)
		return got;
	memset(trial, 0, sizeof(*trial));
	trial->type = type;
	trial->asked = 1;
	trial->capable = count_capable(view, type);
	got = gp_vectors_get(&vectors, view, wanted, trial->asked);
	if (got > 0) {
		trial->got = got;
		trial->irq = pci_irq_vector(view->pdev, 0);
	} else {
		trial->error = got;
	}
	gp_vectors_put(&vectors);
	trial->differences = vectors.differences;
	trial->lasting = vectors.lasting;
	trial->time_ns = ktime_get_ns() - start;
	return vectors.group ? 0 : got;
}

static void add_trial(struct gp_builder *builder, struct gp_view *view,
		      u32 type, u16 index)
{
	struct gpuprobe_msi_trial trial;
	int err = gp_try_vectors(view, type, &trial);

	if (err) {
		gp_builder_add_error(builder, GPUPROBE_ITEM_MSI_TRIAL, index,
				     err);
		return;
	}
	if (type == GPUPROBE_IRQ_TYPE_MSI)
		gp_intx_note_trial(view, trial.got);
	gp_builder_add(builder, GPUPROBE_ITEM_MSI_TRIAL, index, &trial,
		       sizeof(trial));
}

/**
 * gp_collect_msi_trial() - are vectors to be had? GPUPROBE_ITEM_MSI_TRIAL
 * @builder:	the record
 * @view:	the function
 *
 * Writes config space, and puts it back; docs/safety.md tells what. Not just
 * before a probe, nor while a function is being added: resources and quirks are
 * not settled then. May sleep.
 */
void gp_collect_msi_trial(struct gp_builder *builder, struct gp_view *view)
{
	if (!view->is_gpu || (view->trigger != GPUPROBE_TRIGGER_LOAD &&
			      view->trigger != GPUPROBE_TRIGGER_REQUEST))
		return;
	if (view->pdev->msix_cap)
		add_trial(builder, view, GPUPROBE_IRQ_TYPE_MSIX, 0);
	if (view->pdev->msi_cap)
		add_trial(builder, view, GPUPROBE_IRQ_TYPE_MSI, 1);
}
