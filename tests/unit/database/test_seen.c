/* SPDX-License-Identifier: Apache-2.0 */
#include "database/seen.h"

#include "test.h"

TEST("a line is new once in each source")
{
	struct digests digests;
	struct digest_state digest;
	struct arena arena;
	struct seen seen;
	bool was_there;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&digest, &digests) == STATUS_OK);
	arena_init(&arena, 16 << 20);
	seen_init(&seen, &arena, &digest);
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 9000; i++) {
			char line[16];

			snprintf(line, sizeof(line), "%u", i / 3);
			REQUIRE(seen_add(&seen, i % 3, slice_of(line), &was_there) ==
				STATUS_OK);
			if (!CHECK_EQ(was_there, round == 1))
				return;
		}
	}
	CHECK_EQ(seen.used, 9000);
	REQUIRE(seen_add(&seen, 0, slice_of(""), &was_there) == STATUS_OK);
	CHECK(!was_there);
	arena_clear(&arena);
	digest_state_clear(&digest);
	digests_clear(&digests);
}

TEST("without memory for more lines it says so")
{
	struct digests digests;
	struct digest_state digest;
	struct arena arena;
	struct seen seen;
	bool was_there;
	enum status status = STATUS_OK;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&digest, &digests) == STATUS_OK);
	arena_init(&arena, 80 * 1024);
	seen_init(&seen, &arena, &digest);
	for (uint32_t i = 0; i < 100000 && status == STATUS_OK; i++)
		status = seen_add(&seen, i, slice_of("x"), &was_there);
	CHECK_EQ(status, STATUS_NO_MEMORY);
	arena_clear(&arena);
	digest_state_clear(&digest);
	digests_clear(&digests);
}

TEST_MAIN()
