// SPDX-License-Identifier: GPL-2.0-or-later
/* Samples: each message recognises its own, and each rule holds under its own, in every shape. */
#include <stdio.h>

#include "diagnose/diagnose.h"
#include "lint/lint.h"
#include "sources/source.h"

const char *const log_shape_names[SHAPE_COUNT] = {
	[SHAPE_BARE] = "dmesg -t", [SHAPE_UPTIME] = "dmesg", [SHAPE_CLOCK] = "dmesg -T",
	[SHAPE_SYSLOG] = "syslog",
};

static void write_stamp(FILE *out, enum log_shape shape, unsigned int second)
{
	unsigned int minute = second / 60 % 60;

	switch (shape) {
	case SHAPE_UPTIME:
		fprintf(out, "[%5u.%06u] ", second, second * 37 % 1000000);
		break;
	case SHAPE_CLOCK:
		fprintf(out, "[Sat Mar  7 10:%02u:%02u 2026] ", minute, second % 60);
		break;
	case SHAPE_SYSLOG:
		fprintf(out, "Mar  7 10:%02u:%02u guest kernel: ", minute, second % 60);
		break;
	default:
		break;
	}
}

char *log_in_shape(const char *log, enum log_shape shape)
{
	unsigned int second = 1;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return xstrdup(log);
	for (const char *at = log; *at; second++) {
		size_t end = strcspn(at, "\n");

		write_stamp(out, shape, second);
		fprintf(out, "%.*s\n", (int)end, at);
		at += end + (at[end] == '\n');
	}
	if (fclose(out))
		return xstrdup(log);
	return text;
}

static void take_log(struct gpuprobe_case *c, const struct knowledge *knowledge, const char *log,
		     enum log_shape shape)
{
	char *text = log_in_shape(log, shape);
	FILE *file = *text ? fmemopen(text, strlen(text), "r") : NULL;

	if (file) {
		source_log_text(c, file, knowledge);
		fclose(file);
	}
	free(text);
}

bool sample_holds(const struct knowledge *knowledge, const struct rule *rule,
		  const struct rule_sample *sample, enum log_shape shape,
		  const struct rule **first)
{
	struct gpuprobe_case *c = case_create();
	struct diagnosis *diagnosis;
	bool holds = false;

	if (sample->log)
		take_log(c, knowledge, sample->log, shape);
	events_add_functions(c, knowledge);
	diagnosis = diagnose_given(c, knowledge, &sample->facts);
	for (size_t i = 0; i < diagnosis->findings.count && !holds; i++)
		holds = diagnosis->findings.at[i].rule == rule;
	*first = diagnosis->findings.count ? diagnosis->findings.at[0].rule : NULL;
	diagnosis_destroy(diagnosis);
	case_destroy(c);
	return holds;
}

struct sampler {
	const struct knowledge *knowledge;
	yamldoc_complain_fn complain;
	void *ctx;
	size_t complaints;
};

static void complain(struct sampler *s, const char *file, size_t line, char *text)
{
	s->complain(s->ctx, file, line, text);
	s->complaints++;
	free(text);
}

static void try_message(struct sampler *s, const struct message *message,
			const struct text_list *samples, size_t index, bool wanted)
{
	struct message_match match;
	const char *text = samples->at[index];
	bool found = knowledge_match(s->knowledge, text, &match);
	const struct message *taken = match.message;

	message_match_clear(&match);
	if (wanted && !found)
		complain(s, message->place.file, samples->lines[index],
			 xasprintf("samples: %s does not recognise this", message->id));
	else if (wanted && taken != message)
		complain(s, message->place.file, samples->lines[index],
			 xasprintf("samples: this is taken for %s, which comes before", taken->id));
	else if (!wanted && found && taken == message)
		complain(s, message->place.file, samples->lines[index],
			 xasprintf("counter: %s recognises this, and must not", message->id));
}

static void check_message(struct sampler *s, const struct message *message)
{
	if (!message->samples.count)
		complain(s, message->place.file, message->place.line,
			 xasprintf("samples: %s has none", message->id));
	for (size_t i = 0; i < message->samples.count; i++)
		try_message(s, message, &message->samples, i, true);
	for (size_t i = 0; i < message->counter.count; i++)
		try_message(s, message, &message->counter, i, false);
}

/* In the first shape that shows it; the others would mostly say the same. */
static void try_rule(struct sampler *s, const struct rule *rule,
		     const struct rule_sample *sample, bool wanted)
{
	for (enum log_shape shape = 0; shape < SHAPE_COUNT; shape++) {
		const struct rule *first;

		if (sample_holds(s->knowledge, rule, sample, shape, &first) == wanted)
			continue;
		complain(s, rule->place.file, sample->line, wanted ?
			 xasprintf("samples: %s does not hold under this in the shape of %s; "
				   "first is %s", rule->id, log_shape_names[shape],
				   first ? first->id : "nothing") :
			 xasprintf("counter: %s holds under this in the shape of %s, and must not",
				   rule->id, log_shape_names[shape]));
		return;
	}
}

static void check_rule(struct sampler *s, const struct rule *rule)
{
	if (!rule->samples.count)
		complain(s, rule->place.file, rule->place.line,
			 xasprintf("samples: %s has none", rule->id));
	for (size_t i = 0; i < rule->samples.count; i++)
		try_rule(s, rule, &rule->samples.at[i], true);
	for (size_t i = 0; i < rule->counter.count; i++)
		try_rule(s, rule, &rule->counter.at[i], false);
}

size_t lint_samples(const struct knowledge *knowledge, const struct knowledge_mark *from,
		    yamldoc_complain_fn complain_fn, void *ctx)
{
	struct sampler s = { knowledge, complain_fn, ctx, 0 };

	for (size_t i = from->messages; i < knowledge->messages.count; i++)
		check_message(&s, &knowledge->messages.at[i]);
	for (size_t i = from->rules; i < knowledge->rules.count; i++)
		check_rule(&s, &knowledge->rules.at[i]);
	return s.complaints;
}
