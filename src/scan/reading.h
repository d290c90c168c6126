/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching an object: its bytes, and the texts that are made of them. Not for anybody
 * outside of this folder.
 */
#pragma once

#include "scan/level.h"

/* The bytes of a view, and what is asked about them. */
struct reading {
	enum file_type as; /* what the object is taken for */
	enum view view;
	struct source source;
	unsigned target;
	const struct executable *executable; /* or NULL */
	unsigned flags;                      /* enum match_flags */
};

/* object.c: which rules match these bytes; tells of them, and of what goes wrong. */
void object_match(struct scan *scan, struct level *level, const struct reading *reading);

/* object.c: gives the bytes of a view to whoever asked for data. */
void object_tell_data(struct scan *scan, struct level *level, enum view view,
		      const struct source *source);

/* views.c: are there rules for texts that would be made of an object of that type? */
bool object_has_views(const struct scan *scan, enum file_type as);

/* views.c: makes these texts, one after another, and matches them. */
void object_match_views(struct scan *scan, struct level *level, enum file_type as);
