/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nvidia.ko will say: its own checks (knowledge/gates.yaml), in its order,
 * applied to the snapshot taken before it ran. Where it ran, its words are held
 * against that.
 */
#ifndef GPUPROBE_DIAGNOSE_FORECAST_H
#define GPUPROBE_DIAGNOSE_FORECAST_H

#include "diagnose/view.h"

enum gate_result { GATE_PASSES, GATE_FAILS, GATE_CANNOT_TELL };

/*
 * Does the log say the same? SILENT: the driver did not run, or did not get there.
 * Of a gate that could not be told, the log may say how it went: FAILED, PASSED.
 */
enum gate_log { LOG_SILENT, LOG_AGREES, LOG_DISAGREES, LOG_FAILED, LOG_PASSED };

struct gate_forecast {
	const struct gate *gate;	/* of the knowledge */
	bool by_registers;	/* decided by the GPU's registers, which only the module sees */
	enum gate_result result;
	char *because;
	enum confidence confidence;
	const char *doubt;	/* why it is not certain, or NULL */
	const char *message;	/* id of what nvidia.ko prints if this gate fails, or NULL */
	enum gate_log log;
};

typedef ARRAY(struct gate_forecast) forecast;

/* How far a release of the driver that is not installed would come. */
struct release_forecast {
	unsigned int branch;
	enum answer open;
	bool fits;			/* it is made for this generation of GPUs */
	const struct gate *fails;	/* the first gate that fails, or NULL */
};

/* Where no driver is installed: those that could be, newest first, and one of them. */
struct driver_advice {
	ARRAY(struct release_forecast) releases;
	bool assumed;		/* the gates are for this one */
	unsigned int branch;
	enum answer open;
};

/*
 * Gates after the first that fails are not reached and not listed, unless that one
 * has goes_on. Without a driver, for the newest that would come farthest.
 */
void forecast_make(const struct view *view, forecast *gates, struct driver_advice *advice);
void forecast_clear(forecast *gates, struct driver_advice *advice);

/* Whether the report says it without being asked: all but what is as it should be. */
bool gate_matters(const struct gate_forecast *gate);

/* What became of it: where the driver's log says how it went, that. */
enum gate_result gate_outcome(const struct gate_forecast *gate);
/* The first that fails so that the driver stops, or NULL. */
const struct gate_forecast *gate_that_stops(const forecast *gates);
/* The first that cannot be told, or NULL. */
const struct gate_forecast *gate_left_open(const forecast *gates);
/* Why, and whether the driver's log says the same; to be freed. */
char *gate_reason(const struct gate_forecast *gate);

#endif
