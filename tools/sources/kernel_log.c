// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel log: from /dev/kmsg, or from text in the shapes that people
 * paste. A line is taken apart into time stamp and message; it is kept when
 * the message is one that gpuprobe knows, or speaks of the GPU.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sources/source.h"

#define LINE_MAX_BYTES	8192
#define LOG_KEEP_MAX	20000	/* lines; a log that has more repeats itself */

static void keep_line(struct gpuprobe_case *c, const struct knowledge *knowledge,
		      struct log_line *line)
{
	if (c->log.count >= LOG_KEEP_MAX || !knowledge_line_matters(knowledge, line->text)) {
		free(line->stamp);
		return;
	}
	line->text = xstrdup(line->text);
	*array_add(&c->log) = *line;
}

/* NVIDIA's lines end in blanks here and there. */
static void trim_end(char *text)
{
	size_t length = strcspn(text, "\r\n");

	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	text[length] = '\0';
}

/* --- text --- */

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* "<6>", as dmesg --raw prints it. */
static const char *skip_priority(const char *at)
{
	size_t digits;

	if (*at != '<')
		return at;
	digits = strspn(at + 1, "0123456789");
	return digits && at[1 + digits] == '>' ? at + digits + 2 : at;
}

/* Host and time that syslog and journalctl put before "kernel: ". */
static const char *skip_syslog(const char *at)
{
	static const char tag[] = "kernel: ";
	const char *found = strstr(at, tag);

	if (!found || found - at > 120 || (found != at && found[-1] != ' '))
		return at;
	return found + strlen(tag);
}

static bool is_uptime(const char *text, size_t length)
{
	size_t i = 0, dots = 0;

	while (i < length && text[i] == ' ')
		i++;
	if (i == length || !isdigit((unsigned char)text[i]))
		return false;
	for (; i < length && (isdigit((unsigned char)text[i]) || text[i] == '.'); i++)
		dots += text[i] == '.';
	return dots == 1 && i == length;
}

/* A date has a time of day in it, in any language: "Tue Sep  9 02:26:33 2025". */
static bool is_date(const char *text, size_t length)
{
	for (size_t i = 0; i + 7 < length; i++)
		if (isdigit((unsigned char)text[i]) && text[i + 1] != '\0' &&
		    text[i + 2] == ':' && isdigit((unsigned char)text[i + 3]) &&
		    text[i + 5] == ':' && isdigit((unsigned char)text[i + 6]))
			return true;
	return false;
}

static uint64_t uptime_us(const char *text)
{
	uint64_t seconds, us = 0;
	char *end;

	seconds = strtoull(text, &end, 10);
	if (*end == '.') {
		size_t digits = 0;

		for (end++; isdigit((unsigned char)*end) && digits < 6; end++, digits++)
			us = us * 10 + (*end - '0');
		for (; digits < 6; digits++)
			us *= 10;
	}
	if (seconds > UINT64_MAX / 2000000)
		return 0;
	return seconds * 1000000 + us;
}

/* "[  T123]" or "[   C0]": the thread or CPU that printed the line (PRINTK_CALLER). */
static const char *skip_caller(const char *at)
{
	const char *inside;
	size_t digits;

	if (*at != '[')
		return at;
	inside = at + 1 + strspn(at + 1, " ");
	if (*inside != 'T' && *inside != 'C')
		return at;
	digits = strspn(inside + 1, "0123456789");
	return digits && inside[1 + digits] == ']' ? inside + digits + 2 : at;
}

/* "1.36s ", as people write the uptime who copy by hand. */
static bool take_seconds(const char **at, struct log_line *line)
{
	size_t length = strspn(*at, "0123456789.");

	if (!is_uptime(*at, length) || (*at)[length] != 's' ||
	    ((*at)[length + 1] != ' ' && (*at)[length + 1] != '\t'))
		return false;
	line->time_known = true;
	line->time_us = uptime_us(*at);
	free(line->stamp);
	line->stamp = xstrndup(*at, length + 1);
	*at = skip_blanks(*at + length + 1);
	return true;
}

