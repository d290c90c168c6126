/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is another in two versions of rule files, as a script of differences: the lines that
 * went, with their numbers, and those that came. Lines are compared as a set, each as often
 * as it is there; that they stand in another order is no difference.
 */
#pragma once

#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"
#include "cvd/files.h"

/*
 * Appends the script to the room of `after`; *out is empty if all is the same. Files are
 * compared with those of their name; lists of members and COPYING are passed over.
 *   OK, NO_MEMORY, CHANGED, IO, LIMIT
 */
MUST_CHECK enum status cvd_changes(struct cvd_files *before, struct cvd_files *after,
				   struct arena *arena, struct digest_state *digest,
				   struct cvd_range *out);
