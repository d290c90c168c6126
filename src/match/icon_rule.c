/* SPDX-License-Identifier: Apache-2.0 */
#include "match/icon_rule.h"

#include "bytes/reader.h"

enum {
	WHOLE = 100,
	/* A share below that is none: such an area is too far away. */
	SHARE_MIN = 40,
	SUM_STEP = 10, /* of a sum's share, for each percent */
	/* Values may differ by a fifth of what they can be. */
	WIDE_DIFFERENCE_MAX = 814,
	DIFFERENCE_MAX = 51,
	/* What the kinds and the sums weigh comes to. */
	WEIGHTS = 18,
	PLAIN_MIN = 70, /* likeness of two icons without colours */
};

static unsigned likeness_of_kind(const struct icon_look *icon,
				 const struct icon_look *rule, enum icon_kind kind,
				 unsigned difference_max);
static unsigned likeness_of_sums(const struct icon_look *icon,
				 const struct icon_look *rule);

static void read_areas(struct reader *in, bool is_wide,
		       struct icon_area out[ICON_AREAS_EACH])
{
	for (size_t i = 0; i < ICON_AREAS_EACH; i++) {
		out[i].value = is_wide ? reader_u16le(in) : reader_u8(in);
		out[i].x = reader_u8(in);
		out[i].y = reader_u8(in);
	}
}

bool icon_rule_read(struct slice data, struct icon_rule *out)
{
	struct reader in = reader_of_slice(data);
	struct icon_rule rule = { .look.side = reader_u8(&in) };

	for (size_t kind = 0; kind < ICON_KINDS; kind++)
		read_areas(&in, kind <= ICON_GRAY, rule.look.areas[kind]);
	reader_bytes(&in, rule.look.sums, sizeof(rule.look.sums));
	for (size_t i = 0; i < ICON_GROUPS; i++)
		rule.groups[i] = reader_slice(&in, reader_u8(&in));
	if (!reader_ok(&in))
		return false;
	*out = rule;
	return true;
}

bool icon_rule_is_of(const struct icon_rule *rule, const struct icon_groups *groups)
{
	for (size_t i = 0; i < ICON_GROUPS; i++)
		if (groups->is_asked[i] && !slice_is(groups->names[i], "*") &&
		    !slice_equal(groups->names[i], rule->groups[i]))
			return false;
	return true;
}

unsigned icon_likeness(const struct icon_look *icon, const struct icon_look *rule)
{
	bool icon_has = icon_is_coloured(icon), rule_has = icon_is_coloured(rule);
	unsigned bright, dark, edges, smooth, colourful, gray, sum;

	if (icon->side != rule->side)
		return 0;
	bright = likeness_of_kind(icon, rule, ICON_BRIGHT, DIFFERENCE_MAX);
	dark = likeness_of_kind(icon, rule, ICON_DARK, DIFFERENCE_MAX);
	edges = likeness_of_kind(icon, rule, ICON_EDGES, DIFFERENCE_MAX);
	smooth = likeness_of_kind(icon, rule, ICON_SMOOTH, DIFFERENCE_MAX);
	if (!icon_has && !rule_has)
		return (3 * bright + 3 * dark + 6 * edges + 3 * smooth) / WEIGHTS;
	sum = 2 * bright + 3 * dark + 3 * edges + 2 * smooth;
	sum += 3 * likeness_of_sums(icon, rule);
	if (icon_has && rule_has) {
		colourful = likeness_of_kind(icon, rule, ICON_COLOURFUL,
					     WIDE_DIFFERENCE_MAX);
		gray = likeness_of_kind(icon, rule, ICON_GRAY, WIDE_DIFFERENCE_MAX);
		sum += 3 * colourful + 2 * gray;
	}
	return sum / WEIGHTS;
}

unsigned icon_likeness_min(const struct icon_look *icon, const struct icon_look *rule)
{
	if (!icon_is_coloured(icon) && !icon_is_coloured(rule))
		return PLAIN_MIN;
	switch (icon->side) {
	case 16:
		return 72;
	case 24:
		return 68;
	default:
		return 64;
	}
}

/* Rounded down. */
static unsigned square_root(unsigned value)
{
	unsigned root = 0;

	while ((root + 1) * (root + 1) <= value)
		root++;
	return root;
}

/* How much of one area the other is, by distance alone. */
static unsigned share_of(const struct icon_look *icon, const struct icon_area *a,
			 const struct icon_area *b, unsigned difference_max)
{
	/* for each pixel of distance: 20, 15 and 10 percent */
	unsigned step = 30 - icon->side * 5U / 8;
	unsigned x = a->x > b->x ? a->x - b->x : b->x - a->x;
	unsigned y = a->y > b->y ? a->y - b->y : b->y - a->y;
	unsigned difference = a->value > b->value ? a->value - b->value :
						    b->value - a->value;
	unsigned loss = step * square_root(x * x + y * y);

	if (difference > difference_max || loss > WHOLE - SHARE_MIN)
		return 0;
	return WHOLE - loss;
}

/* Each area of the icon has the share of that area of the rule that is most like it. */
static unsigned best_share(const struct icon_look *icon, const struct icon_area *area,
			   const struct icon_area *others, unsigned difference_max)
{
	unsigned best = 0;

	for (size_t i = 0; i < ICON_AREAS_EACH; i++) {
		unsigned share = share_of(icon, area, &others[i], difference_max);

		if (share > best)
			best = share;
	}
	return best;
}

/*
 * The mean over its areas. Without colours the further edges, which stand where the
 * colourful areas would, and the edges are one kind of six areas, and so are the gray
 * and the smooth ones.
 */
static unsigned likeness_of_kind(const struct icon_look *icon,
				 const struct icon_look *rule, enum icon_kind kind,
				 unsigned difference_max)
{
	bool has_more = (kind == ICON_EDGES || kind == ICON_SMOOTH) &&
			!icon_is_coloured(icon) && !icon_is_coloured(rule);
	enum icon_kind more = kind == ICON_EDGES ? ICON_COLOURFUL : ICON_GRAY;
	enum icon_kind kinds[2] = { kind, more };
	size_t count = has_more ? 2 : 1;
	unsigned sum = 0;

	for (size_t i = 0; i < count * ICON_AREAS_EACH; i++) {
		const struct icon_area *area =
			&icon->areas[kinds[i / ICON_AREAS_EACH]][i % ICON_AREAS_EACH];
		unsigned best = 0;

		for (size_t j = 0; j < count; j++) {
			unsigned share = best_share(icon, area, rule->areas[kinds[j]],
						    difference_max);
			if (share > best)
				best = share;
		}
		sum += best;
	}
	return sum / (unsigned)(count * ICON_AREAS_EACH);
}

static unsigned likeness_of_sums(const struct icon_look *icon,
				 const struct icon_look *rule)
{
	unsigned sum = 0;

	for (size_t i = 0; i < ICON_SUMS; i++) {
		unsigned a = icon->sums[i], b = rule->sums[i];
		unsigned loss = SUM_STEP * (a > b ? a - b : b - a);

		if (loss < WHOLE)
			sum += WHOLE - loss;
	}
	return sum / ICON_SUMS;
}
