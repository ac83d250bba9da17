// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts from what only the module sees; and nothing where it saw nothing. */
#include <errno.h>

#include "builder.h"
#include "diagnose/facts.h"

#define NO_SUCH_VALUE 99	/* of any of the module's enumerations */

static struct gpuprobe_case *c;
static struct snapshot *snapshot;	/* the newest */
static struct fact found;

static void setup(void)
{
	c = case_create();
	snapshot = given_record(given_gpu(c), GPUPROBE_TRIGGER_LOAD, "");
}

static void teardown(void)
{
	fact_clear(&found);
	case_destroy(c);
}

static const struct fact *fact(const char *name)
{
	struct view view = { .c = c };

	view_focus(&view, c->functions.count ? &c->functions.at[0] : NULL);
	fact_clear(&found);
	ck_assert_msg(fact_get(&view, name, &found), "there is no fact %s", name);
	return &found;
}

static void assert_unknown(const char *name)
{
	ck_assert_msg(fact(name)->kind == FACT_UNKNOWN, "%s is known", name);
	ck_assert_ptr_null(found.because);
}

static void assert_word(const char *name, const char *word, const char *because)
{
	ck_assert_msg(fact(name)->kind == FACT_WORD, "%s: no word", name);
	ck_assert_str_eq(found.word, word);
	ck_assert_msg(found.because && strstr(found.because, because), "%s: %s", name,
		      found.because);
}

static void assert_number(const char *name, uint64_t number)
{
	ck_assert_msg(fact(name)->kind == FACT_NUMBER, "%s: no number", name);
	ck_assert_uint_eq(found.number, number);
}

static void given_bar0(uint32_t outcome, uint32_t architecture)
{
	snapshot->deep.bar0_known = true;
	snapshot->deep.bar0 = (struct gpuprobe_bar0){
		.outcome = outcome, .architecture = architecture, .mirror = 0x88000,
		.prom = 0x300000,
	};
}

static void given_register(uint32_t offset, uint32_t value, uint32_t verdict)
{
	*array_add(&snapshot->deep.registers) =
		(struct gpuprobe_register){ offset, value, 800, verdict };
}

/* A later moment of the same GPU. */
static void given_later(uint32_t trigger, const char *driver)
{
	snapshot = given_record(&c->functions.at[0], trigger, driver);
}

/* --- nothing --- */

START_TEST(nothing_is_known_without_the_module)
{
	for (const struct fact_entry *entry = deep_facts; entry->name; entry++)
		assert_unknown(entry->name);
}
END_TEST

START_TEST(nothing_is_known_without_a_gpu)
{
	case_destroy(c);
	c = case_create();
	for (const struct fact_entry *entry = deep_facts; entry->name; entry++)
		assert_unknown(entry->name);
}
END_TEST

/* BAR0 was looked at in vain: that is known, and no register's value. */
START_TEST(nothing_is_known_of_a_bar_not_read)
{
	given_bar0(GPUPROBE_BAR0_DECODE_OFF, 0);
	for (const struct fact_entry *entry = deep_facts; entry->name; entry++)
		if (strcmp(entry->name, "registers") != 0)
			assert_unknown(entry->name);
}
END_TEST

/* --- BAR0 --- */

static const struct {
	uint32_t outcome;
	const char *word;	/* NULL: not known */
} outcomes[] = {
	{ GPUPROBE_BAR0_READ, "read" },
	{ GPUPROBE_BAR0_NO_BAR, "no-bar" },
	{ GPUPROBE_BAR0_UNASSIGNED, "unassigned" },
	{ GPUPROBE_BAR0_DECODE_OFF, "decode-off" },
	{ GPUPROBE_BAR0_NOT_D0, "not-d0" },
	{ GPUPROBE_BAR0_DRIVER, NULL },
	{ GPUPROBE_BAR0_UNREACHABLE, "unreachable" },
	{ GPUPROBE_BAR0_FIREWALL, "firewall" },
	{ GPUPROBE_BAR0_NO_MEMORY, "not-mapped" },
	{ GPUPROBE_BAR0_ALL_ONES, "all-ones" },
	{ GPUPROBE_BAR0_VIRTUAL, "virtual" },
	{ GPUPROBE_BAR0_UNKNOWN_CHIP, "unknown-chip" },
	{ GPUPROBE_BAR0_LOCKED, "locked" },
	{ GPUPROBE_BAR0_MISMATCH, "mismatch" },
	{ GPUPROBE_BAR0_GONE, "gone" },
	{ GPUPROBE_BAR0_CONFIDENTIAL, "confidential" },
	{ 0, NULL },
	{ NO_SUCH_VALUE, NULL },
	{ 0xffffffff, NULL },
};

