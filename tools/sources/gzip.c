// SPDX-License-Identifier: GPL-2.0-or-later
#include "sources/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/xalloc.h"

/* zlib unpacks that much at once, and gives nothing of it if it meets damage. */
#define PIECE_BYTES	(16u << 10)

struct stream {
	gzFile gz;
	uint64_t given, most;
	enum gzip_end *end;
};

static ssize_t stream_read(void *cookie, char *bytes, size_t room)
{
	struct stream *stream = cookie;
	int n, error;

	if (stream->given == stream->most)
		*stream->end = GZIP_TOO_LARGE;
	if (*stream->end != GZIP_WHOLE)
		return 0;
	if (room > stream->most - stream->given)
		room = stream->most - stream->given;
	n = gzread(stream->gz, bytes, room > PIECE_BYTES ? PIECE_BYTES : room);
	gzerror(stream->gz, &error);
	if (error == Z_BUF_ERROR)
		*stream->end = GZIP_CUT;
	else if (error != Z_OK)
		*stream->end = GZIP_DAMAGED;
	if (n <= 0)	/* what was unpacked before the damage counts; the rest is not there */
		return 0;
	stream->given += n;
	return n;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
	struct stream *stream = cookie;

	if (whence != SEEK_SET || *offset) {
		errno = ESPIPE;
		return -1;
	}
	stream->given = 0;
	*stream->end = GZIP_WHOLE;
	return gzrewind(stream->gz);
}

static int stream_close(void *cookie)
{
	struct stream *stream = cookie;

	gzclose(stream->gz);
	free(stream);
	return 0;
}

FILE *gzip_open(FILE *file, uint64_t most, enum gzip_end *end)
{
	static const cookie_io_functions_t functions = {
		.read = stream_read, .seek = stream_seek, .close = stream_close,
	};
	int fd = dup(fileno(file));
	struct stream *stream = xcalloc(1, sizeof(*stream));
	FILE *unpacked;

	fclose(file);
	*end = GZIP_WHOLE;
	stream->end = end;
	stream->most = most;
	if (fd >= 0 && !lseek(fd, 0, SEEK_SET))
		stream->gz = gzdopen(fd, "rb");
	if (!stream->gz)
		goto no_stream;
	gzbuffer(stream->gz, PIECE_BYTES / 2);
	unpacked = fopencookie(stream, "r", functions);
	if (unpacked)
		return unpacked;
	gzclose(stream->gz);
	fd = -1;
no_stream:
	if (fd >= 0)
		close(fd);
	free(stream);
	return NULL;
}
