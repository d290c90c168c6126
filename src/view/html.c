/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html.h"

#include <string.h>

#include "base/checked.h"
#include "base/compiler.h"
#include "view/html_entity.h"
#include "view/script_text.h"

/*
 * Pages are read in pieces of at most this, cut behind white space if they have any; what
 * white space a piece begins with is lost. Texts show it: where a piece ends is part of
 * what rules see.
 */
enum { PIECE_MAX = 8191 };

/* Where in the page the next byte belongs. */
enum place {
	IN_TEXT,
	IN_ENTITY,
	IN_NUMBER,
	IN_TAG,  /* its name */
	IN_BANG, /* "<!" in a script */
	IN_COMMENT,
	BEFORE_ARGUMENT,
	IN_ARGUMENT, /* its name */
	BEFORE_VALUE,
	IN_VALUE,
	IN_DATA, /* the rest of a value that begins "data:" */
	AFTER_DATA,
};

/* What ends a value. */
enum quoting {
	NOT_QUOTED,
	QUOTED,
	/*
	 * Behind its first space or '>' a quoted value is ended by the next of these,
	 * and the quote before that is not part of it.
	 */
	LOOSELY_QUOTED,
};

enum element { IN_PAGE, IN_SCRIPT, IN_STYLE };

/* What may be one character of several bytes. */
struct held {
	uint8_t bytes[3];
	size_t len;
};

struct html {
	struct html_views *out;
	struct arena *arena;
	struct script_limits limits;
	struct growing script; /* the one that the page is in, as it is written */
	enum status status;    /* of what was made of scripts so far */
	enum place place;
	enum place entity_from; /* IN_TEXT or IN_VALUE */
	enum element element;
	bool space_due;    /* white space that is written before the next thing */
	bool trims;        /* white space is not written at all: a tag stands before it */
	bool skips;        /* white space within a value that was written already */
	bool tag_due;      /* '<' was read and not written */
	bool script_over;  /* white space that follows still belongs to the script */
	bool tag_finished; /* a whole tag was read, and not yet acted on */
	bool word_ended;   /* the last of the words is a space */
	uint8_t quote;
	enum quoting quoting;

	struct held held_in_text;
	struct held held_in_value;

	uint8_t tag[HTML_NAME_MAX];
	size_t tag_len;
	uint8_t argument[HTML_NAME_MAX];
	size_t argument_len;
	uint8_t value[HTML_VALUE_MAX];
	size_t value_len;
	uint8_t target[HTML_VALUE_MAX]; /* of a link or an image: where it leads */
	size_t target_len;

	uint8_t entity[HTML_NAME_MAX];
	size_t entity_len;
	uint64_t number;
	unsigned base;
};

static size_t piece_len(const uint8_t *window, size_t got);
static void skip_space(struct reader *piece);
static void take(struct html *html, uint8_t c);
static void take_again(struct html *html, uint8_t c);
static bool takes_held(struct html *html, uint8_t c);
static bool is_plain(uint8_t c);
static void take_text(struct html *html, uint8_t c);
static void put_text(struct html *html, uint8_t c);
static void put_due_space(struct html *html);
static void put_value(struct html *html, uint8_t c);
static void release_held(struct html *html);
static void hold(struct html *html, uint8_t c);
static void begin_tag(struct html *html);
static void take_tag(struct html *html, uint8_t c);
static void end_tag(struct html *html);
static void act_on_tag(struct html *html);
static void end_script(struct html *html);
static void take_argument(struct html *html, uint8_t c);
static void take_bang(struct html *html, uint8_t c);
static void begin_value(struct html *html);
static void take_value(struct html *html, uint8_t c);
static void take_value_space(struct html *html, uint8_t c);
static void end_value(struct html *html);
static void take_data(struct html *html, uint8_t c);
static void begin_entity(struct html *html);
static void take_entity(struct html *html, uint8_t c);
static void take_number(struct html *html, uint8_t c);
static void put_entity(struct html *html, uint16_t unit);
static void put_name(struct html *html);
static void finish(struct html *html);

static bool is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static void add(uint8_t *to, size_t *len, size_t max, uint8_t c)
{
	if (*len < max)
		to[(*len)++] = c;
}

enum status html_read(struct arena *arena, const struct source *source,
		      enum file_type type, const struct html_limits *limits,
		      struct html_views *out)
{
	struct html *html = arena_new(arena, struct html);
	uint8_t *window = arena_alloc(arena, PIECE_MAX + 1);
	enum status status = STATUS_OK;
	uint64_t offset = 0;

