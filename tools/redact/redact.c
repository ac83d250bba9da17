// SPDX-License-Identifier: GPL-2.0-or-later
#define PCRE2_CODE_UNIT_WIDTH 8
#include <arpa/inet.h>
#include <ctype.h>
#include <pcre2.h>
#include <search.h>
#include <stdio.h>

#include "case/case_json.h"
#include "decode/config.h"
#include "redact/redact.h"

#define MATCH_LIMIT	20000	/* a pattern that explodes on a hostile text ends as "no match" */
#define NAME_LENGTH_MIN	3	/* shorter ones are replaced by patterns only */
#define TURNS_MAX	8	/* what a replacement uncovers is replaced in the next turn */
#define NAMES_MAX	256	/* a text with more of them was made to be slow */

/* A value that was found, or a name that is looked for wherever it stands as a word. */
struct secret {
	enum pseudonym_kind kind;
	unsigned int number;	/* 0: not met yet */
	char *value;
	char *mapped;		/* as device mapper writes it, "-" doubled; NULL: the same */
};

struct redactor {
	const struct knowledge *knowledge;
	struct gpuprobe_case *const *cases;
	size_t case_count;
	void *tree;		/* tsearch(3): all secrets by their value */
	ARRAY(struct secret *) secrets, names;	/* all; those that are names */
	unsigned int last[PSEUDONYM_KINDS];
	char *kept;		/* all texts that stay, one a line */
	size_t kept_length;
	bool changed;		/* the text in hand was */
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

/* Texts that say nothing of who and which machine, or that a report is about. */
static bool is_kept(const char *key)
{
	static const char *const keys[] = {
		"acpi_oem_id", "address", "cloud_tag", "collected", "dmi_bios_vendor",
		"dmi_bios_version", "dmi_product", "dmi_vendor", "driver",
		"driver_override", "file", "file_version", "holder", "irq_chip", "kernel",
		"kind", "license", "lockdown", "module", "name", "reset_methods",
		"route_link", "signature", "vermagic", "version",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

/* --- words --- */

static bool is_word(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_' || (unsigned char)ch >= 0x80;
}

/* @word at @from or behind, with nothing that belongs to a longer word around it; else NULL. */
static const char *find_word(const char *text, size_t from, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text + from; (at = strcasestr(at, word)); at++)
		if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
			return at;
	return NULL;
}

/* --- secrets --- */

static int compare_secrets(const void *a, const void *b)
{
	return strcasecmp(((const struct secret *)a)->value, ((const struct secret *)b)->value);
}

static bool is_pseudonym_word(const char *value)
{
	for (size_t i = 0; i < PSEUDONYM_KINDS; i++)
		if (!strcasecmp(pseudonym_words[i], value))
			return true;
	return false;
}

/* Numbers and hexadecimal numbers mean something in a log; so do the words of kept texts. */
static bool may_be_name(const struct redactor *r, enum pseudonym_kind kind, const char *value)
{
	size_t letters = 0;

	if (kind != PSEUDONYM_HOST && kind != PSEUDONYM_USER && kind != PSEUDONYM_SERIAL &&
	    kind != PSEUDONYM_SSID && kind != PSEUDONYM_SECRET)
		return false;
	for (const char *at = value; *at; at++)
		letters += isalpha((unsigned char)*at) || (unsigned char)*at >= 0x80;
	if (strlen(value) < NAME_LENGTH_MIN || !letters ||
	    (isdigit((unsigned char)*value) && !value[strspn(value, "0123456789abcdefABCDEFxX")]))
		return false;
	return !is_pseudonym_word(value) && !find_word(r->kept, 0, value);
}

static char *mapped_form(const char *value)
{
	char *mapped, *to;

	if (!strchr(value, '-'))
		return NULL;
	to = mapped = xcalloc(2 * strlen(value) + 1, 1);
	for (; *value; value++) {
		if (*value == '-')
			*to++ = '-';
		*to++ = *value;
	}
	return mapped;
}

/* The secret of that value; it is new if nobody met it before. */
static struct secret *secret_of(struct redactor *r, enum pseudonym_kind kind, const char *value)
{
	struct secret key = { .value = (char *)value }, **found, *secret;

	found = tfind(&key, &r->tree, compare_secrets);
	if (found)
		return *found;
	secret = xcalloc(1, sizeof(*secret));
	*secret = (struct secret){
		.kind = kind, .value = xstrdup(value), .mapped = mapped_form(value),
	};
	*array_add(&r->secrets) = secret;
	if (r->names.count < NAMES_MAX && may_be_name(r, kind, value))
		*array_add(&r->names) = secret;
	tsearch(secret, &r->tree, compare_secrets);
	return secret;
}

/* The pseudonym for @length bytes at *@text + @start; the offset of what follows it. */
static size_t replace(struct redactor *r, struct secret *secret, char **text, size_t start,
		      size_t length)
{
	char pseudonym[32], *replaced;

	if (!secret->number && r->last[secret->kind] < PSEUDONYM_NUMBER_MAX) {
		secret->number = ++r->last[secret->kind];
		for (size_t i = 0; i < r->case_count; i++)
			r->cases[i]->redacted[secret->kind]++;
	}
	snprintf(pseudonym, sizeof(pseudonym), "%s-%u", pseudonym_words[secret->kind],
		 secret->number);
	replaced = xasprintf("%.*s%s%s", (int)start, *text, pseudonym, *text + start + length);
	free(*text);
	*text = replaced;
	r->changed = true;
	return start + strlen(pseudonym);
}

/* --- by patterns --- */

static bool passes_check(const struct redaction_pattern *pattern, const char *value)
{
	unsigned char address[sizeof(struct in6_addr)];

	return !pattern->check || inet_pton(AF_INET6, value, address) == 1;
}

/* "/x" behind a pseudonym is no part of it. */
static bool is_pseudonym(const char *value)
{
	enum pseudonym_kind kind;
	unsigned int number;
	size_t length = pseudonym_parse(value, &kind, &number);

	return length && !value[length];
}

static void apply_pattern(struct redactor *r, const struct redaction_pattern *pattern, char **text)
{
	PCRE2_SIZE *place = pcre2_get_ovector_pointer(r->match);
	size_t from = 0;

	while (from <= strlen(*text) &&
	       pcre2_match(pattern->pattern, (PCRE2_SPTR)*text, strlen(*text), from, 0, r->match,
			   r->limits) > 1) {
		size_t start = place[2], end = place[3];
		char *value = xstrndup(*text + start, end - start);

		if (!is_pseudonym(value) && passes_check(pattern, value))
			from = replace(r, secret_of(r, pattern->kind, value), text, start,
				       end - start);
		else
			from = end > from ? end : from + 1;
		free(value);
	}
}

static void apply_patterns(void *ctx, const char *key, char **text)
{
	struct redactor *r = ctx;

	if (is_kept(key))
		return;
	for (size_t turn = 0; turn < TURNS_MAX; turn++) {
		r->changed = false;
		for (size_t i = 0; i < r->knowledge->redaction.count; i++)
			apply_pattern(r, &r->knowledge->redaction.at[i], text);
		if (!r->changed)
			return;
	}
}

/* --- by names --- */

static void replace_word(struct redactor *r, struct secret *secret, const char *word, char **text)
{
	size_t from = 0;
	const char *at;

	while ((at = find_word(*text, from, word)))
		from = replace(r, secret, text, at - *text, strlen(word));
}

static void apply_names(void *ctx, const char *key, char **text)
{
	struct redactor *r = ctx;

	if (is_kept(key))
		return;
	r->changed = false;
	for (size_t i = 0; i < r->names.count; i++) {
		struct secret *secret = r->names.at[i];

		replace_word(r, secret, secret->value, text);
		if (secret->mapped)
			replace_word(r, secret, secret->mapped, text);
	}
	if (r->changed)
		apply_patterns(r, key, text);
}

/* --- cases --- */

static void each_text(const struct redactor *r, codec_text_fn each, void *ctx)
{
	for (size_t i = 0; i < r->case_count; i++)
		case_each_text(r->cases[i], each, ctx);
}

static void write_kept(void *ctx, const char *key, char **text)
{
	if (is_kept(key))
		fprintf(ctx, "%s\n", *text);
}

static void collect_kept(struct redactor *r)
{
	const struct knowledge *k = r->knowledge;
	FILE *kept = open_memstream(&r->kept, &r->kept_length);

	if (!kept)
		abort();
	for (size_t i = 0; i < k->common_names.count; i++)
		fprintf(kept, "%s\n", k->common_names.at[i]);
	for (size_t i = 0; i < k->messages.count; i++)
		for (size_t j = 0; j < k->messages.at[i].samples.count; j++)
			fprintf(kept, "%s\n", k->messages.at[i].samples.at[j]);
	each_text(r, write_kept, kept);
	fclose(kept);
}

/* Pseudonyms that are in the case already are not given again. */
static void find_last(void *ctx, const char *key, char **text)
{
	struct redactor *r = ctx;

	for (const char *at = *text; !is_kept(key) && *at; at++) {
		enum pseudonym_kind kind;
		unsigned int number;

		if (at != *text && is_word(at[-1]))
			continue;
		if (pseudonym_parse(at, &kind, &number) && number > r->last[kind])
			r->last[kind] = number;
	}
}

/* Of two names, one may be a part of the other. */
static int longer_first(const void *a, const void *b)
{
	size_t length_a = strlen((*(struct secret *const *)a)->value);
	size_t length_b = strlen((*(struct secret *const *)b)->value);

	return (length_a < length_b) - (length_a > length_b);
}

static void add_names(struct redactor *r, const struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->names.count; i++)
		secret_of(r, c->names.at[i].kind, c->names.at[i].text);
}

static void start(struct redactor *r)
{
	r->match = pcre2_match_data_create(2, NULL);
	r->limits = pcre2_match_context_create(NULL);
	if (!r->match || !r->limits)
		abort();	/* no memory for so little: the machine's fault */
	pcre2_set_match_limit(r->limits, MATCH_LIMIT);
	/* For speed only: without it they match as well. */
	for (size_t i = 0; i < r->knowledge->redaction.count; i++)
		pcre2_jit_compile(r->knowledge->redaction.at[i].pattern, PCRE2_JIT_COMPLETE);
	collect_kept(r);
	each_text(r, find_last, r);
	for (size_t i = 0; i < r->case_count; i++)
		add_names(r, r->cases[i]);
}

static void finish(struct redactor *r)
{
	for (size_t i = 0; i < r->secrets.count; i++) {
		tdelete(r->secrets.at[i], &r->tree, compare_secrets);
		free(r->secrets.at[i]->value);
		free(r->secrets.at[i]->mapped);
		free(r->secrets.at[i]);
	}
	array_free(&r->secrets);
	array_free(&r->names);
	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->match);
	free(r->kept);
}

static void clear_serial_numbers(struct gpuprobe_case *c)
{
	for (size_t i = 0; i < c->functions.count; i++) {
		struct function *function = &c->functions.at[i];

		for (size_t j = 0; j < function->snapshots.count; j++)
			config_clear_serial(function->snapshots.at[j].config);
	}
}

void redact_cases(struct gpuprobe_case *const *cases, size_t count,
		  const struct knowledge *knowledge)
{
	struct redactor r = { .knowledge = knowledge, .cases = cases, .case_count = count };

	start(&r);
	each_text(&r, apply_patterns, &r);
	if (r.names.count)
		qsort(r.names.at, r.names.count, sizeof(*r.names.at), longer_first);
	each_text(&r, apply_names, &r);
	for (size_t i = 0; i < count; i++) {
		clear_serial_numbers(cases[i]);
		cases[i]->is_redacted = true;
	}
	finish(&r);
}

void redact_case(struct gpuprobe_case *c, const struct knowledge *knowledge)
{
	redact_cases(&c, 1, knowledge);
}
