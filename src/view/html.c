/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html.h"

#include <string.h>

#include "base/compiler.h"
#include "view/html_machine.h"
#include "view/html_run.h"
#include "view/utf16.h"

/*
 * Pages are read in pieces of at most this, cut behind white space if they have any; what
 * white space a piece begins with is lost. Texts show it: where a piece ends is part of
 * what rules see.
 */
enum { PIECE_MAX = 8191 };

static enum status read_pieces(struct html *html, struct arena *arena,
			       const struct source *source);
static size_t piece_len(const uint8_t *window, size_t got);
static struct slice rest_of(const struct reader *piece);
static void skip_space(struct reader *piece);
static void take(struct html *html, uint8_t c);
static void take_encoded(struct html *html, uint8_t c);
static void take_out(struct html *html, const struct screnc_out *out);
static void take_decoded(struct html *html, uint8_t c);
static bool takes_held(struct html *html, uint8_t c);
static bool is_plain(uint8_t c);
static void take_text(struct html *html, uint8_t c);
static void put_text(struct html *html, uint8_t c);
static void put_due_space(struct html *html);
static void release_held(struct html *html);
static void hold(struct html *html, uint8_t c);
static void begin_tag(struct html *html);
static void take_tag(struct html *html, uint8_t c);
static void act_on_tag(struct html *html);
static void end_script(struct html *html);
static void take_bang(struct html *html, uint8_t c);
static void finish(struct html *html);

enum status html_read(struct arena *arena, const struct source *source,
		      enum file_type type, const struct html_limits *limits,
		      struct html_views *out)
{
	struct html *html = arena_new(arena, struct html);
	struct source narrow = *source;

	if (!html)
		return STATUS_NO_MEMORY;
	if (type == TYPE_HTML_UTF16) {
		enum status status = utf16_read(arena, source, &narrow);

		if (status != STATUS_OK)
			return status;
	}
	growing_init(&out->page, arena, limits->bytes_max);
	growing_init(&out->words, arena, limits->words_bytes_max);
	growing_init(&out->script, arena, limits->bytes_max);
	growing_init(&html->arguments, arena, limits->bytes_max);
	out->has_damage = false;
	html->out = out;
	html->arena = arena;
	html->limits = (struct script_limits){ limits->clock, limits->deadline_ms };
	html->trims = true;
	return read_pieces(html, arena, &narrow);
}

static enum status read_pieces(struct html *html, struct arena *arena,
			       const struct source *source)
{
	const struct script_limits *limits = &html->limits;
	uint8_t *window = arena_alloc_unset(arena, PIECE_MAX + 1);
	uint64_t offset = 0;

	if (!window)
		return STATUS_NO_MEMORY;
	while (offset < source->size) {
		struct reader piece;
		size_t got;

		if (clock_now_ms(&limits->clock) >= limits->deadline_ms)
			return STATUS_TIME;
		enum status status = source_read(source, offset, window, PIECE_MAX + 1,
						 &got);
		if (status != STATUS_OK)
			return status;
		piece = reader_of(window, piece_len(window, got));
		if (offset > 0)
			skip_space(&piece);
		while (reader_left(&piece) > 0) {
			reader_skip(&piece, html_take_run(html, rest_of(&piece)));
			if (reader_left(&piece) > 0)
				take(html, reader_u8(&piece));
		}
		if (html->status != STATUS_OK)
			return html->status;
		offset += piece.len;
	}
	finish(html);
	return html->status;
}

static struct slice rest_of(const struct reader *piece)
{
	struct reader ahead = *piece;

	return reader_rest(&ahead);
}

/* How many of the `got` bytes are the next piece. */
static size_t piece_len(const uint8_t *window, size_t got)
{
	if (got <= PIECE_MAX)
		return got;
	if (html_is_space(window[PIECE_MAX]))
		return PIECE_MAX;
	for (size_t len = PIECE_MAX; len > 0; len--)
		if (html_is_space(window[len - 1]))
			return len;
	return PIECE_MAX;
}

static void skip_space(struct reader *piece)
{
	for (int c = reader_peek(piece, piece->pos);
	     c == 0 || (c > 0 && html_is_space((uint8_t)c));
	     c = reader_peek(piece, piece->pos))
		reader_skip(piece, 1);
}

static void take(struct html *html, uint8_t c)
{
	/* Only then is it known how the next byte is to be taken. */
	if (html->tag_finished && c != '\0' && c != '\r')
		act_on_tag(html);
	if (html->is_encoded)
		take_encoded(html, c);
	else
		take_decoded(html, c);
}

static void take_encoded(struct html *html, uint8_t c)
{
	struct screnc_out out;

	screnc_take(&html->screnc, c, &out);
	if (html->screnc.blocks > 0 || html->screnc.is_over)
		html->is_encoded = false;
	take_out(html, &out);
}

