// SPDX-License-Identifier: GPL-2.0-or-later
/* What gpuprobe.ko writes. */
#include "fuzz.h"

#include "sources/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct gpuprobe_case *c = case_create();
	char *problem = NULL;

	source_records(c, bytes, length, &problem);
	free(problem);
	fuzz_report(c, length);
	return 0;
}
