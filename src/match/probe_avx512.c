/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sixty-four bytes at a time: eight places in each vector, whose words are gathered with
 * one instruction. Grams that overlap come from loads that do.
 */
#include "match/probe.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "match/probe_vector.h"

#define AVX512 __attribute__((target("avx512f")))

enum { RUN = 64 };

static probe_places probe_longs, probe_grams;

const struct probe_kernel probe_avx512 = { "avx512", CPU_AVX512, probe_longs,
					   probe_grams };

/* Which of the eight grams, at text, text + 8 …, does the filter let through? */
AVX512 static inline __attribute__((always_inline)) unsigned ask(
	const struct probe *probe, const uint8_t *text, bool is_long)
{
	const __m512i one = _mm512_set1_epi64(1), low_six = _mm512_set1_epi64(63);
	const __m128i to_index = _mm_cvtsi32_si128((int)(64 - probe->words_log2));
	__m512i gram = _mm512_or_si512(_mm512_loadu_si512(text),
				       _mm512_set1_epi32(0x20202020));
	__m512i mixed = _mm512_mul_epu32(gram, _mm512_set1_epi64(0x9e3779b1));

	if (is_long)
		mixed = _mm512_add_epi64(mixed,
					 _mm512_mul_epu32(_mm512_srli_epi64(gram, 32),
							  _mm512_set1_epi64(0x85ebca77)));
	__m512i print = _mm512_xor_si512(mixed, _mm512_srli_epi64(mixed, 32));
	__m512i index = _mm512_srl_epi64(_mm512_slli_epi64(print, 32), to_index);
	__m512i words = _mm512_i64gather_epi64(index, probe->words, 8);
	__m512i first = _mm512_sllv_epi64(one, _mm512_and_si512(print, low_six));
	__m512i second = _mm512_sllv_epi64(
		one, _mm512_and_si512(_mm512_srli_epi64(print, 6), low_six));

	return _mm512_cmpeq_epi64_mask(
		_mm512_andnot_si512(words, _mm512_or_si512(first, second)),
		_mm512_setzero_si512());
}

AVX512 static size_t probe_longs(const struct probe *probe, const uint8_t *text,
				 size_t count, uint16_t hits[PROBE_HITS_MAX])
{
	return probe_runs((struct probe_vector){ ask, RUN, true }, probe, text, count,
			  hits);
}

AVX512 static size_t probe_grams(const struct probe *probe, const uint8_t *text,
				 size_t count, uint16_t hits[PROBE_HITS_MAX])
{
	return probe_runs((struct probe_vector){ ask, RUN, false }, probe, text, count,
			  hits);
}

#endif
