/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_IRQTEST_H
#define _GPUPROBE_IRQTEST_H

#include "uapi/gpuprobe.h"

struct gp_observer;

int gp_irq_test(struct gp_observer *observer, struct gpuprobe_test_irq *request);

#endif /* _GPUPROBE_IRQTEST_H */
