/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/source.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"
#include "test.h"

enum { SIZE = 12, BUDGET = 1 << 20 };

static const uint8_t content[SIZE] = "ABCDEFGHIJKL";

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		exit(99);
	return fd;
}

/* Everything that can be asked of a source, against the bytes it has to have. */
static void check_source(const struct source *source, const uint8_t *want, size_t size)
{
	struct arena arena;
	struct reader view;
	size_t got;

	struct guard guard = guard_new(size + 2);

	arena_init(&arena, BUDGET);
	CHECK_EQ(source->size, size);
	for (size_t offset = 0; offset <= size + 2; offset++) {
		for (size_t len = 0; len <= size + 2; len++) {
			size_t there = offset > size ? 0 : size - offset;
			uint8_t *buffer = guard.bytes + guard.len - len;

			there = there < len ? there : len;
			CHECK_EQ(source_read(source, offset, buffer, len, &got),
				 STATUS_OK);
			CHECK_EQ(got, there);
			CHECK_MEM(buffer, want + (offset < size ? offset : 0), there);
			CHECK_EQ(source_read_all(source, offset, buffer, len),
				 there == len ? STATUS_OK : STATUS_TRUNCATED);
			CHECK_EQ(source_view(source, &arena, offset, len, &view),
				 STATUS_OK);
			CHECK(reader_ok(&view));
			CHECK_EQ(reader_left(&view), there);
			CHECK_MEM(view.base, want + (offset < size ? offset : 0), there);
		}
	}
	CHECK_EQ(source_read(source, UINT64_MAX, NULL, 0, &got), STATUS_OK);
	CHECK_EQ(source_view(source, &arena, UINT64_MAX, 8, &view), STATUS_OK);
	CHECK_EQ(reader_left(&view), 0);
	arena_clear(&arena);
	guard_free(&guard);
}

/* The source itself, all its windows, and all windows of those. */
static void check_windows(const struct source *source, const uint8_t *want)
{
	check_source(source, want, SIZE);
	for (size_t a = 0; a <= SIZE; a++) {
		for (size_t n = 0; n <= SIZE + 1; n += 3) {
			struct source outer = source_window(source, a, n);
			size_t outer_size = n < SIZE - a ? n : SIZE - a;

			check_source(&outer, want + a, outer_size);
			for (size_t b = 0; b <= outer_size; b += 2) {
				struct source inner = source_window(&outer, b, 3);
				size_t left = outer_size - b;
				check_source(&inner, want + a + b, left < 3 ? left : 3);
			}
		}
	}
}

TEST("memory and its windows")
{
	struct guard guard = guard_copy(content, SIZE);
	struct source source = source_of_memory(guard.bytes, SIZE);

	check_windows(&source, content);
	guard_free(&guard);
}

TEST("a file and its windows")
{
	int fd = file_of(content, SIZE);
	struct source source = source_of_fd(fd, SIZE, NULL, 0);

	check_windows(&source, content);
	close(fd);
}

/* Every way to cut twelve bytes into data and holes, one bit for each byte. */
static size_t extents_of(unsigned bits, struct extent extents[SIZE], uint8_t want[SIZE])
{
	size_t count = 0;

	for (unsigned i = 0; i < SIZE; i++) {
		want[i] = 0;
		if (!(bits >> i & 1))
			continue;
		want[i] = content[i];
		if (i > 0 && (bits >> (i - 1) & 1))
			extents[count - 1].len++;
		else
			extents[count++] = (struct extent){ i, 1 };
	}
	return count;
}

TEST("what is outside a file's extents reads as zeros, whatever the system would give")
{
	int fd = file_of(content, SIZE);

	for (unsigned bits = 0; bits < 1 << SIZE; bits += 7) {
		struct extent extents[SIZE];
		uint8_t want[SIZE];
		size_t count = extents_of(bits, extents, want);
		struct source source = source_of_fd(fd, SIZE, extents, count);
		struct source window = source_window(&source, bits % SIZE, 5);

		check_source(&source, want, SIZE);
		check_source(&window, want + bits % SIZE,
			     SIZE - bits % SIZE < 5 ? SIZE - bits % SIZE : 5);
	}
	close(fd);
}

