/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search compares two bytes at sixteen places with the compiler's vectors,
 * which become the instructions of whatever machine this is built for. It reads
 * nothing outside the text: the last few places are looked at one by one.
 */
#include "match/needle.h"

#include <string.h>

#include "match/rarity_table.h"

enum { LANES = 16 };

/* Bits: some four bytes that have nothing to do with each other. */
enum { RARITY_GOOD = 32 };

typedef uint8_t lanes __attribute__((vector_size(LANES)));

struct pair {
	lanes value[2], mask[2];
};

static unsigned weigh(uint64_t value, uint64_t mask, unsigned len, unsigned weights[]);
static unsigned weigh_byte(uint8_t value, uint8_t mask);
static void choose_pair(struct needle *needle, const unsigned weights[]);
static struct pair make_pair(const struct needle *needle);
static bool any_lane(const struct pair *pair, const uint8_t *a, const uint8_t *b);
static bool stands_at(const struct needle *needle, const uint8_t *at, size_t left);

void needle_add(struct needle_maker *maker, uint8_t value, uint8_t mask)
{
	unsigned weights[NEEDLE_LEN_MAX];

	maker->value = maker->value >> 8 | (uint64_t)(value & mask) << 56;
	maker->mask = maker->mask >> 8 | (uint64_t)mask << 56;
	if (maker->len < NEEDLE_LEN_MAX)
		maker->len++;
	maker->near++;
	maker->far++;

	struct needle last = {
		.value = maker->value >> (64 - 8 * maker->len),
		.mask = maker->mask >> (64 - 8 * maker->len),
		.len = maker->len,
		.near = maker->near - maker->len,
		.far = maker->far - maker->len,
	};
	last.rarity = weigh(last.value, last.mask, last.len, weights);
	if (last.rarity <= maker->best.rarity)
		return;
	/* One place to look at is better than several, if few are found at all. */
	if (last.near != last.far && maker->best.rarity >= RARITY_GOOD)
		return;
	choose_pair(&last, weights);
	maker->best = last;
}

void needle_skip(struct needle_maker *maker, uint64_t min, uint64_t max)
{
	maker->len = 0;
	maker->near += min;
	maker->far += max;
}

/* hot loop */
size_t needle_find(const struct needle *needle, struct slice text)
{
	struct pair pair = make_pair(needle);
	size_t at = 0;

	if (text.len < needle->len)
		return SIZE_MAX;

	size_t places = text.len - needle->len + 1;
	const uint8_t *a = text.base + needle->pair[0];
	const uint8_t *b = text.base + needle->pair[1];
	for (; places - at >= LANES; at += LANES) {
		if (!any_lane(&pair, a + at, b + at))
			continue;
		for (size_t i = at; i < at + LANES; i++)
			if (stands_at(needle, text.base + i, text.len - i))
				return i;
	}
	for (; at < places; at++)
		if (stands_at(needle, text.base + at, text.len - at))
			return at;
	return SIZE_MAX;
}

static struct pair make_pair(const struct needle *needle)
{
	struct pair pair = { 0 };

	for (size_t i = 0; i < 2; i++) {
		pair.value[i] += (uint8_t)(needle->value >> 8 * needle->pair[i]);
		pair.mask[i] += (uint8_t)(needle->mask >> 8 * needle->pair[i]);
	}
	return pair;
}

/* Do both bytes agree at any of the places? */
static inline bool any_lane(const struct pair *pair, const uint8_t *a, const uint8_t *b)
{
	lanes first, second;
	uint64_t halves[2];

	memcpy(&first, a, LANES);
	memcpy(&second, b, LANES);
	lanes both = (lanes)((first & pair->mask[0]) == pair->value[0]) &
		     (lanes)((second & pair->mask[1]) == pair->value[1]);
	memcpy(halves, &both, sizeof(halves));
	return (halves[0] | halves[1]) != 0;
}

static inline bool stands_at(const struct needle *needle, const uint8_t *at, size_t left)
{
	uint64_t bytes = 0;

	if (left >= sizeof(bytes))
		memcpy(&bytes, at, sizeof(bytes));
	else
		memcpy(&bytes, at, needle->len);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	return (bytes & needle->mask) == needle->value;
}

/* The sum of the bytes' weights, each of which goes to `weights`. */
static unsigned weigh(uint64_t value, uint64_t mask, unsigned len, unsigned weights[])
{
	unsigned sum = 0;

	for (unsigned i = 0; i < len; i++) {
		weights[i] = weigh_byte((uint8_t)(value >> 8 * i),
					(uint8_t)(mask >> 8 * i));
		sum += weights[i];
	}
	return sum;
}

/* A letter in either case is as frequent as its more frequent one; half a byte tells little. */
static unsigned weigh_byte(uint8_t value, uint8_t mask)
{
	uint8_t other = value | (uint8_t)~mask;

	if (mask == 0xff)
		return byte_rarity[value];
	if (mask == 0xdf)
		return byte_rarity[value] < byte_rarity[other] ? byte_rarity[value] :
								 byte_rarity[other];
	return (unsigned)__builtin_popcount(mask) / 2;
}

/* The rarest two; they may be one and the same if there is no other. */
static void choose_pair(struct needle *needle, const unsigned weights[])
{
	unsigned first = 0;
	unsigned second = 0;

	for (unsigned i = 1; i < needle->len; i++)
		if (weights[i] > weights[first])
			first = i;
	for (unsigned i = 0; i < needle->len; i++)
		if (i != first && (second == first || weights[i] > weights[second]))
			second = i;
	needle->pair[0] = first;
	needle->pair[1] = second;
}
