// SPDX-License-Identifier: GPL-2.0-or-later
#include "case/case_json.h"

#include <errno.h>
#include <stdio.h>

#include "case/codec.h"
#include "case/items.h"
#include "lib/i18n.h"
#include "uapi/gpuprobe.h"

#define DEPTH_MAX 16	/* a report nests 6 deep */

static const char *const source_words[] = {
	[SNAPSHOT_MODULE] = "module", [SNAPSHOT_SYSFS] = "sysfs", [SNAPSHOT_LSPCI] = "lspci",
};

static const char *const trigger_words[] = {
	[GPUPROBE_TRIGGER_LOAD]			= "load",
	[GPUPROBE_TRIGGER_ADDED]		= "added",
	[GPUPROBE_TRIGGER_BEFORE_BIND]		= "before-bind",
	[GPUPROBE_TRIGGER_BOUND]		= "bound",
	[GPUPROBE_TRIGGER_NOT_BOUND]		= "not-bound",
	[GPUPROBE_TRIGGER_BEFORE_UNBIND]	= "before-unbind",
	[GPUPROBE_TRIGGER_UNBOUND]		= "unbound",
	[GPUPROBE_TRIGGER_REMOVED]		= "removed",
	[GPUPROBE_TRIGGER_REQUEST]		= "request",
};

static const char *const range_words[] = {
	[RANGE_RAM] = "ram", [RANGE_WINDOW] = "window", [RANGE_RESERVED] = "reserved",
};

static const char *const answer_words[] = {
	[NOT_KNOWN] = NULL, [NO] = "no", [YES] = "yes",
};

#define COUNT(words) (sizeof(words) / sizeof((words)[0]))

#define codec_enum(codec, key, words, lvalue)					\
	do {									\
		uint32_t wide_ = (lvalue);					\
										\
		codec_word(codec, key, words, COUNT(words), &wide_);		\
		(lvalue) = wide_;						\
	} while (0)

static void place_codec(struct codec *codec, const char *key, struct pci_address *address)
{
	char place[PCI_ADDRESS_TEXT], *text = NULL;

	if (codec->writing)
		text = xstrdup(pci_address_print(address, place));
	codec_text(codec, key, &text);
	if (!codec->writing && (!text || !pci_address_parse(text, address)) && !*codec->wrong)
		*codec->wrong = key;
	free(text);
}

static void address_codec(struct codec *codec, struct pci_address *address)
{
	place_codec(codec, "address", address);
}

static void irq_codec(struct codec *codec, struct irq_view *irq)
{
	if (codec_known(codec, "irq", &irq->irq_known))
		codec_number(codec, "irq", irq->irq);
	if (codec_known(codec, "pin", &irq->pin_known))
		codec_number(codec, "pin", irq->pin);
	if (codec_known(codec, "flags", &irq->flags_known))
		codec_number(codec, "flags", irq->flags);
}

static void bar_codec(struct codec *codec, struct bar *bar)
{
	codec_address(codec, "start", &bar->start);
	codec_address(codec, "size", &bar->size);
	codec_address(codec, "flags", &bar->flags);
	codec_text(codec, "holder", &bar->holder);
}

static void bars_codec(struct codec *codec, struct bar *bars)
{
	static const char *const keys[BAR_COUNT] = {
		"bar0", "bar1", "bar2", "bar3", "bar4", "bar5", [ROM_BAR] = "rom",
	};
	struct codec all = codec_object(codec, "bars");

	for (size_t i = 0; i < BAR_COUNT; i++) {
		if (codec_known(&all, keys[i], &bars[i].known)) {
			struct codec one = codec_object(&all, keys[i]);

			bar_codec(&one, &bars[i]);
		}
	}
}

static void capability_text_codec(struct codec *codec, struct capability_text *text)
{
	struct codec inner;

	if (!codec_known(codec, "capabilities", &text->listed))
		return;
	inner = codec_object(codec, "capabilities");
	codec_enum(&inner, "msi", answer_words, text->msi);
	codec_number(&inner, "msi_vectors", text->msi_vectors);
	codec_enum(&inner, "msi_64bit", answer_words, text->msi_64bit);
	codec_enum(&inner, "msi_enabled", answer_words, text->msi_enabled);
	codec_enum(&inner, "msix", answer_words, text->msix);
	codec_number(&inner, "msix_vectors", text->msix_vectors);
}

static void state_codec(struct codec *codec, struct snapshot *snapshot)
{
	struct codec inner;

	if (!codec_known(codec, "state", &snapshot->state_known))
		return;
	inner = codec_object(codec, "state");
	codec_number(&inner, "enable_count", snapshot->enable_count);
	codec_number(&inner, "power", snapshot->power);
	codec_number(&inner, "error_state", snapshot->error_state);
	if (codec_known(&inner, "numa_node", &snapshot->numa_known)) {
		int64_t node = snapshot->numa_node;

		codec_i64(&inner, "numa_node", &node);
		snapshot->numa_node = node;
	}
}

