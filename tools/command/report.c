// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe report and gpuprobe collect: this machine, now. */
#include <sysexits.h>

#include "command/command.h"
#include "sources/source.h"

struct live_options {
	struct output_options output;
	struct scope scope;
	const char *log;
	struct root root;
};

/* 0: go on; else what to exit with, or -1 after help. */
static int parse(const struct command *command, int argc, char **argv,
		 struct live_options *options)
{
	const struct command_option rows[] = {
		OUTPUT_OPTIONS(&options->output),
		SCOPE_OPTIONS(&options->scope),
		{ "log",	.word = &options->log },
		{ "root",	.word = &options->root.path },
		{ 0 }
	};
	int status = command_options_only(command, argc, argv, rows);

	if (!status)
		status = scope_read(command, &options->scope);
	if (!status && !output_options_good(&options->output))
		status = EX_USAGE;
	return status;
}

static int take_log(struct gpuprobe_case *c, const char *path,
		    const struct knowledge *knowledge)
{
	char *problem = NULL;
	int error = source_log_file(c, path, knowledge, &problem);

	return input_status(error, problem);
}

static int take_boot(struct gpuprobe_case *c, const struct live_options *options,
		     const struct knowledge *knowledge)
{
	char *problem = NULL;
	int error = collect_boot(c, &options->root, options->scope.boot, knowledge, &problem);

	return input_status(error, problem);
}

/* What the machine shows now says nothing of an earlier boot. */
static int collect(struct gpuprobe_case *c, const struct live_options *options,
		   const struct knowledge *knowledge)
{
	int status = options->log ? take_log(c, options->log, knowledge) : 0;

	if (status)
		return status;
	if (!options->scope.boot) {
		collect_live(c, &options->root, knowledge);
	} else if (options->log) {
		source_names(c, &options->root);
		status = scope_choose_boot(c, &options->scope);
	} else {
		status = take_boot(c, options, knowledge);
	}
	if (status)
		return status;
	events_add_functions(c, knowledge);
	return scope_choose_device(c, knowledge, &options->scope);
}

static int run_live(const struct command *command, int argc, char **argv,
		    const char *default_format)
{
	struct live_options options = { .output.format = default_format, .root.path = "" };
	int status = parse(command, argc, argv, &options);
	struct knowledge *knowledge;
	struct gpuprobe_case *c;

	if (status)
		return status < 0 ? 0 : status;
	knowledge = knowledge_for(&options.output, options.root.path);
	c = case_create();
	status = collect(c, &options, knowledge);
	if (!status)
		status = report_case(c, knowledge, &options.output);
	case_destroy(c);
	knowledge_destroy(knowledge);
	return status;
}

static int run_report(int argc, char **argv)
{
	return run_live(&command_report, argc, argv, "text");
}

/* To collect is to write the whole report as data; whether it found a fault is no failure. */
static int run_collect(int argc, char **argv)
{
	int status = run_live(&command_collect, argc, argv, "json");

	return status <= 2 ? 0 : status;
}

#define LIVE_OPTIONS							\
	"      --boot=N        this boot (0, the default), the one before (-1), ...: from what\n" \
	"                      was kept in it, or from the journal\n"	\
	"      --device=ADDR   only the GPU at this PCI address\n"	\
	"      --log=FILE      read the kernel log from FILE, not from /dev/kmsg\n"	\
	"      --root=DIR      look at DIR instead of / (for tests and support)\n"	\
	"  -h, --help          this text\n"

const struct command command_report = {
	.name = "report",
	.summary = "look at this machine and say what is wrong with its GPU",
	.help = "usage: gpuprobe [report] [OPTION]...\n"
		"\n"
		"Look at the NVIDIA GPUs of this machine and at its kernel log, and say what is\n"
		"wrong, how that is known, whose fault it is and what to change.\n"
		"\n"
		OUTPUT_OPTIONS_HELP
		LIVE_OPTIONS
		"\n"
		"Exit status: 0 nothing wrong, 1 a fault was found, 2 could not tell (no GPU, no\n"
		"access), 64 wrong use, 65 or 66 a file cannot be used, 73 or 74 output\n"
		"failed.\n",
	.run = run_report,
};

const struct command command_collect = {
	.name = "collect",
	.summary = "write all that was seen as one JSON file, for a bug report",
	.help = "usage: gpuprobe collect [OPTION]...\n"
		"\n"
		"Write the whole report with the data behind it as JSON; \"gpuprobe analyze FILE\"\n"
		"gives the diagnosis again, on any machine.\n"
		"\n"
		"  -o, --output=FILE   write to FILE instead of standard output\n"
		OUTPUT_REDACTION_HELP
		LIVE_OPTIONS
		"\n"
		"Exit status: 0 written, 64 wrong use, 65 or 66 a file cannot be used, 73 or 74\n"
		"output failed.\n",
	.run = run_collect,
};
