// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe rules: what the diagnosis goes by, and whether it holds together. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "command/command.h"
#include "lib/i18n.h"
#include "lint/lint.h"
#include "lint/site.h"
#include "render/rules_doc.h"

static void complain(void *ctx, const char *file, size_t line, const char *text)
{
	(void)ctx;
	if (line)
		fprintf(stderr, "%s:%zu: %s\n", file, line, text);
	else
		fprintf(stderr, "%s: %s\n", file ? file : "gpuprobe", text);
}

/* --- list, show, doc --- */

static int list_rules(const struct knowledge *knowledge, char **words)
{
	(void)words;
	for (size_t i = 0; i < knowledge->rules.count; i++) {
		const struct rule *rule = &knowledge->rules.at[i];

		printf("%-36s %-12s %s\n", rule->id, rule->verdict_text, rule->title);
	}
	return 0;
}

static int show_rules(const struct knowledge *knowledge, char **words)
{
	struct renderer r;

	text_renderer(&r, stdout, output_width(stdout), output_coloured(stdout));
	if (!*words)
		return wrong_use(&command_rules, "show: name a rule; \"gpuprobe rules\" lists them");
	for (; *words; words++) {
		const struct rule *rule = knowledge_rule(knowledge, *words);

		if (!rule) {
			fprintf(stderr, "gpuprobe rules: there is no rule %s\n", *words);
			return EX_DATAERR;
		}
		rules_doc_rule(&r, knowledge, rule);
	}
	return 0;
}

static int write_doc(const struct knowledge *knowledge, char **words)
{
	struct renderer r;

	(void)words;
	puts("# What gpuprobe diagnoses\n");
	markdown_renderer(&r, stdout);
	rules_doc(&r, knowledge);
	return 0;
}

/* --- lint and test --- */

/* Without files: what is built in and the site's. With: these files, on top of that. */
static bool add_files(struct knowledge *knowledge, char **paths)
{
	bool good = true;

	for (; *paths; paths++)
		good &= site_rules_add(knowledge, *paths, complain, NULL);
	return good;
}

static int lint_rules(const struct knowledge *knowledge, const struct knowledge_mark *from)
{
	size_t complaints = lint_names(knowledge, from, complain, NULL) +
			    lint_samples(knowledge, from, complain, NULL);

	if (complaints)
		return EX_DATAERR;
	printf(_("%zu messages and %zu rules: nothing to complain about\n"),
	       knowledge->messages.count - from->messages, knowledge->rules.count - from->rules);
	return 0;
}

/* A rule's samples in every shape; how many times one fails. */
static size_t test_samples(const struct knowledge *knowledge, const struct rule *rule,
			   const sample_list *samples, bool wanted)
{
	const struct rule *first;
	size_t failed = 0;

	for (size_t i = 0; i < samples->count; i++)
		for (enum log_shape shape = 0; shape < SHAPE_COUNT; shape++) {
			if (sample_holds(knowledge, rule, &samples->at[i], shape, &first) == wanted)
				continue;
			printf(_("     line %zu, in the shape of %s: it must %shold\n"),
			       samples->at[i].line, log_shape_names[shape], wanted ? "" : _("not "));
			failed++;
		}
	return failed;
}

static int test_rules(const struct knowledge *knowledge, const struct knowledge_mark *from)
{
	size_t failed = 0;

	for (size_t i = from->rules; i < knowledge->rules.count; i++) {
		const struct rule *rule = &knowledge->rules.at[i];
		size_t wrong = test_samples(knowledge, rule, &rule->samples, true) +
			       test_samples(knowledge, rule, &rule->counter, false);
		bool good = rule->samples.count && !wrong;

		printf(_("%s %s: %zu samples, %zu counter samples, %d log shapes\n"),
		       good ? "ok  " : "FAIL", rule->id, rule->samples.count,
		       rule->counter.count, SHAPE_COUNT);
		failed += !good;
	}
	return failed ? EX_DATAERR : 0;
}

static int check_rules(struct knowledge *knowledge, char **paths,
		       int (*check)(const struct knowledge *knowledge,
				    const struct knowledge_mark *from))
{
	struct knowledge_mark from = { 0 };

	if (*paths)
		from = knowledge_mark(knowledge);
	if (!add_files(knowledge, paths))
		return EX_DATAERR;
	return check(knowledge, &from);
}

/* --- the command --- */

static int act(struct knowledge *knowledge, const char *action, char **words)
{
	static const struct {
		const char *name;
		int (*run)(const struct knowledge *knowledge, char **words);
	} actions[] = {
		{ "list", list_rules }, { "show", show_rules }, { "doc", write_doc },
	};

	if (!strcmp(action, "lint"))
		return check_rules(knowledge, words, lint_rules);
	if (!strcmp(action, "test"))
		return check_rules(knowledge, words, test_rules);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(action, actions[i].name))
			return actions[i].run(knowledge, words);
	return wrong_use(&command_rules, "unknown word '%s'", action);
}

static int run_rules(int argc, char **argv)
{
	struct knowledge *knowledge;
	const char *root = "";
	const struct command_option rows[] = { { "root", .word = &root }, { 0 } };
	int status = command_options(&command_rules, argc, argv, rows);

	if (status)
		return status < 0 ? 0 : status;
	knowledge = knowledge_or_exit(root);
	status = act(knowledge, optind < argc ? argv[optind] : "list",
		     optind < argc ? argv + optind + 1 : argv + argc);
	knowledge_destroy(knowledge);
	return status;
}

const struct command command_rules = {
	.name = "rules",
	.summary = "list, show and check the rules of the diagnosis",
	.help = "usage: gpuprobe rules [list]\n"
		"       gpuprobe rules show ID...\n"
		"       gpuprobe rules lint [FILE...]\n"
		"       gpuprobe rules test [FILE...]\n"
		"       gpuprobe rules doc\n"
		"\n"
		"The rules are built in; files of /etc/gpuprobe/rules.d add to them. list names all,\n"
		"show prints one with all it says. lint checks that every name stands for something\n"
		"and that every sample proves its rule; test runs the samples and says so for each\n"
		"rule. With FILEs both check these, on top of what is there. doc prints all causes,\n"
		"their evidence, fixes and sources, as Markdown.\n"
		"\n"
		"      --root=DIR      look for the site's rules in DIR instead of /\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 good, 64 wrong use, 65 something is wrong with a rule.\n",
	.run = run_rules,
};
