/* SPDX-License-Identifier: Apache-2.0 */
#include "unpack/tar.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gen.h"
#include "prefix.h"
#include "test.h"
#include "unpacking.h"

/* An archive under construction. */
struct file {
	uint8_t bytes[1 << 16];
	size_t len;
};

static struct file file;

static void mend_sum(uint8_t *block)
{
	unsigned sum = 0;

	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
}

/* Returns the header, to be changed; mend_sum() then. */
static uint8_t *put_header(char kind, const char *name, size_t size)
{
	uint8_t *block = file.bytes + file.len;

	memset(block, 0, 512);
	memcpy(block, name, strlen(name) < 100 ? strlen(name) : 100);
	memcpy(block + 100, "0000644", 7);
	snprintf((char *)block + 124, 12, "%011o", (unsigned)size & 0777777);
	block[156] = (uint8_t)kind;
	memcpy(block + 257,
	       "ustar\0"
	       "00",
	       8);
	mend_sum(block);
	file.len += 512;
	return block;
}

static void put(const void *bytes, size_t len)
{
	memset(file.bytes + file.len, 0, (len + 511) / 512 * 512);
	memcpy(file.bytes + file.len, bytes, len);
	file.len += (len + 511) / 512 * 512;
}

static void put_member(char kind, const char *name, const char *text)
{
	put_header(kind, name, strlen(text));
	put(text, strlen(text));
}

static void put_zeros(size_t blocks)
{
	memset(file.bytes + file.len, 0, blocks * 512);
	file.len += blocks * 512;
}

static void check(const char *want)
{
	struct unpacked unpacked = unpack_bytes(&tar_unpacker, file.bytes, file.len);

	CHECK_STR(unpacked_text(&unpacked), want);
	unpacked_free(&unpacked);
}

static void start(void)
{
	file.len = 0;
}

TEST("members, with the end that writers write, and without")
{
	start();
	put_member('0', "a.txt", "hello");
	put_member(0, "empty", "");
	put_member('7', "b.txt", "world!");
	check("a.txt:5:end empty:0:end b.txt:6:end");
	put_zeros(2);
	check("a.txt:5:end empty:0:end b.txt:6:end");
	put_zeros(18);
	check("a.txt:5:end empty:0:end b.txt:6:end");

	struct unpacked unpacked = unpack_bytes(&tar_unpacker, file.bytes, file.len);
	CHECK_MEM(unpacked.children[0].bytes, "hello", 5);
	CHECK_MEM(unpacked.children[2].bytes, "world!", 6);
	CHECK_EQ(unpacked.children[0].packed_bytes, 5);
	CHECK_EQ(unpacked.children[0].claimed_bytes, 5);
	unpacked_free(&unpacked);
}

TEST("an archive of the seventh edition has no magic and names its folders with a slash")
{
	start();
	memset(put_header(0, "folder/", 0) + 257, 0, 8);
	mend_sum(file.bytes);
	memset(put_header(0, "folder/a", 1) + 257, 0, 8);
	mend_sum(file.bytes + 512);
	put("x", 1);
	check("folder/a:1:end");
}

TEST("names are joined from prefix and name in ustar, and in nothing else")
{
	start();
	uint8_t *block = put_header('0', "name", 0);
	memcpy(block + 345, "some/folder", 11);
	mend_sum(block);
	check("some/folder/name:0:end");
	memcpy(block + 257, "ustar  ", 8);
	mend_sum(block);
	check("name:0:end");

	start();
	char full[256];
	memset(full, 'n', 100);
	full[100] = '\0';
	block = put_header('0', full, 0);
	memset(block + 345, 'p', 155);
	mend_sum(block);
	struct unpacked unpacked = unpack_bytes(&tar_unpacker, file.bytes, file.len);
	REQUIRE(unpacked.count == 1);
	CHECK_EQ(unpacked.children[0].name_len, 256);
	unpacked_free(&unpacked);
}

TEST("GNU's long names")
{
	char name[301];

	start();
	memset(name, 'n', 300);
	name[300] = '\0';
	put_header('L', "././@LongLink", 301);
	put(name, 301);
	put_header('K', "././@LongLink", 5);
	put("link", 5);
	put_member('0', "cut", "hello");
	put_member('0', "next", "x");
	struct unpacked unpacked = unpack_bytes(&tar_unpacker, file.bytes, file.len);
	REQUIRE(unpacked.count == 2);
	CHECK_EQ(unpacked.children[0].name_len, 300);
	CHECK_STR(unpacked.children[1].name, "next");
	CHECK_EQ(unpacked.note_count, 0);
	unpacked_free(&unpacked);
}

TEST("pax records give name and size")
{
	static const char records[] = "30 mtime=1350244992.023960108\n"
				      "20 path=long/naming\n"
				      "10 size=6\n";

	start();
	put_header('x', "PaxHeaders/a", sizeof(records) - 1);
	put(records, sizeof(records) - 1);
	put_header('0', "short", 0);
	put("hello!", 6);
	put_member('0', "next", "x");
	check("long/naming:6:end next:1:end");
}

