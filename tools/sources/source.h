/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources fill a case. Each looks at one kind of thing, adds what it finds,
 * and records what it could not see as a blind spot with the remedy; none
 * judges. A source may be absent: that is not an error.
 *
 * Return values: 0, or a negative errno when the source was there and is
 * damaged; the case then holds what was read before the damage, and *problem
 * (to be freed) is one line for the user.
 */
#ifndef GPUPROBE_SOURCES_SOURCE_H
#define GPUPROBE_SOURCES_SOURCE_H

#include <stdio.h>

#include "case/case.h"
#include "knowledge/knowledge.h"
#include "lib/root.h"

/* Everything that can be collected here and now; problems go to stderr. */
void collect_live(struct gpuprobe_case *c, const struct root *root,
		  const struct knowledge *knowledge);

/* The same for an earlier boot, -1 the one before. */
int collect_boot(struct gpuprobe_case *c, const struct root *root, int boot,
		 const struct knowledge *knowledge, char **problem);

void source_machine(struct gpuprobe_case *c, const struct root *root);
void source_address_space(struct gpuprobe_case *c, const struct root *root);
/* Names of the machine, for redaction (redact/redact.h). */
void source_names(struct gpuprobe_case *c, const struct root *root);
void source_sysfs(struct gpuprobe_case *c, const struct root *root);
/* Names who has requested the BARs of a snapshot of @device, which are known. */
void source_regions(struct snapshot *snapshot, const struct root *root, const char *device);
void source_modules(struct gpuprobe_case *c, const struct root *root);
void source_firmware(struct gpuprobe_case *c, const struct root *root);
int source_module_device(struct gpuprobe_case *c, const struct root *root, char **problem);
/*
 * Whether the kernel has a key of that name, with which modules are checked. Only
 * root sees those keys; a kernel that shows none of them is NOT_KNOWN.
 */
enum answer source_signer_known(const struct root *root, const char *signer);
/* gpuprobe.ko is not loaded: a blind spot for @what, with the reason and the remedy. */
void source_absence(struct gpuprobe_case *c, const struct root *root, const char *what);
/* False if the kernel has overwritten the beginning of this boot's log. */
bool source_kmsg(struct gpuprobe_case *c, const struct root *root,
		 const struct knowledge *knowledge);

/* The kernel's lines of this boot in the journal. A negative errno: there is no journal. */
int source_journal(struct gpuprobe_case *c, const struct root *root,
		   const struct knowledge *knowledge);

/*
 * An earlier boot of this machine, -1 the one before: the case that was kept in it,
 * or else its lines in the journal and what of the machine does not change. -ENOENT:
 * there is none such.
 */
int source_boot(struct gpuprobe_case *c, const struct root *root, int boot,
		const struct knowledge *knowledge, char **problem);

/*
 * A stream of records as /dev/gpuprobe gives it. -EPROTO: damaged;
 * -EPROTONOSUPPORT: written by a newer module.
 */
int source_records(struct gpuprobe_case *c, const uint8_t *bytes, size_t length,
		   char **problem);

/* A file that must be kernel log text, with the problems of source_file(). */
int source_log_file(struct gpuprobe_case *c, const char *path, const struct knowledge *knowledge,
		    char **problem);

/* Kernel log text. Only lines that may matter are kept. Lines over 8 KiB are cut. */
void source_log_text(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge);

/* What journalctl and dmesg print as JSON. -EPROTO: no object of it is whole. */
int source_log_json(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge,
		    char **problem);

/* What journalctl prints in its export format. */
void source_log_export(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge);

/* nvidia-bug-report.log: its kernel logs, lspci, and what it tells of machine and driver. */
void source_bug_report(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge);

/* lspci output of any verbosity; functions of other vendors are passed over. */
void source_lspci(struct gpuprobe_case *c, FILE *file);

/*
 * A file of any of the kinds above, or a case as JSON; the kind is found from
 * its content. @path "-" is standard input. -ENODATA: of no known kind.
 */
int source_file(struct gpuprobe_case *c, const char *path, const struct knowledge *knowledge,
		char **problem);

#endif
