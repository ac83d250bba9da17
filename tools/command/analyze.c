// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe analyze: the same diagnosis, from files. */
#include <getopt.h>
#include <sysexits.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "sources/source.h"

static int parse(int argc, char **argv, struct output_options *options, struct scope *scope)
{
	const struct command_option rows[] = {
		OUTPUT_OPTIONS(options),
		SCOPE_OPTIONS(scope),
		{ 0 }
	};
	int status = command_options(&command_analyze, argc, argv, rows);

	if (!status)
		status = scope_read(&command_analyze, scope);
	if (status)
		return status;
	if (optind == argc)
		return wrong_use(&command_analyze, "name at least one file");
	return output_options_good(options) ? 0 : EX_USAGE;
}

static bool log_names(const struct gpuprobe_case *c, const struct pci_address *address)
{
	char place[PCI_ADDRESS_TEXT];
	size_t device = strlen(pci_address_print(address, place)) - 2;	/* without ".0" */

	place[device] = '\0';
	for (size_t i = 0; i < c->log.count; i++)
		if (strstr(c->log.at[i].text, place))
			return true;
	return false;
}

static bool log_names_any(const struct gpuprobe_case *c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (log_names(c, &c->functions.at[i].address))
			return true;
	return false;
}

static unsigned int count_mentions(const struct gpuprobe_case *c, size_t functions)
{
	unsigned int mentions = 0;

	for (size_t i = 0; i < functions; i++)
		mentions += c->functions.at[i].mentions;
	return mentions;
}

static int take_files(struct gpuprobe_case *c, char **paths, const struct knowledge *knowledge)
{
	char *problem = NULL;
	int error = 0;

	for (; *paths && !error; paths++) {
		size_t functions = c->functions.count;
		unsigned int mentions = count_mentions(c, functions);

		error = source_file(c, *paths, knowledge, &problem);
		if (!error && count_mentions(c, functions) == mentions)
			case_doubt_functions(c, functions, _("one file"));
	}
	return input_status(error, problem);
}

static int analyze(struct gpuprobe_case *c, const struct knowledge *knowledge,
		   const struct scope *scope, const struct output_options *options)
{
	int status = scope_choose_boot(c, scope);
	size_t count = c->functions.count;

	if (status)
		return status;
	/* It may be this machine's own log that is shown to others. */
	source_names(c, &(struct root){ "" });
	events_add_functions(c, knowledge);
	if (c->contradiction) {
		fprintf(stderr, "gpuprobe: %s\n", c->contradiction);
		return EX_DATAERR;
	}
	if (!log_names_any(c, count))
		case_doubt_functions(c, count, _("the log"));
	status = scope_choose_device(c, knowledge, scope);
	return status ? status : report_case(c, knowledge, options);
}

static int run_analyze(int argc, char **argv)
{
	struct output_options options = { .format = "text" };
	struct scope scope = { 0 };
	int status = parse(argc, argv, &options, &scope);
	struct knowledge *knowledge;
	struct gpuprobe_case *c;

	if (status)
		return status < 0 ? 0 : status;
	knowledge = knowledge_for(&options, "");
	c = case_create();
	status = take_files(c, argv + optind, knowledge);
	if (!status)
		status = analyze(c, knowledge, &scope, &options);
	case_destroy(c);
	knowledge_destroy(knowledge);
	return status;
}

const struct command command_analyze = {
	.name = "analyze",
	.summary = "the same diagnosis from files: kernel logs, lspci text, reports",
	.help = "usage: gpuprobe analyze [OPTION]... FILE...\n"
		"\n"
		"Diagnose from files about one machine, on any machine: kernel logs, lspci text of\n"
		"any verbosity, nvidia-bug-report.log, reports of gpuprobe, and saved streams of\n"
		"/dev/gpuprobe; gzipped or not. Their kind is found from their content. The file -\n"
		"is standard input.\n"
		"\n"
		"      --boot=N        of a log with several boots take the last (0, the default), the\n"
		"                      one before (-1), ...\n"
		"      --device=ADDR   only the GPU at this PCI address\n"
		OUTPUT_OPTIONS_HELP
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 nothing wrong, 1 a fault was found, 2 could not tell, 64 wrong use,\n"
		"65 a file is damaged or of no known kind, 66 a file cannot be read, 73 or 74\n"
		"output failed.\n",
	.run = run_analyze,
};
