/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What clamscan 1.4.6 never finds, for MATCH_CLAMAV_COMPAT: of alternatives at the
 * beginning of a part those that are how another one begins, and that other one. So
 * `(6364|63|65)6162` there is `(65)6162`, and `(6364|63)6162` is nowhere.
 *
 * It takes nested alternatives for all that they can be: `(63(64|65)|636466)` loses 6364
 * and 636466, and keeps 6365. Wildcards are how everything begins: `(??|6364)` loses both.
 * Marks that look back do not matter, and what stands in front and consumes saves them.
 */
#pragma once

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/budget.h"

/*
 * The program without what is never found: itself if it has nothing of the kind, or too
 * much of it to tell; else one in the arena, which may be no program any more (it then
 * matches nothing).
 *   OK
 *   LIMIT, TIME   the budget's
 *   NO_MEMORY
 */
MUST_CHECK enum status beginnings_cut(struct slice program, struct budget *budget,
				      struct arena *arena, struct slice *out);
