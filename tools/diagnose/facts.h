/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the files that answer for facts; everybody else uses view.h. */
#ifndef GPUPROBE_DIAGNOSE_FACTS_H
#define GPUPROBE_DIAGNOSE_FACTS_H

#include "diagnose/view.h"

struct fact_entry {
	const char *name;
	void (*find)(const struct view *view, struct fact *fact);
};

/* What the module's deep probe tells; ends with a NULL name. */
extern const struct fact_entry deep_facts[];
/* The installed driver, and what the kernel asks of it. */
extern const struct fact_entry driver_facts[];

/* Facts from the log, facts_log.c. */
void fact_bars_unplaced(const struct view *view, struct fact *fact);
void fact_window64(const struct view *view, struct fact *fact);
void fact_start_error(const struct view *view, struct fact *fact);
void fact_start_failures(const struct view *view, struct fact *fact);
void fact_xid_first(const struct view *view, struct fact *fact);
void fact_lost_first(const struct view *view, struct fact *fact);
void fact_lost_after(const struct view *view, struct fact *fact);
void fact_hotplugged(const struct view *view, struct fact *fact);
void fact_arm(const struct view *view, struct fact *fact);
void fact_bare_metal(const struct view *view, struct fact *fact);

void fact_set_number(struct fact *fact, uint64_t number);
void fact_set_word(struct fact *fact, const char *word);
/* NOT_KNOWN leaves the fact unknown. */
void fact_set_answer(struct fact *fact, enum answer answer);
/* Takes over @sentence. */
void fact_seen(struct fact *fact, const struct snapshot *snapshot, char *sentence);

#endif
