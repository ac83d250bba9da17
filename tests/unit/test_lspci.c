// SPDX-License-Identifier: GPL-2.0-or-later
/* lspci text of every verbosity. */
#include "builder.h"
#include "decode/config.h"

static struct gpuprobe_case *c;

static void setup(void)
{
	c = case_create();
}

static void teardown(void)
{
	case_destroy(c);
}

static void read_text(const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	source_lspci(c, file);
	fclose(file);
}

static const struct function *only_function(void)
{
	ck_assert_uint_eq(c->functions.count, 1);
	return &c->functions.at[0];
}

/* Of the only function. */
static const struct snapshot *only_snapshot(void)
{
	ck_assert_uint_eq(only_function()->snapshots.count, 1);
	return &only_function()->snapshots.at[0];
}

#define P4 "00:06.0 3D controller: NVIDIA Corporation GP104GL [Tesla P4] (rev a1)\n"

START_TEST(short_form)
{
	const struct function *function;

	read_text("00:00.0 Host bridge: Network Appliance Corporation Device 1275\n" P4
		  "00:1f.0 ISA bridge: Intel Corporation 82371SB PIIX3 ISA\n");
	function = only_function();
	ck_assert(c->machine.pci_looked);
	ck_assert_uint_eq(function->address.device, 6);
	ck_assert(!function->ids_known);
	ck_assert(function->class_known);
	ck_assert_uint_eq(function->class, 0x030200);
	ck_assert_uint_eq(function->revision, 0xa1);
	ck_assert_str_eq(function->name, "NVIDIA Corporation GP104GL [Tesla P4]");
	ck_assert_uint_eq(function->snapshots.count, 0);	/* no detail, so nothing was seen */
}
END_TEST

/* What stands before or around, and other forms, change nothing. */
START_TEST(same_function)
{
	static const char *const forms[] = {
		"> 00:06.0 3D controller: NVIDIA Corporation GP104GL [Tesla P4] (rev a1)\n",
		"    00:06.0 3D controller [0302]: NVIDIA Corporation GP104GL [Tesla P4] [10de:1bb3] (rev a1)\r\n",
		"0000:00:06.0 0302: 10de:1bb3 (rev a1)\n",
		"00:06.0 \"3D controller\" \"NVIDIA Corporation\" \"GP104GL [Tesla P4]\" -ra1 \"NVIDIA Corporation\" \"\"\n",
		"00:06.0 \"3D controller [0302]\" \"NVIDIA Corporation [10de]\" \"GP104GL [Tesla P4] [1bb3]\" -ra1\n",
		"Slot:\t00:06.0\nClass:\t3D controller\nVendor:\tNVIDIA Corporation\n"
			"Device:\tGP104GL [Tesla P4]\nRev:\ta1\n",
		"Device:\t00:05.0\nSlot:\t00:06.0\nClass:\t3D controller [0302]\n"
			"Vendor:\tNVIDIA Corporation [10de]\nDevice:\tGP104GL [Tesla P4] [1bb3]\nRev:\ta1\n",
	};
	const struct function *function;

	read_text(forms[_i]);
	function = only_function();
	ck_assert_uint_eq(function->address.device, 6);
	ck_assert_uint_eq(function->class, 0x030200);
	ck_assert_uint_eq(function->revision, 0xa1);
	if (strstr(forms[_i], "1bb3"))
		ck_assert_uint_eq(function->device, 0x1bb3);
}
END_TEST

START_TEST(tagged_details)
{
	read_text("Slot:\t00:05.0\nClass:\tVGA compatible controller\nVendor:\tRed Hat, Inc.\n"
		  "Device:\tQXL\nDriver:\tqxl\n\n"
		  "Slot:\t00:06.0\nClass:\t3D controller\nVendor:\tNVIDIA Corporation\n"
		  "Device:\tGP104GL [Tesla P4]\nDriver:\tnvidia\n");
	ck_assert_str_eq(only_snapshot()->driver, "nvidia");
}
END_TEST

START_TEST(tree_names_no_function)
{
	read_text("-[0000:00]-+-00.0\n           +-01.0-[01]----00.0\n           \\-06.0  NVIDIA Corporation\n");
	ck_assert_uint_eq(c->functions.count, 0);
}
END_TEST

START_TEST(subsystem)
{
	read_text(P4 "\tSubsystem: NVIDIA Corporation GP104GL [Tesla P4] [10de:11d8]\n");
	ck_assert_uint_eq(only_function()->subsystem_device, 0x11d8);
	ck_assert_uint_eq(only_function()->snapshots.count, 0);
}
END_TEST

