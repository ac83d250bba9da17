// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Binary files of the golden cases from text that can be reviewed.
 *
 *	mkstream <stream.txt >stream	what /dev/gpuprobe gives
 *	mkstream --hex <file.hex >file	any bytes
 *
 * A stream, one item a line; # begins a comment:
 *
 *	module VERSION RELEASE [KEY=NUMBER]...
 *		keys: load, dropped, kept
 *	snapshot BDF TRIGGER [KEY=NUMBER]...
 *		keys: seq, log and boot (in microseconds), vendor, device,
 *		subvendor, subdevice, class, revision, flags
 *	same			all items of the snapshot before, again
 *	driver [NAME]
 *	config FILE		config space from a file as for --hex
 *	irq IRQ PIN [FLAGS]
 *	bar INDEX START SIZE FLAGS
 *	state ENABLE POWER ERROR
 *	parent BDF VENDOR DEVICE CLASS
 *	window INDEX PARENT START END FLAGS FREE TAKEN TAKERS
 *		PARENT 0xffff: of the root bus
 *	item TYPE [WORD]	any other item, with these bytes
 *	error ITEM ERRNO
 *
 * and to make it wrong, for the last record or the last item in it:
 *
 *	version NUMBER, record-size NUMBER, item-size NUMBER, type NUMBER
 *	cut NUMBER		drop this many bytes at the end of the stream
 *
 * A hex file has bytes (two digits), words in quotation marks, and places: "40:"
 * goes on at offset 0x40, zeros between.
 */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uapi/gpuprobe.h"

#define ROOM (1u << 20)

static _Alignas(8) uint8_t bytes[ROOM];
static size_t length;		/* of the stream so far */
static size_t record, item;	/* where the last ones begin */
static size_t before;		/* where the record before the last begins */
static const char *source = "standard input";
static unsigned int line_number;

static void fail(const char *why, const char *what)
{
	fprintf(stderr, "mkstream: %s:%u: %s: %s\n", source, line_number, why, what);
	exit(EXIT_FAILURE);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value;

	if (!text)
		fail("missing", "a number");
	value = strtoull(text, &end, 0);
	if (end == text || *end)
		fail("not a number", text);
	return value;
}

/* --- hex files --- */

static void put_hex(uint8_t *to, size_t *at, const char *line)
{
	while (*line) {
		size_t digits = strspn(line, "0123456789abcdef");

		if (*at + 1 >= ROOM)
			fail("too long", "hex");
		if (*line == '#' || *line == '\n') {
			return;
		} else if (isspace((unsigned char)*line)) {
			line++;
		} else if (*line == '"') {
			for (line++; *line && *line != '"'; line++)
				to[(*at)++] = *line;
			line += *line == '"';
		} else if (digits && line[digits] == ':') {
			*at = strtoul(line, NULL, 16);
			line += digits + 1;
		} else if (digits == 2) {
			to[(*at)++] = strtoul(line, NULL, 16);
			line += 2;
		} else {
			fail("not hex", line);
		}
	}
}

static size_t read_hex(FILE *file, uint8_t *to)
{
	size_t at = 0, most = 0;
	char line[1024];

	for (line_number = 1; fgets(line, sizeof(line), file); line_number++) {
		put_hex(to, &at, line);
		if (at > most)
			most = at;
	}
	return most;
}

/* --- streams --- */

static struct gpuprobe_record *head(void)
{
	return (struct gpuprobe_record *)(bytes + record);
}

static void begin_record(uint16_t type)
{
	before = record;
	record = length;
	length += sizeof(struct gpuprobe_record);
	*head() = (struct gpuprobe_record){
		.magic = GPUPROBE_MAGIC, .size = sizeof(struct gpuprobe_record), .type = type,
		.version = GPUPROBE_ABI_VERSION,
	};
}

static void add_item(uint16_t type, uint16_t index, const void *payload, size_t size)
{
	struct gpuprobe_item *start = (struct gpuprobe_item *)(bytes + length);

	item = length;
	*start = (struct gpuprobe_item){ sizeof(*start) + size, type, index };
	memcpy(start + 1, payload, size);
	length += (start->size + 7) & ~7u;
	head()->size = length - record;
}

static void add_text(uint16_t type, uint16_t index, const char *text)
{
	add_item(type, index, text ? text : "", text ? strlen(text) : 0);
}

