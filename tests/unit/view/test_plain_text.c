/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plain_text.h"

#include "gen.h"
#include "test.h"

/* What comes out of `raw`, asked for in pieces of `piece` bytes. */
static struct slice plain(struct arena *arena, struct slice raw, size_t piece)
{
	struct plain_text *text;
	uint8_t *out = arena_alloc(arena, raw.len + piece);
	size_t len = 0;
	size_t got;

	if (!out || plain_text_open(arena, source_of_memory(raw.base, raw.len), &text) !=
			    STATUS_OK)
		return (struct slice){ 0 };
	struct stream stream = plain_text_stream(text);
	while (stream_read(&stream, out + len, piece, &got) == STATUS_OK)
		len += got;
	return (struct slice){ out, len };
}

static void expect(const char *raw, size_t len, const char *want)
{
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t piece = 1; piece < 40; piece++) {
		struct slice got = plain(
			&arena, (struct slice){ (const uint8_t *)raw, len }, piece);
		if (!CHECK(slice_is(got, want)))
			break;
	}
	arena_clear(&arena);
}

#define EXPECT(raw, want) expect(raw, sizeof(raw) - 1, want)

TEST("letters become small, white space becomes one space")
{
	EXPECT("Hello   World\t\tFoo\n\nBar  \r\n  baz \"Q  X\"",
	       "hello world foo bar baz \"q x\"");
}

TEST("white space at the ends stays, as one space")
{
	EXPECT("  \n a \f\v", " a ");
}

TEST("other bytes are left out and do not end a run of white space")
{
	EXPECT("text \xa0 here\x01\x7f\xff", "text here\x7f");
	EXPECT("caf\xc3\xa9 \xe2\x82\xac utf", "caf utf");
	EXPECT("a\0b", "ab");
}

TEST("UTF-16 is read like any bytes, in either order")
{
	EXPECT("\xff\xfeU\0t\0F\0 \0 \0\xe9\0"
	       "16",
	       "utf 16");
	EXPECT("\xfe\xff\0U\0t\0F\0\n\0X", "utf x");
}

TEST("half a code unit at the end is a letter, too")
{
	EXPECT("A\0B", "ab");
}

TEST("bytes without control characters of two bytes read as wide text")
{
	static const char text[] = "te\0xt\x01\xff, \x7f";
	static const char zeros[] = "te\0\0text";

	CHECK(plain_text_reads_wide(reader_of(text, sizeof(text) - 1)));
	CHECK(plain_text_reads_wide(reader_of("a\0\0btext", 8)));
	CHECK(!plain_text_reads_wide(reader_of(zeros, sizeof(zeros) - 1)));
	CHECK(!plain_text_reads_wide(reader_of("\0\x7ftext..", 8)));
	CHECK(!plain_text_reads_wide(reader_of("short", 5)));
}

/* The same, as it is said in plain_text.h. */
static size_t plain_by_bytes(struct slice raw, uint8_t *out)
{
	size_t len = 0;

	for (size_t i = 0; i < raw.len; i++) {
		uint8_t c = raw.base[i];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			if (len == 0 || out[len - 1] != ' ')
				out[len++] = ' ';
		} else if (c > ' ' && c < 0x80) {
			out[len++] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
		}
	}
	return len;
}

TEST("many bytes at once are read like one at a time")
{
	static const char usual[] = "abcXYZ019@[`{/: \n";
	struct gen gen = gen_start();
	uint8_t raw[400], want[sizeof(raw)];
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t round = 0; round < 5000; round++) {
		struct arena_mark mark = arena_mark(&arena);
		size_t len = gen_below(&gen, sizeof(raw));
		size_t rare = 2 + gen_below(&gen, 60);

		for (size_t i = 0; i < len; i++)
			raw[i] = (uint8_t)usual[gen_below(&gen, sizeof(usual) - 1)];
		for (size_t i = gen_below(&gen, rare); i < len;
		     i += gen_below(&gen, rare) + 1)
			raw[i] = (uint8_t)gen_u64(&gen);
		size_t want_len = plain_by_bytes((struct slice){ raw, len }, want);
		struct slice got = plain(&arena, (struct slice){ raw, len },
					 1 + gen_below(&gen, sizeof(raw)));
		if (!CHECK(slice_equal(got, (struct slice){ want, want_len }))) {
			gen_show(raw, len);
			break;
		}
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
}

TEST("nothing gives nothing")
{
	EXPECT("", "");
	EXPECT("\x80\x81", "");
}

TEST_MAIN()
