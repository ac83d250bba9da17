// SPDX-License-Identifier: GPL-2.0-or-later
/* Who the hypervisor is, by what a guest can see of it. */
#include "builder.h"
#include "diagnose/view.h"

static const struct {
	const char *what;
	const char *cpuid[3];	/* signatures of leaves 0x40000000, 0x40000100, ... */
	const char *acpi, *vendor, *product, *bios;
	const char *hypervisor;	/* expected; NULL: none */
	const char *contradiction;	/* a word of it; NULL: none */
} machines[] = {
	{ "bhyve", { "bhyve bhyve " }, "BHYVE", "FreeBSD", "BHYVE", "BHYVE", "bhyve", NULL },
	{ "bhyve by its signature", { "bhyve bhyve " }, NULL, NULL, NULL, NULL, "bhyve", NULL },
	{ "bhyve by ACPI", { NULL }, "BHYVE", NULL, NULL, NULL, "bhyve", "shows no hypervisor" },
	{ "bhyve that says KVM", { "KVMKVMKVM" }, "BHYVE", "FreeBSD", "BHYVE", "BHYVE", "bhyve",
	  "KVMKVMKVM" },
	{ "QEMU with KVM", { "KVMKVMKVM" }, "BOCHS", "QEMU", "Standard PC", "SeaBIOS", "qemu", NULL },
	{ "QEMU that hides KVM", { NULL }, "BOCHS", "QEMU", "Standard PC", "SeaBIOS", "qemu",
	  "shows no hypervisor" },
	{ "QEMU without KVM", { "TCGTCGTCGTCG" }, "BOCHS", "QEMU", NULL, NULL, "qemu", NULL },
	{ "QEMU with Hyper-V's leaves first", { "Microsoft Hv", "KVMKVMKVM" }, "BOCHS", "QEMU",
	  "Standard PC", NULL, "qemu", NULL },
	{ "Proxmox", { "KVMKVMKVM" }, "BOCHS", "QEMU", "Standard PC",
	  "Proxmox distribution of EDK II", "proxmox", NULL },
	{ "only the engine", { "KVMKVMKVM" }, NULL, NULL, NULL, NULL, "kvm", NULL },
	{ "cloud-hypervisor", { "KVMKVMKVM" }, "CLOUDH", "Cloud Hypervisor", "cloud-hypervisor", NULL,
	  "cloud-hypervisor", NULL },
	{ "Hyper-V", { "Microsoft Hv" }, "VRTUAL", "Microsoft Corporation", "Virtual Machine",
	  "American Megatrends Inc.", "hyperv", NULL },
	{ "Hyper-V by its signature", { "Microsoft Hv" }, NULL, NULL, NULL, NULL, "hyperv", NULL },
	{ "a PC of Microsoft", { NULL }, NULL, "Microsoft Corporation", "Surface Book 3", NULL, NULL,
	  NULL },
	{ "VMware", { "VMwareVMware" }, "PTLTD ", "VMware, Inc.", "VMware Virtual Platform", NULL,
	  "vmware", NULL },
	{ "Xen", { "XenVMMXenVMM" }, "Xen", "Xen", "HVM domU", NULL, "xen", NULL },
	{ "EC2", { "KVMKVMKVM" }, "AMAZON", "Amazon EC2", "g4dn.xlarge", NULL, "ec2", NULL },
	{ "GCE", { "KVMKVMKVM" }, "Google", "Google", "Google Compute Engine", NULL, "gce", NULL },
	{ "KubeVirt", { "KVMKVMKVM" }, "BOCHS", "KubeVirt", "None", "SeaBIOS", "kubevirt", NULL },
	{ "OpenStack", { "KVMKVMKVM" }, "BOCHS", "OpenStack Foundation", "OpenStack Nova", NULL, "openstack", NULL },
	{ "Nutanix", { "Microsoft Hv", "KVMKVMKVM" }, NULL, "Nutanix", "AHV", NULL, "nutanix", NULL },
	{ "Alibaba", { "KVMKVMKVM" }, NULL, "Alibaba Cloud", "Alibaba Cloud ECS", NULL, "alibaba", NULL },
	{ "another cloud", { "KVMKVMKVM" }, NULL, "DigitalOcean", "Droplet", NULL, "cloud", NULL },
	{ "VirtualBox", { "VBoxVBoxVBox" }, "VBOX", "innotek GmbH", "VirtualBox", NULL, "virtualbox", NULL },
	{ "Parallels", { " lrpepyh  vr" }, NULL, "Parallels Software International", "Parallels Virtual Platform", NULL, "parallels", NULL },
	{ "a PC", { NULL }, "ALASKA", "Dell Inc.", "Precision", "Dell Inc.", NULL, NULL },
	{ "an unknown hypervisor", { "Mystery VMM " }, NULL, NULL, NULL, NULL, NULL, NULL },
};