static void parse_place(const char *text, uint32_t *domain, uint8_t *bus, uint8_t *devfn)
{
	unsigned int b, d, f;

	if (!text || sscanf(text, "%x:%x:%x.%x", domain, &b, &d, &f) != 4)
		fail("not an address", text ? text : "");
	*bus = b;
	*devfn = d << 3 | f;
}

static char *word(void)
{
	return strtok(NULL, " \t\n");
}

/* The value of KEY=NUMBER if @text has that key. */
static int take(const char *text, const char *key, uint64_t *value)
{
	size_t n = strlen(key);

	if (strncmp(text, key, n) || text[n] != '=')
		return 0;
	*value = number(text + n + 1);
	return 1;
}

static void do_module(void)
{
	const char *version = word(), *release = word(), *text;
	uint64_t load = 0, dropped = 0, kept = 0;
	struct gpuprobe_module module;

	while ((text = word()))
		if (!take(text, "load", &load) && !take(text, "dropped", &dropped) &&
		    !take(text, "kept", &kept))
			fail("unknown key", text);
	module = (struct gpuprobe_module){ load * 1000, dropped, kept, 0 };
	begin_record(GPUPROBE_RECORD_MODULE);
	add_text(GPUPROBE_ITEM_MODULE_VERSION, 0, version);
	add_text(GPUPROBE_ITEM_KERNEL_RELEASE, 0, release);
	add_item(GPUPROBE_ITEM_MODULE, 0, &module, sizeof(module));
}

static uint32_t find_trigger(const char *text)
{
	static const char *const words[] = {
		[GPUPROBE_TRIGGER_LOAD] = "load", [GPUPROBE_TRIGGER_ADDED] = "added",
		[GPUPROBE_TRIGGER_BEFORE_BIND] = "before-bind", [GPUPROBE_TRIGGER_BOUND] = "bound",
		[GPUPROBE_TRIGGER_NOT_BOUND] = "not-bound",
		[GPUPROBE_TRIGGER_BEFORE_UNBIND] = "before-unbind",
		[GPUPROBE_TRIGGER_UNBOUND] = "unbound", [GPUPROBE_TRIGGER_REMOVED] = "removed",
		[GPUPROBE_TRIGGER_REQUEST] = "request",
	};

	for (uint32_t i = 1; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], text))
			return i;
	fail("not a trigger", text ? text : "");
	return 0;
}

static void do_snapshot(void)
{
	/* A Tesla P4 unless told otherwise. */
	uint64_t seq = 1, log = 0, boot = 0, vendor = 0x10de, device = 0x1bb3, subvendor = 0x10de;
	uint64_t subdevice = 0x11d8, class = 0x030200, revision = 0xa1, flags = 0;
	struct gpuprobe_snapshot snapshot = { .config_size = 256 };
	const char *text;

	parse_place(word(), &snapshot.domain, &snapshot.bus, &snapshot.devfn);
	snapshot.trigger = find_trigger(word());
	while ((text = word()))
		if (!take(text, "seq", &seq) && !take(text, "log", &log) &&
		    !take(text, "boot", &boot) && !take(text, "vendor", &vendor) &&
		    !take(text, "device", &device) && !take(text, "subvendor", &subvendor) &&
		    !take(text, "subdevice", &subdevice) && !take(text, "class", &class) &&
		    !take(text, "revision", &revision) && !take(text, "flags", &flags))
			fail("unknown key", text);
	snapshot.vendor = vendor;
	snapshot.device = device;
	snapshot.subsystem_vendor = subvendor;
	snapshot.subsystem_device = subdevice;
	snapshot.class = class;
	snapshot.revision = revision;
	begin_record(GPUPROBE_RECORD_SNAPSHOT);
	head()->sequence = seq;
	head()->log_ns = log * 1000;
	head()->boot_ns = (boot ? boot : log) * 1000;
	head()->flags = flags;
	add_item(GPUPROBE_ITEM_SNAPSHOT, 0, &snapshot, sizeof(snapshot));
}

/* Copy the items of the record before, but its head, which tells the moment. */
static void do_same(void)
{
	const struct gpuprobe_record *old = (struct gpuprobe_record *)(bytes + before);
	size_t at = before + sizeof(*old), end = before + old->size;

	while (at < end) {
		const struct gpuprobe_item *one = (struct gpuprobe_item *)(bytes + at);

		if (one->type != GPUPROBE_ITEM_SNAPSHOT && one->type != GPUPROBE_ITEM_DRIVER)
			add_item(one->type, one->index, one + 1, one->size - sizeof(*one));
		at += (one->size + 7) & ~7u;
	}
}

