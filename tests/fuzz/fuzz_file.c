// SPDX-License-Identifier: GPL-2.0-or-later
/* A file of any kind, packed or not: gzip, and which kind it is. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "sources/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct gpuprobe_case *c = case_create();
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char *path = xasprintf("/proc/self/fd/%d", fd), *problem = NULL;

	if (write(fd, bytes, length) != (ssize_t)length)
		abort();
	source_file(c, path, fuzz_knowledge(), &problem);
	free(problem);
	free(path);
	close(fd);
	fuzz_report(c, length);
	return 0;
}
