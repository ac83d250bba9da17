// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of the commands, from a table of each. */
#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include <sysexits.h>

#include "command/command.h"

/* What getopt_long() is to return for an option without a letter: this and its row's number. */
enum { ROW = 256 };

/* The table for getopt_long(), and the letters: at first ':', which asks for missing words to be told apart. */
static void lay_out(const struct command_option *rows, struct option *options, char *letters)
{
	*letters++ = ':';
	for (size_t i = 0; rows[i].name; i++) {
		*options++ = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].word ? required_argument : no_argument,
			.val = rows[i].letter ? rows[i].letter : ROW + (int)i,
		};
		if (!rows[i].letter)
			continue;
		*letters++ = rows[i].letter;
		if (rows[i].word)
			*letters++ = ':';
	}
	*options++ = (struct option){ "help", no_argument, NULL, 'h' };
	*options = (struct option){ 0 };
	*letters++ = 'h';
	*letters = '\0';
}

static const struct command_option *find_row(const struct command_option *rows, int value)
{
	if (value >= ROW)
		return &rows[value - ROW];
	while (rows->letter != value)
		rows++;
	return rows;
}

static void take(const struct command_option *row)
{
	if (row->word)
		*row->word = optarg;
	else
		*row->flag = row->value;
}

/* @letters are those that there are. */
static int unknown_option(const struct command *command, char **argv, const char *letters)
{
	/* argv may still be at another word */
	if (optopt && optopt < ROW && !strchr(letters, optopt))
		return wrong_use(command, "unknown option -%c", optopt);
	return wrong_use(command, "unknown option %s", argv[optind - 1]);
}

int command_options(const struct command *command, int argc, char **argv,
		    const struct command_option *rows)
{
	struct option options[COMMAND_OPTIONS_MAX + 2];
	char letters[2 * COMMAND_OPTIONS_MAX + 3];
	int value;

	lay_out(rows, options, letters);
	optind = 1;
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		switch (value) {
		case 'h':
			fputs(command->help, stdout);
			return -1;
		case ':':
			return wrong_use(command, "%s needs a value", argv[optind - 1]);
		case '?':
			return unknown_option(command, argv, letters);
		}
		take(find_row(rows, value));
	}
	return 0;
}

int command_options_only(const struct command *command, int argc, char **argv,
			 const struct command_option *rows)
{
	int status = command_options(command, argc, argv, rows);

	if (!status && optind < argc)
		return wrong_use(command, "unexpected word '%s'", argv[optind]);
	return status;
}

int wrong_use(const struct command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "gpuprobe %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see gpuprobe %s --help\n", command->name);
	return EX_USAGE;
}