static void bridge_codec(struct codec *codec, struct bridge *bridge)
{
	address_codec(codec, &bridge->address);
	codec_digits(codec, "vendor", 4, bridge->vendor);
	codec_digits(codec, "device", 4, bridge->device);
	codec_digits(codec, "class", 6, bridge->class);
}

static void snapshot_codec(struct codec *codec, struct snapshot *snapshot)
{
	struct codec irq;

	codec_enum(codec, "source", source_words, snapshot->source);
	codec_enum(codec, "trigger", trigger_words, snapshot->trigger);
	if (codec_known(codec, "boot_ns", &snapshot->time_known)) {
		codec_u64(codec, "sequence", &snapshot->sequence);
		codec_u64(codec, "boot_ns", &snapshot->boot_ns);
		codec_u64(codec, "log_ns", &snapshot->log_ns);
	}
	codec_text(codec, "driver", &snapshot->driver);
	codec_bool(codec, "gone", &snapshot->gone);
	codec_bool(codec, "truncated", &snapshot->truncated);
	codec_bytes(codec, "config", snapshot->config, CONFIG_SPACE_MAX,
		    &snapshot->config_length);
	irq = codec_object(codec, "irq");
	irq_codec(&irq, &snapshot->irq);
	bars_codec(codec, snapshot->bars);
	capability_text_codec(codec, &snapshot->text);
	state_codec(codec, snapshot);
	codec_text(codec, "iommu_group", &snapshot->iommu_group);
	codec_text(codec, "iommu_domain", &snapshot->iommu_domain);
	codec_text(codec, "irq_users", &snapshot->irq_users);
	codec_each(codec, "parents", &snapshot->parents, item, bridge)
		bridge_codec(item, bridge);
	if (snapshot->source == SNAPSHOT_MODULE) {
		struct codec deep = codec_object(codec, "deep");

		deep_codec(&deep, snapshot);
	}
}

static void function_codec(struct codec *codec, struct function *function)
{
	address_codec(codec, &function->address);
	if (codec_known(codec, "vendor", &function->ids_known)) {
		codec_digits(codec, "vendor", 4, function->vendor);
		codec_digits(codec, "device", 4, function->device);
	}
	if (codec_known(codec, "subsystem_vendor", &function->subsystem_known)) {
		codec_digits(codec, "subsystem_vendor", 4, function->subsystem_vendor);
		codec_digits(codec, "subsystem_device", 4, function->subsystem_device);
	}
	if (codec_known(codec, "class", &function->class_known))
		codec_digits(codec, "class", 6, function->class);
	codec_digits(codec, "revision", 2, function->revision);
	codec_text(codec, "name", &function->name);
	codec_each(codec, "snapshots", &function->snapshots, item, snapshot)
		snapshot_codec(item, snapshot);
	codec_each(codec, "irq_tests", &function->irq_tests, item, test)
		irq_test_codec(item, test);
}

static void signature_codec(struct codec *codec, struct cpuid_signature *signature)
{
	char *text = codec->writing ? xstrdup(signature->text) : NULL;

	codec_digits(codec, "leaf", 8, signature->leaf);
	codec_text(codec, "signature", &text);
	if (text)
		strncpy(signature->text, text, sizeof(signature->text) - 1);
	free(text);
}

static void range_codec(struct codec *codec, struct address_range *range)
{
	codec_enum(codec, "kind", range_words, range->kind);
	codec_address(codec, "start", &range->start);
	codec_address(codec, "size", &range->size);
}

static void taken_codec(struct codec *codec, struct taken_range *taken)
{
	codec_address(codec, "start", &taken->start);
	codec_address(codec, "size", &taken->size);
	codec_address(codec, "flags", &taken->flags);
	codec_bool(codec, "window", &taken->window);
}

static void neighbour_codec(struct codec *codec, struct neighbour *neighbour)
{
	address_codec(codec, &neighbour->address);
	codec_digits(codec, "class", 6, neighbour->class);
	if (codec_known(codec, "parent", &neighbour->parent_known))
		place_codec(codec, "parent", &neighbour->parent);
	codec_each(codec, "taken", &neighbour->taken, item, taken)
		taken_codec(item, taken);
}

static void space_codec(struct codec *codec, struct address_space *space)
{
	bool bits_known = space->bits > 0;

	if (codec_known(codec, "address_bits", &bits_known))
		codec_number(codec, "address_bits", space->bits);
	codec_bool(codec, "hidden", &space->hidden);
	if (codec_known(codec, "pci_mmio64_mib", &space->mmio64_known))
		codec_u64(codec, "pci_mmio64_mib", &space->mmio64_mib);
	codec_each(codec, "ranges", &space->ranges, item, range)
		range_codec(item, range);
	codec_each(codec, "neighbours", &space->neighbours, item, neighbour)
		neighbour_codec(item, neighbour);
}