TEST("pax records that do not fit are told; the member comes")
{
	static const char *const records[] = { "99 path=x\n",
					       "8 path=x\n",
					       "x path=y\n",
					       "10path=xx\n",
					       "10 path=xxx",
					       "7 pathx\n",
					       "18446744073709551616 a=b\n" };

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		start();
		put_member('x', "pax", records[i]);
		put_member('0', "name", "hello");
		check("name:5:end | malformed@0");
	}
	start();
	put_header('x', "pax", 512);
	put("10 path=x\n", 10);
	put_member('0', "name", "hello");
	check("x:5:end");
}

TEST("global records change nothing")
{
	start();
	put_member('g', "pax_global_header",
		   "52 comment=0123456789012345678901234567890123456789\n");
	put_member('0', "name", "hello");
	check("name:5:end");
}

TEST("sizes in binary, and sizes that are none")
{
	start();
	uint8_t *block = put_header('0', "a", 0);
	memcpy(block + 124, "\x80\0\0\0\0\0\0\0\0\0\0\5", 12);
	mend_sum(block);
	put("hello", 5);
	check("a:5:end");
	memcpy(block + 124, "      5 \0\0\0\0", 12);
	mend_sum(block);
	check("a:5:end");
	memcpy(block + 124, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfb", 12);
	mend_sum(block);
	check("a:0:end :512:end | malformed@0 malformed@512");
	memcpy(block + 124, "-5\0\0\0\0\0\0\0\0\0\0", 12);
	mend_sum(block);
	check("a:0:end :512:end | malformed@0 malformed@512");
	memcpy(block + 124, "\x80\0\0\0\x40\0\0\0\0\0\0\0", 12);
	mend_sum(block);
	check("a:512:end | truncated@0");
}

TEST("folders, links and devices have no bytes, whatever they say")
{
	start();
	for (char kind = '1'; kind <= '6'; kind++)
		put_header(kind, "thing/", kind % 2 ? 5000 : 0);
	put_member('0', "a", "hello");
	check("a:5:end");
	start();
	put_header('5', "folder/", 5000);
	put_zeros(2);
	check("");
}

TEST("but bytes of theirs that do follow are handed out")
{
	for (char kind = '1'; kind <= '6'; kind++) {
		start();
		put_member(kind, "thing", "hello");
		put_member('0', "a", "x");
		check("thing:5:end a:1:end");
	}
	start();
	put_member('0', "folder/", "not a folder");
	check("folder/:12:end");
}

TEST("a label is no file, a piece of one from another tape is told")
{
	start();
	put_header('V', "label", 0);
	put_member('M', "rest of a", "hello");
	check("rest of a:5:end | volumes@512");
}

TEST("unknown kinds are files, as POSIX says")
{
	start();
	put_member('Z', "a", "hello");
	put_member('\xff', "b", "world");
	check("a:5:end b:5:end");
}

TEST("sparse files come without their holes, and that is told")
{
	start();
	uint8_t *block = put_header('S', "old", 5);
	block[482] = 1;
	mend_sum(block);
	put_zeros(2);
	file.bytes[512 + 504] = 1;
	put("hello", 5);
	static const char records[] = "22 GNU.sparse.major=1\n"
				      "25 GNU.sparse.name=a/new\n";
	put_member('x', "pax", records);
	put_member('0', "new", "hello");
	check("old:5:end a/new:5:end | unsupported@0 unsupported@3072");
}

TEST("archives joined together are read to the end")
{
	start();
	put_member('0', "a", "hello");
	put_zeros(20);
	put_member('0', "b", "world");
	put_zeros(1);
	put_member('0', "c", "!");
	put_zeros(2);
	check("a:5:end b:5:end c:1:end");
}

TEST("a header must follow a member, unless the archive ends")
{
	start();
	put_member('0', "a", "hello");
	put("something else", 14);
	check("a:5:end :512:end | malformed@1024");
	file.len = 1024 + 14;
	check("a:5:end :14:end | truncated@1024");
}

TEST("what stands behind the end is handed out")
{
	start();
	put_member('0', "a", "hello");
	put_zeros(2);
	put("something else", 14);
	check("a:5:end :512:end");
	file.len = 2048 + 14;
	check("a:5:end :14:end");
}

TEST("a damaged header is passed over up to the next good one")
{
	start();
	put_member('0', "a", "hello");
	size_t at = file.len;
	put_member('0', "b", "world");
	put_member('0', "c", "!");
	file.bytes[at] ^= 1;
	check("a:5:end :1024:end c:1:end | malformed@1024");
	file.bytes[at] ^= 1;
	file.bytes[0] ^= 1;
	check(":1024:end b:5:end c:1:end | malformed@0");
}

TEST("without any good header there is nothing to hand out")
{
	start();
	put("this is no archive", 18);
	check(" !malformed | malformed@0");
	start();
	check("");
	put_zeros(3);
	check("");
}

TEST("a member that goes on behind the end comes as far as it is there")
{
	start();
	put_member('0', "a", "hello");
	put_header('0', "b", 5000);
	put("world", 5);
	check("a:5:end b:512:end | truncated@1024");
	file.len = 2048;
	check("a:5:end b:512:end | truncated@1024");
	file.len = 1536;
	check("a:5:end b:0:end | truncated@1024");
	start();
	put_header('L', "long", 5000);
	put("name", 4);
	check(" | truncated@0");
}

TEST("more headers before a member than make sense are told")
{
	start();
	for (int i = 0; i < 20; i++)
		put_member('L', "long", "name");
	put_member('0', "a", "hello");
	struct unpacked unpacked = unpack_bytes(&tar_unpacker, file.bytes, file.len);
	REQUIRE(unpacked.count == 1);
	CHECK_EQ(unpacked.children[0].len, 5);
	CHECK_EQ(unpacked.note_count, 4);
	unpacked_free(&unpacked);
}

TEST("a hole of a terabyte behind the end costs nothing")
{
	int fd = memfd_create("tar", MFD_CLOEXEC);
	struct extent extents[] = { { 0, 1024 }, { UINT64_C(1) << 40, 1024 } };

	start();
	put_member('0', "a", "hello");
	REQUIRE(fd >= 0 && pwrite(fd, file.bytes, 1024, 0) == 1024);
	REQUIRE(pwrite(fd, file.bytes, 1024, (off_t)1 << 40) == 1024);
	struct source source = source_of_fd(fd, (UINT64_C(1) << 40) + 1024, extents, 2);
	struct unpacked unpacked = unpack_source(&tar_unpacker, source, 1 << 20);
	CHECK_STR(unpacked_text(&unpacked), "a:5:end a:5:end");
	unpacked_free(&unpacked);
	close(fd);
}

TEST("any number of folders costs no memory")
{
	enum { FOLDERS = 20000 };
	uint8_t *bytes = malloc((size_t)FOLDERS * 512 + 1024);

	REQUIRE(bytes);
	start();
	put_header('5', "folder/", 0);
	put_member('0', "a", "hello");
	for (size_t i = 0; i < FOLDERS; i++)
		memcpy(bytes + i * 512, file.bytes, 512);
	memcpy(bytes + (size_t)FOLDERS * 512, file.bytes + 512, 1024);
	struct unpacked unpacked = unpack_source(
		&tar_unpacker, source_of_memory(bytes, (size_t)FOLDERS * 512 + 1024),
		1 << 17);
	CHECK_STR(unpacked_text(&unpacked), "a:5:end");
	unpacked_free(&unpacked);
	free(bytes);
}

TEST("without memory it says so, whatever the budget")
{
	bool done = false;

	start();
	put_member('L', "long", "a name");
	put_member('0', "a", "hello");
	for (size_t budget = 0; !done; budget += 100) {
		struct unpacked unpacked = unpack_source(
			&tar_unpacker, source_of_memory(file.bytes, file.len), budget);
		done = unpacked.opened == STATUS_OK && unpacked.ended == STATUS_END;
		CHECK(done || unpacked.opened == STATUS_NO_MEMORY ||
		      unpacked.ended == STATUS_NO_MEMORY);
		unpacked_free(&unpacked);
	}
}

/* One of everything. */
static void put_much(void)
{
	static const char records[] = "20 path=long/naming\n"
				      "10 size=6\n";

	start();
	put_member('L', "long", "a name");
	put_member('0', "a", "hello");
	put_header('x', "pax", sizeof(records) - 1);
	put(records, sizeof(records) - 1);
	put_header('0', "b", 0);
	put("world!", 6);
	put_header('5', "folder/", 600);
	put_header('S', "sparse", 0)[482] = 1;
	mend_sum(file.bytes + file.len - 512);
	put_zeros(1);
	put_zeros(2);
	put("tail", 4);
}

static void look(const uint8_t *bytes, size_t len, void *context)
{
	(void)context;
	struct unpacked unpacked = unpack_source(&tar_unpacker,
						 source_of_memory(bytes, len), 1 << 20);

	CHECK(unpacked.count < 20);
	unpacked_free(&unpacked);
}

TEST("every prefix is safe")
{
	put_much();
	every_prefix_is_safe(look, file.bytes, file.len, NULL);
}

TEST("random changes are safe")
{
	struct gen gen = gen_start();
	static struct file good;

	put_much();
	good = file;
	for (int round = 0; round < 2000; round++) {
		file = good;
		for (size_t n = 1 + gen_below(&gen, 3); n > 0; n--) {
			size_t at = gen_below(&gen, file.len);
			file.bytes[at] = (uint8_t)gen_u64(&gen);
			/* With a sum that fits, the change gets further. */
			if (gen_below(&gen, 2) && file.bytes[at / 512 * 512] != 0)
				mend_sum(file.bytes + at / 512 * 512);
		}
		struct unpacked unpacked = unpack_bytes(&tar_unpacker, file.bytes,
							file.len);
		CHECK(unpacked.count < 40);
		unpacked_free(&unpacked);
	}
}

TEST_MAIN()
