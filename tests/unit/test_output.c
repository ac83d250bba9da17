// SPDX-License-Identifier: GPL-2.0-or-later
/* Outputs that appear whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sysexits.h>
#include <unistd.h>

#include "builder.h"
#include "command/command.h"

static char *folder, *path;
static struct output output;

static void setup(void)
{
	folder = unit_folder();
	path = xasprintf("%s/report.txt", folder);
}

static void teardown(void)
{
	free(path);
	chmod(folder, 0700);
	unit_remove(folder);
}

/*
 * A device that is always full, to be written by its path. For root it is one of
 * our own: a tool with a defect could replace that of the machine.
 */
static const char *full_device(void)
{
	static char own[100];
	int fd;

	if (geteuid())
		return "/dev/full";
	snprintf(own, sizeof(own), "%s/full", folder);
	if (mknod(own, S_IFCHR | 0666, makedev(1, 7)))
		return NULL;
	fd = open(own, O_WRONLY);	/* not where the folder is mounted without devices */
	if (fd >= 0)
		close(fd);
	return fd < 0 ? NULL : own;
}

static void assert_content(const char *expected)
{
	char text[100] = { 0 };
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fread(text, 1, sizeof(text) - 1, file), strlen(expected));
	fclose(file);
	ck_assert_str_eq(text, expected);
}

static size_t files_in_folder(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

START_TEST(a_file_appears_at_the_end)
{
	struct stat st;

	umask(022);
	ck_assert_int_eq(output_open(&output, path), 0);
	fputs("new", output.file);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(output_close(&output, 1), 1);
	assert_content("new");
	ck_assert_uint_eq(files_in_folder(), 1);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0644);
}
END_TEST

