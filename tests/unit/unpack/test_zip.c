/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/zip.h"

#include <stdlib.h>

#include "gen.h"
#include "test.h"
#include "unpacking.h"
#include "zipped.h"

static struct zipped file;

static void check(const char *want)
{
	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);

	CHECK_STR(unpacked_text(&unpacked), want);
	unpacked_free(&unpacked);
}

TEST("members stored and deflated, with names of any bytes")
{
	zipped_start(&file);
	zipped_member(&file, "a.txt", "hello", 0);
	zipped_member(&file, "b/\xff\n", "hello hello hello", 8);
	zipped_member(&file, "empty", "", 0);
	zipped_member(&file, "empty too", "", 8);
	zipped_finish(&file);
	check("a.txt:5:end b/\xff\n:17:end empty:0:end empty too:0:end");

	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	CHECK_MEM(unpacked.children[0].bytes, "hello", 5);
	CHECK_MEM(unpacked.children[1].bytes, "hello hello hello", 17);
	CHECK_EQ(unpacked.children[1].packed_bytes, file.listed[1].packed);
	CHECK_EQ(unpacked.children[1].claimed_bytes, 17);
	unpacked_free(&unpacked);
}

TEST("folders are no children, unless they have bytes")
{
	zipped_start(&file);
	zipped_member(&file, "folder/", "", 0);
	zipped_member(&file, "odd/", "hello", 0);
	zipped_streamed(&file, "streamed/", "", 0, 16);
	zipped_finish(&file);
	check("odd/:5:end");
}

TEST("where the two records of a member differ, that is told")
{
	static const struct {
		size_t at;
		uint8_t value;
		const char *want;
	} changes[] = {
		{ 6, 1, "a:5:end | malformed@0" },
		{ 8, 8, "a:5:end | malformed@0" },
		{ 14, 1, "a:5:end | malformed@0" },
		{ 18, 9, "a:5:end | malformed@0" },
		{ 22, 9, "a:5:end | malformed@0" },
		{ 30, 'A', "a:5:end | malformed@0" },
		{ 10, 77, "a:5:end" },
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		zipped_start(&file);
		zipped_member(&file, "a", "hello", 0);
		zipped_finish(&file);
		file.bytes[changes[i].at] = changes[i].value;
		check(changes[i].want);
	}
}

TEST("an entry that points nowhere is told, and what is there is found")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0)->offset = 3;
	zipped_member(&file, "b", "world", 0)->offset = 0xfffffff0;
	zipped_finish(&file);
	char want[128];
	snprintf(want, sizeof(want),
		 "a:0:malformed b:0:malformed a:5:end b:5:end | malformed@%zu "
		 "malformed@%zu",
		 file.directory_at, file.directory_at + 47);
	check(want);
}

TEST("members that share bytes are told")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	struct zipped_record twice = file.listed[0];
	zipped_list(&file, twice);
	zipped_finish(&file);
	check("a:5:end a:5:end | malformed@0");
}

TEST("a wrong number of entries is told")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_directory(&file);
	size_t size = file.len - file.directory_at;
	file.bytes[file.len] = 0;
	zipped_put(&file, "PK\5\6\0\0\0\0\0\0\7\0", 12);
	zipped_put_le(&file, size, 4);
	zipped_put_le(&file, file.directory_at, 4);
	zipped_put_le(&file, 0, 2);
	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	CHECK_EQ(unpacked.count, 1);
	CHECK_EQ(unpacked.note_count, 1);
	CHECK_EQ(unpacked.notes[0].status, STATUS_MALFORMED);
	unpacked_free(&unpacked);
}

TEST("a broken directory ends where it breaks; the rest is found by itself")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_member(&file, "b", "world", 8);
	zipped_finish(&file);
	file.bytes[file.directory_at + 47] ^= 1;
	char want[128];
	snprintf(want, sizeof(want),
		 "a:5:end b:5:end :47:end | malformed@%zu malformed@%zu",
		 file.directory_at + 47, file.directory_at + 94);
	check(want);
}

