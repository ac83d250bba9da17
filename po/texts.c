// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes the texts of the YAML knowledge as a catalogue, for make po. They are
 * those that the loader gives to translated(), which here writes them down: the
 * linker takes this one, not the library's.
 */
#include <stdio.h>
#include <stdlib.h>

#include "knowledge/knowledge.h"
#include "lib/i18n.h"

static void put_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '\n') {
			fputs("\\n", stdout);
			continue;
		}
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	puts("\"");
}

const char *translated(const char *text)
{
	if (!text || !*text)
		return text;
	fputs("\nmsgid ", stdout);
	put_quoted(text);
	puts("msgstr \"\"");
	return text;
}

int main(void)
{
	struct knowledge *knowledge;

	puts("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"");
	knowledge = knowledge_load(NULL, NULL);
	if (!knowledge)
		return EXIT_FAILURE;
	knowledge_destroy(knowledge);
	return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
