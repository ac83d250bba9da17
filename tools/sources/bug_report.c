// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nvidia-bug-report.log: sections between lines of underscores, each headed by the
 * command that was run or, after "*** ", by the file that was read. The order
 * differs from release to release, so each section is put aside and read at the end.
 */
#include <ctype.h>

#include "case/log.h"
#include "sources/log_reader.h"
#include "sources/source.h"

#define LINE_ROOM	8192
#define RULE		"____________________________________________"

enum section {
	SECTION_OTHER, SECTION_PROLOGUE, SECTION_LSPCI, SECTION_DMESG, SECTION_JOURNAL,
	SECTION_LOG_FILE, SECTION_VERSION, SECTION_MODINFO, SECTION_COMMAND_LINE, SECTION_DMI,
	SECTION_PROGRAM,
};

#define JOURNAL_BOOTS 3		/* this one, and two before */

struct bug_report {
	struct gpuprobe_case *c;
	enum section section;
	bool heading;			/* the next line of text heads a section */
	char dmi_part;			/* 's' system, 'b' BIOS */
	FILE *lspci, *dmesg, *log_file, *journal[JOURNAL_BOOTS], *log;
	FILE *programs;			/* what nvidia-smi and the X server said */
};

/* --- which section it is --- */

static bool ends(const char *text, const char *with)
{
	size_t length = strlen(text), tail = strlen(with);

	return length >= tail && !strcmp(text + length - tail, with);
}

/* The first word is a program, with or without its folder and a colon. */
static bool is_program(const char *header, const char *name)
{
	size_t length = strcspn(header, " :");
	const char *slash = memrchr(header, '/', length);
	const char *base = slash ? slash + 1 : header;

	return strlen(name) == (size_t)(header + length - base) &&
	       !strncmp(base, name, strlen(name));
}

static enum section file_section(const char *path)
{
	static const char *const logs[] = {
		"/var/log/kern.log", "/var/log/messages", "/var/log/syslog", "/var/log/dmesg",
	};

	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
		if (!strcmp(path, logs[i]))
			return SECTION_LOG_FILE;
	if (!strcmp(path, "/var/log/Xorg.0.log"))
		return SECTION_PROGRAM;
	if (!strcmp(path, "/proc/driver/nvidia/version") ||
	    ends(path, "/proc/driver/nvidia/./version"))
		return SECTION_VERSION;
	return !strcmp(path, "/proc/cmdline") ? SECTION_COMMAND_LINE : SECTION_OTHER;
}

static FILE *opened(FILE **file)
{
	if (!*file)
		*file = tmpfile();
	return *file;
}

static enum section journal_section(struct bug_report *report, const char *header)
{
	const char *boot = strstr(header, "-b -");
	unsigned int number = boot ? strtoul(boot + 4, NULL, 10) : 0;

	if (strstr(header, "_COMM=") || number >= JOURNAL_BOOTS)
		return SECTION_OTHER;
	report->log = opened(&report->journal[number]);
	return SECTION_JOURNAL;
}

static enum section section_of(struct bug_report *report, const char *header)
{
	if (!strncmp(header, "Start of NVIDIA bug report", 26))
		return SECTION_PROLOGUE;
	if (!strncmp(header, "*** ", 4))
		return file_section(header + 4);
	if (is_program(header, "lspci"))
		return SECTION_LSPCI;
	if (is_program(header, "dmesg"))
		return SECTION_DMESG;
	if (is_program(header, "journalctl"))
		return journal_section(report, header);
	if (is_program(header, "nvidia-smi"))
		return SECTION_PROGRAM;
	if (is_program(header, "modinfo") && strstr(header, "nvidia"))
		return SECTION_MODINFO;
	return is_program(header, "dmidecode") ? SECTION_DMI : SECTION_OTHER;
}

/* --- what is read at once --- */

static const char *value_of(const char *line, const char *name)
{
	line += strspn(line, " \t");
	if (strncmp(line, name, strlen(name)))
		return NULL;
	line += strlen(name);
	return line + strspn(line, " \t");
}

static void set_once(char **text, const char *value)
{
	if (!*text && value && *value)
		*text = xstrdup(value);
}

/* "uname: Linux guest 6.8.0-79-generic #79-Ubuntu ..." */
static void take_prologue(struct bug_report *report, const char *line)
{
	const char *uname = value_of(line, "uname:"), *release;

	release = uname ? strchr(uname, ' ') : NULL;
	release = release ? strchr(release + 1, ' ') : NULL;
	if (release && !report->c->machine.kernel_release)
		report->c->machine.kernel_release =
			xstrndup(release + 1, strcspn(release + 1, " "));
}

static struct driver_module *nvidia_module(struct gpuprobe_case *c)
{
	struct driver_module *module = (struct driver_module *)case_module(c, "nvidia");

	if (!module) {
		module = array_add(&c->modules);
		module->name = xstrdup("nvidia");
	}
	return module;
}

