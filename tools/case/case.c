// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/case.h"

#include <ctype.h>
#include <stdio.h>

#include "lib/i18n.h"

struct gpuprobe_case *case_create(void)
{
	return xcalloc(1, sizeof(struct gpuprobe_case));
}

static void deep_clear(struct deep_view *deep)
{
	free(deep->route_link);
	free(deep->irq_chip);
	free(deep->reset_methods);
	free(deep->driver_override);
	array_free(&deep->windows);
	array_free(&deep->registers);
	array_free(&deep->prom);
	array_free(&deep->pieces);
	array_free(&deep->mirror_pieces);
	array_free(&deep->errors);
}

static void snapshot_clear(struct snapshot *snapshot)
{
	free(snapshot->driver);
	for (size_t i = 0; i < BAR_COUNT; i++)
		free(snapshot->bars[i].holder);
	free(snapshot->iommu_group);
	free(snapshot->iommu_domain);
	free(snapshot->irq_users);
	array_free(&snapshot->parents);
	deep_clear(&snapshot->deep);
}

static void function_clear(struct function *function)
{
	for (size_t i = 0; i < function->snapshots.count; i++)
		snapshot_clear(&function->snapshots.at[i]);
	array_free(&function->snapshots);
	for (size_t i = 0; i < function->irq_tests.count; i++)
		array_free(&function->irq_tests.at[i].trials);
	array_free(&function->irq_tests);
	free(function->name);
}

static void space_clear(struct address_space *space)
{
	for (size_t i = 0; i < space->neighbours.count; i++)
		array_free(&space->neighbours.at[i].taken);
	array_free(&space->neighbours);
	array_free(&space->ranges);
}

static void machine_clear(struct machine *machine)
{
	free(machine->kernel_release);
	free(machine->command_line);
	free(machine->collected);
	free(machine->dmi_vendor);
	free(machine->dmi_product);
	free(machine->dmi_bios_vendor);
	free(machine->dmi_bios_version);
	free(machine->cloud_tag);
	array_free(&machine->pci_ids);
	free(machine->acpi_oem_id);
	free(machine->lockdown);
	array_free(&machine->cpuid);
	space_clear(&machine->space);
}

void driver_module_clear(struct driver_module *module)
{
	free(module->name);
	free(module->version);
	free(module->license);
	free(module->file);
	free(module->file_version);
	free(module->vermagic);
	free(module->signer);
}

static void modules_clear(struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->modules.count; i++)
		driver_module_clear(&c->modules.at[i]);
	array_free(&c->modules);
	for (size_t i = 0; i < c->module_settings.count; i++) {
		free(c->module_settings.at[i].kind);
		free(c->module_settings.at[i].module);
		free(c->module_settings.at[i].value);
	}
	array_free(&c->module_settings);
	for (size_t i = 0; i < c->firmware.count; i++)
		free(c->firmware.at[i]);
	array_free(&c->firmware);
}

void case_destroy(struct gpuprobe_case *c)
{
	if (!c)
		return;
	machine_clear(&c->machine);
	for (size_t i = 0; i < c->functions.count; i++)
		function_clear(&c->functions.at[i]);
	array_free(&c->functions);
	modules_clear(c);
	for (size_t i = 0; i < c->log.count; i++) {
		free(c->log.at[i].stamp);
		free(c->log.at[i].text);
	}
	array_free(&c->log);
	for (size_t i = 0; i < c->blind_spots.count; i++) {
		free(c->blind_spots.at[i].what);
		free(c->blind_spots.at[i].why);
		free(c->blind_spots.at[i].remedy);
	}
	array_free(&c->blind_spots);
	for (size_t i = 0; i < c->names.count; i++)
		free(c->names.at[i].text);
	array_free(&c->names);
	free(c->gpuprobe_module_version);
	free(c->contradiction);
	free(c);
}

struct function *case_find_function(const struct gpuprobe_case *c,
				    const struct pci_address *address)
{
	for (size_t i = 0; i < c->functions.count; i++)
		if (!pci_address_compare(&c->functions.at[i].address, address))
			return &c->functions.at[i];
	return NULL;
}

void case_add_pci_id(struct gpuprobe_case *c, uint16_t vendor, uint16_t device)
{
	for (size_t i = 0; i < c->machine.pci_ids.count; i++)
		if (c->machine.pci_ids.at[i].vendor == vendor &&
		    c->machine.pci_ids.at[i].device == device)
			return;
	if (c->machine.pci_ids.count < PCI_IDS_MAX)
		*array_add(&c->machine.pci_ids) = (struct pci_id){ vendor, device };
}

struct function *case_function(struct gpuprobe_case *c, const struct pci_address *address)
{
	struct function *function = case_find_function(c, address);

	if (!function) {
		function = array_add(&c->functions);
		function->address = *address;
	}
	function->mentions++;
	return function;
}

bool case_keep_device(struct gpuprobe_case *c, const struct pci_address *address)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->functions.count; i++)
		kept += pci_address_same_device(&c->functions.at[i].address, address);
	if (!kept)
		return false;
	kept = 0;
	for (size_t i = 0; i < c->functions.count; i++)
		if (pci_address_same_device(&c->functions.at[i].address, address))
			c->functions.at[kept++] = c->functions.at[i];
		else
			function_clear(&c->functions.at[i]);
	c->functions.count = kept;
	return true;
}

struct snapshot *function_add_snapshot(struct function *function)
{
	return array_add(&function->snapshots);
}

