/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules that ask for an icon group: does one of the program's icons look like a member of
 * it? Icons are read when the first such rule has all else that it asks for, and compared
 * with the members of all groups once; rules then ask what was found.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/status.h"
#include "match/icon_rule.h"
#include "match/tables.h"

struct evaluator;

/* An entry of RULE_ICON that one of the icons looks like. */
struct icon_find {
	uint32_t segment;
	uint32_t entry;
};

struct icon_finds {
	struct icon_find *list;
	size_t count;
};

/* The groups that a rule asks for. */
struct icon_groups rule_icons(const struct tables *tables,
			      const struct rule_record *rule);

/*
 * Leaves *ret_holds true if none are asked for, or an icon is like a member of them.
 *   OK
 *   LIMIT, NO_MEMORY   it could not be told
 *   TIME, CHANGED, IO
 */
MUST_CHECK enum status icons_hold(struct evaluator *evaluator, struct icon_groups groups,
				  bool *ret_holds);

/* How near the icons come to a group: for explain alone. */
struct icon_report {
	size_t icons;   /* of the object */
	size_t members; /* of the groups */
	/* The member that an icon is most like, by how far it is above what it takes. */
	unsigned likeness, wanted; /* percent; zeros: none of their size */
	struct icon_find nearest;
};

/* The same statuses. */
MUST_CHECK enum status icons_report(struct evaluator *evaluator,
				    struct icon_groups groups, struct icon_report *out);
