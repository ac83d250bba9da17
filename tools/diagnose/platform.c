// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who the hypervisor is. The tables that firmware leaves (ACPI, DMI) name a
 * product; the CPUID signature often names only the engine below it (KVM is
 * below QEMU, cloud-hypervisor, Proxmox, ...). All of them can be edited by the
 * host, so a contradiction is reported, not resolved in silence.
 */
#include "diagnose/view.h"

static bool list_has(const struct text_list *list, const char *text)
{
	for (size_t i = 0; text && i < list->count; i++)
		if (!strncmp(text, list->at[i], strlen(list->at[i])))
			return true;
	return false;
}

static const char *signature_of(const struct gpuprobe_case *c, const struct hypervisor *hv)
{
	for (size_t i = 0; i < c->machine.cpuid.count; i++)
		if (list_has(&hv->cpuid, c->machine.cpuid.at[i].text))
			return c->machine.cpuid.at[i].text;
	return NULL;
}

/* What of the firmware's tables names this hypervisor, or NULL. */
static char *tables_name(const struct machine *machine, const struct hypervisor *hv)
{
	if (list_has(&hv->acpi, machine->acpi_oem_id))
		return xasprintf("ACPI OEM id \"%s\"", machine->acpi_oem_id);
	if (hv->dmi_vendor.count && !list_has(&hv->dmi_vendor, machine->dmi_vendor))
		return NULL;
	if (list_has(&hv->dmi_product, machine->dmi_product))
		return xasprintf("DMI product \"%s\"", machine->dmi_product);
	if (list_has(&hv->dmi_bios, machine->dmi_bios_vendor))
		return xasprintf("DMI BIOS vendor \"%s\"", machine->dmi_bios_vendor);
	if (hv->dmi_vendor.count && !hv->dmi_product.count)
		return xasprintf("DMI vendor \"%s\"", machine->dmi_vendor);
	return NULL;
}

static void choose(struct platform *platform, const struct hypervisor *hv, char *because)
{
	free(platform->because);
	platform->hypervisor = hv;
	platform->virtual = true;
	platform->because = because;
}

/* By tables; the first in the file wins, so the special stand before the general. */
static void choose_by_tables(const struct gpuprobe_case *c, const struct knowledge *knowledge,
			     struct platform *platform)
{
	for (size_t i = 0; !platform->hypervisor && i < knowledge->hypervisors.count; i++) {
		const struct hypervisor *hv = &knowledge->hypervisors.at[i];
		char *because = tables_name(&c->machine, hv);

		if (because)
			choose(platform, hv, because);
	}
}

static void choose_by_signature(const struct gpuprobe_case *c,
				const struct knowledge *knowledge, struct platform *platform)
{
	for (size_t i = 0; !platform->hypervisor && i < knowledge->hypervisors.count; i++) {
		const struct hypervisor *hv = &knowledge->hypervisors.at[i];
		const char *signature = signature_of(c, hv);

		/* Products share an engine's signature; alone it names only the engine. */
		if (signature && !hv->like)
			choose(platform, hv, xasprintf("CPUID signature \"%s\"", signature));
	}
}

static void look_for_contradiction(const struct gpuprobe_case *c, struct platform *platform)
{
	const struct machine *machine = &c->machine;

	if (!platform->hypervisor || !machine->cpuid_looked)
		return;
	if (machine->cpuid.count && !signature_of(c, platform->hypervisor))
		platform->contradiction =
			xasprintf("the CPUID signature is \"%s\", which is not what %s shows",
				  machine->cpuid.at[0].text, platform->hypervisor->name);
	else if (!machine->cpuid.count && platform->hypervisor->cpuid.count)
		platform->contradiction =
			xasprintf("CPUID shows no hypervisor signature, although %s has one",
				  platform->hypervisor->name);
}

void platform_identify(const struct gpuprobe_case *c, const struct knowledge *knowledge,
		       struct platform *platform)
{
	memset(platform, 0, sizeof(*platform));
	choose_by_tables(c, knowledge, platform);
	choose_by_signature(c, knowledge, platform);
	if (!platform->hypervisor && c->machine.cpuid.count) {
		platform->virtual = true;
		platform->because = xasprintf("unknown CPUID signature \"%s\"",
					      c->machine.cpuid.at[0].text);
	}
	look_for_contradiction(c, platform);
}

void platform_clear(struct platform *platform)
{
	free(platform->because);
	free(platform->contradiction);
}
