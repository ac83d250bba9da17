/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subcommand: its word, its help, and its function. Each lives in a file of
 * its own; gpuprobe.c has the table.
 *
 * Exit status: 0 nothing wrong, 1 a fault was found, 2 could not tell; 64 wrong
 * use, 65 damaged input, 66 input cannot be read, 74 output cannot be written.
 */
#ifndef GPUPROBE_COMMAND_H
#define GPUPROBE_COMMAND_H

#include <stdio.h>

#include "diagnose/diagnose.h"
#include "lib/root.h"

struct renderer;

struct command {
	const char *name;
	const char *summary;		/* one line */
	const char *help;		/* usage and options */
	int (*run)(int argc, char **argv);
};

extern const struct command command_report, command_collect, command_analyze, command_explain,
	command_diff, command_preflight, command_watch, command_test_irq, command_fix,
	command_record, command_rules;

/* All of them, in the order of the help. */
extern const struct command *const commands[];
extern const size_t command_count;

/* An option: @word takes what follows it, or it takes nothing and sets @flag to @value. */
struct command_option {
	const char *name;
	char letter;			/* 0: none */
	const char **word;
	int *flag, value;
};

#define COMMAND_OPTIONS_MAX 15

/*
 * Take the options out of @argv, as getopt_long() does; the other words begin
 * at optind. @options are at most COMMAND_OPTIONS_MAX, then a row without a
 * name; --help is one of every command. 0, or -1 if help was asked for and
 * printed, or EX_USAGE after one line on stderr.
 */
int command_options(const struct command *command, int argc, char **argv,
		    const struct command_option *options);
/* The same for a command that takes no other words. */
int command_options_only(const struct command *command, int argc, char **argv,
			 const struct command_option *options);

/* How to write a report. */
struct output_options {
	const char *format;	/* "text", "json", "markdown" or "html" */
	const char *path;	/* NULL: standard output */
	const char *color;	/* "always", "never"; "auto" or NULL: on a terminal */
	int verbose;		/* 0 or 1, as a flag of command_options() */
	int redaction;		/* enum redaction */
};

enum redaction { REDACT_WHAT_LEAVES, REDACT, REDACT_NOT };

/* The options of every command that writes a report ... */
#define REDACTION_OPTIONS(o)						\
	{ "redact",	.flag = &(o)->redaction, .value = REDACT },	\
	{ "no-redact",	.flag = &(o)->redaction, .value = REDACT_NOT }
#define OUTPUT_OPTIONS(o)						\
	{ "format",	.word = &(o)->format },				\
	{ "color",	.word = &(o)->color },				\
	{ "output",	'o', .word = &(o)->path },			\
	{ "verbose",	'v', .flag = &(o)->verbose, .value = 1 },	\
	REDACTION_OPTIONS(o)

/* ... and for the help. */
#define OUTPUT_REDACTION_HELP						\
	"      --redact        replace names, addresses, serial numbers and secrets by\n" \
	"                      pseudonyms: the default but for text on standard output\n" \
	"      --no-redact     leave them in\n"
#define OUTPUT_OPTIONS_HELP						\
	"      --format=WORD   text (default), markdown, html or json\n"	\
	"      --color=WHEN    auto (default: on a terminal), always or never\n" \
	"  -v, --verbose       show everything that was seen; html always does\n" \
	"  -o, --output=FILE   write to FILE instead of standard output\n" \
	OUTPUT_REDACTION_HELP

/* False after one line on stderr if a word is none that there is. */
bool output_options_good(const struct output_options *options);

/* Which part of what was collected a report is about. */
struct scope {
	const char *boot_word, *device;	/* as the user wrote them; NULL: the last, all */
	int boot;			/* 0 the last one, -1 the one before, ... */
	struct pci_address address;
};

#define SCOPE_OPTIONS(s)						\
	{ "boot",	.word = &(s)->boot_word },			\
	{ "device",	.word = &(s)->device }

/* Read its words. 0, or EX_USAGE after one line on stderr. */
int scope_read(const struct command *command, struct scope *scope);
/* The boot of a log; 0, or an exit status after a line on stderr if it has none such. */
int scope_choose_boot(struct gpuprobe_case *c, const struct scope *scope);
/* The device, once the case's functions are known; the same. */
int scope_choose_device(struct gpuprobe_case *c, const struct knowledge *knowledge,
			const struct scope *scope);

/* Text on standard output is for who sits there; all else is made to be passed on. */
bool output_is_redacted(const struct output_options *options);

/* A renderer of the format; false if it is data, not blocks. */
bool output_renderer(struct renderer *r, FILE *file, const struct output_options *options);

/* An output that appears whole or not at all. */
struct output {
	FILE *file;
	const char *path;	/* as the user wrote it; NULL: standard output */
	char *final;		/* the file that is replaced at the end */
	char *temporary;	/* what becomes it; NULL: written to directly */
};

/* 0, or EX_CANTCREAT after one line on stderr. */
int output_open(struct output *output, const char *path);
/* Write out and put in place; @status, or EX_IOERR after one line on stderr. */
int output_close(struct output *output, int status);
/* Leave what was there before. */
void output_abandon(struct output *output);

/*
 * The exit status for an error of source_file(): 0, EX_DATAERR or EX_NOINPUT,
 * after one line on stderr. Frees @problem.
 */
int input_status(int error, char *problem);

/* Redact a case where that is to be, diagnose it and write the report. Returns the exit status. */
int report_case(struct gpuprobe_case *c, const struct knowledge *knowledge,
		const struct output_options *options);

/* Columns of the terminal, $COLUMNS, or 80. */
unsigned int output_width(FILE *file);
/* Whether to colour by itself: on a terminal, as NO_COLOR and CLICOLOR_FORCE say. */
bool output_coloured(FILE *file);

/*
 * What is built in, and what the site of @root adds. A line on stderr, and
 * EX_SOFTWARE if the former is damaged; a damaged file of the latter is left out.
 */
struct knowledge *knowledge_or_exit(const char *root);
/* The same, in the language of a report of that format: JSON is English. */
struct knowledge *knowledge_for(const struct output_options *options, const char *root);

/* One line on stderr that points to the help. Returns EX_USAGE. */
int wrong_use(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
