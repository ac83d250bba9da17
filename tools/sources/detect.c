// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/detect.h"

#include <ctype.h>

#include "case/case.h"
#include "lib/i18n.h"
#include "uapi/gpuprobe.h"

#define MAGIC(text) text, sizeof(text) - 1

/* Kinds that are known by their first bytes, and not read. */
static const struct {
	const char *magic;
	size_t length;
	const char *why;
} refused[] = {
	{ MAGIC("\xfd" "7zXZ\0"),	N_("it is compressed; unpack it first, with xz -dk") },
	{ MAGIC("\x28\xb5\x2f\xfd"),	N_("it is compressed; unpack it first, with zstd -d") },
	{ MAGIC("BZh"),			N_("it is compressed; unpack it first, with bzip2 -dk") },
	{ MAGIC("PK\3\4"),		N_("it is an archive; unpack it first, with unzip") },
	{ MAGIC("LPKSHHRH"),		N_("it is a file of the journal; give what this prints: "
					   "journalctl -k -o short-monotonic --file=FILE") },
	{ MAGIC("\xff\xfe"),		N_("it is UTF-16 text; make it UTF-8 first, with "
					   "iconv -f UTF-16 -t UTF-8") },
	{ MAGIC("\xfe\xff"),		N_("it is UTF-16 text; make it UTF-8 first, with "
					   "iconv -f UTF-16 -t UTF-8") },
};

static const char *refusal(const char *sample, size_t length)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (length >= refused[i].length &&
		    !memcmp(sample, refused[i].magic, refused[i].length))
			return _(refused[i].why);
	return NULL;
}

static bool is_records(const char *sample, size_t length)
{
	uint32_t magic;

	if (length < sizeof(magic))
		return false;
	memcpy(&magic, sample, sizeof(magic));
	return magic == GPUPROBE_MAGIC || magic == __builtin_bswap32(GPUPROBE_MAGIC);
}

/* A crash leaves NULs in a log; a binary file is full of bytes that no text has. */
static bool is_binary(const char *sample, size_t length)
{
	size_t strange = 0, nuls = 0;

	for (size_t i = 0; i < length; i++) {
		nuls += !sample[i];
		strange += sample[i] && iscntrl((unsigned char)sample[i]) &&
			   !strchr("\t\n\r\f\b\a\033", sample[i]);
	}
	return (nuls + strange) * 10 > length && (strange * 20 > length || nuls * 2 > length);
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Also "data: {" of server-sent events, and the separator of RFC 7464. */
static enum file_kind json_kind(const char *text)
{
	const char *start = text + strspn(text, "\x1e \t\r\n");

	if (begins(start, "data: "))
		start += strlen("data: ");
	if (*start != '{')
		return KIND_EMPTY;
	if (strstr(start, "\"__REALTIME_TIMESTAMP\"") || strstr(start, "\"MESSAGE\"") ||
	    begins(start + 1 + strspn(start + 1, " \t\r\n"), "\"dmesg\""))
		return KIND_LOG_JSON;
	return start == text + strspn(text, " \t\r\n") ? KIND_REPORT : KIND_EMPTY;
}

/* "00:06.0 3D controller: ...", "00:06.0 \"3D controller\" ...", "Slot:\t00:06.0" */
static bool is_lspci_line(const char *line)
{
	struct pci_address address;
	size_t used, end;

	line += strspn(line, " \t>");
	if (begins(line, "Slot:\t"))
		return true;
	used = pci_address_parse(line, &address);
	end = strcspn(line, "\n");
	return used && line[used] == ' ' && memchr(line, '.', used) &&
	       (line[used + 1] == '"' || memmem(line, end, ": ", 2));
}

/* A line of the kernel with a stamp, or one of its driver. */
static bool is_log_line(const char *line)
{
	size_t end = strcspn(line, "\n"), digits;

	line += strspn(line, " \t>");
	digits = *line == '[' ? strspn(line + 1, " 0123456789.") : 0;
	return (digits > 2 && line[1 + digits] == ']') || memmem(line, end, "NVRM: ", 6) ||
	       memmem(line, end, " kernel: ", 9);
}

static bool has_line(const char *sample, bool (*is)(const char *line))
{
	for (const char *line = sample; line; line = strchr(line, '\n')) {
		if (*line == '\n')
			line++;
		if (is(line))
			return true;
	}
	return false;
}

static enum file_kind text_kind(const char *sample)
{
	if (strstr(sample, "Start of NVIDIA bug report log file"))
		return KIND_BUG_REPORT;
	if (!has_line(sample, is_lspci_line))
		return KIND_LOG;
	return has_line(sample, is_log_line) ? KIND_LSPCI_AND_LOG : KIND_LSPCI;
}

enum file_kind detect_kind(const char *sample, size_t length, const char **why)
{
	enum file_kind kind;

	*why = refusal(sample, length);
	if (*why)
		return KIND_REFUSED;
	if (begins(sample, "\x1f\x8b"))
		return KIND_GZIP;
	if (is_records(sample, length))
		return KIND_RECORDS;
	if (begins(sample, "__CURSOR=") || begins(sample, "__REALTIME_TIMESTAMP="))
		return KIND_LOG_EXPORT;
	if (is_binary(sample, length))
		return KIND_BINARY;
	if (strspn(sample, " \t\r\n") == length)
		return KIND_EMPTY;
	kind = json_kind(sample);
	return kind != KIND_EMPTY ? kind : text_kind(sample);
}
