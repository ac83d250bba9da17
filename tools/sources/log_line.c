// SPDX-License-Identifier: GPL-2.0-or-later
/* The shapes of a line: what stands before the message, and what of it is the time. */
#include "sources/log_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Before "kernel: " there are a date and a host, not half a message. */
#define SYSLOG_PREFIX_MAX	120
/* A full uptime that far inside ends whatever a paste put before it. */
#define PASTE_PREFIX_MAX	80

static const char *skip_blanks(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* NVIDIA's lines end in blanks here and there. */
void log_line_trim(char *text)
{
	size_t length = strcspn(text, "\r\n");

	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	text[length] = '\0';
}

/* --- what a forum, a mail or an editor put before --- */

/* "> ", "- ", "* ", "| ", "1. ", "12) ": the length of one of them, or 0. */
static size_t quote_mark(const char *at)
{
	size_t digits = strspn(at, "0123456789");

	if (*at == '>' || *at == '`')
		return 1;
	if (digits && digits < 5 && (at[digits] == '.' || at[digits] == ')') &&
	    at[digits + 1] == ' ')
		return digits + 2;
	return *at && strchr("-*|+", *at) && (at[1] == ' ' || at[1] == '\t') ? 2 : 0;
}

static void cut_end(char *text, char byte)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == byte)
		text[--length] = '\0';
}

static const char *skip_quote(char *text)
{
	const char *at = skip_blanks(text);
	size_t used;

	while ((used = quote_mark(at))) {
		if (*at == '`')
			cut_end(text, '`');
		at = skip_blanks(at + used);
	}
	return at;
}

/* --- who printed it --- */

/* "<6>", as dmesg --raw prints it: the facility is what is left of the level. */
static const char *skip_priority(const char *at, struct parsed_line *line)
{
	char *end;

	if (*at != '<' || !isdigit((unsigned char)at[1]))
		return at;
	if (strtoul(at + 1, &end, 10) >> 3)
		line->foreign = true;
	return *end == '>' ? end + 1 : at;
}

/* "kern  :info  : ", as dmesg --decode prints it. */
static const char *skip_facility(const char *at, struct parsed_line *line)
{
	static const char *const facilities[] = {
		"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp",
		"cron", "authpriv", "ftp",
	};
	size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz01234567");
	const char *level = skip_blanks(at + length), *end;

	if (*level != ':')
		return at;
	end = skip_blanks(level + 1 + strspn(level + 1, "abcdefghijklmnopqrstuvwxyz"));
	if (end == level + 1 || *end != ':')
		return at;
	for (size_t i = 0; i < sizeof(facilities) / sizeof(facilities[0]); i++) {
		if (strlen(facilities[i]) != length || strncmp(at, facilities[i], length))
			continue;
		line->foreign = i > 0;
		return skip_blanks(end + 1);
	}
	return at;
}

/* "[  T123]" or "[   C0]": the thread or CPU that printed the line (PRINTK_CALLER). */
static const char *skip_caller(const char *at)
{
	const char *open = skip_blanks(at), *inside;
	size_t digits;

	if (*open != '[')
		return at;
	inside = open + 1 + strspn(open + 1, " ");
	if (*inside != 'T' && *inside != 'C')
		return at;
	digits = strspn(inside + 1, "0123456789");
	return digits && inside[1 + digits] == ']' ? inside + digits + 2 : at;
}

/* --- times --- */

/* "    2.683654", and with dmesg --show-delta "    2.683654 <    0.000011>". */
static bool is_uptime(const char *text, size_t length)
{
	size_t start = 0, i, dots = 0;

	while (start < length && text[start] == ' ')
		start++;
	for (i = start; i < length && (isdigit((unsigned char)text[i]) || text[i] == '.'); i++)
		dots += text[i] == '.';
	if (dots != 1 || i == start || text[start] == '.')
		return false;
	return i == length || (text[i] == ' ' && text[i + 1] == '<' && text[length - 1] == '>');
}