TEST("walking the data of a window visits exactly its bytes that are data")
{
	for (unsigned bits = 0; bits < 1 << SIZE; bits++) {
		struct extent extents[SIZE], found;
		uint8_t want[SIZE];
		size_t count = extents_of(bits, extents, want);
		struct source source = source_of_fd(-1, SIZE, extents, count);
		struct source window = source_window(&source, bits % 5, 6);
		unsigned seen = 0;

		for (uint64_t at = 0; source_next_data(&window, at, &found);
		     at = found.offset + found.len) {
			REQUIRE(found.offset >= at && found.len > 0);
			REQUIRE(found.offset + found.len <= window.size);
			for (uint64_t i = 0; i < found.len; i++)
				seen |= 1U << (found.offset + i);
		}
		CHECK_EQ(seen, bits >> bits % 5 & 0x3f);
	}
}

TEST("a source without extents is all data")
{
	struct source source = source_of_memory(content, SIZE);
	struct extent found;

	for (uint64_t at = 0; at < SIZE; at++) {
		REQUIRE(source_next_data(&source, at, &found));
		CHECK_EQ(found.offset, at);
		CHECK_EQ(found.len, SIZE - at);
	}
	CHECK(!source_next_data(&source, SIZE, &found));
}

TEST("a file that ends before its size has changed")
{
	int fd = file_of(content, SIZE);
	struct source source = source_of_fd(fd, SIZE + 4, NULL, 0);
	struct arena arena;
	struct reader view;
	uint8_t buffer[SIZE + 4];
	size_t got;

	arena_init(&arena, BUDGET);
	CHECK_EQ(source_read(&source, 0, buffer, SIZE, &got), STATUS_OK);
	CHECK_EQ(source_read(&source, 0, buffer, SIZE + 1, &got), STATUS_CHANGED);
	CHECK_EQ(source_read_all(&source, SIZE, buffer, 1), STATUS_CHANGED);
	CHECK_EQ(source_view(&source, &arena, 4, 100, &view), STATUS_CHANGED);
	arena_clear(&arena);
	close(fd);
}

TEST("a descriptor that cannot be read is told")
{
	struct source source = source_of_fd(-1, SIZE, NULL, 0);
	uint8_t buffer[4];
	size_t got;

	CHECK_EQ(source_read(&source, 0, buffer, 4, &got), STATUS_IO);
}

TEST("a view has a largest size, and the arena's budget")
{
	int fd = file_of(content, SIZE);
	struct source file = source_of_fd(fd, SIZE, NULL, 0);
	struct source large = source_of_fd(fd, UINT64_C(1) << 40, NULL, 0);
	struct arena arena;
	struct reader view;

	arena_init(&arena, 0);
	CHECK_EQ(source_view(&file, &arena, 0, SOURCE_VIEW_MAX + 1, &view), STATUS_LIMIT);
	CHECK_EQ(source_view(&large, &arena, 0, SOURCE_VIEW_MAX, &view),
		 STATUS_NO_MEMORY);
	arena_clear(&arena);
	close(fd);
}

TEST("only memory can be had as memory")
{
	struct source memory = source_of_memory(content, SIZE);
	struct source window = source_window(&memory, 3, 4);
	struct source file = source_of_fd(0, SIZE, NULL, 0);
	struct source nothing = source_of_memory(NULL, 0);
	struct slice slice;

	REQUIRE(source_memory(&window, &slice));
	CHECK(slice_is(slice, "DEFG"));
	CHECK(!source_memory(&file, &slice));
	REQUIRE(source_memory(&nothing, &slice));
	CHECK_EQ(slice.len, 0);
}

TEST_MAIN()
