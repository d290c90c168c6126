/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/level.h"

#include <stdlib.h>

#include "scanning.h"
#include "test.h"
#include "zipped.h"

static struct zipped zip;

/* Two members, a folder, and one that is encrypted. */
static void make_zip(void)
{
	zipped_start(&zip);
	zipped_member(&zip, "one.txt", "first", ZIPPED_STORED);
	zipped_member(&zip, "folder/", "", ZIPPED_STORED);
	zipped_member(&zip, "two.txt", "second one", ZIPPED_STORED);
	zipped_member(&zip, "three.txt", "xxxxxxxxxxxxsecret", ZIPPED_STORED)->flags = 1;
	/* In front of the bytes, too: the record has 30 bytes, the flags are its third field. */
	zip.bytes[zip.listed[3].offset + 6] = 1;
	zipped_finish(&zip);
}

static const char *scan_with(struct scanning **scanning, const char *rules)
{
	const struct rule_text files[] = { { .name = "a.cdb", .text = rules }, { 0 } };

	*scanning = scanning_open(files);
	make_zip();
	return scanning_run(*scanning, zip.bytes, zip.len);
}

TEST("the finding is the container's, once for each rule")
{
	struct scanning *scanning;

	CHECK_STR(scan_with(&scanning, "All:*:*:*:*:*:*:*:*:*\n"
				       "Txt:CL_TYPE_ZIP:*:\\.txt$:*:*:*:*:*:*\n"
				       "No:CL_TYPE_ZIP:*:\\.exe$:*:*:*:*:*:*\n"),
		  "found");
	CHECK(scanning_told(scanning, "hit  All"));
	CHECK(scanning_told(scanning, "hit  Txt"));
	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	scanning_close(scanning);
}

TEST("encrypted members and folders are members")
{
	struct scanning *scanning;

	CHECK_STR(scan_with(&scanning, "Locked:*:*:three:18:18:1:4:*:*\n"
				       "Folder:*:*:^folder/$:0:0:0:2:*:*\n"
				       "Later:*:*:two:*:*:*:3:*:*\n"
				       "Open:*:*:three:*:*:0:*:*:*\n"),
		  "found");
	CHECK(scanning_told(scanning, "hit  Locked"));
	CHECK(scanning_told(scanning, "hit  Folder"));
	CHECK(scanning_told(scanning, "hit  Later"));
	CHECK_EQ(scanning_count(scanning, "hit"), 3);
	CHECK(scanning_told(scanning, "incomplete !three.txt password"));
	scanning_close(scanning);
}

TEST("folders are not told as objects")
{
	struct scanning *scanning;

	CHECK_STR(scan_with(&scanning, "No:CL_TYPE_RAR:*:*:*:*:*:*:*:*\n"), "incomplete");
	CHECK_EQ(scanning_count(scanning, "object !folder"), 0);
	CHECK_EQ(scanning_count(scanning, "object !"), 3);
	scanning_close(scanning);
}

TEST("a sum is compared, but not as clamscan")
{
	struct scanning *scanning;

	CHECK_STR(scan_with(&scanning, "Sum:*:*:one:*:*:*:*:00000001:*\n"), "incomplete");
	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, zip.bytes, zip.len), "found");
	scanning_close(scanning);
}

TEST("members of members are asked about their own container")
{
	struct scanning *scanning;
	const struct rule_text files[] = {
		{ .name = "a.cdb",
		  .text = "InZip:CL_TYPE_ZIP:*:one:*:*:*:*:*:*\n"
			  "InGzip:CL_TYPE_GZ:*:*:*:*:*:1:*:*\n"
			  "NotInGzip:CL_TYPE_GZ:*:one:*:*:*:*:*:*\n" },
		{ 0 },
	};

	make_zip();
	struct wrapped gzip = wrap_gzip(zip.bytes, zip.len);
	scanning = scanning_open(files);
	CHECK_STR(scanning_run(scanning, gzip.bytes, gzip.len), "found");
	CHECK(scanning_told(scanning, "hit  InGzip"));
	CHECK(scanning_told(scanning, "hit ! InZip"));
	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	free(gzip.bytes);
	scanning_close(scanning);
}

TEST("a member whose name costs too much is told as not looked at")
{
	struct scanning *scanning;
	char name[60001];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	zipped_start(&zip);
	zipped_member(&zip, name, "", ZIPPED_STORED);
	zipped_finish(&zip);
	const struct rule_text files[] = {
		{ .name = "a.cdb", .text = "Long:*:*:(a{255}){15}b|c:*:*:*:*:*:*\n" },
		{ 0 },
	};
	scanning = scanning_open(files);
	CHECK_STR(scanning_run(scanning, zip.bytes, zip.len), "incomplete");
	CHECK(scanning_told(scanning, "incomplete  rule"));
	scanning_close(scanning);
}

TEST_MAIN()
