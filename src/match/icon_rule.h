/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What icons look like (entries of RULE_ICON), by group. The data of an entry,
 * little-endian:
 *
 *	u8 side: 16, 24 or 32 pixels
 *	3 areas that are colourful, 3 that are gray: u16 how much, u8 x, u8 y
 *	3 that are bright, dark, with edges, without edges: u8 how much, u8 x, u8 y
 *	u8 each: how red, green, blue the coloured pixels are, how many of all are coloured:
 *	percent
 *	u8 length and name of its first group, the same of its second
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "match/expr.h"
#include "view/icon.h"

enum {
	ICON_RULE_AREAS_WIDE = 6,
	ICON_RULE_AREAS = 12,
	ICON_RULE_SUMS = 4,
	ICON_RULE_HEAD_LEN = 1 + 4 * ICON_RULE_AREAS_WIDE + 3 * ICON_RULE_AREAS +
			     ICON_RULE_SUMS,
	ICON_GROUP_NAME_MAX = 255,
};

struct icon_rule {
	struct icon_look look;
	struct slice groups[ICON_GROUPS];
};

/* False: the data is damaged. The names point into it. */
MUST_CHECK bool icon_rule_read(struct slice data, struct icon_rule *out);

/* Is it in the groups that are asked for? `*` is every group. */
bool icon_rule_is_of(const struct icon_rule *rule, const struct icon_groups *groups);

/*
 * How much an icon looks like that of a rule, in percent as clamscan counts them, and how
 * much it takes: no less, and it is the same.
 */
unsigned icon_likeness(const struct icon_look *icon, const struct icon_look *rule);
unsigned icon_likeness_min(const struct icon_look *icon, const struct icon_look *rule);
