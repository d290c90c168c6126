/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/gzip.h"

#include <stdlib.h>
#include <zlib.h>

#include "deflated.h"
#include "gen.h"
#include "prefix.h"
#include "test.h"
#include "unpacking.h"

/* A file under construction. */
struct file {
	uint8_t bytes[1 << 18];
	size_t len;
};

static void put(struct file *file, const void *bytes, size_t len)
{
	if (len > 0)
		memcpy(file->bytes + file->len, bytes, len);
	file->len += len;
}

static void put_u32(struct file *file, uint32_t value)
{
	for (int i = 0; i < 4; i++, value >>= 8)
		file->bytes[file->len++] = (uint8_t)value;
}

static void put_header(struct file *file, uint8_t flags, const char *fields, size_t len)
{
	size_t start = file->len;

	put(file, "\x1f\x8b\x08", 3);
	put(file, &flags, 1);
	put(file, "\0\0\0\0\0\3", 6);
	put(file, fields, len);
	if (flags & 2) {
		uint32_t crc = (uint32_t)crc32(0, file->bytes + start,
					       (uInt)(file->len - start));
		put(file, &(uint8_t){ (uint8_t)crc }, 1);
		put(file, &(uint8_t){ (uint8_t)(crc >> 8) }, 1);
	}
}

static void put_body(struct file *file, const char *text)
{
	struct deflated body = deflated_bytes(text, strlen(text));

	put(file, body.packed, body.packed_len);
	put_u32(file, (uint32_t)crc32(0, body.plain, (uInt)body.plain_len));
	put_u32(file, (uint32_t)body.plain_len);
	deflated_free(&body);
}

static void put_member(struct file *file, const char *text)
{
	put_header(file, 0, NULL, 0);
	put_body(file, text);
}

/* Unpacks and compares the summary; the first child's text too, if one is given. */
static void check(const struct file *file, const char *want, const char *text)
{
	struct unpacked unpacked = unpack_bytes(&gzip_unpacker, file->bytes, file->len);

	CHECK_STR(unpacked_text(&unpacked), want);
	if (text && unpacked.count > 0 && unpacked.children[0].len == strlen(text))
		CHECK_MEM(unpacked.children[0].bytes, text, strlen(text));
	unpacked_free(&unpacked);
}

static struct file file;

TEST("one member, with and without a name")
{
	file.len = 0;
	put_member(&file, "hello");
	check(&file, ":5:end", "hello");
	file.len = 0;
	put_header(&file, 8, "hello.txt", 10);
	put_body(&file, "hello");
	check(&file, "hello.txt:5:end", "hello");
	file.len = 0;
	put_member(&file, "");
	check(&file, ":0:end", "");
}

TEST("every field a header may have")
{
	file.len = 0;
	put_header(&file, 1 | 2 | 4 | 8 | 16, "\3\0abcname\0comment", 18);
	put_body(&file, "hello");
	check(&file, "name:5:end", "hello");
}

TEST("a header whose own sum is wrong, or with unknown flags, is told and read")
{
	file.len = 0;
	put_header(&file, 2 | 8, "name", 5);
	file.bytes[file.len - 1] ^= 1;
	put_body(&file, "hello");
	check(&file, "name:5:end | malformed@0", "hello");
	file.len = 0;
	put_header(&file, 0x20, NULL, 0);
	put_body(&file, "hello");
	check(&file, ":5:end | malformed@0", "hello");
}

TEST("a name of any length is passed over, and kept as far as is sensible")
{
	static char name[100001];

	memset(name, 'n', 100000);
	file.len = 0;
	put_header(&file, 8 | 2, name, sizeof(name));
	put_body(&file, "hello");
	struct unpacked unpacked = unpack_bytes(&gzip_unpacker, file.bytes, file.len);
	REQUIRE(unpacked.count == 1);
	CHECK_EQ(unpacked.children[0].name_len, 1024);
	CHECK_EQ(unpacked.children[0].len, 5);
	CHECK_EQ(unpacked.note_count, 0);
	unpacked_free(&unpacked);
}

TEST("many members are one file, as they are for gzip")
{
	file.len = 0;
	put_header(&file, 8, "one", 4);
	put_body(&file, "hello ");
	put_header(&file, 8, "two", 4);
	put_body(&file, "world");
	put_member(&file, "");
	put_member(&file, "!");
	check(&file, "one:12:end", "hello world!");
}

TEST("zeros behind the last member are padding, anything else is a second child")
{
	file.len = 0;
	put_member(&file, "hello");
	put(&file, "\0\0\0\0\0\0\0", 7);
	check(&file, ":5:end", "hello");
	put(&file, "more", 4);
	check(&file, ":5:end :11:end", "hello");
	file.len = 0;
	put_member(&file, "hello");
	put(&file, "\x1f\x8b\x08", 3);
	check(&file, ":5:end :3:end", "hello");
}

