// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as JSON: verdict, findings in rank order, forecast, and the case itself. */
#include "render/privacy.h"
#include "render/renderer.h"

#include <errno.h>

#include "case/case_json.h"
#include "lib/printable.h"
#include "version.h"

static const char *const confidence_words[] = { "certain", "likely", "possible" };

static void list_text(struct json_object *list, const char *text)
{
	char *valid = valid_utf8(text);

	json_object_array_add(list, json_object_new_string(valid));
	free(valid);
}

static struct json_object *text_array(char *const *texts, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		list_text(list, texts[i]);
	return list;
}

static void add_place(struct json_object *object, const struct function *function)
{
	char place[PCI_ADDRESS_TEXT];

	if (function)
		json_add_text(object, "device", pci_address_print(&function->address, place));
}

/* A line of the log with its index in case.log.lines, so that it can be looked up. */
static struct json_object *log_references(const struct gpuprobe_case *c, const size_t *lines,
					  size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_new_object();

		json_object_object_add(entry, "line", json_object_new_int64(lines[i]));
		json_add_text(entry, "stamp", c->log.at[lines[i]].stamp);
		json_add_text(entry, "text", c->log.at[lines[i]].text);
		json_object_array_add(list, entry);
	}
	return list;
}

static struct json_object *fixes_json(const struct finding *finding)
{
	const struct rule *rule = finding->rule;
	struct json_object *fixes = json_object_new_object();

	for (size_t i = 0; i < rule->fixes.count; i++)
		json_add_text(fixes, rule->fixes.at[i].hypervisor, rule->fixes.at[i].text);
	return fixes;
}

static struct json_object *evidence_json(const struct finding *finding)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < finding->evidence.count; i++) {
		struct json_object *entry = json_object_new_object();

		json_add_text(entry, "fact", finding->evidence.at[i].fact);
		json_add_text(entry, "text", finding->evidence.at[i].text);
		json_add_text(entry, "seen", finding->evidence.at[i].seen);
		json_object_array_add(list, entry);
	}
	return list;
}

static struct json_object *finding_json(const struct gpuprobe_case *c,
					const struct knowledge *knowledge,
					const struct finding *finding)
{
	static const char *const verdict_words[] = {
		"cause", "contributing", "consequence", "harmless",
	};
	struct json_object *object = json_object_new_object();
	const struct rule *rule = finding->rule;

	json_add_text(object, "id", rule->id);
	json_add_text(object, "verdict", verdict_words[finding->verdict]);
	json_add_text(object, "follows_from", finding->follows ? finding->follows->id : NULL);
	if (rule_is_of_site(knowledge, rule))
		json_add_text(object, "site_file", rule->place.file);
	json_add_text(object, "confidence", confidence_words[finding->confidence]);
	json_add_text(object, "confidence_because", finding->because);
	add_place(object, finding->function);
	json_add_text(object, "title", finding->title);
	json_add_text(object, "explanation", finding->explanation);
	json_add_text(object, "fault", rule->fault);
	json_add_text(object, "fault_because", finding->fault_because);
	json_add_text(object, "fix", finding->fix ? finding->fix->text : NULL);
	json_object_object_add(object, "fixes", fixes_json(finding));
	json_object_object_add(object, "not_helpful",
			       text_array(rule->not_helpful.at, rule->not_helpful.count));
	json_add_text(object, "would_tell", finding->would_tell);
	json_object_object_add(object, "evidence", evidence_json(finding));
	json_object_object_add(object, "lines", log_references(c, finding->lines.at,
							       finding->lines.count));
	json_object_object_add(object, "sources",
			       text_array(rule->sources.at, rule->sources.count));
	return object;
}

static struct json_object *gate_json(const struct function *function,
				     const struct gate_forecast *gate)
{
	static const char *const results[] = { "passes", "fails", "cannot-tell" };
	static const char *const logs[] = {
		[LOG_SILENT] = "silent", [LOG_AGREES] = "agrees", [LOG_DISAGREES] = "disagrees",
		[LOG_FAILED] = "failed", [LOG_PASSED] = "passed",
	};
	struct json_object *object = json_object_new_object();

	add_place(object, function);
	json_add_text(object, "gate", gate->gate->id);
	json_add_text(object, "title", gate->gate->title);
	json_add_text(object, "moment", gate->gate->moment_text);
	json_add_text(object, "result", results[gate->result]);
	json_add_text(object, "because", gate->because);
	if (gate->result != GATE_CANNOT_TELL)
		json_add_text(object, "confidence", confidence_words[gate->confidence]);
	json_add_text(object, "confidence_because", gate->doubt);
	json_add_text(object, "message", gate->message);
	json_add_text(object, "log", logs[gate->log]);
	return object;
}

static struct json_object *forecast_json(const struct diagnosis *diagnosis)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < diagnosis->gpus.count; i++)
		for (size_t j = 0; j < diagnosis->gpus.at[i].gates.count; j++)
			json_object_array_add(list, gate_json(diagnosis->gpus.at[i].function,
							      &diagnosis->gpus.at[i].gates.at[j]));
	return list;
}

static void add_flavour(struct json_object *object, enum answer open)
{
	if (open != NOT_KNOWN)
		json_add_text(object, "flavour", open == YES ? "open" : "proprietary");
}

static struct json_object *release_json(const struct release_forecast *release)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "branch", json_object_new_int64(release->branch));
	add_flavour(object, release->open);
	json_add_text(object, "fails", release->fails ? release->fails->id : NULL);
	return object;
}

