/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GPUPROBE_DIAGNOSE_CONDITION_H
#define GPUPROBE_DIAGNOSE_CONDITION_H

#include "diagnose/view.h"

/* Whether all, any and none of the condition's terms hold; unknown is not enough. */
bool condition_holds(const struct view *view, const struct condition *condition);

/*
 * One term: a message ("nvrm.no-irq" was seen), a message's field
 * ("nvrm.rminit-failed:stage = 0x30"), or a fact ("intpin = 0").
 */
enum answer term_holds(const struct view *view, const struct term *term);

/* Whether a message id fits a name that may end in "*". */
bool message_fits(const char *id, const char *name);

#endif
