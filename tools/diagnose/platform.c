// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who the hypervisor is. The tables that firmware leaves (ACPI, DMI) name a
 * product; the CPUID signature often names only the engine below it (KVM is
 * below QEMU, cloud-hypervisor, Proxmox, ...). All of them can be edited by the
 * host, so a contradiction is reported, not resolved in silence.
 */
#include <stdio.h>

#include "diagnose/view.h"
#include "lib/i18n.h"

#define PCI_VENDOR_VIRTIO 0x1af4

static const char *signature_of(const struct gpuprobe_case *c, const struct hypervisor *hv)
{
	for (size_t i = 0; i < c->machine.cpuid.count; i++)
		if (text_list_has(&hv->cpuid, c->machine.cpuid.at[i].text))
			return c->machine.cpuid.at[i].text;
	return NULL;
}

/* A log has vendor, product and board in one text: "QEMU Standard PC (Q35 + ICH9, 2009)". */
static bool names_product(const struct machine *machine, const struct text_list *products)
{
	if (machine->dmi_product)
		return text_list_has(products, machine->dmi_product);
	for (size_t i = 0; machine->dmi_vendor && i < products->count; i++)
		if (strstr(machine->dmi_vendor, products->at[i]))
			return true;
	return false;
}

/* What of the firmware's tables names this hypervisor, or NULL. */
static char *tables_name(const struct machine *machine, const struct hypervisor *hv)
{
	const char *product = machine->dmi_product ? machine->dmi_product : machine->dmi_vendor;

	if (text_list_has(&hv->cloud_tag, machine->cloud_tag))
		return xasprintf(_("DMI chassis tag \"%s\""), machine->cloud_tag);
	if (text_list_has(&hv->acpi, machine->acpi_oem_id))
		return xasprintf(_("ACPI OEM id \"%s\""), machine->acpi_oem_id);
	if (hv->dmi_vendor.count && !text_list_has(&hv->dmi_vendor, machine->dmi_vendor))
		return NULL;
	if (names_product(machine, &hv->dmi_product))
		return xasprintf(_("DMI product \"%s\""), product);
	if (text_list_has(&hv->dmi_bios, machine->dmi_bios_vendor))
		return xasprintf(_("DMI BIOS vendor \"%s\""), machine->dmi_bios_vendor);
	if (text_list_has(&hv->dmi_bios_version, machine->dmi_bios_version))
		return xasprintf(_("DMI BIOS version \"%s\""), machine->dmi_bios_version);
	if (hv->dmi_vendor.count && !hv->dmi_product.count && !hv->dmi_bios.count)
		return xasprintf(_("DMI vendor \"%s\""), machine->dmi_vendor);
	return NULL;
}

static void choose(struct platform *platform, const struct hypervisor *hv, char *because)
{
	free(platform->because);
	platform->hypervisor = hv;
	platform->virtual = true;
	platform->because = because;
	if (!hv->mark)
		return;
	platform->because = xasprintf(_("%s, a sign that is %s"), because, hv->mark);
	free(because);
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
			choose(platform, hv, xasprintf(_("CPUID signature \"%s\""), signature));
	}
}

/* "15ad:" is any device of that vendor, "1234:1111" one. */
static bool has_pci_id(const struct text_list *list, const struct pci_id *id, char text[10])
{
	snprintf(text, 10, "%04x:%04x", id->vendor, id->device);
	return text_list_has(list, text);
}

/* Devices that only a hypervisor has, where nothing else told. */
static void choose_by_pci_ids(const struct gpuprobe_case *c, const struct knowledge *knowledge,
			      struct platform *platform)
{
	char text[10];

	for (size_t i = 0; !platform->hypervisor && i < knowledge->hypervisors.count; i++) {
		const struct hypervisor *hv = &knowledge->hypervisors.at[i];

		for (size_t j = 0; !platform->hypervisor && j < c->machine.pci_ids.count; j++)
			if (has_pci_id(&hv->pci, &c->machine.pci_ids.at[j], text))
				choose(platform, hv, xasprintf(_("PCI device %s"), text));
	}
	for (size_t j = 0; !platform->virtual && j < c->machine.pci_ids.count; j++) {
		if (c->machine.pci_ids.at[j].vendor != PCI_VENDOR_VIRTIO)
			continue;
		platform->virtual = true;
		platform->because = xstrdup(_("virtio devices, which only VMs have"));
	}
}

/* A management layer that changes where things are set: Kata starts its own kernel. */
static void choose_by_command_line(const struct gpuprobe_case *c,
				   const struct knowledge *knowledge,
				   struct platform *platform)
{
	const char *line = c->machine.command_line;

	for (size_t i = 0; line && i < knowledge->hypervisors.count; i++) {
		const struct hypervisor *hv = &knowledge->hypervisors.at[i];

		for (size_t j = 0; j < hv->command_line.count; j++)
			if (strstr(line, hv->command_line.at[j]))
				choose(platform, hv, xasprintf(_("kernel command line, which has %s"),
							       hv->command_line.at[j]));
	}
}

/* Whom the CPUID signature names: what the kernel and nvidia.ko take it for. */
static void find_engine(const struct gpuprobe_case *c, const struct knowledge *knowledge,
			struct platform *platform)
{
	const struct hypervisor *hv = platform->hypervisor;
	const char *signature = c->machine.cpuid.count ? c->machine.cpuid.at[0].text :
				hv && !c->machine.cpuid_looked && hv->cpuid.count ?
				hv->cpuid.at[0] : NULL;

	for (size_t i = 0; signature && !platform->engine && i < knowledge->hypervisors.count; i++)
		if (!knowledge->hypervisors.at[i].like &&
		    text_list_has(&knowledge->hypervisors.at[i].cpuid, signature))
			platform->engine = &knowledge->hypervisors.at[i];
}

static void look_for_contradiction(const struct gpuprobe_case *c, struct platform *platform)
{
	const struct machine *machine = &c->machine;

	if (!platform->hypervisor || !machine->cpuid_looked || !platform->hypervisor->cpuid.count)
		return;
	if (machine->cpuid.count && !signature_of(c, platform->hypervisor))
		platform->contradiction =
			xasprintf(_("the CPUID signature is \"%s\", which is not what %s shows"),
				  machine->cpuid.at[0].text, platform->hypervisor->name);
	else if (!machine->cpuid.count)
		platform->contradiction =
			xasprintf(_("CPUID shows no hypervisor signature, although %s has one"),
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
		platform->because = xasprintf(_("unknown CPUID signature \"%s\""),
					      c->machine.cpuid.at[0].text);
	}
	choose_by_pci_ids(c, knowledge, platform);
	choose_by_command_line(c, knowledge, platform);
	find_engine(c, knowledge, platform);
	look_for_contradiction(c, platform);
}

void platform_clear(struct platform *platform)
{
	free(platform->because);
	free(platform->contradiction);
}
