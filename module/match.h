/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_MATCH_H
#define _GPUPROBE_MATCH_H

#include <linux/types.h>

#define GP_MATCH_RULES_MAX	16

struct pci_dev;

/**
 * struct gp_match_rule - functions of a vendor
 * @vendor:	vendor id
 * @device:	device id; without meaning while @any_device is set
 * @any_device:	every device of the vendor
 */
struct gp_match_rule {
	u16 vendor;
	u16 device;
	bool any_device;
};

/**
 * struct gp_match - which functions are observed for their own sake
 *
 * The other functions in the slot of such a one are observed too; that is the
 * observer's business.
 *
 * @all:	every function; the rest has no meaning then
 * @count:	number of @rules; 0 means NVIDIA's display functions
 * @rules:	one of them has to hold
 */
struct gp_match {
	bool all;
	unsigned int count;
	struct gp_match_rule rules[GP_MATCH_RULES_MAX];
};

bool gp_is_nvidia_display(const struct pci_dev *pdev);
int gp_match_parse(const char *text, struct gp_match *match);
bool gp_match_function(const struct gp_match *match,
		       const struct pci_dev *pdev);

#endif /* _GPUPROBE_MATCH_H */