static void take_out(struct html *html, const struct screnc_out *out)
{
	html->out->has_damage = html->out->has_damage || html->screnc.is_damaged;
	if (out->len == 0)
		return;
	if (out->kind != SCRENC_DECODED && !html->screnc.is_over) {
		html_put_encoded(html, out);
		return;
	}
	for (size_t i = 0; i < out->len; i++)
		take_decoded(html, out->bytes[i]);
}

static void take_decoded(struct html *html, uint8_t c)
{
	if (c == '\r' && (html->element == IN_SCRIPT || html->script_over))
		growing_put(&html->script, c);
	if (c == '\0' || c == '\r')
		return;
	if (html->tag_finished)
		act_on_tag(html);
	if (c == '\n')
		c = ' ';
	if (html->script_over && !html_is_space(c))
		end_script(html);
	if (html->element == IN_SCRIPT || html->script_over)
		growing_put(&html->script, c);
	html_take_again(html, c);
}

/* A byte that was taken for a part of something that ended before it, too. */
void html_take_again(struct html *html, uint8_t c)
{
	if (takes_held(html, c))
		return;
	switch (html->place) {
	case IN_TEXT:
		take_text(html, c);
		break;
	case IN_ENTITY:
		html_take_entity(html, c);
		break;
	case IN_NUMBER:
		html_take_number(html, c);
		break;
	case IN_TAG:
		take_tag(html, c);
		break;
	case IN_BANG:
		take_bang(html, c);
		break;
	case IN_COMMENT:
		if (c == '>') {
			html->place = IN_TEXT;
			html->trims = true;
		}
		break;
	case BEFORE_ARGUMENT:
	case IN_ARGUMENT:
	case AFTER_DATA:
		html_take_argument(html, c);
		break;
	case BEFORE_VALUE:
	case IN_VALUE:
		html_take_value(html, c);
		break;
	case IN_DATA:
		html_take_data(html, c);
		break;
	}
}

static struct held *held_of(struct html *html)
{
	return html->place == IN_TEXT ? &html->held_in_text : &html->held_in_value;
}

/*
 * In text and values bytes from 0x80 on are held until it is known what they are. Those
 * at the end of a value may move on to the next one, tags away.
 */
static bool takes_held(struct html *html, uint8_t c)
{
	const struct held *held = held_of(html);
	bool ends = c < 0x80 && (html->place == IN_TEXT || is_plain(c));

	if (html->place == BEFORE_VALUE && (c >= 0x80 || (held->len > 0 && ends)))
		html_begin_value(html);
	if (html->place != IN_TEXT && html->place != IN_VALUE)
		return false;
	if (held->len > 0 && (ends || (c >= 0x80 && held->len == 3)))
		release_held(html);
	if (c >= 0x80)
		hold(html, c);
	return c >= 0x80;
}

/* Has it no meaning in a value? */
static bool is_plain(uint8_t c)
{
	return !html_is_space(c) && c != '>' && c != '&' && c != '"' && c != '\'';
}

/* Words are one space apart. Scripts and styles have none. */
void html_put_word(struct html *html, uint8_t c)
{
	if (html->element != IN_PAGE)
		return;
	if (c < ' ')
		c = ' ';
	if (c != ' ' || !html->word_ended)
		growing_put(&html->out->words, c);
	html->word_ended = c == ' ';
}

static void take_text(struct html *html, uint8_t c)
{
	if (html_is_space(c)) {
		html_put_word(html, ' ');
		if (!html->trims)
			html->space_due = true;
		return;
	}
	put_text(html, c);
}

static void put_due_space(struct html *html)
{
	if (html->space_due && html->element == IN_PAGE)
		html_put_page(html, ' ');
	html->space_due = false;
	html->trims = false;
}

static void put_text(struct html *html, uint8_t c)
{
	put_due_space(html);
	if (c == '<') {
		begin_tag(html);
	} else if (c == '&') {
		html_begin_entity(html);
	} else {
		html_put_page(html, c == '\'' && html->element != IN_PAGE ?
					    '"' :
					    html_lower(c));
		html_put_word(html, html_lower(c));
	}
}

static void put_held(struct html *html, uint8_t c)
{
	html_put_page(html, c);
	if (html->place == IN_VALUE)
		html_put_value(html, c);
}

static void hold(struct html *html, uint8_t c)
{
	struct held *held = held_of(html);

	if (html->place == IN_TEXT)
		put_due_space(html);
	html->skips = false;
	held->bytes[held->len++] = c;
}

static bool is_stop(const struct held *held)
{
	static const uint8_t stops[][3] = {
		{ 0xe3, 0x80, 0x82 },
		{ 0xef, 0xbc, 0x8e },
		{ 0xef, 0xb9, 0x92 },
	};

	for (size_t i = 0; i < ARRAY_LEN(stops) && held->len == 3; i++)
		if (memcmp(stops[i], held->bytes, 3) == 0)
			return true;
	return false;
}

