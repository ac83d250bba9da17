// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine: kernel, firmware strings, and who the hypervisor says it is. */
#include <ctype.h>
#include <time.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "sources/source.h"

/* The range in which hypervisors announce themselves, a leaf every 0x100. */
#define CPUID_FIRST	0x40000000u
#define CPUID_LAST	0x4000ff00u
#define CPUID_STEP	0x100u

#define ACPI_OEM_ID_OFFSET 10	/* in every table's header, 6 bytes */
#define ACPI_OEM_ID_LENGTH 6

static void take_signature(struct machine *machine, uint32_t leaf, const char text[12])
{
	struct cpuid_signature *signature;

	for (size_t i = 0; i < 12; i++)
		if (text[i] && !isprint((unsigned char)text[i]))
			return;
	if (!text[0])
		return;
	signature = array_add(&machine->cpuid);
	signature->leaf = leaf;
	memcpy(signature->text, text, 12);
}

#if defined(__x86_64__) || defined(__i386__)
static void ask_cpu(struct machine *machine)
{
	unsigned int eax, ebx, ecx, edx;

	/* Without the "hypervisor present" bit the range holds no signatures. */
	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
		return;
	machine->cpuid_looked = true;
	if (!(ecx & 1u << 31))
		return;
	for (uint32_t leaf = CPUID_FIRST; leaf <= CPUID_LAST; leaf += CPUID_STEP) {
		uint32_t words[3];

		__cpuid(leaf, eax, words[0], words[1], words[2]);
		if (eax >= leaf && eax < leaf + CPUID_STEP)
			take_signature(machine, leaf, (char *)words);
	}
}
#else
static void ask_cpu(struct machine *machine)
{
	(void)machine;
}
#endif

/* A folder that stands for a machine has its signatures in /cpuid: "leaf text" a line. */
static void read_signatures(struct machine *machine, const struct root *root)
{
	char text[1024], *rest = text, *line;
	ssize_t n = root_read(root, "/cpuid", text, sizeof(text) - 1);

	if (n < 0)
		return;
	text[n] = '\0';
	machine->cpuid_looked = true;
	while ((line = strsep(&rest, "\n"))) {
		char signature[12] = { 0 }, *end;
		uint32_t leaf = strtoul(line, &end, 16);

		if (end == line || *end++ != ' ')
			continue;
		memcpy(signature, end, strnlen(end, sizeof(signature)));
		take_signature(machine, leaf, signature);
	}
}

static char *acpi_oem_id(const struct root *root)
{
	static const char *const tables[] = {
		"/sys/firmware/acpi/tables/FACP", "/sys/firmware/acpi/tables/APIC",
		"/sys/firmware/acpi/tables/DSDT",
	};
	char header[36];

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		size_t length = ACPI_OEM_ID_LENGTH;

		if (root_read(root, tables[i], header, sizeof(header)) != sizeof(header))
			continue;
		while (length && (header[ACPI_OEM_ID_OFFSET + length - 1] == ' ' ||
				  !header[ACPI_OEM_ID_OFFSET + length - 1]))
			length--;
		return xstrndup(header + ACPI_OEM_ID_OFFSET, length);
	}
	return NULL;
}

/*
 * The tag of the chassis. It mostly is a number of one machine, which is nobody's
 * business; these are the same on every machine of their cloud.
 */
static char *cloud_tag(const struct root *root)
{
	static const char *const tags[] = {
		"7783-7084-3265-9085-8269-3286-77",	/* Azure */
		"OracleCloud.com", "ibmcloud", "Amazon EC2", "HUAWEICLOUD",
	};
	char *tag = root_line(root, "/sys/class/dmi/id/chassis_asset_tag");

	for (size_t i = 0; tag && i < sizeof(tags) / sizeof(tags[0]); i++)
		if (!strcmp(tag, tags[i]))
			return tag;
	free(tag);
	return NULL;
}

/* Now, or SOURCE_DATE_EPOCH where a report has to come out the same each time. */
static char *time_of_collection(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm tm;
	char text[32];

	if (!gmtime_r(&now, &tm))
		return NULL;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return xstrdup(text);
}

/* "none [integrity] confidentiality": the word in brackets holds. */
static char *lockdown(const struct root *root)
{
	char *line = root_line(root, "/sys/kernel/security/lockdown"), *word = NULL, *start;

	start = line ? strchr(line, '[') : NULL;
	if (start)
		word = xstrndup(start + 1, strcspn(start + 1, "]"));
	free(line);
	return word;
}

/* Four bytes of attributes, then the variable's one byte. */
static enum answer secure_boot(const struct root *root)
{
	uint8_t bytes[5];

	if (root_read(root, "/sys/firmware/efi/efivars/"
		      "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		      bytes, sizeof(bytes)) != sizeof(bytes))
		return NOT_KNOWN;
	return bytes[4] ? YES : NO;
}

/* By CONFIG_MODULE_SIG_FORCE or module.sig_enforce, which the parameter shows, or by lockdown. */
static enum answer signatures_enforced(const struct root *root, const char *lockdown_word)
{
	char *line = root_line(root, "/sys/module/module/parameters/sig_enforce");
	enum answer answer = !line ? NOT_KNOWN : *line == 'Y' || *line == '1' ? YES : NO;

	free(line);
	if (lockdown_word && strcmp(lockdown_word, "none"))
		return YES;
	return answer;
}

void source_machine(struct gpuprobe_case *c, const struct root *root)
{
	struct machine *machine = &c->machine;

	machine->collected = time_of_collection();
	machine->kernel_release = root_line(root, "/proc/sys/kernel/osrelease");
	machine->command_line = root_line(root, "/proc/cmdline");
	machine->dmi_vendor = root_line(root, "/sys/class/dmi/id/sys_vendor");
	machine->dmi_product = root_line(root, "/sys/class/dmi/id/product_name");
	machine->dmi_bios_vendor = root_line(root, "/sys/class/dmi/id/bios_vendor");
	machine->dmi_bios_version = root_line(root, "/sys/class/dmi/id/bios_version");
	machine->cloud_tag = cloud_tag(root);
	machine->acpi_oem_id = acpi_oem_id(root);
	machine->lockdown = lockdown(root);
	machine->secure_boot = secure_boot(root);
	machine->signatures_enforced = signatures_enforced(root, machine->lockdown);
	if (root_is_live(root))
		ask_cpu(machine);
	else
		read_signatures(machine, root);
}
