/* SPDX-License-Identifier: Apache-2.0 */
#include "type/encoding.h"

#include "gen.h"
#include "test.h"

static enum file_type encoding(const void *bytes, size_t len, uint64_t size)
{
	struct sample sample = { .head = reader_of(bytes, len), .size = size };

	return encoding_of(&sample);
}

static enum file_type of_text(const char *text)
{
	return encoding(text, strlen(text), strlen(text));
}

TEST("plain text, and text with the controls that text has")
{
	CHECK_EQ(of_text("int main(void)\r\n{\n\treturn 0;\n}\n"), TYPE_TEXT_ASCII);
	CHECK_EQ(of_text("page\fbell\a\x1b[1mbold\x1b[0m"), TYPE_TEXT_ASCII);
	CHECK_EQ(of_text("gr\xc3\xbc\xc3\x9f dich \xf0\x9f\x98\x80"), TYPE_TEXT_UTF8);
	CHECK_EQ(of_text("\xef\xbb\xbfwith a mark"), TYPE_TEXT_UTF8);
}

TEST("text of one byte to a character counts as ASCII")
{
	CHECK_EQ(of_text("gr\xfc\xdf dich"), TYPE_TEXT_ASCII);
	CHECK_EQ(of_text("\xcf\xf0\xe8\xe2\xe5\xf2"), TYPE_TEXT_ASCII);
}

TEST("one byte that no text has makes it binary")
{
	char text[] = "a text of some length, for the most part";

	for (int c = 0; c < 0x20; c++) {
		bool is_text = (c >= 7 && c <= 13) || c == 0x1a || c == 0x1b;
		text[7] = (char)c;
		CHECK_EQ(encoding(text, sizeof(text) - 1, sizeof(text) - 1),
			 is_text ? TYPE_TEXT_ASCII : TYPE_BINARY_DATA);
	}
	text[7] = 0x7f;
	CHECK_EQ(of_text(text), TYPE_BINARY_DATA);
}

TEST("UTF-8 may be cut where we stop looking, but nowhere else")
{
	static const char text[] = "abc\xe2\x82\xac";
	char wrong[] = "abc\xe2\x82"
		       "def";

	CHECK_EQ(encoding(text, 5, 6), TYPE_TEXT_UTF8);
	CHECK_EQ(encoding(text, 4, 6), TYPE_TEXT_UTF8);
	/* Not UTF-8, then: one byte to a character. */
	CHECK_EQ(encoding(text, 5, 5), TYPE_TEXT_ASCII);
	CHECK_EQ(of_text(wrong), TYPE_TEXT_ASCII);
}

TEST("UTF-16 with a mark and without")
{
	CHECK_EQ(encoding("\xff\xfe"
			  "a\0b\0",
			  6, 6),
		 TYPE_TEXT_UTF16LE);
	CHECK_EQ(encoding("\xfe\xff\0a\0b", 6, 6), TYPE_TEXT_UTF16BE);
	CHECK_EQ(encoding("a\0b\0c\0d\0e\0\r\0\n\0", 14, 14), TYPE_TEXT_UTF16LE);
	CHECK_EQ(encoding("\0a\0b\0c\0d\0e\0\r\0\n", 14, 14), TYPE_TEXT_UTF16BE);
	CHECK_EQ(encoding("\xff\xfe\0\0a\0\0\0", 8, 8), TYPE_BINARY_DATA);
	CHECK_EQ(encoding("a\0b\0\0\0d\0e\0", 10, 10), TYPE_BINARY_DATA);
	CHECK_EQ(encoding("\1\0\2\0\3\0\4\0\5\0", 10, 10), TYPE_BINARY_DATA);
}

TEST("narrowing keeps ASCII and leaves the mark out")
{
	uint8_t buffer[4];
	struct sample sample = { .head = reader_of("\xff\xfe<\0\xac\x20h\0t\0m\0", 12),
				 .size = 12 };
	struct reader narrow = encoding_narrow(&sample, TYPE_TEXT_UTF16LE, buffer,
					       sizeof(buffer));
	CHECK(slice_is(reader_rest(&narrow), "<?ht"));

	sample.head = reader_of("\xfe\xff\0<\0h", 6);
	narrow = encoding_narrow(&sample, TYPE_TEXT_UTF16BE, buffer, sizeof(buffer));
	CHECK(slice_is(reader_rest(&narrow), "<h"));

	sample.head = reader_of("\xef\xbb\xbf<h", 5);
	narrow = encoding_narrow(&sample, TYPE_TEXT_UTF8, buffer, sizeof(buffer));
	CHECK(slice_is(reader_rest(&narrow), "<h"));
}

TEST("random bytes are not text")
{
	struct gen gen = gen_start();
	uint8_t bytes[400];

	for (int round = 0; round < 1000; round++) {
		gen_bytes(&gen, bytes, sizeof(bytes));
		bytes[0] = 1;
		CHECK_EQ(encoding(bytes, sizeof(bytes), sizeof(bytes)), TYPE_BINARY_DATA);
	}
}

TEST_MAIN()
