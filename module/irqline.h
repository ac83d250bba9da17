/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_IRQLINE_H
#define _GPUPROBE_IRQLINE_H

#include <linux/types.h>

struct pci_dev;

u32 gp_count_sharers(const struct pci_dev *pdev, unsigned int irq);

#endif /* _GPUPROBE_IRQLINE_H */
