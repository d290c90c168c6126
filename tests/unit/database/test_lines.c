/* SPDX-License-Identifier: Apache-2.0 */
#include "database/lines.h"

#include <stdlib.h>

#include "test.h"
#include "text_buffer.h"

static uint8_t buffer[LINES_BUFFER];

/* All lines, each in brackets; "!" for one that is too long. */
static const char *read_all(const char *text, size_t len, size_t len_max)
{
	static struct text_buffer shown;
	struct source source = source_of_memory(text, len);
	struct lines lines;
	struct slice line;
	enum status status;

	text_clear(&shown);
	lines_init(&lines, &source, buffer, len_max);
	while ((status = lines_next(&lines, &line)) != STATUS_END) {
		if (status != STATUS_OK && status != STATUS_LIMIT)
			return status_name(status);
		if (status == STATUS_LIMIT)
			text_add(&shown, "!");
		text_add(&shown, "%u[%.*s]", lines.number, (int)line.len,
			 (const char *)line.base);
	}
	return shown.text;
}

TEST("lines end with LF, with any CRs before it, or with the text")
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ "", "" },
		{ "a", "1[a]" },
		{ "a\n", "1[a]" },
		{ "a\nb", "1[a]2[b]" },
		{ "a\r\nb\r", "1[a]2[b]" },
		{ "a\r\r\r\nb\r\r", "1[a]2[b]" },
		{ "\n\na\n", "1[]2[]3[a]" },
		{ "\r\n", "1[]" },
		{ "a\rb\n", "1[a\rb]" },
		{ "\xef\xbb\xbf"
		  "a\n\xef\xbb\xbf"
		  "b",
		  "1[a]2[\xef\xbb\xbf"
		  "b]" },
		{ "\xef\xbb\xbf", "1[]" },
		{ "\xef\xbb", "1[\xef\xbb]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		CHECK_STR(read_all(cases[i].text, strlen(cases[i].text), 100),
			  cases[i].shown);
}

TEST("a line may have the greatest length, and one more is too long")
{
	CHECK_STR(read_all("abc\nd", 5, 3), "1[abc]2[d]");
	CHECK_STR(read_all("abc\r\nd", 6, 3), "1[abc]2[d]");
	CHECK_STR(read_all("abcd\ne", 6, 3), "!1[abc]2[e]");
	CHECK_STR(read_all("abcd", 4, 3), "!1[abc]");
}

/* `count` lines of `len` letters, with `end` behind each, through the buffer. */
static void check_lines(size_t count, size_t len, const char *end)
{
	size_t step = len + strlen(end);
	char *text = calloc(count, step);
	struct source source = source_of_memory(text, count * step);
	struct lines lines;
	struct slice line;
	size_t seen = 0;

	REQUIRE(text);
	for (size_t i = 0; i < count; i++) {
		memset(text + i * step, 'a' + (int)(i % 26), len);
		memcpy(text + i * step + len, end, strlen(end));
	}
	lines_init(&lines, &source, buffer, LINE_LEN_MAX);
	while (lines_next(&lines, &line) == STATUS_OK) {
		if (line.len != len || line.base[0] != 'a' + seen % 26 ||
		    line.base[len - 1] != 'a' + seen % 26)
			break;
		seen++;
	}
	CHECK_EQ(seen, count);
	free(text);
}

TEST("lines are whole wherever the buffer ends")
{
	check_lines(1000, 997, "\n");
	check_lines(1000, 1023, "\n");
	check_lines(500, LINE_LEN_MAX / 16 - 1, "\r\n");
	check_lines(20, LINE_LEN_MAX, "\n");
	check_lines(20, LINE_LEN_MAX, "\r\n");
	check_lines(20, LINE_LEN_MAX - 1, "\n");
}

TEST("behind a line that fits no buffer the next one is found")
{
	static char text[5 * LINES_BUFFER + 16];
	static const size_t lengths[] = {
		LINE_LEN_MAX + 1,    LINES_BUFFER - 1, LINES_BUFFER,
		LINES_BUFFER + 1,    3 * LINES_BUFFER, 4 * LINES_BUFFER - LINE_LEN_MAX,
		5 * LINES_BUFFER - 5
	};

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct source source = source_of_memory(text, lengths[i] + 5);
		struct lines lines;
		struct slice line;

		memset(text, 'x', lengths[i]);
		memcpy(text + lengths[i], "\nabc\n", 5);
		lines_init(&lines, &source, buffer, LINE_LEN_MAX);
		CHECK_EQ(lines_next(&lines, &line), STATUS_LIMIT);
		CHECK_EQ(line.len, LINE_LEN_MAX);
		CHECK(line.base[0] == 'x' && line.base[line.len - 1] == 'x');
		CHECK_EQ(lines_next(&lines, &line), STATUS_OK);
		CHECK(slice_is(line, "abc"));
		CHECK_EQ(lines.number, 2);
		CHECK_EQ(lines_next(&lines, &line), STATUS_END);
	}
}

TEST_MAIN()
