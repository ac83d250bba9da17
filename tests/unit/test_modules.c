// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver that is installed, on a folder that stands for a machine. */
#include <elf.h>
#include <endian.h>

#include "builder.h"

#define RELEASE "6.1.0-42-amd64"

static char *folder;
static struct root root;
static struct gpuprobe_case *c;

static void setup(void)
{
	folder = unit_folder();
	root.path = folder;
	c = case_create();
}

static void teardown(void)
{
	case_destroy(c);
	unit_remove(folder);
}

/* A file of the machine, with the folders above it. */
static void given_file(const char *place, const void *bytes, size_t length)
{
	char *path = root_path(&root, place);
	char *command = xasprintf("mkdir -p \"$(dirname '%s')\"", path);

	ck_assert_int_eq(system(command), 0);
	unit_write(path, bytes, length);
	free(command);
	free(path);
}

static void given_text(const char *place, const char *text)
{
	given_file(place, text, strlen(text));
}

/* --- a kernel module: an ELF object with nothing but .modinfo --- */

#define NAMES "\0.modinfo\0.shstrtab"

struct module_image {
	Elf64_Ehdr header;
	Elf64_Shdr sections[3];
	char names[sizeof(NAMES)];
	char modinfo[512];
};

static void make_image(struct module_image *image, const char *modinfo, size_t length)
{
	memset(image, 0, sizeof(*image));
	memcpy(image->header.e_ident, ELFMAG, SELFMAG);
	image->header.e_ident[EI_CLASS] = ELFCLASS64;
	image->header.e_ident[EI_DATA] = BYTE_ORDER == LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;
	image->header.e_ident[EI_VERSION] = EV_CURRENT;
	image->header.e_type = ET_REL;
	image->header.e_machine = EM_X86_64;
	image->header.e_version = EV_CURRENT;
	image->header.e_ehsize = sizeof(Elf64_Ehdr);
	image->header.e_shoff = offsetof(struct module_image, sections);
	image->header.e_shentsize = sizeof(Elf64_Shdr);
	image->header.e_shnum = 3;
	image->header.e_shstrndx = 2;
	image->sections[1] = (Elf64_Shdr){
		.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC, .sh_addralign = 1,
		.sh_offset = offsetof(struct module_image, modinfo), .sh_size = length,
	};
	image->sections[2] = (Elf64_Shdr){
		.sh_name = strlen(".modinfo") + 2, .sh_type = SHT_STRTAB, .sh_addralign = 1,
		.sh_offset = offsetof(struct module_image, names), .sh_size = sizeof(NAMES),
	};
	memcpy(image->names, NAMES, sizeof(NAMES));
	memcpy(image->modinfo, modinfo, length);
}

/* kernel/module_signature.h, in the form that names the signer beside the signature. */
struct signature_end {
	uint8_t algo, hash, id_type, signer_len, key_id_len, pad[3];
	uint32_t sig_len;
	char magic[28];
} __attribute__((packed));

#define SIGNED_BY "Mine"

/* A module with that .modinfo: its length is that of a literal with its last NUL. */
#define given_module(place, modinfo, is_signed) \
	given_module_(place, modinfo, sizeof(modinfo), is_signed)

static void given_module_(const char *place, const char *modinfo, size_t length, bool is_signed)
{
	struct {
		struct module_image image;
		char signer[sizeof(SIGNED_BY) - 1], signature[16];
		struct signature_end end;
	} __attribute__((packed)) file = { .signature = "x" };
	struct module_image image;

	make_image(&image, modinfo, length);
	file.image = image;
	memcpy(file.signer, SIGNED_BY, sizeof(file.signer));
	file.end = (struct signature_end){
		.algo = 1, .hash = 4, .id_type = 1, .signer_len = sizeof(file.signer),
		.sig_len = htobe32(sizeof(file.signature)),
	};
	memcpy(file.end.magic, "~Module signature appended~\n", sizeof(file.end.magic));
	given_file(place, &file, is_signed ? sizeof(file) : sizeof(file.image));
}

static void look(void)
{
	char *command = xasprintf("mkdir -p '%s/lib/modules/" RELEASE "' && "
				  "PATH=$PATH:/sbin:/usr/sbin depmod -b '%s' " RELEASE
				  " 2>/dev/null", folder, folder);

	ck_assert_int_eq(system(command), 0);
	free(command);
	c->machine.kernel_release = xstrdup(RELEASE);
	source_modules(c, &root);
	source_firmware(c, &root);
}

