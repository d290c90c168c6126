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

TEST("descriptors of every form belong to their member")
{
	for (unsigned method = 0; method <= 8; method += 8) {
		for (size_t form = 12; form <= 24; form += 4) {
			zipped_start(&file);
			zipped_streamed(&file, "a", "hello hello hello", method, form);
			zipped_streamed(&file, "b", "", method, form);
			zipped_finish(&file);
			check("a:17:end b:0:end");
		}
	}
}

TEST("what we cannot read is a child with its reason")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0)->flags = 1;
	file.bytes[6] = 1;
	size_t at = file.len;
	zipped_member(&file, "b", "hello", 0)->method = 99;
	file.bytes[at + 8] = 99;
	at = file.len;
	zipped_member(&file, "c", "hello", 0)->method = 12;
	file.bytes[at + 8] = 12;
	zipped_finish(&file);
	check("a:0:encrypted b:0:encrypted c:0:unsupported");
	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	CHECK(unpacked.children[0].is_encrypted && unpacked.children[1].is_encrypted);
	CHECK(!unpacked.children[2].is_encrypted);
	unpacked_free(&unpacked);
}

TEST("packed sizes that lie: the data knows its end")
{
	/* Too small: all of it is decoded, and told. */
	zipped_start(&file);
	zipped_member(&file, "a", "hello hello hello", 8)->packed -= 4;
	zipped_member(&file, "b", "world", 0);
	zipped_finish(&file);
	check("a:17:end b:5:end | malformed@0 malformed@0");
	/* Too large: what lies behind the end is looked at, too. */
	zipped_start(&file);
	zipped_member(&file, "a", "hello hello hello", 8)->packed += 6;
	zipped_put(&file, "secret", 6);
	zipped_finish(&file);
	check("a:17:end :6:end | malformed@0");
}

TEST("sizes of stored bytes that do not agree: the larger one is taken")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0)->size = 7;
	zipped_member(&file, "b", "world", 0);
	zipped_finish(&file);
	check("a:7:end b:5:end | malformed@0 malformed@0");
}

TEST("a wrong sum or size is told when all bytes have been given")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello hello hello", 8)->crc ^= 1;
	zipped_finish(&file);
	check("a:17:malformed | malformed@0");
	zipped_start(&file);
	zipped_member(&file, "a", "hello hello hello", 8)->size = 5;
	zipped_finish(&file);
	check("a:17:malformed | malformed@0");
}

TEST_MAIN()
