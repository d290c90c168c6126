/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types that rules give to an object beside its own: ftm files and HandlerType. Part
 * of the scan; not for anybody else.
 */
#pragma once

#include "scan/level.h"

/* What clamscan takes an object for that begins like `head`, for --compat=clamav. */
void retype_as_clamscan(struct level *level, struct reader head);

/*
 * The types that ftm entries give to an object that begins like `head`.
 * OK, NO_MEMORY
 */
MUST_CHECK enum status retype_by_magic(struct scan *scan, struct level *level,
				       struct reader head);

/* Was the object given that type, beside its own? */
bool retype_has(const struct level *level, enum file_type type);

/*
 * Is a hit of the object, matched as that type, for object_hit()? Else it
 * was one that gives a type, or has been told when the object was matched as what it is.
 */
MUST_CHECK bool retype_leaves_hit(struct scan *scan, struct level *level,
				  enum file_type as, const struct scan_hit *hit);

/* The next archive that rules see in the object. False: there is none. */
MUST_CHECK bool retype_next_embedded(struct level *level, struct child *child);
