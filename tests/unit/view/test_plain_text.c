/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plain_text.h"

#include "test.h"

/* What comes out of `raw`, asked for in pieces of `piece` bytes. */
static struct slice plain(struct arena *arena, struct slice raw, enum file_type type,
			  size_t piece)
{
	struct plain_text *text;
	uint8_t *out = arena_alloc(arena, raw.len + piece);
	size_t len = 0;
	size_t got;

	if (!out || plain_text_open(arena, source_of_memory(raw.base, raw.len), type,
				    &text) != STATUS_OK)
		return (struct slice){ 0 };
	struct stream stream = plain_text_stream(text);
	while (stream_read(&stream, out + len, piece, &got) == STATUS_OK)
		len += got;
	return (struct slice){ out, len };
}

static void expect(const char *raw, size_t len, enum file_type type, const char *want)
{
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t piece = 1; piece < 40; piece++) {
		struct slice got = plain(
			&arena, (struct slice){ (const uint8_t *)raw, len }, type, piece);
		if (!CHECK(slice_is(got, want)))
			break;
	}
	arena_clear(&arena);
}

#define EXPECT(raw, type, want) expect(raw, sizeof(raw) - 1, type, want)

TEST("letters become small, white space becomes one space")
{
	EXPECT("Hello   World\t\tFoo\n\nBar  \r\n  baz \"Q  X\"", TYPE_TEXT_ASCII,
	       "hello world foo bar baz \"q x\"");
}

TEST("white space at the ends stays, as one space")
{
	EXPECT("  \n a \f\v", TYPE_TEXT_ASCII, " a ");
}

TEST("other bytes are left out and do not end a run of white space")
{
	EXPECT("text \xa0 here\x01\x7f\xff", TYPE_TEXT_ASCII, "text here");
	EXPECT("caf\xc3\xa9 \xe2\x82\xac utf", TYPE_TEXT_UTF8, "caf utf");
	EXPECT("a\0b", TYPE_BINARY_DATA, "ab");
}

TEST("UTF-16 is read by its code units, in either byte order")
{
	EXPECT("\xff\xfeU\0t\0F\0 \0 \0\xe9\0"
	       "16",
	       TYPE_TEXT_UTF16LE, "utf ");
	EXPECT("\xfe\xff\0U\0t\0F\0\n\0X", TYPE_TEXT_UTF16BE, "utf x");
}

TEST("half a code unit at the end is no text")
{
	EXPECT("A\0B", TYPE_TEXT_UTF16LE, "a");
}

TEST("nothing gives nothing")
{
	EXPECT("", TYPE_TEXT_ASCII, "");
	EXPECT("\x80\x81", TYPE_TEXT_ASCII, "");
}

TEST_MAIN()
