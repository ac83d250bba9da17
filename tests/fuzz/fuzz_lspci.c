// SPDX-License-Identifier: GPL-2.0-or-later
/* What lspci prints, in words and as hexadecimal bytes. */
#include "fuzz.h"

#include "sources/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct gpuprobe_case *c = case_create();
	FILE *file = fuzz_file(bytes, length);

	source_lspci(c, file);
	fclose(file);
	fuzz_report(c, length);
	return 0;
}