static struct gpuprobe_case *c;

static void setup(void)
{
	unit_knowledge();
	c = case_create();
}

static void teardown(void)
{
	case_destroy(c);
}

START_TEST(machines_are_identified)
{
	struct platform platform;

	for (int i = 0; i < 3 && machines[_i].cpuid[i]; i++) {
		struct cpuid_signature *signature = array_add(&c->machine.cpuid);

		signature->leaf = 0x40000000 + i * 0x100;
		strcpy(signature->text, machines[_i].cpuid[i]);
	}
	c->machine.cpuid_looked = true;
	c->machine.acpi_oem_id = xstrdup(machines[_i].acpi);
	c->machine.dmi_vendor = xstrdup(machines[_i].vendor);
	c->machine.dmi_product = xstrdup(machines[_i].product);
	c->machine.dmi_bios_vendor = xstrdup(machines[_i].bios);
	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_msg(!platform.hypervisor == !machines[_i].hypervisor &&
		      (!platform.hypervisor ||
		       !strcmp(platform.hypervisor->id, machines[_i].hypervisor)),
		      "%s: taken for %s", machines[_i].what,
		      platform.hypervisor ? platform.hypervisor->id : "none");
	ck_assert_msg(!platform.contradiction == !machines[_i].contradiction &&
		      (!platform.contradiction ||
		       strstr(platform.contradiction, machines[_i].contradiction)),
		      "%s: %s", machines[_i].what, platform.contradiction);
	ck_assert_int_eq(platform.virtual, machines[_i].hypervisor || machines[_i].cpuid[0]);
	ck_assert_int_eq(platform.because != NULL, platform.virtual);
	platform_clear(&platform);
}
END_TEST

/* Nobody looked at CPUID, as with a log from elsewhere: that is no contradiction. */
START_TEST(not_looked_is_no_contradiction)
{
	struct platform platform;

	c->machine.acpi_oem_id = xstrdup("BHYVE");
	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_str_eq(platform.hypervisor->id, "bhyve");
	ck_assert_ptr_null(platform.contradiction);
	platform_clear(&platform);
}
END_TEST

/* What a log says of the machine, and what then names it. */
static const struct {
	const char *log;
	const char *hypervisor, *engine, *because;
} logs[] = {
	{ "Hypervisor detected: Bhyve\n", "bhyve", "bhyve", "CPUID" },
	{ "DMI: FreeBSD BHYVE/BHYVE, BIOS 14.0 10/17/2021\n", "bhyve", "bhyve", "DMI product" },
	{ "ACPI: RSDP 0x00000000000F2400 000024 (v02 BHYVE )\n", "bhyve", "bhyve", "ACPI" },
	{ "pci 0000:00:02.0: [fb5d:40fb] type 00 class 0x030000\n", "bhyve", "bhyve", "PCI device fb5d:40fb" },
	{ "DMI: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.3 04/01/2014\n", "qemu", "kvm", "DMI vendor" },
	{ "DMI: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 4.2023.08-4 02/15/2024\n", "proxmox", "kvm", "BIOS version" },
	{ "DMI: OpenStack Foundation OpenStack Nova, BIOS 1.13.0 04/01/2014\n", "openstack", "kvm", "DMI product" },
	{ "DMI: Microsoft Corporation Virtual Machine/Virtual Machine, BIOS Hyper-V UEFI\n", "hyperv", "hyperv", "DMI product" },
	{ "DMI: Microsoft Corporation Surface Book 3/Surface Book 3, BIOS 13.101\n", NULL, NULL, NULL },
	{ "hv_pci 2a1d3c44-8f00-4b5a-b2e2-e1f0a2b3c4d5: PCI VMBus probing\n", "hyperv", "hyperv", "CPUID" },
	{ "systemd[1]: Detected virtualization xen.\n", "xen", "xen", "CPUID" },
	{ "systemd[1]: Detected virtualization none.\n", NULL, NULL, NULL },
	{ "pci 0000:00:0f.0: [15ad:0405] type 00 class 0x030000\n", "vmware", "vmware", "PCI device 15ad:0405" },
	{ "Hardware name: VMware, Inc. VMware20,1/440BX Desktop Reference Platform, BIOS VMW201\n", "vmware", "vmware", "DMI" },
	{ "pci 0000:00:02.0: [8086:9bc5] type 00 class 0x030000\n", NULL, NULL, NULL },
};

