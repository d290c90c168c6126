/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For the tests of patterns: programs written step by step or at random, and the plain
 * way to match them, which tries everything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gen.h"
#include "match/pattern.h"

enum { PATTERN_BYTES_MAX = 16 * 1024 };

struct bytes {
	size_t len;
	uint8_t at[PATTERN_BYTES_MAX];
};

static inline void put(struct bytes *out, uint64_t value, size_t len)
{
	for (size_t i = 0; i < len && out->len < sizeof(out->at); i++)
		out->at[out->len++] = (uint8_t)(value >> 8 * i);
}

static inline void put_bytes(struct bytes *out, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		put(out, ((const uint8_t *)bytes)[i], 1);
}

static inline void put_lit(struct bytes *out, uint8_t op, const char *text, size_t len)
{
	put(out, op, 1);
	put(out, len, 2);
	put_bytes(out, text, len);
}

static inline void put_gap(struct bytes *out, uint32_t min, uint32_t max)
{
	put(out, PATTERN_GAP, 1);
	put(out, min, 4);
	put(out, max, 4);
}

static inline void put_mark(struct bytes *out, char kind, uint8_t flags)
{
	put(out, PATTERN_MARK, 1);
	put(out, (uint8_t)kind, 1);
	put(out, flags, 1);
}

/* A program of a list, which begins with their number. */
static inline void put_program(struct bytes *list, const struct bytes *program)
{
	put(list, program->len, 4);
	put_bytes(list, program->at, program->len);
}

/* The list that a subsignature has: one program, or two. */
static inline struct bytes list_of(const struct bytes *program)
{
	struct bytes list = { 0 };

	put(&list, 1, 2);
	put_program(&list, program);
	return list;
}

static inline struct bytes list_of_two(const struct bytes *one, const struct bytes *two)
{
	struct bytes list = { 0 };

	put(&list, 2, 2);
	put_program(&list, one);
	put_program(&list, two);
	return list;
}

/* Nine parts, the last of which is `last`, with many ways through the gaps between them. */
static inline struct bytes program_of_many_ways(const char *last)
{
	struct bytes program = { 0 };

	for (int i = 0; i < 8; i++) {
		put_lit(&program, PATTERN_LIT, "aa", 2);
		if (i % 2)
			put_gap(&program, 0, 50);
		else
			put_gap(&program, 1, PATTERN_GAP_NO_END);
	}
	put_lit(&program, PATTERN_LIT, last, strlen(last));
	return program;
}

/* A byte of few, so that random things meet; and so many of them. */
uint8_t gen_letter(struct gen *gen);
void gen_text(struct gen *gen, uint8_t *text, size_t len);

/* A random program of one to three parts. */
void gen_program(struct gen *gen, struct bytes *out);