static void pci_id_codec(struct codec *codec, struct pci_id *id)
{
	codec_digits(codec, "vendor", 4, id->vendor);
	codec_digits(codec, "device", 4, id->device);
}

static void machine_codec(struct codec *codec, struct machine *machine)
{
	struct codec space;

	codec_text(codec, "collected", &machine->collected);
	codec_text(codec, "kernel", &machine->kernel_release);
	codec_text(codec, "command_line", &machine->command_line);
	codec_text(codec, "dmi_vendor", &machine->dmi_vendor);
	codec_text(codec, "dmi_product", &machine->dmi_product);
	codec_text(codec, "dmi_bios_vendor", &machine->dmi_bios_vendor);
	codec_text(codec, "dmi_bios_version", &machine->dmi_bios_version);
	codec_text(codec, "cloud_tag", &machine->cloud_tag);
	codec_text(codec, "acpi_oem_id", &machine->acpi_oem_id);
	if (!codec->writing || machine->pci_ids.count)
		codec_each(codec, "pci_ids", &machine->pci_ids, item, id)
			pci_id_codec(item, id);
	codec_enum(codec, "efi", answer_words, machine->efi);
	space = codec_object(codec, "address_space");
	space_codec(&space, &machine->space);
	codec_bool(codec, "pci_looked", &machine->pci_looked);
	codec_bool(codec, "cpuid_looked", &machine->cpuid_looked);
	codec_text(codec, "lockdown", &machine->lockdown);
	codec_enum(codec, "secure_boot", answer_words, machine->secure_boot);
	codec_enum(codec, "signatures_enforced", answer_words, machine->signatures_enforced);
	codec_each(codec, "cpuid", &machine->cpuid, item, signature)
		signature_codec(item, signature);
}

static void driver_codec(struct codec *codec, struct driver_module *module)
{
	codec_text(codec, "name", &module->name);
	codec_text(codec, "version", &module->version);
	codec_text(codec, "license", &module->license);
	codec_bool(codec, "loaded", &module->loaded);
	codec_bool(codec, "installed", &module->installed);
	codec_text(codec, "file", &module->file);
	codec_text(codec, "file_version", &module->file_version);
	codec_text(codec, "vermagic", &module->vermagic);
	codec_text(codec, "signer", &module->signer);
	codec_enum(codec, "signer_known", answer_words, module->signer_known);
	if (!module->name)
		module->name = xstrdup("");
}

static void setting_codec(struct codec *codec, struct module_setting *setting)
{
	codec_text(codec, "kind", &setting->kind);
	codec_text(codec, "module", &setting->module);
	codec_text(codec, "value", &setting->value);
	if (!setting->kind)
		setting->kind = xstrdup("");
	if (!setting->module)
		setting->module = xstrdup("");
}

static void firmware_codec(struct codec *codec, char **file)
{
	codec_text(codec, "file", file);
	if (!*file)
		*file = xstrdup("");
}

static void modules_codec(struct codec *codec, struct gpuprobe_case *c)
{
	codec_bool(codec, "modules_looked", &c->modules_looked);
	codec_each(codec, "modules", &c->modules, item, driver)
		driver_codec(item, driver);
	codec_each(codec, "module_settings", &c->module_settings, item, setting)
		setting_codec(item, setting);
	codec_bool(codec, "firmware_looked", &c->firmware_looked);
	codec_each(codec, "firmware", &c->firmware, item, file)
		firmware_codec(item, file);
}

static void line_codec(struct codec *codec, struct log_line *line)
{
	int64_t boot = line->boot;

	codec_number(codec, "number", line->number);
	if (!codec->writing || boot)
		codec_i64(codec, "boot", &boot);
	line->boot = boot;
	if (!codec->writing || line->attempt)
		codec_number(codec, "attempt", line->attempt);
	if (codec_known(codec, "time_us", &line->time_known))
		codec_u64(codec, "time_us", &line->time_us);
	codec_text(codec, "stamp", &line->stamp);
	codec_text(codec, "text", &line->text);
	if (!line->text)
		line->text = xstrdup("");
}

static void blind_spot_codec(struct codec *codec, struct blind_spot *spot)
{
	codec_text(codec, "what", &spot->what);
	codec_text(codec, "why", &spot->why);
	codec_text(codec, "remedy", &spot->remedy);
	if (!spot->what)
		spot->what = xstrdup("");
	if (!spot->why)
		spot->why = xstrdup("");
}

