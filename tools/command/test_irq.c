// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe test-irq: does an interrupt of the GPU arrive? */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "lib/progress.h"
#include "render/renderer.h"
#include "sources/source.h"
#include "version.h"

#define ALL_TYPES (GPUPROBE_IRQ_TYPE_MSIX | GPUPROBE_IRQ_TYPE_MSI | GPUPROBE_IRQ_TYPE_INTX)

static const char *type_name(uint32_t type)
{
	switch (type) {
	case GPUPROBE_IRQ_TYPE_MSIX:
		return "MSI-X";
	case GPUPROBE_IRQ_TYPE_MSI:
		return "MSI";
	default:
		return "INTx";
	}
}

/* Why the module did not run the test at all; the record is there for the last two. */
static const struct {
	int error;
	const char *text;
} refusals[] = {
	{ EPERM,	N_("this needs root") },
	{ EACCES,	N_("this needs root") },
	{ ENOENT,	N_("the gpuprobe module is not loaded") },
	{ ENXIO,	N_("there is no such function, or gpuprobe does not watch it") },
	{ EOPNOTSUPP,	N_("that is no NVIDIA display function") },
	{ EBUSY,	N_("a driver has the GPU; unload it first") },
	{ ENODEV,	N_("the GPU vanished during the test") },
	{ EINTR,	N_("interrupted") },
};

/* The module does not know this test, or not in this form. */
static int refuse_other_version(const struct root *root, const char *place)
{
	char *version = root_line(root, "/sys/module/gpuprobe/version");

	/* TRANSLATORS: a PCI address, the version of the module, that of the tool */
	fprintf(stderr, _("gpuprobe: %s: gpuprobe.ko %s does not know this test; load the one of "
			  "version %s, by a reboot after installing it\n"), place,
		version ? version : "?", GPUPROBE_VERSION);
	free(version);
	return 2;
}

static int refuse(const struct root *root, const char *place, int error)
{
	const char *text = strerror(error);

	if (error == ENOTTY)
		return refuse_other_version(root, place);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].error == error)
			text = refusals[i].text;
	fprintf(stderr, "gpuprobe: %s: %s\n", place, _(text));
	return 2;
}

static const char *not_testable(const struct gpuprobe_irq_trial *trial)
{
	switch (-trial->error) {
	case ENODEV:
		return trial->type == GPUPROBE_IRQ_TYPE_INTX ?
			_("the GPU shows no interrupt pin") : _("the GPU has no such capability");
	case ENOSPC:
		return _("the kernel has no interrupt to give");
	case EINVAL:
		return _("it is switched off in this kernel");
	case ENOTCONN:
		return _("the kernel found no route for it");
	default:
		return strerror(-trial->error);
	}
}

/* NULL for what was not tested. */
static char *result_text(const struct gpuprobe_irq_trial *trial)
{
	switch (trial->result) {
	case GPUPROBE_IRQ_DELIVERED:
		return xasprintf(_("delivered: two interrupts arrived, after %" PRIu64 " and %"
				   PRIu64 " us"), (uint64_t)trial->first_ns / 1000,
				 (uint64_t)trial->second_ns / 1000);
	case GPUPROBE_IRQ_NOT_DELIVERED:
		return xstrdup(_("NOT DELIVERED: the GPU raised it, and nothing arrived"));
	case GPUPROBE_IRQ_ONCE:
		return xstrdup(_("ONCE: the first arrived, the second did not; the write that "
				 "re-arms the GPU's interrupt is lost"));
	case GPUPROBE_IRQ_NOT_RAISED:
		return xstrdup(_("not testable: the GPU did not raise it, so this says nothing "
				 "about interrupts"));
	case GPUPROBE_IRQ_STORM:
		return xstrdup(_("STORM: for one interrupt that the GPU raised, many arrived"));
	case GPUPROBE_IRQ_NOT_CLEARED:
		return xstrdup(_("NOT CLEARED: it arrived, but the GPU's pending bit did not "
				 "clear; writes to its interrupt registers are lost"));
	default:
		return NULL;
	}
}

/* Interrupts that the GPU did not raise, where more came than one for each shot. */
static void print_others(struct renderer *r, const struct gpuprobe_irq_trial *trial)
{
	char *text;

	if (trial->type != GPUPROBE_IRQ_TYPE_INTX || trial->spurious + trial->before <= 2 ||
	    trial->result == GPUPROBE_IRQ_STORM)
		return;
	if (trial->before || trial->sharers)
		text = xasprintf(_("%u more arrived on its line, and %u before the test; others "
				   "use that line (%u PCI functions), so they need not be the GPU's"),
				 trial->spurious, trial->before, trial->sharers);
	else
		text = xasprintf(_("%u more arrived that the GPU did not raise"), trial->spurious);
	r->item(r, "", text);
	free(text);
}

static void print_trial(struct renderer *r, const struct gpuprobe_irq_trial *trial)
{
	char *text = result_text(trial);

	if (!text)
		text = xasprintf(_("not testable: %s"), not_testable(trial));
	r->item(r, type_name(trial->type), text);
	print_others(r, trial);
	free(text);
}

