// SPDX-License-Identifier: GPL-2.0-or-later
/* gpuprobe explain: what a line or a code means, offline. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "command/command.h"
#include "decode/rminit.h"
#include "lib/i18n.h"
#include "lib/nearest.h"
#include "lib/printable.h"
#include "render/renderer.h"
#include "sources/source.h"

struct explainer {
	struct renderer r;
	const struct knowledge *knowledge;
	unsigned int branch;	/* of the driver, once a line named it */
	enum answer open;	/* its flavour */
	size_t explained;
};

static void say(struct explainer *e, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct explainer *e, const char *label, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	e->r.item(&e->r, label, text);
	free(text);
	e->explained++;
}

static void explain_entry(struct explainer *e, const char *label, const char *what,
			  const struct code_entry *entry)
{
	if (entry->branches)
		say(e, label, _("%s 0x%02x, %s (driver %s): %s"), what, entry->code, entry->name,
		    entry->branches, entry->text);
	else
		say(e, label, _("%s 0x%02x, %s: %s"), what, entry->code, entry->name, entry->text);
}

/* All meanings, where the branch is not known and the code was renumbered. */
static void explain_code(struct explainer *e, const char *label, const char *what,
			 const code_table *table, uint32_t code)
{
	const struct code_entry *entry = e->branch ? code_find(table, code, e->branch) : NULL;

	if (entry) {
		explain_entry(e, label, what, entry);
		return;
	}
	for (size_t i = 0; i < table->count; i++)
		if (table->at[i].code == code)
			explain_entry(e, label, what, &table->at[i]);
}

/*
 * @line: 0 if it was not given. Where the branch is not known and a code was
 * renumbered, the line may tell.
 */
static void explain_triple(struct explainer *e, uint32_t stage, uint32_t status, uint32_t line)
{
	const struct stage_line *known = stage_line_find(e->knowledge, stage, line, e->branch);
	unsigned int branch = e->branch;
	char *text;

	if (!e->branch && known)
		e->branch = strtoul(known->version, NULL, 10);
	explain_code(e, _("stage"), _("RmInitAdapter stage"), &e->knowledge->stages, stage);
	/* old builds print 0xffffffff for 0xffff */
	explain_code(e, _("status"), "NV_STATUS", &e->knowledge->statuses, status & 0xffff);
	e->branch = branch;
	if (!line)
		return;
	text = rminit_line_text(e->knowledge, stage, line, branch, e->open);
	say(e, "", "%s", text);
	free(text);
}

static void explain_xid_entry(struct explainer *e, const struct code_entry *entry)
{
	say(e, "Xid", _("%u, %s: %s"), entry->code, entry->name, entry->text);
}

static void explain_xid(struct explainer *e, uint32_t number)
{
	const struct code_entry *entry = code_find(&e->knowledge->xids, number, 0);

	if (entry)
		explain_xid_entry(e, entry);
}

