// SPDX-License-Identifier: GPL-2.0-or-later
/* A case as JSON and back: nothing is lost, and nothing wrong is taken. */
#include <errno.h>

#include "builder.h"
#include "case/case_json.h"

/* Every member has a value of its own, different from 0. */
static void fill_machine(struct gpuprobe_case *c)
{
	struct cpuid_signature *signature = array_add(&c->machine.cpuid);

	*signature = (struct cpuid_signature){ 0x40000100, "KVMKVMKVM" };
	c->machine.kernel_release = xstrdup("6.8.0");
	c->machine.command_line = xstrdup("quiet pci=nomsi");
	c->machine.collected = xstrdup("2026-01-02T03:04:05Z");
	c->machine.dmi_vendor = xstrdup("vendor");
	c->machine.dmi_product = xstrdup("product");
	c->machine.dmi_bios_vendor = xstrdup("bios");
	c->machine.dmi_bios_version = xstrdup("14.0");
	c->machine.acpi_oem_id = xstrdup("BHYVE");
	c->machine.cpuid_looked = c->machine.pci_looked = true;
	c->machine.efi = YES;
	c->machine.lockdown = xstrdup("integrity");
	c->machine.secure_boot = NO;
	c->machine.signatures_enforced = YES;
}

static void fill_space(struct address_space *space)
{
	struct neighbour *neighbour = array_add(&space->neighbours);

	space->bits = 39;
	space->hidden = space->mmio64_known = true;
	space->mmio64_mib = 131072;
	*array_add(&space->ranges) =
		(struct address_range){ RANGE_RESERVED, UINT64_MAX - 4095, 4096 };
	neighbour->address = (struct pci_address){ 0, 1, 2, 3 };
	neighbour->class = 0x060400;
	neighbour->parent_known = true;
	neighbour->parent = (struct pci_address){ 0, 0, 4, 1 };
	*array_add(&neighbour->taken) =
		(struct taken_range){ 0x800000000, 0x40000000, 0x102201, true };
}

/* Bytes that are all different, with every sign bit set. */
static void fill(void *structure, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)structure)[i] = 0x81 + 7 * i;
}

