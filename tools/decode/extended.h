/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities of extended config space, of which the module reads the beginnings. */
#ifndef GPUPROBE_DECODE_EXTENDED_H
#define GPUPROBE_DECODE_EXTENDED_H

#include "case/case.h"

/*
 * The capability that @piece of the snapshot's config space holds, in words:
 * "Resizable BAR: BAR1 256 MiB, of 64 MiB to 32 GiB". To be freed.
 */
char *extended_capability_text(const struct snapshot *snapshot, const struct config_piece *piece);

#endif
