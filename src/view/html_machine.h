/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that view/html.h describes, for the files that are its parts: html.c (text
 * and tags), html_argument.c (what is in a tag), html_reference.c (&amp; and the like),
 * html_encoded.c (scripts in Microsoft's encoding). Not for anybody else.
 */
#pragma once

#include <string.h>

#include "codec/screnc.h"
#include "view/html.h"
#include "view/script_text.h"

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

	bool notes_arguments;     /* the tag is <script> … */
	struct growing arguments; /* … with these, as they are written anew … */
	bool has_language;        /* … and has `language` … */
	bool is_encoded_tag;      /* … which says that the script is encoded */
	bool is_encoded;          /* bytes go through: */
	struct screnc screnc;
};

/* html_argument.c */
void html_take_argument(struct html *html, uint8_t c);
void html_begin_value(struct html *html);
void html_take_value(struct html *html, uint8_t c);
void html_take_data(struct html *html, uint8_t c);

/* html_reference.c */
void html_begin_entity(struct html *html);
void html_take_entity(struct html *html, uint8_t c);
void html_take_number(struct html *html, uint8_t c);
void html_finish_entity(struct html *html);

/* html_encoded.c: arguments of tags, as they come; a script begins, its parts come */
void html_note_tag(struct html *html);
void html_note_argument(struct html *html, uint8_t c, bool is_first);
void html_note_value(struct html *html, struct slice name, struct slice value);
void html_begin_encoded(struct html *html);
void html_put_encoded(struct html *html, const struct screnc_out *out);

/* html.c: a byte that was taken for a part of something that ended before it, too. */
void html_take_again(struct html *html, uint8_t c);
void html_put_word(struct html *html, uint8_t c);
void html_end_tag(struct html *html);

static inline bool html_is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline uint8_t html_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static inline void html_add(uint8_t *to, size_t *len, size_t max, uint8_t c)
{
	if (*len < max)
		to[(*len)++] = c;
}

static inline bool html_tag_is(const struct html *html, const char *name)
{
	return slice_is((struct slice){ html->tag, html->tag_len }, name);
}

static inline void html_put_page(struct html *html, uint8_t c)
{
	growing_put(&html->out->page, c);
}

static inline void html_put_value(struct html *html, uint8_t c)
{
	html_add(html->value, &html->value_len, HTML_VALUE_MAX, c);
}
