// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpuprobe watch: follow the kernel log and the module, and tell a finding when it
 * becomes true. A line that matters does not lead to a diagnosis at once: the driver
 * prints many, so it is made when they have settled, from all that there is then.
 * Nothing but what was told last is kept from one diagnosis to the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "case/codec.h"
#include "command/command.h"
#include "lib/i18n.h"
#include "lib/printable.h"
#include "redact/redact.h"
#include "sources/source.h"

#define SETTLE_MS	500	/* without a line that matters */
#define SETTLE_MAX_MS	5000	/* even if lines go on coming */
#define GROWTH_MS	200	/* how often a plain file is looked at: it cannot be waited for */

struct watched {
	int fd;			/* -1: not there */
	bool plain;		/* a file in the place of the device */
};

struct watch {
	struct root root;
	struct output_options output;
	struct knowledge *knowledge;
	struct watched log, module;
	int signals;
	uint64_t first_ms, last_ms;	/* of what is not diagnosed yet; 0: nothing is */
	ARRAY(char *) told;		/* the findings of the last diagnosis */
	bool told_healthy, fault;
	int status;			/* of the last diagnosis */
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void note(struct watch *watch)
{
	watch->last_ms = now_ms();
	if (!watch->first_ms)
		watch->first_ms = watch->last_ms;
}

/* --- telling --- */

/* The last load of the driver that the finding is about; 0: of none. */
static unsigned int attempt_of(const struct gpuprobe_case *c, const struct finding *finding)
{
	unsigned int attempt = 0;

	for (size_t i = 0; i < finding->lines.count; i++)
		if (c->log.at[finding->lines.at[i]].attempt > attempt)
			attempt = c->log.at[finding->lines.at[i]].attempt;
	return attempt;
}

/* A finding is told once per GPU and load of the driver; to be freed. */
static char *finding_key(const struct gpuprobe_case *c, const struct finding *finding)
{
	char place[PCI_ADDRESS_TEXT] = "";

	if (finding->function)
		pci_address_print(&finding->function->address, place);
	return xasprintf("%s %s %u", finding->rule->id, place, attempt_of(c, finding));
}

static bool was_told(const struct watch *watch, const char *key)
{
	for (size_t i = 0; i < watch->told.count; i++)
		if (!strcmp(watch->told.at[i], key))
			return true;
	return false;
}

static const char *const verdict_words[] = {
	[VERDICT_CAUSE] = "cause", [VERDICT_CONTRIBUTING] = "contributing",
	[VERDICT_CONSEQUENCE] = "consequence", [VERDICT_HARMLESS] = "harmless",
};

static const char *const confidence_words[] = {
	[CONFIDENCE_CERTAIN] = "certain", [CONFIDENCE_LIKELY] = "likely",
	[CONFIDENCE_POSSIBLE] = "possible",
};

/* Of that load of the driver; NULL: the log says nothing of it. */
static const struct log_line *first_line(const struct gpuprobe_case *c,
					 const struct finding *finding)
{
	unsigned int attempt = attempt_of(c, finding);

	for (size_t i = 0; i < finding->lines.count; i++)
		if (c->log.at[finding->lines.at[i]].attempt == attempt)
			return &c->log.at[finding->lines.at[i]];
	return NULL;
}

static void put_line(const char *before, const char *foreign)
{
	char *text = printable(foreign);

	printf("%s%s\n", before, text);
	free(text);
}

static void tell_as_text(const struct gpuprobe_case *c, const struct finding *finding)
{
	const struct log_line *line = first_line(c, finding);
	char place[PCI_ADDRESS_TEXT] = "-", *title;

	if (finding->function)
		pci_address_print(&finding->function->address, place);
	title = printable(finding->title);
	printf("%s %s %s %s (%s, %s)\n", c->machine.collected ? c->machine.collected : "",
	       finding->verdict == VERDICT_CAUSE ? _("FAULT") : _("NOTE"), place, title,
	       finding->rule->id, confidence_words[finding->confidence]);
	free(title);
	if (line) {
		char *text = xasprintf("%s%s%s", line->stamp ? line->stamp : "",
				       line->stamp ? " " : "", line->text);

		put_line("    | ", text);
		free(text);
	}
	if (finding->fix)
		put_line("    ", finding->fix->text);
}

static void put_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

static void tell_as_json(const struct gpuprobe_case *c, const struct finding *finding)
{
	struct json_object *object = json_object_new_object();
	const struct log_line *line = first_line(c, finding);
	char place[PCI_ADDRESS_TEXT];

	json_add_text(object, "time", c->machine.collected);
	json_add_text(object, "id", finding->rule->id);
	json_add_text(object, "verdict", verdict_words[finding->verdict]);
	json_add_text(object, "confidence", confidence_words[finding->confidence]);
	if (finding->function)
		json_add_text(object, "device", pci_address_print(&finding->function->address, place));
	json_object_object_add(object, "attempt", json_object_new_int(attempt_of(c, finding)));
	json_add_text(object, "title", finding->title);
	json_add_text(object, "fault", finding->rule->fault);
	if (line && line->time_known)
		json_object_object_add(object, "log_time_us",
				       json_object_new_uint64(line->time_us));
	if (line)
		json_add_text(object, "line", line->text);
	if (finding->fix)
		json_add_text(object, "fix", finding->fix->text);
	put_json(object);
}

static void tell_healthy(const struct watch *watch, const struct gpuprobe_case *c)
{
	struct json_object *object;

	if (strcmp(watch->output.format, "json") != 0) {
		printf("%s %s\n", c->machine.collected ? c->machine.collected : "",
		       _("HEALTHY The NVIDIA driver has the GPU and reports no error"));
		return;
	}
	object = json_object_new_object();
	json_add_text(object, "time", c->machine.collected);
	json_add_text(object, "verdict", "healthy");
	put_json(object);
}

static bool matters(const struct watch *watch, const struct finding *finding)
{
	return watch->output.verbose || finding->verdict == VERDICT_CAUSE ||
	       finding->verdict == VERDICT_CONTRIBUTING;
}

static void tell(struct watch *watch, const struct gpuprobe_case *c,
		 const struct finding *finding)
{
	if (!matters(watch, finding))
		return;
	watch->fault |= finding->verdict == VERDICT_CAUSE;
	if (!strcmp(watch->output.format, "json"))
		tell_as_json(c, finding);
	else
		tell_as_text(c, finding);
}

/* --- diagnosing --- */

static void forget_told(struct watch *watch)
{
	for (size_t i = 0; i < watch->told.count; i++)
		free(watch->told.at[i]);
	array_free(&watch->told);
}

static void tell_news(struct watch *watch, const struct gpuprobe_case *c,
		      const struct diagnosis *diagnosis)
{
	__typeof__(watch->told) keys = { 0 };

	for (size_t i = 0; i < diagnosis->findings.count; i++) {
		char *key = finding_key(c, &diagnosis->findings.at[i]);

		if (!was_told(watch, key))
			tell(watch, c, &diagnosis->findings.at[i]);
		*array_add(&keys) = key;
	}
	forget_told(watch);
	watch->told.at = keys.at;
	watch->told.count = keys.count;
	watch->told.room = keys.room;
	if (diagnosis->verdict == CASE_HEALTHY && !watch->told_healthy)
		tell_healthy(watch, c);
	watch->told_healthy = diagnosis->verdict == CASE_HEALTHY;
}

static void look(struct watch *watch)
{
	struct gpuprobe_case *c = case_create();
	struct diagnosis *diagnosis;

	watch->first_ms = watch->last_ms = 0;
	collect_live(c, &watch->root, watch->knowledge);
	events_add_functions(c, watch->knowledge);
	if (output_is_redacted(&watch->output))
		redact_case(c, watch->knowledge);
	diagnosis = diagnose(c, watch->knowledge);
	tell_news(watch, c, diagnosis);
	watch->status = diagnosis_exit_status(diagnosis);
	diagnosis_destroy(diagnosis);
	case_destroy(c);
}

/* --- waiting --- */

static struct watched open_watched(const struct root *root, const char *file)
{
	char *path = root_path(root, file);
	struct watched watched = { .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	struct stat st;

