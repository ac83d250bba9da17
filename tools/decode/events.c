// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/events.h"

#include "decode/space.h"

#include <errno.h>
#include <stdio.h>

#include "case/log.h"
#include "lib/i18n.h"

/* The driver's first words at each load since release 410; a new attempt begins there. */
#define ATTEMPT_STARTS "nvlink.init"
/* Its banner, when all probes are done; what comes then is about starts. */
#define PROBES_END "nvrm.loading"
/* The kernel's word on a failed probe: the lines before it had no address. */
#define PROBE_ENDS "kernel.probe-failed"
/* The driver's own on a failed start of a GPU. */
#define START_ENDS "nvrm.rminit-failed"

const char *event_field(const struct event *event, const char *name)
{
	return message_match_field(&event->match, name);
}

bool event_number(const struct event *event, const char *name, uint64_t *value)
{
	const char *text = event_field(event, name);
	bool hex = text && !strncmp(text, "0x", 2);
	char *end;

	if (!text || !*text)
		return false;
	errno = 0;
	*value = strtoull(text, &end, hex ? 16 : 10);
	return !errno && !*end;
}

bool event_hex(const struct event *event, const char *name, uint64_t *value)
{
	const char *text = event_field(event, name);
	char *end;

	if (!text || !*text)
		return false;
	*value = strtoull(text, &end, 16);
	return !*end;
}

/*
 * nvidia-drm names GPUs by RM's id: domain << 16 | bus << 8 | device. Seen in
 * every log that has both forms, such as 0x00000006 for 0000:00:06.0.
 */
static bool address_of_gpu_id(const struct event *event, struct pci_address *address)
{
	const char *text = event_field(event, "gpuid");
	unsigned long id = text ? strtoul(text, NULL, 16) : 0;

	if (!text || (id & 0xff) > 0x1f)
		return false;
	*address = (struct pci_address){
		.domain = id >> 16, .bus = id >> 8 & 0xff, .device = id & 0x1f
	};
	return true;
}

static void find_address(struct event *event)
{
	const char *text = event_field(event, "bdf");

	event->address_known = text ? pci_address_parse(text, &event->address) != 0 :
				      address_of_gpu_id(event, &event->address);
}

/*
 * Which GPU: "(PCI ID: 10de:1bb3)", which may stand on the line after its place,
 * or the kernel's "[10de:1bb3] type 00 class 0x030200".
 */
static void find_device(event_list *events, struct event *event)
{
	const char *id = event_field(event, "id"), *class = event_field(event, "class");
	const char *vendor = event_field(event, "vendor"), *device = event_field(event, "device");
	const struct event *before = events->count > 1 ? event - 1 : NULL;

	if (id && !strncmp(id, "10de:", 5) && strlen(id) == 9) {
		event->device = strtoul(id + 5, NULL, 16);
		event->device_known = true;
	} else if (class && vendor && device && !strcmp(vendor, "10de") &&
		   !strncmp(class, "0x03", 4)) {
		event->device = strtoul(device, NULL, 16);
		event->device_known = true;
	}
	if (event->device_known && !event->address_known && before && before->address_known &&
	    !strcmp(before->match.message->id, "nvrm.gpu-named")) {
		event->address_known = true;
		event->address = before->address;
	}
}

/*
 * A failed probe, and a failed start: what the driver printed before without a
 * name is about the same GPU, since it handles one at a time.
 */
static bool ends_nameless(const struct event *event)
{
	const char *id = event->match.message->id;

	return event->address_known && (!strcmp(id, PROBE_ENDS) || !strcmp(id, START_ENDS));
}

static void name_nameless(event_list *events, size_t from, const struct event *end)
{
	for (size_t i = from; i < events->count; i++) {
		struct event *event = &events->at[i];

		if (event == end || event->address_known || event->attempt != end->attempt)
			continue;
		if (strncmp(event->match.message->id, "nvrm.", 5) ||
		    event->match.message->level == LEVEL_GOOD)
			continue;
		event->address_known = true;
		event->address = end->address;
	}
}

static bool about_nvidia(const char *text)
{
	return strstr(text, "NVRM") || strstr(text, "nvidia");
}

/* The driver's last words at a load that failed; what it says next is of another one. */
static bool ends_attempt(const char *id)
{
	return !strcmp(id, "nvrm.none-initialized") || !strcmp(id, "nvrm.none-probed") ||
	       !strcmp(id, "nvrm.no-gpu-found");
}

/* Where in the log the decoding is. */
struct progress {
	unsigned int attempt;
	bool attempt_began, attempt_ended;
	size_t probe_from;	/* events since the last GPU was done with */
};