START_TEST(umask_is_heeded)
{
	struct stat st;

	umask(077);
	ck_assert_int_eq(output_open(&output, path), 0);
	ck_assert_int_eq(output_close(&output, 0), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
}
END_TEST

START_TEST(an_old_file_is_replaced)
{
	unit_write(path, "old and longer", 14);
	ck_assert_int_eq(output_open(&output, path), 0);
	fputs("new", output.file);
	ck_assert_int_eq(output_close(&output, 0), 0);
	assert_content("new");
}
END_TEST

START_TEST(abandoned_output_leaves_the_old_file)
{
	unit_write(path, "old", 3);
	ck_assert_int_eq(output_open(&output, path), 0);
	fputs("new", output.file);
	output_abandon(&output);
	assert_content("old");
	ck_assert_uint_eq(files_in_folder(), 1);
}
END_TEST

/* A symbolic link goes on being one. */
START_TEST(links_are_followed)
{
	char *link = xasprintf("%s/link", folder);
	struct stat st;

	unit_write(path, "old", 3);
	ck_assert_int_eq(symlink("report.txt", link), 0);
	ck_assert_int_eq(output_open(&output, link), 0);
	fputs("new", output.file);
	ck_assert_int_eq(output_close(&output, 0), 0);
	assert_content("new");
	ck_assert_int_eq(lstat(link, &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	free(link);
}
END_TEST

/* As root, a rename would put a plain file in the place of the device. */
START_TEST(devices_are_written_to)
{
	char *pipe_path = xasprintf("%s/pipe", folder);
	char text[10] = { 0 };
	struct stat st;
	int fd;

	ck_assert_int_eq(mkfifo(pipe_path, 0600), 0);
	fd = open(pipe_path, O_RDWR | O_NONBLOCK);
	ck_assert_int_eq(output_open(&output, pipe_path), 0);
	fputs("new", output.file);
	ck_assert_int_eq(output_close(&output, 0), 0);
	ck_assert_int_eq(read(fd, text, sizeof(text)), 3);
	close(fd);
	ck_assert_int_eq(stat(pipe_path, &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	free(pipe_path);
}
END_TEST

START_TEST(no_such_folder)
{
	free(path);
	path = xasprintf("%s/none/report.txt", folder);
	ck_assert_int_eq(output_open(&output, path), EX_CANTCREAT);
}
END_TEST

/* Root may write anywhere: the folder's name is a file, which nobody may. */
START_TEST(folder_that_cannot_be_written)
{
	char *inside;

	unit_write(path, "old", 3);
	inside = xasprintf("%s/below", path);
	ck_assert_int_eq(output_open(&output, inside), EX_CANTCREAT);
	free(inside);
	assert_content("old");
	if (geteuid()) {
		ck_assert_int_eq(chmod(folder, 0500), 0);
		ck_assert_int_eq(output_open(&output, path), EX_CANTCREAT);
		assert_content("old");
	}
}
END_TEST

START_TEST(full_disk)
{
	const char *full = full_device();
	struct stat st;

	if (!full)
		return;		/* root of a container that may make no devices */
	ck_assert_int_eq(output_open(&output, full), 0);
	fputs("new", output.file);
	ck_assert_int_eq(output_close(&output, 0), EX_IOERR);
	ck_assert_int_eq(stat(full, &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
}
END_TEST

START_TEST(full_disk_behind_standard_output)
{
	ck_assert_ptr_nonnull(freopen("/dev/full", "w", stdout));
	ck_assert_int_eq(output_open(&output, NULL), 0);
	fputs("new", output.file);
	ck_assert_int_eq(output_close(&output, 0), EX_IOERR);
}
END_TEST

/* A whole report, on a disk that is full in its middle. */
START_TEST(report_on_a_full_disk)
{
	struct output_options options = { .format = (const char *[]){ "text", "json", "markdown", "html" }[_i], .path = full_device() };
	struct gpuprobe_case *c = case_create();

	given_p4(c, 0, 0);
	if (options.path)
		ck_assert_int_eq(report_case(c, unit_knowledge(), &options), EX_IOERR);
	options.path = path;
	ck_assert_int_eq(report_case(c, unit_knowledge(), &options), 1);
	case_destroy(c);
}
END_TEST

START_TEST(width_comes_from_the_environment)
{
	FILE *file = tmpfile();

	setenv("COLUMNS", "57", 1);
	ck_assert_uint_eq(output_width(file), 57);
	setenv("COLUMNS", "wide", 1);
	ck_assert_uint_eq(output_width(file), 80);
	setenv("COLUMNS", "-5", 1);
	ck_assert_uint_eq(output_width(file), 80);
	unsetenv("COLUMNS");
	ck_assert_uint_eq(output_width(file), 80);
	fclose(file);
}
END_TEST

/* No terminal here: only CLICOLOR_FORCE colours, and NO_COLOR wins. */
START_TEST(colour_as_the_environment_says)
{
	FILE *file = tmpfile();

	unsetenv("NO_COLOR");
	ck_assert(!output_coloured(file));
	setenv("CLICOLOR_FORCE", "0", 1);
	ck_assert(!output_coloured(file));
	setenv("CLICOLOR_FORCE", "1", 1);
	ck_assert(output_coloured(file));
	setenv("NO_COLOR", "1", 1);
	ck_assert(!output_coloured(file));
	fclose(file);
}
END_TEST

static void assert_colour(const char *color, bool coloured)
{
	struct output_options options = { .format = "text", .path = path, .color = color };
	struct gpuprobe_case *c = case_create();
	char text[5000] = { 0 };
	FILE *file;

	given_p4(c, 0, 0);
	ck_assert_int_eq(report_case(c, unit_knowledge(), &options), 1);
	case_destroy(c);
	file = fopen(path, "r");
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
	fclose(file);
	ck_assert_int_eq(strstr(text, "\033[") != NULL, coloured);
}

START_TEST(colour_on_demand)
{
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	assert_colour(NULL, false);
	assert_colour("auto", false);
	assert_colour("always", true);
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_colour("never", false);
	assert_colour("auto", true);
}
END_TEST

/* The reader has gone: an error like a full disk, not a sudden end. */
START_TEST(closed_pipe)
{
	struct output_options options = { .format = "json" };
	struct gpuprobe_case *c = case_create();
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(ends), 0);
	close(ends[0]);
	dup2(ends[1], STDOUT_FILENO);
	given_p4(c, 0, 0);
	ck_assert_int_eq(report_case(c, unit_knowledge(), &options), EX_IOERR);
	case_destroy(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("output");
	TCase *tcase = unit_case(suite, "output");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_file_appears_at_the_end);
	tcase_add_test(tcase, umask_is_heeded);
	tcase_add_test(tcase, an_old_file_is_replaced);
	tcase_add_test(tcase, abandoned_output_leaves_the_old_file);
	tcase_add_test(tcase, links_are_followed);
	tcase_add_test(tcase, devices_are_written_to);
	tcase_add_test(tcase, no_such_folder);
	tcase_add_test(tcase, folder_that_cannot_be_written);
	tcase_add_test(tcase, full_disk);
	tcase_add_test(tcase, full_disk_behind_standard_output);
	tcase_add_loop_test(tcase, report_on_a_full_disk, 0, 4);
	tcase_add_test(tcase, closed_pipe);
	tcase_add_test(tcase, width_comes_from_the_environment);
	tcase_add_test(tcase, colour_as_the_environment_says);
	tcase_add_test(tcase, colour_on_demand);
	return unit_run(suite);
}
