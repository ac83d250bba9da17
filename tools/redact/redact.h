/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A case that can be shown to anybody: in every text of it, what tells who or
 * which machine becomes a pseudonym (case/pseudonym.h). It is found by the
 * patterns of knowledge/redaction.yaml, and by the names that the machine was
 * asked for (gpuprobe_case.names), which never leave it.
 *
 * The device serial number of config space becomes 0.
 *
 * What a diagnosis depends on stays: PCI addresses and ids, kernel and driver
 * versions, times, addresses, error numbers, firmware strings. A name that is a
 * word of these, or of a kernel message that gpuprobe knows, stays as well where
 * it stands alone in a text: there it tells nothing, and without it the text
 * could mean something else.
 *
 * A case that was redacted before does not change; what is new in it gets
 * pseudonyms that are not taken yet.
 */
#ifndef GPUPROBE_REDACT_H
#define GPUPROBE_REDACT_H

#include "case/case.h"
#include "knowledge/knowledge.h"

void redact_case(struct gpuprobe_case *c, const struct knowledge *knowledge);

/* Several, in which one value has one pseudonym, so that they can be compared. */
void redact_cases(struct gpuprobe_case *const *cases, size_t count,
		  const struct knowledge *knowledge);

#endif
