/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a group costs is the share of places in ordinary files where one of its
 * grams stands, and, weighing more, where one of its whole literals does: the
 * first is a look into a table, the second the evaluation of a rule.
 */
#include "database/anchor.h"

#include "base/checked.h"
#include "bytes/reader.h"
#include "database/gram_rarity.h"
#include "match/expr.h"
#include "match/pattern_program.h"
#include "match/trigger.h"

enum { COST_BITS = 48, LITERAL_WEIGHT_BITS = 7 };

/* A group and its cost. count 0: there is none. */
struct choice {
	struct anchor *list;
	size_t count;
	uint64_t cost;
};

/* A value of the expression: some of these subsignatures must match for it to hold. */
struct needed {
	uint64_t subs;
	bool is_some; /* false: it may hold without any match */
	uint64_t cost;
};

static enum status choose_subs(const struct rule *rule, struct choice *subs,
			       struct arena *arena);
static enum status choose_needed(struct slice expression, const struct choice *subs,
				 size_t sub_count, struct arena *arena,
				 struct choice *out);
static enum status choose_image(const struct rule_sub *sub, struct arena *arena,
				struct choice *out);
static enum status choose_sub(const struct rule_sub *sub, struct arena *arena,
			      struct choice *out);
static enum status choose_program(struct slice program, struct arena *arena,
				  unsigned depth, struct choice *out);
static enum status choose_alternatives(const struct pattern_step *step,
				       struct arena *arena, unsigned depth,
				       struct choice *out);
static bool choose_window(const struct pattern_step *step, struct anchor *out,
			  uint64_t *ret_cost);
static enum status append(struct choice *choice, const struct choice *more,
			  struct arena *arena);
static struct needed needed_of(struct slice expression, const struct choice *subs,
			       size_t sub_count);

enum status anchor_choose(const struct rule *rule, struct arena *arena,
			  struct anchors *out)
{
	struct choice *subs = arena_new_array(arena, struct choice, rule->sub_count);
	struct choice all = { 0 };

	if (!subs)
		return STATUS_NO_MEMORY;
	enum status status = choose_subs(rule, subs, arena);
	if (status == STATUS_OK)
		status = choose_needed(rule->expression, subs, rule->sub_count, arena,
				       &all);
	if (status != STATUS_OK)
		return status;
	*out = (struct anchors){ all.list, all.count };
	if (all.count > ANCHORS_MAX)
		*out = (struct anchors){ 0 };
	return STATUS_OK;
}

/*
 * First those that are looked for by themselves; then the others, which match only
 * where what they refer to does, in an order in which that is known.
 */
static enum status choose_subs(const struct rule *rule, struct choice *subs,
			       struct arena *arena)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < rule->sub_count && status == STATUS_OK; i++) {
		if (rule->subs[i].kind == SUB_PATTERN)
			status = choose_sub(&rule->subs[i], arena, &subs[i]);
		else if (rule->subs[i].kind == SUB_IMAGE_HASH)
			status = choose_image(&rule->subs[i], arena, &subs[i]);
	}
	for (size_t i = 1; i < rule->sub_count; i++)
		if (rule->subs[i].kind == SUB_MACRO)
			subs[i] = subs[i - 1];
	for (size_t i = 0; i < rule->sub_count; i++)
		if (rule->subs[i].kind == SUB_COMPARE)
			subs[i] = subs[rule->subs[i].refers];
	for (size_t i = 0; i < rule->sub_count && status == STATUS_OK; i++)
		if (rule->subs[i].kind == SUB_REGEX)
			status = choose_needed(rule->subs[i].trigger, subs, i, arena,
					       &subs[i]);
	return status;
}

/* The groups of what must match for an expression to hold. */
static enum status choose_needed(struct slice expression, const struct choice *subs,
				 size_t sub_count, struct arena *arena,
				 struct choice *out)
{
	struct needed needed = needed_of(expression, subs, sub_count);
	struct choice all = { 0 };
	enum status status = STATUS_OK;

	for (size_t i = 0; needed.is_some && i < sub_count; i++)
		if (needed.subs >> i & 1 && status == STATUS_OK)
			status = append(&all, &subs[i], arena);
	if (status == STATUS_OK)
		*out = all;
	return status;
}

/* The hash itself is as rare as can be. */
static enum status choose_image(const struct rule_sub *sub, struct arena *arena,
				struct choice *out)
{
	struct anchor *anchor = arena_new(arena, struct anchor);

