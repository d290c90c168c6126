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

enum {
	ICON_RULE_AREAS_WIDE = 6,
	ICON_RULE_AREAS = 12,
	ICON_RULE_SUMS = 4,
	ICON_RULE_HEAD_LEN = 1 + 4 * ICON_RULE_AREAS_WIDE + 3 * ICON_RULE_AREAS +
			     ICON_RULE_SUMS,
	ICON_GROUP_NAME_MAX = 255,
};
