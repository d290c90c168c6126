/* SPDX-License-Identifier: Apache-2.0 */
#include "database/segment.h"

#include "built.h"
#include "guard.h"
#include "test.h"

static struct built built;

static void make(void)
{
	built_one(&built, "a.ndb", "A:0:*:616263\nB:6:*:61??6263\n");
}

TEST("a segment of any smaller size is refused")
{
	struct tables tables;

	make();
	REQUIRE(built.status == STATUS_OK);
	for (size_t len = 0; len < built.len; len += len < SEGMENT_SECTIONS_AT ? 1 : 61) {
		struct guard guard = guard_copy(built.bytes, len);
		enum status status = segment_open((struct slice){ guard.bytes, len },
						  &tables);

		guard_free(&guard);
		if (!CHECK_EQ(status, len < SEGMENT_MAGIC_LEN ? STATUS_MALFORMED :
								STATUS_TRUNCATED))
			break;
	}
	CHECK_EQ(segment_open((struct slice){ built.bytes, built.len }, &tables),
		 STATUS_OK);
	built_free(&built);
}

TEST("a flipped bit of the head is noticed, whichever it is")
{
	struct tables tables;

	make();
	for (size_t bit = 0; bit < SEGMENT_SECTIONS_AT * 8; bit++) {
		enum status want = STATUS_MALFORMED;

		built.bytes[bit / 8] ^= (uint8_t)(1u << (bit & 7));
		if (bit / 8 >= 8 && bit / 8 < 12)
			want = STATUS_UNSUPPORTED; /* another version */
		enum status status = segment_open(
			(struct slice){ built.bytes, built.len }, &tables);
		built.bytes[bit / 8] ^= (uint8_t)(1u << (bit & 7));
		if (!CHECK_EQ(status, want))
			break;
	}
	built_free(&built);
}

TEST("sections lie where the table says, or the segment is refused")
{
	struct section_place places[SECTION_COUNT] = { 0 };
	static uint8_t bytes[SEGMENT_SECTIONS_AT + 128];
	struct slice segment = { bytes, sizeof(bytes) };
	struct tables tables;

	for (size_t i = 0; i < SECTION_COUNT; i++)
		places[i].offset = SEGMENT_SECTIONS_AT;
	places[SECTION_RULES].len = 128;
	segment_head(places, sizeof(bytes), bytes);
	REQUIRE(segment_open(segment, &tables) == STATUS_OK);
	CHECK_EQ(tables.section[SECTION_RULES].len, 128);
	CHECK(tables.section[SECTION_RULES].base == &bytes[SEGMENT_SECTIONS_AT]);
	CHECK_EQ(tables.section[SECTION_SUBS].len, 0);

	places[SECTION_RULES].len = 129; /* one byte too long */
	segment_head(places, sizeof(bytes), bytes);
	CHECK_EQ(segment_open(segment, &tables), STATUS_MALFORMED);
	places[SECTION_RULES].len = UINT64_MAX;
	segment_head(places, sizeof(bytes), bytes);
	CHECK_EQ(segment_open(segment, &tables), STATUS_MALFORMED);
	places[SECTION_RULES].len = 1;
	places[SECTION_RULES].offset = SEGMENT_SECTIONS_AT + 1; /* not aligned */
	segment_head(places, sizeof(bytes), bytes);
	CHECK_EQ(segment_open(segment, &tables), STATUS_MALFORMED);
	places[SECTION_RULES].offset = UINT64_MAX - 63;
	segment_head(places, sizeof(bytes), bytes);
	CHECK_EQ(segment_open(segment, &tables), STATUS_MALFORMED);
}

TEST("what is no segment at all is refused")
{
	static const uint8_t zeros[4096];
	struct tables tables;

	CHECK_EQ(segment_open((struct slice){ zeros, sizeof(zeros) }, &tables),
		 STATUS_MALFORMED);
	CHECK_EQ(segment_open((struct slice){ NULL, 0 }, &tables), STATUS_MALFORMED);
}

TEST_MAIN()
