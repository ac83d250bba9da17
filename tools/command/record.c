// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe record: keep a report of this boot, for when somebody looks later. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "lib/kept.h"
#include "lib/printable.h"
#include "render/renderer.h"
#include "sources/source.h"

/* One line for the journal. */
static void say_verdict(const struct diagnosis *diagnosis)
{
	static const char *const words[] = {
		[CASE_HEALTHY] = N_("HEALTHY"), [CASE_FAULT] = N_("FAULT"),
		[CASE_UNKNOWN] = N_("NOT CERTAIN"),
	};
	char *title = printable(report_title(diagnosis));

	/* TRANSLATORS: a verdict, such as FAULT, and what it is about */
	printf(_("%s: %s; \"gpuprobe\" says more\n"), _(words[diagnosis->verdict]), title);
	free(title);
}

/* 0, or what to exit with after one line on stderr. */
static int keep(const struct root *root, const struct gpuprobe_case *c,
		const struct diagnosis *diagnosis)
{
	char *folder = root_path(root, KEPT_FOLDER), *boot = kept_this_boot(root);
	char *path = boot ? kept_path(root, boot) : NULL;
	struct output output;
	int status = EX_OSFILE;

	if (!boot) {
		fputs("gpuprobe: /proc/sys/kernel/random/boot_id cannot be read: this boot "
		      "has no name to keep its report by\n", stderr);
		goto no_boot;
	}
	if (mkdir(folder, 0700) && errno != EEXIST) {
		fprintf(stderr, "gpuprobe: %s: %s\n", folder, strerror(errno));
		status = EX_CANTCREAT;
		goto no_boot;
	}
	status = output_open(&output, path);
	if (status)
		goto no_boot;
	report_json(output.file, c, diagnosis);
	status = output_close(&output, 0);
	kept_tidy(root, boot);
no_boot:
	free(path);
	free(boot);
	free(folder);
	return status;
}

static int run_record(int argc, char **argv)
{
	struct root root = { "" };
	const struct command_option rows[] = { { "root", .word = &root.path }, { 0 } };
	int status = command_options_only(&command_record, argc, argv, rows), error;
	struct knowledge *knowledge;
	struct diagnosis *diagnosis;
	struct gpuprobe_case *c;

	if (status)
		return status < 0 ? 0 : status;
	i18n_english();		/* what is kept is data */
	umask(077);
	knowledge = knowledge_or_exit(root.path);
	c = case_create();
	collect_live(c, &root, knowledge);
	events_add_functions(c, knowledge);
	diagnosis = diagnose(c, knowledge);
	say_verdict(diagnosis);
	error = keep(&root, c, diagnosis);
	status = error ? error : diagnosis_exit_status(diagnosis);
	diagnosis_destroy(diagnosis);
	case_destroy(c);
	knowledge_destroy(knowledge);
	return status;
}

const struct command command_record = {
	.name = "record",
	.summary = "keep a report of this boot in " KEPT_FOLDER,
	.help = "usage: gpuprobe record [OPTION]...\n"
		"\n"
		"Print the verdict in one line and keep the whole report in " KEPT_FOLDER ",\n"
		"for root alone and not redacted. The last 10 boots are kept, 16 MiB in all.\n"
		"gpuprobe.service does this after each boot. \"gpuprobe report --boot=-1\" shows what\n"
		"was kept in the boot before.\n"
		"\n"
		"      --root=DIR      look at DIR instead of / (for tests and support)\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 nothing wrong, 1 a fault was found, 2 could not tell, 64 wrong\n"
		"use, 72 the boot has no name, 73 or 74 the report could not be kept.\n",
	.run = run_record,
};
