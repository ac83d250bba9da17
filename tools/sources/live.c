// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/source.h"

#include "lib/i18n.h"
#include "lib/pcinames.h"
#include "lib/progress.h"
#include "uapi/gpuprobe.h"

static void find_names(struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->functions.count; i++) {
		struct function *function = &c->functions.at[i];

		if (!function->name && function->ids_known)
			function->name = pci_device_name(function->vendor, function->device);
	}
}

/* Loaded too late, the module has seen the GPU only with its driver. */
static void note_late_module(struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->functions.count; i++) {
		const struct function *function = &c->functions.at[i];
		const struct snapshot *first = function->snapshots.at;

		if (!function_is_gpu(function) || !function->snapshots.count ||
		    first->source != SNAPSHOT_MODULE || !first->driver || !*first->driver ||
		    first->trigger == GPUPROBE_TRIGGER_BEFORE_BIND)
			continue;
		case_add_blind_spot(c, _("the GPU before its driver had it"),
				    _("the gpuprobe module was loaded after the driver"),
				    _("reboot, so that gpuprobe is loaded first"));
		return;
	}
}

/* Where the kernel has overwritten the beginning, the journal may have it. */
static void take_log(struct gpuprobe_case *c, const struct root *root,
		     const struct knowledge *knowledge)
{
	size_t known;

	if (source_kmsg(c, root, knowledge))
		return;
	known = c->log.count;
	if (!source_journal(c, root, knowledge) && c->log.count > known)
		return;
	case_add_blind_spot(c, _("the beginning of the kernel log"),
			    _("the kernel has overwritten it, and the journal has no more"),
			    _("boot with log_buf_len=16M"));
}

void collect_live(struct gpuprobe_case *c, const struct root *root,
		  const struct knowledge *knowledge)
{
	char *problem = NULL;

	progress_step(_("looking at the machine"));
	source_machine(c, root);
	source_address_space(c, root);
	source_names(c, root);
	progress_step(_("reading what the gpuprobe module saw"));
	if (source_module_device(c, root, &problem)) {
		progress_end();
		fprintf(stderr, "gpuprobe: %s\n", problem);
		free(problem);
	}
	note_late_module(c);
	progress_step(_("looking at the PCI devices and their drivers"));
	source_sysfs(c, root);
	source_modules(c, root);
	source_firmware(c, root);
	progress_step(_("reading the kernel log"));
	if (!c->log_looked && knowledge)
		take_log(c, root, knowledge);
	if (root_is_live(root))
		find_names(c);
	progress_end();
}

int collect_boot(struct gpuprobe_case *c, const struct root *root, int boot,
		 const struct knowledge *knowledge, char **problem)
{
	int error = source_boot(c, root, boot, knowledge, problem);

	source_names(c, root);
	if (!error && root_is_live(root))
		find_names(c);
	return error;
}