static void follow_attempts(struct progress *at, const char *id, size_t next)
{
	bool starts = !strcmp(id, ATTEMPT_STARTS), ends = ends_attempt(id);
	bool speaks = starts || !strncmp(id, "nvrm.", 5);

	if ((starts && at->attempt_began) || (speaks && !ends && at->attempt_ended)) {
		at->attempt++;
		at->attempt_ended = false;
		at->probe_from = next;
	}
	at->attempt_began |= speaks;
	at->attempt_ended |= ends;
}

static void add_event(event_list *events, struct progress *at, const struct message_match *match,
		      size_t line)
{
	struct event *event;

	follow_attempts(at, match->message->id, events->count);
	event = array_add(events);
	event->match = *match;
	event->line = line;
	event->attempt = at->attempt;
	find_address(event);
	find_device(events, event);
	if (!strcmp(match->message->id, PROBES_END))
		at->probe_from = events->count;
	if (ends_nameless(event)) {
		name_nameless(events, at->probe_from, event);
		at->probe_from = events->count;
	}
}

void events_decode(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		   event_list *events, size_t **unknown, size_t *unknown_count)
{
	ARRAY(size_t) unknown_lines = { 0 };
	struct progress at = { .attempt = 1 };

	for (size_t i = 0; i < c->log.count; i++) {
		const struct log_line *line = &c->log.at[i];
		struct message_match match;

		if (line->boot != c->boot)
			continue;
		if (knowledge_match(knowledge, line->text, &match))
			add_event(events, &at, &match, i);
		else if (about_nvidia(line->text))
			*array_add(&unknown_lines) = i;
	}
	*unknown = unknown_lines.at;
	*unknown_count = unknown_lines.count;
}

void events_free(event_list *events)
{
	for (size_t i = 0; i < events->count; i++)
		message_match_clear(&events->at[i].match);
	array_free(events);
}

static bool is_of_nvidia(const struct event *event)
{
	const char *id = event->match.message->id, *driver = event_field(event, "driver");

	if (!strncmp(id, "nvrm.", 5) || !strncmp(id, "drm.", 4))
		return true;
	if (!strcmp(id, "pci.found"))
		return event->device_known;
	if (!strcmp(id, PROBE_ENDS))
		return driver && !strncmp(driver, "nvidia", 6);
	return driver && (!strcmp(driver, "nvidia") || !strcmp(driver, "nouveau"));
}

static struct function *device_at(const struct gpuprobe_case *c,
				  const struct pci_address *address)
{
	for (size_t i = 0; i < c->functions.count; i++)
		if (pci_address_same_device(&c->functions.at[i].address, address))
			return &c->functions.at[i];
	return NULL;
}

