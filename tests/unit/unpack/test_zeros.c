/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/zeros.h"

#include "test.h"

enum { SIZE = 40000 };

static uint8_t bytes[SIZE];

static uint64_t end_of(const struct source *source, uint64_t from, uint64_t end)
{
	uint64_t pos = UINT64_MAX;

	CHECK_EQ(zeros_end(source, from, end, &pos), STATUS_OK);
	return pos;
}

TEST("the first byte that is not zero, or the end")
{
	struct source source = source_of_memory(bytes, SIZE);

	CHECK_EQ(end_of(&source, 0, SIZE), SIZE);
	CHECK_EQ(end_of(&source, 5, 10), 10);
	CHECK_EQ(end_of(&source, 10, UINT64_MAX), SIZE);
	CHECK_EQ(end_of(&source, SIZE, SIZE), SIZE);
	for (size_t at = 0; at < SIZE; at += 1111) {
		bytes[at] = 1;
		CHECK_EQ(end_of(&source, 0, SIZE), at);
		CHECK_EQ(end_of(&source, at, SIZE), at);
		CHECK_EQ(end_of(&source, at + 1, SIZE), SIZE);
		CHECK_EQ(end_of(&source, 0, at), at);
		bytes[at] = 0;
	}
}

TEST("holes are passed over without reading")
{
	static const struct extent extents[] = { { 100, 1 } };
	struct source source = source_of_fd(-1, UINT64_C(1) << 40, extents, 1);

	CHECK_EQ(end_of(&source, 101, UINT64_MAX), UINT64_C(1) << 40);
	uint64_t pos;
	CHECK_EQ(zeros_end(&source, 0, UINT64_MAX, &pos), STATUS_IO);
}

TEST_MAIN()
