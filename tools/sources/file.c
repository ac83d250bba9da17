// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that somebody saved: which kind it is, by its content. */
#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>

#include "case/case_json.h"
#include "lib/i18n.h"
#include "lib/progress.h"
#include "sources/source.h"
#include "uapi/gpuprobe.h"

#define SAMPLE_BYTES	8192
#define WHOLE_MAX	(64u << 20)	/* of a report or a record stream */

enum file_kind { KIND_EMPTY, KIND_BINARY, KIND_RECORDS, KIND_REPORT, KIND_LSPCI, KIND_LOG };

static bool is_lspci_line(const char *line)
{
	struct pci_address address;
	size_t used = pci_address_parse(line, &address);

	return used && line[used] == ' ' && memchr(line, '.', used) && strstr(line, ": ");
}

static bool has_lspci_line(const char *sample)
{
	for (const char *line = sample; line; line = strchr(line, '\n')) {
		if (*line == '\n' && !*++line)
			break;
		if (is_lspci_line(line))
			return true;
	}
	return false;
}

static bool is_records(const char *sample, size_t length)
{
	uint32_t magic;

	if (length < sizeof(magic))
		return false;
	memcpy(&magic, sample, sizeof(magic));
	return magic == GPUPROBE_MAGIC || magic == __builtin_bswap32(GPUPROBE_MAGIC);
}

static enum file_kind detect(const char *sample, size_t length)
{
	size_t blank = strspn(sample, " \t\r\n");

	if (is_records(sample, length))
		return KIND_RECORDS;
	if (memchr(sample, '\0', length))
		return KIND_BINARY;
	if (blank == length)
		return KIND_EMPTY;
	if (sample[blank] == '{')
		return KIND_REPORT;
	return has_lspci_line(sample) ? KIND_LSPCI : KIND_LOG;
}

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

static int take_file(struct gpuprobe_case *c, FILE *file, bool log_only,
		     const struct knowledge *knowledge, char **problem)
{
	char sample[SAMPLE_BYTES + 1];
	size_t length = fread(sample, 1, SAMPLE_BYTES, file);
	enum file_kind kind;

	sample[length] = '\0';
	if (ferror(file)) {
		*problem = xstrdup(strerror(errno));
		return -EIO;
	}
	rewind(file);
	kind = detect(sample, length);
	if (log_only && kind != KIND_EMPTY && kind != KIND_LOG)
		kind = KIND_BINARY;
	switch (kind) {
	case KIND_EMPTY:
		*problem = xstrdup("there is no text in it");
		return -ENODATA;
	case KIND_BINARY:
		*problem = xstrdup(log_only ? "it is not the text of a kernel log" :
				   "it is binary, and no kind of file that gpuprobe reads");
		return -ENODATA;
	case KIND_RECORDS:
	case KIND_REPORT:
		return take_whole(c, file, kind, problem);
	case KIND_LSPCI:
		source_lspci(c, file);
		return 0;
	case KIND_LOG:
		source_log_text(c, file, knowledge);
		return 0;
	}
	return -ENODATA;
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
	FILE *file;
	int error;

	progress_step(doing);
	file = open_path(path);
	error = -errno;
	if (file)
		progress_file(doing, fileno(file));
	free(doing);
	if (!file) {
		progress_end();
		*problem = xasprintf("%s: %s", path, strerror(-error));
		return error;
	}
	error = take_file(c, file, log_only, knowledge, &why);
	progress_end();
	if (error)
		*problem = xasprintf("%s: %s", path, why);
	free(why);
	fclose(file);
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
