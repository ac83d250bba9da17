// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe preflight: would a GPU fit into this guest, before it is attached? */
#include <errno.h>
#include <getopt.h>
#include <sysexits.h>

#include "command/command.h"
#include "diagnose/board_names.h"
#include "lib/i18n.h"
#include "lib/size.h"
#include "render/preflight.h"
#include "sources/source.h"

#define SUGGESTIONS 4

struct preflight_options {
	struct output_options output;
	struct root root;
	const char *gpu, *bars, *port;
};

static int parse(int argc, char **argv, struct preflight_options *options)
{
	const struct command_option rows[] = {
		{ "gpu",	.word = &options->gpu },
		{ "bar",	.word = &options->bars },
		{ "port",	.word = &options->port },
		{ "format",	.word = &options->output.format },
		{ "color",	.word = &options->output.color },
		{ "output",	'o', .word = &options->output.path },
		{ "root",	.word = &options->root.path },
		{ 0 }
	};
	int status = command_options(&command_preflight, argc, argv, rows);

	if (status)
		return status;
	if (options->gpu && options->bars)
		return wrong_use(&command_preflight, "give --gpu or --bar, not both");
	return output_options_good(&options->output) ? 0 : EX_USAGE;
}

/* --- which GPU --- */

static int no_such_board(const struct knowledge *knowledge, const char *text)
{
	board_list like = { 0 };

	boards_like(knowledge, text, SUGGESTIONS, &like);
	fprintf(stderr, "gpuprobe preflight: no GPU '%s' is known", text);
	for (size_t i = 0; i < like.count; i++)
		fprintf(stderr, "%s%s", i ? ", " : "; did you mean ", like.at[i]->name);
	fputs("; --bar takes the sizes of any GPU\n", stderr);
	array_free(&like);
	return EX_USAGE;
}

static bool all_alike(const board_list *boards)
{
	for (size_t i = 1; i < boards->count; i++)
		if (strcmp(boards->at[i]->bars, boards->at[0]->bars) != 0)
			return false;
	return true;
}

static int several_boards(const board_list *boards, const char *text)
{
	fprintf(stderr, "gpuprobe preflight: '%s' can be ", text);
	for (size_t i = 0; i < boards->count; i++)
		fprintf(stderr, "%s%s", i ? ", " : "", boards->at[i]->name);
	fputs("; say which\n", stderr);
	return EX_USAGE;
}

static int add_board(struct preflight_report *report, const struct board *board)
{
	struct preflight_subject *subject = array_add(&report->subjects);
	char *problem = NULL;

	subject->board = board;
	subject->name = board->name;
	if (layout_parse(board->bars, &subject->layout, &problem))
		return 0;
	fprintf(stderr, "gpuprobe: built-in boards.yaml: %s\n", problem);
	free(problem);
	return EX_SOFTWARE;
}

static int add_named(struct preflight_report *report, const struct knowledge *knowledge,
		     const char *text)
{
	board_list found = { 0 };
	int status;

	boards_named(knowledge, text, &found);
	if (!found.count)
		status = no_such_board(knowledge, text);
	else if (!all_alike(&found))
		status = several_boards(&found, text);
	else
		status = add_board(report, found.at[0]);
	array_free(&found);
	return status;
}

static int add_by_bars(struct preflight_report *report, const char *text)
{
	struct preflight_subject *subject = array_add(&report->subjects);
	char *problem = NULL;

	if (layout_parse(text, &subject->layout, &problem))
		return 0;
	fprintf(stderr, "gpuprobe preflight: --bar=%s\n", problem);
	free(problem);
	return EX_USAGE;
}

static int add_subjects(struct preflight_report *report, const struct knowledge *knowledge,
			const struct preflight_options *options)
{
	int status = 0;

	if (options->gpu)
		return add_named(report, knowledge, options->gpu);
	if (options->bars)
		return add_by_bars(report, options->bars);
	for (size_t i = 0; i < knowledge->boards.count && !status; i++)
		status = add_board(report, &knowledge->boards.at[i]);
	return status;
}

/* --- judging --- */

/* The same with the largest window as large as Resizable BAR can make it. */
static enum fit judge_rebar(const struct preflight_ground *ground,
			    const struct preflight_subject *subject)
{
	struct layout layout = subject->layout;
	const char *text = subject->board ? subject->board->rebar : NULL;
	struct preflight result;
	size_t largest = 0;

	for (size_t i = 1; i < layout.count; i++)
		if (layout.at[i].size > layout.at[largest].size)
			largest = i;
	if (!text || !size_parse(&text, &layout.at[largest].size))
		return FIT_NOT_KNOWN;
	preflight_judge(ground, &layout, &result);
	return result.fit;
}

