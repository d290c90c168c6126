/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/settled.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

enum { LEN = 2 * SETTLED_PIECE + 100 };

static struct arena arena;
static struct digests digests;
static struct settled settled;
static uint8_t got[LEN];
static int fd;

static uint8_t byte_at(size_t at)
{
	return (uint8_t)(at * 7 + (at >> 8));
}

static void put(size_t at, uint8_t byte)
{
	if (pwrite(fd, &byte, 1, (off_t)at) != 1)
		abort();
}

static struct source begin(void)
{
	arena_init(&arena, 4 << 20);
	fd = memfd_create("test", 0);
	if (digests_load(&digests) != STATUS_OK || fd < 0)
		abort();
	for (size_t i = 0; i < LEN; i++)
		got[i] = byte_at(i);
	if (pwrite(fd, got, LEN, 0) != LEN ||
	    !settled_init(&settled, source_of_fd(fd, LEN, NULL, 0), &digests, &arena))
		abort();
	return settled_source(&settled);
}

static void end(void)
{
	close(fd);
	arena_clear(&arena);
	digests_clear(&digests);
}

TEST("its bytes are those of what it is made of, wherever it is read")
{
	static const size_t places[] = {
		0, 1, SETTLED_PIECE - 3, 2 * SETTLED_PIECE, LEN, LEN + 1
	};
	struct source source = begin();
	size_t len;

	CHECK_EQ(source.size, LEN);
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		size_t left = places[i] > LEN ? 0 : LEN - places[i];
		REQUIRE(source_read(&source, places[i], got, LEN, &len) == STATUS_OK);
		REQUIRE(len == left);
		for (size_t b = 0; b < len; b++)
			REQUIRE(got[b] == byte_at(places[i] + b));
	}
	struct source window = source_window(&source, SETTLED_PIECE - 1, 2);
	REQUIRE(source_read(&window, 0, got, LEN, &len) == STATUS_OK);
	CHECK_EQ(len, 2);
	CHECK_EQ(got[1], byte_at(SETTLED_PIECE));
	end();
}

TEST("what was read once is not another thing later")
{
	struct source source = begin();
	size_t len;

	REQUIRE(source_read(&source, 0, got, 10, &len) == STATUS_OK);
	/* Far from what was read, in the same piece; and in one that was never read. */
	put(SETTLED_PIECE - 1, (uint8_t)~byte_at(SETTLED_PIECE - 1));
	put(SETTLED_PIECE + 5, 77);
	REQUIRE(source_read(&source, SETTLED_PIECE, got, 10, &len) == STATUS_OK);
	CHECK_EQ(got[5], 77);
	CHECK_EQ(source_read(&source, 0, got, 10, &len), STATUS_CHANGED);
	CHECK_EQ(source_read(&source, 0, got, 10, &len), STATUS_CHANGED);
	put(SETTLED_PIECE - 1, byte_at(SETTLED_PIECE - 1));
	CHECK_EQ(source_read(&source, 0, got, 10, &len), STATUS_OK);
	REQUIRE(ftruncate(fd, LEN - 1) == 0);
	CHECK_EQ(source_read(&source, 2 * SETTLED_PIECE, got, 10, &len), STATUS_CHANGED);
	end();
}

TEST_MAIN()
