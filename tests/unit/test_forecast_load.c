// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether nvidia.ko is loaded and gets as far as its probe; what the kernel and the PCI bus decide. */
#include "forecast.h"

/* --- the driver's file --- */

static const struct {
	const char *vermagic;
	enum gate_result result;
} vermagics[] = {
	{ FITS, GATE_PASSES },
	{ "6.1.0-42-amd64", GATE_PASSES },
	{ "6.1.0-4-amd64 SMP preempt mod_unload ", GATE_FAILS },
	{ "6.1.0-42-amd64-rt SMP preempt mod_unload ", GATE_FAILS },
	/* the kernel then compares the symbols, one by one */
	{ "6.1.0-41-amd64 SMP preempt mod_unload modversions ", GATE_CANNOT_TELL },
};

START_TEST(built_for_which_kernel)
{
	given_file(vermagics[_i].vermagic, NULL);
	assert_gate("vermagic", vermagics[_i].result, "6.1.0-42-amd64");
	/* One can build it anew, so what comes then is told as well. */
	ck_assert_ptr_nonnull(gate("registers"));
}
END_TEST

static const struct {
	enum answer enforced;
	const char *signer;
	enum answer known;
	enum gate_result result;
	enum confidence confidence;
} signatures[] = {
	{ NO, NULL, NOT_KNOWN, GATE_PASSES, CONFIDENCE_CERTAIN },
	{ NO, "mine", NO, GATE_PASSES, CONFIDENCE_CERTAIN },
	{ NOT_KNOWN, NULL, NOT_KNOWN, GATE_CANNOT_TELL, CONFIDENCE_CERTAIN },
	{ YES, NULL, NOT_KNOWN, GATE_FAILS, CONFIDENCE_CERTAIN },
	{ YES, "mine", NO, GATE_FAILS, CONFIDENCE_LIKELY },
	{ YES, "mine", YES, GATE_PASSES, CONFIDENCE_LIKELY },
	{ YES, "mine", NOT_KNOWN, GATE_CANNOT_TELL, CONFIDENCE_CERTAIN },
};

START_TEST(signature_that_the_kernel_wants)
{
	given_file(FITS, signatures[_i].signer)->signer_known = signatures[_i].known;
	c->machine.signatures_enforced = signatures[_i].enforced;
	assert_gate("signature", signatures[_i].result, "");
	ck_assert_int_eq(gate("signature")->confidence, signatures[_i].confidence);
}
END_TEST

START_TEST(what_is_loaded_was_accepted)
{
	given_file(FITS, NULL)->loaded = true;
	c->machine.signatures_enforced = YES;
	assert_gate("signature", GATE_PASSES, "loaded");
}
END_TEST

static const struct {
	const char *kind, *module, *value;
	enum gate_result result;
} settings[] = {
	{ "install", "nvidia", "/bin/false", GATE_FAILS },
	{ "install", "nvidia", "/usr/bin/true --", GATE_FAILS },
	{ "alias", "nvidia", "off", GATE_FAILS },
	{ "blacklist", "nvidia", NULL, GATE_FAILS },
	{ "blacklist", "nvidia-current", NULL, GATE_FAILS },
	/* Debian's own line, and what is about others */
	{ "install", "nvidia", "modprobe -i nvidia-current $CMDLINE_OPTS", GATE_PASSES },
	{ "blacklist", "nouveau", NULL, GATE_PASSES },
	{ "blacklist", "nvidiafb", NULL, GATE_PASSES },
	{ "options", "nvidia", "NVreg_EnableMSI=0", GATE_PASSES },
};

START_TEST(blocked_by_modprobe)
{
	given_file(FITS, NULL);
	given_setting(settings[_i].kind, settings[_i].module, settings[_i].value);
	assert_gate("not-blocked", settings[_i].result, "modprobe");
}
END_TEST

/* --- the load and the probe --- */