static const char *outcome_text(uint32_t outcome)
{
	static const char *const texts[] = {
		[GPUPROBE_IRQ_TEST_RAN]		= NULL,
		[GPUPROBE_IRQ_TEST_BAR0]	= N_("the GPU's registers cannot be used"),
		[GPUPROBE_IRQ_TEST_NO_RECIPE]	= N_("no software trigger is known for this chip"),
		[GPUPROBE_IRQ_TEST_NOT_BOOTED]	= N_("the GPU's firmware has not finished booting"),
		[GPUPROBE_IRQ_TEST_IN_USE]	= N_("the GPU's interrupt registers are in use"),
		[GPUPROBE_IRQ_TEST_GONE]	= N_("the GPU vanished during the test"),
		[GPUPROBE_IRQ_TEST_KILLED]	= N_("the test was interrupted"),
	};

	return outcome < sizeof(texts) / sizeof(texts[0]) ? texts[outcome] :
							    N_("the module says no reason");
}

/* Delivery by the best type counts: a driver uses MSI-X or MSI where it can. */
static int judge(const struct irq_test *test)
{
	bool failed = false;

	for (size_t i = 0; i < test->trials.count; i++) {
		switch (test->trials.at[i].result) {
		case GPUPROBE_IRQ_DELIVERED:
			return failed ? 1 : 0;
		case GPUPROBE_IRQ_NOT_DELIVERED:
		case GPUPROBE_IRQ_ONCE:
		case GPUPROBE_IRQ_STORM:
		case GPUPROBE_IRQ_NOT_CLEARED:
			failed = true;
			break;
		}
	}
	return failed ? 1 : 2;
}

static int print_test(const struct function *function, const struct irq_test *test)
{
	char place[PCI_ADDRESS_TEXT], *heading;
	const char *outcome = outcome_text(test->test.outcome);
	struct renderer r;

	text_renderer(&r, stdout, output_width(stdout), output_coloured(stdout));
	heading = xasprintf(_("Interrupt delivery of %s"),
			    pci_address_print(&function->address, place));
	r.section(&r, heading, UNFOLDED);
	free(heading);
	if (outcome)
		r.item(&r, _("not testable"), _(outcome));
	for (size_t i = 0; i < test->trials.count; i++)
		print_trial(&r, &test->trials.at[i]);
	if ((test->test.restored & 0xf) != 0xf && test->test.outcome == GPUPROBE_IRQ_TEST_RAN)
		r.paragraph(&r, _("Not everything could be put back as it was; reboot the VM before "
			      "the driver is loaded."));
	return judge(test);
}

/* The record of that sequence number, among all that the module keeps. */
static int print_result(const struct root *root, const struct pci_address *address,
			uint64_t sequence)
{
	struct gpuprobe_case *c = case_create();
	const struct function *function;
	char *problem = NULL;
	int status = 2;

	if (source_module_device(c, root, &problem))
		fprintf(stderr, "gpuprobe: %s\n", problem);
	free(problem);
	function = case_find_function(c, address);
	for (size_t i = 0; function && i < function->irq_tests.count; i++)
		if (function->irq_tests.at[i].sequence == sequence)
			status = print_test(function, &function->irq_tests.at[i]);
	case_destroy(c);
	return status;
}

static int test(const struct root *root, const struct pci_address *address)
{
	struct gpuprobe_test_irq request = {
		.domain = address->domain, .bus = address->bus,
		.devfn = address->device << 3 | address->function, .types = ALL_TYPES,
	};
	char place[PCI_ADDRESS_TEXT], *path = root_path(root, "/dev/gpuprobe");
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;

	free(path);
	pci_address_print(address, place);
	if (fd < 0)
		return refuse(root, place, errno);
	progress_step(_("testing whether interrupts arrive"));
	if (ioctl(fd, GPUPROBE_IOC_TEST_IRQ, &request))
		error = errno;
	progress_end();
	close(fd);
	if (!request.sequence)
		return refuse(root, place, error);
	return print_result(root, address, request.sequence);
}

static int run_test_irq(int argc, char **argv)
{
	struct root root = { .path = "" };
	struct pci_address address;
	const struct command_option rows[] = { { "root", .word = &root.path }, { 0 } };
	int status = command_options(&command_test_irq, argc, argv, rows);
	size_t used;

	if (status)
		return status < 0 ? 0 : status;
	if (optind + 1 != argc)
		return wrong_use(&command_test_irq, "name one GPU by its PCI address");
	used = pci_address_parse(argv[optind], &address);
	if (!used || argv[optind][used])
		return wrong_use(&command_test_irq, "'%s' is no PCI address", argv[optind]);
	return test(&root, &address);
}

const struct command command_test_irq = {
	.name = "test-irq",
	.summary = "make the GPU raise interrupts, and see whether they arrive",
	.help = "usage: gpuprobe test-irq [OPTION]... ADDRESS\n"
		"\n"
		"Make the GPU at this PCI address raise two interrupts of each type it has (MSI-X,\n"
		"MSI, INTx) by its own software trigger, and say whether they arrive. Needs root,\n"
		"the gpuprobe module, and no driver bound. It writes to interrupt registers of the\n"
		"GPU and puts everything back; nothing else in gpuprobe does.\n"
		"\n"
		"      --root=DIR      look at DIR instead of / (for tests and support)\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 delivered, 1 raised and not delivered as it should be, 2 not\n"
		"testable, 64 wrong use.\n",
	.run = run_test_irq,
};
