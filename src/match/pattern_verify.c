/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pattern_verify.h"

#include <string.h>

#include "base/checked.h"
#include "match/mark.h"

static enum status follow(struct verifier *verifier, struct slice program,
			  struct places *places, unsigned depth);
static enum status follow_alt(struct verifier *verifier, const struct pattern_step *alt,
			      struct places *places, unsigned depth);
static enum status follow_alt_not(struct verifier *verifier,
				  const struct pattern_step *alt, struct places *places,
				  unsigned depth);
static enum status any_matches(struct verifier *verifier, const struct pattern_step *alt,
			       uint64_t at, unsigned depth, bool *ret_any);
static struct places *scratch_at(struct verifier *verifier, unsigned depth);
static void copy(struct places *to, const struct places *from);
static bool merge(struct places *into, const struct places *more);
static void step_all(struct text *text, const struct pattern_step *step,
		     struct places *places);
static bool step_one(struct text *text, const struct pattern_step *step, uint64_t at,
		     uint64_t *ret_end);
static bool near_holds(struct text *text, const struct pattern_step *step, uint64_t at);
static bool bytes_are(struct text *text, const struct pattern_step *step, uint64_t at,
		      size_t len);
static bool piece_is(const struct pattern_step *step, size_t from, struct slice piece);

enum status verifier_open(struct verifier *verifier, struct text *text,
			  struct budget *budget, struct arena *arena, unsigned alt_depth)
{
	*verifier = (struct verifier){
		.text = text,
		.budget = budget,
		.arena = arena,
		.alt_depth = alt_depth,
		.places = arena_new(arena, struct places),
	};
	return verifier->places ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status verifier_run(struct verifier *verifier, struct slice steps, uint64_t start)
{
	verifier->places->count = 1;
	verifier->places->at[0] = start;
	return follow(verifier, steps, verifier->places, 0);
}

/* Takes all places through the program, which is inside `depth` ALTs. */
static enum status follow(struct verifier *verifier, struct slice program,
			  struct places *places, unsigned depth)
{
	struct reader steps = reader_of_slice(program);
	struct pattern_step step;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && places->count > 0 &&
	       pattern_next_step(&steps, &step)) {
		if (!budget_take(verifier->budget,
				 (1 + step.bytes.len / 8) * places->count))
			return verifier->budget->status;
		if (step.op != PATTERN_ALT)
			step_all(verifier->text, &step, places);
		else if (step.flags & PATTERN_ALT_NOT)
			status = follow_alt_not(verifier, &step, places, depth);
		else
			status = follow_alt(verifier, &step, places, depth);
	}
	return status;
}

/* As deep as ALTs nest, this and follow() call each other. */
static enum status follow_alt(struct verifier *verifier, const struct pattern_step *alt,
			      struct places *places, unsigned depth)
{
	struct reader alternatives = reader_of_slice(alt->bytes);
	struct places *scratch = scratch_at(verifier, depth);
	struct slice program;

	if (!scratch)
		return STATUS_NO_MEMORY;
	struct places *all = &scratch[0];
	struct places *some = &scratch[1];

	all->count = 0;
	while (pattern_next_alternative(&alternatives, &program)) {
		copy(some, places);
		enum status status = follow(verifier, program, some, depth + 1);
		if (status != STATUS_OK)
			return status;
		if (!merge(all, some))
			return STATUS_LIMIT;
	}
	copy(places, all);
	return STATUS_OK;
}

static enum status follow_alt_not(struct verifier *verifier,
				  const struct pattern_step *alt, struct places *places,
				  unsigned depth)
{
	struct reader alternatives = reader_of_slice(alt->bytes);
	struct slice first = { 0 };
	size_t kept = 0;

	if (!pattern_next_alternative(&alternatives, &first))
		return STATUS_OK;
	uint64_t len = pattern_len_min(first);
	for (size_t i = 0; i < places->count; i++) {
		uint64_t at = places->at[i];
		bool any;

		if (!range_fits(at, len, verifier->text->len))
			continue;
		enum status status = any_matches(verifier, alt, at, depth, &any);
		if (status != STATUS_OK)
			return status;
		if (!any)
			places->at[kept++] = at + len;
	}
	places->count = kept;
	return STATUS_OK;
}

static enum status any_matches(struct verifier *verifier, const struct pattern_step *alt,
			       uint64_t at, unsigned depth, bool *ret_any)
{
	struct reader alternatives = reader_of_slice(alt->bytes);
	struct places *scratch = scratch_at(verifier, depth);
	struct slice program;
	bool any = false;

	if (!scratch)
		return STATUS_NO_MEMORY;
	while (!any && pattern_next_alternative(&alternatives, &program)) {
		scratch->count = 1;
		scratch->at[0] = at;
		enum status status = follow(verifier, program, scratch, depth + 1);
		if (status != STATUS_OK)
			return status;
		any = scratch->count > 0;
	}
	*ret_any = any;
	return STATUS_OK;
}