TEST("a wrong sum or length is told when all bytes have been given")
{
	file.len = 0;
	put_member(&file, "hello ");
	size_t first = file.len;
	put_member(&file, "world");
	file.bytes[first - 1] ^= 1;
	check(&file, ":11:malformed", "hello world");
	file.bytes[first - 1] ^= 1;
	file.bytes[first - 5] ^= 1;
	check(&file, ":11:malformed", "hello world");
	put(&file, "tail", 4);
	check(&file, ":11:malformed :4:end", "hello world");
}

TEST("broken data gives what came before the break")
{
	file.len = 0;
	put_header(&file, 0, NULL, 0);
	put(&file, "\0\5\0\xfa\xffhello\7", 11);
	check(&file, ":5:malformed", "hello");
}

TEST("what has no header is not gzip")
{
	file.len = 0;
	check(&file, "open:malformed", NULL);
	put(&file, "\x1f\x8b\x07\0\0\0\0\0\0\3", 10);
	check(&file, "open:malformed", NULL);
	file.len = 0;
	put_header(&file, 8, "name without end", 16);
	check(&file, "open:truncated", NULL);
	file.len = 0;
	put_header(&file, 4, "\xff\xff", 2);
	check(&file, "open:truncated", NULL);
}

TEST("cut anywhere, what is there is given and the rest is missed")
{
	file.len = 0;
	put_header(&file, 2 | 4 | 8 | 16, "\3\0abcname\0comment", 18);
	size_t body_at = file.len;
	put_body(&file, "hello hello hello hello");
	size_t whole = file.len;
	for (file.len = 0; file.len < whole; file.len++) {
		struct unpacked unpacked = unpack_bytes(&gzip_unpacker, file.bytes,
							file.len);
		bool is_open = unpacked.opened == STATUS_OK;
		CHECK_EQ(is_open, file.len >= body_at);
		CHECK(!is_open || unpacked.children[0].status == STATUS_TRUNCATED);
		unpacked_free(&unpacked);
	}
}

TEST("a reader who stops early gets no second child that nobody knows the start of")
{
	struct arena arena;
	struct unpack unpack = { .arena = &arena };
	struct child child = { 0 };
	void *state;

	file.len = 0;
	put_member(&file, "hello");
	put(&file, "more", 4);
	arena_init(&arena, 1 << 20);
	unpack.source = source_of_memory(file.bytes, file.len);
	REQUIRE(gzip_unpacker.open(&unpack, &state) == STATUS_OK);
	CHECK_EQ(gzip_unpacker.next(state, &child), STATUS_OK);
	CHECK_EQ(gzip_unpacker.next(state, &child), STATUS_END);
	CHECK_EQ(gzip_unpacker.next(state, &child), STATUS_END);
	arena_clear(&arena);
}

TEST("a hundred thousand members cost no memory, and little time")
{
	static struct file one;
	uint8_t *bytes;

	one.len = 0;
	put_member(&one, "x");
	size_t count = 100000;
	bytes = malloc(one.len * count);
	REQUIRE(bytes);
	for (size_t i = 0; i < count; i++)
		memcpy(bytes + i * one.len, one.bytes, one.len);
	struct unpacked unpacked = unpack_source(
		&gzip_unpacker, source_of_memory(bytes, one.len * count), 1 << 18);
	CHECK_STR(unpacked_text(&unpacked), ":100000:end");
	unpacked_free(&unpacked);
	free(bytes);
}

TEST("without memory it says so, whatever the budget")
{
	bool opened = false;

	file.len = 0;
	put_member(&file, "hello");
	for (size_t budget = 0; !opened; budget += 1000) {
		struct unpacked unpacked = unpack_source(
			&gzip_unpacker, source_of_memory(file.bytes, file.len), budget);
		opened = unpacked.opened == STATUS_OK;
		CHECK(opened || unpacked.opened == STATUS_NO_MEMORY);
		unpacked_free(&unpacked);
	}
}

TEST("random changes are safe")
{
	struct gen gen = gen_start();
	static struct file good;

	good.len = 0;
	put_header(&good, 2 | 4 | 8 | 16, "\3\0abcname\0comment", 18);
	put_body(&good, "hello hello hello hello");
	put_member(&good, "world");
	put(&good, "tail", 4);
	for (int round = 0; round < 2000; round++) {
		file = good;
		for (size_t n = 1 + gen_below(&gen, 3); n > 0; n--)
			file.bytes[gen_below(&gen, file.len)] = (uint8_t)gen_u64(&gen);
		struct unpacked unpacked = unpack_bytes(&gzip_unpacker, file.bytes,
							file.len);
		CHECK(unpacked.count <= 2);
		unpacked_free(&unpacked);
	}
}

TEST_MAIN()
