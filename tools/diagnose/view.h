/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a diagnosis looks at: the case with its events, and one GPU of it. Facts
 * are values that the view can answer for, each with the sentence that proves it.
 */
#ifndef GPUPROBE_DIAGNOSE_VIEW_H
#define GPUPROBE_DIAGNOSE_VIEW_H

#include "decode/config.h"
#include "decode/events.h"

/* Who the machine says its hypervisor is. */
struct platform {
	const struct hypervisor *hypervisor;	/* NULL: none, or not known */
	const struct hypervisor *engine;	/* what it runs on, by its CPUID signature, or NULL */
	bool virtual;				/* something says that this is a VM */
	char *because;				/* what said so, or NULL */
	char *contradiction;			/* what disagrees, or NULL */
};

/* The nvidia.ko that ran, or is installed. */
struct nvidia_driver {
	char *version;		/* NULL: not known */
	unsigned int branch;	/* 580 of 580.82.07; 0: not known */
	enum answer open;
	bool ran;		/* it left words in the log, or is loaded */
	const struct driver_module *module;	/* as libkmod and sysfs tell; NULL: none */
};

struct view {
	const struct gpuprobe_case *c;
	const struct knowledge *knowledge;
	const event_list *events;
	const struct platform *platform;
	const struct nvidia_driver *driver;
	const given_facts *given;	/* stated by a sample, or NULL */

	/* one GPU; all NULL when the log speaks of a GPU that is named nowhere */
	const struct function *function;
	const struct snapshot *before;	/* as the driver found it, or the nearest to that */
	const struct snapshot *now;	/* the newest */
	struct pci_config config;	/* of @before */
};

void platform_identify(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		       struct platform *platform);
void platform_clear(struct platform *platform);
void nvidia_driver_find(const struct gpuprobe_case *c, const event_list *events,
			struct nvidia_driver *driver);

/* Whether the driver's file was built for the kernel that runs; @length: of the release in its vermagic. */
enum answer driver_fits_kernel(const struct view *view, int *length);

/* Point the view at a GPU, or at none. */
void view_focus(struct view *view, const struct function *function);

/* A program says that the driver, which is loaded, gave it no GPU; it cannot know why. */
bool program_got_no_gpu(const struct event *event);

/* Whether an event is about the view's GPU: it says so, or names no function. */
bool view_has_event(const struct view *view, const struct event *event);

/* "just before the probe of nvidia, [2.683650]"; the caller frees it. */
char *snapshot_describe(const struct snapshot *snapshot);

enum fact_kind { FACT_UNKNOWN, FACT_NUMBER, FACT_WORD };

struct fact {
	enum fact_kind kind;
	uint64_t number;
	char *word;
	char *because;		/* a sentence, without a full stop, or NULL */
	char *seen;		/* when and where, as snapshot_describe() says, or NULL */
	const char *mark;	/* of the knowledge that it comes from; belongs to that, or NULL */
};

/* False if there is no fact of that name. The caller clears @fact. */
bool fact_get(const struct view *view, const char *name, struct fact *fact);
/* False if it is not known, or no number. */
bool fact_number(const struct view *view, const char *name, uint64_t *number);
/* Whether a fact has this word; NOT_KNOWN if it is not known. */
enum answer fact_is(const struct view *view, const char *name, const char *word);
bool fact_exists(const char *name);
/* The names of all facts, one by one; NULL past the last. */
const char *fact_name(size_t index);
void fact_clear(struct fact *fact);
/* The value in words: "yes", "16", "" when unknown; the caller frees it. */
char *fact_text(const struct fact *fact);

#endif
