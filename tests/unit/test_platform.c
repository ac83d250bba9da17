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
	tcase_add_test(tcase, nothing_known);
	return unit_run(suite);
}