/* Some of everything. */
static void put_much(void)
{
	zipped_start(&file);
	zipped_put(&file, "\1\2\3\4", 4);
	zipped_member(&file, "a", "hello", 0);
	zipped_streamed(&file, "b", "world world world", 8, 16);
	zipped_member(&file, "unlisted", "hidden", 8);
	file.listed_count--;
	zipped_put(&file, "noise", 5);
	zipped_streamed(&file, "c", "stored", 0, 24);
	zipped_member(&file, "folder/", "", 0);
	zipped_member(&file, "d", "!", 8);
	zipped_directory(&file);
	zipped_end(&file, file.listed_count, file.len - file.directory_at,
		   file.directory_at, slice_of("a comment\n"));
	zipped_put(&file, "tail", 4);
}

TEST("cut anywhere, every member that is all there comes whole")
{
	put_much();
	size_t whole = file.len;
	const uint8_t *noise = memmem(file.bytes, file.len, "noise", 5);
	size_t hidden_end = (size_t)(noise - file.bytes);
	for (file.len = 4; file.len < whole; file.len++) {
		/* Without its first bytes it begins as a zip. */
		struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes + 4,
							file.len - 4);
		bool has_a = false, has_hidden = false;

		for (size_t i = 0; i < unpacked.count; i++) {
			const struct unpacked_child *child = &unpacked.children[i];
			has_a |= child->len == 5 && memcmp(child->bytes, "hello", 5) == 0;
			has_hidden |= child->len == 6 &&
				      memcmp(child->bytes, "hidden", 6) == 0;
		}
		CHECK_EQ(has_a, file.len >= 4 + 31 + 5);
		/* All of it may have come out before its last bit. */
		CHECK(has_hidden || file.len < hidden_end);
		CHECK(unpacked.opened != STATUS_OK || unpacked.note_count > 0 ||
		      unpacked.ended != STATUS_END || file.len >= whole - 14);
		unpacked_free(&unpacked);
	}
}

TEST("random changes are safe")
{
	struct gen gen = gen_start();
	static struct zipped good;

	put_much();
	good = file;
	for (int round = 0; round < 3000; round++) {
		file = good;
		for (size_t n = 1 + gen_below(&gen, 4); n > 0; n--)
			file.bytes[gen_below(&gen, file.len)] = (uint8_t)gen_u64(&gen);
		struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes,
							file.len);
		CHECK(unpacked.count < 30);
		unpacked_free(&unpacked);
	}
}

TEST("any number of folders costs no memory")
{
	enum { FOLDERS = 20000 };
	uint8_t *bytes = calloc(FOLDERS + 1, 37 + 53);
	size_t len = 0;

	/* Each with a record of its own, and then their entries. */
	REQUIRE(bytes);
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < FOLDERS; i++) {
			zipped_start(&file);
			zipped_member(&file, "folder/", "", 0)->offset = i * 37;
			if (pass == 1) {
				zipped_start(&file);
				file.listed_count = 1;
				zipped_directory(&file);
			}
			memcpy(bytes + len, file.bytes, file.len);
			len += file.len;
		}
	}
	zipped_start(&file);
	zipped_end(&file, FOLDERS, (size_t)FOLDERS * 53, (size_t)FOLDERS * 37,
		   (struct slice){ 0 });
	memcpy(bytes + len, file.bytes, file.len);
	len += file.len;
	/* What it may take: a range for each member, as if all were in disorder. */
	struct unpacked unpacked = unpack_source(
		&zip_unpacker, source_of_memory(bytes, len), FOLDERS * 16 + (1 << 18));
	CHECK_STR(unpacked_text(&unpacked), "");
	unpacked_free(&unpacked);
	free(bytes);
}

TEST("without memory it says so, whatever the budget")
{
	bool done = false;

	put_much();
	for (size_t budget = 0; !done; budget += 1000) {
		struct unpacked unpacked = unpack_source(
			&zip_unpacker, source_of_memory(file.bytes, file.len), budget);
		done = unpacked.opened == STATUS_OK && unpacked.ended == STATUS_END;
		CHECK(done || unpacked.opened == STATUS_NO_MEMORY ||
		      unpacked.ended == STATUS_NO_MEMORY);
		unpacked_free(&unpacked);
	}
}

TEST_MAIN()
