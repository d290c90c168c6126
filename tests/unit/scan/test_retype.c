/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/level.h"

#include <stdio.h>
#include <stdlib.h>

#include "scanning.h"
#include "test.h"
#include "zipped.h"

/* Rules for "mark" in any object, in an ELF file, in a picture, in other files. */
#define MARKS \
	"Any:0:*:6d61726b\n" \
	"Elf:6:*:6d61726b\n" \
	"Picture:5:*:6d61726b\n" \
	"Other:14:*:6d61726b\n"

static const char bytes[] = "\xfd\0\0\x01QQQQ mark";

static struct scanning *scan_with(const char *name, const char *text)
{
	const struct rule_text files[] = {
		{ .name = "a.ndb", .text = MARKS },
		{ .name = name, .text = text },
		{ 0 },
	};
	struct scanning *scanning = scanning_open(files);

	CHECK_STR(scanning_run(scanning, bytes, sizeof(bytes) - 1), "found");
	return scanning;
}

TEST("bytes at an offset give a type beside the one there is")
{
	struct scanning *scanning = scan_with("a.ftm",
					      "0:4:51515151:X:CL_TYPE_ANY:CL_TYPE_ELF\n"
					      "0:5:51515151:X:CL_TYPE_ANY:CL_TYPE_PNG\n");

	CHECK(scanning_told(scanning, "hit  Elf"));
	CHECK(scanning_told(scanning, "hit  Other"));
	CHECK(scanning_told(scanning, "hit  Any"));
	CHECK_EQ(scanning_count(scanning, "hit"), 3);
	scanning_close(scanning);
}

TEST("as clamscan: it takes the place of the one there is")
{
	struct scanning *scanning = scan_with("a.ftm",
					      "0:4:51515151:X:CL_TYPE_ANY:CL_TYPE_ELF\n");

	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, bytes, sizeof(bytes) - 1), "found");
	CHECK(scanning_told(scanning, "hit  Elf"));
	CHECK_EQ(scanning_count(scanning, "hit  Other"), 0);
	scanning_close(scanning);
}

TEST("a pattern gives one, too, and is itself no finding")
{
	struct scanning *scanning = scan_with(
		"a.ftm", "1:*:5151{-9}6d61:X:CL_TYPE_ANY:CL_TYPE_GIF\n");

	CHECK(scanning_told(scanning, "hit  Picture"));
	CHECK(scanning_told(scanning, "hit  Other"));
	CHECK_EQ(scanning_count(scanning, "hit"), 3);
	scanning_close(scanning);
}

TEST("nothing is exempt because of a rule")
{
	struct scanning *scanning = scan_with(
		"a.ftm", "0:4:51515151:X:CL_TYPE_ANY:CL_TYPE_IGNORED\n");

	CHECK_EQ(scanning_count(scanning, "hit"), 2);
	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, bytes, sizeof(bytes) - 1), "found");
	CHECK(scanning_told(scanning, "hit  Any"));
	scanning_close(scanning);
}

TEST("more types than are looked at make it incomplete")
{
	static const char *const types[] = { "ELF", "PNG",    "GIF", "JPEG", "TIFF",
					     "PDF", "MSOLE2", "SWF", "RTF" };
	char text[1024];
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(types) - 1; i++)
		len += (size_t)snprintf(&text[len], sizeof(text) - len,
					"0:4:51515151:X:CL_TYPE_ANY:CL_TYPE_%s\n",
					types[i]);
	struct scanning *scanning = scan_with("a.ftm", text);
	CHECK(!outcome_has_reason(&scanning->outcome, REASON_RULE));
	scanning_close(scanning);
	snprintf(&text[len], sizeof(text) - len,
		 "0:4:51515151:X:CL_TYPE_ANY:CL_TYPE_%s\n", types[ARRAY_LEN(types) - 1]);
	scanning = scan_with("a.ftm", text);
	CHECK(outcome_has_reason(&scanning->outcome, REASON_RULE));
	scanning_close(scanning);
}

TEST("more archives inside of a file than are opened make it incomplete")
{
	char text[1024];
	size_t len = 0;

	for (unsigned i = 0; i < EMBEDDED_MAX; i++)
		len += (size_t)snprintf(
			&text[len], sizeof(text) - len,
			"1:*:5151{-%u}6d61:X:CL_TYPE_ANY:CL_TYPE_ZIPSFX\n", 9 + i);
	struct scanning *scanning = scan_with("a.ftm", text);
	CHECK(!outcome_has_reason(&scanning->outcome, REASON_RULE));
	scanning_close(scanning);
	snprintf(&text[len], sizeof(text) - len,
		 "1:*:51515151:X:CL_TYPE_ANY:CL_TYPE_ZIPSFX\n");
	scanning = scan_with("a.ftm", text);
	CHECK(outcome_has_reason(&scanning->outcome, REASON_RULE));
	scanning_close(scanning);
}

