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
	/* dmesg */
	{ "[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "[12345.000001] " NO_IRQ, "[12345.000001]", 12345000001 },
	{ "[    2.5] " NO_IRQ, "[    2.5]", 2500000 },
	{ "[    2.683654][  T123] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "[    2.683654] [   C0] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "[99999999999999999999.1] " NO_IRQ, "[99999999999999999999.1]", 0 },
	/* dmesg --ctime, in several languages */
	{ "[Tue Sep  9 02:26:33 2025] " NO_IRQ, "[Tue Sep  9 02:26:33 2025]", -1 },
	{ "[Di Sep  9 02:26:33 2025] " NO_IRQ, "[Di Sep  9 02:26:33 2025]", -1 },
	{ "[mar. sept.  9 02:26:33 2025] " NO_IRQ, "[mar. sept.  9 02:26:33 2025]", -1 },
	{ "[\xe4\xba\x8c 9\xe6\x9c\x88  9 02:26:33 2025] " NO_IRQ,
	  "[\xe4\xba\x8c 9\xe6\x9c\x88  9 02:26:33 2025]", -1 },
	{ "[Tue Sep  9 02:26:33 2025] [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	/* dmesg --decode, --raw, --human, --show-delta, --time-format */
	{ "kern  :err   : [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "kern  :err   : [Tue Sep  9 02:26:33 2025] " NO_IRQ, "[Tue Sep  9 02:26:33 2025]", -1 },
	{ "<3>[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "<6>" NO_IRQ, NULL, -1 },
	{ "[Sep 9 02:26] " NO_IRQ, "[Sep 9 02:26]", -1 },
	{ "[  +0.000123] " NO_IRQ, "[  +0.000123]", -1 },
	{ "[    2.683654 <    0.000011>] " NO_IRQ, "[    2.683654 <    0.000011>]", 2683654 },
	{ "[<    0.000011>] " NO_IRQ, "[<    0.000011>]", -1 },
	{ "2025-09-09T02:26:33,123456+02:00 " NO_IRQ, "2025-09-09T02:26:33,123456+02:00", -1 },
	{ "kern  :err   : 2025-09-09T02:26:33,123456+02:00 " NO_IRQ,
	  "2025-09-09T02:26:33,123456+02:00", -1 },
	/* syslog */
	{ "Sep  9 02:26:33 guest kernel: " NO_IRQ, "Sep  9 02:26:33", -1 },
	{ "Sep  9 02:26:33 guest kernel: [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "2025-09-09T02:26:33.123456+02:00 guest kernel: " NO_IRQ,
	  "2025-09-09T02:26:33.123456+02:00", -1 },
	{ "<3>1 2025-09-09T02:26:33.123456+02:00 guest kernel - - - " NO_IRQ,
	  "2025-09-09T02:26:33.123456+02:00", -1 },
	{ "1 2025-09-09T02:26:33Z guest kernel - - [meta sequenceId=\"1\"] [    2.683654] " NO_IRQ,
	  "[    2.683654]", 2683654 },
	{ "kernel: " NO_IRQ, NULL, -1 },
	{ "kernel:[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	/* journalctl: short-monotonic, short-precise, short-full, short-unix, a language */
	{ "[    2.683654] guest kernel: " NO_IRQ, "[    2.683654]", 2683654 },
	{ "Sep 09 02:26:33.123456 guest kernel: " NO_IRQ, "Sep 09 02:26:33.123456", -1 },
	{ "Tue 2025-09-09 02:26:33 CEST guest kernel: " NO_IRQ, "Tue 2025-09-09 02:26:33 CEST", -1 },
	{ "1757384793.123456 guest kernel: " NO_IRQ, NULL, -1 },
	{ "9\xe6\x9c\x88 09 02:26:33 guest kernel: " NO_IRQ, "9\xe6\x9c\x88 09 02:26:33", -1 },
	/* forums, mails, editors, grep */
	{ "    [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "\t" NO_IRQ, NULL, -1 },
	{ "> [    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ ">> > " NO_IRQ, NULL, -1 },
	{ "- `[    2.683654] " NO_IRQ "`", "[    2.683654]", 2683654 },
	{ "* " NO_IRQ, NULL, -1 },
	{ "12. " NO_IRQ, NULL, -1 },
	{ "/var/log/kern.log:1234:[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "  1234\t[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "2.68s " NO_IRQ, "2.68s", 2680000 },
	/* line ends, colours, web pages */
	{ "[    2.683654] " NO_IRQ "\r", "[    2.683654]", 2683654 },
	{ "\033[32m[    2.683654] \033[0m\033[33mNVRM: \033[0m\033[1m\033[31mCan't find an IRQ for "
	  "your NVIDIA card!\033[0m", "[    2.683654]", 2683654 },
	{ "#033[32m[    2.683654] #033[0mNVRM: Can't find an IRQ for your NVIDIA card!",
	  "[    2.683654]", 2683654 },
	{ "\033]0;dmesg\a[    2.683654] " NO_IRQ, "[    2.683654]", 2683654 },
	{ "&gt; [    2.683654]&nbsp;NVRM: Can&#39;t find an IRQ for your NVIDIA card!",
	  "[    2.683654]", 2683654 },
	{ "NVRM: Can&#x27;t find an IRQ for your NVIDIA card!", NULL, -1 },
	{ "NVRM: Can\xe2\x80\x99t find an IRQ for your NVIDIA card!", NULL, -1 },
	{ "\xef\xbb\xbf" NO_IRQ, NULL, -1 },
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
		"[0000:01:00.0] nvidia",
		"[0000:01:00] nvidia",
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

/* Anybody may write to the log; where a line says that user space did, it is no evidence. */
START_TEST(lines_of_user_space_are_no_evidence)
{
	given_log(c, "<30>[    2.683654] " NO_IRQ "\n"
		  "user  :warn  : [    2.683654] " NO_IRQ "\n"
		  "daemon:info  : [    2.683654] " NO_IRQ "\n");
	ck_assert_uint_eq(c->log_lines_read, 3);
	ck_assert_uint_eq(c->log.count, 0);
}
END_TEST

START_TEST(other_programs_keep_their_name)
{
	given_log(c, "Sep  9 02:26:33 guest nvidia-persistenced[12]: Failed to query\n"
		  "Tue 2025-09-09 02:26:33 CEST guest modprobe[9]: nvidia: not found\n");
	ck_assert_str_eq(c->log.at[0].text, "nvidia-persistenced[12]: Failed to query");
	ck_assert_str_eq(c->log.at[0].stamp, "Sep  9 02:26:33");
	ck_assert_str_eq(c->log.at[1].text, "modprobe[9]: nvidia: not found");
}
END_TEST

#define RMINIT "NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:2767)"
#define NO_SPACE "pci 0000:00:06.0: BAR 1: no space for [mem size 0x800000000 64bit pref]"

static const struct {
	const char *log, *text;
} broken[] = {
	/* a mail program, at a blank that it took */
	{ "[    4.1] NVRM: GPU 0000:00:06.0: RmInitAdapter failed!\n(0x31:0xffff:2767)\n", RMINIT },
	{ "> [    4.1] NVRM: GPU 0000:00:06.0: RmInitAdapter failed!\n> (0x31:0xffff:2767)\n", RMINIT },
	/* a terminal, anywhere */
	{ "[    4.1] NVRM: GPU 0000:00:06.0: RmInitAd\napter failed! (0x31:0xffff:2767)\n", RMINIT },
	{ "[    4.1] pci 0000:00:06.0: BAR 1: no sp\nace for [mem size 0x800000000 64bit pref]\n",
	  NO_SPACE },
	{ "[    4.1] pci 0000:00:06.0: BAR 1: no sp\r\nace for [mem size 0x800000000 64bit pref]\r\n",
	  NO_SPACE },
	/* no stamps at all */
	{ "pci 0000:00:06.0: BAR 1: no sp\nace for [mem size 0x800000000 64bit pref]\n", NO_SPACE },
};

START_TEST(broken_lines_are_joined)
{
	given_log(c, broken[_i].log);
	ck_assert_uint_ge(c->log.count, 1);
	ck_assert_str_eq(c->log.at[0].text, broken[_i].text);
	ck_assert_uint_eq(c->log.at[0].number, 1);
}
END_TEST

START_TEST(whole_lines_are_not_joined)
{
	given_log(c, "[    4.1] " NO_IRQ "\n"
		  "[    4.2] (0x31:0xffff:2767)\n"
		  "NVRM: GPU 0000:00:06.0: RmInitAdapter failed!\n"
		  "\n"
		  "(0x31:0xffff:2767)\n");
	ck_assert_uint_eq(c->log.count, 2);
	ck_assert_str_eq(c->log.at[0].text, NO_IRQ);
	ck_assert_str_eq(c->log.at[1].text, "NVRM: GPU 0000:00:06.0: RmInitAdapter failed!");
}
END_TEST

/* --- boots --- */

#define LINUX "Linux version 6.8.0-79-generic (buildd@lcy02)"

static const struct {
	const char *log;
	int boots[4];
} boots[] = {
	{ "[    0.0] " LINUX "\n[    2.1] " NO_IRQ "\n[    0.0] " LINUX "\n[    3.1] " NO_IRQ "\n",
	  { -1, 0 } },
	{ "-- Boot 6c1f2a4b5d3e4f708192a3b4c5d6e7f8 --\n[    2.1] guest kernel: " NO_IRQ "\n"
	  "-- Boot 6c1f2a4b5d3e4f708192a3b4c5d6e7f9 --\n[    0.0] guest kernel: " LINUX "\n"
	  "[    3.1] guest kernel: " NO_IRQ "\n", { -1, 0 } },
	{ "[    2.1] " NO_IRQ "\n-- Reboot --\n[    3.1] " NO_IRQ "\n", { -1, 0 } },
	/* a boot that says nothing of the GPU counts */
	{ "[    0.0] " LINUX "\n[    2.1] " NO_IRQ "\n[    0.0] " LINUX "\n[    0.0] " LINUX "\n"
	  "[    3.1] " NO_IRQ "\n", { -2, 0 } },
	{ "[    0.0] " LINUX "\n[    2.1] " NO_IRQ "\n[    0.0] " LINUX "\n", { -1 } },
	/* the uptime goes back while the clock goes on */
	{ "Sep  9 02:26:33 guest kernel: [   12.1] " NO_IRQ "\n"
	  "Sep  9 02:28:33 guest kernel: [    2.1] " NO_IRQ "\n", { -1, 0 } },
	/* pieces of one boot, out of order */
	{ "[   12.1] " NO_IRQ "\n[    2.1] " NO_IRQ "\n", { 0, 0 } },
	{ "Sep  9 02:26:33 guest kernel: [   12.1] " NO_IRQ "\n"
	  "Sep  9 02:26:33 guest kernel: [   12.0] " NO_IRQ "\n", { 0, 0 } },
};

START_TEST(boots_are_told_apart)
{
	given_log(c, boots[_i].log);
	ck_assert_uint_ge(c->log.count, 1);
	for (size_t i = 0; i < c->log.count; i++)
		ck_assert_int_eq(c->log.at[i].boot, boots[_i].boots[i]);
}
END_TEST

START_TEST(release_is_of_the_last_boot)
{
	given_log(c, "[    0.0] Linux version 6.8.0\n[    0.0] Linux version 6.14.0-1 (x)\n");
	ck_assert_str_eq(c->machine.kernel_release, "6.14.0-1");
}
END_TEST

/* Logs of one boot from several files become one, each line once and in order. */
START_TEST(logs_are_merged)
{
	given_log(c, "[    2.1] " NO_IRQ "\n[    4.1] " RMINIT "\n");
	given_log(c, "[    1.0] " LINUX "\n[    1.5] nvidia: one\n[    2.1] " NO_IRQ "\n"
		  "[    3.1] nvidia: two\n");
	ck_assert_uint_eq(c->log.count, 4);
	ck_assert_str_eq(c->log.at[0].text, "nvidia: one");
	ck_assert_str_eq(c->log.at[1].text, NO_IRQ);
	ck_assert_str_eq(c->log.at[2].text, "nvidia: two");
	ck_assert_str_eq(c->log.at[3].text, RMINIT);
}
END_TEST

START_TEST(logs_without_times_are_put_one_after_another)
{
	given_log(c, "[    2.1] " NO_IRQ "\n");
	given_log(c, NO_IRQ "\n");
	ck_assert_uint_eq(c->log.count, 2);
}
END_TEST

/* --- large logs --- */

/* What is searched block by block gives the same lines as what is read line by line. */
START_TEST(large_logs_are_read_like_small_ones)
{
	static const char filler[] = "[    1.000000] systemd[1]: Started something ordinary.\n";
	FILE *file = tmpfile();
	size_t number = 0, wanted = 0;

	while (ftell(file) < 3 << 20) {
		number++;
		if (number % 997) {
			fputs(filler, file);
			continue;
		}
		fprintf(file, "[%5zu.000000] NVRM: GPU 0000:00:06.0: RmInitAdapter failed!\n"
			"(0x31:0xffff:%zu)\n", number, number);
		number++;
		wanted++;
	}
	rewind(file);
	source_log_text(c, file, unit_knowledge());
	fclose(file);
	ck_assert_uint_eq(c->log_lines_read, number);
	ck_assert_uint_eq(c->log.count, wanted);
	for (size_t i = 0; i < wanted; i++) {
		char *text = xasprintf("NVRM: GPU 0000:00:06.0: RmInitAdapter failed! (0x31:0xffff:%zu)",
				       c->log.at[i].number);

		ck_assert_str_eq(c->log.at[i].text, text);
		free(text);
	}
}
END_TEST

START_TEST(a_line_of_megabytes_is_one_line)
{
	FILE *file = tmpfile();

	fputs("NVRM: ", file);
	for (int i = 0; i < 3 << 20; i++)
		fputc('x', file);
	fputs(" NVRM: tail\n" NO_IRQ "\n", file);
	rewind(file);
	source_log_text(c, file, unit_knowledge());
	fclose(file);
	ck_assert_uint_eq(c->log_lines_read, 2);
	ck_assert_uint_eq(c->log.count, 2);
	ck_assert_uint_lt(strlen(c->log.at[0].text), 8192);
	ck_assert_str_eq(c->log.at[1].text, NO_IRQ);
	ck_assert_uint_eq(c->log.at[1].number, 2);
}
END_TEST

START_TEST(nuls_are_left_out)
{
	static const char text[] = "\0\0\0[    2.683654] NVRM: Can't find an \0IRQ for your NVIDIA card!\n";
	FILE *file = tmpfile();

	fwrite(text, 1, sizeof(text) - 1, file);
	rewind(file);
	source_log_text(c, file, unit_knowledge());
	fclose(file);
	ck_assert_uint_eq(c->log.count, 1);
	ck_assert_str_eq(c->log.at[0].text, NO_IRQ);
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
	ck_assert_uint_eq(c->log.count, 8000);
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
	tcase_add_test(tcase, lines_of_user_space_are_no_evidence);
	tcase_add_test(tcase, other_programs_keep_their_name);
	tcase_add_loop_test(tcase, broken_lines_are_joined, 0, COUNT(broken));
	tcase_add_test(tcase, whole_lines_are_not_joined);
	tcase_add_loop_test(tcase, boots_are_told_apart, 0, COUNT(boots));
	tcase_add_test(tcase, release_is_of_the_last_boot);
	tcase_add_test(tcase, logs_are_merged);
	tcase_add_test(tcase, logs_without_times_are_put_one_after_another);
	tcase_add_test(tcase, large_logs_are_read_like_small_ones);
	tcase_add_test(tcase, a_line_of_megabytes_is_one_line);
	tcase_add_test(tcase, nuls_are_left_out);
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
