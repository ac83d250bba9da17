// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lspci text of any verbosity, with and without -n, -nn, -D, -k, and its -x hex dump.
 * A function begins with its address, its details follow. -m and -vmm have their own
 * forms; -t names no functions. What people paste may be quoted or indented.
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
	bool inside;			/* of an NVIDIA function's text */
	struct pci_address address;	/* its */
	struct snapshot *snapshot;	/* its, once a detail of it is known, or NULL */
	char *class, *vendor;		/* as -vmm gives them, before the device */
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

/* "3D controller [0302]: ...", or with -n "0302: 10de:1bb3", or the words alone. */
static void take_class(const char *text, struct function *function)
{
	unsigned int class;
	const char *bracket = strstr(text, " [");
	int used = 0;

	if (bracket && sscanf(bracket, " [%4x]%n", &class, &used) == 1 && used == 7) {
		function->class_known = true;
		function->class = class << 8;
		return;
	}
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strncmp(text, classes[i].words, strlen(classes[i].words)))
			continue;
		function->class_known = true;
		function->class = classes[i].class;
	}
}

/* "0302: 10de:1bb3 (rev a1)", as -n prints it. */
static bool take_numbers(const char *text, struct function *function)
{
	unsigned int class, vendor, device;
	int used = 0;

	if (sscanf(text, "%4x: %4x:%4x%n", &class, &vendor, &device, &used) != 3 || used != 15)
		return false;
	function->class_known = function->ids_known = true;
	function->class = class << 8;
	function->vendor = vendor;
	function->device = device;
	return true;
}

/* The name alone: -nn and -v put more behind it. */
static size_t name_length(const char *name)
{
	static const char *const ends[] = { " [10de:", " (rev ", " (prog-if " };
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const char *end = strstr(name, ends[i]);

		if (end && (size_t)(end - name) < length)
			length = end - name;
	}
	return length;
}

/*
 * Where a list has no numbers, another name at the same place is all that tells of
 * another machine. It is no proof: names change from one pci.ids to the next, and
 * what that does not know is "Device 1bb3" or "Device".
 */
static void compare_name(struct gpuprobe_case *c, const struct function *known,
			 const char *text)
{
	const char *name = after(text, ": ");
	char place[PCI_ADDRESS_TEXT];
	size_t length = name ? name_length(name) : 0;

	if (!length || !known->name || strstr(name, " Device") || strstr(known->name, " Device") ||
	    (length == name_length(known->name) && !strncasecmp(name, known->name, length)))
		return;
	case_doubt(c, xasprintf(_("%s is %s in one list, and %.*s in another"),
				pci_address_print(&known->address, place), known->name,
				(int)length, name));
}

static void take_name(const char *text, struct function *function)
{
	const char *name = after(text, ": "), *end;

	if (!name || function->name)
		return;
	end = strstr(name, " (rev ");
	function->name = xstrndup(name, end ? (size_t)(end - name) : strlen(name));
}

/* What the text after the address says; into the case only if it is of NVIDIA. */
static void take_header(struct reader *reader, const char *text,
			const struct pci_address *address)
{
	struct function *function, heading = { 0 };
	const char *revision = after(text, "(rev ");

	reader->inside = false;
	reader->snapshot = NULL;
	if ((take_numbers(text, &heading) || take_ids(text, &heading)) &&
	    heading.vendor != PCI_VENDOR_NVIDIA)
		case_add_pci_id(reader->c, heading.vendor, heading.device);
	if (heading.ids_known ? heading.vendor != PCI_VENDOR_NVIDIA : !strcasestr(text, "nvidia"))
		return;
	function = case_function(reader->c, address);
	if (heading.ids_known && function->ids_known && function->device != heading.device)
		case_contradict(reader->c, address, function->device, heading.device);
	if (!heading.ids_known || !function->ids_known)
		compare_name(reader->c, function, text);
	if (!take_numbers(text, function)) {
		take_ids(text, function);
		take_class(text, function);
		take_name(text, function);
	}
	if (revision)
		function->revision = strtoul(revision, NULL, 16);
	reader->inside = true;
	reader->address = *address;
	reader->next_bar = 0;
}