static const struct {
	const char *driver, *override;
	enum gate_result result;
} owners[] = {
	{ "", NULL, GATE_PASSES }, { "nvidia", NULL, GATE_PASSES },
	{ "nouveau", NULL, GATE_FAILS }, { "vfio-pci", NULL, GATE_FAILS },
	{ "", "vfio-pci", GATE_FAILS }, { "", "nvidia", GATE_PASSES },
};

START_TEST(another_driver_has_it)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	free(snapshot->driver);
	snapshot->driver = xstrdup(owners[_i].driver);
	snapshot->deep.driver_override = owners[_i].override ? xstrdup(owners[_i].override) : NULL;
	assert_gate("owner", owners[_i].result, "");
	/* It can let go, so what comes then is told as well. */
	ck_assert_ptr_nonnull(gate("irq"));
}
END_TEST

START_TEST(a_class_that_is_not_counted_beside_another_gpu)
{
	given_p4(c, 1, 11);
	given_snapshot(given_gpu_at(c, "0000:00:07.0"), SNAPSHOT_SYSFS, "");
	c->functions.at[0].class = 0x038000;
	assert_gate("class", GATE_FAILS, "0380");
	ck_assert_ptr_null(gate("class")->message);
}
END_TEST

static const struct {
	const char *driver;
	uint16_t device;
	uint32_t outcome;
	int result;		/* -1: this driver does not look */
} firewalls[] = {
	{ "595.45.04", 0x2901, GPUPROBE_BAR0_FIREWALL, GATE_FAILS },
	{ "595.45.04", 0x2901, GPUPROBE_BAR0_READ, GATE_PASSES },
	{ "590.48.01", 0x3182, GPUPROBE_BAR0_FIREWALL, GATE_FAILS },
	{ "580.142", 0x2901, GPUPROBE_BAR0_FIREWALL, -1 },
	{ "595.45.04", 0x2b85, GPUPROBE_BAR0_READ, -1 },
};

START_TEST(bar_firewall_of_blackwell)
{
	given_bar0(firewalls[_i].outcome, 0x1a);
	c->functions.at[0].device = firewalls[_i].device;
	given_driver(firewalls[_i].driver);
	if (firewalls[_i].result < 0)
		ck_assert_ptr_null(gate("firewall"));
	else
		assert_gate("firewall", firewalls[_i].result, "it is up");
}
END_TEST

static const struct {
	uint32_t source;
	uint8_t line;
	enum gate_result result;
} routes[] = {
	{ GPUPROBE_ROUTE_GSI, 255, GATE_PASSES },
	{ GPUPROBE_ROUTE_NO_ENTRY, 255, GATE_PASSES },	/* IRQ_NOTCONNECTED */
	{ GPUPROBE_ROUTE_NO_ENTRY, 11, GATE_PASSES },
	{ GPUPROBE_ROUTE_NO_ENTRY, 0, GATE_FAILS },
	{ GPUPROBE_ROUTE_NO_TABLE, 0, GATE_FAILS },
	{ GPUPROBE_ROUTE_NO_TABLE, 16, GATE_CANNOT_TELL },
};

START_TEST(pin_without_irq_by_its_route)
{
	struct snapshot *snapshot = given_p4(c, 1, 0);

	snapshot->deep.route_known = true;
	snapshot->deep.route.source = routes[_i].source;
	snapshot->config[PCI_INTERRUPT_LINE] = routes[_i].line;
	assert_gate("irq", routes[_i].result, "");
}
END_TEST

/* Up to 570: a window above 4 GiB needs one of the bridge there. */
static const struct {
	const char *driver;
	uint64_t window;
	int result;
} bridges[] = {
	{ "570.86.15", 0x800000000, GATE_PASSES }, { "570.86.15", 0xc0000000, GATE_FAILS },
	{ "535.183.01", 0xc0000000, GATE_FAILS }, { "575.64.05", 0xc0000000, -1 },
};

