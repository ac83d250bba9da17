// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe.ko, through /dev/gpuprobe. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/i18n.h"
#include "sources/source.h"
#include "uapi/gpuprobe.h"
#include "version.h"

#define STREAM_MAX (64u << 20)	/* more than the module keeps by far */

static const char wanted[] =
	N_("the GPU just before and just after each start of its driver, and the kernel's own "
	   "view of its interrupts");

static int read_stream(int fd, uint8_t **bytes, size_t *length)
{
	size_t room = 4 * GPUPROBE_RECORD_MAX, used = 0;
	uint8_t *buffer = xreallocarray(NULL, room, 1);
	ssize_t n;

	for (;;) {
		if (room - used < GPUPROBE_RECORD_MAX) {
			room *= 2;
			buffer = xreallocarray(buffer, room, 1);
		}
		n = read(fd, buffer + used, room - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || used + n > STREAM_MAX)
			break;
		used += n;
	}
	*bytes = buffer;
	*length = used;
	return n < 0 ? -errno : 0;
}

static void note_absence(struct gpuprobe_case *c, const struct root *root, int error)
{
	char *loaded = root_path(root, "/sys/module/gpuprobe");
	bool there = !access(loaded, F_OK);

	free(loaded);
	if (there && (error == EACCES || error == EPERM))
		case_add_blind_spot(c, _(wanted), _("reading /dev/gpuprobe needs root"),
				    _(REMEDY_ROOT));
	else if (there)
		case_add_blind_spot(c, _(wanted), _("the gpuprobe module is loaded, but "
				    "/dev/gpuprobe cannot be opened"), NULL);
	else
		source_absence(c, root, _(wanted));
}

/* After an upgrade the old one stays until it is unloaded. */
static void note_old_module(struct gpuprobe_case *c)
{
	char *why;

	if (!c->gpuprobe_module_version ||
	    strverscmp(c->gpuprobe_module_version, GPUPROBE_VERSION) >= 0)
		return;
	why = xasprintf(_("gpuprobe.ko %s is loaded, which is older than this gpuprobe, %s"),
			c->gpuprobe_module_version, GPUPROBE_VERSION);
	case_add_blind_spot(c, _("what a gpuprobe module of this version sees more"), why,
			    _("reboot, so that the module of this version is loaded"));
	free(why);
}

int source_module_device(struct gpuprobe_case *c, const struct root *root, char **problem)
{
	char *path = root_path(root, "/dev/gpuprobe");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error;
	uint8_t *bytes;
	size_t length;

	free(path);
	if (fd < 0) {
		note_absence(c, root, errno);
		return 0;
	}
	error = read_stream(fd, &bytes, &length);
	close(fd);
	if (error)
		*problem = xasprintf("/dev/gpuprobe: %s", strerror(-error));
	else
		error = source_records(c, bytes, length, problem);
	if (error)
		case_add_blind_spot(c, _(wanted), *problem, NULL);
	note_old_module(c);
	free(bytes);
	return error;
}
