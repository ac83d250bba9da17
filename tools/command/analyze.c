// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe analyze: the same diagnosis, from files. */
#include <getopt.h>
#include <strings.h>
#include <sysexits.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "sources/source.h"

static const struct option long_options[] = {
	OUTPUT_LONG_OPTIONS,
	SCOPE_LONG_OPTIONS,
	{ "help",	no_argument,		NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static int parse(int argc, char **argv, struct output_options *options, struct scope *scope)
{
	int option, status;

	optind = 1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":" OUTPUT_SHORT_OPTIONS "h", long_options, NULL)) != -1) {
		if (output_option(options, option))
			continue;
		switch (option) {
		case OPT_BOOT:
		case OPT_DEVICE:
			status = scope_option(&command_analyze, scope, option, optarg);
			if (status)
				return status;
			break;
		case 'h':
			fputs(command_analyze.help, stdout);
			return -1;
		case ':':
			return wrong_use(&command_analyze, "%s needs a value", argv[optind - 1]);
		default:
			return unknown_option(&command_analyze, argv, "ovh");
		}
	}
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

/* Nobody can tell where one has its number alone and the other its name. */
static bool may_be_same_model(const struct function *a, const struct function *b)
{
	if (a->ids_known || b->ids_known)
		return !a->ids_known || !b->ids_known || a->device == b->device;
	return !a->name || !b->name || !strcasecmp(a->name, b->name);
}

/* Whether the functions from @from to @to may have a GPU of the same model. */
static bool has_model(const struct gpuprobe_case *c, size_t from, size_t to,
		      const struct function *gpu)
{
	for (size_t i = from; i < to; i++)
		if (function_is_gpu(&c->functions.at[i]) &&
		    may_be_same_model(&c->functions.at[i], gpu))
			return true;
	return false;
}

/* A GPU of the functions from @from to @to, if those from @other_from to @other_to have no such. */
static const struct function *stranger(const struct gpuprobe_case *c, size_t from, size_t to,
				       size_t other_from, size_t other_to)
{
	const struct function *gpu = NULL;

	for (size_t i = from; i < to; i++) {
		const struct function *function = &c->functions.at[i];

		if ((!function->ids_known && !function->name) || !function_is_gpu(function))
			continue;
		if (has_model(c, other_from, other_to, function))
			return NULL;
		gpu = gpu ? gpu : function;
	}
	return gpu;
}

static bool log_names_any(const struct gpuprobe_case *c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (log_names(c, &c->functions.at[i].address))
			return true;
	return false;
}

/* "the GPU 0000:00:06.0 (10de:1bb3)", or with its name where there is no number. */
static char *describe(const struct function *gpu)
{
	char place[PCI_ADDRESS_TEXT];

	pci_address_print(&gpu->address, place);
	return gpu->ids_known ? xasprintf(_("the GPU %s (10de:%04x)"), place, gpu->device) :
				xasprintf(_("the GPU %s (%s)"), place, gpu->name);
}

/*
 * @source has functions beside the first @count, which are of other files. If they have GPUs
 * of other models at other places, that is no proof of two machines, as either list may be
 * cut down to one GPU of several; but it is to be said.
 */
static void doubt_one_machine(struct gpuprobe_case *c, size_t count, const char *source)
{
	const struct function *earlier = stranger(c, 0, count, count, c->functions.count);
	const struct function *now = stranger(c, count, c->functions.count, 0, count);
	char *gpu, *earlier_gpu;

	if (!earlier || !now)
		return;
	gpu = describe(now);
	earlier_gpu = describe(earlier);
	case_doubt(c, xasprintf(_("%s names %s, another file %s, and neither names the other's"),
				source, gpu, earlier_gpu));
	free(gpu);
	free(earlier_gpu);
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
			doubt_one_machine(c, functions, _("one file"));
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
		doubt_one_machine(c, count, _("the log"));
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