/* "Hypervisor detected: KVM" is the kernel's name for a CPUID signature. */
static void take_signature(struct machine *machine, const char *name)
{
	static const struct {
		const char *name, *signature;
	} known[] = {
		{ "KVM",		"KVMKVMKVM" },
		{ "VMware",		"VMwareVMware" },
		{ "Microsoft",		"Microsoft Hv" },	/* also in systemd's words */
		{ "Hyper-V",		"Microsoft Hv" },
		{ "hv_pci",		"Microsoft Hv" },	/* the driver of its PCI bus */
		{ "Xen",		"XenVMMXenVMM" },
		{ "Bhyve",		"bhyve bhyve " },
		{ "amazon",		"KVMKVMKVM" },
		{ "google",		"KVMKVMKVM" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct cpuid_signature *signature;

		if (strncasecmp(name, known[i].name, strlen(known[i].name)))
			continue;
		signature = array_add(&machine->cpuid);
		signature->leaf = 0x40000000;
		snprintf(signature->text, sizeof(signature->text), "%s", known[i].signature);
		return;
	}
}

/* "[8086:29c0] type 00 class 0x060000" of a function that is not NVIDIA's */
static void take_pci_id(struct gpuprobe_case *c, const struct event *event)
{
	const char *vendor = event_field(event, "vendor"), *device = event_field(event, "device");

	if (vendor && device && strcmp(vendor, "10de"))
		case_add_pci_id(c, strtoul(vendor, NULL, 16), strtoul(device, NULL, 16));
}

/* Maker and product in one. */
static void take_dmi(struct gpuprobe_case *c, const char *name)
{
	struct machine *machine = &c->machine;

	case_compare(c, _("the machine"), machine->dmi_vendor, name);
	if (!machine->dmi_vendor)
		machine->dmi_vendor = xstrdup(name);
}

/* The kernel prints at boot what it found; nothing that was seen is replaced. */
static void take_machine(struct gpuprobe_case *c, const struct event *event)
{
	const char *id = event->match.message->id, *name = event_field(event, "name");
	const char *bios = event_field(event, "bios"), *systemd = event_field(event, "systemd");
	struct machine *machine = &c->machine;

	if (!strcmp(id, "pci.found"))
		take_pci_id(c, event);
	if (!name && !strcmp(id, "machine.paravirt"))
		name = systemd ? systemd : event_field(event, "driver");
	if (!name)
		return;
	if (!strcmp(id, "machine.dmi") && bios && !machine->dmi_bios_version)
		machine->dmi_bios_version = xstrdup(bios);
	if (!strcmp(id, "machine.acpi-table") && !machine->acpi_oem_id)
		machine->acpi_oem_id = xstrdup(name);
	else if (!strcmp(id, "machine.dmi"))
		take_dmi(c, name);
	else if ((!strcmp(id, "machine.hypervisor") || !strcmp(id, "machine.paravirt")) &&
		 !machine->cpuid_looked && !machine->cpuid.count)
		take_signature(machine, name);
}

/* Whether no hypervisor that is known has tables of both makers, and each is of one. */
static bool makers_differ(const struct knowledge *knowledge, const char *a, const char *b)
{
	bool a_known = false, b_known = false;

	for (size_t i = 0; i < knowledge->hypervisors.count; i++) {
		const struct text_list *makers = &knowledge->hypervisors.at[i].acpi;
		bool has_a = text_list_has(makers, a), has_b = text_list_has(makers, b);

		if (has_a && has_b)
			return false;
		a_known |= has_a;
		b_known |= has_b;
	}
	return a_known && b_known;
}

/*
 * Lines that each machine has one of: other words in another log are another machine's.
 * Only the RSDP is compared, as the tables of one machine may have several makers; and a
 * KVM that imitates Hyper-V is either to a kernel, as that was built.
 */
static void compare_machines(struct gpuprobe_case *c, const event_list *events,
			     const struct knowledge *knowledge)
{
	const char *hypervisor = NULL, *maker = NULL;

	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];
		const char *id = event->match.message->id, *name = event_field(event, "name");

		if (!strcmp(id, "machine.hypervisor") && !strcasestr(name, "Hyper-V")) {
			case_compare(c, _("the hypervisor that the kernel recognised"), hypervisor,
				     name);
			hypervisor = name;
		} else if (!strcmp(id, "machine.acpi-table") &&
			   !strncmp(c->log.at[event->line].text, "ACPI: RSDP", 10)) {
			if (maker && makers_differ(knowledge, maker, name))
				case_compare(c, _("the maker of the ACPI tables"), maker, name);
			maker = name;
		}
	}
}

void events_add_functions(struct gpuprobe_case *c, const struct knowledge *knowledge)
{
	event_list events = { 0 };
	size_t *unknown, count;

	events_decode(c, knowledge, &events, &unknown, &count);
	for (size_t i = 0; i < events.count; i++) {
		const struct event *event = &events.at[i];
		struct function *function;

		c->log.at[event->line].attempt = event->attempt;
		take_machine(c, event);
		if (!event->address_known || !is_of_nvidia(event))
			continue;
		function = device_at(c, &event->address);
		if (!function)
			function = case_function(c, &event->address);
		if (event->device_known && function->ids_known &&
		    function->vendor == PCI_VENDOR_NVIDIA && function->device != event->device)
			case_contradict(c, &function->address, function->device, event->device);
		if (event->device_known && !function->ids_known) {
			function->ids_known = true;
			function->vendor = PCI_VENDOR_NVIDIA;
			function->device = event->device;
		}
	}
	compare_machines(c, &events, knowledge);
	space_take_events(&c->machine, &events);
	free(unknown);
	events_free(&events);
}

bool events_keep_device(struct gpuprobe_case *c, const struct knowledge *knowledge,
			const struct pci_address *address)
{
	event_list events = { 0 };
	size_t *unknown, count, dropped = 0;

	if (!case_keep_device(c, address))
		return false;
	events_decode(c, knowledge, &events, &unknown, &count);
	for (size_t i = 0; i < events.count; i++) {
		const struct event *event = &events.at[i];

		if (!event->address_known || !is_of_nvidia(event) ||
		    pci_address_same_device(&event->address, address))
			continue;
		case_drop_lines(c, event->line - dropped, event->line - dropped + 1);
		dropped++;
	}
	free(unknown);
	events_free(&events);
	return true;
}