/* A stamp in brackets at *at: taken into @line, and *at moved behind it. */
static bool take_stamp(const char **at, struct log_line *line)
{
	const char *open = *at, *close;
	size_t length;

	if (*open != '[' || !(close = strchr(open, ']')))
		return false;
	length = close - open - 1;
	if (is_uptime(open + 1, length)) {
		line->time_known = true;
		line->time_us = uptime_us(open + 1);
	} else if (!is_date(open + 1, length)) {
		return false;
	}
	free(line->stamp);
	line->stamp = xstrndup(open, length + 2);
	*at = skip_blanks(skip_caller(close + 1));
	return true;
}

static void take_text_line(struct gpuprobe_case *c, const struct knowledge *knowledge,
			   char *text, size_t number)
{
	struct log_line line = { .number = number };
	const char *at = text;

	trim_end(text);
	at = skip_blanks(skip_priority(skip_blanks(at)));
	take_seconds(&at, &line);
	while (take_stamp(&at, &line))
		;
	at = skip_blanks(skip_syslog(at));
	while (take_stamp(&at, &line))
		;
	line.text = (char *)at;
	keep_line(c, knowledge, &line);
}

static void skip_rest_of_line(FILE *file)
{
	int ch;

	while ((ch = getc_unlocked(file)) != EOF && ch != '\n')
		;
}

void source_log_text(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge)
{
	char text[LINE_MAX_BYTES];
	size_t number = 0;

	c->log_looked = true;
	while (fgets(text, sizeof(text), file)) {
		if (!strchr(text, '\n') && strlen(text) == sizeof(text) - 1)
			skip_rest_of_line(file);
		take_text_line(c, knowledge, text, ++number);
	}
	c->log_lines_read += number;
}

/* --- /dev/kmsg: "priority,sequence,microseconds,flags[,...];message" --- */

/*
 * The kernel writes bytes that are not printable as \x0a. A NUL would end the
 * text, so that one stays as it is.
 */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		unsigned int byte;

		if (sscanf(text, "\\x%2x", &byte) == 1 && byte && isxdigit((unsigned char)text[3])) {
			*to++ = byte;
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* One printk() may have printed several lines, as NVIDIA's driver does. */
static void take_kmsg_record(struct gpuprobe_case *c, const struct knowledge *knowledge,
			     char *record, size_t number)
{
	char *message = strchr(record, ';'), *text;
	unsigned int priority;
	uint64_t time_us;

	if (!message || sscanf(record, "%u,%*u,%" SCNu64, &priority, &time_us) != 2)
		return;
	if (priority >> 3)	/* a facility other than the kernel: user space wrote it */
		return;
	message++;
	trim_end(message);	/* what follows is the record's dictionary */
	unescape(message);
	while ((text = strsep(&message, "\n"))) {
		struct log_line line = {
			.number = number, .time_known = true, .time_us = time_us, .text = text,
		};

		trim_end(text);
		line.stamp = xasprintf("[%5" PRIu64 ".%06" PRIu64 "]", time_us / 1000000,
				       time_us % 1000000);
		keep_line(c, knowledge, &line);
	}
}

static void read_device(struct gpuprobe_case *c, const struct knowledge *knowledge, int fd)
{
	char record[LINE_MAX_BYTES + 1];
	ssize_t n;

	for (;;) {
		n = read(fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))	/* overwritten: the next one */
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		take_kmsg_record(c, knowledge, record, ++c->log_lines_read);
	}
}

/* A plain file in place of the device: records one a line. */
static void read_recording(struct gpuprobe_case *c, const struct knowledge *knowledge, int fd)
{
	FILE *file = fdopen(dup(fd), "r");
	char record[LINE_MAX_BYTES];

	if (!file)
		return;
	while (fgets(record, sizeof(record), file))
		if (*record != ' ')	/* what continues a record: its device */
			take_kmsg_record(c, knowledge, record, ++c->log_lines_read);
	fclose(file);
}

void source_kmsg(struct gpuprobe_case *c, const struct root *root,
		 const struct knowledge *knowledge)
{
	char *path = root_path(root, "/dev/kmsg");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	free(path);
	if (fd < 0) {
		bool denied = errno == EPERM || errno == EACCES;

		case_add_blind_spot(c, "the kernel log", denied ?
				    "reading /dev/kmsg needs root here" :
				    "/dev/kmsg cannot be opened",
				    denied ? REMEDY_ROOT : NULL);
		return;
	}
	c->log_looked = true;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		read_recording(c, knowledge, fd);
	else
		read_device(c, knowledge, fd);
	close(fd);
}