static struct snapshot *snapshot_of(struct reader *reader)
{
	if (!reader->snapshot) {
		reader->snapshot = function_add_snapshot(case_function(reader->c,
								       &reader->address));
		reader->snapshot->source = SNAPSHOT_LSPCI;
	}
	return reader->snapshot;
}

/* "Flags: bus master, fast devsel, latency 0, IRQ 10": without IRQ it is 0. */
static void take_flags(struct reader *reader, const char *text)
{
	const char *irq = after(text, "IRQ ");

	snapshot_of(reader)->irq.irq_known = true;
	snapshot_of(reader)->irq.irq = irq ? strtoul(irq, NULL, 10) : 0;
}

/* "Interrupt: pin A routed to IRQ 16": lspci prints it when pin or line is set. */
static void take_interrupt(struct reader *reader, const char *text)
{
	const char *pin = after(text, "pin "), *irq = after(text, "IRQ ");

	if (pin && (*pin == '?' || (*pin >= 'A' && *pin <= 'D'))) {
		snapshot_of(reader)->irq.pin_known = true;
		snapshot_of(reader)->irq.pin = *pin == '?' ? 0 : *pin - 'A' + 1;
	}
	if (irq) {
		snapshot_of(reader)->irq.irq_known = true;
		snapshot_of(reader)->irq.irq = strtoul(irq, NULL, 10);
	}
}

/*
 * "Control: I/O- Mem+ ...", which -vv prints. "Interrupt:" comes after it, unless
 * pin and IRQ are both 0.
 */
