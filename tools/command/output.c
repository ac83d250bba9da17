// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "command/command.h"
#include "render/renderer.h"

int output_open(struct output *output, const char *path)
{
	mode_t mask = umask(077);
	int fd;

	umask(mask);
	*output = (struct output){ .file = stdout, .path = path };
	if (!path)
		return 0;
	output->temporary = xasprintf("%s.XXXXXX", path);
	fd = mkstemp(output->temporary);
	output->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (output->file && !fchmod(fd, 0666 & ~mask))
		return 0;
	fprintf(stderr, "gpuprobe: %s: %s\n", path, strerror(errno));
	output_abandon(output);
	return EX_CANTCREAT;
}

void output_abandon(struct output *output)
{
	if (output->temporary) {
		unlink(output->temporary);
		free(output->temporary);
		output->temporary = NULL;
		if (output->file)
			fclose(output->file);
	}
	output->file = NULL;
}

int output_close(struct output *output, int status)
{
	bool good = !fflush(output->file) && !ferror(output->file);

	if (good && output->temporary)
		good = !fsync(fileno(output->file)) && !rename(output->temporary, output->path);
	if (!good) {
		fprintf(stderr, "gpuprobe: %s: %s\n", output->path ? output->path :
			"standard output", strerror(errno));
		output_abandon(output);
		return EX_IOERR;
	}
	if (output->temporary) {
		fclose(output->file);
		free(output->temporary);
	}
	return status;
}

unsigned int output_width(FILE *file)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (isatty(fileno(file)) && !ioctl(fileno(file), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return columns && atoi(columns) > 0 ? atoi(columns) : 80;
}

bool output_coloured(FILE *file)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(file)) && !(no && *no) && term && strcmp(term, "dumb");
}

bool output_format_known(const char *format)
{
	if (!strcmp(format, "text") || !strcmp(format, "json"))
		return true;
	fprintf(stderr, "gpuprobe: --format=%s: not a format; there are text and json\n",
		format);
	return false;
}

static void write_text(FILE *file, const struct gpuprobe_case *c,
		       const struct diagnosis *diagnosis, const struct knowledge *knowledge,
		       bool verbose)
{
	struct report_options options = { .verbose = verbose };
	struct renderer renderer;

	text_renderer(&renderer, file, output_width(file), output_coloured(file));
	report_walk(&renderer, c, diagnosis, knowledge, &options);
}

int report_case(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		const struct output_options *options)
{
	struct diagnosis *diagnosis;
	struct output output;
	int status = output_open(&output, options->path);

	if (status)
		return status;
	diagnosis = diagnose(c, knowledge);
	if (!strcmp(options->format, "json"))
		report_json(output.file, c, diagnosis);
	else
		write_text(output.file, c, diagnosis, knowledge, options->verbose);
	status = output_close(&output, diagnosis_exit_status(diagnosis));
	diagnosis_destroy(diagnosis);
	return status;
}

static void complain(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	fprintf(stderr, "gpuprobe: built-in %s:%zu: %s\n", file ? file : "knowledge", line, text);
}

struct knowledge *knowledge_or_exit(void)
{
	struct knowledge *knowledge = knowledge_load(complain, NULL);

	if (!knowledge)
		exit(EX_SOFTWARE);
	return knowledge;
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
