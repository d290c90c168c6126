/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thirty-two bytes at a time: four places in each vector. There is no instruction that
 * gathers, so prints are made and bits are tested in vectors, and words loaded one by one.
 */
#include "match/probe.h"

/* Every arm64 has it; on one with the highest byte first lanes would stand otherwise. */
#ifdef __AARCH64EL__

#include <arm_neon.h>
#include <string.h>

#include "match/probe_vector.h"

enum { RUN = 32 };

static probe_places probe_longs, probe_grams;

const struct probe_kernel probe_neon = { "neon", CPU_NEON, probe_longs, probe_grams };

static inline uint64_t word_at(const struct probe *probe, uint32_t index)
{
	uint64_t word;

	memcpy(&word, &probe->words[(size_t)index * sizeof(word)], sizeof(word));
	return word;
}

/* Each word by one of the bits that a print names, lowest; the other bits say nothing. */
static inline uint64x2_t bits_of(uint64x2_t words, uint64x2_t print)
{
	const uint64x2_t low_six = vdupq_n_u64(63);
	uint64x2_t first = vandq_u64(print, low_six);
	uint64x2_t second = vandq_u64(vshrq_n_u64(print, 6), low_six);

	return vandq_u64(vshlq_u64(words, vnegq_s64(vreinterpretq_s64_u64(first))),
			 vshlq_u64(words, vnegq_s64(vreinterpretq_s64_u64(second))));
}

/* Of four grams the low halves are in one vector and the high ones in the other. */
static inline uint32x4_t prints_of(uint32x4_t low, uint32x4_t high, bool is_long)
{
	const uint32x4_t low_key = vdupq_n_u32(0x9e3779b1),
			 high_key = vdupq_n_u32(0x85ebca77);
	uint64x2_t first = vmull_u32(vget_low_u32(low), vget_low_u32(low_key));
	uint64x2_t second = vmull_high_u32(low, low_key);

	if (is_long) {
		first = vmlal_u32(first, vget_low_u32(high), vget_low_u32(high_key));
		second = vmlal_high_u32(second, high, high_key);
	}
	uint32x4_t first_halves = vreinterpretq_u32_u64(first);
	uint32x4_t second_halves = vreinterpretq_u32_u64(second);
	return veorq_u32(vuzp1q_u32(first_halves, second_halves),
			 vuzp2q_u32(first_halves, second_halves));
}

/* Which of the four grams, at text, text + 8 …, does the filter let through? */
static inline __attribute__((always_inline)) unsigned ask(const struct probe *probe,
							  const uint8_t *text,
							  bool is_long)
{
	const uint8x16_t fold = vdupq_n_u8(0x20);
	const int32x4_t to_index = vdupq_n_s32((int)probe->words_log2 - 32);
	uint32x4_t first = vreinterpretq_u32_u8(vorrq_u8(vld1q_u8(text), fold));
	uint32x4_t second = vreinterpretq_u32_u8(vorrq_u8(vld1q_u8(&text[16]), fold));
	uint32x4_t print = prints_of(vuzp1q_u32(first, second), vuzp2q_u32(first, second),
				     is_long);
	uint32x4_t index = vshlq_u32(print, to_index);
	uint64x2_t words[2] = {
		{ word_at(probe, index[0]), word_at(probe, index[1]) },
		{ word_at(probe, index[2]), word_at(probe, index[3]) },
	};
	uint64x2_t let[2] = {
		bits_of(words[0], vmovl_u32(vget_low_u32(print))),
		bits_of(words[1], vmovl_high_u32(print)),
	};

	return (unsigned)((let[0][0] & 1) | (let[0][1] & 1) << 1 | (let[1][0] & 1) << 2 |
			  (let[1][1] & 1) << 3);
}

static size_t probe_longs(const struct probe *probe, const uint8_t *text, size_t count,
			  uint16_t hits[PROBE_HITS_MAX])
{
	return probe_runs((struct probe_vector){ ask, RUN, true }, probe, text, count,
			  hits);
}

static size_t probe_grams(const struct probe *probe, const uint8_t *text, size_t count,
			  uint16_t hits[PROBE_HITS_MAX])
{
	return probe_runs((struct probe_vector){ ask, RUN, false }, probe, text, count,
			  hits);
}

#endif