START_TEST(two_machines_contradict)
{
	read_text("00:06.0 0302: 10de:1bb3\n");
	ck_assert_ptr_null(c->contradiction);
	read_text("00:06.0 0302: 10de:1eb8\n");
	ck_assert_ptr_nonnull(strstr(c->contradiction, "00:06.0"));
}
END_TEST

START_TEST(ids_in_brackets)
{
	const struct function *function;

	read_text("00:01.0 VGA compatible controller [0300]: Red Hat, Inc. QXL [1b36:0100]\n"
		  "00:06.0 3D controller [0302]: NVIDIA Corporation GP104GL [Tesla P4] [10de:1bb3] (rev a1)\n");
	function = only_function();
	ck_assert(function->ids_known);
	ck_assert_uint_eq(function->vendor, 0x10de);
	ck_assert_uint_eq(function->device, 0x1bb3);
	ck_assert_uint_eq(function->class, 0x030200);
}
END_TEST

START_TEST(name_not_known_to_pci_ids)
{
	read_text("00:06.0 3D controller [0302]: Device [10de:1bb3]\n"
		  "00:07.0 3D controller: NVIDIA Corporation Device 1bb3\n");
	ck_assert_uint_eq(c->functions.count, 2);
}
END_TEST

#define DETAILS \
	"\tSubsystem: NVIDIA Corporation GP104GL [Tesla P4]\n" \
	"\tFlags: bus master, fast devsel, latency 0%s\n" \
	"\tMemory at c2000000 (32-bit, non-prefetchable) [size=16M]\n" \
	"\tMemory at 800000000 (64-bit, prefetchable) [size=256M]\n" \
	"\tMemory at 810000000 (64-bit, prefetchable) [size=32M]\n" \
	"\tCapabilities: [60] Power Management version 3\n" \
	"\tCapabilities: [68] MSI: Enable- Count=1/1 Maskable- 64bit+\n" \
	"\tCapabilities: [78] Express Endpoint, MSI 00\n"

START_TEST(verbose_form)
{
	char *text = xasprintf(P4 DETAILS "\tKernel driver in use: nvidia\n"
			       "\tKernel modules: nvidiafb, nouveau\n", ", IRQ 11");
	const struct snapshot *snapshot;
	struct pci_config config;

	read_text(text);
	free(text);
	snapshot = only_snapshot();
	ck_assert(snapshot->irq.irq_known);
	ck_assert_uint_eq(snapshot->irq.irq, 11);
	ck_assert(!snapshot->irq.pin_known);
	ck_assert_uint_eq(snapshot->bars[0].start, 0xc2000000);
	ck_assert_uint_eq(snapshot->bars[0].size, 16 << 20);
	ck_assert_uint_eq(snapshot->bars[0].flags, IORESOURCE_MEM);
	ck_assert_uint_eq(snapshot->bars[1].start, 0x800000000);
	ck_assert_uint_eq(snapshot->bars[1].flags,
			  IORESOURCE_MEM | IORESOURCE_MEM_64 | IORESOURCE_PREFETCH);
	ck_assert(!snapshot->bars[2].known);
	ck_assert_uint_eq(snapshot->bars[3].size, 32 << 20);
	ck_assert_str_eq(snapshot->driver, "nvidia");
	snapshot_config(snapshot, &config);
	ck_assert_int_eq(config.msi, YES);
	ck_assert_uint_eq(config.msi_vectors, 1);
	ck_assert(config.msi_64bit && !config.msi_enabled);
	ck_assert_int_eq(config.msix, NO);
}
END_TEST

/* In "Flags:" an IRQ that is 0 is not printed; candidates without a driver mean none. */
START_TEST(verbose_form_without_irq_and_driver)
{
	char *text = xasprintf(P4 DETAILS "\tKernel modules: nvidiafb, nouveau\n", "");

	read_text(text);
	free(text);
	ck_assert(only_snapshot()->irq.irq_known);
	ck_assert_uint_eq(only_snapshot()->irq.irq, 0);
	ck_assert_str_eq(only_snapshot()->driver, "");
}
END_TEST

