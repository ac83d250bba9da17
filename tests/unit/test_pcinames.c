// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/pcinames.h"
#include "unit.h"

/* libpci looks further for a device that pci.ids does not have: that must not crash. */
START_TEST(unknown_device_has_no_name)
{
	ck_assert_ptr_null(pci_device_name(0x10de, 0xfffe));
	ck_assert_ptr_null(pci_device_name(0xfffe, 0xfffe));
}
END_TEST

START_TEST(known_device_has_its_name)
{
	char *name = pci_device_name(0x10de, 0x1bb3);

	ck_assert_ptr_nonnull(name);
	ck_assert_ptr_nonnull(strstr(name, "Tesla P4"));
	free(name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pcinames");
	TCase *tcase = tcase_create("pcinames");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, unknown_device_has_no_name);
	tcase_add_test(tcase, known_device_has_its_name);
	return unit_run(suite);
}
