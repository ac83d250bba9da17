// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lspci text of any verbosity, with and without -nn, and its -x hex dump. A
 * function begins with its address in column 0; its details are indented.
 */
#include <ctype.h>
#include <inttypes.h>
#include <strings.h>

#include "sources/source.h"

#define LINE_MAX_BYTES 4096

/* The words that lspci prints for the classes that an NVIDIA board has. */
static const struct {
	const char *words;
	uint32_t class;
} classes[] = {
	{ "VGA compatible controller",	0x030000 },
	{ "3D controller",		0x030200 },
	{ "Display controller",		0x038000 },
	{ "Audio device",		0x040300 },
	{ "USB controller",		0x0c0330 },
	{ "Serial bus controller",	0x0c8000 },
	{ "Bridge",			0x068000 },
};

struct reader {
	struct gpuprobe_case *c;
	struct snapshot *snapshot;	/* of the function being read, or NULL */
	size_t next_bar;		/* lspci -v gives no BAR numbers: count */
};

static const char *after(const char *text, const char *word)
{
	const char *found = strstr(text, word);

	return found ? found + strlen(word) : NULL;
}

/* "[10de:1bb3]", which -nn prints; the last one of the line. */
static bool take_ids(const char *text, struct function *function)
{
	unsigned int vendor, device;
	bool found = false;
	int used;

	for (const char *at = text; (at = strchr(at, '[')); at++) {
		used = 0;
		if (sscanf(at, "[%4x:%4x]%n", &vendor, &device, &used) == 2 && used == 11) {
			function->ids_known = true;
			function->vendor = vendor;
			function->device = device;
			found = true;
		}
	}
	return found;
}

static void take_class(const char *text, struct function *function)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strncmp(text, classes[i].words, strlen(classes[i].words)))
			continue;
		function->class_known = true;
		function->class = classes[i].class;
	}
}

static void take_name(const char *text, struct function *function)
{
	const char *name = after(text, ": "), *end;

	if (!name || function->name)
		return;
	end = strstr(name, " (rev ");
	function->name = xstrndup(name, end ? (size_t)(end - name) : strlen(name));
}

static void take_header(struct reader *reader, const char *line,
			const struct pci_address *address, size_t used)
{
	const char *text = line + used;
	struct function *function, heading = { 0 };
	const char *revision = after(text, "(rev ");

	reader->snapshot = NULL;
	if (*text != ' ')
		return;
	if (take_ids(text + 1, &heading) && heading.vendor != PCI_VENDOR_NVIDIA)
		case_add_pci_id(reader->c, heading.vendor, heading.device);
	if (!(heading.ids_known ? heading.vendor == PCI_VENDOR_NVIDIA :
	      strcasestr(text, "nvidia") != NULL))
		return;
	function = case_function(reader->c, address);
	take_ids(text + 1, function);
	take_class(text + 1, function);
	take_name(text + 1, function);
	if (revision)
		function->revision = strtoul(revision, NULL, 16);
	reader->snapshot = function_add_snapshot(function);
	reader->snapshot->source = SNAPSHOT_LSPCI;
	reader->next_bar = 0;
}

/* "Flags: bus master, fast devsel, latency 0, IRQ 10": without IRQ it is 0. */
static void take_flags(struct reader *reader, const char *text)
{
	const char *irq = after(text, "IRQ ");

	reader->snapshot->irq.irq_known = true;
	reader->snapshot->irq.irq = irq ? strtoul(irq, NULL, 10) : 0;
}

/* "Interrupt: pin A routed to IRQ 16": lspci prints it when pin or line is set. */
static void take_interrupt(struct reader *reader, const char *text)
{
	const char *pin = after(text, "pin "), *irq = after(text, "IRQ ");

	if (pin && (*pin == '?' || (*pin >= 'A' && *pin <= 'D'))) {
		reader->snapshot->irq.pin_known = true;
		reader->snapshot->irq.pin = *pin == '?' ? 0 : *pin - 'A' + 1;
	}
	if (irq) {
		reader->snapshot->irq.irq_known = true;
		reader->snapshot->irq.irq = strtoul(irq, NULL, 10);
	}
}

/*
 * "Control: I/O- Mem+ ...", which -vv prints. "Interrupt:" comes after it, unless
 * pin and IRQ are both 0.
 */
static void take_control(struct reader *reader, const char *text)
{
	(void)text;
	reader->snapshot->irq.pin_known = reader->snapshot->irq.irq_known = true;
	reader->snapshot->irq.pin = 0;
	reader->snapshot->irq.irq = 0;
}

