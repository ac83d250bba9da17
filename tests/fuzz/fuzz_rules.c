// SPDX-License-Identifier: GPL-2.0-or-later
/* A file of rules that a site has written. */
#include "fuzz.h"

#include "lint/lint.h"

static void complain(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	(void)file;
	(void)line;
	(void)text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct knowledge *knowledge;
	struct knowledge_mark mark;

	if (!knowledge)
		knowledge = knowledge_load(NULL, NULL);
	mark = knowledge_mark(knowledge);
	lint_add_site(knowledge, "site.yaml", (const char *)bytes, length, complain, NULL);
	knowledge_cut(knowledge, &mark);
	return 0;
}
