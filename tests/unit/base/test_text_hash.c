/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text_hash.h"

#include "test.h"

TEST("texts have the hashes that the algorithm's authors give, in one piece or in two")
{
	uint64_t half = text_hash(TEXT_HASH_START, slice_of("foo"));

	CHECK_EQ(text_hash(TEXT_HASH_START, (struct slice){ 0 }), TEXT_HASH_START);
	CHECK_EQ(text_hash(TEXT_HASH_START, slice_of("a")), 0xaf63dc4c8601ec8c);
	CHECK_EQ(text_hash(TEXT_HASH_START, slice_of("foobar")), 0x85944171f73967e8);
	CHECK_EQ(text_hash(half, slice_of("bar")), 0x85944171f73967e8);
}

TEST_MAIN()
