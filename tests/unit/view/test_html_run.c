/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages are read here by the machine alone, byte by byte, and beside it as they always
 * are: html.c a second time, without html_take_run() and under other names.
 */
#include "view/html_run.h"

#define html_read read_by_bytes
#define html_take_again take_again_by_bytes
#define html_put_word put_word_by_bytes
#define html_end_tag end_tag_by_bytes
#define html_take_run(html, bytes) take_no_run(bytes)

static inline size_t take_no_run(struct slice bytes)
{
	(void)bytes;
	return 0;
}

enum status html_read(struct arena *arena, const struct source *source,
		      enum file_type type, const struct html_limits *limits,
		      struct html_views *out);
void html_take_again(struct html *html, uint8_t c);
void html_put_word(struct html *html, uint8_t c);
void html_end_tag(struct html *html);

#include "view/html.c"

#undef html_read
#undef html_take_run

#include "gen.h"
#include "test.h"

enum { PAGES = 3000, PIECES = 60, BUDGET = 16 << 20 };

static const char *const pieces[] = {
	"word",      " ",         "\n",
	"\r\n",      "Two Words", "<p>",
	"<a href=",  "\"",        "'",
	">",         "<",         "&amp;",
	"&",         "&#65;",     ":",
	"data:",     "x,y",       "<!-- ",
	"-->",       "<script>",  "</script>",
	"</a>",      "<style>",   "</style>",
	"a = 'b';",  "!",         "\xe3\x80\x82",
	"\xff",      "\t ",       "= ",
	"HTTP://X/", "<img src=", ";",
	"/",         "\x7f",      "<script language=JScript.Encode>",
	"#@~^",      "==",        "<IMG ALT=\"a b\"",
};

static size_t make_page(struct gen *gen, uint8_t *page, size_t size)
{
	size_t count = gen_below(gen, PIECES), len = 0;

	for (size_t i = 0; i < count; i++) {
		size_t which = gen_below(gen, ARRAY_LEN(pieces) + 1);

		if (which == ARRAY_LEN(pieces)) {
			/* A NUL, too, which stands in no string. */
			page[len++] = (uint8_t)gen_below(gen, 32);
			continue;
		}
		size_t piece = strlen(pieces[which]);
		size_t times = 1 + (gen_below(gen, 20) == 0 ? gen_below(gen, 90) : 0);
		for (size_t n = 0; n < times && len + piece + 1 < size; n++) {
			memcpy(&page[len], pieces[which], piece);
			len += piece;
		}
	}
	return len;
}

static bool is_same(const struct growing *a, const struct growing *b)
{
	return a->failed == b->failed && slice_equal(growing_slice(a), growing_slice(b));
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

TEST("whole runs leave what single bytes would have left")
{
	static uint8_t page[1 << 16];
	struct gen gen = gen_start();
	struct arena arena;

	arena_init(&arena, BUDGET);
	for (size_t i = 0; i < PAGES; i++) {
		struct arena_mark mark = arena_mark(&arena);
		size_t len = make_page(&gen, page, sizeof(page));
		struct source source = source_of_memory(page, len);
		struct html_limits limits = {
			.bytes_max = i % 4 == 0 ? len / 2 : 2 * len,
			.words_bytes_max = i % 8 == 0 ? len / 4 : len + 1,
			.clock = { .now_ms = no_time },
			.deadline_ms = 1,
		};
		struct html_views want, got;
		enum status status = read_by_bytes(&arena, &source, TYPE_HTML, &limits,
						   &want);

		CHECK_EQ(status, html_read(&arena, &source, TYPE_HTML, &limits, &got));
		if (!CHECK(status != STATUS_OK || (is_same(&want.page, &got.page) &&
						   is_same(&want.words, &got.words) &&
						   is_same(&want.script, &got.script)))) {
			gen_show(page, len);
			break;
		}
		arena_rewind(&arena, mark);
	}
	arena_clear(&arena);
}

TEST_MAIN()