	(void)type;
	if (!html || !window)
		return STATUS_NO_MEMORY;
	growing_init(&out->page, arena, limits->view_bytes_max);
	growing_init(&out->words, arena, limits->view_bytes_max);
	growing_init(&out->script, arena, limits->view_bytes_max);
	html->out = out;
	html->arena = arena;
	html->limits = (struct script_limits){ limits->clock, limits->deadline_ms };
	html->trims = true;
	while (offset < source->size) {
		struct reader piece;
		size_t got;

		if (clock_now_ms(&limits->clock) >= limits->deadline_ms)
			return STATUS_TIME;
		status = source_read(source, offset, window, PIECE_MAX + 1, &got);
		if (status != STATUS_OK)
			return status;
		piece = reader_of(window, piece_len(window, got));
		if (offset > 0)
			skip_space(&piece);
		while (reader_left(&piece) > 0)
			take(html, reader_u8(&piece));
		if (html->status != STATUS_OK)
			return html->status;
		offset += piece.len;
	}
	finish(html);
	return html->status;
}

/* How many of the `got` bytes are the next piece. */
static size_t piece_len(const uint8_t *window, size_t got)
{
	if (got <= PIECE_MAX)
		return got;
	if (is_space(window[PIECE_MAX]))
		return PIECE_MAX;
	for (size_t len = PIECE_MAX; len > 0; len--)
		if (is_space(window[len - 1]))
			return len;
	return PIECE_MAX;
}

static void skip_space(struct reader *piece)
{
	for (int c = reader_peek(piece, piece->pos);
	     c == 0 || (c > 0 && is_space((uint8_t)c));
	     c = reader_peek(piece, piece->pos))
		reader_skip(piece, 1);
}

static void take(struct html *html, uint8_t c)
{
	if (c == '\0' || c == '\r')
		return;
	if (html->tag_finished)
		act_on_tag(html);
	if (c == '\n')
		c = ' ';
	if (html->script_over && !is_space(c))
		end_script(html);
	if (html->element == IN_SCRIPT || html->script_over)
		growing_put(&html->script, c);
	take_again(html, c);
}

/* A byte that was taken for a part of something that ended before it, too. */
static void take_again(struct html *html, uint8_t c)
{
	if (takes_held(html, c))
		return;
	switch (html->place) {
	case IN_TEXT:
		take_text(html, c);
		break;
	case IN_ENTITY:
		take_entity(html, c);
		break;
	case IN_NUMBER:
		take_number(html, c);
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
		take_argument(html, c);
		break;
	case BEFORE_VALUE:
	case IN_VALUE:
		take_value(html, c);
		break;
	case IN_DATA:
		take_data(html, c);
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
		begin_value(html);
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
	return !is_space(c) && c != '>' && c != '&' && c != '"' && c != '\'';
}

static void put_page(struct html *html, uint8_t c)
{
	growing_put(&html->out->page, c);
}

/* Words are one space apart. Scripts and styles have none. */
static void put_word(struct html *html, uint8_t c)
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
	if (is_space(c)) {
		put_word(html, ' ');
		if (!html->trims)
			html->space_due = true;
		return;
	}
	put_text(html, c);
}

static void put_due_space(struct html *html)
{
	if (html->space_due && html->element == IN_PAGE)
		put_page(html, ' ');
	html->space_due = false;
	html->trims = false;
}

static void put_text(struct html *html, uint8_t c)
{
	put_due_space(html);
	if (c == '<') {
		begin_tag(html);
	} else if (c == '&') {
		begin_entity(html);
	} else {
		put_page(html, c == '\'' && html->element != IN_PAGE ? '"' : lower(c));
		put_word(html, lower(c));
	}
}

static void put_held(struct html *html, uint8_t c)
{
	put_page(html, c);
	if (html->place == IN_VALUE)
		put_value(html, c);
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
	put_word(html, ' ');
	html->place = IN_TAG;
	html->tag_due = true;
	html->tag_len = 0;
	html->target_len = 0;
	html->argument_len = 0;
	html->value_len = 0;
}

