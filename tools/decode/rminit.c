// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/rminit.h"

#include "lib/i18n.h"

char *rminit_line_text(const struct knowledge *knowledge, uint32_t stage, uint32_t line,
		       unsigned int branch, enum answer open)
{
	const struct stage_line *known = stage_line_find(knowledge, stage, line, branch);
	const struct code_entry *entry = code_find(&knowledge->stages, stage, branch);
	bool same_branch = known && strtoul(known->version, NULL, 10) == branch;

	if (entry && entry->only)	/* no open module ever reports it */
		open = NO;
	if (open == NO || (known && branch && !same_branch))
		known = NULL;
	if (!known && open == NO)
		return xasprintf(_("line %u is of the proprietary module's source, which is not "
				   "published; the stage says what it was doing"), line);
	if (!known)
		return xasprintf(_("line %u is in no release whose source was read"), line);
	if (known->places > 1)
		return xasprintf(_("line %u is where the open module %s sets this stage (place %u "
				   "of %u)"), line, known->version, known->place,
				 known->places);
	return xasprintf(_("line %u is where the open module %s sets this stage"), line,
			 known->version);
}
