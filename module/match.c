// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which functions are observed: the module parameter "match".
 */
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/pci_ids.h>
#include <linux/string.h>

#include "compat.h"
#include "match.h"

#define ID_DIGITS	4

/**
 * gp_is_nvidia_display() - can this function be an NVIDIA GPU?
 * @pdev:	the function
 *
 * Reads what the kernel knows, not the hardware.
 *
 * Return: true if vendor and base class say so.
 */
bool gp_is_nvidia_display(const struct pci_dev *pdev)
{
	return pdev->vendor == PCI_VENDOR_ID_NVIDIA &&
	       pdev->class >> 16 == PCI_BASE_CLASS_DISPLAY;
}

static int parse_id(const char *text, u16 *id)
{
	int i, digit;

	*id = 0;
	for (i = 0; i < ID_DIGITS; i++) {
		digit = hex_to_bin(text[i]);
		if (digit < 0)
			return -EINVAL;
		*id = *id << 4 | digit;
	}
	return 0;
}

/* vendor or vendor:device; never looks past a digit that is none */
static int parse_rule(const char *text, size_t length,
		      struct gp_match_rule *rule)
{
	int err;

	if (length != ID_DIGITS && length != 2 * ID_DIGITS + 1)
		return -EINVAL;
	err = parse_id(text, &rule->vendor);
	if (err)
		return err;

	rule->any_device = length == ID_DIGITS;
	if (rule->any_device)
		return 0;
	if (text[ID_DIGITS] != ':')
		return -EINVAL;
	return parse_id(text + ID_DIGITS + 1, &rule->device);
}

/**
 * gp_match_parse() - understand the module parameter "match"
 * @text:	NULL or "" for NVIDIA's display functions; "all"; or up to
 *		GP_MATCH_RULES_MAX of vendor[:device], four hexadecimal digits
 *		each, separated by commas
 * @match:	overwritten
 *
 * Return: 0, or -EINVAL if @text is anything else.
 */
int gp_match_parse(const char *text, struct gp_match *match)
{
	size_t length;
	int err;

	memset(match, 0, sizeof(*match));
	if (!text || !*text)
		return 0;
	if (!strcmp(text, "all")) {
		match->all = true;
		return 0;
	}

	for (;;) {
		if (match->count == GP_MATCH_RULES_MAX)
			return -EINVAL;
		length = strcspn(text, ",");
		err = parse_rule(text, length, &match->rules[match->count]);
		if (err)
			return err;
		match->count++;
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

/**
 * gp_match_function() - is this function observed for its own sake?
 * @match:	what to look for
 * @pdev:	the function
 *
 * Reads what the kernel knows, not the hardware.
 *
 * Return: true if it is.
 */
bool gp_match_function(const struct gp_match *match,
		       const struct pci_dev *pdev)
{
	const struct gp_match_rule *rule;
	unsigned int i;

	if (match->all)
		return true;
	if (!match->count)
		return gp_is_nvidia_display(pdev);

	for (i = 0; i < match->count; i++) {
		rule = &match->rules[i];
		if (pdev->vendor == rule->vendor &&
		    (rule->any_device || pdev->device == rule->device))
			return true;
	}
	return false;
}
