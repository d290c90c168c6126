/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "unpack/zip.h"
#include "unpacking.h"
#include "zipped.h"

static struct zipped file;

static void check(const char *want)
{
	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);

	CHECK_STR(unpacked_text(&unpacked), want);
	unpacked_free(&unpacked);
}

TEST("an archive may be empty")
{
	zipped_start(&file);
	zipped_finish(&file);
	check("");
}

TEST("the archive may begin later than the file")
{
	for (int counts_from_file = 0; counts_from_file < 2; counts_from_file++) {
		zipped_start(&file);
		zipped_put(&file, "\1\2\3\4", 4);
		zipped_member(&file, "a", "hello", 0);
		zipped_member(&file, "b", "world", 8);
		zipped_directory(&file);
		size_t size = file.len - file.directory_at;
		if (!counts_from_file) {
			zipped_start(&file);
			zipped_put(&file, "\1\2\3\4", 4);
			zipped_member(&file, "a", "hello", 0)->offset -= 4;
			zipped_member(&file, "b", "world", 8)->offset -= 4;
			zipped_directory(&file);
		}
		zipped_end(&file, 2, size, file.directory_at - (counts_from_file ? 0 : 4),
			   (struct slice){ 0 });
		check("a:5:end b:5:end :4:end");
	}
}

TEST("comments of words are part of the archive, other bytes there are handed out")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_directory(&file);
	size_t size = file.len - file.directory_at, end_at = file.len;
	zipped_end(&file, 1, size, file.directory_at, slice_of("made by hand\r\n"));
	check("a:5:end");
	file.len = end_at;
	zipped_end(&file, 1, size, file.directory_at, slice_of("\x1f\x8b\x08"));
	check("a:5:end :3:end");
}

TEST("a decoy behind the real end hides nothing")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_finish(&file);
	size_t real_end = file.len - file.directory_at;
	zipped_end(&file, 0, 0, 0, (struct slice){ 0 });
	/* The empty archive's offset says 0, so its directory may be anywhere. */
	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	REQUIRE(unpacked.count == 2);
	CHECK_STR(unpacked.children[0].name, "a");
	CHECK_EQ(unpacked.children[0].len, 5);
	CHECK_EQ(unpacked.children[1].len, real_end);
	unpacked_free(&unpacked);
	/* An end whose directory is nowhere is passed over. */
	file.len -= 22;
	zipped_put(&file, "PK\5\6\0\0\0\0\1\0\1\0\x2e\0\0\0\1\0\0\0\0\0", 22);
	unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	REQUIRE(unpacked.count == 2);
	CHECK_STR(unpacked.children[0].name, "a");
	CHECK_EQ(unpacked.children[1].len, 22);
	unpacked_free(&unpacked);
}

TEST("zip64: large numbers stand elsewhere")
{
	static const char sizes[] = "\1\0\x18\0"
				    "\5\0\0\0\0\0\0\0"
				    "\5\0\0\0\0\0\0\0"
				    "\0\0\0\0\0\0\0\0";

	zipped_start(&file);
	struct zipped_record *entry = zipped_member(&file, "a", "hello", 0);
	entry->packed = entry->size = entry->offset = UINT32_MAX;
	entry->extra = sizes;
	entry->extra_len = 28;
	zipped_directory(&file);
	size_t size = file.len - file.directory_at, record_at = file.len;
	zipped_put(&file, "PK\6\6\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0", 24);
	zipped_put_le(&file, 1, 8);
	zipped_put_le(&file, 1, 8);
	zipped_put_le(&file, size, 8);
	zipped_put_le(&file, file.directory_at, 8);
	zipped_put(&file, "PK\6\7\0\0\0\0", 8);
	zipped_put_le(&file, record_at, 8);
	zipped_put_le(&file, 1, 4);
	zipped_end(&file, 0xffff, UINT32_MAX, UINT32_MAX, (struct slice){ 0 });
	check("a:5:end");
	/* The record is found before the locator even if that points elsewhere. */
	memset(file.bytes + record_at + 56 + 8, 0x11, 8);
	check("a:5:end");
}

TEST("volumes: what is on another one is told")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	struct zipped_record elsewhere = {
		.name = "b", .disk = 1, .offset = 5, .size = 7
	};
	zipped_list(&file, elsewhere);
	zipped_finish(&file);
	check("a:5:end b:0:volumes");

	zipped_start(&file);
	zipped_put(&file, "PK\7\10", 4);
	zipped_member(&file, "a", "hello", 0);
	zipped_member(&file, "b", "cut", 0);
	file.len -= 2;
	char want[64];
	snprintf(want, sizeof(want), "a:5:end b:1:end | volumes@%zu truncated@40",
		 file.len);
	check(want);
	zipped_put(&file, "ut", 2);
	zipped_finish(&file);
	check("a:5:end b:3:end");
}

TEST("what does not even begin as one is none")
{
	zipped_start(&file);
	check("open:malformed");
	zipped_put(&file, "PK\5\6 and other words that end in nothing", 40);
	check("open:malformed");
	zipped_start(&file);
	zipped_put(&file, "PK\3\4", 4);
	check(" !malformed | truncated@4");
}

TEST_MAIN()