/* The two sets of a level, or NULL. */
static struct places *scratch_at(struct verifier *verifier, unsigned depth)
{
	if (depth >= verifier->alt_depth)
		return NULL;
	if (!verifier->scratch)
		verifier->scratch = arena_new_array(verifier->arena, struct places,
						    (size_t)2 * verifier->alt_depth);
	if (!verifier->scratch)
		return NULL;
	return &verifier->scratch[2 * depth];
}

static void copy(struct places *to, const struct places *from)
{
	to->count = from->count;
	memcpy(to->at, from->at, from->count * sizeof(from->at[0]));
}

/* False if the union would be too large. */
static bool merge(struct places *into, const struct places *more)
{
	size_t i = into->count;
	size_t j = more->count;
	size_t common = 0;

	for (size_t a = 0, b = 0; a < i && b < j;) {
		uint64_t one = into->at[a];
		uint64_t two = more->at[b];
		common += one == two;
		a += one <= two;
		b += two <= one;
	}
	size_t total = i + j - common;
	if (total > PLACES_MAX)
		return false;
	into->count = total;

	/* From the end, so that nothing is overwritten before it is moved. */
	while (j > 0) {
		bool take_own = i > 0 && into->at[i - 1] >= more->at[j - 1];
		uint64_t next = take_own ? into->at[i - 1] : more->at[j - 1];
		j -= !take_own || next == more->at[j - 1];
		i -= take_own;
		into->at[--total] = next;
	}
	return true;
}

/* Any operation but ALT leads from one place to one or none, and keeps their order. */
static void step_all(struct text *text, const struct pattern_step *step,
		     struct places *places)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++) {
		uint64_t end;

		if (!step_one(text, step, places->at[i], &end))
			continue;
		/* Of CR LF, the line end and the second half of it end at one place. */
		if (kept == 0 || places->at[kept - 1] != end)
			places->at[kept++] = end;
	}
	places->count = kept;
}

static bool step_one(struct text *text, const struct pattern_step *step, uint64_t at,
		     uint64_t *ret_end)
{
	uint64_t len = 0;
	bool holds = false;

	switch (step->op) {
	case PATTERN_LIT:
	case PATTERN_FOLD:
		len = step->bytes.len;
		holds = bytes_are(text, step, at, step->bytes.len);
		break;
	case PATTERN_MASK:
		len = step->bytes.len / 2;
		holds = bytes_are(text, step, at, step->bytes.len / 2);
		break;
	case PATTERN_SKIP:
		len = step->min;
		holds = range_fits(at, len, text->len);
		break;
	case PATTERN_MARK:
		holds = mark_holds(text, step->kind, step->flags, at, &len);
		break;
	case PATTERN_NEAR:
		holds = near_holds(text, step, at);
		break;
	case PATTERN_GAP:
	case PATTERN_ALT:
		break;
	}
	if (holds)
		*ret_end = at + len;
	return holds;
}

/* Is the one byte there, at one of the distances? */
static bool near_holds(struct text *text, const struct pattern_step *step, uint64_t at)
{
	bool is_before = step->flags & PATTERN_NEAR_BEFORE;

	for (uint64_t away = step->min; away <= step->max; away++) {
		if (is_before && away >= at)
			return false;
		if (bytes_are(text, step, is_before ? at - 1 - away : at + away, 1))
			return true;
	}
	return false;
}

/* Piece by piece, as the text is at hand. */
static bool bytes_are(struct text *text, const struct pattern_step *step, uint64_t at,
		      size_t len)
{
	size_t done = 0;

	if (!range_fits(at, len, text->len))
		return false;
	while (done < len) {
		struct slice run = text_run(text, at + done);

		run.len = min_size(run.len, len - done);
		if (run.len == 0 || !piece_is(step, done, run))
			return false;
		done += run.len;
	}
	return true;
}

/* hot loop: is the piece what the operation has from its byte `from` on? */
static bool piece_is(const struct pattern_step *step, size_t from, struct slice piece)
{
	const uint8_t *want = step->bytes.base;

	if (step->op == PATTERN_LIT)
		return memcmp(want + from, piece.base, piece.len) == 0;
	if (step->op == PATTERN_FOLD) {
		for (size_t i = 0; i < piece.len; i++) {
			uint8_t byte = piece.base[i];
			if (byte >= 'A' && byte <= 'Z')
				byte |= 0x20;
			if (byte != want[from + i])
				return false;
		}
		return true;
	}
	for (size_t i = 0; i < piece.len; i++) {
		const uint8_t *pair = want + 2 * (from + i);
		if ((piece.base[i] & pair[1]) != pair[0])
			return false;
	}
	return true;
}