#define FILL_DEEP(deep, name) \
	(fill(&(deep)->name, sizeof((deep)->name)), (deep)->name##_known = true)

static void fill_deep_structures(struct deep_view *deep)
{
	FILL_DEEP(deep, extended);
	FILL_DEEP(deep, route);
	FILL_DEEP(deep, iommu);
	FILL_DEEP(deep, power);
	FILL_DEEP(deep, flags);
	FILL_DEEP(deep, irq_line);
	FILL_DEEP(deep, bar0);
	FILL_DEEP(deep, workaround);
	FILL_DEEP(deep, cost);
	FILL_DEEP(deep, msix_trial);
	FILL_DEEP(deep, msi_trial);
	/* These have no name in JSON. */
	deep->route.reserved = 0;
	memset(deep->power.reserved, 0, sizeof(deep->power.reserved));
	deep->flags.reserved = 0;
	deep->irq_line.reserved = 0;
	deep->workaround.reserved = 0;
	deep->iommu.group = -1;
	deep->msi_trial.error = -ENOSPC;
}

static void fill_deep(struct snapshot *snapshot)
{
	struct deep_view *deep = &snapshot->deep;
	struct prom_piece *prom;

	fill_deep_structures(deep);
	deep->route_link = xstrdup("\\_SB.LNKA");
	deep->irq_chip = xstrdup("IO-APIC");
	deep->reset_methods = xstrdup("flr bus");
	deep->driver_override = xstrdup("");
	for (int i = 0; i < 2; i++) {
		fill(array_add(&deep->windows), sizeof(*deep->windows.at));
		deep->windows.at[i].parent += i;
		deep->windows.at[i].reserved = 0;
		fill(array_add(&deep->registers), sizeof(*deep->registers.at));
		deep->registers.at[i].offset += i;
		fill(array_add(&deep->errors), sizeof(*deep->errors.at));
		deep->errors.at[i].error = -EBUSY - i;
	}
	prom = array_add(&deep->prom);
	*prom = (struct prom_piece){ 0x170, 0, "PCIR\xde\x10", 64 };
	*array_add(&deep->prom) = (struct prom_piece){ 0, GPUPROBE_PROM_NO_IMAGE, "", 0 };
	*array_add(&deep->pieces) = (struct config_piece){ 0x140, 24 };
	*array_add(&deep->pieces) = (struct config_piece){ 0xffc, 4 };
	fill(snapshot->config + 0x140, 24);
	fill(snapshot->config + 0xffc, 4);
	*array_add(&deep->mirror_pieces) = (struct config_piece){ 0, 64 };
	*array_add(&deep->mirror_pieces) = (struct config_piece){ 0xfc, 4 };
	fill(deep->mirror, 64);
	fill(deep->mirror + 0xfc, 4);
}

static void fill_irq_test(struct function *function)
{
	struct irq_test *test = array_add(&function->irq_tests);

	test->sequence = UINT64_MAX;
	test->boot_ns = 1ull << 63;
	test->log_ns = 3;
	fill(&test->test, sizeof(test->test));
	test->bar0_known = true;
	fill(&test->bar0, sizeof(test->bar0));
	fill(array_add(&test->trials), sizeof(*test->trials.at));
	fill(array_add(&test->trials), sizeof(*test->trials.at));
	test->trials.at[1].error = -ENODEV;
	array_add(&function->irq_tests)->sequence = 1;
}

static void fill_snapshot(struct snapshot *snapshot)
{
	struct bridge *bridge;
	uint8_t bytes[256];

	config_p4(bytes, 1);
	given_config(snapshot, bytes);
	snapshot->sequence = 12;
	snapshot->boot_ns = 1ull << 60;
	snapshot->gone = snapshot->truncated = true;
	snapshot->irq = (struct irq_view){ true, IRQ_NOTCONNECTED, true, 2, true, 5 };
	snapshot->bars[0].holder = xstrdup("nvidia");
	snapshot->bars[ROM_BAR] = (struct bar){ true, 0xfff80000, 0x80000, 0x46200, NULL };
	snapshot->text = (struct capability_text){
		.listed = true, .msi = YES, .msi_vectors = 4, .msi_64bit = NO,
		.msi_enabled = YES, .msix = NO, .msix_vectors = 6,
	};
	snapshot->state_known = true;
	snapshot->enable_count = 2;
	snapshot->power = 4;
	snapshot->error_state = 3;
	snapshot->numa_known = true;
	snapshot->numa_node = -1;
	snapshot->iommu_group = xstrdup("14");
	snapshot->iommu_domain = xstrdup("DMA-FQ");
	snapshot->irq_users = xstrdup("nvidia,ahci[0000:00:1f.2]");
	bridge = array_add(&snapshot->parents);
	*bridge = (struct bridge){ { 0x10000, 1, 2, 3 }, 0x8086, 0x3420, 0x060400 };
	fill_deep(snapshot);
}

static struct gpuprobe_case *full_case(void)
{
	struct gpuprobe_case *c = case_create();
	struct function *function = given_gpu_at(c, "10000:e1:1f.7");
	struct driver_module *module = array_add(&c->modules);

	fill_machine(c);
	fill_space(&c->machine.space);
	function->subsystem_known = true;
	function->subsystem_vendor = 0x1028;
	function->subsystem_device = 0x11d8;
	function->revision = 0xa1;
	function->name = xstrdup("Tesla P4");
	fill_snapshot(given_record(function, GPUPROBE_TRIGGER_NOT_BOUND, "nvidia"));
	given_snapshot(function, SNAPSHOT_SYSFS, "");
	fill_irq_test(function);
	*module = (struct driver_module){
		xstrdup("nvidia"), xstrdup("580.82.07"), xstrdup("NVIDIA"), true, true,
		xstrdup("updates/dkms/nvidia-current.ko"), xstrdup("580.95.05"),
		xstrdup("6.1.0-42-amd64 SMP "), xstrdup("mine"), NO,
	};
	*array_add(&c->module_settings) = (struct module_setting){
		xstrdup("install"), xstrdup("nvidia"), xstrdup("/bin/false"),
	};
	*array_add(&c->module_settings) = (struct module_setting){
		xstrdup("blacklist"), xstrdup("nouveau"), NULL,
	};
	*array_add(&c->firmware) = xstrdup("580.95.05/gsp_ga10x.bin");
	c->modules_looked = c->firmware_looked = true;
	given_log(c, "x\n[    1.000002] NVRM: one\nNVRM: two\n");
	c->gpuprobe_module = true;
	c->gpuprobe_module_version = xstrdup("0.1.0");
	c->records_dropped = 9;
	case_add_blind_spot(c, "what", "why", "remedy");
	case_add_blind_spot(c, "what", "why", NULL);
	c->is_redacted = true;
	for (unsigned int i = 0; i < PSEUDONYM_KINDS; i++)
		c->redacted[i] = i + 1;
	return c;
}

/* For tests/contract, which holds it against the schema. */
static void write_full_case(const struct gpuprobe_case *c)
{
	const char *path = getenv("TEST_FULL_CASE");
	struct json_object *json;

	if (!path)
		return;
	json = case_to_json(c);
	ck_assert_int_eq(json_object_to_file(path, json), 0);
	json_object_put(json);
}

static char *to_text(const struct gpuprobe_case *c)
{
	struct json_object *root = json_object_new_object();
	char *text;

	json_object_object_add(root, "schema", json_object_new_string("gpuprobe-report/1"));
	json_object_object_add(root, "case", case_to_json(c));
	text = xstrdup(json_object_to_json_string(root));
	json_object_put(root);
	return text;
}

static struct gpuprobe_case *from_text(const char *text)
{
	struct gpuprobe_case *c = case_create();
	char *problem = NULL;

	ck_assert_msg(!case_from_json(c, text, strlen(text), &problem), "%s", problem);
	ck_assert_ptr_null(problem);
	return c;
}

static void assert_same_space(const struct address_space *a, const struct address_space *b)
{
	const struct neighbour *x = a->neighbours.at, *y = b->neighbours.at;

	ck_assert_uint_eq(a->bits, b->bits);
	ck_assert_int_eq(a->hidden, b->hidden);
	ck_assert_int_eq(a->mmio64_known, b->mmio64_known);
	ck_assert_uint_eq(a->mmio64_mib, b->mmio64_mib);
	ck_assert_uint_eq(a->ranges.count, b->ranges.count);
	ck_assert_int_eq(a->ranges.at[0].kind, b->ranges.at[0].kind);
	ck_assert_uint_eq(a->ranges.at[0].start, b->ranges.at[0].start);
	ck_assert_uint_eq(a->ranges.at[0].size, b->ranges.at[0].size);
	ck_assert_uint_eq(a->neighbours.count, b->neighbours.count);
	ck_assert(!pci_address_compare(&x->address, &y->address));
	ck_assert_uint_eq(x->class, y->class);
	ck_assert_int_eq(x->parent_known, y->parent_known);
	ck_assert(!pci_address_compare(&x->parent, &y->parent));
	ck_assert_uint_eq(x->taken.count, y->taken.count);
	ck_assert_uint_eq(x->taken.at[0].start, y->taken.at[0].start);
	ck_assert_uint_eq(x->taken.at[0].size, y->taken.at[0].size);
	ck_assert_uint_eq(x->taken.at[0].flags, y->taken.at[0].flags);
	ck_assert_int_eq(x->taken.at[0].window, y->taken.at[0].window);
}

static void assert_same_machine(const struct machine *a, const struct machine *b)
{
	ck_assert_pstr_eq(a->kernel_release, b->kernel_release);
	ck_assert_pstr_eq(a->command_line, b->command_line);
	ck_assert_pstr_eq(a->collected, b->collected);
	ck_assert_pstr_eq(a->dmi_vendor, b->dmi_vendor);
	ck_assert_pstr_eq(a->dmi_product, b->dmi_product);
	ck_assert_pstr_eq(a->dmi_bios_vendor, b->dmi_bios_vendor);
	ck_assert_pstr_eq(a->dmi_bios_version, b->dmi_bios_version);
	ck_assert_pstr_eq(a->acpi_oem_id, b->acpi_oem_id);
	ck_assert_int_eq(a->cpuid_looked, b->cpuid_looked);
	ck_assert_int_eq(a->pci_looked, b->pci_looked);
	ck_assert_pstr_eq(a->lockdown, b->lockdown);
	ck_assert_int_eq(a->secure_boot, b->secure_boot);
	ck_assert_int_eq(a->signatures_enforced, b->signatures_enforced);
	ck_assert_uint_eq(a->cpuid.count, b->cpuid.count);
	ck_assert_uint_eq(a->cpuid.at[0].leaf, b->cpuid.at[0].leaf);
	ck_assert_str_eq(a->cpuid.at[0].text, b->cpuid.at[0].text);
	ck_assert_int_eq(a->efi, b->efi);
	assert_same_space(&a->space, &b->space);
}

static void assert_same_irq(const struct irq_view *a, const struct irq_view *b)
{
	ck_assert_int_eq(a->irq_known, b->irq_known);
	ck_assert_uint_eq(a->irq, b->irq);
	ck_assert_int_eq(a->pin_known, b->pin_known);
	ck_assert_uint_eq(a->pin, b->pin);
	ck_assert_int_eq(a->flags_known, b->flags_known);
	ck_assert_uint_eq(a->flags, b->flags);
}

static void assert_same_bars(const struct bar *a, const struct bar *b)
{
	for (int i = 0; i < BAR_COUNT; i++) {
		ck_assert_int_eq(a[i].known, b[i].known);
		ck_assert_uint_eq(a[i].start, b[i].start);
		ck_assert_uint_eq(a[i].size, b[i].size);
		ck_assert_uint_eq(a[i].flags, b[i].flags);
		ck_assert_pstr_eq(a[i].holder, b[i].holder);
	}
}

static void assert_same_text(const struct capability_text *a, const struct capability_text *b)
{
	ck_assert_int_eq(a->listed, b->listed);
	ck_assert_int_eq(a->msi, b->msi);
	ck_assert_uint_eq(a->msi_vectors, b->msi_vectors);
	ck_assert_int_eq(a->msi_64bit, b->msi_64bit);
	ck_assert_int_eq(a->msi_enabled, b->msi_enabled);
	ck_assert_int_eq(a->msix, b->msix);
	ck_assert_uint_eq(a->msix_vectors, b->msix_vectors);
}

#define assert_same_list(a, b)							\
	do {									\
		ck_assert_uint_eq((a)->count, (b)->count);			\
		if ((a)->count)							\
			ck_assert_mem_eq((a)->at, (b)->at,			\
					 (a)->count * sizeof(*(a)->at));	\
	} while (0)

#define assert_same_structure(a, b, name)					\
	do {									\
		ck_assert_int_eq((a)->name##_known, (b)->name##_known);		\
		ck_assert_mem_eq(&(a)->name, &(b)->name, sizeof((a)->name));	\
	} while (0)

static void assert_same_prom(const struct deep_view *a, const struct deep_view *b)
{
	ck_assert_uint_eq(a->prom.count, b->prom.count);
	for (size_t i = 0; i < a->prom.count; i++) {
		ck_assert_uint_eq(a->prom.at[i].offset, b->prom.at[i].offset);
		ck_assert_uint_eq(a->prom.at[i].image, b->prom.at[i].image);
		ck_assert_uint_eq(a->prom.at[i].length, b->prom.at[i].length);
		ck_assert_mem_eq(a->prom.at[i].data, b->prom.at[i].data, sizeof(a->prom.at[i].data));
	}
}

static void assert_same_deep(const struct deep_view *a, const struct deep_view *b)
{
	assert_same_structure(a, b, extended);
	assert_same_structure(a, b, route);
	assert_same_structure(a, b, iommu);
	assert_same_structure(a, b, power);
	assert_same_structure(a, b, flags);
	assert_same_structure(a, b, irq_line);
	assert_same_structure(a, b, bar0);
	assert_same_structure(a, b, workaround);
	assert_same_structure(a, b, cost);
	assert_same_structure(a, b, msix_trial);
	assert_same_structure(a, b, msi_trial);
	ck_assert_pstr_eq(a->route_link, b->route_link);
	ck_assert_pstr_eq(a->irq_chip, b->irq_chip);
	ck_assert_pstr_eq(a->reset_methods, b->reset_methods);
	ck_assert_pstr_eq(a->driver_override, b->driver_override);
	assert_same_list(&a->windows, &b->windows);
	assert_same_list(&a->registers, &b->registers);
	assert_same_list(&a->pieces, &b->pieces);
	assert_same_list(&a->errors, &b->errors);
	assert_same_list(&a->mirror_pieces, &b->mirror_pieces);
	ck_assert_mem_eq(a->mirror, b->mirror, MIRROR_MAX);
	assert_same_prom(a, b);
}

static void assert_same_irq_test(const struct irq_test *a, const struct irq_test *b)
{
	ck_assert_uint_eq(a->sequence, b->sequence);
	ck_assert_uint_eq(a->boot_ns, b->boot_ns);
	ck_assert_uint_eq(a->log_ns, b->log_ns);
	ck_assert_mem_eq(&a->test, &b->test, sizeof(a->test));
	assert_same_structure(a, b, bar0);
	assert_same_list(&a->trials, &b->trials);
}

static void assert_same_snapshot(const struct snapshot *a, const struct snapshot *b)
{
	ck_assert_int_eq(a->source, b->source);
	ck_assert_uint_eq(a->trigger, b->trigger);
	ck_assert_uint_eq(a->sequence, b->sequence);
	ck_assert_int_eq(a->time_known, b->time_known);
	ck_assert_uint_eq(a->boot_ns, b->boot_ns);
	ck_assert_uint_eq(a->log_ns, b->log_ns);
	ck_assert_pstr_eq(a->driver, b->driver);
	ck_assert_int_eq(a->gone, b->gone);
	ck_assert_int_eq(a->truncated, b->truncated);
	ck_assert_uint_eq(a->config_length, b->config_length);
	ck_assert_mem_eq(a->config, b->config, CONFIG_SPACE_MAX);
	assert_same_irq(&a->irq, &b->irq);
	assert_same_bars(a->bars, b->bars);
	assert_same_text(&a->text, &b->text);
	ck_assert_int_eq(a->state_known, b->state_known);
	ck_assert_uint_eq(a->enable_count, b->enable_count);
	ck_assert_int_eq(a->power, b->power);
	ck_assert_uint_eq(a->error_state, b->error_state);
	ck_assert_int_eq(a->numa_known, b->numa_known);
	ck_assert_int_eq(a->numa_node, b->numa_node);
	ck_assert_pstr_eq(a->iommu_group, b->iommu_group);
	ck_assert_pstr_eq(a->iommu_domain, b->iommu_domain);
	ck_assert_pstr_eq(a->irq_users, b->irq_users);
	ck_assert_uint_eq(a->parents.count, b->parents.count);
	for (size_t i = 0; i < a->parents.count; i++) {
		ck_assert(!pci_address_compare(&a->parents.at[i].address,
					       &b->parents.at[i].address));
		ck_assert_uint_eq(a->parents.at[i].vendor, b->parents.at[i].vendor);
		ck_assert_uint_eq(a->parents.at[i].device, b->parents.at[i].device);
		ck_assert_uint_eq(a->parents.at[i].class, b->parents.at[i].class);
	}
	assert_same_deep(&a->deep, &b->deep);
}

static void assert_same_function(const struct function *a, const struct function *b)
{
	ck_assert(!pci_address_compare(&a->address, &b->address));
	ck_assert_int_eq(a->ids_known, b->ids_known);
	ck_assert_uint_eq(a->vendor, b->vendor);
	ck_assert_uint_eq(a->device, b->device);
	ck_assert_int_eq(a->subsystem_known, b->subsystem_known);
	ck_assert_uint_eq(a->subsystem_vendor, b->subsystem_vendor);
	ck_assert_uint_eq(a->subsystem_device, b->subsystem_device);
	ck_assert_int_eq(a->class_known, b->class_known);
	ck_assert_uint_eq(a->class, b->class);
	ck_assert_uint_eq(a->revision, b->revision);
	ck_assert_pstr_eq(a->name, b->name);
	ck_assert_uint_eq(a->snapshots.count, b->snapshots.count);
	for (size_t i = 0; i < a->snapshots.count; i++)
		assert_same_snapshot(&a->snapshots.at[i], &b->snapshots.at[i]);
	ck_assert_uint_eq(a->irq_tests.count, b->irq_tests.count);
	for (size_t i = 0; i < a->irq_tests.count; i++)
		assert_same_irq_test(&a->irq_tests.at[i], &b->irq_tests.at[i]);
}

static void assert_same_log(const struct gpuprobe_case *a, const struct gpuprobe_case *b)
{
	ck_assert_int_eq(a->log_looked, b->log_looked);
	ck_assert_uint_eq(a->log_lines_read, b->log_lines_read);
	ck_assert_uint_eq(a->log.count, b->log.count);
	for (size_t i = 0; i < a->log.count; i++) {
		ck_assert_uint_eq(a->log.at[i].number, b->log.at[i].number);
		ck_assert_int_eq(a->log.at[i].time_known, b->log.at[i].time_known);
		ck_assert_uint_eq(a->log.at[i].time_us, b->log.at[i].time_us);
		ck_assert_pstr_eq(a->log.at[i].stamp, b->log.at[i].stamp);
		ck_assert_str_eq(a->log.at[i].text, b->log.at[i].text);
	}
}

static void assert_same_rest(const struct gpuprobe_case *a, const struct gpuprobe_case *b)
{
	ck_assert_uint_eq(a->modules.count, b->modules.count);
	ck_assert_str_eq(a->modules.at[0].name, b->modules.at[0].name);
	ck_assert_pstr_eq(a->modules.at[0].version, b->modules.at[0].version);
	ck_assert_pstr_eq(a->modules.at[0].license, b->modules.at[0].license);
	ck_assert_int_eq(a->modules.at[0].loaded, b->modules.at[0].loaded);
	ck_assert_int_eq(a->modules.at[0].installed, b->modules.at[0].installed);
	ck_assert_pstr_eq(a->modules.at[0].file, b->modules.at[0].file);
	ck_assert_pstr_eq(a->modules.at[0].file_version, b->modules.at[0].file_version);
	ck_assert_pstr_eq(a->modules.at[0].vermagic, b->modules.at[0].vermagic);
	ck_assert_pstr_eq(a->modules.at[0].signer, b->modules.at[0].signer);
	ck_assert_int_eq(a->modules.at[0].signer_known, b->modules.at[0].signer_known);
	ck_assert_int_eq(a->modules_looked, b->modules_looked);
	ck_assert_uint_eq(a->module_settings.count, b->module_settings.count);
	for (size_t i = 0; i < a->module_settings.count; i++) {
		ck_assert_str_eq(a->module_settings.at[i].kind, b->module_settings.at[i].kind);
		ck_assert_str_eq(a->module_settings.at[i].module, b->module_settings.at[i].module);
		ck_assert_pstr_eq(a->module_settings.at[i].value, b->module_settings.at[i].value);
	}
	ck_assert_int_eq(a->firmware_looked, b->firmware_looked);
	ck_assert_uint_eq(a->firmware.count, b->firmware.count);
	ck_assert_str_eq(a->firmware.at[0], b->firmware.at[0]);
	ck_assert_int_eq(a->gpuprobe_module, b->gpuprobe_module);
	ck_assert_pstr_eq(a->gpuprobe_module_version, b->gpuprobe_module_version);
	ck_assert_uint_eq(a->records_dropped, b->records_dropped);
	ck_assert_uint_eq(a->blind_spots.count, b->blind_spots.count);
	for (size_t i = 0; i < a->blind_spots.count; i++) {
		ck_assert_str_eq(a->blind_spots.at[i].what, b->blind_spots.at[i].what);
		ck_assert_str_eq(a->blind_spots.at[i].why, b->blind_spots.at[i].why);
		ck_assert_pstr_eq(a->blind_spots.at[i].remedy, b->blind_spots.at[i].remedy);
	}
	ck_assert(a->is_redacted == b->is_redacted);
	ck_assert_mem_eq(a->redacted, b->redacted, sizeof(a->redacted));
}

START_TEST(every_member_survives)
{
	struct gpuprobe_case *before = full_case(), *after;
	char *text = to_text(before);

	after = from_text(text);
	assert_same_machine(&before->machine, &after->machine);
	ck_assert_uint_eq(after->functions.count, 1);
	assert_same_function(&before->functions.at[0], &after->functions.at[0]);
	assert_same_log(before, after);
	assert_same_rest(before, after);
	write_full_case(after);
	free(text);
	case_destroy(before);
	case_destroy(after);
}
END_TEST

/* People and other programs read it too. */
START_TEST(numbers_as_people_write_them)
{
	struct gpuprobe_case *c = full_case();
	char *text = to_text(c);

	ck_assert_ptr_nonnull(strstr(text, "\"group\": -1,"));
	ck_assert_ptr_nonnull(strstr(text, "\"error\": -28,"));
	ck_assert_ptr_nonnull(strstr(text, "\"sequence\": 18446744073709551615,"));
	ck_assert_ptr_nonnull(strstr(text, "\"architecture\": \"0xb2aba49d\""));
	free(text);
	case_destroy(c);
}
END_TEST

/* What was not known is absent, and absent again after the way back. */
START_TEST(unknown_stays_unknown)
{
	struct gpuprobe_case *before = case_create(), *after;
	const struct snapshot *snapshot;
	struct pci_address address = { 0, 0, 6, 0 };
	char *text;

	function_add_snapshot(case_function(before, &address))->source = SNAPSHOT_LSPCI;
	text = to_text(before);
	after = from_text(text);
	ck_assert(!after->functions.at[0].ids_known && !after->functions.at[0].class_known);
	ck_assert_ptr_null(after->functions.at[0].name);
	snapshot = &after->functions.at[0].snapshots.at[0];
	ck_assert_ptr_null(snapshot->driver);
	ck_assert(!snapshot->irq.irq_known && !snapshot->irq.pin_known);
	ck_assert(!snapshot->bars[0].known && !snapshot->text.listed && !snapshot->state_known);
	ck_assert(!snapshot->time_known);
	ck_assert(!after->machine.pci_looked && !after->log_looked);
	ck_assert_ptr_null(after->machine.kernel_release);
	free(text);
	case_destroy(before);
	case_destroy(after);
}
END_TEST

/* A log may hold any byte; JSON may not. */
START_TEST(foreign_bytes_become_valid)
{
	struct gpuprobe_case *before = case_create(), *after;
	char *text;

	array_add(&before->log)->text = xstrdup("NVRM: \xff\xfe \xc3\xa4 \033[31m \xe2\x80\xae");
	text = to_text(before);
	after = from_text(text);
	ck_assert_str_eq(after->log.at[0].text, "NVRM: \\xff\\xfe \xc3\xa4 \033[31m \xe2\x80\xae");
	free(text);
	case_destroy(before);
	case_destroy(after);
}
END_TEST

static void assert_refused(const char *text, int error, const char *why)
{
	struct gpuprobe_case *c = case_create();
	char *problem = NULL;

	ck_assert_msg(case_from_json(c, text, strlen(text), &problem) == error,
		      "%s: not refused", text);
	ck_assert_ptr_nonnull(problem);
	ck_assert_msg(strstr(problem, why), "\"%s\" is not in \"%s\"", why, problem);
	free(problem);
	case_destroy(c);
}

#define REPORT(inner) "{\"schema\": \"gpuprobe-report/1\", \"case\": {" inner "}}"
#define FUNCTION(inner) REPORT("\"functions\": [{\"address\": \"0000:00:06.0\", " inner "}]")
#define SNAPSHOT(inner) FUNCTION("\"snapshots\": [{" inner "}]")
#define DEEP(inner) SNAPSHOT("\"deep\": {" inner "}")
#define IRQ_TEST(inner) FUNCTION("\"irq_tests\": [{" inner "}]")

/* 65 bytes are one more than a piece of the VBIOS has. */
#define DIGITS_130 "0123456789012345678901234567890123456789012345678901234567890123456789" \
	"012345678901234567890123456789012345678901234567890123456789"

static const struct {
	const char *text;
	const char *where;
} damaged[] = {
	{ REPORT("\"machine\": 5"), "\"machine\"" },
	{ REPORT("\"machine\": {\"kernel\": 5}"), "\"kernel\"" },
	{ REPORT("\"machine\": {\"cpuid_looked\": \"yes\"}"), "\"cpuid_looked\"" },
	{ REPORT("\"machine\": {\"cpuid\": [7]}"), "list entry" },
	{ REPORT("\"machine\": {\"cpuid\": [{\"leaf\": \"xyz\"}]}"), "\"leaf\"" },
	{ REPORT("\"functions\": {}"), "\"functions\"" },
	{ REPORT("\"functions\": [null]"), "list entry" },
	{ REPORT("\"functions\": [{}]"), "\"address\"" },
	{ REPORT("\"functions\": [{\"address\": \"here\"}]"), "\"address\"" },
	{ REPORT("\"log\": {\"lines\": [[]]}"), "list entry" },
	{ REPORT("\"log\": {\"lines_read\": \"many\"}"), "\"lines_read\"" },
	{ REPORT("\"log\": {\"lines\": [{\"text\": 1}]}"), "\"text\"" },
	{ REPORT("\"modules\": [{\"loaded\": 1}]"), "\"loaded\"" },
	{ REPORT("\"modules\": [{\"signer_known\": \"perhaps\"}]"), "\"signer_known\"" },
	{ REPORT("\"module_settings\": [{\"kind\": 1}]"), "\"kind\"" },
	{ REPORT("\"firmware\": [{\"file\": []}]"), "\"file\"" },
	{ FUNCTION("\"vendor\": 4318"), "\"vendor\"" },
	{ FUNCTION("\"class\": \"\""), "\"class\"" },
	{ FUNCTION("\"class\": \"0x\""), "\"class\"" },
	{ SNAPSHOT("\"source\": \"dream\""), "\"source\"" },
	{ SNAPSHOT("\"trigger\": 3"), "\"trigger\"" },
	{ SNAPSHOT("\"config\": \"abc\""), "\"config\"" },
	{ SNAPSHOT("\"config\": \"zz\""), "\"config\"" },
	{ SNAPSHOT("\"irq\": {\"irq\": \"11\"}"), "\"irq\"" },
	{ SNAPSHOT("\"bars\": {\"bar0\": []}"), "\"bar0\"" },
	{ SNAPSHOT("\"bars\": {\"bar0\": {\"start\": 5}}"), "\"start\"" },
	{ SNAPSHOT("\"capabilities\": {\"msi\": true}"), "\"msi\"" },
	{ SNAPSHOT("\"deep\": []"), "\"deep\"" },
	{ DEEP("\"bar0\": 5"), "\"bar0\"" },
	{ DEEP("\"bar0\": {\"mirror\": 557056}"), "\"mirror\"" },
	{ DEEP("\"route\": {\"gsi\": \"16\"}"), "\"gsi\"" },
	{ DEEP("\"iommu\": {\"group\": \"-1\"}"), "\"group\"" },
	{ DEEP("\"route_link\": 5"), "\"route_link\"" },
	{ DEEP("\"registers\": {}"), "\"registers\"" },
	{ DEEP("\"registers\": [5]"), "list entry" },
	{ DEEP("\"registers\": [{\"value\": \"0xg\"}]"), "\"value\"" },
	{ DEEP("\"mirror\": [{\"offset\": 0, \"bytes\": \"xy\"}]"), "\"bytes\"" },
	{ DEEP("\"mirror\": [{\"offset\": 252, \"bytes\": \"0011223344\"}]"), "\"bytes\"" },
	{ DEEP("\"mirror\": [{\"offset\": 256, \"bytes\": \"00\"}]"), "\"bytes\"" },
	{ DEEP("\"extended_config\": [{\"offset\": 4092, \"bytes\": \"0011223344\"}]"),
	  "\"bytes\"" },
	{ DEEP("\"extended_config\": [{\"offset\": 4096, \"bytes\": \"00\"}]"), "\"bytes\"" },
	{ DEEP("\"prom\": [{\"offset\": 0, \"data\": \"" DIGITS_130 "\"}]"), "\"data\"" },
	{ IRQ_TEST("\"outcome\": \"ran\""), "\"outcome\"" },
	{ IRQ_TEST("\"bar0\": []"), "\"bar0\"" },
	{ IRQ_TEST("\"trials\": [{\"error\": true}]"), "\"error\"" },
};

START_TEST(wrong_forms_are_named)
{
	assert_refused(damaged[_i].text, -EPROTO, damaged[_i].where);
}
END_TEST

START_TEST(config_longer_than_config_space)
{
	char digits[2 * CONFIG_SPACE_MAX + 3], *text;

	memset(digits, 'a', sizeof(digits) - 1);
	digits[sizeof(digits) - 1] = '\0';
	text = xasprintf(SNAPSHOT("\"config\": \"%s\""), digits);
	assert_refused(text, -EPROTO, "\"config\"");
	free(text);
}
END_TEST

/* What a newer tool of the same schema adds is passed over. */
START_TEST(unknown_members_are_passed_over)
{
	struct gpuprobe_case *c = from_text(SNAPSHOT("\"colour\": \"green\", \"driver\": \"nvidia\""));

	ck_assert_str_eq(c->functions.at[0].snapshots.at[0].driver, "nvidia");
	case_destroy(c);
}
END_TEST

/* Two files of one machine make one function, of which all is known. */
START_TEST(second_report_of_a_function)
{
	struct gpuprobe_case *c = from_text(FUNCTION("\"snapshots\": [{}]"));
	const char *more = FUNCTION("\"vendor\": \"10de\", \"device\": \"1bb3\", "
				    "\"class\": \"030200\", \"revision\": \"a1\", "
				    "\"subsystem_vendor\": \"10de\", "
				    "\"subsystem_device\": \"11d8\", \"name\": \"P4\", "
				    "\"snapshots\": [{}], \"irq_tests\": [{\"trials\": [{}]}]");
	const struct function *function;
	char *problem = NULL;

	ck_assert_int_eq(case_from_json(c, more, strlen(more), &problem), 0);
	ck_assert_uint_eq(c->functions.count, 1);
	function = &c->functions.at[0];
	ck_assert_uint_eq(function->snapshots.count, 2);
	ck_assert_uint_eq(function->irq_tests.count, 1);
	ck_assert_uint_eq(function->irq_tests.at[0].trials.count, 1);
	ck_assert_str_eq(function->name, "P4");
	ck_assert(function->ids_known && function->class_known && function->subsystem_known);
	ck_assert_uint_eq(function->device, 0x1bb3);
	ck_assert_uint_eq(function->class, 0x030200);
	ck_assert_uint_eq(function->revision, 0xa1);
	ck_assert_uint_eq(function->subsystem_device, 0x11d8);
	case_destroy(c);
}
END_TEST

START_TEST(other_schemas)
{
	assert_refused("{\"schema\": \"gpuprobe-report/2\", \"case\": {}}", -EPROTONOSUPPORT, "upgrade");
	assert_refused("{\"schema\": \"gpuprobe-report/99\"}", -EPROTONOSUPPORT, "upgrade");
	assert_refused("{\"schema\": \"other/1\", \"case\": {}}", -EPROTO, "not a gpuprobe report");
	assert_refused("{\"schema\": 1, \"case\": {}}", -EPROTO, "not a gpuprobe report");
	assert_refused("{\"case\": {}}", -EPROTO, "not a gpuprobe report");
	assert_refused("{\"schema\": \"gpuprobe-report/1\"}", -EPROTO, "no case");
	assert_refused("{\"schema\": \"gpuprobe-report/1\", \"case\": []}", -EPROTO, "no case");
}
END_TEST

START_TEST(broken_json)
{
	assert_refused("", -EPROTO, "cut short");
	assert_refused("{\"schema\": \"gpuprobe-re", -EPROTO, "cut short");
	assert_refused("[]", -EPROTO, "not a gpuprobe report");
	assert_refused("{\"schema\" \"x\"}", -EPROTO, "broken JSON");
	assert_refused("{\"schema\": \"\xff\"}", -EPROTO, "broken JSON");
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
	static char text[20000];

	for (size_t i = 0; i + 5 < sizeof(text); i += 5)
		memcpy(text + i, "{\"a\":", 5);
	assert_refused(text, -EPROTO, "broken JSON");
}
END_TEST

/* Any cut and many changes of one byte: an answer or a refusal, never a crash. */
START_TEST(mutations_never_crash)
{
	struct gpuprobe_case *full = full_case();
	char *text = to_text(full), *problem;
	size_t length = strlen(text);
	uint64_t state = 99;

	for (int round = 0; round < 3000; round++) {
		struct gpuprobe_case *c = case_create();
		size_t at = unit_random(&state) % length;
		char saved = text[at];
		int error;

		problem = NULL;
		text[at] = " \"{}[],:0a-\xff"[unit_random(&state) % 12];
		error = case_from_json(c, text, round % 2 ? length : at, &problem);
		ck_assert_int_eq(error != 0, problem != NULL);
		text[at] = saved;
		free(problem);
		case_destroy(c);
	}
	free(text);
	case_destroy(full);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("case_json");
	TCase *tcase = unit_case(suite, "case_json");

	tcase_add_test(tcase, every_member_survives);
	tcase_add_test(tcase, numbers_as_people_write_them);
	tcase_add_test(tcase, unknown_stays_unknown);
	tcase_add_test(tcase, foreign_bytes_become_valid);
	tcase_add_loop_test(tcase, wrong_forms_are_named, 0, COUNT(damaged));
	tcase_add_test(tcase, config_longer_than_config_space);
	tcase_add_test(tcase, unknown_members_are_passed_over);
	tcase_add_test(tcase, second_report_of_a_function);
	tcase_add_test(tcase, other_schemas);
	tcase_add_test(tcase, broken_json);
	tcase_add_test(tcase, deep_nesting_is_refused);
	tcase_add_test(tcase, mutations_never_crash);
	return unit_run(suite);
}