START_TEST(registers_by_outcome)
{
	given_bar0(outcomes[_i].outcome, 0);
	if (outcomes[_i].word)
		assert_word("registers", outcomes[_i].word, "");
	else
		assert_unknown("registers");
}
END_TEST

/* What answered at first is not the same as nothing that answers. */
START_TEST(registers_cut_short)
{
	given_bar0(GPUPROBE_BAR0_ALL_ONES, 0);
	given_register(0, 0xffffffff, GPUPROBE_REGISTER_ALL_ONES);
	assert_word("registers", "all-ones", "nothing answers");
	snapshot->deep.registers.at[0] =
		(struct gpuprobe_register){ 0, 0x134000a1, 800, GPUPROBE_REGISTER_OK };
	given_register(0xa00, 0xffffffff, GPUPROBE_REGISTER_ALL_ONES);
	assert_word("registers", "cut-short", "BAR0 + 0xa00");
}
END_TEST

START_TEST(moment_is_named)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	assert_word("registers", "read", "(BAR0) answer");
	ck_assert_str_eq(found.seen, "when gpuprobe was loaded, [2.683640]");
}
END_TEST

/* The newest look counts, but not one that a driver prevented. */
START_TEST(newest_look_at_bar0)
{
	given_bar0(GPUPROBE_BAR0_DECODE_OFF, 0);
	given_later(GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	given_bar0(GPUPROBE_BAR0_ALL_ONES, 0);
	given_later(GPUPROBE_TRIGGER_REQUEST, "nvidia");
	given_bar0(GPUPROBE_BAR0_DRIVER, 0);
	given_later(GPUPROBE_TRIGGER_BEFORE_UNBIND, "nvidia");
	assert_word("registers", "all-ones", "nothing answers");
}
END_TEST

START_TEST(identity_registers)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	assert_unknown("boot0");
	assert_unknown("boot42");
	given_register(0x0, 0x134000a1, GPUPROBE_REGISTER_OK);
	given_register(0xa00, 0, GPUPROBE_REGISTER_OK);
	assert_number("boot0", 0x134000a1);
	ck_assert_str_eq(found.because, "PMC_BOOT_0 (BAR0 + 0x0) reads 0x134000a1");
	assert_number("boot42", 0);
	ck_assert_str_eq(found.because, "PMC_BOOT_42 (BAR0 + 0xa00) reads 0x00000000");
	assert_number("chip.architecture", 0x13);
}
END_TEST

/* What the GPU answers in error is an answer; what was not read is none. */
START_TEST(identity_registers_by_verdict)
{
	given_bar0(GPUPROBE_BAR0_ALL_ONES, 0);
	given_register(0x0, 0xffffffff, GPUPROBE_REGISTER_ALL_ONES);
	given_register(0xa00, 0, GPUPROBE_REGISTER_SKIPPED);
	assert_number("boot0", 0xffffffff);
	assert_unknown("boot42");
	assert_unknown("chip.architecture");
	given_register(0x0, 0xbadf1100, GPUPROBE_REGISTER_BAD);
	assert_number("boot0", 0xbadf1100);
}
END_TEST