START_TEST(bridge_above_4g)
{
	struct snapshot *snapshot = given_p4(c, 1, 11);

	given_driver(bridges[_i].driver);
	array_add(&snapshot->parents)->class = 0x060400;
	*array_add(&snapshot->deep.windows) = (struct gpuprobe_window){
		.start = bridges[_i].window, .end = bridges[_i].window + 0xfffffff, .flags = WIDE,
	};
	if (bridges[_i].result < 0)
		ck_assert_ptr_null(gate("bridge"));
	else
		assert_gate("bridge", bridges[_i].result, "window above 4 GiB");
}
END_TEST

START_TEST(no_bridge_on_the_root_bus)
{
	given_p4(c, 1, 11);
	given_driver("535.183.01");
	ck_assert_ptr_nonnull(gate("bars"));
	ck_assert_ptr_null(gate("bridge"));
}
END_TEST

START_TEST(claimed_register_window)
{
	given_p4(c, 1, 11)->bars[0].holder = xstrdup("rivatv");
	assert_gate("region", GATE_FAILS, "rivatv");
	ck_assert_str_eq(gate("region")->message, "nvrm.region-claimed");
}
END_TEST

/* It has it already, so nobody was in its way. */
START_TEST(register_window_claimed_by_the_driver)
{
	given_p4(c, 1, 11)->bars[0].holder = xstrdup("nvidia");
	ck_assert_ptr_nonnull(gate("bars"));
	ck_assert_ptr_null(gate("region"));
}
END_TEST

START_TEST(resizing_is_off_by_default)
{
	given_p4(c, 1, 11);
	ck_assert_ptr_nonnull(gate("bars"));
	ck_assert_ptr_null(gate("resize"));
}
END_TEST

START_TEST(resizing_by_option)
{
	given_p4(c, 1, 11);
	given_setting("options", "nvidia", "NVreg_UsePageAttributeTable=1 NVreg_EnableResizableBar=1");
	assert_gate("resize", GATE_CANNOT_TELL, "NVreg_EnableResizableBar");
}
END_TEST

/* From 580 on the chip is asked before the BARs but for BAR0. */
static const struct {
	const char *driver;
	const char *first, *second;
} orders[] = {
	{ "570.86.15", "bars", "registers" }, { "580.82.07", "registers", "bars" },
	{ "570.86.15", "region", "registers" }, { "580.82.07", "bar0", "region" },
};

START_TEST(order_by_branch)
{
	const struct gate_forecast *first, *second;

	given_bar0(GPUPROBE_BAR0_READ, 0x13);
	given_driver(orders[_i].driver);
	first = gate(orders[_i].first);
	second = gate(orders[_i].second);
	ck_assert(first && second && first < second);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forecast_load");
	TCase *tcase = unit_case(suite, "forecast_load");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, built_for_which_kernel, 0, COUNT(vermagics));
	tcase_add_loop_test(tcase, signature_that_the_kernel_wants, 0, COUNT(signatures));
	tcase_add_test(tcase, what_is_loaded_was_accepted);
	tcase_add_loop_test(tcase, blocked_by_modprobe, 0, COUNT(settings));
	tcase_add_loop_test(tcase, another_driver_has_it, 0, COUNT(owners));
	tcase_add_test(tcase, a_class_that_is_not_counted_beside_another_gpu);
	tcase_add_loop_test(tcase, bar_firewall_of_blackwell, 0, COUNT(firewalls));
	tcase_add_loop_test(tcase, pin_without_irq_by_its_route, 0, COUNT(routes));
	tcase_add_loop_test(tcase, bridge_above_4g, 0, COUNT(bridges));
	tcase_add_test(tcase, no_bridge_on_the_root_bus);
	tcase_add_test(tcase, claimed_register_window);
	tcase_add_test(tcase, register_window_claimed_by_the_driver);
	tcase_add_test(tcase, resizing_is_off_by_default);
	tcase_add_test(tcase, resizing_by_option);
	tcase_add_loop_test(tcase, order_by_branch, 0, COUNT(orders));
	return unit_run(suite);
}