	free(path);
	watched.plain = watched.fd >= 0 && !fstat(watched.fd, &st) && S_ISREG(st.st_mode);
	return watched;
}

/* Whether one of the lines that were read speaks of a GPU or its driver. */
static bool has_line_that_matters(const struct watch *watch, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (knowledge_line_matters(watch->knowledge, line))
			return true;
	return false;
}

/* Read what is new of the log. The device gives a record a read, a file what there is. */
static void read_log(struct watch *watch)
{
	char text[8193];

	for (;;) {
		ssize_t n = read(watch->log.fd, text, sizeof(text) - 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE) {	/* some were overwritten before they were read */
			note(watch);
			continue;
		}
		if (n <= 0)
			return;
		text[n] = '\0';
		if (has_line_that_matters(watch, text))
			note(watch);
	}
}

/* What the records say is read again for the diagnosis. */
static void read_module(struct watch *watch)
{
	static uint8_t records[4 * GPUPROBE_RECORD_MAX];
	ssize_t n;

	while ((n = read(watch->module.fd, records, sizeof(records))) > 0)
		note(watch);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		close(watch->module.fd);
		watch->module.fd = -1;
	}
}

/* Milliseconds to wait; -1: for as long as nothing comes. */
static int wait_ms(const struct watch *watch)
{
	uint64_t now = now_ms(), until;

	if (!watch->first_ms)
		return watch->log.plain ? GROWTH_MS : -1;
	until = watch->last_ms + SETTLE_MS;
	if (until > watch->first_ms + SETTLE_MAX_MS)
		until = watch->first_ms + SETTLE_MAX_MS;
	if (until <= now)
		return 0;
	return watch->log.plain && until - now > GROWTH_MS ? GROWTH_MS : (int)(until - now);
}

/* False when it is time to end. */
static bool wait_for_news(struct watch *watch)
{
	struct pollfd fds[] = {
		{ .fd = watch->signals, .events = POLLIN },
		{ .fd = watch->log.plain ? -1 : watch->log.fd, .events = POLLIN },
		{ .fd = watch->module.plain ? -1 : watch->module.fd, .events = POLLIN },
	};

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), wait_ms(watch)) < 0 && errno != EINTR)
		return false;
	if (fds[0].revents)
		return false;
	if (watch->log.plain || fds[1].revents)
		read_log(watch);
	if (fds[2].revents)
		read_module(watch);
	return true;
}