static void take_tag(struct html *html, uint8_t c)
{
	if (html->tag_due) {
		if (is_space(c))
			return;
		html->tag_due = false;
		if (c == '!' && html->element == IN_PAGE) {
			html->place = IN_COMMENT;
			return;
		}
		put_page(html, '<');
	}
	if (html->tag_len == 0 && html->element != IN_PAGE && c != '/') {
		/* Nothing that could end the script. */
		put_page(html, lower(c));
		html->place = c == '!' ? IN_BANG : IN_TEXT;
	} else if (c == '>') {
		end_tag(html);
	} else if (!is_space(c)) {
		put_page(html, lower(c));
		add(html->tag, &html->tag_len, HTML_NAME_MAX, lower(c));
	} else if (html->element != IN_PAGE) {
		/* In a script only the name counts. */
		html->place = IN_TEXT;
		act_on_tag(html);
	} else {
		html->place = BEFORE_ARGUMENT;
	}
}

static void take_bang(struct html *html, uint8_t c)
{
	if (!is_space(c))
		put_page(html, c == '\'' ? '"' : lower(c));
	if (c == '>')
		html->place = IN_TEXT;
}

static void end_tag(struct html *html)
{
	put_page(html, '>');
	html->place = IN_TEXT;
	html->trims = true;
	html->tag_finished = true;
}

static bool tag_is(const struct html *html, const char *name)
{
	return slice_is((struct slice){ html->tag, html->tag_len }, name);
}