static uint64_t take_size(const char *text)
{
	static const char units[] = "KMGT";
	const char *at = after(text, "[size="), *unit;
	uint64_t size;
	char *end;

	if (!at)
		return 0;
	size = strtoull(at, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	return unit ? size << (10 * (unit - units + 1)) : size;
}

/* "Memory at c2000000 (32-bit, non-prefetchable) [size=16M]", after "Region n:" or not. */
static void take_region(struct reader *reader, const char *text)
{
	const char *at = after(text, "Memory at "), *number = after(text, "Region ");
	bool wide = strstr(text, "64-bit") != NULL;
	struct bar *bar;

	if (number)
		reader->next_bar = strtoul(number, NULL, 10);
	if (!at || reader->next_bar >= ROM_BAR)
		return;
	bar = &reader->snapshot->bars[reader->next_bar];
	reader->next_bar += wide ? 2 : 1;
	bar->known = true;
	bar->start = isxdigit((unsigned char)*at) ? strtoull(at, NULL, 16) : 0;
	bar->size = take_size(text);
	bar->flags = IORESOURCE_MEM | (wide ? IORESOURCE_MEM_64 : 0);
	if (strstr(text, "(") && !strstr(text, "non-prefetchable"))
		bar->flags |= IORESOURCE_PREFETCH;
}

static enum answer enabled(const char *text, const char *word)
{
	const char *at = after(text, word);

	return !at ? NOT_KNOWN : *at == '+' ? YES : NO;
}

/* "Capabilities: [68] MSI: Enable- Count=1/1 Maskable- 64bit+" */
static void take_capability(struct reader *reader, const char *text)
{
	struct capability_text *known = &reader->snapshot->text;
	const char *msi = after(text, "] MSI: "), *msix = after(text, "] MSI-X: "), *count;

	if (strstr(text, "access denied"))
		return;
	if (!known->listed) {
		known->listed = true;
		known->msi = known->msix = NO;
	}
	if (msi) {
		known->msi = YES;
		known->msi_enabled = enabled(msi, "Enable");
		known->msi_64bit = enabled(msi, "64bit");
		count = after(msi, "Count=");
		count = count ? strchr(count, '/') : NULL;
		known->msi_vectors = count ? strtoul(count + 1, NULL, 10) : 1;
	}
	if (msix) {
		known->msix = YES;
		count = after(msix, "Count=");
		known->msix_vectors = count ? strtoul(count, NULL, 10) : 0;
	}
}

static void take_driver(struct reader *reader, const char *text)
{
	free(reader->snapshot->driver);
	reader->snapshot->driver = xstrdup(text + strspn(text, " "));
}

/* lspci names no driver when there is none, but does name the candidates. */
static void take_candidates(struct reader *reader, const char *text)
{
	(void)text;
	if (!reader->snapshot->driver)
		reader->snapshot->driver = xstrdup("");
}

static const struct {
	const char *head;
	void (*take)(struct reader *reader, const char *text);
} details[] = {
	{ "Flags:",			take_flags },
	{ "Control:",			take_control },
	{ "Interrupt:",			take_interrupt },
	{ "Region ",			take_region },
	{ "Memory at ",			take_region },
	{ "Capabilities:",		take_capability },
	{ "Kernel driver in use:",	take_driver },
	{ "Kernel modules:",		take_candidates },
};

static void take_detail(struct reader *reader, const char *text)
{
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
		size_t length = strlen(details[i].head);

		if (strncmp(text, details[i].head, length))
			continue;
		/* A region needs its own words again, the others what follows. */
		details[i].take(reader, details[i].take == take_region ? text : text + length);
		return;
	}
}

/* "40: de 10 b3 1b ...", 16 bytes a line; a gap ends what is known. */
static bool take_hex(struct reader *reader, const char *text)
{
	struct snapshot *snapshot = reader->snapshot;
	unsigned int byte[16], offset;
	int used = 0;

	if (sscanf(text, "%3x: %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x%n",
		   &offset, &byte[0], &byte[1], &byte[2], &byte[3], &byte[4], &byte[5],
		   &byte[6], &byte[7], &byte[8], &byte[9], &byte[10], &byte[11], &byte[12],
		   &byte[13], &byte[14], &byte[15], &used) != 17 || text[used])
		return false;
	if (!snapshot || offset != snapshot->config_length || offset + 16 > CONFIG_SPACE_MAX)
		return true;
	for (size_t i = 0; i < 16; i++)
		snapshot->config[offset + i] = byte[i];
	snapshot->config_length = offset + 16;
	snapshot->gone = !memcmp(snapshot->config, "\xff\xff\xff\xff", 4);
	return true;
}

static void take_line(struct reader *reader, char *line)
{
	struct pci_address address;
	size_t used;

	line[strcspn(line, "\r\n")] = '\0';
	if (take_hex(reader, line))
		return;
	if (*line == ' ' || *line == '\t') {
		if (reader->snapshot)
			take_detail(reader, line + strspn(line, " \t"));
		return;
	}
	used = pci_address_parse(line, &address);
	if (used)
		take_header(reader, line, &address, used);
	else
		reader->snapshot = NULL;
}

void source_lspci(struct gpuprobe_case *c, FILE *file)
{
	struct reader reader = { .c = c };
	char line[LINE_MAX_BYTES];

	c->machine.pci_looked = true;
	while (fgets(line, sizeof(line), file))
		take_line(&reader, line);
}