static void watch_on(struct watch *watch)
{
	look(watch);
	fflush(stdout);
	sd_notify(0, "READY=1");
	while (!ferror(stdout) && wait_for_news(watch)) {
		if (!watch->first_ms || wait_ms(watch))
			continue;
		look(watch);
		fflush(stdout);
		/* The module may have been loaded after this began. */
		if (watch->module.fd < 0)
			watch->module = open_watched(&watch->root, "/dev/gpuprobe");
	}
}

static int start(struct watch *watch)
{
	sigset_t signals;

	watch->log = open_watched(&watch->root, "/dev/kmsg");
	if (watch->log.fd < 0) {
		fprintf(stderr, "gpuprobe watch: /dev/kmsg: %s\n", errno == EPERM || errno == EACCES ?
			"this needs root" : strerror(errno));
		return EX_NOINPUT;
	}
	/* What is there already is read by the first diagnosis. */
	lseek(watch->log.fd, 0, SEEK_END);
	watch->module = open_watched(&watch->root, "/dev/gpuprobe");
	if (watch->module.fd >= 0 && !watch->module.plain)
		read_module(watch);
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	watch->signals = signalfd(-1, &signals, SFD_CLOEXEC);
	setvbuf(stdout, NULL, _IOLBF, 0);
	return watch->signals < 0 ? EX_OSERR : 0;
}

static void stop(struct watch *watch)
{
	forget_told(watch);
	if (watch->log.fd >= 0)
		close(watch->log.fd);
	if (watch->module.fd >= 0)
		close(watch->module.fd);
	if (watch->signals >= 0)
		close(watch->signals);
	knowledge_destroy(watch->knowledge);
}

/* --- the command --- */

static int parse(int argc, char **argv, struct watch *watch)
{
	struct output_options *output = &watch->output;
	const struct command_option rows[] = {
		{ "format",	.word = &output->format },
		{ "verbose",	'v', .flag = &output->verbose, .value = 1 },
		REDACTION_OPTIONS(output),
		{ "root",	.word = &watch->root.path },
		{ 0 }
	};
	int status = command_options_only(&command_watch, argc, argv, rows);

	if (status)
		return status;
	if (strcmp(output->format, "text") != 0 && strcmp(output->format, "json") != 0)
		return wrong_use(&command_watch, "--format=%s: there are text and json",
				 output->format);
	return 0;
}

static int run_watch(int argc, char **argv)
{
	struct watch watch = {
		.root.path = "", .output.format = "text", .log.fd = -1, .module.fd = -1,
		.signals = -1,
	};
	int status = parse(argc, argv, &watch);

	if (status)
		return status < 0 ? 0 : status;
	watch.knowledge = knowledge_for(&watch.output, watch.root.path);
	status = start(&watch);
	if (!status) {
		watch_on(&watch);
		status = watch.fault ? 1 : watch.status;
	}
	stop(&watch);
	return status;
}

const struct command command_watch = {
	.name = "watch",
	.summary = "follow the kernel log and the module, tell findings as they come",
	.help = "usage: gpuprobe watch [OPTION]...\n"
		"\n"
		"Tell what is wrong with the NVIDIA GPUs now, then follow the kernel log and the\n"
		"gpuprobe module, and tell a finding when it becomes true: once for each GPU and\n"
		"each load of the driver. Ends on SIGINT and SIGTERM. While it runs, the gpuprobe\n"
		"module cannot be unloaded.\n"
		"\n"
		"      --format=WORD   text (default), or json: an object a line\n"
		"  -v, --verbose       also what follows from a fault, and what is harmless\n"
		OUTPUT_REDACTION_HELP
		"      --root=DIR      look at DIR instead of / (for tests and support)\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 nothing wrong, 1 a fault was found while it watched, 2 could not\n"
		"tell, 64 wrong use, 66 the kernel log cannot be read, 74 output failed.\n",
	.run = run_watch,
};
