// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gpuprobe fix: workarounds inside the guest. The one there is, "intx", gives a
 * GPU without an interrupt pin a number that nvidia.ko's check accepts; the
 * module does it, this command switches it on and off.
 */
#include <errno.h>
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

#include "command/command.h"
#include "render/renderer.h"
#include "sources/source.h"
#include "lib/i18n.h"
#include "version.h"

/* At work now, and at the next load. */
#define MODULE		"/sys/module/gpuprobe"
#define PARAMETER	MODULE "/parameters/intx"
#define OPTIONS		"/etc/modprobe.d/gpuprobe-intx.conf"

static const char options_text[] =
	"# Written by \"gpuprobe fix intx --apply\"; --undo removes it.\n"
	"options gpuprobe intx=1\n";

enum action { SHOW, APPLY, UNDO };

static int write_file(const struct root *root, const char *file, int flags, const char *text)
{
	char *path = root_path(root, file);
	int fd = open(path, flags | O_WRONLY | O_CLOEXEC, 0644), error = 0;

	free(path);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		error = -errno;
	if (close(fd) && !error)
		error = -errno;
	return error;
}

static int failed(const char *file, int error)
{
	fprintf(stderr, "gpuprobe fix: %s: %s\n", file, error == -EACCES || error == -EPERM ?
		_("this needs root") : strerror(-error));
	return EX_IOERR;
}