/* The devinit bit tells up to Volta, GFW boot from Turing to Ada; no other value does. */
static const struct {
	const char *name;
	uint32_t architecture, offset, value, verdict;
	const char *word;	/* NULL: not known */
} starts[] = {
	{ "posted", 0x13, 0x02240c, 2, GPUPROBE_REGISTER_OK, "yes" },
	{ "posted", 0x0e, 0x02240c, 0xfd, GPUPROBE_REGISTER_OK, "no" },
	{ "posted", 0x14, 0x02240c, 3, GPUPROBE_REGISTER_OK, "yes" },
	{ "posted", 0x16, 0x02240c, 2, GPUPROBE_REGISTER_OK, NULL },
	{ "posted", 0, 0x02240c, 2, GPUPROBE_REGISTER_OK, NULL },
	{ "posted", 0x13, 0x02240c, 0xbadf1002, GPUPROBE_REGISTER_BAD, NULL },
	{ "posted", 0x13, 0x022410, 2, GPUPROBE_REGISTER_OK, NULL },
	{ "gfw-boot", 0x16, 0x118234, 0x3ff, GPUPROBE_REGISTER_OK, "complete" },
	{ "gfw-boot", 0x17, 0x118234, 0xfe, GPUPROBE_REGISTER_OK, "unfinished" },
	{ "gfw-boot", 0x19, 0x118234, 0xff00, GPUPROBE_REGISTER_OK, "unfinished" },
	{ "gfw-boot", 0x14, 0x118234, 0xff, GPUPROBE_REGISTER_OK, NULL },
	{ "gfw-boot", 0x1a, 0x118234, 0xff, GPUPROBE_REGISTER_OK, NULL },
	{ "gfw-boot", 0x16, 0x118234, 0, GPUPROBE_REGISTER_SKIPPED, NULL },
	{ "wpr2", 0x16, 0x1fa828, 0x1ffe000, GPUPROBE_REGISTER_OK, "up" },
	{ "wpr2", 0x17, 0x1fa828, 0xf, GPUPROBE_REGISTER_OK, "down" },
	{ "wpr2", 0x17, 0x1fa828, 0xbadf4100, GPUPROBE_REGISTER_BAD, NULL },
};

START_TEST(how_far_the_gpu_has_started)
{
	given_bar0(GPUPROBE_BAR0_READ, starts[_i].architecture);
	given_register(starts[_i].offset, starts[_i].value, starts[_i].verdict);
	if (starts[_i].word)
		assert_word(starts[_i].name, starts[_i].word, "0x");
	else
		assert_unknown(starts[_i].name);
}
END_TEST

START_TEST(timer_needs_two_reads)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_register(0x9400, 0x1000, GPUPROBE_REGISTER_OK);
	given_register(0x9410, 0x2000, GPUPROBE_REGISTER_OK);	/* the upper half */
	given_register(0x9400, 0xbadf1000, GPUPROBE_REGISTER_BAD);
	assert_unknown("timer");
	given_register(0x9400, 0x1000, GPUPROBE_REGISTER_OK);
	assert_word("timer", "stopped", "stands still");
	given_register(0x9400, 0x1020, GPUPROBE_REGISTER_OK);
	assert_word("timer", "running", "timer runs");
}
END_TEST

/* The lower half wraps every 4 s: less than before is running too. */
START_TEST(timer_that_wraps_runs)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_register(0x9400, 0xffffffe0, GPUPROBE_REGISTER_OK);
	given_register(0x9400, 0x20, GPUPROBE_REGISTER_OK);
	assert_word("timer", "running", "");
}
END_TEST

static const struct {
	uint32_t fastest_ns;
	const char *word;
} accesses[] = {
	{ 0, NULL }, { 1, "direct" }, { 900, "direct" }, { 5000, "direct" }, { 5001, NULL },
	{ 15000, NULL }, { 15001, "trapped" }, { 80000, "trapped" },
};

START_TEST(access_by_the_fastest_read)
{
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	snapshot->deep.bar0.fastest_ns = accesses[_i].fastest_ns;
	snapshot->deep.bar0.slowest_ns = 1000000;
	if (accesses[_i].word)
		assert_word("access", accesses[_i].word, "ns or more");
	else
		assert_unknown("access");
}
END_TEST

/* --- the VBIOS window --- */

static void given_prom(uint32_t offset, uint32_t image, const void *data, size_t length)
{
	struct prom_piece *piece = array_add(&snapshot->deep.prom);

	piece->offset = offset;
	piece->image = image;
	piece->length = length;
	memcpy(piece->data, data, length);
}

#define PCIR_P4	"PCIR\xde\x10\xb3\x1b"

