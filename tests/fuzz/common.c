// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"

#include "diagnose/diagnose.h"
#include "redact/redact.h"
#include "render/renderer.h"

const struct knowledge *fuzz_knowledge(void)
{
	static struct knowledge *knowledge;

	if (!knowledge)
		knowledge = knowledge_load(NULL, NULL);
	return knowledge;
}

/* fmemopen() takes no empty buffer. */
FILE *fuzz_file(const uint8_t *bytes, size_t length)
{
	FILE *file = length ? fmemopen((void *)bytes, length, "r") : fopen("/dev/null", "r");

	if (!file)
		abort();
	return file;
}

static void write_text(struct renderer *r, FILE *out)
{
	text_renderer(r, out, 80, true);
}

static void report(struct gpuprobe_case *c)
{
	static void (*const formats[])(struct renderer *, FILE *) = {
		write_text, markdown_renderer, html_renderer,
	};
	const struct report_options options = { .verbose = true, .privacy = true };
	FILE *out = fopen("/dev/null", "w");
	struct diagnosis *diagnosis;

	events_add_functions(c, fuzz_knowledge());
	redact_case(c, fuzz_knowledge());
	diagnosis = diagnose(c, fuzz_knowledge());
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct renderer renderer = { 0 };

		formats[i](&renderer, out);
		report_walk(&renderer, c, diagnosis, fuzz_knowledge(), &options);
	}
	report_json(out, c, diagnosis);
	fclose(out);
	diagnosis_destroy(diagnosis);
}

void fuzz_report(struct gpuprobe_case *c, size_t length)
{
	if (length % 8 == 0)
		report(c);
	case_destroy(c);
}