static int judge(struct preflight_report *report)
{
	static const int statuses[] = { [FITS] = 0, [FITS_NOT] = 1, [FIT_NOT_KNOWN] = 2 };
	bool any_known = false;

	for (size_t i = 0; i < report->subjects.count; i++) {
		struct preflight_subject *subject = &report->subjects.at[i];

		preflight_judge(report->ground, &subject->layout, &subject->result);
		subject->with_rebar = judge_rebar(report->ground, subject);
		any_known |= subject->result.fit != FIT_NOT_KNOWN;
	}
	if (report->subjects.count == 1)
		return statuses[report->subjects.at[0].result.fit];
	return any_known ? 0 : 2;
}

static int write_out(const struct preflight_report *report, const struct output_options *options,
		     int status)
{
	struct renderer renderer;
	struct output output;
	int error = output_open(&output, options->path);

	if (error)
		return error;
	if (output_renderer(&renderer, output.file, options))
		preflight_walk(&renderer, report);
	else
		preflight_json(output.file, report);
	return output_close(&output, status);
}

static int parse_port(const char *text, struct pci_address *port)
{
	if (!text || pci_address_parse(text, port) == strlen(text))
		return 0;
	return wrong_use(&command_preflight, "--port=%s: not a PCI address, such as 0000:00:04.0",
			 text);
}

static int judge_and_write(struct preflight_report report, const struct knowledge *knowledge,
			   const struct preflight_options *options)
{
	struct preflight_ground ground;
	struct platform platform;
	int status;

	platform_identify(report.c, knowledge, &platform);
	report.platform = &platform;
	report.ground = &ground;
	if (preflight_ground(report.c, knowledge, &platform,
			     options->port ? &report.port : NULL, &ground)) {
		fprintf(stderr, "gpuprobe preflight: there is no PCI bridge at %s\n", options->port);
		status = EX_DATAERR;
	} else {
		status = write_out(&report, &options->output, judge(&report));
		preflight_ground_clear(&ground);
	}
	platform_clear(&platform);
	return status;
}

/* --- the case --- */

static int take_case(struct gpuprobe_case *c, char **files, const struct root *root,
		     const struct knowledge *knowledge)
{
	char *problem = NULL;
	int error = 0;

	if (!*files)
		collect_live(c, root, knowledge);
	for (; *files && !error; files++)
		error = source_file(c, *files, knowledge, &problem);
	if (!error)
		events_add_functions(c, knowledge);
	return input_status(error, problem);
}

static int run_preflight(int argc, char **argv)
{
	struct preflight_options options = { .output.format = "text", .root.path = "" };
	int status = parse(argc, argv, &options);
	struct preflight_report report = { 0 };
	struct knowledge *knowledge;
	struct gpuprobe_case *c;

	if (status)
		return status < 0 ? 0 : status;
	knowledge = knowledge_for(&options.output, options.root.path);
	c = case_create();
	report.c = c;
	status = parse_port(options.port, &report.port);
	if (!status)
		status = add_subjects(&report, knowledge, &options);
	if (!status)
		status = take_case(c, argv + optind, &options.root, knowledge);
	if (!status)
		status = judge_and_write(report, knowledge, &options);
	array_free(&report.subjects);
	case_destroy(c);
	knowledge_destroy(knowledge);
	return status;
}

const struct command command_preflight = {
	.name = "preflight",
	.summary = "would a GPU fit into this guest, before it is attached?",
	.help = "usage: gpuprobe preflight [--gpu=NAME | --bar=WINDOWS] [OPTION]... [FILE]...\n"
		"\n"
		"Say whether the memory windows (BARs) of a GPU would find addresses in this guest,\n"
		"by how much they miss, why, and what to change on this hypervisor. Run it in the\n"
		"guest without the GPU, or give files from there: a case of gpuprobe collect, or a\n"
		"kernel log from its first line on. Without --gpu and --bar: which known GPUs fit.\n"
		"\n"
		"      --gpu=NAME      a GPU by its name or PCI number: p10, \"rtx 3090\", 10de:1b39\n"
		"      --bar=WINDOWS   any GPU by the width and size of its windows, p for\n"
		"                      prefetchable: 32:16M,64p:32G,64p:32M\n"
		"      --port=ADDRESS  it is to be plugged in below this PCI bridge while the VM runs\n"
		"      --format=WORD   text (default), markdown, html or json\n"
		"      --color=WHEN    auto (default: on a terminal), always or never\n"
		"  -o, --output=FILE   write to FILE instead of standard output\n"
		"      --root=DIR      look at DIR instead of / (for tests and support)\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 it fits (or the table of GPUs was made), 1 it does not fit, 2 could\n"
		"not tell, 64 wrong use or no such GPU, 65 or 66 a file cannot be used, 73 or 74\n"
		"output failed.\n",
	.run = run_preflight,
};