/* Of the file that look() found. */
static const struct driver_module *nvidia(void)
{
	const struct driver_module *module = case_module(c, "nvidia");

	ck_assert_ptr_nonnull(module);
	return module;
}

#define UPDATES "/lib/modules/" RELEASE "/updates/dkms/"
#define PROPRIETARY "version=535.183.01\0license=NVIDIA\0vermagic=" RELEASE " SMP mod_unload \0"

START_TEST(installed_from_the_run_file)
{
	given_module(UPDATES "nvidia.ko", PROPRIETARY, false);
	look();
	ck_assert(c->modules_looked && nvidia()->installed && !nvidia()->loaded);
	ck_assert_str_eq(nvidia()->version, "535.183.01");
	ck_assert_str_eq(nvidia()->file_version, "535.183.01");
	ck_assert_str_eq(nvidia()->license, "NVIDIA");
	ck_assert_str_eq(nvidia()->vermagic, RELEASE " SMP mod_unload ");
	ck_assert_str_eq(nvidia()->file, "updates/dkms/nvidia.ko");
	ck_assert_ptr_null(nvidia()->signer);
}
END_TEST

START_TEST(installed_as_debian_names_it)
{
	given_module(UPDATES "nvidia-current.ko", "license=Dual MIT/GPL\0version=550.163.01\0", false);
	given_text("/etc/modprobe.d/nvidia.conf",
		   "install nvidia modprobe -i nvidia-current $CMDLINE_OPTS\n");
	look();
	ck_assert_str_eq(nvidia()->file, "updates/dkms/nvidia-current.ko");
	ck_assert_str_eq(nvidia()->license, "Dual MIT/GPL");
	ck_assert_uint_eq(c->module_settings.count, 1);
	ck_assert_str_eq(c->module_settings.at[0].kind, "install");
	ck_assert_str_eq(c->module_settings.at[0].module, "nvidia");
	ck_assert_str_eq(c->module_settings.at[0].value, "modprobe -i nvidia-current $CMDLINE_OPTS");
}
END_TEST

/* After an update, before a restart. */
START_TEST(what_runs_is_another_than_what_is_installed)
{
	given_module(UPDATES "nvidia.ko", PROPRIETARY, false);
	given_text("/sys/module/nvidia/version", "525.147.05\n");
	look();
	ck_assert(nvidia()->loaded);
	ck_assert_str_eq(nvidia()->version, "525.147.05");
	ck_assert_str_eq(nvidia()->file_version, "535.183.01");
}
END_TEST

START_TEST(none_is_installed)
{
	look();
	ck_assert(c->modules_looked);
	ck_assert_ptr_null(case_module(c, "nvidia"));
}
END_TEST

/* Without an index of modules, that none is found says nothing. */
START_TEST(nobody_could_look)
{
	c->machine.kernel_release = xstrdup(RELEASE);
	source_modules(c, &root);
	ck_assert(!c->modules_looked);
}
END_TEST

/* --- signatures --- */

#define KEYS \
	"0a I------     1 perm 1f030000     0     0 keyring   .builtin_trusted_keys: 2\n" \
	"0b I------     1 perm 1f010000     0     0 asymmetri Distribution Secure Boot CA: " \
	"6ccece7e4c6c0d1f: X509.rsa 4c6c0d1f []\n"
#define MY_KEY \
	"0c I------     1 perm 1f010000     0     0 asymmetri Organisation: Mine: 77: X509.rsa 77 []\n"

static const struct {
	const char *keys;	/* NULL: cannot be read */
	enum answer known;
} keyrings[] = {
	{ KEYS, NO }, { KEYS MY_KEY, YES }, { NULL, NOT_KNOWN },
	/* an ordinary user sees no key of the kernel's */
	{ "0d I--Q---     2 perm 3f030000  1000 65534 keyring   _uid.1000: empty\n", NOT_KNOWN },
	/* the name is that of a ring */
	{ KEYS "0e I------     1 perm 1f030000     0     0 keyring   Mine: 1\n", NO },
};

START_TEST(signer_whose_key_the_kernel_has)
{
	given_module(UPDATES "nvidia.ko", PROPRIETARY, true);
	if (keyrings[_i].keys)
		given_text("/proc/keys", keyrings[_i].keys);
	look();
	ck_assert_str_eq(nvidia()->signer, SIGNED_BY);
	ck_assert_int_eq(nvidia()->signer_known, keyrings[_i].known);
}
END_TEST

