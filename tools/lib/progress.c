// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/printable.h"
#include "lib/xalloc.h"

#define REDRAW_MS	100

/* Under the lock but for thread, which is the main thread's. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool running;
	bool drawn;		/* there is something to take away */
	uint64_t start_ms;	/* of the first step of all */
	char *what;
	int fd;			/* -1: no file */
	uint64_t size;		/* of the file; 0: not known */
} progress = {
	.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER, .fd = -1,
};

const char *progress_line(char *line, size_t room, const char *what, uint64_t elapsed_ms,
			  uint64_t done, uint64_t total)
{
	*line = '\0';
	if (elapsed_ms < PROGRESS_DELAY_MS)
		return line;
	if (total)
		snprintf(line, room, "%3u %%  %s",
			 done < total ? (unsigned int)(100.0 * done / total) : 100, what);
	else
		snprintf(line, room, "%s ...", what);
	return line;
}

static bool is_wanted(void)
{
	const char *no = getenv("NO_PROGRESS"), *term = getenv("TERM");

	return isatty(STDERR_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void draw(void)
{
	off_t done = progress.fd < 0 ? 0 : lseek(progress.fd, 0, SEEK_CUR);
	char line[PROGRESS_LINE_MAX + 1];

	progress_line(line, sizeof(line), progress.what, now_ms() - progress.start_ms,
		      done < 0 ? 0 : done, progress.size);
	if (!*line)
		return;
	fprintf(stderr, "\r\033[K%s", line);
	progress.drawn = true;
}

static void *keep_drawing(void *unused)
{
	struct timespec until;

	(void)unused;
	pthread_mutex_lock(&progress.lock);
	while (progress.running) {
		draw();
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += REDRAW_MS * 1000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&progress.wake, &progress.lock, &until);
	}
	pthread_mutex_unlock(&progress.lock);
	return NULL;
}

/* Signals are for the main thread, whose calls they are to interrupt. */
static bool start_thread(void)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&progress.thread, NULL, keep_drawing, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return !error;
}

void progress_file(const char *what, int fd)
{
	struct stat st;

	if (!is_wanted())
		return;
	pthread_mutex_lock(&progress.lock);
	if (!progress.start_ms)
		progress.start_ms = now_ms();
	free(progress.what);
	progress.what = printable(what);
	progress.fd = fd;
	progress.size = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) ? st.st_size : 0;
	if (!progress.running)
		progress.running = start_thread();
	pthread_mutex_unlock(&progress.lock);
}

void progress_step(const char *what)
{
	progress_file(what, -1);
}

void progress_end(void)
{
	bool was_running;

	pthread_mutex_lock(&progress.lock);
	was_running = progress.running;
	progress.running = false;
	pthread_cond_signal(&progress.wake);
	pthread_mutex_unlock(&progress.lock);
	if (!was_running)
		return;
	pthread_join(progress.thread, NULL);
	if (progress.drawn)
		fputs("\r\033[K", stderr);
	progress.drawn = false;
	free(progress.what);
	progress.what = NULL;
}