/* "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.82.07  Release Build ..." */
static void take_version(struct bug_report *report, const char *line)
{
	const char *text = value_of(line, "NVRM version:"), *version;
	struct driver_module *module;

	version = text ? strstr(text, "  ") : NULL;
	if (!version)
		return;
	version += strspn(version, " ");
	module = nvidia_module(report->c);
	module->loaded = true;
	if (!module->version)
		module->version = xstrndup(version, strcspn(version, " "));
	set_once(&module->license, strstr(text, "Open Kernel Module") ? "Dual MIT/GPL" : "NVIDIA");
}

static void take_modinfo(struct bug_report *report, const char *line)
{
	const char *version = value_of(line, "version:"), *license = value_of(line, "license:");
	struct driver_module *module;

	if (!version && !license)
		return;
	module = nvidia_module(report->c);
	module->installed = true;
	set_once(&module->version, version);
	set_once(&module->license, license);
}

static void take_dmi(struct bug_report *report, const char *line)
{
	struct machine *machine = &report->c->machine;

	if (isalpha((unsigned char)*line))
		report->dmi_part = !strcmp(line, "System Information") ? 's' :
				   !strcmp(line, "BIOS Information") ? 'b' : 0;
	if (report->dmi_part == 's') {
		set_once(&machine->dmi_vendor, value_of(line, "Manufacturer:"));
		set_once(&machine->dmi_product, value_of(line, "Product Name:"));
	} else if (report->dmi_part == 'b') {
		set_once(&machine->dmi_bios_vendor, value_of(line, "Vendor:"));
		set_once(&machine->dmi_bios_version, value_of(line, "Version:"));
	}
}

static void put_aside(FILE **file, const char *line)
{
	if (opened(file))
		fprintf(*file, "%s\n", line);
}

static void take_line(struct bug_report *report, const char *line)
{
	switch (report->section) {
	case SECTION_PROLOGUE:
		take_prologue(report, line);
		break;
	case SECTION_LSPCI:
		put_aside(&report->lspci, line);
		break;
	case SECTION_DMESG:
		put_aside(&report->dmesg, line);
		break;
	case SECTION_JOURNAL:
		put_aside(&report->log, line);
		break;
	case SECTION_LOG_FILE:
		put_aside(&report->log_file, line);
		break;
	case SECTION_VERSION:
		take_version(report, line);
		break;
	case SECTION_MODINFO:
		take_modinfo(report, line);
		break;
	case SECTION_COMMAND_LINE:
		if (strncmp(line, "*** ls:", 7))
			set_once(&report->c->machine.command_line, line);
		break;
	case SECTION_DMI:
		take_dmi(report, line);
		break;
	case SECTION_PROGRAM:
		put_aside(&report->programs, line);
		break;
	case SECTION_OTHER:
		break;
	}
}

static void read_sections(struct bug_report *report, FILE *file)
{
	char line[LINE_ROOM];

	while (fgets(line, sizeof(line), file)) {
		log_line_trim(line);
		if (!strcmp(line, RULE)) {
			report->heading = true;
			report->section = SECTION_OTHER;
		} else if (report->heading && *line) {
			report->heading = false;
			report->section = section_of(report, line);
		} else {
			take_line(report, line);
		}
	}
}

/* --- what was put aside --- */

/* Lines that were kept of it. */
static size_t take_log(struct gpuprobe_case *c, FILE *file, int boot,
		       const struct knowledge *knowledge)
{
	size_t first = c->log.count;

	if (!file)
		return 0;
	rewind(file);
	source_log_text(c, file, knowledge);
	for (size_t i = first; i < c->log.count; i++)
		c->log.at[i].boot += boot;
	return c->log.count - first;
}

static void close_log(FILE *file)
{
	if (file)
		fclose(file);
}

/* The same lines are in several logs; of this boot the best one is taken. */
static void take_logs(struct bug_report *report, const struct knowledge *knowledge)
{
	struct gpuprobe_case *c = report->c;
	int boot;

	for (boot = JOURNAL_BOOTS - 1; boot > 0; boot--)
		take_log(c, report->journal[boot], -boot, knowledge);
	if (!take_log(c, report->dmesg, 0, knowledge) &&
	    !take_log(c, report->journal[0], 0, knowledge))
		take_log(c, report->log_file, 0, knowledge);
	take_log(c, report->programs, 0, knowledge);
	close_log(report->programs);
	for (boot = 0; boot < JOURNAL_BOOTS; boot++)
		close_log(report->journal[boot]);
	close_log(report->dmesg);
	close_log(report->log_file);
}

void source_bug_report(struct gpuprobe_case *c, FILE *file, const struct knowledge *knowledge)
{
	struct bug_report report = { .c = c };

	read_sections(&report, file);
	if (report.lspci) {
		rewind(report.lspci);
		source_lspci(c, report.lspci);
		fclose(report.lspci);
	}
	take_logs(&report, knowledge);
}
