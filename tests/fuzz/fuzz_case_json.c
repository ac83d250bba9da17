// SPDX-License-Identifier: GPL-2.0-or-later
/* A report as JSON. */
#include "fuzz.h"

#include "case/case_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct gpuprobe_case *c = case_create();
	char *problem = NULL;

	case_from_json(c, (const char *)bytes, length, &problem);
	free(problem);
	fuzz_report(c, length);
	return 0;
}