START_TEST(indented_by_blanks_and_crlf)
{
	read_text("00:06.0 3D controller: NVIDIA Corporation GP104GL [Tesla P4] (rev a1)\r\n"
		  "        Flags: fast devsel, IRQ 16\r\n"
		  "        Memory at c2000000 (32-bit, non-prefetchable) [size=16M]\r\n"
		  "        Kernel driver in use: nouveau\r\n");
	ck_assert_uint_eq(only_snapshot()->irq.irq, 16);
	ck_assert_uint_eq(only_snapshot()->bars[0].size, 16 << 20);
	ck_assert_str_eq(only_snapshot()->driver, "nouveau");
}
END_TEST

START_TEST(very_verbose_form)
{
	const struct snapshot *snapshot;

	read_text(P4
		  "\tControl: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr-\n"
		  "\tInterrupt: pin A routed to IRQ 10\n"
		  "\tRegion 0: Memory at c2000000 (32-bit, non-prefetchable) [size=16M]\n"
		  "\tRegion 1: Memory at 800000000 (64-bit, prefetchable) [size=8G]\n"
		  "\tRegion 3: Memory at 810000000 (64-bit, prefetchable) [size=32M]\n"
		  "\tRegion 5: I/O ports at e000 [size=128]\n"
		  "\tCapabilities: [68] MSI: Enable+ Count=2/4 Maskable- 64bit-\n"
		  "\t\tAddress: fee00000  Data: 0000\n");
	snapshot = only_snapshot();
	ck_assert(snapshot->irq.pin_known);
	ck_assert_uint_eq(snapshot->irq.pin, 1);
	ck_assert_uint_eq(snapshot->irq.irq, 10);
	ck_assert_uint_eq(snapshot->bars[1].size, 8ull << 30);
	ck_assert(snapshot->bars[3].known && !snapshot->bars[5].known);
	ck_assert_int_eq(snapshot->text.msi_enabled, YES);
	ck_assert_int_eq(snapshot->text.msi_64bit, NO);
	ck_assert_uint_eq(snapshot->text.msi_vectors, 4);
}
END_TEST

START_TEST(unknown_pin)
{
	read_text(P4 "\tInterrupt: pin ? routed to IRQ 16\n");
	ck_assert(only_snapshot()->irq.pin_known);
	ck_assert_uint_eq(only_snapshot()->irq.pin, 0);
}
END_TEST

START_TEST(msix_capability)
{
	read_text(P4 "\tCapabilities: [c8] MSI-X: Enable- Count=6 Masked-\n");
	ck_assert_int_eq(only_snapshot()->text.msix, YES);
	ck_assert_uint_eq(only_snapshot()->text.msix_vectors, 6);
	ck_assert_int_eq(only_snapshot()->text.msi, NO);
}
END_TEST

/* What an ordinary user gets: the list was not printed, so nothing is absent. */
START_TEST(capabilities_denied)
{
	struct pci_config config;

	read_text(P4 "\tCapabilities: <access denied>\n");
	ck_assert_uint_eq(only_function()->snapshots.count, 0);
	read_text(P4 "\tFlags: fast devsel\n\tCapabilities: <access denied>\n");
	ck_assert(!only_snapshot()->text.listed);
	snapshot_config(only_snapshot(), &config);
	ck_assert_int_eq(config.msi, NOT_KNOWN);
	ck_assert_int_eq(config.msix, NOT_KNOWN);
}
END_TEST

START_TEST(unassigned_bars)
{
	read_text(P4 "\tMemory at <unassigned> (32-bit, non-prefetchable) [disabled] [size=16M]\n"
		  "\tMemory at <ignored> (64-bit, prefetchable) [size=32G]\n"
		  "\tRegion 3: Memory at <unassigned> (64-bit, prefetchable) [disabled]\n");
	ck_assert(only_snapshot()->bars[0].known);
	ck_assert_uint_eq(only_snapshot()->bars[0].start, 0);
	ck_assert_uint_eq(only_snapshot()->bars[0].size, 16 << 20);
	ck_assert_uint_eq(only_snapshot()->bars[1].start, 0);
	ck_assert_uint_eq(only_snapshot()->bars[1].size, 32ull << 30);
	ck_assert(only_snapshot()->bars[3].known);
	ck_assert_uint_eq(only_snapshot()->bars[3].size, 0);
}
END_TEST

/* Details belong to the function above them, not to the last NVIDIA one. */
START_TEST(details_of_others_are_not_taken)
{
	read_text(P4 "00:07.0 Ethernet controller: Red Hat, Inc. Virtio network device\n"
		  "\tFlags: bus master, fast devsel, latency 0, IRQ 11\n"
		  "\tMemory at c3000000 (32-bit, non-prefetchable) [size=4K]\n"
		  "\tKernel driver in use: virtio-pci\n");
	ck_assert_uint_eq(only_function()->snapshots.count, 0);
}
END_TEST

