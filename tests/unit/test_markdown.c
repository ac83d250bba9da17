// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as Markdown, read by a CommonMark implementation: foreign text makes no element. */
#include <unistd.h>

#include "builder.h"
#include "hostile.h"

static char *text;
static size_t size;
static struct renderer r;

static void begin(void)
{
	markdown_renderer(&r, open_memstream(&text, &size));
}

/* What cmark-gfm makes of the document, as its XML. */
static char *read_back(void)
{
	char *folder = unit_folder(), *path = xasprintf("%s/report.md", folder);
	char *command = xasprintf("cmark-gfm --unsafe -e table -e autolink -e strikethrough "
				  "-e tasklist --to xml %s", path);
	char *xml = NULL;
	size_t length = 0;
	FILE *pipe;

	fclose(r.out);
	unit_write(path, text, size);
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	ck_assert_int_ge(getdelim(&xml, &length, '\0', pipe), 0);
	ck_assert_msg(!pclose(pipe), "cmark-gfm is not installed, or failed");
	free(command);
	free(path);
	unit_remove(folder);
	return xml;
}

/* The elements of the XML in order, without those that only hold words. */
static char *elements(const char *xml)
{
	char *list = xstrdup(""), *longer;

	for (const char *at = xml; (at = strchr(at, '<')); at++) {
		int length = strcspn(at + 1, " />\n") + 1;

		if (at[1] == '/' || !strncmp(at, "<text", length) || !strncmp(at, "<code", length) ||
		    !strncmp(at, "<softbreak", length))
			continue;
		longer = xasprintf("%s%.*s>", list, length, at);
		free(list);
		list = longer;
	}
	return list;
}

static char *elements_with(const char *word)
{
	char *xml, *list;

	begin();
	write_everything(&r, word);
	xml = read_back();
	list = elements(xml);
	free(xml);
	free(text);
	return list;
}

START_TEST(hostile_text_makes_no_element)
{
	char *with = elements_with(hostile[_i]), *without = elements_with("harmless");

	ck_assert_str_eq(with, without);
	free(with);
	free(without);
}
END_TEST

/* Sites make links of such words wherever they stand outside of code. */
static void assert_no_active_word(const char *words, size_t length)
{
	static const char *const active[] = { "@", "#", "://", "www.", "GH-", "mailto", "xmpp", ":smile", "01234567" };

	for (size_t i = 0; i < COUNT(active); i++)
		ck_assert_msg(!memmem(words, length, active[i], strlen(active[i])), "%.*s",
			      (int)length, words);
}

START_TEST(no_word_is_linked_by_a_site)
{
	char *xml;

	begin();
	write_everything(&r, hostile[_i]);
	xml = read_back();
	for (const char *at = xml; (at = strstr(at, "<text")); at++) {
		const char *words = strchr(at, '>') + 1;

		assert_no_active_word(words, strcspn(words, "<"));
	}
	free(xml);
	free(text);
}
END_TEST

/* Nothing that hides or turns around what stands beside it. */
START_TEST(no_control_character_is_left)
{
	begin();
	write_everything(&r, hostile[_i]);
	fclose(r.out);
	for (const char *at = text; *at; at++)
		ck_assert(*at == '\n' || (unsigned char)*at >= ' ');
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
	ck_assert_ptr_null(strstr(text, "\xe2\x80\xa8"));
	free(text);
}
END_TEST

START_TEST(fences_are_longer_than_what_they_hold)
{
	char *xml;

	begin();
	r.log_line(&r, "[ 1.0]", "NVRM: ```` ticks", 1);
	r.log_line(&r, NULL, "NVRM: more", 2);
	r.end(&r);
	xml = read_back();
	ck_assert_ptr_nonnull(strstr(text, "`````text\n[ 1.0] NVRM: ```` ticks\nNVRM: more  (2 times)\n`````\n"));
	ck_assert_ptr_nonnull(strstr(xml, "<code_block info=\"text\""));
	free(xml);
	free(text);
}
END_TEST

START_TEST(sections_fold_and_end)
{
	begin();
	r.section(&r, "first", FOLDED);
	r.item(&r, NULL, "item");
	r.section(&r, "second", UNFOLDED);
	r.paragraph(&r, "words");
	r.end(&r);
	fclose(r.out);
	ck_assert_msg(!strncmp(text, "### first\n\n<details>\n<summary>Details</summary>\n\n- item\n\n"
			       "</details>\n\n### second\n\nwords\n\n", 80), "%s", text);
	free(text);
}
END_TEST

START_TEST(words_read_well)
{
	begin();
	r.paragraph(&r, "0000:00:06.0: pdev->irq is 0 (NV_ERR_GENERIC), 580.82.07; 1 + 1.");
	fclose(r.out);
	ck_assert_str_eq(text, "`0000:00:06.0`: pdev-\\>irq is 0 (`NV_ERR_GENERIC`), 580.82.07; 1 + 1.\n\n");
	free(text);
}
END_TEST

START_TEST(whole_report_is_read_back)
{
	struct gpuprobe_case *c = case_create();
	struct report_options options = { .verbose = true };
	struct diagnosis *d;
	char *xml;

	given_bhyve(c);
	given_p4(c, 0, 0);
	given_log(c, NO_IRQ_LINES "[    6.0] NVRM: </details> ```` [x](http://y)\n");
	d = diagnose(c, unit_knowledge());
	begin();
	report_walk(&r, c, d, unit_knowledge(), &options);
	xml = read_back();
	ck_assert_ptr_nonnull(strstr(xml, "<heading level=\"2\">"));
	ck_assert_ptr_null(strstr(xml, "<link"));
	ck_assert_ptr_null(strstr(xml, "<html_inline"));
	free(xml);
	free(text);
	diagnosis_destroy(d);
	case_destroy(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("markdown");
	TCase *tcase = unit_case(suite, "markdown");

	tcase_add_loop_test(tcase, hostile_text_makes_no_element, 0, COUNT(hostile));
	tcase_add_loop_test(tcase, no_word_is_linked_by_a_site, 0, COUNT(hostile));
	tcase_add_loop_test(tcase, no_control_character_is_left, 0, COUNT(hostile));
	tcase_add_test(tcase, fences_are_longer_than_what_they_hold);
	tcase_add_test(tcase, sections_fold_and_end);
	tcase_add_test(tcase, words_read_well);
	tcase_add_test(tcase, whole_report_is_read_back);
	return unit_run(suite);
}