static const struct {
	uint32_t image;
	const char *pcir;	/* the bytes where the PCI data structure should be; NULL: not read */
	size_t length;
	const char *word, *because;
} proms[] = {
	{ GPUPROBE_PROM_NO_IMAGE, NULL, 0, "absent", "BAR0 + 0x300000" },
	{ 0, NULL, 0, "no-pcir", "no PCI data structure" },
	{ 0, "RICP\xde\x10\xb3\x1b", 8, "no-pcir", "no PCI data structure" },
	{ 0, PCIR_P4, 7, "no-pcir", "no PCI data structure" },	/* cut inside the ids */
	{ 0, "PCIR\xde\x10\x80\x1b", 8, "wrong-ids", "for 10de:1b80, the GPU is 10de:1bb3" },
	{ 0, "PCIR\x02\x10\xb3\x1b", 8, "wrong-ids", "for 1002:1bb3, the GPU is 10de:1bb3" },
	{ 0, PCIR_P4, 8, "good", "10de:1bb3" },
	{ 0x4800, PCIR_P4, 8, "good", "10de:1bb3" },	/* behind an IFR header */
};

START_TEST(prom_by_its_content)
{
	static const uint8_t head[32] = { 0x55, 0xaa, 0x7d };

	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_prom(0, proms[_i].image, head, sizeof(head));
	if (proms[_i].pcir)
		given_prom(proms[_i].image + 0x170, proms[_i].image, proms[_i].pcir,
			   proms[_i].length);
	assert_word("prom", proms[_i].word, proms[_i].because);
}
END_TEST

/* --- the mirror --- */

static void given_mirror(size_t offset, size_t length)
{
	*array_add(&snapshot->deep.mirror_pieces) = (struct config_piece){ offset, length };
}

/* Config space with BARs, and the same in the mirror. */
static void given_mirrored_config(uint8_t pin)
{
	uint8_t bytes[256];

	config_p4(bytes, pin);
	config_word(bytes, PCI_BASE_ADDRESS_0 + 2, 0xc200);
	given_config(snapshot, bytes);
	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	memcpy(snapshot->deep.mirror, bytes, sizeof(snapshot->deep.mirror));
}

START_TEST(pin_of_the_gpu_itself)
{
	given_mirrored_config(0);
	snapshot->deep.mirror[PCI_INTERRUPT_PIN] = 1;
	given_mirror(0, PCI_INTERRUPT_PIN);
	assert_unknown("mirror.intpin");
	given_mirror(0x3c, 4);
	assert_number("mirror.intpin", 1);
	ck_assert_ptr_nonnull(strstr(found.because, "0x01, in its mirror of config space at "
					     "BAR0 + 0x88000"));
	snapshot->deep.mirror[PCI_INTERRUPT_PIN] = 0;
	assert_number("mirror.intpin", 0);
}
END_TEST

START_TEST(bars_of_the_gpu_itself)
{
	given_mirrored_config(1);
	assert_unknown("mirror.bars");
	given_mirror(0, 64);
	assert_word("mirror.bars", "same", "the BARs that the guest has");
	snapshot->deep.mirror[PCI_BASE_ADDRESS_5 + 3] = 0xfe;
	assert_word("mirror.bars", "differ",
		    "BAR5 is 0x00000000 for the guest and 0xfe000000 in");
	snapshot->deep.mirror[PCI_BASE_ADDRESS_0 + 3] = 0xe0;
	assert_word("mirror.bars", "differ", "BAR0 is 0xc2000000 for the guest and 0xe0000000 in");
}
END_TEST

/* All six BARs, in one piece, and config space to hold them against. */
START_TEST(bars_of_the_gpu_need_all_bytes)
{
	given_mirrored_config(1);
	given_mirror(PCI_BASE_ADDRESS_0, 20);
	given_mirror(PCI_BASE_ADDRESS_1, 20);
	assert_unknown("mirror.bars");
	given_mirror(PCI_BASE_ADDRESS_0, 24);
	assert_word("mirror.bars", "same", "");
	snapshot->config_length = 0;
	assert_unknown("mirror.bars");
}
END_TEST

/* --- the kernel --- */

