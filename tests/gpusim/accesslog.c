// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <linux/vfio.h>

#include "accesslog.h"
#include "bytes.h"

static const char *const region_names[LOG_REGIONS] = {
	"bar0", "bar1", "bar2", "bar3", "bar4", "bar5", "rom", "config", "vga",
};

const char *region_name(unsigned int region)
{
	return region < LOG_REGIONS ? region_names[region] : NULL;
}

int log_open(struct access_log *log, const char *path)
{
	memset(log, 0, sizeof(*log));
	if (!path)
		return 0;
	log->file = fopen(path, "we");
	if (!log->file)
		return -errno;
	/* By the line, so that it can be followed and a killed run keeps what it saw. */
	setvbuf(log->file, NULL, _IOLBF, 0);
	return 0;
}

static void write_summary(struct access_log *log)
{
	for (unsigned int i = 0; i < LOG_REGIONS; i++) {
		log_event(log, "summary %s reads %" PRIu64, region_names[i], log->reads[i]);
		log_event(log, "summary %s writes %" PRIu64, region_names[i], log->writes[i]);
	}
	log_event(log, "summary irq raised %" PRIu64, log->raised);
	log_event(log, "summary irq lost %" PRIu64, log->lost);
	log_event(log, "summary resets %" PRIu64, log->resets);
	log_event(log, "summary messages refused %" PRIu64, log->refused);
}

int log_close(struct access_log *log)
{
	int failed;

	if (!log->file)
		return 0;
	write_summary(log);
	failed = ferror(log->file);
	failed |= fclose(log->file);
	log->file = NULL;
	return failed ? -EIO : 0;
}

static bool has_value(size_t len)
{
	return len == 1 || len == 2 || len == 4 || len == 8;
}

void log_access(struct access_log *log, unsigned int region, bool write, uint64_t offset,
		const uint8_t *data, size_t len)
{
	int digits = region == VFIO_PCI_CONFIG_REGION_INDEX ? 3 : 6;
	const char *verb = write ? "write" : "read";

	if (write)
		log->writes[region]++;
	else
		log->reads[region]++;
	if (!log->file)
		return;
	fprintf(log->file, "%s %s 0x%0*" PRIx64 " %zu ", region_names[region], verb, digits, offset,
		len);
	if (has_value(len))
		fprintf(log->file, "0x%0*" PRIx64 "\n", (int)(2 * len), bytes_get(data, len));
	else
		fputs("bulk\n", log->file);
}

void log_event(struct access_log *log, const char *format, ...)
{
	va_list args;

	if (!log->file)
		return;
	va_start(args, format);
	vfprintf(log->file, format, args);
	va_end(args);
	putc('\n', log->file);
}