START_TEST(domains)
{
	read_text("0000:00:06.0 3D controller: NVIDIA Corporation GP104GL [Tesla P4]\n"
		  "10000:e1:00.0 3D controller: NVIDIA Corporation GP104GL [Tesla P4]\n"
		  "c05a5a5a:00:02.1 Audio device: NVIDIA Corporation GP104 High Definition Audio\n");
	ck_assert_uint_eq(c->functions.count, 3);
	ck_assert_uint_eq(c->functions.at[1].address.domain, 0x10000);
	ck_assert_uint_eq(c->functions.at[1].address.bus, 0xe1);
	ck_assert_uint_eq(c->functions.at[2].address.domain, 0xc05a5a5a);
	ck_assert_uint_eq(c->functions.at[2].address.function, 1);
	ck_assert(function_is_gpu(&c->functions.at[1]));
	ck_assert(!function_is_gpu(&c->functions.at[2]));
}
END_TEST

START_TEST(hex_dump)
{
	const struct snapshot *snapshot;
	struct pci_config config;

	read_text(P4
		  "00: de 10 b3 1b 06 00 10 00 a1 00 02 03 00 00 00 00\n"
		  "10: 00 00 00 c2 0c 00 00 00 08 00 00 00 0c 00 00 10\n"
		  "20: 08 00 00 00 00 00 00 00 00 00 00 00 de 10 d8 11\n"
		  "30: 00 00 00 00 60 00 00 00 00 00 00 00 ff 00 00 00\n"
		  "\n"
		  "00:07.0 3D controller: NVIDIA Corporation GP104GL [Tesla P4]\n"
		  "10: 00 00 00 c2 0c 00 00 00 08 00 00 00 0c 00 00 10\n");
	ck_assert_uint_eq(c->functions.count, 2);
	snapshot = &c->functions.at[0].snapshots.at[0];
	ck_assert_uint_eq(snapshot->config_length, 64);
	snapshot_config(snapshot, &config);
	ck_assert(config.header_known);
	ck_assert_uint_eq(config.interrupt_pin, 0);
	ck_assert_uint_eq(config.interrupt_line, 0xff);
	ck_assert_int_eq(config.list, CAPABILITY_LIST_CUT);
	/* The other dump has no beginning. */
	ck_assert_uint_eq(c->functions.at[1].snapshots.at[0].config_length, 0);
}
END_TEST

START_TEST(hex_dump_of_nothing)
{
	read_text(P4 "00: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff\n");
	ck_assert(only_snapshot()->gone);
}
END_TEST

START_TEST(nonsense_is_harmless)
{
	read_text("\n\t\n06.0 nvidia\n00:06 nvidia\n00:06.0\n00:06.0nvidia\nxx:06.0 nvidia\n"
		  "00:66.0 nvidia: x\n\tFlags: IRQ 5\n00:06.0 : nvidia\n\tRegion 9: Memory at 1\n"
		  "\tMemory at\n\tCapabilities:\n\tInterrupt: pin\n\tKernel driver in use:");
	ck_assert_uint_le(c->functions.count, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lspci");
	TCase *tcase = unit_case(suite, "lspci");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, short_form);
	tcase_add_loop_test(tcase, same_function, 0, 7);
	tcase_add_test(tcase, tagged_details);
	tcase_add_test(tcase, tree_names_no_function);
	tcase_add_test(tcase, subsystem);
	tcase_add_test(tcase, two_machines_contradict);
	tcase_add_test(tcase, ids_in_brackets);
	tcase_add_test(tcase, name_not_known_to_pci_ids);
	tcase_add_test(tcase, verbose_form);
	tcase_add_test(tcase, verbose_form_without_irq_and_driver);
	tcase_add_test(tcase, indented_by_blanks_and_crlf);
	tcase_add_test(tcase, very_verbose_form);
	tcase_add_test(tcase, unknown_pin);
	tcase_add_test(tcase, msix_capability);
	tcase_add_test(tcase, capabilities_denied);
	tcase_add_test(tcase, unassigned_bars);
	tcase_add_test(tcase, details_of_others_are_not_taken);
	tcase_add_test(tcase, domains);
	tcase_add_test(tcase, hex_dump);
	tcase_add_test(tcase, hex_dump_of_nothing);
	tcase_add_test(tcase, nonsense_is_harmless);
	return unit_run(suite);
}
