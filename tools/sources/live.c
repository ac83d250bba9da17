// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/source.h"

#include "lib/pcinames.h"
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
		case_add_blind_spot(c, "the GPU before its driver had it",
				    "the gpuprobe module was loaded after the driver",
				    "reboot, so that gpuprobe is loaded first");
		return;
	}
}

void collect_live(struct gpuprobe_case *c, const struct root *root,
		  const struct knowledge *knowledge)
{
	char *problem = NULL;

	source_machine(c, root);
	source_address_space(c, root);
	source_names(c, root);
	if (source_module_device(c, root, &problem)) {
		fprintf(stderr, "gpuprobe: %s\n", problem);
		free(problem);
	}
	note_late_module(c);
	source_sysfs(c, root);
	source_modules(c, root);
	if (!c->log_looked && knowledge)
		source_kmsg(c, root, knowledge);
	if (root_is_live(root))
		find_names(c);
}
