/* SPDX-License-Identifier: Apache-2.0 */
#include "match/probe.h"

#include <string.h>

#include "base/compiler.h"
#include "gen.h"
#include "guard.h"
#include "match/filter.h"
#include "test.h"

enum { ROUNDS = 400, WORDS_LOG2_MAX = 12 };

/* What filter.h says, place by place. */
static size_t ask_each(const struct probe *probe, const uint8_t *text, size_t count,
		       bool is_long, uint16_t *hits)
{
	size_t step = is_long ? FILTER_LONG_STEP : FILTER_GRAM_STEP, found = 0;

	for (size_t at = 0; at < count; at += step) {
		uint32_t half[2] = { 0 };
		uint64_t word = 0;

		for (size_t i = 0; i < (is_long ? 8 : 4); i++)
			half[i / 4] |= (uint32_t)(text[at + i] | 0x20) << 8 * (i % 4);
		uint32_t print = filter_print(half[0], half[1]);
		size_t index = filter_word(print, probe->words_log2);
		for (size_t i = 0; i < 8; i++)
			word |= (uint64_t)probe->words[8 * index + i] << 8 * i;
		if ((word & filter_bits(print)) == filter_bits(print))
			hits[found++] = (uint16_t)at;
	}
	return found;
}

static bool agrees(const struct probe_kernel *kernel, const struct probe *probe,
		   const uint8_t *text, size_t count, bool is_long)
{
	uint16_t want[PROBE_HITS_MAX], got[PROBE_HITS_MAX];
	size_t found = ask_each(probe, text, count, is_long, want);
	probe_places *places = is_long ? kernel->longs : kernel->grams;

	return places(probe, text, count, got) == found &&
	       memcmp(want, got, found * sizeof(want[0])) == 0;
}

/* Bits by chance, or none, or all. */
static void fill_words(struct gen *gen, uint8_t *words, size_t len)
{
	size_t share = gen_below(gen, 9);

	for (size_t i = 0; i < len; i++)
		for (unsigned bit = 0; bit < 8; bit++)
			if (gen_below(gen, 8) < share)
				words[i] |= (uint8_t)(1u << bit);
}

/* Runs of one byte, now and then, as files have them. */
static void fill_text(struct gen *gen, uint8_t *text, size_t len)
{
	gen_bytes(gen, text, len);
	for (size_t i = gen_below(gen, 4); i > 0 && len > 0; i--) {
		size_t at = gen_below(gen, len);

		memset(&text[at], (uint8_t)gen_u64(gen), gen_below(gen, len - at + 1));
	}
}

TEST("every kernel that this processor can run finds what the filter lets through")
{
	const struct probe_kernel *kernels[PROBE_KERNELS_MAX];
	size_t kernel_count = probe_kernels(kernels);
	struct gen gen = gen_start();

	CHECK(kernels[0] == &probe_portable);
	for (size_t i = 0; i < kernel_count; i++)
		printf("# %s\n", kernels[i]->name);
	for (size_t round = 0; round < ROUNDS; round++) {
		static uint8_t bytes[PROBE_BLOCK + PROBE_READ_AHEAD];
		uint8_t words[8 << WORDS_LOG2_MAX] = { 0 };
		unsigned log2 = 1 + (unsigned)gen_below(&gen, WORDS_LOG2_MAX);
		size_t count = gen_below(&gen, round % 4 == 0 ? PROBE_BLOCK + 1 : 200);
		size_t len = count + PROBE_READ_AHEAD;
		bool ok = true;

		fill_words(&gen, words, (size_t)8 << log2);
		fill_text(&gen, bytes, len);
		/* Ends where the next byte cannot be read; where it begins goes by its length. */
		struct guard text = guard_copy(bytes, len);
		struct guard table = guard_copy(words, (size_t)8 << log2);
		struct probe probe = { table.bytes, log2 };
		for (size_t i = 0; i < kernel_count && ok; i++)
			for (unsigned is_long = 0; is_long < 2 && ok; is_long++)
				ok = CHECK(agrees(kernels[i], &probe, text.bytes, count,
						  is_long));
		guard_free(&table);
		guard_free(&text);
		if (!ok)
			break;
	}
}

TEST("each has its path, and the best is the last")
{
	const struct probe_kernel *kernels[PROBE_KERNELS_MAX];
	size_t count = probe_kernels(kernels), found = 0;

	CHECK(probe_kernel_of(CPU_BEST) == kernels[count - 1]);
	CHECK(probe_kernel_of(CPU_PORTABLE) == &probe_portable);
	for (unsigned path = CPU_PORTABLE; path < CPU_PATH_COUNT; path++) {
		const struct probe_kernel *kernel = probe_kernel_of((enum cpu_path)path);

		found += kernel != NULL;
		CHECK(!kernel || kernel->path == path);
	}
	CHECK_EQ(found, count);
}

TEST_MAIN()