static void do_driver(void)
{
	add_text(GPUPROBE_ITEM_DRIVER, 0, word());
}

static void do_config(void)
{
	static uint8_t config[ROOM];
	const char *outer = source, *path = word();
	unsigned int outer_line = line_number;
	FILE *file = path ? fopen(path, "r") : NULL;
	size_t size;

	if (!file)
		fail("config", path ? strerror(errno) : "no file");
	source = path;
	memset(config, 0, sizeof(config));
	size = read_hex(file, config);
	fclose(file);
	source = outer;
	line_number = outer_line;
	add_item(GPUPROBE_ITEM_CONFIG, 0, config, size);
}

static void do_irq(void)
{
	struct gpuprobe_irq irq = { .irq = number(word()), .pin = number(word()) };
	const char *flags = word();

	irq.flags = flags ? number(flags) : 0;
	add_item(GPUPROBE_ITEM_IRQ, 0, &irq, sizeof(irq));
}

static void do_bar(void)
{
	uint16_t index = number(word());
	struct gpuprobe_resource bar = { .start = number(word()), .size = number(word()) };

	bar.flags = number(word());
	bar.end = bar.size ? bar.start + bar.size - 1 : 0;
	add_item(GPUPROBE_ITEM_RESOURCE, index, &bar, sizeof(bar));
}

static void do_state(void)
{
	struct gpuprobe_state state = { .enable_count = number(word()), .numa_node = -1 };

	state.power = number(word());
	state.error_state = number(word());
	add_item(GPUPROBE_ITEM_STATE, 0, &state, sizeof(state));
}

static void do_parent(void)
{
	struct gpuprobe_parent parent = { 0 };

	parse_place(word(), &parent.domain, &parent.bus, &parent.devfn);
	parent.vendor = number(word());
	parent.device = number(word());
	parent.class = number(word());
	add_item(GPUPROBE_ITEM_PARENT, 0, &parent, sizeof(parent));
}

static void do_window(void)
{
	uint64_t index = number(word());
	struct gpuprobe_window window = { .parent = number(word()) };

	window.start = number(word());
	window.end = number(word());
	window.flags = number(word());
	window.largest_free = number(word());
	window.taken = number(word());
	window.takers = number(word());
	add_item(GPUPROBE_ITEM_WINDOW, index, &window, sizeof(window));
}

static void do_item(void)
{
	uint16_t type = number(word());

	add_text(type, 0, word());
}

static void do_error(void)
{
	struct gpuprobe_error error = { .item = number(word()) };

	error.error = -(int32_t)number(word());
	add_item(GPUPROBE_ITEM_ERROR, 0, &error, sizeof(error));
}

static void do_version(void)
{
	head()->version = number(word());
}

static void do_record_size(void)
{
	head()->size = number(word());
}

static void do_item_size(void)
{
	((struct gpuprobe_item *)(bytes + item))->size = number(word());
}

static void do_type(void)
{
	head()->type = number(word());
}

static void do_cut(void)
{
	uint64_t less = number(word());

	if (less > length)
		fail("longer than the stream", "cut");
	length -= less;
}

static const struct {
	const char *name;
	void (*run)(void);
} words[] = {
	{ "module", do_module },	{ "snapshot", do_snapshot },
	{ "same", do_same },		{ "driver", do_driver },
	{ "config", do_config },	{ "irq", do_irq },
	{ "bar", do_bar },		{ "state", do_state },
	{ "parent", do_parent },	{ "window", do_window },
	{ "item", do_item },		{ "error", do_error },
	{ "version", do_version },	{ "record-size", do_record_size },
	{ "item-size", do_item_size },	{ "type", do_type },
	{ "cut", do_cut },
};

static void do_line(char *line)
{
	const char *name;

	line[strcspn(line, "#")] = '\0';
	name = strtok(line, " \t\n");
	if (!name)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].name, name)) {
			words[i].run();
			if (length > ROOM - GPUPROBE_RECORD_MAX)
				fail("too long", "stream");
			return;
		}
	fail("unknown word", name);
}

int main(int argc, char **argv)
{
	char line[1024];

	if (argc > 1 && !strcmp(argv[1], "--hex")) {
		length = read_hex(stdin, bytes);
	} else {
		while (fgets(line, sizeof(line), stdin)) {
			line_number++;
			do_line(line);
		}
	}
	if (fwrite(bytes, 1, length, stdout) != length || fflush(stdout)) {
		perror("mkstream");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