TEST("a HandlerType is looked at once, and its rule is no finding")
{
	struct scanning *scanning = scan_with(
		"a.ldb", "One;Engine:51-255,Target:0,HandlerType:CL_TYPE_ELF;0;51515151\n"
			 "Two;Engine:51-255,Target:6,HandlerType:CL_TYPE_PNG;0;51515151\n"
			 "Back;Engine:51-255,Target:5,HandlerType:CL_TYPE_ELF;0;5151\n");

	CHECK(scanning_told(scanning, "hit  Elf"));
	CHECK(scanning_told(scanning, "hit  Picture"));
	CHECK_EQ(scanning_count(scanning, "hit"), 4);
	scanning_close(scanning);
}

TEST("as clamscan: a rule with a HandlerType is told of the second look")
{
	struct scanning *scanning = scan_with(
		"a.ldb", "One;Engine:51-255,Target:0,HandlerType:CL_TYPE_ELF;0;"
			 "51515151\n");

	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, bytes, sizeof(bytes) - 1), "found");
	CHECK_EQ(scanning_count(scanning, "hit  One"), 1);
	scanning_close(scanning);
}

TEST("as clamscan: one for data, text or a page is told at once, and gives no type")
{
	struct scanning *scanning = scan_with(
		"a.ldb", "One;Engine:51-255,Target:14,HandlerType:CL_TYPE_ELF;0;"
			 "51515151\n");

	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, bytes, sizeof(bytes) - 1), "found");
	CHECK_EQ(scanning_count(scanning, "hit  One"), 1);
	CHECK_EQ(scanning_count(scanning, "hit  Elf"), 0);
	scanning_close(scanning);
}

TEST("as clamscan: one for another target is told if the second look is as that again")
{
	static const char elf[] = "\x7f"
				  "ELF\1\1\1\0QQQQ mark";
	struct scanning *scanning = scan_with(
		"a.ldb",
		"Same;Engine:51-255,Target:6,HandlerType:CL_TYPE_ELF;0;51515151\n");

	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, elf, sizeof(elf) - 1), "found");
	scanning_close(scanning);
	scanning = scan_with("a.ldb", "Away;Engine:51-255,Target:6,"
				      "HandlerType:CL_TYPE_GRAPHICS;0;51515151\n");
	scanning->clamav_compat = true;
	CHECK_STR(scanning_run(scanning, elf, sizeof(elf) - 1), "found");
	CHECK_EQ(scanning_count(scanning, "hit  Away"), 0);
	CHECK_EQ(scanning_count(scanning, "hit  Picture"), 1);
	scanning_close(scanning);
}

TEST("what is given as a container is opened, and is the container of what is in it")
{
	const struct rule_text files[] = {
		{ .name = "a.ldb",
		  .text = "InZip;Engine:51-255,Target:0,Container:CL_TYPE_ZIP;0;"
			  "6d61726b\n"
			  "InText;Engine:51-255,Target:0,Container:CL_TYPE_JAVA;0;"
			  "6d61726b"
			  "\n" },
		{ .name = "a.ftm", .text = "0:0:cafebabe:X:CL_TYPE_ANY:CL_TYPE_ZIP\n" },
		{ 0 },
	};
	static struct zipped zip;
	struct scanning *scanning = scanning_open(files);

	zipped_start(&zip);
	/* The head of a class file, which a zip reader passes over. */
	zipped_put(&zip, "\xca\xfe\xba\xbe\0\0\0\x34", 8);
	zipped_member(&zip, "in.txt", "mark", ZIPPED_STORED);
	zipped_finish(&zip);
	CHECK_STR(scanning_run(scanning, zip.bytes, zip.len), "found");
	CHECK(scanning_told(scanning, "object  JAVA"));
	CHECK_EQ(scanning_count(scanning, "object !in.txt"), 1);
	CHECK_EQ(scanning_count(scanning, "hit !in.txt"), 1);
	scanning_close(scanning);
}

TEST("an archive inside of a file begins where a pattern says")
{
	const struct rule_text files[] = {
		{ .name = "a.ndb", .text = "Any:0:*:6d61726b\n" },
		{ .name = "a.ftm",
		  .text = "1:*:504b0304:X:CL_TYPE_ANY:CL_TYPE_ZIPSFX\n" },
		{ 0 },
	};
	static struct zipped zip;
	struct scanning *scanning = scanning_open(files);

	zipped_start(&zip);
	zipped_put(&zip, "\xff\xfe\xfd\xfc", 4);
	zipped_member(&zip, "in.txt", "a mark", ZIPPED_DEFLATED);
	zipped_finish(&zip);
	/* No reader that looks for the end finds it. */
	zipped_put(&zip, "\xff\xfe\xfd\xfc", 4);
	zip.bytes[zip.len - 26] = 'x';
	CHECK_STR(scanning_run(scanning, zip.bytes, zip.len), "found");
	CHECK(scanning_told(scanning, "hit !!in.txt Any"));
	CHECK_EQ(scanning_count(scanning, "hit"), 1);
	/* It is no deeper than any container may be. */
	scanning->limits.depth_max = 0;
	CHECK_STR(scanning_run(scanning, zip.bytes, zip.len), "incomplete");
	CHECK(outcome_has_reason(&scanning->outcome, REASON_DEPTH));
	CHECK_EQ(scanning_count(scanning, "object"), 1);
	scanning_close(scanning);
}

TEST_MAIN()
