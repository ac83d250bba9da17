// SPDX-License-Identifier: GPL-2.0-or-later
#include "knowledge/knowledge.h"

#define HV_FIELD(key, kind, required) { #key, kind, offsetof(struct hypervisor, key), required }

static const struct field hypervisor_fields[] = {
	HV_FIELD(id,		FIELD_TEXT,	true),
	HV_FIELD(name,		FIELD_TEXT,	true),
	HV_FIELD(like,		FIELD_TEXT,	false),
	HV_FIELD(cpuid,		FIELD_TEXTS,	false),
	HV_FIELD(acpi,		FIELD_TEXTS,	false),
	HV_FIELD(dmi_vendor,	FIELD_TEXTS,	false),
	HV_FIELD(dmi_product,	FIELD_TEXTS,	false),
	HV_FIELD(dmi_bios,	FIELD_TEXTS,	false),
	HV_FIELD(dmi_bios_version, FIELD_TEXTS,	false),
	HV_FIELD(cloud_tag,	FIELD_TEXTS,	false),
	HV_FIELD(pci,		FIELD_TEXTS,	false),
	HV_FIELD(command_line,	FIELD_TEXTS,	false),
	HV_FIELD(mark,		FIELD_TEXT,	false),
};

#define HV_FIELD_COUNT (sizeof(hypervisor_fields) / sizeof(hypervisor_fields[0]))

bool hypervisors_read(struct knowledge *knowledge, struct yamldoc *doc,
		      const struct yamlnode *list)
{
	for (size_t i = 0; i < yamlnode_count(list); i++) {
		struct hypervisor *hypervisor = array_add(&knowledge->hypervisors);
		const struct yamlnode *node = yamlnode_at(doc, list, i);

		hypervisor->place = knowledge_place(knowledge, node);
		if (!fields_read(doc, node, hypervisor_fields, HV_FIELD_COUNT, hypervisor))
			return false;
	}
	return true;
}

void hypervisors_free(struct knowledge *knowledge)
{
	for (size_t i = 0; i < knowledge->hypervisors.count; i++)
		fields_free(hypervisor_fields, HV_FIELD_COUNT, &knowledge->hypervisors.at[i]);
	array_free(&knowledge->hypervisors);
}

const struct hypervisor *knowledge_hypervisor(const struct knowledge *knowledge,
					      const char *id)
{
	for (size_t i = 0; id && i < knowledge->hypervisors.count; i++)
		if (!strcmp(knowledge->hypervisors.at[i].id, id))
			return &knowledge->hypervisors.at[i];
	return NULL;
}
