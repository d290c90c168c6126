/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What most bytes of a page are, without the machine's questions for each of them. The
 * machine does the same with each of these bytes, and a test holds them side by side.
 */
#include "view/html_run.h"

#include "base/checked.h"
#include "bytes/reader.h"

/* What a byte is in a run of text. */
enum { STOP, PLAIN, SPACE, NOTHING };

static const uint8_t kinds[256] = {
	['\0'] = NOTHING,       ['\t' ... '\f'] = SPACE, ['\r'] = NOTHING,
	[' '] = SPACE,          ['!' ... '%'] = PLAIN,   ['\'' ... ';'] = PLAIN,
	['=' ... 0x7f] = PLAIN,
};

static size_t run_of_words(struct html *html, struct slice bytes);
static size_t run_of_script(struct html *html, struct slice bytes);
static size_t run_of_value(struct html *html, struct slice bytes);
static size_t run_until(struct slice bytes, uint8_t end);

size_t html_take_run(struct html *html, struct slice bytes)
{
	if (html->tag_finished || html->script_over || html->is_encoded)
		return 0;
	if (html->place == IN_COMMENT)
		return run_until(bytes, '>');
	if (html->place == IN_DATA && html->quoting != NOT_QUOTED && bytes.len > 0) {
		html->value_len = 0;
		return run_until(bytes, html->quote);
	}
	if (html->place == IN_VALUE && html->held_in_value.len == 0)
		return run_of_value(html, bytes);
	if (html->place != IN_TEXT || html->held_in_text.len > 0)
		return 0;
	if (html->element == IN_PAGE)
		return run_of_words(html, bytes);
	return run_of_script(html, bytes);
}

/* How many bytes may be added without asking. */
static size_t room_of(const struct growing *text)
{
	return text->size - text->len;
}

static size_t run_until(struct slice bytes, uint8_t end)
{
	struct reader reader = reader_of_slice(bytes);
	size_t at;

	if (!reader_find(&reader, 0, (struct slice){ &end, 1 }, &at))
		return bytes.len;
	return at;
}

/* hot loop: the page gets at most one byte for each, and a space that was due. */
static size_t run_of_words(struct html *html, struct slice bytes)
{
	struct growing *page = &html->out->page, *words = &html->out->words;
	size_t len = min_size(bytes.len, room_of(words));
	bool space_due = html->space_due, trims = html->trims, ended = html->word_ended;
	size_t at = 0;

	if (room_of(page) == 0)
		return 0;
	len = min_size(len, room_of(page) - 1);
	for (; at < len && kinds[bytes.base[at]] != STOP; at++) {
		uint8_t c = html_lower(bytes.base[at]);

		if (kinds[c] == SPACE) {
			words->bytes[words->len] = ' ';
			words->len += !ended;
			ended = true;
			space_due = space_due || !trims;
		} else if (kinds[c] == PLAIN) {
			page->bytes[page->len] = ' ';
			page->len += space_due;
			page->bytes[page->len++] = c;
			words->bytes[words->len++] = c;
			ended = space_due = trims = false;
		}
	}
	html->space_due = space_due;
	html->trims = trims;
	html->word_ended = ended;
	return at;
}

/* hot loop: a script is kept as it is written, too; a style is not. */
static size_t run_of_script(struct html *html, struct slice bytes)
{
	struct growing *page = &html->out->page, *script = &html->script;
	bool is_script = html->element == IN_SCRIPT;
	size_t len = min_size(bytes.len, room_of(page));
	size_t at = 0;

	if (is_script)
		len = min_size(len, room_of(script));
	for (; at < len; at++) {
		uint8_t c = bytes.base[at];

		if (kinds[c] != PLAIN && kinds[c] != SPACE)
			break;
		if (kinds[c] == PLAIN) {
			page->bytes[page->len++] = c == '\'' ? '"' : html_lower(c);
			html->space_due = html->trims = false;
		} else {
			html->space_due = html->space_due || !html->trims;
		}
		if (is_script)
			script->bytes[script->len++] = c == '\n' ? ' ' : c;
	}
	return at;
}

/* hot loop: what neither ends a value nor begins something else in it. */
static size_t run_of_value(struct html *html, struct slice bytes)
{
	struct growing *page = &html->out->page;
	size_t len = min_size(bytes.len, room_of(page));
	size_t at = 0;

	for (; at < len; at++) {
		uint8_t c = bytes.base[at];

		if (kinds[c] != PLAIN || c == '>' || c == '"' || c == '\'' || c == ':')
			break;
		page->bytes[page->len++] = html_lower(c);
		html_put_value(html, c);
	}
	if (at > 0)
		html->skips = false;
	return at;
}