static const struct {
	uint32_t got;
	int32_t error;
	const char *word, *because;
} trials[] = {
	{ 1, 0, "yes", "a vector in a trial" },
	{ 0, -ENOSPC, "no", "no vector in a trial: error -28" },
	{ 0, 0, "no", "no vector" },
	{ 1, -EIO, "no", "error -5" },
};

START_TEST(trials_of_msi)
{
	struct gpuprobe_msi_trial trial = { .got = trials[_i].got, .error = trials[_i].error };

	snapshot->deep.msi_trial_known = true;
	snapshot->deep.msi_trial = trial;
	assert_word("msi.trial", trials[_i].word, trials[_i].because);
	ck_assert_ptr_nonnull(strstr(found.because, "gave MSI "));
	assert_unknown("msix.trial");
	snapshot->deep.msi_trial_known = false;
	snapshot->deep.msix_trial_known = true;
	snapshot->deep.msix_trial = trial;
	assert_word("msix.trial", trials[_i].word, trials[_i].because);
	ck_assert_ptr_nonnull(strstr(found.because, "gave MSI-X "));
	assert_unknown("msi.trial");
}
END_TEST

/* Only thorough snapshots make a trial; the newest of them counts. */
START_TEST(newest_trial)
{
	snapshot->deep.msi_trial_known = true;
	snapshot->deep.msi_trial.error = -ENOSPC;
	given_later(GPUPROBE_TRIGGER_REQUEST, "");
	snapshot->deep.msi_trial_known = true;
	snapshot->deep.msi_trial.got = 1;
	given_later(GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	assert_word("msi.trial", "yes", "");
	ck_assert_ptr_nonnull(strstr(found.seen, "on request"));
}
END_TEST

static const struct {
	uint32_t source;
	const char *word;
} routes[] = {
	{ GPUPROBE_ROUTE_NO_PIN, "no-pin" },	{ GPUPROBE_ROUTE_NO_TABLE, "none" },
	{ GPUPROBE_ROUTE_NO_ENTRY, "none" },	{ GPUPROBE_ROUTE_GSI, "routed" },
	{ GPUPROBE_ROUTE_LINK, "routed" },	{ GPUPROBE_ROUTE_NO_ACPI, NULL },
	{ 0, NULL },				{ NO_SUCH_VALUE, NULL },
};

START_TEST(route_by_its_source)
{
	snapshot->deep.route_known = true;
	snapshot->deep.route.source = routes[_i].source;
	if (routes[_i].word)
		assert_word("intx.route", routes[_i].word, "");
	else
		assert_unknown("intx.route");
}
END_TEST

static const struct {
	uint32_t state;
	const char *word;
} extended[] = {
	{ GPUPROBE_EXTENDED_UNREACHABLE, "unreachable" }, { GPUPROBE_EXTENDED_ZERO, "zero" },
	{ GPUPROBE_EXTENDED_ONES, "ones" }, { GPUPROBE_EXTENDED_REAL, "real" }, { 0, NULL },
	{ NO_SUCH_VALUE, NULL },
};

START_TEST(extended_by_its_state)
{
	snapshot->deep.extended_known = true;
	snapshot->deep.extended.state = extended[_i].state;
	if (extended[_i].word)
		assert_word("extended", extended[_i].word, "config space");
	else
		assert_unknown("extended");
}
END_TEST

START_TEST(workaround_is_what_is_switched_on)
{
	snapshot->deep.workaround_known = true;
	snapshot->deep.workaround.active = 1;
	ck_assert_int_eq(fact("workaround")->kind, FACT_WORD);
	ck_assert_str_eq(found.word, "no");
	snapshot->deep.workaround.enabled = 1;
	snapshot->deep.workaround.active = 0;
	assert_word("workaround", "yes", "workaround intx is switched on");
}
END_TEST

/* --- the interrupt delivery test --- */

static void given_irq_trial(uint32_t type, uint32_t result)
{
	struct irq_test *test = array_add(&c->functions.at[0].irq_tests);

	test->test.outcome = GPUPROBE_IRQ_TEST_RAN;
	*array_add(&test->trials) = (struct gpuprobe_irq_trial){ .type = type, .result = result };
}

static const struct {
	uint32_t type;
	const char *name;
	const char *of;		/* the beginning of the sentence */
} delivery_types[] = {
	{ GPUPROBE_IRQ_TYPE_MSIX, "delivery.msix", "in the interrupt test the GPU's MSI-X " },
	{ GPUPROBE_IRQ_TYPE_MSI, "delivery.msi", "in the interrupt test the GPU's MSI " },
	{ GPUPROBE_IRQ_TYPE_INTX, "delivery.intx", "in the interrupt test the GPU's INTx " },
};

static const struct {
	uint32_t result;
	const char *word;
} deliveries[] = {
	{ GPUPROBE_IRQ_DELIVERED, "delivered" },
	{ GPUPROBE_IRQ_NOT_DELIVERED, "not-delivered" },
	{ GPUPROBE_IRQ_ONCE, "once" },
	{ GPUPROBE_IRQ_NOT_RAISED, NULL },
	{ GPUPROBE_IRQ_NOT_TESTABLE, NULL },
	{ GPUPROBE_IRQ_STORM, "storm" },
	{ GPUPROBE_IRQ_NOT_CLEARED, "not-cleared" },
	{ 0, NULL },
	{ NO_SUCH_VALUE, NULL },
};

START_TEST(delivery_by_type_and_result)
{
	for (int type = 0; type < COUNT(delivery_types); type++) {
		given_irq_trial(delivery_types[type].type, deliveries[_i].result);
		if (deliveries[_i].word)
			assert_word(delivery_types[type].name, deliveries[_i].word,
				    delivery_types[type].of);
		else
			assert_unknown(delivery_types[type].name);
		for (int later = type + 1; later < COUNT(delivery_types); later++)
			assert_unknown(delivery_types[later].name);
	}
}
END_TEST

START_TEST(newest_delivery)
{
	given_irq_trial(GPUPROBE_IRQ_TYPE_MSI, GPUPROBE_IRQ_NOT_DELIVERED);
	given_irq_trial(GPUPROBE_IRQ_TYPE_MSI, GPUPROBE_IRQ_DELIVERED);
	given_irq_trial(GPUPROBE_IRQ_TYPE_INTX, GPUPROBE_IRQ_NOT_DELIVERED);
	assert_word("delivery.msi", "delivered", "twice");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("deep");
	TCase *tcase = unit_case(suite, "deep");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, nothing_is_known_without_the_module);
	tcase_add_test(tcase, nothing_is_known_without_a_gpu);
	tcase_add_test(tcase, nothing_is_known_of_a_bar_not_read);
	tcase_add_loop_test(tcase, registers_by_outcome, 0, COUNT(outcomes));
	tcase_add_test(tcase, registers_cut_short);
	tcase_add_test(tcase, moment_is_named);
	tcase_add_test(tcase, newest_look_at_bar0);
	tcase_add_test(tcase, identity_registers);
	tcase_add_test(tcase, identity_registers_by_verdict);
	tcase_add_loop_test(tcase, how_far_the_gpu_has_started, 0, COUNT(starts));
	tcase_add_test(tcase, timer_needs_two_reads);
	tcase_add_test(tcase, timer_that_wraps_runs);
	tcase_add_loop_test(tcase, access_by_the_fastest_read, 0, COUNT(accesses));
	tcase_add_loop_test(tcase, prom_by_its_content, 0, COUNT(proms));
	tcase_add_test(tcase, pin_of_the_gpu_itself);
	tcase_add_test(tcase, bars_of_the_gpu_itself);
	tcase_add_test(tcase, bars_of_the_gpu_need_all_bytes);
	tcase_add_loop_test(tcase, trials_of_msi, 0, COUNT(trials));
	tcase_add_test(tcase, newest_trial);
	tcase_add_loop_test(tcase, route_by_its_source, 0, COUNT(routes));
	tcase_add_loop_test(tcase, extended_by_its_state, 0, COUNT(extended));
	tcase_add_test(tcase, workaround_is_what_is_switched_on);
	tcase_add_loop_test(tcase, delivery_by_type_and_result, 0, COUNT(deliveries));
	tcase_add_test(tcase, newest_delivery);
	return unit_run(suite);
}
