/* SPDX-License-Identifier: Apache-2.0 */
#include "match/text.h"

#include <sys/mman.h>
#include <unistd.h>

#include "gen.h"
#include "test.h"

enum { LEN = 5000 };

static int file_of(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	CHECK_EQ(pwrite(fd, bytes, len, 0), (ssize_t)len);
	return fd;
}

TEST("memory is used as it is")
{
	struct source source = source_of_memory("abcdef", 6);
	struct text text;

	REQUIRE(text_open(&text, &source, NULL, TEXT_WINDOW_LEN) == STATUS_OK);
	CHECK_EQ(text_run(&text, 2).len, 4);
	CHECK_EQ(text_byte(&text, 5), 'f');
	CHECK_EQ(text_byte(&text, 6), -1);
	CHECK_EQ(text_run(&text, UINT64_MAX).len, 0);
	CHECK_EQ(text_next_data(&text, 3), 3);
	CHECK_EQ(text_next_data(&text, 9), 6);
}

TEST("a file is seen the same through windows, in any order")
{
	struct gen gen = gen_start();
	static uint8_t bytes[LEN];
	struct arena arena;
	struct text text;

	gen_bytes(&gen, bytes, LEN);
	int fd = file_of(bytes, LEN);
	struct source source = source_of_fd(fd, LEN, NULL, 0);
	arena_init(&arena, 1 << 20);
	REQUIRE(text_open(&text, &source, &arena, TEXT_WINDOW_LEN_MIN) == STATUS_OK);
	for (int i = 0; i < 20000; i++) {
		size_t at = gen_below(&gen, LEN + 1);
		struct slice run = text_run(&text, at);

		if (!CHECK(run.len >= TEXT_RUN_MIN || run.len == LEN - at) ||
		    !CHECK(run.len == 0 || memcmp(run.base, bytes + at, run.len) == 0))
			break;
	}
	CHECK_EQ(text.status, STATUS_OK);
	arena_clear(&arena);
	close(fd);
}

TEST("a file that breaks reads as its end, and stays broken")
{
	struct arena arena;
	struct text text;
	int fd = file_of((const uint8_t *)"abc", 3);
	struct source source = source_of_fd(fd, LEN, NULL, 0);

	arena_init(&arena, 1 << 20);
	REQUIRE(text_open(&text, &source, &arena, TEXT_WINDOW_LEN_MIN) == STATUS_OK);
	CHECK_EQ(text_run(&text, 0).len, 0);
	CHECK_EQ(text.status, STATUS_CHANGED);
	CHECK_EQ(text_byte(&text, 0), -1);
	arena_clear(&arena);
	close(fd);
}

TEST("holes are known as such")
{
	struct extent extents[] = { { 1000, 10 }, { 3000, 5 } };
	struct source source = source_of_fd(-1, LEN, extents, 2);
	struct arena arena;
	struct text text;

	arena_init(&arena, 1 << 20);
	REQUIRE(text_open(&text, &source, &arena, TEXT_WINDOW_LEN_MIN) == STATUS_OK);
	CHECK_EQ(text_next_data(&text, 0), 1000);
	CHECK_EQ(text_next_data(&text, 1005), 1005);
	CHECK_EQ(text_next_data(&text, 1010), 3000);
	CHECK_EQ(text_next_data(&text, 3005), LEN);
	CHECK_EQ(text_byte(&text, 2000), 0);
	arena_clear(&arena);
}

TEST_MAIN()
