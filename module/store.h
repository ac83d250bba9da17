/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_STORE_H
#define _GPUPROBE_STORE_H

#include <linux/poll.h>
#include <linux/types.h>

#include "uapi/gpuprobe.h"

#define GP_KEEP_MIN	1u
#define GP_KEEP_MAX	256u

struct file;
struct gp_record;
struct gp_store;
struct pci_dev;

/**
 * struct gp_place - where a function is: its name in the store
 * @domain:	PCI domain
 * @bus:	bus number
 * @devfn:	device number << 3 | function number
 */
struct gp_place {
	u32 domain;
	u8 bus;
	u8 devfn;
};

struct gp_place gp_place_of(const struct pci_dev *pdev);

struct gp_store *gp_store_create(unsigned int keep, size_t memory);
void gp_store_destroy(struct gp_store *store);
int gp_store_publish(struct gp_store *store, const struct gp_place *place,
		     enum gpuprobe_trigger trigger, struct gp_record *record);
void gp_store_missed(struct gp_store *store);
bool gp_store_watches_slot(struct gp_store *store,
			   const struct gp_place *place);
bool gp_store_introduced(struct gp_store *store, const struct gp_place *place);
struct gp_record *gp_store_next(struct gp_store *store, u64 after);
__poll_t gp_store_poll(struct gp_store *store, struct file *file,
		       poll_table *wait, u64 after);
void gp_store_describe(struct gp_store *store, struct gpuprobe_module *module);

#endif /* _GPUPROBE_STORE_H */
