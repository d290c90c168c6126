/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/readahead.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

enum { SIZE = 10, BUDGET = 1 << 20 };

static const uint8_t content[SIZE] = "ABCDEFGHIJ";

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		exit(99);
	return fd;
}

static void ask(struct readahead *ahead, size_t offset, size_t len)
{
	struct reader reader;
	size_t there = offset < SIZE ? SIZE - offset : 0;

	there = there < len ? there : len;
	CHECK_EQ(readahead_at(ahead, offset, len, &reader), STATUS_OK);
	CHECK_EQ(reader_left(&reader), there);
	CHECK_MEM(reader.base, content + (offset < SIZE ? offset : 0), there);
}

TEST("any two questions after each other, of memory, a file and a window")
{
	int fd = file_of("..ABCDEFGHIJ..", SIZE + 4);
	struct source file = source_of_fd(fd, SIZE + 4, NULL, 0);
	struct source sources[] = {
		source_of_memory(content, SIZE),
		source_window(&file, 2, SIZE),
	};

	for (size_t i = 0; i < 2; i++) {
		for (size_t n = 0; n < 12 * 5 * 12 * 5; n++) {
			struct readahead ahead;
			struct arena arena;

			arena_init(&arena, BUDGET);
			REQUIRE(readahead_init(&ahead, &arena, sources[i], 4) ==
				STATUS_OK);
			ask(&ahead, n % 12, n / 12 % 5);
			ask(&ahead, n / 60 % 12, n / 720);
			arena_clear(&arena);
		}
	}
	close(fd);
}

TEST("neighbours cost one read, records larger than a piece come whole")
{
	static uint8_t large[4 * READAHEAD_PIECE];
	int fd = file_of(large, sizeof(large));
	struct readahead ahead;
	struct reader reader;
	struct arena arena;

	arena_init(&arena, BUDGET);
	REQUIRE(readahead_init(&ahead, &arena, source_of_fd(fd, sizeof(large), NULL, 0),
			       2 * READAHEAD_PIECE) == STATUS_OK);
	CHECK_EQ(readahead_at(&ahead, 1, 2, &reader), STATUS_OK);
	/* What comes from the system now would be seen. */
	memset(large, '#', sizeof(large));
	REQUIRE(pwrite(fd, large, sizeof(large), 0) == (ssize_t)sizeof(large));
	CHECK_EQ(readahead_at(&ahead, READAHEAD_PIECE, 1, &reader), STATUS_OK);
	CHECK_EQ(reader_u8(&reader), 0);
	CHECK_EQ(readahead_at(&ahead, 1, READAHEAD_PIECE, &reader), STATUS_OK);
	CHECK_EQ(reader_u8(&reader), 0);
	CHECK_EQ(readahead_at(&ahead, 0, 1, &reader), STATUS_OK);
	CHECK_EQ(reader_u8(&reader), '#');
	CHECK_EQ(readahead_at(&ahead, 7, 2 * READAHEAD_PIECE, &reader), STATUS_OK);
	CHECK_EQ(reader_left(&reader), 2 * READAHEAD_PIECE);
	arena_clear(&arena);
	close(fd);
}

TEST("a file that shrank has changed")
{
	int fd = file_of(content, SIZE);
	struct readahead ahead;
	struct reader reader;
	struct arena arena;

	arena_init(&arena, BUDGET);
	REQUIRE(readahead_init(&ahead, &arena, source_of_fd(fd, SIZE, NULL, 0), 4) ==
		STATUS_OK);
	REQUIRE(ftruncate(fd, 3) == 0);
	CHECK_EQ(readahead_at(&ahead, 0, 2, &reader), STATUS_CHANGED);
	CHECK_EQ(readahead_at(&ahead, 0, 2, &reader), STATUS_CHANGED);
	arena_clear(&arena);
	close(fd);
}

TEST_MAIN()
