// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/source.h"

#include <pci/pci.h>

#include "uapi/gpuprobe.h"

/* Names from pci.ids, where that file is installed. */
static void find_names(struct gpuprobe_case *c)
{
	struct pci_access *access = pci_alloc();
	char name[256];

	access->method = PCI_ACCESS_I386_TYPE1;		/* never used: no pci_init() */
	for (size_t i = 0; i < c->functions.count; i++) {
		struct function *function = &c->functions.at[i];

		if (function->name || !function->ids_known)
			continue;
		if (pci_lookup_name(access, name, sizeof(name),
				    PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS,
				    function->vendor, function->device))
			function->name = xstrdup(name);
	}
	pci_cleanup(access);
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
