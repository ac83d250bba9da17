// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as HTML: foreign text makes no element, and nothing outside is asked for. */
#include <unistd.h>

#include "builder.h"
#include "hostile.h"

static char *text;
static size_t size;
static struct renderer r;

static void begin(void)
{
	html_renderer(&r, open_memstream(&text, &size));
}

/* The page is well-formed XML. */
static void assert_well_formed(void)
{
	char *folder = unit_folder(), *path = xasprintf("%s/report.html", folder);
	char *command = xasprintf("xmllint --noout --nonet %s", path);

	unit_write(path, text, size);
	ck_assert_msg(!system(command), "xmllint is not installed, or finds an error");
	free(command);
	free(path);
	unit_remove(folder);
}

/* All tags in order, with a "=" for each attribute. */
static char *tags(void)
{
	char *list = NULL;
	size_t length;
	FILE *out = open_memstream(&list, &length);
	bool inside = false, quoted = false;

	for (const char *at = text; *at; at++) {
		if (inside && *at == '"')
			quoted = !quoted;
		else if (!quoted && (*at == '<' || *at == '>'))
			inside = *at == '<';
		if (inside && *at == '<')
			fprintf(out, "%.*s ", (int)strcspn(at, " >\n"), at);
		else if (inside && !quoted && *at == '=')
			fputc('=', out);
	}
	fclose(out);
	return list;
}

static char *tags_with(const char *word)
{
	char *list;

	begin();
	write_everything(&r, word);
	fclose(r.out);
	list = tags();
	free(text);
	return list;
}

START_TEST(hostile_text_makes_no_element)
{
	char *with = tags_with(hostile[_i]), *without = tags_with("harmless");

	ck_assert_str_eq(with, without);
	free(with);
	free(without);
}
END_TEST

START_TEST(page_is_well_formed)
{
	begin();
	write_everything(&r, hostile[_i]);
	fclose(r.out);
	assert_well_formed();
	free(text);
}
END_TEST

START_TEST(no_control_character_is_left)
{
	begin();
	write_everything(&r, hostile[_i]);
	fclose(r.out);
	for (const char *at = text; *at; at++)
		ck_assert(strchr("\n\t", *at) || (unsigned char)*at >= ' ');
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
	free(text);
}
END_TEST

/* No script, and no address that a browser would follow or load by itself. */
START_TEST(nothing_outside_is_asked_for)
{
	static const char *const words[] = {
		"<script", "<link", "<img", "<iframe", "<object", "<a ", " src=", " href=", "@import",
		"http:", "https:", "javascript:", " style=",
	};

	begin();
	write_everything(&r, "harmless");
	fclose(r.out);
	for (int i = 0; i < COUNT(words); i++)
		ck_assert_msg(!strstr(text, words[i]), "%s", words[i]);
	ck_assert_ptr_nonnull(strstr(text, "default-src 'none'; style-src 'sha256-"));
	free(text);
}
END_TEST

START_TEST(whole_report_is_well_formed)
{
	struct gpuprobe_case *c = case_create();
	struct report_options options = { 0 };
	struct diagnosis *d;

	given_bhyve(c);
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES "[    6.0] NVRM: </pre><script>alert(1)</script> ]]>\n");
	d = diagnose(c, unit_knowledge());
	begin();
	report_walk(&r, c, d, unit_knowledge(), &options);
	fclose(r.out);
	assert_well_formed();
	ck_assert_ptr_null(strstr(text, "<script"));
	ck_assert_ptr_nonnull(strstr(text, "&lt;/pre&gt;&lt;script&gt;"));
	ck_assert_ptr_nonnull(strstr(text, "Here it failed"));
	ck_assert_ptr_nonnull(strstr(text, "<svg class=\"map\""));
	free(text);
	diagnosis_destroy(d);
	case_destroy(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html");
	TCase *tcase = unit_case(suite, "html");

	tcase_add_loop_test(tcase, hostile_text_makes_no_element, 0, COUNT(hostile));
	tcase_add_loop_test(tcase, page_is_well_formed, 0, COUNT(hostile));
	tcase_add_loop_test(tcase, no_control_character_is_left, 0, COUNT(hostile));
	tcase_add_test(tcase, nothing_outside_is_asked_for);
	tcase_add_test(tcase, whole_report_is_well_formed);
	return unit_run(suite);
}