/*
 * Bytes from 0x80 on are taken three at a time, to find the full stops of East Asian
 * text in UTF-8. For others the words get the first or the second twice, or a NUL.
 */
static void release_held(struct html *html)
{
	struct held *held = held_of(html);
	struct growing *words = &html->out->words;
	bool in_text = html->place == IN_TEXT;

	if (is_stop(held)) {
		put_held(html, '.');
		if (in_text)
			growing_put(words, '.');
	} else {
		for (size_t i = 0; i < held->len; i++)
			put_held(html, held->bytes[i]);
		if (in_text && held->len > 1)
			growing_put(words, held->bytes[0]);
		if (in_text && held->len == 3)
			growing_put(words, held->bytes[1]);
		if (in_text)
			growing_put(words,
				    held->len > 1 ? held->bytes[held->len - 2] : 0);
	}
	held->len = 0;
}

static void begin_tag(struct html *html)
{
	html_put_word(html, ' ');
	html->place = IN_TAG;
	html->tag_due = true;
	html->is_encoded_tag = false;
	html->tag_len = 0;
	html->target_len = 0;
	html->argument_len = 0;
	html->value_len = 0;
}

static void take_tag(struct html *html, uint8_t c)
{
	if (html->tag_due) {
		if (html_is_space(c))
			return;
		html->tag_due = false;
		if (c == '!' && html->element == IN_PAGE) {
			html->place = IN_COMMENT;
			return;
		}
		html_put_page(html, '<');
	}
	if (html->tag_len == 0 && html->element != IN_PAGE && c != '/') {
		/* Nothing that could end the script. */
		html_put_page(html, html_lower(c));
		html->place = c == '!' ? IN_BANG : IN_TEXT;
	} else if (c == '>') {
		html_end_tag(html);
	} else if (!html_is_space(c)) {
		html_put_page(html, html_lower(c));
		html_add(html->tag, &html->tag_len, HTML_NAME_MAX, html_lower(c));
	} else if (html->element != IN_PAGE) {
		/* In a script only the name counts. */
		html->place = IN_TEXT;
		act_on_tag(html);
	} else {
		html->place = BEFORE_ARGUMENT;
		html_note_tag(html);
	}
}

static void take_bang(struct html *html, uint8_t c)
{
	if (!html_is_space(c))
		html_put_page(html, c == '\'' ? '"' : html_lower(c));
	if (c == '>')
		html->place = IN_TEXT;
}

void html_end_tag(struct html *html)
{
	html_put_page(html, '>');
	html->place = IN_TEXT;
	html->trims = true;
	html->tag_finished = true;
}

static void act_on_tag(struct html *html)
{
	html->tag_finished = false;
	if (html->element != IN_PAGE) {
		if (html_tag_is(html, "/script") ||
		    (html->element == IN_STYLE && html_tag_is(html, "/style"))) {
			html->script_over = html->element == IN_SCRIPT;
			html->element = IN_PAGE;
		}
		return;
	}
	if (html->target_len > 0) {
		for (size_t i = 0; i < html->target_len; i++)
			growing_put(&html->out->words, html->target[i]);
		growing_put(&html->out->words, ' ');
	}
	if (html_tag_is(html, "script")) {
		html->element = IN_SCRIPT;
		growing_init(&html->script, html->arena, html->out->script.limit);
		html_begin_encoded(html);
	}
	if (html_tag_is(html, "style"))
		html->element = IN_STYLE;
}

static bool is_blank(const struct growing *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (!html_is_space(text->bytes[i]))
			return false;
	return true;
}

static void end_script(struct html *html)
{
	struct growing *out = &html->out->script;

	html->script_over = false;
	if (is_blank(&html->script))
		return;
	if (html->script.failed != STATUS_OK)
		out->failed = html->script.failed;
	if (out->len > 0)
		growing_put(out, '\n');
	enum status status = script_normalise(html->arena, growing_slice(&html->script),
					      &html->limits, out);
	if (status == STATUS_NO_MEMORY)
		out->failed = status;
	else
		html->status = status;
}

/* The page ends wherever it is. */
static void finish(struct html *html)
{
	struct screnc_out out = { .len = html->is_encoded };

	while (out.len > 0) {
		screnc_end(&html->screnc, &out);
		take_out(html, &out);
	}
	if (html->element == IN_SCRIPT || html->script_over)
		end_script(html);
	if (html->place == IN_TAG && html->tag_due)
		html_put_page(html, '<');
	if (html->place == IN_ENTITY && html->entity_len > 0)
		html_finish_entity(html);
}
