/* SPDX-License-Identifier: Apache-2.0 */
/* What the loop asks about objects that are programs. Not for anybody else. */
#pragma once

#include "scan/level.h"

/* sections.c: which rules name a section of the object, if it is a PE file. */
void object_match_sections(struct scan *scan, struct level *level,
			   const struct executable *executable);

/*
 * program_trust.c: whose rules trust the signature of the object, if it is a PE file, and
 * which rules report it.
 */
void object_check_signature(struct scan *scan, struct level *level,
			    const struct executable *executable);

/* Does the source trust the object's signature? With compat any source's trust counts. */
bool object_is_trusted(const struct scan *scan, const struct level *level,
		       struct slice source);

/*
 * program_trust.c: is the object, whatever it is, in a catalogue of the source's that the
 * source trusts? With compat any source's.
 *   OK, NO_MEMORY, CHANGED, IO, TIME, LIMIT
 */
MUST_CHECK enum status object_is_in_catalog(struct scan *scan, struct level *level,
					    struct slice source, bool *out);

/* imports.c: which rules name what the object imports, if it is a PE file. */
void object_match_imports(struct scan *scan, struct level *level,
			  const struct executable *executable);

/* explain_digest.c: why a rule of a digest matches the object or not, if somebody asks. */
void object_explain_digest(struct scan *scan, struct level *level,
			   const struct executable *executable);

/* prints.c: what hash rules for the object, of whatever type, would say, if somebody asks. */
void object_tell_prints(struct scan *scan, struct level *level,
			const struct executable *executable);
