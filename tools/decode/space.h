/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's physical addresses, as far as the kernel printed them at boot. */
#ifndef GPUPROBE_DECODE_SPACE_H
#define GPUPROBE_DECODE_SPACE_H

#include "decode/events.h"

/* Fill what nobody has seen otherwise; what was seen is not replaced. */
void space_take_events(struct machine *machine, const event_list *events);

#endif
