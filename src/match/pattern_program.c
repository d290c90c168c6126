/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pattern_program.h"

#include "base/checked.h"

/* How many bytes some operations match. */
struct extent_of {
	uint64_t min, max;
};

static bool count_parts(struct slice bytes, size_t *ret_count);
static bool load_part(struct reader *steps, struct pattern_part *part,
		      unsigned *alt_depth);
static bool measure(const struct pattern_step *step, unsigned depth, unsigned *ret_depth,
		    struct extent_of *out);
static bool measure_alternatives(const struct pattern_step *step, unsigned depth,
				 unsigned *ret_depth, struct extent_of *out);
static bool measure_program(struct slice bytes, unsigned depth, unsigned *ret_depth,
			    struct extent_of *out);
static struct extent_of mark_extent(const struct pattern_step *mark);
static void add_to_needle(struct needle_maker *maker, const struct pattern_step *step,
			  struct extent_of extent);
static struct slice take_alternatives(struct reader *steps, uint16_t count);

enum status pattern_load(struct slice bytes, struct arena *arena,
			 struct pattern_program *out)
{
	struct pattern_program program = { 0 };
	struct reader steps = reader_of_slice(bytes);

	if (!count_parts(bytes, &program.count))
		return STATUS_MALFORMED;
	program.parts = arena_new_array(arena, struct pattern_part, program.count);
	if (!program.parts)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < program.count; i++)
		if (!load_part(&steps, &program.parts[i], &program.alt_depth))
			return STATUS_MALFORMED;
	*out = program;
	return STATUS_OK;
}

/* One more than there are gaps. */
static bool count_parts(struct slice bytes, size_t *ret_count)
{
	struct reader steps = reader_of_slice(bytes);
	struct pattern_step step;
	size_t count = 1;

	while (pattern_next_step(&steps, &step))
		count += step.op == PATTERN_GAP;
	*ret_count = count;
	return reader_ok(&steps);
}

/* Reads to the next gap, or to the end. False if there is nothing in between. */
static bool load_part(struct reader *steps, struct pattern_part *part,
		      unsigned *alt_depth)
{
	struct reader from = *steps;
	struct needle_maker maker = { 0 };
	struct pattern_step step;
	size_t len = 0;
	bool more;

	while ((more = pattern_next_step(steps, &step)) && step.op != PATTERN_GAP) {
		struct extent_of extent;

		if (!measure(&step, 1, alt_depth, &extent))
			return false;
		add_to_needle(&maker, &step, extent);
		part->len_min = add_u64_capped(part->len_min, extent.min);
		len = reader_left(&from) - reader_left(steps);
	}
	if (more) {
		part->gap_min = step.min;
		part->gap_max = step.max;
	}
	part->steps = reader_slice(&from, len);
	part->needle = maker.best;
	/* A gap stands between two parts. */
	return len > 0 && more == (reader_left(steps) > 0);
}

static bool measure(const struct pattern_step *step, unsigned depth, unsigned *ret_depth,
		    struct extent_of *out)
{
	struct extent_of extent = { 0 };

	switch (step->op) {
	case PATTERN_LIT:
	case PATTERN_FOLD:
		extent.min = extent.max = step->bytes.len;
		break;
	case PATTERN_MASK:
		extent.min = extent.max = step->bytes.len / 2;
		break;
	case PATTERN_SKIP:
		extent.min = extent.max = step->min;
		break;
	case PATTERN_GAP:
		return false;
	case PATTERN_ALT:
		if (!measure_alternatives(step, depth, ret_depth, &extent))
			return false;
		break;
	case PATTERN_MARK:
		extent = mark_extent(step);
		break;
	case PATTERN_NEAR:
		break;
	}
	*out = extent;
	return true;
}

/* As deep as ALTs may nest this calls itself, and no deeper. */
static bool measure_alternatives(const struct pattern_step *step, unsigned depth,
				 unsigned *ret_depth, struct extent_of *out)
{
	struct reader alternatives = reader_of_slice(step->bytes);
	struct extent_of widest = { UINT64_MAX, 0 };
	struct slice bytes;

	if (depth > PATTERN_ALT_DEPTH || step->count == 0)
		return false;
	if (*ret_depth < depth)
		*ret_depth = depth;
	while (pattern_next_alternative(&alternatives, &bytes)) {
		struct extent_of extent;

		if (!measure_program(bytes, depth + 1, ret_depth, &extent))
			return false;
		widest.min = min_u64(widest.min, extent.min);
		widest.max = max_u64(widest.max, extent.max);
	}
	*out = widest;
	return true;
}

