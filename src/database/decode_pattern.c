/* SPDX-License-Identifier: Apache-2.0 */
#include "database/decode_pattern.h"

#include "match/pattern_program.h"

static void decode_program(struct slice program, unsigned depth, struct wording *out);
static void decode_step(const struct pattern_step *step, unsigned depth,
			struct wording *out);
static void decode_bytes(struct slice bytes, struct wording *out);
static void decode_masked(struct slice pairs, struct wording *out);
static void decode_gap(const struct pattern_step *gap, struct wording *out);
static void decode_alternatives(const struct pattern_step *alt, unsigned depth,
				struct wording *out);
static void decode_mark(const struct pattern_step *mark, struct wording *out);

void decode_programs(struct slice programs, struct wording *out)
{
	struct reader in = reader_of_slice(programs);
	unsigned count = reader_u16le(&in);

	for (unsigned i = 0; i < count && reader_left(&in) > 0; i++) {
		if (i > 0)
			wording_add(out, "; or ");
		decode_program(reader_slice(&in, reader_u32le(&in)), 0, out);
	}
}

/* In hexadecimal, and as text where they are one. */
static void decode_bytes(struct slice bytes, struct wording *out)
{
	size_t printable = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		wording_add(out, "%02x", bytes.base[i]);
		printable += bytes.base[i] >= ' ' && bytes.base[i] < 0x7f;
	}
	/* Of bytes that are mostly text, the rest is shown as its place. */
	if (bytes.len < 2 || printable * 4 < bytes.len * 3)
		return;
	wording_add(out, " \"");
	for (size_t i = 0; i < bytes.len; i++) {
		bool is_text = bytes.base[i] >= ' ' && bytes.base[i] < 0x7f;
		wording_add(out, "%c", is_text ? bytes.base[i] : '.');
	}
	wording_add(out, "\"");
}

static void decode_program(struct slice program, unsigned depth, struct wording *out)
{
	struct reader steps = reader_of_slice(program);
	struct pattern_step step;
	bool is_first = true;

	while (pattern_next_step(&steps, &step)) {
		wording_add(out, "%s", is_first ? "" : ", ");
		is_first = false;
		decode_step(&step, depth, out);
	}
}

static void decode_step(const struct pattern_step *step, unsigned depth,
			struct wording *out)
{
	switch (step->op) {
	case PATTERN_LIT:
		decode_bytes(step->bytes, out);
		break;
	case PATTERN_FOLD:
		decode_bytes(step->bytes, out);
		wording_add(out, " in either case");
		break;
	case PATTERN_MASK:
		decode_masked(step->bytes, out);
		break;
	case PATTERN_SKIP:
		wording_add(out, "any %u byte%s", step->min, step->min == 1 ? "" : "s");
		break;
	case PATTERN_GAP:
		decode_gap(step, out);
		break;
	case PATTERN_ALT:
		decode_alternatives(step, depth, out);
		break;
	case PATTERN_MARK:
		decode_mark(step, out);
		break;
	case PATTERN_NEAR:
		wording_add(out,
			    step->flags & PATTERN_NEAR_BEFORE ? "behind " : "before ");
		decode_masked(step->bytes, out);
		wording_add(out, " at %u to %u bytes", step->min, step->max);
		break;
	}
}

/* As a line of rules has them, where it could; else value and mask. */
static void decode_masked(struct slice pairs, struct wording *out)
{
	struct reader in = reader_of_slice(pairs);

	while (reader_left(&in) > 0) {
		uint8_t value = reader_u8(&in);
		uint8_t mask = reader_u8(&in);

		if (mask == 0xff)
			wording_add(out, "%02x", value);
		else if (mask == 0xf0)
			wording_add(out, "%x?", value >> 4);
		else if (mask == 0x0f)
			wording_add(out, "?%x", value);
		else if (mask == 0)
			wording_add(out, "??");
		else
			wording_add(out, "<%02x under %02x>", value, mask);
	}
}

static void decode_gap(const struct pattern_step *gap, struct wording *out)
{
	if (gap->max == PATTERN_GAP_NO_END && gap->min == 0)
		wording_add(out, "anything");
	else if (gap->max == PATTERN_GAP_NO_END)
		wording_add(out, "%u bytes or more", gap->min);
	else if (gap->min == gap->max)
		wording_add(out, "any %u byte%s", gap->min, gap->min == 1 ? "" : "s");
	else
		wording_add(out, "%u to %u bytes", gap->min, gap->max);
}

/* As deep as ALTs may nest this calls itself, and no deeper. */
static void decode_alternatives(const struct pattern_step *alt, unsigned depth,
				struct wording *out)
{
	struct reader alternatives = reader_of_slice(alt->bytes);
	struct slice program;
	bool is_first = true;

	if (depth >= PATTERN_ALT_DEPTH)
		return;
	wording_add(out, alt->flags & PATTERN_ALT_NOT ? "none of (" : "one of (");
	while (pattern_next_alternative(&alternatives, &program)) {
		wording_add(out, "%s", is_first ? "" : " | ");
		is_first = false;
		decode_program(program, depth + 1, out);
	}
	wording_add(out, ")");
}

static void decode_mark(const struct pattern_step *mark, struct wording *out)
{
	const char *what = mark->kind == PATTERN_MARK_BOUNDARY ? "the edge of a word" :
			   mark->kind == PATTERN_MARK_LINE     ? "the end of a line" :
								 "no letter or digit";

	if (mark->flags & PATTERN_MARK_BEFORE)
		wording_add(out, "behind ");
	else if (mark->flags & PATTERN_MARK_AFTER)
		wording_add(out, "before ");
	if (mark->flags & PATTERN_MARK_NOT)
		wording_add(out, "the opposite of ");
	wording_add(out, "%s", what);
}
