/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As probe_avx512.c, with half as many places.
 */
#include "match/probe.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "match/probe_vector.h"

#define AVX2 __attribute__((target("avx2")))

enum { RUN = 32 };

static probe_places probe_longs, probe_grams;

const struct probe_kernel probe_avx2 = { "avx2", CPU_AVX2, probe_longs, probe_grams };

/* Which of the four grams, at text, text + 8 …, does the filter let through? */
AVX2 static inline __attribute__((always_inline)) unsigned ask(const struct probe *probe,
							       const uint8_t *text,
							       bool is_long)
{
	const __m256i one = _mm256_set1_epi64x(1), low_six = _mm256_set1_epi64x(63);
	const __m128i to_index = _mm_cvtsi32_si128((int)(64 - probe->words_log2));
	const long long *base = (const long long *)(const void *)probe->words;
	__m256i gram = _mm256_or_si256(
		_mm256_loadu_si256((const __m256i *)(const void *)text),
		_mm256_set1_epi32(0x20202020));
	__m256i mixed = _mm256_mul_epu32(gram, _mm256_set1_epi64x(0x9e3779b1));

	if (is_long)
		mixed = _mm256_add_epi64(
			mixed, _mm256_mul_epu32(_mm256_srli_epi64(gram, 32),
						_mm256_set1_epi64x(0x85ebca77)));
	__m256i print = _mm256_xor_si256(mixed, _mm256_srli_epi64(mixed, 32));
	__m256i index = _mm256_srl_epi64(_mm256_slli_epi64(print, 32), to_index);
	__m256i words = _mm256_i64gather_epi64(base, index, 8);
	__m256i first = _mm256_sllv_epi64(one, _mm256_and_si256(print, low_six));
	__m256i second = _mm256_sllv_epi64(
		one, _mm256_and_si256(_mm256_srli_epi64(print, 6), low_six));
	__m256i kept_out = _mm256_andnot_si256(words, _mm256_or_si256(first, second));
	__m256i let = _mm256_cmpeq_epi64(kept_out, _mm256_setzero_si256());

	return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(let));
}

AVX2 static size_t probe_longs(const struct probe *probe, const uint8_t *text,
			       size_t count, uint16_t hits[PROBE_HITS_MAX])
{
	return probe_runs((struct probe_vector){ ask, RUN, true }, probe, text, count,
			  hits);
}

AVX2 static size_t probe_grams(const struct probe *probe, const uint8_t *text,
			       size_t count, uint16_t hits[PROBE_HITS_MAX])
{
	return probe_runs((struct probe_vector){ ask, RUN, false }, probe, text, count,
			  hits);
}

#endif