/* "  +0.000123" and "<    0.000123>": the time since the line before. */
static bool is_delta(const char *text, size_t length)
{
	size_t start = 0;

	while (start < length && text[start] == ' ')
		start++;
	if (length - start > 2 && text[start] == '+')
		return is_uptime(text + start + 1, length - start - 1);
	return length > 3 && *text == '<' && text[length - 1] == '>' &&
	       is_uptime(text + 1, length - 2);
}

/*
 * A date has a time of day in it, in any language: "Tue Sep  9 02:26:33 2025". The
 * seconds may be missing ("Sep  9 02:26"), as dmesg --human leaves them out.
 */
static bool is_date(const char *text, size_t length)
{
	for (size_t i = 0; i + 5 <= length; i++) {
		const char *at = text + i;

		if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]) ||
		    at[2] != ':' || !isdigit((unsigned char)at[3]) ||
		    !isdigit((unsigned char)at[4]))
			continue;
		if (i && (isdigit((unsigned char)at[-1]) || at[-1] == ':'))
			continue;
		return i + 5 == length ? i && at[-1] == ' ' : at[5] == ':';
	}
	return false;
}

static uint64_t uptime_us(const char *text)
{
	uint64_t seconds, us = 0;
	char *end;

	seconds = strtoull(text, &end, 10);
	if (*end == '.') {
		size_t digits = 0;

		for (end++; isdigit((unsigned char)*end) && digits < 6; end++, digits++)
			us = us * 10 + (*end - '0');
		for (; digits < 6; digits++)
			us *= 10;
	}
	if (seconds > UINT64_MAX / 2000000)
		return 0;
	return seconds * 1000000 + us;
}

static void set_stamp(struct parsed_line *line, const char *stamp, size_t length)
{
	line->prefixed = true;
	line->stamp = stamp;
	line->stamp_length = length;
}

static void set_date(struct parsed_line *line, const char *date, size_t length)
{
	line->date = date;
	line->date_length = length;
	if (!line->time_known)
		set_stamp(line, date, length);
	line->prefixed = true;
}

/* "1.36s ", as people write the uptime who copy by hand. */
static const char *skip_seconds(const char *at, struct parsed_line *line)
{
	size_t length = strspn(at, "0123456789.");

	if (!length || !is_uptime(at, length) || at[length] != 's' ||
	    (at[length + 1] != ' ' && at[length + 1] != '\t'))
		return at;
	line->time_known = true;
	line->time_us = uptime_us(at);
	set_stamp(line, at, length + 1);
	return skip_blanks(at + length + 1);
}

/* "2025-09-09T02:26:33,123456+02:00 ", as dmesg --time-format=iso prints it. */
static const char *skip_iso(const char *at, struct parsed_line *line)
{
	size_t length = strcspn(at, " \t");

	if (length < 19 || !isdigit((unsigned char)*at) || at[4] != '-' || at[7] != '-' ||
	    at[10] != 'T' || !is_date(at, length))
		return at;
	set_date(line, at, length);
	return skip_blanks(at + length);
}

/* One stamp in brackets; @at if there is none. */
static const char *skip_stamp(const char *at, struct parsed_line *line)
{
	const char *close = *at == '[' ? strchr(at, ']') : NULL;
	size_t length;

	if (!close)
		return at;
	length = close - at - 1;
	if (is_uptime(at + 1, length)) {
		line->time_known = true;
		line->time_us = uptime_us(at + 1);
		set_stamp(line, at, length + 2);
	} else if (is_delta(at + 1, length)) {
		set_stamp(line, at, length + 2);
	} else if (is_date(at + 1, length)) {
		set_date(line, at, length + 2);
	} else {
		return at;
	}
	return skip_blanks(skip_caller(close + 1));
}

static const char *skip_stamps(const char *at, struct parsed_line *line)
{
	const char *next;

	while ((next = skip_stamp(at, line)) != at)
		at = next;
	return at;
}

/* --- syslog and journalctl --- */

