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

TEST("what stands before it and is something by itself is not handed out again")
{
	static const char *const starts[] = { "MZ\x90\0\3\0\0\0", "#!/bin/sh\nexit\n",
					      "%PDF-1.4\n\0\1", "GIF89a\0\0\0" };
	static const size_t lens[] = { 8, 15, 11, 9 };

	for (size_t i = 0; i < 4; i++) {
		zipped_start(&file);
		zipped_put(&file, starts[i], lens[i]);
		zipped_member(&file, "a", "hello", 0);
		zipped_finish(&file);
		check("a:5:end");
	}
}

TEST("what follows the archive is handed out, zeros are not")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_finish(&file);
	zipped_put(&file, "\0\0\0\0\0", 5);
	check("a:5:end");
	zipped_put(&file, "more", 4);
	check("a:5:end :9:end");
}

TEST("bytes between members are handed out, zeros are not")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_put(&file, "\0\0\0\0", 4);
	zipped_member(&file, "b", "world", 8);
	zipped_put(&file, "hidden", 6);
	zipped_member(&file, "c", "!", 0);
	zipped_put(&file, "\0\0here", 6);
	zipped_finish(&file);
	check("a:5:end b:5:end c:1:end :6:end :6:end");
}

TEST("members that the directory does not list are found")
{
	zipped_start(&file);
	zipped_member(&file, "x", "unlisted before", 0);
	zipped_member(&file, "a", "hello", 0);
	zipped_member(&file, "y", "unlisted between", 8);
	zipped_member(&file, "folder/", "", 0);
	zipped_member(&file, "b", "world", 8);
	zipped_put(&file, "noise", 5);
	zipped_streamed(&file, "z", "unlisted behind", 8, 16);
	file.listed[0] = file.listed[1];
	file.listed[1] = file.listed[4];
	file.listed_count = 2;
	zipped_finish(&file);
	zipped_member(&file, "w", "unlisted at the end", 0);
	check("a:5:end b:5:end x:15:end y:16:end :5:end z:15:end w:19:end");
}

TEST("without an end, members are found one by one")
{
	zipped_start(&file);
	zipped_member(&file, "a", "hello", 0);
	zipped_streamed(&file, "b", "world world world", 8, 24);
	zipped_streamed(&file, "c", "stored", 0, 12);
	zipped_streamed(&file, "d", "stored too", 0, 16);
	zipped_member(&file, "e", "!", 8);
	/* A descriptor without its magic cannot be told from stored bytes: c is longer. */
	static const char members[] = "a:5:end b:17:end c:18:end d:10:end e:1:end";
	char want[128];
	snprintf(want, sizeof(want), "%s | truncated@%zu", members, file.len);
	check(want);
	zipped_directory(&file);
	snprintf(want, sizeof(want), "%s :%zu:end | truncated@%zu", members,
		 file.len - file.directory_at, file.len);
	check(want);
}

TEST("an archive stored in an archive is not taken apart by the outer one")
{
	static struct zipped inner;
	struct zipped_record local = { .name = "inner.zip", .flags = 8 };

	zipped_start(&file);
	zipped_streamed(&file, "a", "hello", 8, 16);
	zipped_finish(&file);
	inner = file;
	zipped_start(&file);
	zipped_local(&file, &local);
	zipped_put(&file, inner.bytes, inner.len);
	zipped_put(&file, "PK\7\10", 4);
	zipped_put_le(&file, 0, 4);
	zipped_put_le(&file, inner.len, 4);
	zipped_put_le(&file, inner.len, 4);
	zipped_member(&file, "b", "!", 0);
	char want[64];
	snprintf(want, sizeof(want), "inner.zip:%zu:end b:1:end | truncated@%zu",
		 inner.len, file.len);
	/* The end that is found is the inner one's; what it lists is there as well. */
	struct unpacked unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	bool has_inner = false, has_b = false;
	for (size_t i = 0; i < unpacked.count; i++) {
		has_inner |= strcmp(unpacked.children[i].name, "a") == 0;
		has_b |= strcmp(unpacked.children[i].name, "b") == 0;
	}
	CHECK(has_inner && has_b);
	unpacked_free(&unpacked);
	/* With an end of its own the inner archive is one child. */
	zipped_directory(&file);
	file.listed_count = 1;
	zipped_end(&file, 1, file.len - file.directory_at, file.directory_at,
		   (struct slice){ 0 });
	unpacked = unpack_bytes(&zip_unpacker, file.bytes, file.len);
	snprintf(want, sizeof(want), "b:1:end inner.zip:%zu:end", inner.len);
	CHECK_STR(unpacked_text(&unpacked), want);
	unpacked_free(&unpacked);
}

TEST("an unlisted member that reaches into a listed one is told")
{
	zipped_start(&file);
	zipped_member(&file, "x", "hello", 0);
	zipped_member(&file, "a", "world", 0);
	file.bytes[18] = file.bytes[22] = 9;
	file.listed[0] = file.listed[1];
	file.listed_count = 1;
	zipped_finish(&file);
	check("a:5:end x:9:end | malformed@0");
}

TEST_MAIN()
