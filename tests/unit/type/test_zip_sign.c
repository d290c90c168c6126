/* SPDX-License-Identifier: Apache-2.0 */
#include "type/zip_sign.h"

#include "test.h"

#define END(here, all, size, comment) \
	"PK\5\6\0\0\0\0" here "\0" all "\0" size "\0\0\0" \
	"\1\0\0\0" comment "\0"

static bool find(const char *bytes, size_t len, size_t before, size_t *ret_pos)
{
	return zip_find_end(reader_of(bytes, len), before, ret_pos);
}

TEST("the last record that could be one is found, and then the one before it")
{
	static const char two[] = "abc" END("\1", "\1", "\x2e", "\0") "PK\5\6 no" END(
		"\1", "\2", "\x2f", "\2") "xy";
	size_t len = sizeof(two) - 1, pos = 0;

	REQUIRE(find(two, len, len, &pos));
	CHECK_EQ(pos, 3 + ZIP_END_LEN + 7);
	REQUIRE(find(two, len, pos, &pos));
	CHECK_EQ(pos, 3);
	CHECK(!find(two, len, pos, &pos));
}

TEST("records that cannot be true are passed over")
{
	static const char longer[] = END("\1", "\1", "\x2e", "\3") "xy";
	static const char fewer[] = END("\2", "\1", "\x7f", "\0");
	static const char small[] = END("\1", "\1", "\x2d", "\0");
	static const char empty[] = END("\0", "\0", "\0", "\0");
	size_t pos = 99;

	CHECK(!find(longer, sizeof(longer) - 1, SIZE_MAX, &pos));
	CHECK(!find(fewer, sizeof(fewer) - 1, SIZE_MAX, &pos));
	CHECK(!find(small, sizeof(small) - 1, SIZE_MAX, &pos));
	CHECK_EQ(pos, 99);
	for (size_t len = 0; len < ZIP_END_LEN; len++)
		CHECK(!find(empty, len, SIZE_MAX, &pos));
	CHECK(find(empty, ZIP_END_LEN, SIZE_MAX, &pos));
	CHECK_EQ(pos, 0);
}

#define LOCAL(len, name) \
	"PK\3\4\24\0\0\0\0\0\0\0\0\0" \
	"crc!" \
	"\1\0\0\0\1\0\0\0" len "\0\0\0" name "."

static enum file_type kind(const char *bytes, size_t len)
{
	return zip_kind(reader_of(bytes, len));
}

TEST("an office document is known by the names of its parts")
{
	static const char word[] = LOCAL("\x13", "[Content_Types].xml")
		LOCAL("\x0b", "_rels/.rels") LOCAL("\x11", "word/document.xml");
	static const char sheet[] = LOCAL("\x0f", "xl/workbook.xml")
		LOCAL("\x13", "[Content_Types].xml");
	static const char slides[] = LOCAL("\x11", "docProps/core.xml")
		LOCAL("\x14", "ppt/presentation.xml");
	static const char hwp[] = LOCAL("\x8", "mimetypeapplication/hwp+zip");
	static const char folder[] = LOCAL("\x11", "word/document.xml");
	static const char plain[] = LOCAL("\x3", "a.c");

	CHECK_EQ(kind(word, sizeof(word) - 1), TYPE_OOXML_WORD);
	CHECK_EQ(kind(sheet, sizeof(sheet) - 1), TYPE_OOXML_XL);
	CHECK_EQ(kind(slides, sizeof(slides) - 1), TYPE_OOXML_PPT);
	CHECK_EQ(kind(hwp, sizeof(hwp) - 1), TYPE_OOXML_HWP);
	CHECK_EQ(kind(folder, sizeof(folder) - 1), TYPE_ZIP);
	CHECK_EQ(kind(plain, sizeof(plain) - 1), TYPE_ZIP);
	for (size_t len = 0; len < sizeof(word); len++)
		(void)kind(word, len);
}

TEST_MAIN()
