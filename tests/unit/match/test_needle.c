/* SPDX-License-Identifier: Apache-2.0 */
#include "match/needle.h"

#include "gen.h"
#include "guard.h"
#include "test.h"

static struct needle needle_of(const char *text, size_t len)
{
	struct needle_maker maker = { 0 };

	for (size_t i = 0; i < len; i++)
		needle_add(&maker, (uint8_t)text[i], 0xff);
	return maker.best;
}

TEST("the rarest eight bytes in a row are chosen, with their distance")
{
	struct needle needle = needle_of(
		"\0\0\0\0\0\0\x9d\xa9\xb1\xc7\xd9\xe3\xa5\xbb\0\0\0", 17);

	CHECK_EQ(needle.near, 6);
	CHECK_EQ(needle.far, 6);
	CHECK_EQ(needle.len, 8);
	CHECK_EQ(needle.value & 0xff, 0x9d);
}

TEST("what is in between of unknown length makes the distance a range")
{
	struct needle_maker maker = { 0 };

	needle_add(&maker, 0, 0xff);
	needle_skip(&maker, 1, 4);
	needle_add(&maker, 0xa9, 0xff);
	needle_add(&maker, 0xb1, 0xff);
	CHECK_EQ(maker.best.near, 2);
	CHECK_EQ(maker.best.far, 5);
	CHECK_EQ(maker.best.len, 2);
	CHECK_EQ(maker.best.value, 0xb1a9);
}

TEST("bytes of which nothing is known are no needle")
{
	struct needle_maker maker = { 0 };

	for (int i = 0; i < 20; i++)
		needle_add(&maker, 0, 0);
	CHECK_EQ(maker.best.len, 0);
}

static size_t plain_find(const uint8_t *values, const uint8_t *masks, size_t len,
			 struct guard text)
{
	for (size_t at = 0; at + len <= text.len; at++) {
		size_t same = 0;
		while (same < len &&
		       (text.bytes[at + same] & masks[same]) == values[same])
			same++;
		if (same == len)
			return at;
	}
	return SIZE_MAX;
}

TEST("the first place is found, at every length and alignment of text")
{
	static const uint8_t kinds[] = { 0xff, 0xff, 0xdf, 0xf0, 0x0f, 0 };
	struct gen gen = gen_start();

	for (int i = 0; i < 20000; i++) {
		struct guard text = guard_new(gen_below(&gen, 70));
		struct needle_maker maker = { 0 };
		uint8_t values[NEEDLE_LEN_MAX], masks[NEEDLE_LEN_MAX];
		size_t len = 1 + gen_below(&gen, 4);

		for (size_t j = 0; j < text.len; j++)
			text.bytes[j] = (uint8_t) "ab\0A"[gen_below(&gen, 4)];
		for (size_t j = 0; j < len; j++) {
			masks[j] = kinds[gen_below(&gen, 6)];
			values[j] = (uint8_t) "ab\0"[gen_below(&gen, 3)] & masks[j];
			needle_add(&maker, values[j], masks[j]);
		}
		const struct needle *needle = &maker.best;
		struct slice slice = { text.bytes, text.len };
		/* It may have been found better to leave bytes out at either end. */
		size_t want = plain_find(values + needle->near, masks + needle->near,
					 needle->len, text);
		if (needle->len > 0 && !CHECK_EQ(needle_find(needle, slice), want))
			return;
		guard_free(&text);
	}
}

TEST_MAIN()