/* Where no driver is installed: how far each release would come, and the one assumed. */
static void add_advice(struct json_object *object, const struct driver_advice *advice)
{
	struct json_object *assumed, *list;

	if (!advice->releases.count)
		return;
	list = json_object_new_array();
	for (size_t i = 0; i < advice->releases.count; i++)
		json_object_array_add(list, release_json(&advice->releases.at[i]));
	json_object_object_add(object, "releases", list);
	if (!advice->assumed)
		return;
	assumed = json_object_new_object();
	json_object_object_add(assumed, "branch", json_object_new_int64(advice->branch));
	add_flavour(assumed, advice->open);
	json_object_object_add(object, "assumed_release", assumed);
}

static struct json_object *gpu_json(const struct gpu_diagnosis *gpu)
{
	struct json_object *object = json_object_new_object();
	struct json_object *facts = json_object_new_object();

	add_place(object, gpu->function);
	for (size_t i = 0; i < gpu->facts.count; i++)
		json_add_text(facts, gpu->facts.at[i].name, gpu->facts.at[i].value);
	json_object_object_add(object, "facts", facts);
	add_advice(object, &gpu->advice);
	return object;
}

static struct json_object *gpus_json(const struct diagnosis *diagnosis)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < diagnosis->gpus.count; i++)
		json_object_array_add(list, gpu_json(&diagnosis->gpus.at[i]));
	return list;
}

static struct json_object *platform_json(const struct diagnosis *diagnosis)
{
	const struct platform *platform = &diagnosis->platform;
	struct json_object *object = json_object_new_object();

	json_add_text(object, "hypervisor", platform->hypervisor ? platform->hypervisor->id : NULL);
	json_add_text(object, "because", platform->because);
	json_add_text(object, "contradiction", platform->contradiction);
	return object;
}

static struct json_object *driver_json(const struct diagnosis *diagnosis)
{
	const struct nvidia_driver *driver = &diagnosis->driver;
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "ran", json_object_new_boolean(driver->ran));
	json_add_text(object, "version", driver->version);
	add_flavour(object, driver->open);
	return object;
}

static struct json_object *site_rules_json(const struct knowledge *knowledge)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < knowledge->site_files.count; i++)
		list_text(list, knowledge->site_files.at[i].path);
	return list;
}

static const char *const case_verdict_words[] = {
	[CASE_HEALTHY] = "healthy", [CASE_FAULT] = "fault", [CASE_UNKNOWN] = "unknown",
};

static struct json_object *boots_json(const struct diagnosis *diagnosis)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < diagnosis->boots.count; i++) {
		const struct boot_summary *boot = &diagnosis->boots.at[i];
		struct json_object *entry = json_object_new_object();

		json_object_object_add(entry, "boot", json_object_new_int(boot->boot));
		json_add_text(entry, "verdict", case_verdict_words[boot->verdict]);
		json_add_text(entry, "finding", boot->rule ? boot->rule->id : NULL);
		json_add_text(entry, "title", boot->title);
		json_object_array_add(list, entry);
	}
	return list;
}

static struct json_object *report_object(const struct gpuprobe_case *c,
					 const struct diagnosis *diagnosis)
{
	struct json_object *root = json_object_new_object();
	struct json_object *findings = json_object_new_array();
	char schema[32];

	snprintf(schema, sizeof(schema), "%s/%d", REPORT_SCHEMA_NAME, REPORT_SCHEMA_VERSION);
	json_add_text(root, "schema", schema);
	json_add_text(root, "gpuprobe", GPUPROBE_VERSION);
	json_add_text(root, "verdict", case_verdict_words[diagnosis->verdict]);
	for (size_t i = 0; i < diagnosis->findings.count; i++)
		json_object_array_add(findings, finding_json(c, diagnosis->knowledge, &diagnosis->findings.at[i]));
	json_object_object_add(root, "findings", findings);
	json_object_object_add(root, "unexplained",
			       log_references(c, diagnosis->unexplained.at,
					      diagnosis->unexplained.count));
	json_object_object_add(root, "unknown_lines",
			       log_references(c, diagnosis->unknown_lines,
					      diagnosis->unknown_count));
	json_object_object_add(root, "cannot_tell",
			       text_array(diagnosis->cannot_tell.at,
					  diagnosis->cannot_tell.count));
	json_object_object_add(root, "gpus", gpus_json(diagnosis));
	if (diagnosis->boots.count)
		json_object_object_add(root, "boots", boots_json(diagnosis));
	json_object_object_add(root, "forecast", forecast_json(diagnosis));
	json_object_object_add(root, "platform", platform_json(diagnosis));
	json_object_object_add(root, "driver", driver_json(diagnosis));
	if (diagnosis->knowledge->site_files.count)
		json_object_object_add(root, "site_rules", site_rules_json(diagnosis->knowledge));
	json_object_object_add(root, "privacy", privacy_json(c, diagnosis->knowledge));
	json_object_object_add(root, "case", case_to_json(c));
	return root;
}

int report_json(FILE *out, const struct gpuprobe_case *c, const struct diagnosis *diagnosis)
{
	struct json_object *root = report_object(c, diagnosis);
	const char *text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE);
	int error = !text ? -ENOMEM :
		    fputs(text, out) == EOF || fputc('\n', out) == EOF ? -EIO : 0;

	json_object_put(root);
	return error;
}
