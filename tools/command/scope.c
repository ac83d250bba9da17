// SPDX-License-Identifier: GPL-2.0-or-later
/* --boot and --device: which part of what was collected a report is about. */
#include <errno.h>
#include <sysexits.h>

#include "case/log.h"
#include "command/command.h"
#include "lib/i18n.h"

static bool read_device(struct scope *scope)
{
	size_t used = pci_address_parse(scope->device, &scope->address);

	return used && !scope->device[used];
}

static bool read_boot(struct scope *scope)
{
	char *end;
	long boot;

	errno = 0;
	boot = strtol(scope->boot_word, &end, 10);
	if (end == scope->boot_word || *end || errno || boot > 0 || boot < INT16_MIN)
		return false;
	scope->boot = boot;
	return true;
}

int scope_read(const struct command *command, struct scope *scope)
{
	if (scope->device && !read_device(scope))
		return wrong_use(command, "--device=%s: not a PCI address, such as 0000:00:06.0",
				 scope->device);
	if (scope->boot_word && !read_boot(scope))
		return wrong_use(command, "--boot=%s: not 0 (the last boot), -1 (the one before), "
				 "...", scope->boot_word);
	return 0;
}

int scope_choose_boot(struct gpuprobe_case *c, const struct scope *scope)
{
	if (!scope->boot_word)
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