START_TEST(logs_name_the_hypervisor)
{
	struct platform platform;

	given_log(c, logs[_i].log);
	events_add_functions(c, unit_knowledge());
	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_msg(!platform.hypervisor == !logs[_i].hypervisor &&
		      (!platform.hypervisor || !strcmp(platform.hypervisor->id, logs[_i].hypervisor)),
		      "%s: taken for %s", logs[_i].log,
		      platform.hypervisor ? platform.hypervisor->id : "none");
	ck_assert_msg(!platform.engine == !logs[_i].engine &&
		      (!platform.engine || !strcmp(platform.engine->id, logs[_i].engine)),
		      "%s: engine %s", logs[_i].log, platform.engine ? platform.engine->id : "none");
	if (logs[_i].because)
		ck_assert_msg(strstr(platform.because, logs[_i].because), "%s", platform.because);
	platform_clear(&platform);
}
END_TEST

/* virtio says that it is a VM, not whose. */
START_TEST(virtio_is_of_a_vm)
{
	struct platform platform;

	case_add_pci_id(c, 0x1af4, 0x1041);
	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_ptr_null(platform.hypervisor);
	ck_assert(platform.virtual);
	platform_clear(&platform);
}
END_TEST

START_TEST(layers_are_found_above_their_hypervisor)
{
	struct platform platform;

	c->machine.acpi_oem_id = xstrdup("CLOUDH");
	c->machine.command_line = xstrdup("root=/dev/pmem0p1 systemd.unit=kata-containers.target quiet");
	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_str_eq(platform.hypervisor->id, "kata");
	platform_clear(&platform);
}
END_TEST

START_TEST(azure_by_its_tag)
{
	struct platform platform;

	c->machine.dmi_vendor = xstrdup("Microsoft Corporation");
	c->machine.dmi_product = xstrdup("Virtual Machine");
	c->machine.cloud_tag = xstrdup("7783-7084-3265-9085-8269-3286-77");
	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_str_eq(platform.hypervisor->id, "azure");
	ck_assert_str_eq(platform.engine->id, "hyperv");
	platform_clear(&platform);
}
END_TEST

START_TEST(nothing_known)
{
	struct platform platform;

	platform_identify(c, unit_knowledge(), &platform);
	ck_assert_ptr_null(platform.hypervisor);
	ck_assert(!platform.virtual);
	ck_assert_ptr_null(platform.because);
	platform_clear(&platform);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("platform");
	TCase *tcase = unit_case(suite, "platform");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, machines_are_identified, 0, COUNT(machines));
	tcase_add_test(tcase, not_looked_is_no_contradiction);
	tcase_add_loop_test(tcase, logs_name_the_hypervisor, 0, COUNT(logs));
	tcase_add_test(tcase, virtio_is_of_a_vm);
	tcase_add_test(tcase, layers_are_found_above_their_hypervisor);
	tcase_add_test(tcase, azure_by_its_tag);
	tcase_add_test(tcase, nothing_known);
	return unit_run(suite);
}