static const struct {
	const char *parameter, *lockdown;
	enum answer enforced;
} kernels[] = {
	{ "N\n", NULL, NO }, { "Y\n", NULL, YES },
	{ "N\n", "[none] integrity confidentiality\n", NO },
	{ "N\n", "none [integrity] confidentiality\n", YES },
	{ NULL, NULL, NOT_KNOWN },
};

START_TEST(signatures_that_the_kernel_wants)
{
	if (kernels[_i].parameter)
		given_text("/sys/module/module/parameters/sig_enforce", kernels[_i].parameter);
	if (kernels[_i].lockdown)
		given_text("/sys/kernel/security/lockdown", kernels[_i].lockdown);
	source_machine(c, &root);
	ck_assert_int_eq(c->machine.signatures_enforced, kernels[_i].enforced);
}
END_TEST

/* Four bytes of attributes before the value. */
static const struct {
	size_t length;
	const char *bytes;
	enum answer on;
} variables[] = {
	{ 0, NULL, NOT_KNOWN }, { 4, "\6\0\0\0", NOT_KNOWN }, { 5, "\6\0\0\0\1", YES },
	{ 5, "\6\0\0\0\0", NO },
};

START_TEST(secure_boot_variable)
{
	if (variables[_i].bytes)
		given_file("/sys/firmware/efi/efivars/"
			   "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
			   variables[_i].bytes, variables[_i].length);
	source_machine(c, &root);
	ck_assert_int_eq(c->machine.secure_boot, variables[_i].on);
}
END_TEST

/* --- modprobe's configuration --- */

static bool has_setting(const char *kind, const char *module)
{
	for (size_t i = 0; i < c->module_settings.count; i++)
		if (!strcmp(c->module_settings.at[i].kind, kind) &&
		    !strcmp(c->module_settings.at[i].module, module))
			return true;
	return false;
}

START_TEST(settings_that_matter)
{
	given_text("/etc/modprobe.d/a.conf", "blacklist nouveau\nblacklist snd_hda_intel\n"
		   "options nvidia NVreg_EnableMSI=0\nalias nvidia_drm off\n");
	given_text("/usr/lib/modprobe.d/b.conf", "softdep nvidia post: nvidia-uvm\n"
		   "install vfio-pci /bin/true\n");
	look();
	ck_assert_uint_eq(c->module_settings.count, 5);
	ck_assert(has_setting("blacklist", "nouveau"));
	ck_assert(has_setting("options", "nvidia"));
	ck_assert(has_setting("alias", "nvidia_drm"));
	ck_assert(has_setting("softdep", "nvidia"));
	ck_assert(has_setting("install", "vfio_pci") || has_setting("install", "vfio-pci"));
}
END_TEST

/* --- firmware --- */

START_TEST(firmware_of_the_gsp)
{
	given_text("/lib/firmware/nvidia/535.183.01/gsp_tu10x.bin", "");
	given_text("/lib/firmware/nvidia/535.183.01/gsp_ga10x.bin.xz", "");
	given_text("/lib/firmware/updates/nvidia/550.163.01/gsp_ga10x.bin.zst", "");
	given_text("/lib/firmware/updates/nvidia/535.183.01/gsp_tu10x.bin", "");
	/* nouveau's, and what is none */
	given_text("/lib/firmware/nvidia/tu102/gsp/gsp-535.113.01.bin", "");
	given_text("/lib/firmware/nvidia/535.183.01/README", "");
	look();
	ck_assert(c->firmware_looked);
	ck_assert_uint_eq(c->firmware.count, 3);
	ck_assert_str_eq(c->firmware.at[0], "535.183.01/gsp_tu10x.bin");
	ck_assert_str_eq(c->firmware.at[1], "550.163.01/gsp_ga10x.bin");
	ck_assert_str_eq(c->firmware.at[2], "535.183.01/gsp_ga10x.bin");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("modules");
	TCase *tcase = unit_case(suite, "modules");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, installed_from_the_run_file);
	tcase_add_test(tcase, installed_as_debian_names_it);
	tcase_add_test(tcase, what_runs_is_another_than_what_is_installed);
	tcase_add_test(tcase, none_is_installed);
	tcase_add_test(tcase, nobody_could_look);
	tcase_add_loop_test(tcase, signer_whose_key_the_kernel_has, 0, COUNT(keyrings));
	tcase_add_loop_test(tcase, signatures_that_the_kernel_wants, 0, COUNT(kernels));
	tcase_add_loop_test(tcase, secure_boot_variable, 0, COUNT(variables));
	tcase_add_test(tcase, settings_that_matter);
	tcase_add_test(tcase, firmware_of_the_gsp);
	return unit_run(suite);
}
