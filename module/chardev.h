/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_CHARDEV_H
#define _GPUPROBE_CHARDEV_H

#include <linux/miscdevice.h>

struct gp_observer;
struct gp_store;

/**
 * struct gp_chardev - /dev/gpuprobe
 * @misc:	how it is registered
 * @store:	where the records are
 * @observer:	whom to ask for new ones
 */
struct gp_chardev {
	struct miscdevice misc;
	struct gp_store *store;
	struct gp_observer *observer;
};

int gp_chardev_register(struct gp_chardev *chardev, struct gp_store *store,
			struct gp_observer *observer);
void gp_chardev_unregister(struct gp_chardev *chardev);

#endif /* _GPUPROBE_CHARDEV_H */