static void redaction_codec(struct codec *codec, struct gpuprobe_case *c)
{
	struct codec inner;

	if (!codec_known(codec, "redaction", &c->is_redacted))
		return;
	inner = codec_object(codec, "redaction");
	for (size_t i = 0; i < PSEUDONYM_KINDS; i++)
		codec_number(&inner, pseudonym_words[i], c->redacted[i]);
}

static void case_codec(struct codec *codec, struct gpuprobe_case *c)
{
	struct codec machine = codec_object(codec, "machine"), log, module;
	int64_t boot = c->boot;

	machine_codec(&machine, &c->machine);
	codec_each(codec, "functions", &c->functions, item, function)
		function_codec(item, function);
	modules_codec(codec, c);
	log = codec_object(codec, "log");
	codec_bool(&log, "looked", &c->log_looked);
	codec_number(&log, "lines_read", c->log_lines_read);
	if (!codec->writing || boot)
		codec_i64(&log, "boot", &boot);
	c->boot = boot;
	codec_each(&log, "lines", &c->log, item, line)
		line_codec(item, line);
	module = codec_object(codec, "gpuprobe_module");
	codec_bool(&module, "present", &c->gpuprobe_module);
	codec_text(&module, "version", &c->gpuprobe_module_version);
	codec_u64(&module, "records_dropped", &c->records_dropped);
	codec_each(codec, "blind_spots", &c->blind_spots, item, spot)
		blind_spot_codec(item, spot);
	redaction_codec(codec, c);
}

struct json_object *case_to_json(const struct gpuprobe_case *c)
{
	const char *wrong = NULL;
	struct codec codec = {
		.writing = true, .object = json_object_new_object(), .wrong = &wrong,
	};

	/* Writing changes nothing; the codec is for both directions and takes no const. */
	case_codec(&codec, (struct gpuprobe_case *)c);
	return codec.object;
}

void case_each_text(struct gpuprobe_case *c, codec_text_fn each, void *ctx)
{
	const char *wrong = NULL;
	struct codec codec = {
		.writing = true, .object = json_object_new_object(), .wrong = &wrong,
		.each_text = each, .ctx = ctx,
	};

	/* The codec is what knows all texts; what it writes on the way is not wanted. */
	case_codec(&codec, c);
	json_object_put(codec.object);
}

/* "gpuprobe-report/1" */
static int check_schema(struct json_object *root, char **problem)
{
	struct json_object *schema;
	unsigned int version;

	if (!json_object_object_get_ex(root, "schema", &schema) ||
	    !json_object_is_type(schema, json_type_string) ||
	    sscanf(json_object_get_string(schema), REPORT_SCHEMA_NAME "/%u", &version) != 1) {
		*problem = xstrdup("this JSON is not a gpuprobe report");
		return -EPROTO;
	}
	if (version <= REPORT_SCHEMA_VERSION)
		return 0;
	*problem = xasprintf("the report has schema %u, this gpuprobe reads up to %u; upgrade it",
			     version, REPORT_SCHEMA_VERSION);
	return -EPROTONOSUPPORT;
}

static int take_root(struct gpuprobe_case *c, struct json_object *root, char **problem)
{
	const char *wrong = NULL;
	struct codec codec = { .wrong = &wrong };
	char *vendor, *product;
	int error = check_schema(root, problem);

	if (error)
		return error;
	if (!json_object_object_get_ex(root, "case", &codec.object) ||
	    !json_object_is_type(codec.object, json_type_object)) {
		*problem = xstrdup("the report has no case");
		return -EPROTO;
	}
	vendor = xstrdup(c->machine.dmi_vendor);
	product = xstrdup(c->machine.dmi_product);
	case_codec(&codec, c);
	case_compare(c, _("the machine's maker"), vendor, c->machine.dmi_vendor);
	case_compare(c, _("the machine's product"), product, c->machine.dmi_product);
	free(vendor);
	free(product);
	case_merge_functions(c);
	if (!wrong)
		return 0;
	*problem = xasprintf("the report's case is damaged at \"%s\"", wrong);
	return -EPROTO;
}

static char *json_error(enum json_tokener_error error)
{
	if (error == json_tokener_continue)
		return xstrdup("the JSON is cut short");
	if (error == json_tokener_success)
		return xstrdup("this JSON is not a gpuprobe report");
	return xasprintf("broken JSON: %s", json_tokener_error_desc(error));
}

int case_from_json(struct gpuprobe_case *c, const char *text, size_t length, char **problem)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct json_object *root;
	int error = -EPROTO;

	json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, text, length);
	if (json_object_is_type(root, json_type_object))
		error = take_root(c, root, problem);
	else
		*problem = json_error(json_tokener_get_error(tokener));
	json_object_put(root);
	json_tokener_free(tokener);
	return error;
}
