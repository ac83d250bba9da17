/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How each gate of knowledge/gates.yaml is decided, one function each, for the
 * view's GPU and driver. For forecast.c; everybody else uses forecast.h.
 */
#ifndef GPUPROBE_DIAGNOSE_GATES_H
#define GPUPROBE_DIAGNOSE_GATES_H

#include "diagnose/forecast.h"
#include "lib/i18n.h"

/* What a test finds. All zero: the gate does not apply, and is not listed. */
struct gate_answer {
	bool applies;
	enum gate_result result;
	char *because;			/* completes "... because"; freed by the caller */
	enum confidence confidence;
	const char *doubt;		/* why it is not certain, or NULL */
	const char *message;		/* what is printed, unless it is the gate's own; "" nothing */
	bool prints;			/* it passes, and the message is printed all the same */
};

struct gate_test {
	const char *id;
	void (*test)(const struct view *view, struct gate_answer *answer);
};

/* By the module's file and its load; the probe; the chip; the first use. End: NULL id. */
extern const struct gate_test load_gates[], probe_gates[], chip_gates[], use_gates[];

/* These take over @because. */
static inline void gate_answer(struct gate_answer *answer, enum gate_result result, char *because)
{
	answer->applies = true;
	answer->result = result;
	answer->because = because;
}

static inline void gate_passes(struct gate_answer *answer, char *because)
{
	gate_answer(answer, GATE_PASSES, because);
}

static inline void gate_fails(struct gate_answer *answer, char *because)
{
	gate_answer(answer, GATE_FAILS, because);
}

static inline void gate_open(struct gate_answer *answer, char *because)
{
	gate_answer(answer, GATE_CANNOT_TELL, because);
}

static inline void gate_doubt(struct gate_answer *answer, enum confidence confidence,
			      const char *why)
{
	answer->confidence = confidence;
	answer->doubt = translated(why);
}

/* What the driver's log says of a gate; @prints as in struct gate_answer. */
enum gate_log gate_in_log(const struct view *view, const struct gate_forecast *gate, bool prints);

/* A line "options nvidia NAME=..." of modprobe's configuration: the value, or NULL. */
char *driver_option(const struct view *view, const char *name);

/* Whether nvidia.ko has the GPU in the snapshot that is newest. */
bool nvidia_has_it(const struct view *view);

#endif
