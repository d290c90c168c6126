/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns.h"

static void gen_steps(struct gen *gen, struct bytes *out, unsigned depth, size_t count);

/* A byte of few, so that random things meet. */
uint8_t gen_letter(struct gen *gen)
{
	static const char letters[] = "aaaaabbbbA\n\r 0-\0";

	return (uint8_t)letters[gen_below(gen, sizeof(letters) - 1)];
}

void gen_text(struct gen *gen, uint8_t *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = gen_letter(gen);
}

void gen_program(struct gen *gen, struct bytes *out)
{
	size_t parts = 1 + gen_below(gen, 3);

	out->len = 0;
	for (size_t i = 0; i < parts; i++) {
		if (i > 0) {
			uint32_t min = (uint32_t)gen_below(gen, 4);
			uint32_t max = min + (uint32_t)gen_below(gen, 6);
			put_gap(out, min, gen_below(gen, 3) ? max : PATTERN_GAP_NO_END);
		}
		gen_steps(gen, out, 0, 1 + gen_below(gen, 3));
	}
}

/* All of one length, for negated alternatives. */
static void gen_fixed(struct gen *gen, struct bytes *out, size_t len)
{
	put(out, PATTERN_LIT, 1);
	put(out, len, 2);
	for (size_t i = 0; i < len; i++)
		put(out, gen_letter(gen), 1);
}

static void gen_alt(struct gen *gen, struct bytes *out, unsigned depth)
{
	bool is_not = gen_below(gen, 4) == 0;
	size_t count = 1 + gen_below(gen, 3);
	size_t len = 1 + gen_below(gen, 2);

	put(out, PATTERN_ALT, 1);
	put(out, is_not ? PATTERN_ALT_NOT : 0, 1);
	put(out, count, 2);
	for (size_t i = 0; i < count; i++) {
		struct bytes one = { 0 };
		if (is_not)
			gen_fixed(gen, &one, len);
		else
			gen_steps(gen, &one, depth + 1, 1 + gen_below(gen, 2));
		put(out, one.len, 2);
		put_bytes(out, one.at, one.len);
	}
}

static void gen_step(struct gen *gen, struct bytes *out, unsigned depth)
{
	static const char kinds[] = "BLW";
	static const uint8_t ways[] = { 0, PATTERN_MARK_BEFORE, PATTERN_MARK_AFTER };
	size_t len = 1 + gen_below(gen, 3);

	switch (gen_below(gen, depth < 3 ? 11 : 8)) {
	case 0:
		put(out, PATTERN_FOLD, 1);
		put(out, len, 2);
		for (size_t i = 0; i < len; i++)
			put(out, (uint8_t) "ab \n"[gen_below(gen, 4)], 1);
		break;
	case 1:
		put(out, PATTERN_MASK, 1);
		put(out, len, 2);
		for (size_t i = 0; i < len; i++) {
			static const uint8_t masks[] = { 0xff, 0xf0, 0x0f, 0 };
			uint8_t mask = masks[gen_below(gen, 4)];
			put(out, gen_letter(gen) & mask, 1);
			put(out, mask, 1);
		}
		break;
	case 2:
		put(out, PATTERN_SKIP, 1);
		put(out, gen_below(gen, 12), 4);
		break;
	case 3: {
		char kind = kinds[gen_below(gen, 3)];
		uint8_t way = ways[gen_below(gen, 3)];
		if (kind == 'W' && way && gen_below(gen, 3) == 0)
			way |= PATTERN_MARK_WIDE;
		put_mark(out, kind, way | (gen_below(gen, 3) ? 0 : PATTERN_MARK_NOT));
		break;
	}
	default:
		gen_fixed(gen, out, len);
		break;
	case 8: {
		size_t min = gen_below(gen, 4);
		put(out, PATTERN_NEAR, 1);
		put(out, gen_below(gen, 2) ? PATTERN_NEAR_BEFORE : 0, 1);
		put(out, min, 1);
		put(out, min + gen_below(gen, 4), 1);
		put(out, gen_letter(gen), 1);
		put(out, 0xff, 1);
		break;
	}
	case 9:
	case 10:
		gen_alt(gen, out, depth);
		break;
	}
}

static void gen_steps(struct gen *gen, struct bytes *out, unsigned depth, size_t count)
{
	for (size_t i = 0; i < count; i++)
		gen_step(gen, out, depth);
}
