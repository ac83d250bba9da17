// SPDX-License-Identifier: GPL-2.0-or-later
/* nvidia-bug-report.log. */
#include "fuzz.h"

#include "sources/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct gpuprobe_case *c = case_create();
	FILE *file = fuzz_file(bytes, length);

	source_bug_report(c, file, fuzz_knowledge());
	fclose(file);
	fuzz_report(c, length);
	return 0;
}
