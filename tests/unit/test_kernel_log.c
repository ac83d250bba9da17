// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel log lines in the shapes that people paste, and /dev/kmsg. */
#include <sys/stat.h>

#include "builder.h"

#define NO_IRQ "NVRM: Can't find an IRQ for your NVIDIA card!"

static struct gpuprobe_case *c;

static void setup(void)
{
	c = case_create();
}

static void teardown(void)
{
	case_destroy(c);
}

static const struct {
	const char *line;
	const char *stamp;	/* NULL: none */
	int64_t time_us;	/* -1: not known */
} shapes[] = {
	{ NO_IRQ, NULL, -1 },
	{ "[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "[12345.000001] " NO_IRQ, "[12345.000001]", 12345000001 },
	{ "[    2.5] " NO_IRQ, "[    2.5]", 2500000 },
	{ "[Tue Sep  9 02:26:33 2025] " NO_IRQ, "[Tue Sep  9 02:26:33 2025]", -1 },
	{ "[Di Sep  9 02:26:33 2025] " NO_IRQ, "[Di Sep  9 02:26:33 2025]", -1 },
	{ "<3>[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "<6>" NO_IRQ, NULL, -1 },
	{ "[    2.683654][  T123] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "[    2.683654][   C0] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "Sep  9 02:26:33 guest kernel: " NO_IRQ, NULL, -1 },
	{ "Sep  9 02:26:33 guest kernel: [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "2025-09-09T02:26:33.123456+02:00 guest kernel: " NO_IRQ, NULL, -1 },
	{ "[    2.683654] guest kernel: " NO_IRQ, "[    2.683654]", 2683654 },
	{ "kernel: " NO_IRQ, NULL, -1 },
	{ "[Tue Sep  9 02:26:33 2025] [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "    [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "\t" NO_IRQ, NULL, -1 },
	{ "[    2.683654] " NO_IRQ "\r", "[    2.683654]", 2683654 },
	{ "[99999999999999999999.1] " NO_IRQ, "[99999999999999999999.1]", 0 },
};

START_TEST(shapes_are_taken_apart)
{
	const struct log_line *line;
	char *text = xasprintf("%s\n", shapes[_i].line);

	given_log(c, text);
	free(text);
	ck_assert_uint_eq(c->log.count, 1);
	line = &c->log.at[0];
	ck_assert_str_eq(line->text, NO_IRQ);
	ck_assert_pstr_eq(line->stamp, shapes[_i].stamp);
	ck_assert_int_eq(line->time_known, shapes[_i].time_us >= 0);
	if (line->time_known)
		ck_assert_int_eq(line->time_us, shapes[_i].time_us);
	ck_assert_uint_eq(line->number, 1);
}
END_TEST

/* Brackets that belong to the message. */
START_TEST(brackets_that_are_no_stamps)
{
	static const char *const lines[] = {
		"[drm] [nvidia-drm] [GPU ID 0x00000006] Loading driver",
		"[drm:nv_drm_dev_load [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000006] "
			"Failed to allocate NvKmsKapiDevice",
		"[nvidia",
		"[1.2.3] nvidia",
		"[] nvidia",
	};

	for (int i = 0; i < COUNT(lines); i++) {
		char *text = xasprintf("[    3.453861] %s\n", lines[i]);

		given_log(c, text);
		free(text);
		ck_assert_uint_eq(c->log.count, i + 1);
		ck_assert_str_eq(c->log.at[i].text, lines[i]);
		ck_assert_str_eq(c->log.at[i].stamp, "[    3.453861]");
	}
}
END_TEST

START_TEST(only_lines_that_may_matter_are_kept)
{
	given_log(c, "[    0.000000] Linux version 6.8.0\n\n"
		  "[    1.000000] loop0: detected capacity change from 0 to 8\n"
		  "[    2.000000] NVRM: something that nobody knows\n"
		  "[    3.000000] nvidia 0000:00:06.0: can't derive routing for PCI INT A\n");
	ck_assert(c->log_looked);
	ck_assert_uint_eq(c->log_lines_read, 5);
	ck_assert_uint_eq(c->log.count, 2);
	ck_assert_uint_eq(c->log.at[0].number, 4);
	ck_assert_uint_eq(c->log.at[1].number, 5);
}
END_TEST

START_TEST(empty_log_was_looked_at)
{
	FILE *file = fopen("/dev/null", "r");

	source_log_text(c, file, unit_knowledge());
	fclose(file);
	ck_assert(c->log_looked);
	ck_assert_uint_eq(c->log_lines_read, 0);
	ck_assert_uint_eq(c->log.count, 0);
}
END_TEST

/* What is too long is cut, and the next line is a line of its own. */
START_TEST(overlong_line_is_cut)
{
	static char text[20100] = "NVRM: ";

	memset(text + 6, 'x', 20000);
	strcpy(text + 20006, "NVRM: tail\n" NO_IRQ);
	given_log(c, text);
	ck_assert_uint_eq(c->log_lines_read, 2);
	ck_assert_uint_eq(c->log.count, 2);
	ck_assert_uint_lt(strlen(c->log.at[0].text), 8192);
	ck_assert_str_eq(c->log.at[1].text, NO_IRQ);
	ck_assert_uint_eq(c->log.at[1].number, 2);
}
END_TEST

START_TEST(a_flood_is_bounded)
{
	FILE *file = tmpfile();

	for (int i = 0; i < 30000; i++)
		fputs(NO_IRQ "\n", file);
	rewind(file);
	source_log_text(c, file, unit_knowledge());
	fclose(file);
	ck_assert_uint_eq(c->log_lines_read, 30000);
	ck_assert_uint_eq(c->log.count, 20000);
}
END_TEST

static void take_kmsg(const char *records)
{
	char *folder = unit_folder(), *dev = xasprintf("%s/dev", folder);
	char *path = xasprintf("%s/kmsg", dev);
	struct root root = { folder };

	ck_assert_int_eq(mkdir(dev, 0755), 0);
	unit_write(path, records, strlen(records));
	source_kmsg(c, &root, unit_knowledge());
	free(path);
	free(dev);
	unit_remove(folder);
}

START_TEST(kmsg_records_are_read)
{
	take_kmsg("6,100,1000000,-;Linux version 6.8.0\n"
		  "3,101,2683654,-;" NO_IRQ "\n"
		  "4,102,2988219,-,caller=T45;nvidia 0000:00:06.0: can't derive routing for PCI INT A\n"
		  " SUBSYSTEM=pci\n"
		  " DEVICE=+pci:0000:00:06.0\n");
	ck_assert(c->log_looked);
	ck_assert_uint_eq(c->log_lines_read, 3);
	ck_assert_uint_eq(c->log.count, 2);
	ck_assert_str_eq(c->log.at[0].text, NO_IRQ);
	ck_assert_str_eq(c->log.at[0].stamp, "[    2.683654]");
	ck_assert(c->log.at[0].time_known);
	ck_assert_uint_eq(c->log.at[0].time_us, 2683654);
	ck_assert_str_eq(c->log.at[1].text,
			 "nvidia 0000:00:06.0: can't derive routing for PCI INT A");
	ck_assert_uint_eq(c->blind_spots.count, 0);
}
END_TEST

/* Anybody may write to /dev/kmsg; the facility tells such lines from the kernel's. */
START_TEST(kmsg_of_user_space_is_no_evidence)
{
	take_kmsg("11,100,2683654,-;" NO_IRQ "\n30,101,2683655,-;" NO_IRQ "\n");
	ck_assert_uint_eq(c->log.count, 0);
}
END_TEST

START_TEST(kmsg_damage_is_passed_over)
{
	take_kmsg("\n;\nnonsense\n3,1;" NO_IRQ "\n3,101,x,-;" NO_IRQ "\n3,101,5,-" NO_IRQ "\n"
		  "3,102,6,-;" NO_IRQ);
	ck_assert_uint_eq(c->log.count, 1);
	ck_assert_uint_eq(c->log.at[0].time_us, 6);
}
END_TEST

START_TEST(no_kmsg_is_a_blind_spot)
{
	struct root root = { "/nonexistent" };

	source_kmsg(c, &root, unit_knowledge());
	ck_assert(!c->log_looked);
	ck_assert_uint_eq(c->blind_spots.count, 1);
	ck_assert_str_eq(c->blind_spots.at[0].what, "the kernel log");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kernel_log");
	TCase *tcase = unit_case(suite, "kernel_log");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, shapes_are_taken_apart, 0, COUNT(shapes));
	tcase_add_test(tcase, brackets_that_are_no_stamps);
	tcase_add_test(tcase, only_lines_that_may_matter_are_kept);
	tcase_add_test(tcase, empty_log_was_looked_at);
	tcase_add_test(tcase, overlong_line_is_cut);
	tcase_add_test(tcase, a_flood_is_bounded);
	tcase_add_test(tcase, kmsg_records_are_read);
	tcase_add_test(tcase, kmsg_of_user_space_is_no_evidence);
	tcase_add_test(tcase, kmsg_damage_is_passed_over);
	tcase_add_test(tcase, no_kmsg_is_a_blind_spot);
	return unit_run(suite);
}
