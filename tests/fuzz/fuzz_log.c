// SPDX-License-Identifier: GPL-2.0-or-later
/* The text of a kernel log. */
#include "fuzz.h"

#include "sources/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct gpuprobe_case *c = case_create();
	FILE *file = fuzz_file(bytes, length);

	source_log_text(c, file, fuzz_knowledge());
	fclose(file);
	fuzz_report(c, length);
	return 0;
}