static bool exists(const struct root *root, const char *file)
{
	char *path = root_path(root, file);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* An older gpuprobe.ko may be loaded, which does not have the parameter. */
static void say_next_boot(const struct root *root)
{
	char *version;

	if (!exists(root, MODULE)) {
		puts(_("the gpuprobe module is not loaded; it works from the next boot on"));
		return;
	}
	version = root_line(root, MODULE "/version");
	printf(_("gpuprobe.ko %s, which is loaded, does not know it; version %s does, and it works "
		 "from the next boot with that\n"), version ? version : "?", GPUPROBE_VERSION);
	free(version);
}

static int apply(const struct root *root)
{
	int error = write_file(root, OPTIONS, O_CREAT | O_TRUNC, options_text);

	if (error)
		return failed(OPTIONS, error);
	printf(_("written: %s, for the next boot\n"), OPTIONS);
	if (!exists(root, PARAMETER)) {
		say_next_boot(root);
		return 0;
	}
	error = write_file(root, PARAMETER, 0, "1\n");
	if (error)
		return failed(PARAMETER, error);
	puts(_("switched on now as well: load the driver again (modprobe nvidia), or reboot"));
	return 0;
}

static int undo(const struct root *root)
{
	char *path = root_path(root, OPTIONS);
	int error = unlink(path) && errno != ENOENT ? -errno : 0;

	free(path);
	if (error)
		return failed(OPTIONS, error);
	printf(_("removed: %s\n"), OPTIONS);
	if (!exists(root, PARAMETER))
		return 0;
	error = write_file(root, PARAMETER, 0, "0\n");
	if (error)
		return failed(PARAMETER, error);
	puts(_("switched off; a driver that is loaded keeps what it has until it is unloaded"));
	return 0;
}

/* What it would do for a GPU, from the module's own word. */
static const char *obstacle_text(uint32_t obstacle)
{
	static const char *const texts[] = {
		[GPUPROBE_INTX_NONE] = N_("would help: no interrupt pin, no MSI-X, and MSI was given "
					  "in a trial"),
		[GPUPROBE_INTX_NOT_NVIDIA] = N_("is not for this function"),
		[GPUPROBE_INTX_HAS_PIN] = N_("is not needed: the GPU has an interrupt pin"),
		[GPUPROBE_INTX_HAS_IRQ] = N_("is not needed: the kernel has an interrupt for it"),
		[GPUPROBE_INTX_HAS_MSIX] = N_("is not needed: the GPU has MSI-X, which the driver takes"),
		[GPUPROBE_INTX_NO_MSI] = N_("cannot help: the GPU has no MSI to use instead"),
		[GPUPROBE_INTX_MSI_UNTRIED] = N_("is not known to help: MSI was not tried, as a driver "
						 "has the GPU or it is not reachable"),
		[GPUPROBE_INTX_MSI_FAILED] = N_("cannot help: the kernel gave no MSI in a trial"),
	};

	return obstacle < sizeof(texts) / sizeof(texts[0]) ? _(texts[obstacle]) :
							     _("is not known");
}

static const struct snapshot *with_workaround(const struct function *function)
{
	const struct snapshot *found = NULL;

	for (size_t i = 0; i < function->snapshots.count; i++)
		if (function->snapshots.at[i].deep.workaround_known)
			found = &function->snapshots.at[i];
	return found;
}

static int show(const struct root *root)
{
	struct gpuprobe_case *c = case_create();
	char place[PCI_ADDRESS_TEXT], *problem = NULL, *text;
	struct renderer r;
	bool any = false;

	text_renderer(&r, stdout, output_width(stdout), output_coloured(stdout));
	r.paragraph(&r, _("intx: just before nvidia's probe, give a GPU that shows no interrupt pin an "
		    "interrupt number that is not 0. That is all that the driver's check looks at; "
		    "it then uses MSI. Nothing in the GPU is changed. --apply switches it on, now "
		    "and for each boot; --undo switches it off."));
	if (source_module_device(c, root, &problem))
		fprintf(stderr, "gpuprobe: %s\n", problem);
	free(problem);
	for (size_t i = 0; i < c->functions.count; i++) {
		const struct snapshot *snapshot = with_workaround(&c->functions.at[i]);

		if (!snapshot || !function_is_gpu(&c->functions.at[i]))
			continue;
		any = true;
		text = xasprintf("%s%s", obstacle_text(snapshot->deep.workaround.obstacle),
				 snapshot->deep.workaround.enabled ? _(" (switched on)") : "");
		r.item(&r, pci_address_print(&c->functions.at[i].address, place), text);
		free(text);
	}
	if (!any)
		r.paragraph(&r, _("Whether it would help is not known: it takes root and the gpuprobe "
			      "module, loaded before the driver."));
	case_destroy(c);
	return 0;
}

static int run_fix(int argc, char **argv)
{
	struct root root = { .path = "" };
	int action = SHOW;
	const struct command_option rows[] = {
		{ "apply",	.flag = &action, .value = APPLY },
		{ "undo",	.flag = &action, .value = UNDO },
		{ "root",	.word = &root.path },
		{ 0 }
	};
	int status = command_options(&command_fix, argc, argv, rows);

	if (status)
		return status < 0 ? 0 : status;
	if (optind < argc && (strcmp(argv[optind], "intx") != 0 || optind + 1 < argc))
		return wrong_use(&command_fix, "there is one workaround, intx");
	if (action != SHOW && optind == argc)
		return wrong_use(&command_fix, "name the workaround: intx");
	return action == APPLY ? apply(&root) : action == UNDO ? undo(&root) : show(&root);
}

const struct command command_fix = {
	.name = "fix",
	.summary = "workarounds inside the guest: show, apply, undo",
	.help = "usage: gpuprobe fix [intx [--apply | --undo]]\n"
		"\n"
		"Show what a workaround would do, switch it on, or off. The one there is, intx,\n"
		"lets nvidia.ko accept a GPU that the hypervisor shows without an interrupt pin,\n"
		"if the GPU has usable MSI. The module does it; it must be loaded before nvidia.\n"
		"\n"
		"      --apply         switch it on, now and for each boot\n"
		"      --undo          switch it off, and forget it\n"
		"      --root=DIR      look at DIR instead of / (for tests and support)\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 done, 64 wrong use, 74 something could not be written.\n",
	.run = run_fix,
};
