// SPDX-License-Identifier: GPL-2.0-or-later
/* --boot and --device: which part of what was collected a report is about. */
#include <errno.h>
#include <sysexits.h>

#include "case/log.h"
#include "command/command.h"
#include "lib/i18n.h"

int scope_option(const struct command *command, struct scope *scope, int option, const char *word)
{
	char *end;
	long boot;

	if (option == OPT_DEVICE) {
		size_t used = pci_address_parse(word, &scope->address);

		if (!used || word[used])
			return wrong_use(command, "--device=%s: not a PCI address, such as "
					 "0000:00:06.0", word);
		scope->device = word;
		return 0;
	}
	errno = 0;
	boot = strtol(word, &end, 10);
	if (end == word || *end || errno || boot > 0 || boot < INT16_MIN)
		return wrong_use(command, "--boot=%s: not 0 (the last boot), -1 (the one before), "
				 "...", word);
	scope->boot_given = true;
	scope->boot = boot;
	return 0;
}

int scope_choose_boot(struct gpuprobe_case *c, const struct scope *scope)
{
	if (!scope->boot_given)
		return 0;
	if (scope->boot < case_first_boot(c)) {
		fprintf(stderr, _("gpuprobe: --boot=%d: the first boot of the log is %d\n"),
			scope->boot, case_first_boot(c));
		return EX_DATAERR;
	}
	c->boot = scope->boot;
	/* It may have been another kernel; the release that is known is that of the last boot. */
	if (scope->boot) {
		free(c->machine.kernel_release);
		c->machine.kernel_release = NULL;
	}
	return 0;
}

int scope_choose_device(struct gpuprobe_case *c, const struct knowledge *knowledge,
			const struct scope *scope)
{
	char place[PCI_ADDRESS_TEXT];

	if (!scope->device || events_keep_device(c, knowledge, &scope->address))
		return 0;
	fprintf(stderr, _("gpuprobe: no NVIDIA function is known at %s"), scope->device);
	for (size_t i = 0; i < c->functions.count; i++)
		fprintf(stderr, "%s%s", i ? ", " : _("; there are "),
			pci_address_print(&c->functions.at[i].address, place));
	fputc('\n', stderr);
	return EX_NOINPUT;
}
