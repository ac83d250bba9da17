// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/kmsg: "priority,sequence,microseconds,flags[,...];message". */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sources/log_reader.h"
#include "sources/source.h"

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

/* What is read from the device. */
struct kmsg {
	struct log_reader reader;
	struct gpuprobe_case *c;
	bool begun;
	uint64_t first_sequence;
};

/* One printk() may have printed several lines, as NVIDIA's driver does. */
static void take_record(struct kmsg *kmsg, char *record)
{
	char *message = strchr(record, ';');
	unsigned int priority;
	uint64_t sequence, time_us;
	size_t number = ++kmsg->c->log_lines_read;

	if (!message || sscanf(record, "%u,%" SCNu64 ",%" SCNu64, &priority, &sequence,
			       &time_us) != 3)
		return;
	if (!kmsg->begun)
		kmsg->first_sequence = sequence;
	kmsg->begun = true;
	if (priority >> 3)	/* a facility other than the kernel: user space wrote it */
		return;
	message++;
	message[strcspn(message, "\n")] = '\0';	/* what follows is the record's dictionary */
	unescape(message);
	log_reader_message(&kmsg->reader, message, time_us, number);
}

static void read_device(struct kmsg *kmsg, int fd)
{
	char record[LOG_LINE_MAX + 1];
	ssize_t n;

	for (;;) {
		n = read(fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))	/* overwritten: the next one */
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		take_record(kmsg, record);
	}
}

/* A plain file in place of the device: records one a line. */
static void read_recording(struct kmsg *kmsg, int fd)
{
	FILE *file = fdopen(dup(fd), "r");
	char record[LOG_LINE_MAX];

	if (!file)
		return;
	while (fgets(record, sizeof(record), file))
		if (*record != ' ')	/* what continues a record: its device */
			take_record(kmsg, record);
	fclose(file);
}

bool source_kmsg(struct gpuprobe_case *c, const struct root *root,
		 const struct knowledge *knowledge)
{
	char *path = root_path(root, "/dev/kmsg");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct kmsg kmsg = { .c = c };
	struct stat st;

	free(path);
	if (fd < 0) {
		bool denied = errno == EPERM || errno == EACCES;

		case_add_blind_spot(c, _("the kernel log"), denied ?
				    _("reading /dev/kmsg needs root here") :
				    _("/dev/kmsg cannot be opened"),
				    denied ? _(REMEDY_ROOT) : NULL);
		return true;
	}
	log_reader_open(&kmsg.reader, c, knowledge);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		read_recording(&kmsg, fd);
	else
		read_device(&kmsg, fd);
	log_reader_close(&kmsg.reader);
	close(fd);
	return !kmsg.first_sequence;
}