static bool measure_program(struct slice bytes, unsigned depth, unsigned *ret_depth,
			    struct extent_of *out)
{
	struct reader steps = reader_of_slice(bytes);
	struct extent_of sum = { 0 };
	struct pattern_step step;

	while (pattern_next_step(&steps, &step)) {
		struct extent_of extent;

		if (!measure(&step, depth, ret_depth, &extent))
			return false;
		sum.min = add_u64_capped(sum.min, extent.min);
		sum.max = add_u64_capped(sum.max, extent.max);
	}
	*out = sum;
	return reader_ok(&steps);
}

static struct extent_of mark_extent(const struct pattern_step *mark)
{
	if (mark->flags & (PATTERN_MARK_BEFORE | PATTERN_MARK_AFTER))
		return (struct extent_of){ 0, 0 };
	if (mark->kind == PATTERN_MARK_LINE && !(mark->flags & PATTERN_MARK_NOT))
		return (struct extent_of){ 1, 2 };
	return (struct extent_of){ 1, 1 };
}

static void add_to_needle(struct needle_maker *maker, const struct pattern_step *step,
			  struct extent_of extent)
{
	const struct slice bytes = step->bytes;

	switch (step->op) {
	case PATTERN_LIT:
		for (size_t i = 0; i < bytes.len; i++)
			needle_add(maker, bytes.base[i], 0xff);
		break;
	case PATTERN_FOLD:
		for (size_t i = 0; i < bytes.len; i++) {
			bool is_letter = bytes.base[i] >= 'a' && bytes.base[i] <= 'z';
			needle_add(maker, bytes.base[i], is_letter ? 0xdf : 0xff);
		}
		break;
	case PATTERN_MASK:
		for (size_t i = 0; i + 1 < bytes.len; i += 2)
			needle_add(maker, bytes.base[i], bytes.base[i + 1]);
		break;
	case PATTERN_SKIP:
		/* A short one is a wildcard among the bytes. */
		if (step->min >= NEEDLE_LEN_MAX)
			needle_skip(maker, extent.min, extent.max);
		else
			for (size_t i = 0; i < step->min; i++)
				needle_add(maker, 0, 0);
		break;
	case PATTERN_GAP:
	case PATTERN_ALT:
	case PATTERN_MARK:
	case PATTERN_NEAR:
		if (extent.max > 0)
			needle_skip(maker, extent.min, extent.max);
		break;
	}
}

bool pattern_next_step(struct reader *steps, struct pattern_step *out)
{
	struct pattern_step step = { 0 };

	if (reader_left(steps) == 0)
		return false;
	uint8_t code = reader_u8(steps);
	switch (code) {
	case PATTERN_LIT:
	case PATTERN_FOLD:
		step.bytes = reader_slice(steps, reader_u16le(steps));
		break;
	case PATTERN_MASK:
		step.bytes = reader_slice(steps, (size_t)2 * reader_u16le(steps));
		break;
	case PATTERN_SKIP:
		step.min = step.max = reader_u32le(steps);
		break;
	case PATTERN_GAP:
		step.min = reader_u32le(steps);
		step.max = reader_u32le(steps);
		break;
	case PATTERN_ALT:
		step.flags = reader_u8(steps);
		step.count = reader_u16le(steps);
		step.bytes = take_alternatives(steps, step.count);
		break;
	case PATTERN_MARK:
		step.kind = reader_u8(steps);
		step.flags = reader_u8(steps);
		break;
	case PATTERN_NEAR:
		step.flags = reader_u8(steps);
		step.min = reader_u8(steps);
		step.max = reader_u8(steps);
		step.bytes = reader_slice(steps, 2);
		break;
	default:
		steps->failed = true;
		break;
	}
	if (!reader_ok(steps))
		return false;
	step.op = (enum pattern_op)code;
	*out = step;
	return true;
}

bool pattern_next_alternative(struct reader *alternatives, struct slice *out)
{
	if (reader_left(alternatives) == 0)
		return false;
	*out = reader_slice(alternatives, reader_u16le(alternatives));
	return reader_ok(alternatives);
}

uint64_t pattern_len_min(struct slice program)
{
	struct extent_of extent;
	unsigned depth = 0;

	if (!measure_program(program, 1, &depth, &extent))
		return 0;
	return extent.min;
}

/* All of them, with their lengths. */
static struct slice take_alternatives(struct reader *steps, uint16_t count)
{
	struct reader whole = *steps;
	size_t before = reader_left(steps);

	for (size_t i = 0; i < count; i++)
		reader_skip(steps, reader_u16le(steps));
	return reader_slice(&whole, before - reader_left(steps));
}
