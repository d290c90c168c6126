/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/files.h"

#include <stdlib.h>

#include "cvd_maker.h"
#include "test.h"

static uint8_t memory[256 * 1024];
static struct arena arena;
static struct cvd_room room;
static struct cvd_files files;
static bool is_full;

static bool write_memory(void *context, uint64_t offset, const void *bytes, size_t len)
{
	(void)context;
	if (is_full || offset + len > sizeof(memory))
		return false;
	memcpy(memory + offset, bytes, len);
	return true;
}

static struct source read_memory(void *context, uint64_t size)
{
	(void)context;
	return source_of_memory(memory, (size_t)size);
}

static void begin(void)
{
	arena_init(&arena, 16 << 20);
	is_full = false;
	room = (struct cvd_room){ .write = write_memory,
				  .read = read_memory,
				  .size_max = sizeof(memory) };
	if (cvd_files_init(&files, &arena, &room) != STATUS_OK)
		abort();
}

TEST("a container is taken apart, and put together again")
{
	static const char *const names[] = { "a.ndb", "b.hdb", NULL };
	static const char *const texts[] = { "A:0:*:616263\n", "", NULL };
	const struct cvd_maker maker = { .names = names, .texts = texts };
	struct digests digests;
	struct digest_state state;
	struct cvd cvd, again;
	struct cvd_range range;
	size_t len;
	uint8_t *bytes = cvd_make(&maker, &len);

	begin();
	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	REQUIRE(cvd_open(&cvd, CVD_UNSIGNED, source_of_memory(bytes, len), &arena,
			 &state) == STATUS_OK);
	REQUIRE(cvd_check(&cvd) == STATUS_OK);
	REQUIRE(cvd_files_unpack(&files, &cvd) == STATUS_OK);
	CHECK_EQ(files.count, 3);
	REQUIRE(cvd_files_pack(&files, &arena, &range) == STATUS_OK);
	REQUIRE(cvd_open(&again, CVD_UNSIGNED, room_range(&room, range), &arena,
			 &state) == STATUS_OK);
	REQUIRE(cvd_check(&again) == STATUS_OK);
	CHECK_EQ(again.header.version, 7);
	CHECK_EQ(again.member_count, 3);
	CHECK(again.members[1].is_listed);
	free(bytes);
	arena_clear(&arena);
	digest_state_clear(&state);
	digests_clear(&digests);
}

TEST("files have plain names, and there are only so many")
{
	char name[32];

	begin();
	CHECK(!cvd_files_add(&files, slice_of("../a")));
	for (unsigned i = 0; i < CVD_MEMBERS_MAX; i++) {
		snprintf(name, sizeof(name), "%u.ndb", i);
		struct slice kept;
		REQUIRE(arena_copy(&arena, slice_of(name), &kept));
		REQUIRE(cvd_files_add(&files, kept));
	}
	CHECK(!cvd_files_add(&files, slice_of("more.ndb")));
	cvd_files_remove(&files, cvd_files_find(&files, slice_of("7.ndb")));
	CHECK(!cvd_files_find(&files, slice_of("7.ndb")));
	CHECK(cvd_files_find(&files, slice_of("8.ndb")));
	CHECK_EQ(files.count, CVD_MEMBERS_MAX - 1);
	arena_clear(&arena);
}

TEST("without a list nothing is put together")
{
	struct cvd_range range;

	begin();
	REQUIRE(cvd_files_add(&files, slice_of("a.ndb")));
	CHECK_EQ(cvd_files_pack(&files, &arena, &range), STATUS_MALFORMED);
	arena_clear(&arena);
}

TEST("a room that is full, or cannot be written to, says so")
{
	static const uint8_t zeros[4096];

	begin();
	room.size_max = 5000;
	room_put(&room, (struct slice){ zeros, sizeof(zeros) });
	CHECK_EQ(room_sync(&room), STATUS_OK);
	room_put(&room, (struct slice){ zeros, sizeof(zeros) });
	CHECK_EQ(room_sync(&room), STATUS_LIMIT);
	arena_clear(&arena);
	begin();
	is_full = true;
	room_put(&room, slice_of("x"));
	CHECK_EQ(room_sync(&room), STATUS_IO);
	arena_clear(&arena);
}

TEST_MAIN()
