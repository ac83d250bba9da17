// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys that the kernel trusts, as /proc/keys tells. */
#include "sources/source.h"

/*
 * A line ends in "asymmetri NAME: ID: X509.rsa ..."; the signer of a module is
 * NAME, or its last part where the certificate names an organisation.
 */
static bool names_signer(const char *line, const char *signer)
{
	const char *key = strstr(line, "asymmetri"), *end;

	if (!key)
		return false;
	key += strcspn(key, " ");
	end = strstr(key, ": X509");
	return end && memmem(key, end - key, signer, strlen(signer));
}

enum answer source_signer_known(const struct root *root, const char *signer)
{
	char *path = root_path(root, "/proc/keys"), *line = NULL;
	FILE *file = fopen(path, "re");
	enum answer answer = NOT_KNOWN;
	size_t room = 0;

	free(path);
	if (!file)
		return NOT_KNOWN;
	while (answer != YES && getline(&line, &room, file) > 0) {
		if (names_signer(line, signer))
			answer = YES;
		else if (strstr(line, "asymmetri"))
			answer = NO;
	}
	free(line);
	fclose(file);
	return answer;
}
