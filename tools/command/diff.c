// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe diff: what changed between two cases, and what that did to the diagnosis. */
#include <getopt.h>
#include <sysexits.h>

#include "command/command.h"
#include "redact/redact.h"
#include "render/difference.h"
#include "sources/source.h"

static const struct option long_options[] = {
	OUTPUT_LONG_OPTIONS,
	{ "help",	no_argument,		NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static int parse(int argc, char **argv, struct output_options *options)
{
	int option;

	optind = 1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":" OUTPUT_SHORT_OPTIONS "h", long_options, NULL)) != -1) {
		if (output_option(options, option))
			continue;
		switch (option) {
		case 'h':
			fputs(command_diff.help, stdout);
			return -1;
		case ':':
			return wrong_use(&command_diff, "%s needs a value", argv[optind - 1]);
		default:
			return unknown_option(&command_diff, argv, "ovh");
		}
	}
	if (argc - optind != 2)
		return wrong_use(&command_diff, "name two files");
	return output_options_good(options) ? 0 : EX_USAGE;
}

/* 0, or an exit status after one line on stderr; both must be given to side_clear(). */
static int side_read(struct side *side, const char *path, const struct knowledge *knowledge,
		     bool redact)
{
	struct gpuprobe_case *c = case_create();
	char *problem = NULL;
	int error = source_file(c, path, knowledge, &problem);

	side->c = c;
	if (error)
		return input_status(error, problem);
	events_add_functions(c, knowledge);
	if (redact)
		redact_case(c, knowledge);
	side->diagnosis = diagnose(c, knowledge);
	return 0;
}

static void side_clear(struct side *side)
{
	diagnosis_destroy((struct diagnosis *)side->diagnosis);
	case_destroy((struct gpuprobe_case *)side->c);
}

static int write_difference(const struct side sides[2], const char *const names[2],
			    const struct output_options *options)
{
	struct difference difference;
	struct renderer renderer;
	struct output output;
	int status = output_open(&output, options->path);

	if (status)
		return status;
	difference_find(&sides[0], &sides[1], &difference);
	if (output_renderer(&renderer, output.file, options))
		difference_walk(&renderer, &difference, names);
	else
		difference_json(output.file, &difference);
	status = output_close(&output, difference.any ? 1 : 0);
	difference_clear(&difference);
	return status;
}

static int run_diff(int argc, char **argv)
{
	struct output_options options = { .format = "text" };
	int status = parse(argc, argv, &options);
	struct side sides[2] = { 0 };
	struct knowledge *knowledge;
	bool redact;

	if (status)
		return status < 0 ? 0 : status;
	knowledge = knowledge_for(&options, "");
	redact = output_is_redacted(&options);
	for (int i = 0; i < 2 && !status; i++)
		status = side_read(&sides[i], argv[optind + i], knowledge, redact);
	if (!status)
		status = write_difference(sides, (const char *const *)argv + optind, &options);
	side_clear(&sides[0]);
	side_clear(&sides[1]);
	knowledge_destroy(knowledge);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.summary = "what changed between two cases, and in the diagnosis",
	.help = "usage: gpuprobe diff [OPTION]... FIRST SECOND\n"
		"\n"
		"Compare two cases of one machine, such as before and after a change on the host:\n"
		"findings that are gone, new or changed, the driver's own checks, the machine, and\n"
		"the fields of config space. Each file is of any kind that \"gpuprobe analyze\" reads.\n"
		"\n"
		OUTPUT_OPTIONS_HELP
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 no difference, 1 differences, 64 wrong use, 65 a file is damaged or\n"
		"of no known kind, 66 a file cannot be read, 73 or 74 output failed.\n",
	.run = run_diff,
};
