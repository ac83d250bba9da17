// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "version.h"

const struct command *const commands[] = {
	&command_report, &command_collect, &command_analyze, &command_explain,
	&command_diff, &command_preflight, &command_watch,
	&command_test_irq, &command_fix, &command_record, &command_rules,
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);

static void print_help(FILE *out)
{
	fputs("usage: gpuprobe [COMMAND] [OPTION]...\n\n"
	      "Say why a passed-through NVIDIA GPU does not come up.\n\n", out);
	for (size_t i = 0; i < command_count; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\nWithout a command: report. \"gpuprobe COMMAND --help\" tells more.\n"
	      "  -h, --help      this text\n"
	      "  -V, --version   the version\n", out);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* What was not written because the disk is full must not pass for success. */
static int written(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (status <= 2)
		perror("gpuprobe: standard output");
	return status <= 2 ? EX_IOERR : status;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *command;

	/* A closed pipe or a limit are errors of writing like any other, told and with a status. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	i18n_start();
	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help")) {
		print_help(stdout);
		return written(0);
	}
	if (!strcmp(word, "--version") || !strcmp(word, "-V")) {
		printf("gpuprobe %s\n", GPUPROBE_VERSION);
		return written(0);
	}
	if (!*word || *word == '-')
		return written(command_report.run(argc, argv));
	command = find_command(word);
	if (!command) {
		fprintf(stderr, "gpuprobe: unknown command '%s'; see gpuprobe --help\n", word);
		return EX_USAGE;
	}
	return written(command->run(argc - 1, argv + 1));
}
