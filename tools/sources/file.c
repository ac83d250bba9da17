// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that somebody saved. */
#include <errno.h>
#include <sys/stat.h>

#include "case/case_json.h"
#include "lib/i18n.h"
#include "lib/progress.h"
#include "sources/detect.h"
#include "sources/gzip.h"
#include "sources/source.h"

#define UNPACKED_MAX	(UINT64_C(2) << 30)	/* of a gzip file */
#define WHOLE_MAX	(64u << 20)	/* of a report or a record stream */

/* The rest of @file; NULL if it has more than WHOLE_MAX bytes. */
static char *slurp(FILE *file, size_t *length)
{
	char *bytes = NULL;
	size_t room = 0;

	*length = 0;
	do {
		room += 1 << 20;
		bytes = xreallocarray(bytes, room, 1);
		*length += fread(bytes + *length, 1, room - *length, file);
	} while (*length == room && room <= WHOLE_MAX);
	if (*length <= WHOLE_MAX)
		return bytes;
	free(bytes);
	return NULL;
}

static int take_whole(struct gpuprobe_case *c, FILE *file, enum file_kind kind, char **problem)
{
	size_t length;
	char *bytes = slurp(file, &length);
	int error;

	if (!bytes) {
		*problem = xasprintf("larger than %u MiB", WHOLE_MAX >> 20);
		return -EFBIG;
	}
	if (kind == KIND_RECORDS)
		error = source_records(c, (uint8_t *)bytes, length, problem);
	else
		error = case_from_json(c, bytes, length, problem);
	free(bytes);
	return error;
}

static enum file_kind kind_of(FILE *file, const char **why)
{
	char *sample = xcalloc(DETECT_BYTES + 1, 1);
	size_t length = fread(sample, 1, DETECT_BYTES, file);
	enum file_kind kind = detect_kind(sample, length, why);

	free(sample);
	return kind;
}

static int refuse(char **problem, const char *why)
{
	*problem = xstrdup(why);
	return -ENODATA;
}

static bool is_log(enum file_kind kind)
{
	return kind == KIND_LOG || kind == KIND_LOG_JSON || kind == KIND_LOG_EXPORT;
}

/* A file that is unpacked, if it was packed; of which part may be wanted only. */
static int take_file(struct gpuprobe_case *c, FILE *file, bool log_only,
		     const struct knowledge *knowledge, char **problem)
{
	const char *why;
	enum file_kind kind = kind_of(file, &why);

	if (ferror(file)) {
		*problem = xstrdup(strerror(errno));
		return -EIO;
	}
	rewind(file);
	if (log_only && kind > KIND_REFUSED && !is_log(kind))
		return refuse(problem, _("it is not the text of a kernel log"));
	switch (kind) {
	case KIND_EMPTY:
		return refuse(problem, _("there is no text in it"));
	case KIND_REFUSED:
		return refuse(problem, why);
	case KIND_BINARY:
	case KIND_GZIP:		/* in another one */
		return refuse(problem, _("it is binary, and no kind of file that gpuprobe reads"));
	case KIND_RECORDS:
	case KIND_REPORT:
		return take_whole(c, file, kind, problem);
	case KIND_BUG_REPORT:
		source_bug_report(c, file, knowledge);
		return 0;
	case KIND_LSPCI:
		source_lspci(c, file);
		return 0;
	case KIND_LSPCI_AND_LOG:
		source_lspci(c, file);
		rewind(file);
		source_log_text(c, file, knowledge);
		return 0;
	case KIND_LOG_JSON:
		return source_log_json(c, file, knowledge, problem);
	case KIND_LOG_EXPORT:
		source_log_export(c, file, knowledge);
		return 0;
	case KIND_LOG:
		source_log_text(c, file, knowledge);
		return 0;
	}
	return -ENODATA;
}

/* Why the end of a packed file was not read, which is no reason to refuse the rest. */
static void note_end(struct gpuprobe_case *c, const char *path, enum gzip_end end)
{
	static const char *const whys[] = {
		[GZIP_CUT] = N_("the gzip file is cut short"),
		[GZIP_DAMAGED] = N_("the gzip file is damaged"),
		[GZIP_TOO_LARGE] = N_("it unpacks to more than 2 GiB, of which the first were read"),
	};
	char *what;

	if (end == GZIP_WHOLE)
		return;
	what = xasprintf(_("the rest of %s"), path);
	case_add_blind_spot(c, what, _(whys[end]), NULL);
	free(what);
}

static bool is_gzip(FILE *file)
{
	unsigned char magic[2];
	bool is = fread(magic, 1, sizeof(magic), file) == sizeof(magic) && magic[0] == 0x1f &&
		  magic[1] == 0x8b;

	rewind(file);
	return is;
}

/* A pipe cannot be read twice: a copy that can. */
static FILE *copy_of(FILE *file)
{
	FILE *copy = tmpfile();
	char buffer[65536];
	size_t n;

	while (copy && (n = fread(buffer, 1, sizeof(buffer), file)))
		if (fwrite(buffer, 1, n, copy) != n)
			break;
	if (copy)
		rewind(copy);
	return copy;
}

static FILE *open_path(const char *path)
{
	FILE *file, *copy;
	struct stat st;

	if (!strcmp(path, "-"))
		return copy_of(stdin);
	file = fopen(path, "re");
	if (!file || fstat(fileno(file), &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return file;
	copy = copy_of(file);
	fclose(file);
	return copy;
}

static int take_path(struct gpuprobe_case *c, const char *path, bool log_only,
		     const struct knowledge *knowledge, char **problem)
{
	char *doing = xasprintf(_("reading %s"), path), *why = NULL;
	enum gzip_end end = GZIP_WHOLE;
	FILE *file;
	int error;

	progress_step(doing);
	file = open_path(path);
	if (file && is_gzip(file))
		file = gzip_open(file, UNPACKED_MAX, &end);
	else if (file)
		progress_file(doing, fileno(file));
	error = -errno;
	free(doing);
	if (!file) {
		progress_end();
		*problem = xasprintf("%s: %s", path, strerror(-error));
		return error;
	}
	error = take_file(c, file, log_only, knowledge, &why);
	progress_end();
	fclose(file);
	if (error && end != GZIP_WHOLE)
		*problem = xasprintf(_("%s: the gzip file is cut short or damaged"), path);
	else if (error)
		*problem = xasprintf("%s: %s", path, why);
	else
		note_end(c, path, end);
	free(why);
	return error;
}

int source_file(struct gpuprobe_case *c, const char *path, const struct knowledge *knowledge,
		char **problem)
{
	return take_path(c, path, false, knowledge, problem);
}

int source_log_file(struct gpuprobe_case *c, const char *path, const struct knowledge *knowledge,
		    char **problem)
{
	return take_path(c, path, true, knowledge, problem);
}