	if (!anchor)
		return STATUS_NO_MEMORY;
	*anchor = (struct anchor){ .literal = sub->data, .is_image = true };
	*out = (struct choice){ anchor, 1, 1 };
	return STATUS_OK;
}

/* Any program of a subsignature is a match of it, so the group needs them all. */
static enum status choose_sub(const struct rule_sub *sub, struct arena *arena,
			      struct choice *out)
{
	struct choice group = { 0 };

	for (size_t i = 0; i < sub->program_count; i++) {
		struct choice one = { 0 };
		enum status status = choose_program(sub->programs[i], arena, 0, &one);

		if (status != STATUS_OK)
			return status;
		if (one.count == 0)
			return STATUS_OK;
		status = append(&group, &one, arena);
		if (status != STATUS_OK)
			return status;
	}
	*out = group;
	return STATUS_OK;
}

/* The best of what the program must go through. */
static enum status choose_program(struct slice program, struct arena *arena,
				  unsigned depth, struct choice *out)
{
	struct reader steps = reader_of_slice(program);
	struct choice best = { .cost = UINT64_MAX };
	struct pattern_step step;

	while (pattern_next_step(&steps, &step)) {
		struct choice one = { .cost = UINT64_MAX };
		struct anchor anchor = { 0 };
		enum status status = STATUS_OK;

		if (step.op == PATTERN_ALT)
			status = choose_alternatives(&step, arena, depth, &one);
		else if (choose_window(&step, &anchor, &one.cost) && one.cost < best.cost)
			status = append(&one, &(struct choice){ &anchor, 1, 0 }, arena);
		if (status != STATUS_OK)
			return status;
		if (one.count > 0 && one.cost < best.cost)
			best = one;
	}
	if (best.count > 0)
		*out = best;
	return STATUS_OK;
}

/* One literal for each alternative, or none at all. */
static enum status choose_alternatives(const struct pattern_step *step,
				       struct arena *arena, unsigned depth,
				       struct choice *out)
{
	struct reader alternatives = reader_of_slice(step->bytes);
	struct choice group = { 0 };
	struct slice program;

	if (step->flags & PATTERN_ALT_NOT || depth == PATTERN_ALT_DEPTH ||
	    step->count > ANCHORS_MAX)
		return STATUS_OK;
	while (pattern_next_alternative(&alternatives, &program)) {
		struct choice one = { 0 };
		enum status status = choose_program(program, arena, depth + 1, &one);

		if (status != STATUS_OK)
			return status;
		if (one.count == 0 || group.count + one.count > ANCHORS_MAX)
			return STATUS_OK;
		status = append(&group, &one, arena);
		if (status != STATUS_OK)
			return status;
	}
	*out = group;
	return STATUS_OK;
}

static uint64_t share(unsigned bits, unsigned weight_bits)
{
	if (bits > COST_BITS)
		return 1;
	return (UINT64_C(1) << (COST_BITS - bits)) << weight_bits;
}

static struct slice part_of(struct slice bytes, size_t at, size_t len)
{
	struct reader reader = reader_of_slice(bytes);

	reader_seek(&reader, at);
	return reader_slice(&reader, len);
}

/* How grams are taken from a literal of that length: match/filter.h. */
static unsigned grams_of(size_t literal_len, size_t *ret_gram_len)
{
	*ret_gram_len = FILTER_SHORT;
	if (literal_len < FILTER_GRAM)
		return 1;
	*ret_gram_len = FILTER_GRAM;
	if (literal_len < FILTER_LONG_MIN)
		return literal_len < FILTER_GRAM_MIN ? 1 : FILTER_GRAM_STEP;
	*ret_gram_len = FILTER_LONG;
	return FILTER_LONG_STEP;
}

/* Of a run of literal bytes: those of its grams, one behind the other, that are rarest. */
static uint64_t choose_grams(struct slice run, unsigned grams, size_t gram_len,
			     size_t *ret_at)
{
	uint64_t best = UINT64_MAX;

	*ret_at = 0;
	for (size_t at = 0; at + gram_len + grams - 1 <= run.len; at++) {
		uint64_t cost = 0;

		for (unsigned i = 0; i < grams; i++)
			cost += share(gram_rarity(part_of(run, at + i, gram_len)), 0);
		/* Each is asked about at one of so many places. */
		cost /= grams;
		if (cost < best) {
			best = cost;
			*ret_at = at;
		}
		if (gram_len == FILTER_SHORT)
			break;
	}
	return best;
}

/*
 * Of a run of literal bytes: its rarest grams, and as much around them as a
 * trigger may have. False if the step is no such run, or too short.
 */