static void take_control(struct reader *reader, const char *text)
{
	(void)text;
	snapshot_of(reader)->irq.pin_known = snapshot_of(reader)->irq.irq_known = true;
	snapshot_of(reader)->irq.pin = 0;
	snapshot_of(reader)->irq.irq = 0;
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
	bar = &snapshot_of(reader)->bars[reader->next_bar];
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
	struct capability_text *known;
	const char *msi = after(text, "] MSI: "), *msix = after(text, "] MSI-X: "), *count;

	if (strstr(text, "access denied"))
		return;
	known = &snapshot_of(reader)->text;
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

/* "Subsystem: NVIDIA Corporation Device [10de:11d8]" */
static void take_subsystem(struct reader *reader, const char *text)
{
	struct function *function = case_function(reader->c, &reader->address);
	struct function named = { 0 };

	if (!take_ids(text, &named))
		return;
	function->subsystem_known = true;
	function->subsystem_vendor = named.vendor;
	function->subsystem_device = named.device;
}

static void take_driver(struct reader *reader, const char *text)
{
	free(snapshot_of(reader)->driver);
	snapshot_of(reader)->driver = xstrdup(text + strspn(text, " "));
}

/* lspci names no driver when there is none, but does name the candidates. */
static void take_candidates(struct reader *reader, const char *text)
{
	(void)text;
	if (!snapshot_of(reader)->driver)
		snapshot_of(reader)->driver = xstrdup("");
}

static const struct {
	const char *head;
	void (*take)(struct reader *reader, const char *text);
} details[] = {
	{ "Subsystem:",			take_subsystem },
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
	struct snapshot *snapshot;
	unsigned int byte[16], offset;
	int used = 0;

	if (sscanf(text, "%3x: %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x %2x%n",
		   &offset, &byte[0], &byte[1], &byte[2], &byte[3], &byte[4], &byte[5],
		   &byte[6], &byte[7], &byte[8], &byte[9], &byte[10], &byte[11], &byte[12],
		   &byte[13], &byte[14], &byte[15], &used) != 17 || text[used])
		return false;
	if (!reader->inside)
		return true;
	snapshot = snapshot_of(reader);
	if (offset != snapshot->config_length || offset + 16 > CONFIG_SPACE_MAX)
		return true;
	for (size_t i = 0; i < 16; i++)
		snapshot->config[offset + i] = byte[i];
	snapshot->config_length = offset + 16;
	snapshot->gone = !memcmp(snapshot->config, "\xff\xff\xff\xff", 4);
	return true;
}

/* --- lspci -m and -vmm --- */

/* The next text in quotes, and *at moved behind it; NULL if there is none. */
static char *take_quoted(const char **at)
{
	const char *open = strchr(*at, '"'), *close = open ? strchr(open + 1, '"') : NULL;

	if (!close)
		return NULL;
	*at = close + 1;
	return xstrndup(open + 1, close - open - 1);
}

/* "NVIDIA Corporation [10de]" with -nn, "10de" with -n; false if there is no number. */
static bool number_of(const char *text, unsigned int *number)
{
	const char *bracket = strrchr(text, '[');
	int used = 0;

	return sscanf(bracket ? bracket + 1 : text, "%4x%n", number, &used) == 1 && used == 4;
}

/* The function whose parts are given one by one: as a line that names them all. */
static void take_parts(struct reader *reader, const char *class, const char *vendor,
		       const char *device, const struct pci_address *address)
{
	unsigned int vendor_id, device_id;
	char *header = number_of(vendor, &vendor_id) && number_of(device, &device_id) ?
		       xasprintf("%s: %s %s [%04x:%04x]", class, vendor, device, vendor_id,
				 device_id) :
		       xasprintf("%s: %s %s", class, vendor, device);

	take_header(reader, header, address);
	free(header);
}

static void take_revision(struct reader *reader, const char *text)
{
	if (reader->inside && text)
		case_function(reader->c, &reader->address)->revision = strtoul(text, NULL, 16);
}

/* "3D controller" "NVIDIA Corporation" "GP104GL [Tesla P4]" -ra1 ... */
static void take_quoted_parts(struct reader *reader, const char *text,
			      const struct pci_address *address)
{
	char *class = take_quoted(&text), *vendor = take_quoted(&text);
	char *device = take_quoted(&text);

	if (class && vendor && device)
		take_parts(reader, class, vendor, device, address);
	take_revision(reader, after(text, "-r"));
	free(class);
	free(vendor);
	free(device);
}

static void take_slot(struct reader *reader, const char *text)
{
	reader->inside = false;
	reader->snapshot = NULL;
	if (!pci_address_parse(text, &reader->address))
		reader->address = (struct pci_address){ 0 };
}

static void keep_text(char **kept, const char *text)
{
	free(*kept);
	*kept = xstrdup(text);
}

/* After Slot, Class and Vendor, this is the last line that names the function. */
static void take_tagged_device(struct reader *reader, const char *text)
{
	struct pci_address address = reader->address;

	take_parts(reader, reader->class ? reader->class : "",
		   reader->vendor ? reader->vendor : "", text, &address);
}

/* "Slot:\t00:06.0" and what follows; false for a line of another form. */
static bool take_tagged(struct reader *reader, const char *line)
{
	const char *value = strstr(line, ":\t");

	if (!value)
		return false;
	value += 2;
	if (!strncmp(line, "Slot:", 5))
		take_slot(reader, value);
	else if (!strncmp(line, "Class:", 6))
		keep_text(&reader->class, value);
	else if (!strncmp(line, "Vendor:", 7))
		keep_text(&reader->vendor, value);
	else if (!strncmp(line, "Device:", 7))
		take_tagged_device(reader, value);
	else if (!strncmp(line, "Rev:", 4))
		take_revision(reader, value);
	else if (!strncmp(line, "Driver:", 7) && reader->inside)
		take_driver(reader, value);
	else
		return false;
	return true;
}

/* --- a line --- */

/* An address with a function, and text behind it. */
static bool take_heading(struct reader *reader, const char *line)
{
	struct pci_address address;
	size_t used = pci_address_parse(line, &address);

	if (!used || line[used] != ' ' || !memchr(line, '.', used))
		return false;
	if (line[used + 1] == '"')
		take_quoted_parts(reader, line + used + 1, &address);
	else
		take_header(reader, line + used + 1, &address);
	return true;
}

static void take_line(struct reader *reader, char *line)
{
	char *text = line + strspn(line, "> \t");

	text[strcspn(text, "\r\n")] = '\0';
	if (!*text || take_heading(reader, text) || take_tagged(reader, text) ||
	    take_hex(reader, text))
		return;
	if (reader->inside)
		take_detail(reader, text);
}

void source_lspci(struct gpuprobe_case *c, FILE *file)
{
	struct reader reader = { .c = c };
	char line[LINE_MAX_BYTES];

	c->machine.pci_looked = true;
	while (fgets(line, sizeof(line), file))
		take_line(&reader, line);
	free(reader.class);
	free(reader.vendor);
}
