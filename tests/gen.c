/* SPDX-License-Identifier: Apache-2.0 */
#include "gen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct gen gen_start(void)
{
	const char *text = getenv("CUSTOS_SEED");
	struct gen gen = { 0 };

	if (text)
		gen.state = strtoull(text, NULL, 0);
	else
		gen.state = (uint64_t)time(NULL);
	printf("# CUSTOS_SEED=%" PRIu64 "\n", gen.state);
	return gen;
}

/* splitmix64 (Vigna, public domain description): every seed is a good seed. */
uint64_t gen_u64(struct gen *gen)
{
	uint64_t z = gen->state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

size_t gen_below(struct gen *gen, size_t limit)
{
	return (size_t)(gen_u64(gen) % limit);
}

void gen_bytes(struct gen *gen, uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)gen_u64(gen);
}

static size_t cut_tail(gen_property *holds, void *context, uint8_t *bytes, size_t len)
{
	for (size_t step = len; step > 0; step /= 2)
		while (len >= step && !holds(bytes, len - step, context))
			len -= step;
	return len;
}

static void zero_pieces(gen_property *holds, void *context, uint8_t *bytes, size_t len)
{
	uint8_t *before = malloc(len + 1);

	if (!before)
		return;
	for (size_t step = len; step > 0; step /= 2) {
		for (size_t at = 0; at + step <= len; at += step) {
			memcpy(before, bytes + at, step);
			memset(bytes + at, 0, step);
			if (holds(bytes, len, context))
				memcpy(bytes + at, before, step);
		}
	}
	free(before);
}

size_t gen_shrink(gen_property *holds, void *context, uint8_t *bytes, size_t len)
{
	len = cut_tail(holds, context, bytes, len);
	zero_pieces(holds, context, bytes, len);
	return len;
}

void gen_show(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf("%s%02x", i % 32 ? " " : i ? "\n# " : "# ", bytes[i]);
	putchar('\n');
}
