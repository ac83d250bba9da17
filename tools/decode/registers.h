/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the module tells of BAR0, in words. */
#ifndef GPUPROBE_DECODE_REGISTERS_H
#define GPUPROBE_DECODE_REGISTERS_H

#include "case/case.h"

/* "PMC_BOOT_0", ...; NULL for a register that the module does not read. */
const char *register_name(uint32_t offset);

/* How the reading of BAR0 went, a sentence (not translated); NULL for an outcome that is not known. */
const char *bar0_outcome_sentence(uint32_t outcome);

/* The register at which a reading that had begun well met all ones; NULL if there was none such. */
const struct gpuprobe_register *bar0_cut_short(const struct deep_view *deep);

/* "Pascal", ...; NULL for a number that is not known. */
const char *chip_architecture_name(uint32_t architecture);

#endif
