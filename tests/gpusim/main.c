// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim: a simulated passed-through GPU for QEMU's vfio-user-pci. README.md says how to use it. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "session.h"
#include "socket.h"

#ifndef GPUPROBE_VERSION
#define GPUPROBE_VERSION	"0"
#endif

struct options {
	const char *socket, *log;
	bool check;
};

static void usage(FILE *out)
{
	fputs("Usage: gpusim --socket=PATH [--log=FILE] PROFILE\n"
	      "       gpusim --check PROFILE...\n"
	      "\n"
	      "Serves the PCI function that PROFILE describes to one vfio-user client\n"
	      "(qemu-system-x86_64 -device '{\"driver\":\"vfio-user-pci\",\"socket\":\n"
	      "{\"type\":\"unix\",\"path\":\"PATH\"}}'), then exits.\n"
	      "\n"
	      "  --socket=PATH  where to listen; the file is removed at the end\n"
	      "  --log=FILE     write a line for every access, and counts at the end\n"
	      "  --check        only say whether the profiles are good\n"
	      "  --help         print this\n"
	      "  --version      print the version\n"
	      "\n"
	      "Exit status: 0 done, 64 usage, 65 mistake in a profile, 74 input or output\n"
	      "failed, 76 the client broke the protocol.\n", out);
}

static int misuse(const char *what)
{
	fprintf(stderr, "gpusim: %s (try --help)\n", what);
	return EX_USAGE;
}

static int fail(const char *what, int err)
{
	fprintf(stderr, "gpusim: %s: %s\n", what, strerror(-err));
	return err == -EPROTO ? EX_PROTOCOL : EX_IOERR;
}

static void print_complaint(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

/* A file that cannot be read is no mistake in a profile. */
static int load_profile(struct profile *profile, const char *path)
{
	if (access(path, R_OK))
		return fail(path, -errno);
	return profile_load(profile, path, print_complaint, NULL) ? EX_DATAERR : 0;
}

static int check_profiles(char **paths)
{
	struct profile profile;
	int status = 0, one;

	for (; *paths; paths++) {
		one = load_profile(&profile, *paths);
		if (one)
			status = one;
		else
			profile_release(&profile);
	}
	return status;
}

/* SIGTERM and SIGINT become something to poll for, so that no wait can miss them. */
static int open_stop_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int serve_client(struct device *device, int fd, int stop_fd)
{
	struct session session;
	int ret = session_create(&session, fd, stop_fd, device);

	if (ret)
		return fail("session", ret);
	do {
		ret = session_step(&session);
	} while (ret > 0);
	session_destroy(&session);
	return ret ? fail("client", ret) : 0;
}

static int serve_socket(struct device *device, const char *path)
{
	int stop_fd = open_stop_fd();
	int listener = socket_listen(path);
	int status, fd;

	if (listener < 0)
		return fail(path, listener);
	fd = socket_accept(listener, stop_fd);
	close(listener);
	if (fd >= 0)
		status = serve_client(device, fd, stop_fd);
	else
		status = fd == -ECANCELED ? 0 : fail(path, fd);
	unlink(path);
	return status;
}

static int serve_logged(const struct options *options, const struct profile *profile)
{
	struct access_log log;
	struct device device;
	int status, err;

	err = log_open(&log, options->log);
	if (err)
		return fail(options->log, err);
	err = device_create(&device, profile, &log);
	if (err) {
		log_close(&log);
		return fail("device", err);
	}
	status = serve_socket(&device, options->socket);
	device_destroy(&device);
	err = log_close(&log);
	return err && !status ? fail(options->log, err) : status;
}

static int serve(const struct options *options, const char *path)
{
	struct profile profile;
	int status = load_profile(&profile, path);

	if (status)
		return status;
	status = serve_logged(options, &profile);
	profile_release(&profile);
	return status;
}

static int run(const struct options *options, char **paths)
{
	if (!paths[0])
		return misuse("no profile given");
	if (options->check)
		return check_profiles(paths);
	if (!options->socket)
		return misuse("no --socket given");
	if (paths[1])
		return misuse("more than one profile given");
	return serve(options, paths[0]);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "log", required_argument, NULL, 'l' },
		{ "check", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 }
	};
	struct options options = { 0 };
	int letter;

	while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (letter) {
		case 's':
			options.socket = optarg;
			break;
		case 'l':
			options.log = optarg;
			break;
		case 'c':
			options.check = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			puts("gpusim " GPUPROBE_VERSION);
			return 0;
		default:
			return EX_USAGE;
		}
	}
	return run(&options, argv + optind);
}
