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

/* What a condition rests on that nobody has confirmed. */
struct doubt {
	const char *mark;	/* of the knowledge; NULL: there is none */
	const char *name;	/* the message or the fact */
	enum confidence allows;	/* the most that a finding may claim */
};

/*
 * Of a condition that holds: the weakest of "all", and of "any" the best that
 * holds. What is unverified allows "likely" where a term without a mark stands
 * beside it, else "possible".
 */
struct doubt condition_doubt(const struct view *view, const struct condition *condition);

/* Whether a message id fits a name that may end in "*". */
bool message_fits(const char *id, const char *name);

#endif