static void act_on_tag(struct html *html)
{
	html->tag_finished = false;
	if (html->element != IN_PAGE) {
		if (tag_is(html, "/script") ||
		    (html->element == IN_STYLE && tag_is(html, "/style"))) {
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
	if (tag_is(html, "script")) {
		html->element = IN_SCRIPT;
		growing_init(&html->script, html->arena, html->out->script.limit);
	}
	if (tag_is(html, "style"))
		html->element = IN_STYLE;
}

static bool is_blank(const struct growing *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (!is_space(text->bytes[i]))
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

static void take_argument(struct html *html, uint8_t c)
{
	if (is_space(c)) {
		if (html->place == IN_ARGUMENT)
			html->place = BEFORE_ARGUMENT;
	} else if (c == '>') {
		end_tag(html);
	} else if (c == '=') {
		put_page(html, '=');
		html->place = BEFORE_VALUE;
		html->value_len = 0;
	} else {
		if (html->place == BEFORE_ARGUMENT)
			put_page(html, ' ');
		if (html->place != IN_ARGUMENT)
			html->argument_len = 0;
		html->place = IN_ARGUMENT;
		put_page(html, lower(c));
		add(html->argument, &html->argument_len, HTML_NAME_MAX, lower(c));
	}
}

static void put_value(struct html *html, uint8_t c)
{
	add(html->value, &html->value_len, HTML_VALUE_MAX, c);
}

static void begin_value(struct html *html)
{
	html->place = IN_VALUE;
	html->skips = false;
	html->quoting = NOT_QUOTED;
}

static void take_value(struct html *html, uint8_t c)
{
	bool is_quote = c == '"' || c == '\'';

	if (html->place == BEFORE_VALUE) {
		if (is_space(c))
			return;
		begin_value(html);
	}
	if (is_quote && html->quoting == NOT_QUOTED && html->value_len == 0) {
		html->quoting = QUOTED;
		html->quote = c;
		put_page(html, '"');
		return;
	}
	if (is_space(c)) {
		take_value_space(html, c);
		return;
	}
	html->skips = false;
	if (c == '>' && html->quoting == QUOTED) {
		html->quoting = LOOSELY_QUOTED;
		html->skips = true;
		put_page(html, c);
		put_value(html, c);
	} else if (c == '>') {
		if (html->quoting == LOOSELY_QUOTED && html->value_len > 0)
			html->value_len--;
		end_value(html);
		end_tag(html);
	} else if (html->quoting == QUOTED && c == html->quote) {
		put_page(html, '"');
		end_value(html);
	} else if (c == '&') {
		begin_entity(html);
	} else if (c == ':' && html->value_len == 4 &&
		   memcmp(html->value, "data", 4) == 0) {
		html->place = IN_DATA;
	} else {
		put_page(html, is_quote ? '"' : lower(c));
		put_value(html, is_quote ? '"' : c);
	}
}

static void take_value_space(struct html *html, uint8_t c)
{
	if (html->skips)
		return;
	if (html->quoting == QUOTED) {
		put_page(html, c);
		put_value(html, ' ');
		html->quoting = LOOSELY_QUOTED;
		html->skips = true;
		return;
	}
	if (html->quoting == LOOSELY_QUOTED && html->value_len > 0)
		html->value_len--;
	end_value(html);
}

static void end_value(struct html *html)
{
	struct slice name = { html->argument, html->argument_len };
	bool leads = (tag_is(html, "a") && slice_is(name, "href")) ||
		     (tag_is(html, "img") && slice_is(name, "src"));

	size_t len = 0;

	html->place = BEFORE_ARGUMENT;
	while (len < html->value_len && html->value[len] != '\0')
		len++;
	/* A NUL, which only a number can write, hides the quote that would be cut off. */
	if (len < html->value_len && html->quoting != NOT_QUOTED && len > 0)
		len--;
	if (leads && html->target_len == 0) {
		memcpy(html->target, html->value, len);
		html->target_len = len;
	}
	html->argument_len = 0;
	html->value_len = 0;
}

/* What is in a data: URI is an object of its own: unpack/html_data.c. */
static void take_data(struct html *html, uint8_t c)
{
	if (html->quoting == NOT_QUOTED) {
		if (c == '>' || is_space(c))
			html->place = AFTER_DATA;
	} else if (c == html->quote) {
		put_page(html, '"');
		html->place = AFTER_DATA;
	}
	html->value_len = 0;
}

static void begin_entity(struct html *html)
{
	if (html->place == IN_TEXT)
		put_word(html, ' ');
	html->entity_from = html->place;
	html->place = IN_ENTITY;
	html->entity_len = 0;
}

static bool is_of_name(uint8_t c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
	       c == '_' || c == '-' || c == ':';
}

static void take_entity(struct html *html, uint8_t c)
{
	uint16_t unit;

	if (c == '#' && html->entity_len == 0) {
		html->place = IN_NUMBER;
		html->number = 0;
		html->base = 10;
	} else if (c == ';') {
		html->place = html->entity_from;
		if (html_entity_find((struct slice){ html->entity, html->entity_len },
				     &unit)) {
			put_entity(html, unit);
		} else {
			put_name(html);
			put_page(html, ';');
			if (html->place == IN_VALUE)
				put_value(html, ';');
		}
	} else if (!is_of_name(c) || html->entity_len == HTML_NAME_MAX) {
		html->place = html->entity_from;
		put_name(html);
		take_again(html, c);
	} else {
		html->entity[html->entity_len++] = c;
	}
}

/* "&name" that names nothing, as it is. */
static void put_name(struct html *html)
{
	put_page(html, '&');
	if (html->place == IN_VALUE)
		put_value(html, '&');
	for (size_t i = 0; i < html->entity_len; i++) {
		put_page(html, lower(html->entity[i]));
		if (html->place == IN_VALUE)
			put_value(html, lower(html->entity[i]));
	}
}

static void put_entity(struct html *html, uint16_t unit)
{
	size_t before = html->out->page.len;

	html_entity_write(&html->out->page, unit);
	if (html->place != IN_VALUE)
		return;
	for (size_t i = before; i < html->out->page.len; i++)
		put_value(html, html->out->page.bytes[i]);
}

static bool digit_of(uint8_t c, unsigned base, unsigned *ret_digit)
{
	if (c >= '0' && c <= '9')
		*ret_digit = (unsigned)(c - '0');
	else if (base == 16 && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		*ret_digit = (unsigned)((c | 0x20) - 'a' + 10);
	else
		return false;
	return true;
}

static void take_number(struct html *html, uint8_t c)
{
	unsigned digit;

	if (html->number == 0 && html->base == 10 && html->entity_len == 0 &&
	    (c == 'x' || c == 'X')) {
		html->base = 16;
		return;
	}
	html->entity_len = 1;
	if (digit_of(c, html->base, &digit)) {
		html->number = html->number * html->base + digit;
		return;
	}
	html->place = html->entity_from;
	if (c != ';') {
		put_page(html, (uint8_t)html->number);
		take_again(html, c);
		return;
	}
	if (html->number < 0xff)
		put_page(html, lower((uint8_t)html->number));
	else if ((uint16_t)html->number != 0)
		html_entity_write(&html->out->page, (uint16_t)html->number);
	if (html->place == IN_VALUE)
		put_value(html, (uint8_t)html->number);
}

/* The page ends wherever it is. */
static void finish(struct html *html)
{
	uint16_t unit;

	if (html->element == IN_SCRIPT || html->script_over)
		end_script(html);
	if (html->place == IN_TAG && html->tag_due)
		put_page(html, '<');
	if (html->place == IN_ENTITY && html->entity_len > 0) {
		html->place = html->entity_from;
		if (html_entity_find((struct slice){ html->entity, html->entity_len },
				     &unit))
			put_entity(html, unit);
		else
			put_name(html);
	}
}