static void merge_ids(struct gpuprobe_case *c, struct function *into, const struct function *from)
{
	if (into->ids_known && from->ids_known && into->vendor == from->vendor &&
	    into->device != from->device)
		case_contradict(c, &into->address, into->device, from->device);
	if (!into->ids_known) {
		into->ids_known = from->ids_known;
		into->vendor = from->vendor;
		into->device = from->device;
	}
	if (!into->subsystem_known) {
		into->subsystem_known = from->subsystem_known;
		into->subsystem_vendor = from->subsystem_vendor;
		into->subsystem_device = from->subsystem_device;
	}
	if (!into->class_known) {
		into->class_known = from->class_known;
		into->class = from->class;
	}
	if (!into->revision)
		into->revision = from->revision;
}

static void merge_function(struct gpuprobe_case *c, struct function *into, struct function *from)
{
	merge_ids(c, into, from);
	into->mentions++;
	for (size_t i = 0; i < from->snapshots.count; i++)
		*array_add(&into->snapshots) = from->snapshots.at[i];
	for (size_t i = 0; i < from->irq_tests.count; i++)
		*array_add(&into->irq_tests) = from->irq_tests.at[i];
	if (!into->name) {
		into->name = from->name;
		from->name = NULL;
	}
	array_free(&from->snapshots);
	array_free(&from->irq_tests);
	free(from->name);
}

void case_merge_functions(struct gpuprobe_case *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->functions.count; i++) {
		struct function function = c->functions.at[i], *earlier = NULL;

		for (size_t j = 0; j < kept && !earlier; j++)
			if (!pci_address_compare(&c->functions.at[j].address, &function.address))
				earlier = &c->functions.at[j];
		if (earlier)
			merge_function(c, earlier, &function);
		else
			c->functions.at[kept++] = function;
	}
	c->functions.count = kept;
}

const struct driver_module *case_module(const struct gpuprobe_case *c, const char *name)
{
	for (size_t i = 0; i < c->modules.count; i++)
		if (!strcmp(c->modules.at[i].name, name))
			return &c->modules.at[i];
	return NULL;
}

void case_add_blind_spot(struct gpuprobe_case *c, const char *what, const char *why,
			 const char *remedy)
{
	struct blind_spot *spot = array_add(&c->blind_spots);

	spot->what = xstrdup(what);
	spot->why = xstrdup(why);
	spot->remedy = xstrdup(remedy);
}

void case_add_name(struct gpuprobe_case *c, enum pseudonym_kind kind, const char *text)
{
	if (text && *text)
		*array_add(&c->names) = (struct known_name){ kind, xstrdup(text) };
}

bool function_is_gpu(const struct function *function)
{
	if (function->ids_known && function->vendor != PCI_VENDOR_NVIDIA)
		return false;
	return !function->class_known || function->class >> 16 == 0x03;
}

bool case_has_gpu(const struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->functions.count; i++)
		if (function_is_gpu(&c->functions.at[i]))
			return true;
	return false;
}

const char *snapshot_bound(const struct snapshot *snapshot)
{
	bool elsewhere = snapshot->trigger == GPUPROBE_TRIGGER_BEFORE_BIND ||
			 snapshot->trigger == GPUPROBE_TRIGGER_NOT_BOUND ||
			 snapshot->trigger == GPUPROBE_TRIGGER_UNBOUND;

	return snapshot->source == SNAPSHOT_MODULE && elsewhere ? "" : snapshot->driver;
}

bool mirror_has(const struct deep_view *deep, size_t offset, size_t length)
{
	for (size_t i = 0; i < deep->mirror_pieces.count; i++) {
		const struct config_piece *piece = &deep->mirror_pieces.at[i];

		if (offset >= piece->offset &&
		    offset + length <= (size_t)piece->offset + piece->length)
			return true;
	}
	return false;
}

static uint64_t pci_address_rank(const struct pci_address *address)
{
	return (uint64_t)address->domain << 16 | address->bus << 8 |
	       address->device << 3 | address->function;
}

bool pci_address_same_device(const struct pci_address *a, const struct pci_address *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->device == b->device;
}

int pci_address_compare(const struct pci_address *a, const struct pci_address *b)
{
	uint64_t rank_a = pci_address_rank(a), rank_b = pci_address_rank(b);

	return (rank_a > rank_b) - (rank_a < rank_b);
}

/* Hexadecimal digits at @text, at most @most of them; 0 if there are none. */
static size_t parse_hex(const char *text, size_t most, uint32_t *value)
{
	size_t n = 0;

	*value = 0;
	while (n < most && isxdigit((unsigned char)text[n])) {
		char digit = tolower((unsigned char)text[n]);

		*value = *value << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
		n++;
	}
	return n;
}

size_t pci_address_parse(const char *text, struct pci_address *address)
{
	uint32_t field[3] = { 0 }, function = 0;
	size_t fields = 0, used = 0, n;

	while (fields < 3) {
		n = parse_hex(text + used, 8, &field[fields]);
		if (!n && fields == 2) {
			used--;		/* the colon that ends "bus:device:" */
			break;
		}
		if (!n)
			return 0;
		used += n;
		fields++;
		if (text[used] != ':' || fields == 3)
			break;
		used++;
	}
	if (fields < 2)
		return 0;
	if (text[used] == '.' && parse_hex(text + used + 1, 1, &function) && function < 8)
		used += 2;
	else
		function = 0;
	if (field[fields - 1] > 0x1f || field[fields - 2] > 0xff)
		return 0;
	*address = (struct pci_address){
		.domain = fields == 3 ? field[0] : 0,
		.bus = field[fields - 2],
		.device = field[fields - 1],
		.function = function,
	};
	return used;
}

const char *pci_address_print(const struct pci_address *address, char text[PCI_ADDRESS_TEXT])
{
	snprintf(text, PCI_ADDRESS_TEXT, "%04x:%02x:%02x.%x", address->domain, address->bus,
		 address->device, address->function);
	return text;
}
