/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The diagnosis of a case: findings in rank order (the first is the root
 * cause), the forecast per GPU, and every error line that nothing explains.
 */
#ifndef GPUPROBE_DIAGNOSE_H
#define GPUPROBE_DIAGNOSE_H

#include "diagnose/forecast.h"

enum case_verdict { CASE_HEALTHY, CASE_FAULT, CASE_UNKNOWN };

/* What supports a finding: the sentence of a fact, and when and where it was seen. */
struct evidence {
	const char *fact;	/* its name; belongs to the rule */
	char *text;
	char *seen;		/* NULL: not a matter of one moment */
};

struct finding {
	const struct rule *rule;
	enum finding_verdict verdict;		/* the rule's, or consequence if it follows */
	const struct rule *follows;		/* the root cause that it follows from, or NULL */
	const struct condition *condition;
	enum confidence confidence;		/* the condition's, or less by what it rests on */
	char *because;				/* why it is not higher, or NULL */
	char *would_tell;			/* what would settle it, or NULL */
	const struct function *function;	/* NULL: the machine, or a GPU named nowhere */
	char *title;
	char *explanation;
	char *fault_because;
	ARRAY(struct evidence) evidence;
	ARRAY(size_t) lines;			/* into the case's log: what it accounts for */
	const struct fix *fix;			/* for this hypervisor, or the general one */
	bool fix_is_for_here;
};

/* A fact that is known of a GPU, as rules see it. */
struct known_fact {
	const char *name;
	char *value;
};

struct gpu_diagnosis {
	const struct function *function;	/* NULL: a GPU that the log does not name */
	ARRAY(struct known_fact) facts;
	forecast gates;
	struct driver_advice advice;
	bool works;		/* a driver has it, and its last words are no error */
};

/* What another boot of the same log shows by itself. */
struct boot_summary {
	int boot;
	enum case_verdict verdict;
	const struct rule *rule;	/* of the first finding, if it is a cause; or NULL */
	char *title;			/* its title, or NULL */
	bool differs;			/* from the boot that the diagnosis is about */
};

struct diagnosis {
	const struct knowledge *knowledge;
	enum case_verdict verdict;
	bool seen_enough;	/* unknown, but a GPU was seen and nothing is wrong with it */
	event_list events;
	struct platform platform;
	struct nvidia_driver driver;
	ARRAY(struct finding) findings;
	ARRAY(struct gpu_diagnosis) gpus;
	ARRAY(size_t) unexplained;	/* log lines: errors that no finding accounts for */
	size_t *unknown_lines;		/* log lines about NVIDIA that gpuprobe does not know */
	size_t unknown_count;
	ARRAY(struct boot_summary) boots;	/* the others, the latest first */
	ARRAY(char *) cannot_tell;	/* sentences */
};

struct diagnosis *diagnose(const struct gpuprobe_case *c, const struct knowledge *knowledge);
/* The same with facts that a sample states; they stand above those of the case. */
struct diagnosis *diagnose_given(const struct gpuprobe_case *c, const struct knowledge *knowledge,
				 const given_facts *given);
void diagnosis_destroy(struct diagnosis *diagnosis);

/* 0 nothing wrong, 1 a fault was found, 2 could not tell. */
int diagnosis_exit_status(const struct diagnosis *diagnosis);

#endif
