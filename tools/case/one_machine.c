// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether all that a case holds is of one machine. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/case.h"
#include "lib/i18n.h"

void case_contradict(struct gpuprobe_case *c, const struct pci_address *address,
		     uint16_t device, uint16_t other)
{
	char place[PCI_ADDRESS_TEXT];

	if (!c->contradiction)
		c->contradiction = xasprintf(_("%s is 10de:%04x in one source and 10de:%04x in "
					       "another; that is not one machine"),
					     pci_address_print(address, place), device, other);
}

void case_doubt(struct gpuprobe_case *c, char *why)
{
	const char *what = _("whether the files are of one machine");
	bool told = false;

	for (size_t i = 0; i < c->blind_spots.count; i++)
		told |= !strcmp(c->blind_spots.at[i].what, what);
	if (!told)
		case_add_blind_spot(c, what, why,
				    _("take the log and the list of PCI devices on one machine, "
				      "in one boot"));
	free(why);
}

void case_compare(struct gpuprobe_case *c, const char *what, const char *a, const char *b)
{
	size_t length;

	if (c->contradiction || !a || !b)
		return;
	length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
	if (!length || strncasecmp(a, b, length))
		c->contradiction = xasprintf(_("%s is \"%s\" in one source and \"%s\" in another; "
					       "that is not one machine"), what, a, b);
}

/* Nobody can tell where one has its number alone and the other its name. */
static bool may_be_same_model(const struct function *a, const struct function *b)
{
	if (a->ids_known || b->ids_known)
		return !a->ids_known || !b->ids_known || a->device == b->device;
	return !a->name || !b->name || !strcasecmp(a->name, b->name);
}

/* Whether the functions from @from to @to may have a GPU of the same model. */
static bool has_model(const struct gpuprobe_case *c, size_t from, size_t to,
		      const struct function *gpu)
{
	for (size_t i = from; i < to; i++)
		if (function_is_gpu(&c->functions.at[i]) &&
		    may_be_same_model(&c->functions.at[i], gpu))
			return true;
	return false;
}

/* A GPU of the functions from @from to @to, if those from @other_from to @other_to have no such. */
static const struct function *stranger(const struct gpuprobe_case *c, size_t from, size_t to,
				       size_t other_from, size_t other_to)
{
	const struct function *gpu = NULL;

	for (size_t i = from; i < to; i++) {
		const struct function *function = &c->functions.at[i];

		if ((!function->ids_known && !function->name) || !function_is_gpu(function))
			continue;
		if (has_model(c, other_from, other_to, function))
			return NULL;
		gpu = gpu ? gpu : function;
	}
	return gpu;
}

/* "the GPU 0000:00:06.0 (10de:1bb3)", or with its name where there is no number. */
static char *describe(const struct function *gpu)
{
	char place[PCI_ADDRESS_TEXT];

	pci_address_print(&gpu->address, place);
	return gpu->ids_known ? xasprintf(_("the GPU %s (10de:%04x)"), place, gpu->device) :
				xasprintf(_("the GPU %s (%s)"), place, gpu->name);
}

void case_doubt_functions(struct gpuprobe_case *c, size_t count, const char *source)
{
	const struct function *earlier = stranger(c, 0, count, count, c->functions.count);
	const struct function *now = stranger(c, count, c->functions.count, 0, count);
	char *gpu, *earlier_gpu;

	if (!earlier || !now)
		return;
	gpu = describe(now);
	earlier_gpu = describe(earlier);
	case_doubt(c, xasprintf(_("%s names %s, another file %s, and neither names the other's"),
				source, gpu, earlier_gpu));
	free(gpu);
	free(earlier_gpu);
}