static bool match_number(const struct message_match *match, const char *name, uint32_t *value)
{
	const char *text = message_match_field(match, name);
	char *end;

	if (!text)
		return false;
	*value = strtoul(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
	return end != text;
}

static void say_meaning(struct explainer *e, const struct message *message)
{
	static const char *const level_words[] = {
		[LEVEL_NOTE] = N_("note"), [LEVEL_GOOD] = N_("good sign"),
		[LEVEL_WARNING] = N_("warning"), [LEVEL_ERROR] = N_("error"),
	};

	say(e, _(level_words[message->level]), "%s", message->means);
	if (message->mark)
		say(e, "", _("(%s: a hypothesis, not a fact from the driver's source)"),
		    message->mark);
}

static void say_source(struct explainer *e, const struct message *message)
{
	if (message->source)
		say(e, _("source"), "%s", message->source);
}

static bool explain_message(struct explainer *e, const char *text)
{
	struct message_match match;
	const char *version, *flavour;
	uint32_t stage, status, xid, line = 0;

	if (!knowledge_match(e->knowledge, text, &match))
		return false;
	say_meaning(e, match.message);
	version = message_match_field(&match, "version");
	if (version && !strncmp(match.message->id, "nvrm.", 5))
		e->branch = strtoul(version, NULL, 10);
	flavour = message_match_field(&match, "flavour");
	if (version && !strcmp(match.message->id, "nvrm.loading"))
		e->open = flavour ? YES : NO;
	match_number(&match, "line", &line);
	if (match_number(&match, "stage", &stage) && match_number(&match, "status", &status))
		explain_triple(e, stage, status, line);
	if (match_number(&match, "xid", &xid))
		explain_xid(e, xid);
	say_source(e, match.message);
	message_match_clear(&match);
	return true;
}

/* The id of a message, as reports and rules name it: with a line of its kind. */
static bool explain_message_id(struct explainer *e, const char *text)
{
	const struct message *message = knowledge_message(e->knowledge, text);

	if (!message)
		return false;
	if (message->samples.count)
		e->r.log_line(&e->r, NULL, message->samples.at[0], 1);
	say_meaning(e, message);
	say_source(e, message);
	return true;
}

/* "0x31:0xffff", with or without the line number behind */
static bool explain_bare_triple(struct explainer *e, const char *text)
{
	const char *at = strstr(text, "0x");
	size_t before = e->explained;
	unsigned int stage, status, line = 0;

	if (!at || sscanf(at, "0x%8x:0x%8x:%9u", &stage, &status, &line) < 2)
		return false;
	explain_triple(e, stage, status, line);
	return e->explained > before;
}

static bool explain_bare_xid(struct explainer *e, const char *text)
{
	size_t before = e->explained;
	unsigned int number;

	if (strncasecmp(text, "xid", 3) ||
	    sscanf(text + 3 + strspn(text + 3, " :="), "%9u", &number) != 1)
		return false;
	explain_xid(e, number);
	return e->explained > before;
}

static bool explain_number(struct explainer *e, const char *text)
{
	size_t before = e->explained;
	unsigned long code;
	char *end;

	errno = 0;
	code = strtoul(text, &end, 0);
	if (end == text || *end || errno || code > UINT32_MAX)
		return false;
	explain_code(e, _("status"), "NV_STATUS", &e->knowledge->statuses, code);
	explain_code(e, _("stage"), _("RmInitAdapter stage"), &e->knowledge->stages, code);
	return e->explained > before;
}

static bool explain_name(struct explainer *e, const char *text)
{
	char *prefixed = xasprintf("NV_ERR_%s", text);
	const struct code_entry *status = code_find_name(&e->knowledge->statuses, text);
	const struct code_entry *stage = code_find_name(&e->knowledge->stages, text);
	const struct code_entry *xid = code_find_name(&e->knowledge->xids, text);

	if (!status)
		status = code_find_name(&e->knowledge->statuses, prefixed);
	free(prefixed);
	if (status)
		explain_entry(e, _("status"), "NV_STATUS", status);
	if (stage)
		explain_entry(e, _("stage"), _("RmInitAdapter stage"), stage);
	if (xid)
		explain_xid_entry(e, xid);
	return status || stage || xid;
}

static bool explain_cause(struct explainer *e, const char *text)
{
	for (size_t i = 0; i < e->knowledge->rules.count; i++) {
		const struct rule *rule = &e->knowledge->rules.at[i];

		if (strcmp(rule->id, text))
			continue;
		say(e, _("cause"), "%s", rule->title);
		e->r.paragraph(&e->r, rule->explanation);
		return true;
	}
	return false;
}

/* From the most exact reading to the least. */
static bool explain_text(struct explainer *e, const char *text)
{
	return explain_message(e, text) || explain_bare_triple(e, text) ||
	       explain_bare_xid(e, text) || explain_number(e, text) ||
	       explain_name(e, text) || explain_cause(e, text) || explain_message_id(e, text);
}

/* --- what was perhaps meant --- */

static void offer_codes(struct nearest *nearest, const code_table *table, const char *prefix)
{
	for (size_t i = 0; i < table->count; i++)
		nearest_offer(nearest, table->at[i].name, prefix, NULL);
}

static void offer_commands(struct nearest *nearest)
{
	for (size_t i = 0; i < command_count; i++)
		nearest_offer(nearest, commands[i]->name, "", commands[i]);
}

/* Options by their words: an option's name is no more than a piece of the help text. */
static void offer_options(struct nearest *nearest, const struct command *command)
{
	const char *at = command->help;

	while ((at = strstr(at, " --"))) {
		char *name = xstrndup(at + 1, 2 + strspn(at + 3, "abcdefghijklmnopqrstuvwxyz-"));

		nearest_offer(nearest, name, "--", command);
		at += 3;
		free(name);
	}
}

/* Each line is a command that tells more. */
static void suggest(const struct knowledge *knowledge, const char *text)
{
	struct nearest nearest;

	nearest_open(&nearest, text);
	offer_codes(&nearest, &knowledge->statuses, "NV_ERR_");
	offer_codes(&nearest, &knowledge->stages, "RM_INIT_");
	offer_codes(&nearest, &knowledge->xids, "ROBUST_CHANNEL_");
	for (size_t i = 0; i < knowledge->rules.count; i++)
		nearest_offer(&nearest, knowledge->rules.at[i].id, "", NULL);
	for (size_t i = 0; i < knowledge->messages.count; i++)
		nearest_offer(&nearest, knowledge->messages.at[i].id, "", NULL);
	offer_commands(&nearest);
	for (size_t i = 0; i < command_count; i++)
		offer_options(&nearest, commands[i]);
	if (nearest.count)
		fprintf(stderr, "%s\n", _("Perhaps one of these was meant:"));
	for (size_t i = 0; i < nearest.count; i++) {
		const struct command *command = nearest.at[i].of;
		char *name = printable(command ? command->name : nearest.at[i].name);

		fprintf(stderr, command ? "  gpuprobe %s --help\n" : "  gpuprobe explain %s\n", name);
		free(name);
	}
	nearest_close(&nearest);
}

/* How often a line came, or 0 if that was told where it came first. */
static size_t times_from(const struct gpuprobe_case *c, size_t index)
{
	const char *text = c->log.at[index].text;
	size_t times = 1;

	for (size_t i = 0; i < index; i++)
		if (!strcmp(c->log.at[i].text, text))
			return 0;
	for (size_t i = index + 1; i < c->log.count; i++)
		times += !strcmp(c->log.at[i].text, text);
	return times;
}

static bool is_known(const struct knowledge *knowledge, const char *text)
{
	struct message_match match;
	bool known = knowledge_match(knowledge, text, &match);

	message_match_clear(&match);
	return known;
}

/* A pasted log: each line that is known, once, under its own words; the others are counted. */
static void explain_log(struct explainer *e)
{
	struct gpuprobe_case *c = case_create();
	size_t known = 0;

	source_log_text(c, stdin, e->knowledge);
	for (size_t i = 0; i < c->log.count; i++) {
		const struct log_line *line = &c->log.at[i];
		size_t times;

		if (!is_known(e->knowledge, line->text))
			continue;
		known++;
		times = times_from(c, i);
		if (!times)
			continue;
		if (e->explained)
			fputc('\n', e->r.out);
		e->r.log_line(&e->r, line->stamp, line->text, times);
		explain_message(e, line->text);
	}
	if (known) {
		fputc('\n', e->r.out);
		render_item(&e->r, _("lines"), _("read: %zu, known: %zu, about the GPU but not known: %zu"),
			    c->log_lines_read, known, c->log.count - known);
	}
	case_destroy(c);
}

/* A word may be a whole log line with its time stamp: let the log reader take it apart. */
static char *message_of(const struct knowledge *knowledge, const char *words)
{
	struct gpuprobe_case *c = case_create();
	FILE *file = fmemopen((void *)words, strlen(words), "r");
	char *text;

	if (file) {
		source_log_text(c, file, knowledge);
		fclose(file);
	}
	text = xstrdup(c->log.count ? c->log.at[0].text : words);
	case_destroy(c);
	return text;
}

static char *join(char **words)
{
	char *text = xstrdup(""), *longer;

	for (; *words; words++) {
		longer = xasprintf("%s%s%s", text, *text ? " " : "", *words);
		free(text);
		text = longer;
	}
	return text;
}

static int explain_words(struct explainer *e, char **words)
{
	char *text = join(words), *message = message_of(e->knowledge, text);
	bool known = *message && explain_text(e, message);

	if (!known) {
		fprintf(stderr, "gpuprobe: %s\n", _("nothing is known of that"));
		suggest(e->knowledge, message);
	}
	free(message);
	free(text);
	return known ? 0 : 2;
}

static int run_explain(int argc, char **argv)
{
	struct explainer e = { 0 };
	struct output output;
	int status;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(command_explain.help, stdout);
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--"))
		return wrong_use(&command_explain, "unknown option %s", argv[1]);
	if (argc > 1 && !strcmp(argv[1], "--"))
		argv++, argc--;
	if (argc < 2 && isatty(STDIN_FILENO))
		return wrong_use(&command_explain, "give words, or a log on standard input");
	output_open(&output, NULL);
	e.knowledge = knowledge_or_exit("");
	text_renderer(&e.r, stdout, output_width(stdout), output_coloured(stdout));
	if (argc > 1) {
		status = explain_words(&e, argv + 1);
	} else {
		explain_log(&e);
		status = e.explained ? 0 : 2;
		if (status)
			fprintf(stderr, "gpuprobe: %s\n", _("no line of that is known"));
	}
	knowledge_destroy((struct knowledge *)e.knowledge);
	return output_close(&output, status);
}

const struct command command_explain = {
	.name = "explain",
	.summary = "what a kernel line or a code means, offline",
	.help = "usage: gpuprobe explain WORDS...\n"
		"       gpuprobe explain <LOG\n"
		"\n"
		"Say what a pasted kernel line or a code means: \"NVRM: ...\", 0x31:0xffff,\n"
		"0x31:0xffff:2767, NV_ERR_TIMEOUT, \"xid 79\", or the id of a cause or of a\n"
		"message. Of words that are not known, what was perhaps meant. Without words,\n"
		"every line of a log on standard input that is known.\n"
		"\n"
		"  -h, --help          this text\n"
		"\n"
		"Exit status: 0 explained, 2 nothing is known of it, 64 wrong use.\n",
	.run = run_explain,
};
