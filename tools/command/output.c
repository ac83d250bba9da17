// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "lib/progress.h"
#include "lint/site.h"
#include "redact/redact.h"
#include "render/renderer.h"

/* A device or a pipe is written to; only a plain file can be put in place whole. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

/* A new file beside the final one, with the permissions that the user's umask gives. */
static FILE *open_beside(struct output *output)
{
	mode_t mask = umask(077);
	FILE *file;
	int fd;

	umask(mask);
	output->temporary = xasprintf("%s.XXXXXX", output->final);
	fd = mkstemp(output->temporary);
	if (fd < 0) {
		free(output->temporary);
		output->temporary = NULL;
		return NULL;
	}
	file = fdopen(fd, "w");
	if (file && !fchmod(fd, 0666 & ~mask))
		return file;
	unlink(output->temporary);
	return NULL;
}

int output_open(struct output *output, const char *path)
{
	*output = (struct output){ .file = stdout, .path = path };
	if (!path)
		return 0;
	/* Through a symbolic link: the file it names is replaced, not the link. */
	output->final = realpath(path, NULL);
	if (!output->final)
		output->final = xstrdup(path);
	output->file = is_special(path) ? fopen(path, "we") : open_beside(output);
	if (output->file)
		return 0;
	fprintf(stderr, "gpuprobe: %s: %s\n", path, strerror(errno));
	output_abandon(output);
	return EX_CANTCREAT;
}

static void output_clear(struct output *output)
{
	if (output->file && output->file != stdout)
		fclose(output->file);
	free(output->temporary);
	free(output->final);
	*output = (struct output){ 0 };
}

void output_abandon(struct output *output)
{
	if (output->temporary)
		unlink(output->temporary);
	output_clear(output);
}

int output_close(struct output *output, int status)
{
	bool good = !fflush(output->file) && !ferror(output->file);

	if (good && output->temporary)
		good = !fsync(fileno(output->file)) && !rename(output->temporary, output->final);
	if (!good) {
		fprintf(stderr, "gpuprobe: %s: %s\n", output->path ? output->path :
			"standard output", strerror(errno));
		output_abandon(output);
		return EX_IOERR;
	}
	output_clear(output);
	return status;
}

int input_status(int error, char *problem)
{
	if (!error)
		return 0;
	fprintf(stderr, "gpuprobe: %s\n", problem);
	free(problem);
	return error == -ENODATA || error == -EPROTO || error == -EPROTONOSUPPORT ||
	       error == -EFBIG ? EX_DATAERR : EX_NOINPUT;
}

unsigned int output_width(FILE *file)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (isatty(fileno(file)) && !ioctl(fileno(file), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return columns && atoi(columns) > 0 ? atoi(columns) : 80;
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value && strcmp(value, "0") != 0;
}

bool output_coloured(FILE *file)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no && *no)
		return false;
	return is_set("CLICOLOR_FORCE") || (isatty(fileno(file)) && term && strcmp(term, "dumb"));
}

/* --- formats --- */

static void as_text(struct renderer *r, FILE *file, const struct output_options *options)
{
	const char *color = options->color ? options->color : "auto";
	bool coloured = !strcmp(color, "auto") ? output_coloured(file) : !strcmp(color, "always");

	text_renderer(r, file, output_width(file), coloured);
}

static void as_markdown(struct renderer *r, FILE *file, const struct output_options *options)
{
	(void)options;
	markdown_renderer(r, file);
}

static void as_html(struct renderer *r, FILE *file, const struct output_options *options)
{
	(void)options;
	html_renderer(r, file);
}

/* A NULL renderer: the format is data. */
static const struct format {
	const char *name;
	void (*renderer)(struct renderer *r, FILE *file, const struct output_options *options);
} formats[] = {
	{ "text", as_text }, { "markdown", as_markdown }, { "html", as_html },
	{ "json", NULL },
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

bool output_options_good(const struct output_options *options)
{
	const char *color = options->color ? options->color : "auto";

	if (!find_format(options->format)) {
		fprintf(stderr, "gpuprobe: --format=%s: not a format; there are text, markdown, "
			"html and json\n", options->format);
		return false;
	}
	if (!strcmp(color, "auto") || !strcmp(color, "always") || !strcmp(color, "never"))
		return true;
	fprintf(stderr, "gpuprobe: --color=%s: there are auto, always and never\n", color);
	return false;
}

bool output_renderer(struct renderer *r, FILE *file, const struct output_options *options)
{
	const struct format *format = find_format(options->format);

	if (format->renderer)
		format->renderer(r, file, options);
	return format->renderer;
}

bool output_is_redacted(const struct output_options *options)
{
	if (options->redaction != REDACT_WHAT_LEAVES)
		return options->redaction == REDACT;
	return options->path || strcmp(options->format, "text") != 0;
}

static void write_report(FILE *file, const struct gpuprobe_case *c,
			 const struct diagnosis *diagnosis, const struct knowledge *knowledge,
			 const struct output_options *options)
{
	struct report_options report = {
		.verbose = options->verbose, .privacy = output_is_redacted(options),
	};
	struct renderer renderer;

	if (!output_renderer(&renderer, file, options)) {
		report_json(file, c, diagnosis);
		return;
	}
	report_walk(&renderer, c, diagnosis, knowledge, &report);
}

/*
 * Why a report could not tell, in one line for those who read no report, such as
 * a script that keeps standard output in a file.
 */
static void say_why_not(const struct gpuprobe_case *c, const struct diagnosis *diagnosis)
{
	for (size_t i = 0; i < c->blind_spots.count; i++) {
		const char *remedy = c->blind_spots.at[i].remedy;

		if (!remedy || strcmp(remedy, _(REMEDY_ROOT)) != 0)
			continue;
		fprintf(stderr, _("gpuprobe: not all could be seen; %s\n"), remedy);
		return;
	}
	if (!diagnosis->gpus.count)
		fputs(_("gpuprobe: no NVIDIA GPU is visible\n"), stderr);
}

int report_case(struct gpuprobe_case *c, const struct knowledge *knowledge,
		const struct output_options *options)
{
	struct diagnosis *diagnosis;
	struct output output;
	int status = output_open(&output, options->path);

	if (status)
		return status;
	progress_step(_("diagnosing"));
	if (output_is_redacted(options))
		redact_case(c, knowledge);
	diagnosis = diagnose(c, knowledge);
	progress_end();
	write_report(output.file, c, diagnosis, knowledge, options);
	status = output_close(&output, diagnosis_exit_status(diagnosis));
	if (status == 2)
		say_why_not(c, diagnosis);
	diagnosis_destroy(diagnosis);
	return status;
}

static void complain_built_in(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	fprintf(stderr, "gpuprobe: built-in %s:%zu: %s\n", file ? file : "knowledge", line, text);
}

static void complain_site(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	if (line)
		fprintf(stderr, "gpuprobe: %s:%zu: %s; this file is left out\n", file, line, text);
	else
		fprintf(stderr, "gpuprobe: %s: %s\n", file, text);
}

struct knowledge *knowledge_or_exit(const char *root)
{
	struct knowledge *knowledge = knowledge_load(complain_built_in, NULL);

	if (!knowledge)
		exit(EX_SOFTWARE);
	site_rules_load(knowledge, &(struct root){ root }, complain_site, NULL);
	return knowledge;
}

struct knowledge *knowledge_for(const struct output_options *options, const char *root)
{
	if (!strcmp(options->format, "json"))
		i18n_english();
	return knowledge_or_exit(root);
}
