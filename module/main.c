// SPDX-License-Identifier: GPL-2.0-only
/*
 * gpuprobe: observes functions on the PCI bus, above all NVIDIA GPUs, and
 * tells user space what only the kernel can see, and when. It judges nothing,
 * is no driver, claims nothing, and leaves everything as it was; docs/safety.md
 * lists all that it touches.
 *
 *	observer.c	when to look, match.c at what
 *	snapshot.c	one look; view.c and reach.c are its way to config space
 *	config.c, extended.c, flags.c, iommu.c, irq.c, irqline.c, parent.c,
 *	power.c, reset.c, resource.c, route.c, state.c, window.c
 *			answer one question each about the function
 *	gpu.c		one look at a GPU's registers: bar0.c may it be, chip.c
 *			which GPU, registers.c the allow-list, mirror.c, prom.c
 *	trial.c		are MSI vectors to be had? vectors.c gets them and undoes it
 *	irqtest.c	the interrupt test; recipe.c how a GPU raises one, shot.c
 *			does it arrive
 *	intx.c		the workaround
 *	record.c	the bytes of a record
 *	store.c		which records are kept
 *	chardev.c	/dev/gpuprobe
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>

#include "chardev.h"
#include "compat.h"
#include "intx.h"
#include "match.h"
#include "observer.h"
#include "selftest.h"
#include "store.h"
#include "version.h"

/* For all records; one GPU with its audio function takes some 64 KiB. */
#define RECORD_MEMORY	SZ_2M

static char *match_text = "";
module_param_named(match, match_text, charp, 0444);
MODULE_PARM_DESC(match, "functions to observe: 'all', or vendor[:device],... in hex; default: NVIDIA display functions. Functions in the same slot come along.");

static unsigned int keep = 16;
module_param(keep, uint, 0444);
MODULE_PARM_DESC(keep, "snapshots kept per function, 1 to 256; default 16");

static bool intx_enabled;
module_param_named(intx, intx_enabled, bool, 0644);
MODULE_PARM_DESC(intx, "let nvidia.ko start a GPU that has MSI but no interrupt pin, by giving it a number for the pin; default off");

static struct gp_match match;
static struct gp_intx intx;
static struct gp_store *store;
static struct gp_observer observer;
static struct gp_chardev chardev;

static int check_parameters(void)
{
	int err;

	err = gp_match_parse(match_text, &match);
	if (err) {
		pr_err("match=%s: must be 'all', or at most %u of vendor[:device], each 4 hexadecimal digits, separated by commas\n",
		       match_text, GP_MATCH_RULES_MAX);
		return err;
	}
	if (keep < GP_KEEP_MIN || keep > GP_KEEP_MAX) {
		pr_err("keep=%u: must be %u to %u\n", keep, GP_KEEP_MIN,
		       GP_KEEP_MAX);
		return -EINVAL;
	}
	return 0;
}

static int __init gpuprobe_init(void)
{
	int err, observed;

	err = check_parameters();
	if (err)
		return err;
	err = gp_selftest();
	if (err)
		return err;

	store = gp_store_create(keep, RECORD_MEMORY);
	if (!store)
		return -ENOMEM;
	gp_intx_start(&intx, &intx_enabled);
	observed = gp_observer_start(&observer, store, &intx, &match);
	if (observed < 0) {
		err = observed;
		pr_err("cannot listen to the PCI bus: error %d\n", err);
		goto err_observer;
	}
	err = gp_chardev_register(&chardev, store, &observer);
	if (err) {
		pr_err("cannot create /dev/%s: error %d\n",
		       GPUPROBE_DEVICE_NAME, err);
		goto err_chardev;
	}
	pr_info("%s: watching %d function%s\n", GPUPROBE_VERSION, observed,
		observed == 1 ? "" : "s");
	return 0;

err_chardev:
	gp_observer_stop(&observer);
err_observer:
	gp_intx_stop(&intx);
	gp_store_destroy(store);
	return err;
}

static void __exit gpuprobe_exit(void)
{
	gp_chardev_unregister(&chardev);
	gp_observer_stop(&observer);
	gp_intx_stop(&intx);
	gp_store_destroy(store);
}

module_init(gpuprobe_init);
module_exit(gpuprobe_exit);

MODULE_DESCRIPTION("Observes NVIDIA GPUs on the PCI bus for gpuprobe(8)");
MODULE_VERSION(GPUPROBE_VERSION);
MODULE_LICENSE("GPL");
