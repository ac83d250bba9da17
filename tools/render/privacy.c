// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/privacy.h"

#include "lib/i18n.h"

/* What a pseudonym stands for, by kind. */
static const char *const kind_texts[PSEUDONYM_KINDS] = {
	[PSEUDONYM_HOST]	= N_("names of hosts and domains"),
	[PSEUDONYM_USER]	= N_("names of users"),
	[PSEUDONYM_IP]		= N_("IP addresses"),
	[PSEUDONYM_MAC]		= N_("MAC addresses"),
	[PSEUDONYM_SERIAL]	= N_("serial numbers"),
	[PSEUDONYM_UUID]	= N_("UUIDs"),
	[PSEUDONYM_DISK]	= N_("disks and their labels"),
	[PSEUDONYM_ID]		= N_("other identifiers"),
	[PSEUDONYM_SECRET]	= N_("passwords, keys and tokens"),
	[PSEUDONYM_EMAIL]	= N_("e-mail addresses and accounts"),
	[PSEUDONYM_SSID]	= N_("names of wireless networks"),
};

static bool has_kernel(const struct gpuprobe_case *c)
{
	return c->machine.kernel_release;
}

static bool has_command_line(const struct gpuprobe_case *c)
{
	return c->machine.command_line;
}

static bool has_firmware(const struct gpuprobe_case *c)
{
	return c->machine.dmi_vendor || c->machine.dmi_product || c->machine.dmi_bios_vendor ||
	       c->machine.dmi_bios_version || c->machine.acpi_oem_id;
}

static bool has_hypervisor(const struct gpuprobe_case *c)
{
	return c->machine.cpuid.count;
}

static bool has_drivers(const struct gpuprobe_case *c)
{
	return c->modules.count || c->gpuprobe_module;
}

static bool has_functions(const struct gpuprobe_case *c)
{
	return c->functions.count;
}

static bool has_log(const struct gpuprobe_case *c)
{
	return c->log.count;
}

static bool has_time(const struct gpuprobe_case *c)
{
	return c->machine.collected;
}

static const struct {
	bool (*is_there)(const struct gpuprobe_case *c);
	const char *text;
} kept[] = {
	{ has_time,		N_("the time of collection") },
	{ has_kernel,		N_("the kernel's release") },
	{ has_command_line,	N_("the kernel's command line, but for what was replaced") },
	{ has_firmware,		N_("the firmware's strings: vendor and product of the machine, BIOS, ACPI") },
	{ has_hypervisor,	N_("the hypervisor's signature") },
	{ has_drivers,		N_("GPU drivers and their versions") },
	{ has_functions,	N_("the GPUs: PCI addresses and ids, config space, memory addresses, registers") },
	{ has_log,		N_("lines of the kernel log about them, with their times, but for what was "
				   "replaced") },
};

#define KEPT_COUNT (sizeof(kept) / sizeof(kept[0]))

static void walk_replaced(struct renderer *r, const struct gpuprobe_case *c)
{
	unsigned int total = 0;

	for (size_t i = 0; i < PSEUDONYM_KINDS; i++)
		total += c->redacted[i];
	r->paragraph(r, total ? _("These have pseudonyms. One value has the same one everywhere.") :
		     _("Nothing was found that tells who or which machine this is. It would have "
		       "been replaced."));
	for (size_t i = 0; i < PSEUDONYM_KINDS; i++) {
		char *label;

		if (!c->redacted[i])
			continue;
		label = xasprintf("%s-N", pseudonym_words[i]);
		r->item(r, label, _(kind_texts[i]));
		free(label);
	}
}

/* Files of rules are named with their folder, and their findings quote them. */
static const char site_text[] = N_("the site's own rules: names of their files, and what they say of this case");

static void walk_kept(struct renderer *r, const struct gpuprobe_case *c,
		      const struct knowledge *knowledge)
{
	r->paragraph(r, _("Left in, because the diagnosis rests on it:"));
	for (size_t i = 0; i < KEPT_COUNT; i++)
		if (kept[i].is_there(c))
			r->item(r, NULL, _(kept[i].text));
	if (knowledge->site_files.count)
		r->item(r, NULL, _(site_text));
}

void privacy_walk(struct renderer *r, const struct gpuprobe_case *c,
		  const struct knowledge *knowledge)
{
	r->section(r, _("What this report tells of the machine"), FOLDED);
	if (c->is_redacted)
		walk_replaced(r, c);
	else
		r->paragraph(r, _("Nothing was replaced: names, addresses, serial numbers and secrets "
				  "stand here as they were found. Look through it before you publish it."));
	walk_kept(r, c, knowledge);
}

struct json_object *privacy_json(const struct gpuprobe_case *c,
				 const struct knowledge *knowledge)
{
	struct json_object *object = json_object_new_object();
	struct json_object *left_in = json_object_new_array();

	json_object_object_add(object, "redacted", json_object_new_boolean(c->is_redacted));
	for (size_t i = 0; i < KEPT_COUNT; i++)
		if (kept[i].is_there(c))
			json_object_array_add(left_in, json_object_new_string(kept[i].text));
	if (knowledge->site_files.count)
		json_object_array_add(left_in, json_object_new_string(site_text));
	json_object_object_add(object, "left_in", left_in);
	return object;
}
