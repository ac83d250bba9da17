/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nvidia.ko will say: its own admission checks, in its order, applied to
 * the snapshot taken before it ran. Where it ran, its words are held against that.
 */
#ifndef GPUPROBE_DIAGNOSE_FORECAST_H
#define GPUPROBE_DIAGNOSE_FORECAST_H

#include "diagnose/view.h"

enum gate_result { GATE_PASSES, GATE_FAILS, GATE_CANNOT_TELL };

/* Does the log say the same? SILENT: the driver did not run, or did not get there. */
enum gate_log { LOG_SILENT, LOG_AGREES, LOG_DISAGREES };

struct gate_forecast {
	const char *id;
	const char *title;
	bool by_registers;	/* decided by the GPU's registers, which only the module sees */
	enum gate_result result;
	char *because;
	const char *message;	/* id of what nvidia.ko prints if this gate fails */
	enum gate_log log;
};

typedef ARRAY(struct gate_forecast) forecast;

/* Gates after the first that fails are not reached and not listed. */
void forecast_make(const struct view *view, forecast *gates);
void forecast_clear(forecast *gates);

#endif