/* The date ends where the host begins, which is the last word before the tag. */
static void take_date(const char *from, const char *host, struct parsed_line *line)
{
	const char *end = host;

	while (end > from && end[-1] == ' ')
		end--;
	if (end == from || !is_date(from, end - from))
		return;
	set_date(line, from, end - from);
	line->host = host;
	line->host_length = strcspn(host, " ");
}

static const char *word_before(const char *from, const char *at)
{
	while (at > from && at[-1] == ' ')
		at--;
	while (at > from && at[-1] != ' ')
		at--;
	return at;
}

/* "kernel - - - ": what RFC 5424 has in place of "kernel: ", a structure at its end. */
static const char *skip_structured(const char *at, struct parsed_line *line)
{
	static const char tag[] = " kernel - - ";
	const char *found = strstr(at, tag), *rest, *host;

	if (!found || found - at > SYSLOG_PREFIX_MAX)
		return NULL;
	host = word_before(at, found);
	if (at[0] == '1' && at[1] == ' ')
		at += 2;
	take_date(at, host, line);
	rest = found + strlen(tag);
	if (*rest == '-')
		return skip_blanks(rest + 1);
	if (*rest == '[' && strchr(rest, ']') && memchr(rest, '"', strcspn(rest, "]")))
		return skip_blanks(strchr(rest, ']') + 1);
	return rest;
}

/* "Sep  9 02:26:33 guest kernel: ", with any date, or none. */
static const char *skip_syslog(const char *at, struct parsed_line *line)
{
	static const char tag[] = "kernel:";
	const char *structured = skip_structured(at, line), *found;

	if (structured)
		return structured;
	found = strstr(at, tag);
	if (!found || found - at > SYSLOG_PREFIX_MAX || (found != at && found[-1] != ' '))
		return at;
	found += strlen(tag);
	if (*found != ' ' && *found != '[')
		return at;
	take_date(at, word_before(at, found - strlen(tag)), line);
	line->prefixed = true;
	return skip_blanks(found);
}

/*
 * "Sep  9 02:26:33 guest program[12]: ", where another program than the kernel
 * speaks: what is left begins with its name. The date is in the first five words,
 * and the zone may follow it.
 */
static const char *skip_host(const char *at, struct parsed_line *line)
{
	const char *word = at, *end;

	for (unsigned int i = 0; i < 5 && *word; i++) {
		end = word + strcspn(word, " ");
		if (end - word >= 8 && is_date(word, end - word)) {
			for (unsigned int j = 0; j < 3 && *end == ' '; j++) {
				word = skip_blanks(end);
				end = word + strcspn(word, " ");
				if (j && end[-1] == ':') {
					take_date(at, word_before(at, word), line);
					return word;
				}
			}
			return at;
		}
		word = skip_blanks(end);
	}
	return at;
}

/* "kern.log:123:[    2.683654] ": an uptime of six decimals is one wherever it stands. */
static const char *skip_to_uptime(const char *text, struct parsed_line *line)
{
	const char *at = text;

	while ((at = strchr(at, '[')) && at - text < PASTE_PREFIX_MAX) {
		size_t length = strspn(at + 1, " 0123456789.");

		if (length > 8 && at[1 + length] == ']' && at[1 + length - 7] == '.' &&
		    is_uptime(at + 1, length))
			return skip_stamps(at, line);
		at++;
	}
	return text;
}

struct parsed_line log_line_parse(char *text)
{
	struct parsed_line line = { 0 };
	const char *at;

	log_line_trim(text);
	at = skip_quote(text);
	at = skip_blanks(skip_priority(at, &line));
	at = skip_facility(at, &line);
	at = skip_seconds(at, &line);
	at = skip_stamps(at, &line);
	at = skip_syslog(at, &line);
	if (!line.prefixed)
		at = skip_iso(at, &line);
	if (!line.prefixed)
		at = skip_host(at, &line);
	if (!line.time_known)
		at = skip_to_uptime(at, &line);
	line.text = (char *)skip_stamps(at, &line);
	return line;
}