static bool choose_window(const struct pattern_step *step, struct anchor *out,
			  uint64_t *ret_cost)
{
	struct slice run = step->bytes;
	size_t best = 0, gram_len;

	if ((step->op != PATTERN_LIT && step->op != PATTERN_FOLD) ||
	    run.len < FILTER_SHORT)
		return false;
	unsigned grams = grams_of(run.len, &gram_len);
	uint64_t cost = choose_grams(run, grams, gram_len, &best);
	size_t len = min_size(run.len, FILTER_LITERAL_MAX);
	size_t start = best - min_size(best, (FILTER_LITERAL_MAX - FILTER_LONG_MIN) / 2);
	start = min_size(start, run.len - len);
	out->literal = part_of(run, start, len);
	out->gram_at = (uint8_t)(best - start);
	out->flags = step->op == PATTERN_FOLD ? TRIGGER_FOLD : 0;
	*ret_cost = cost + share(gram_rarity(out->literal), LITERAL_WEIGHT_BITS);
	return true;
}

static bool has_anchor(const struct choice *choice, const struct anchor *anchor)
{
	for (size_t i = 0; i < choice->count; i++) {
		const struct anchor *one = &choice->list[i];

		if (slice_equal(one->literal, anchor->literal) &&
		    one->gram_at == anchor->gram_at && one->flags == anchor->flags &&
		    one->is_image == anchor->is_image)
			return true;
	}
	return false;
}

/* A new list, since lists are shared; of a group that is not too large, each once. */
static enum status append(struct choice *choice, const struct choice *more,
			  struct arena *arena)
{
	size_t count = choice->count + more->count;
	struct anchor *list = arena_new_array(arena, struct anchor, count);

	if (!list)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < choice->count; i++)
		list[i] = choice->list[i];
	choice->list = list;
	for (size_t i = 0; i < more->count; i++)
		if (choice->count > ANCHORS_MAX || !has_anchor(choice, &more->list[i]))
			list[choice->count++] = more->list[i];
	choice->cost = add_u64_capped(choice->cost, more->cost);
	return STATUS_OK;
}

static struct needed either(struct needed a, struct needed b, const struct choice *subs)
{
	struct needed both = { .subs = a.subs | b.subs,
			       .is_some = a.is_some && b.is_some };

	for (unsigned i = 0; both.is_some && i < EXPR_SUBS_MAX; i++)
		if (both.subs >> i & 1)
			both.cost = add_u64_capped(both.cost, subs[i].cost);
	return both;
}

static struct needed cheaper(struct needed a, struct needed b)
{
	if (!a.is_some)
		return b;
	if (!b.is_some)
		return a;
	return a.cost <= b.cost ? a : b;
}

/* A count of none satisfies `<x`, and `=0`. */
static struct needed compared(struct needed value, uint8_t how, uint32_t x)
{
	if (how == '<' || (how == '=' && x == 0))
		value.is_some = false;
	return value;
}

static struct needed needed_of_sub(const struct choice *subs, size_t sub_count,
				   unsigned id)
{
	if (id >= sub_count || id >= EXPR_SUBS_MAX || subs[id].count == 0)
		return (struct needed){ 0 };
	return (struct needed){ UINT64_C(1) << id, true, subs[id].cost };
}

/* Runs the expression over what is needed instead of what matched. */
static struct needed needed_of(struct slice expression, const struct choice *subs,
			       size_t sub_count)
{
	struct reader code = reader_of_slice(expression);
	struct needed stack[EXPR_STACK + 1] = { 0 };
	unsigned depth = 0;

	while (reader_left(&code) > 0) {
		uint8_t op = reader_u8(&code);

		if (op == EXPR_SUB && depth < EXPR_STACK) {
			stack[depth] = needed_of_sub(subs, sub_count, reader_u8(&code));
			depth++;
		} else if (op == EXPR_AND && depth >= 2) {
			depth--;
			stack[depth - 1] = cheaper(stack[depth - 1], stack[depth]);
		} else if (op == EXPR_OR && depth >= 2) {
			depth--;
			stack[depth - 1] = either(stack[depth - 1], stack[depth], subs);
		} else if (op == EXPR_CMP && depth >= 1) {
			uint8_t how = reader_u8(&code);
			uint32_t x = reader_u32le(&code);

			reader_skip(&code, sizeof(uint32_t));
			stack[depth - 1] = compared(stack[depth - 1], how, x);
		} else {
			reader_skip(&code, sizeof(uint16_t));
		}
	}
	return stack[0];
}
