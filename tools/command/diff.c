// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe diff: what changed between two cases, and what that did to the diagnosis. */
#include <getopt.h>
#include <sysexits.h>

#include "command/command.h"
#include "redact/redact.h"
#include "render/difference.h"
#include "sources/source.h"

static int parse(int argc, char **argv, struct output_options *options)
{
	const struct command_option rows[] = { OUTPUT_OPTIONS(options), { 0 } };
	int status = command_options(&command_diff, argc, argv, rows);

	if (status)
		return status;
	if (argc - optind != 2)
		return wrong_use(&command_diff, "name two files");
	return output_options_good(options) ? 0 : EX_USAGE;
}

/* 0, or an exit status after one line on stderr. */
static int take_case(struct gpuprobe_case *c, const char *path, const struct knowledge *knowledge)
{
	char *problem = NULL;
	int error = source_file(c, path, knowledge, &problem);

	if (error)
		return input_status(error, problem);
	source_names(c, &(struct root){ "" });
	events_add_functions(c, knowledge);
	return 0;
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
		difference_walk(&renderer, &difference, names, options->verbose);
	else
		difference_json(output.file, &difference);
	status = output_close(&output, difference.any ? 1 : 0);
	difference_clear(&difference);
	return status;
}

static int compare(struct gpuprobe_case *const cases[2], char *const paths[2],
		   const struct knowledge *knowledge, const struct output_options *options)
{
	const char *names[2] = { paths[0], paths[1] };
	struct diagnosis *diagnoses[2];
	struct side sides[2];
	int status;

	if (output_is_redacted(options)) {
		redact_cases(cases, 2, knowledge);
		names[0] = basename(paths[0]);	/* the folders may name somebody */
		names[1] = basename(paths[1]);
	}
	for (int i = 0; i < 2; i++) {
		diagnoses[i] = diagnose(cases[i], knowledge);
		sides[i] = (struct side){ .c = cases[i], .diagnosis = diagnoses[i] };
	}
	status = write_difference(sides, names, options);
	diagnosis_destroy(diagnoses[0]);
	diagnosis_destroy(diagnoses[1]);
	return status;
}

static int run_diff(int argc, char **argv)
{
	struct output_options options = { .format = "text" };
	int status = parse(argc, argv, &options);
	struct gpuprobe_case *cases[2];
	struct knowledge *knowledge;

	if (status)
		return status < 0 ? 0 : status;
	knowledge = knowledge_for(&options, "");
	for (int i = 0; i < 2; i++)
		cases[i] = case_create();
	for (int i = 0; i < 2 && !status; i++)
		status = take_case(cases[i], argv[optind + i], knowledge);
	if (!status)
		status = compare(cases, argv + optind, knowledge, &options);
	case_destroy(cases[0]);
	case_destroy(cases[1]);
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
