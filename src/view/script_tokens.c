/* SPDX-License-Identifier: Apache-2.0 */
#include "view/script_tokens.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/hex.h"

enum { NUMBER_MAX = 64, FIRST_COUNT = 64 };

static size_t read_backslash(struct script_tokens *tokens, struct slice raw, size_t at);
static size_t read_word(struct script_tokens *tokens, struct slice raw, size_t at);
static size_t read_number(struct script_tokens *tokens, struct slice raw, size_t at);
static size_t read_string(struct script_tokens *tokens, struct slice raw, size_t at);
static void decode_string(struct slice text, struct growing *to);
static size_t read_escape(struct growing *to, struct slice text, size_t at);
static size_t skip_comment(struct slice raw, size_t at);

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool begins_word(uint8_t c)
{
	uint8_t folded = c | 0x20;

	return (folded >= 'a' && folded <= 'z') || c == '_' || c == '$';
}

/* What the language has; the rest only keeps words apart. */
static bool is_sign(uint8_t c)
{
	return c != '\0' && strchr("!%&()*+,-./:;<=>?[]^{|}~", c);
}

void script_tokens_init(struct script_tokens *tokens, struct arena *arena)
{
	*tokens = (struct script_tokens){ .arena = arena };
	growing_init(&tokens->texts, arena, UINT32_MAX);
}

void script_tokens_read(struct script_tokens *tokens, struct slice raw)
{
	size_t at = 0;

	while (at < raw.len && tokens->failed == STATUS_OK) {
		uint8_t c = raw.base[at];
		uint8_t next = at + 1 < raw.len ? raw.base[at + 1] : 0;

		if (c == '\\') {
			at = read_backslash(tokens, raw, at);
		} else if (begins_word(c)) {
			at = read_word(tokens, raw, at);
		} else if (is_digit(c)) {
			at = read_number(tokens, raw, at);
		} else if (c == '"' || c == '\'') {
			at = read_string(tokens, raw, at);
		} else if (c == '/' && (next == '/' || next == '*')) {
			at = skip_comment(raw, at);
		} else {
			if (is_sign(c))
				script_tokens_add(tokens,
						  (struct script_token){
							  .at = c, .kind = SCRIPT_SIGN });
			at++;
		}
	}
	if (tokens->texts.failed != STATUS_OK)
		tokens->failed = STATUS_NO_MEMORY;
}

void script_tokens_add(struct script_tokens *tokens, struct script_token token)
{
	size_t size = max_size(tokens->size * 2, FIRST_COUNT);

	if (tokens->failed != STATUS_OK)
		return;
	if (tokens->count == tokens->size) {
		struct script_token *list = arena_new_array(tokens->arena,
							    struct script_token, size);
		if (!list) {
			tokens->failed = STATUS_NO_MEMORY;
			return;
		}
		if (tokens->count > 0)
			memcpy(list, tokens->list, tokens->count * sizeof(*list));
		tokens->list = list;
		tokens->size = size;
	}
	tokens->list[tokens->count++] = token;
}

static void add_text(struct script_tokens *tokens, enum script_kind kind, size_t from)
{
	const struct growing *texts = &tokens->texts;

	script_tokens_add(tokens,
			  (struct script_token){ .at = (uint32_t)from,
						 .len = (uint32_t)(texts->len - from),
						 .kind = (uint8_t)kind });
}

/*
 * Outside of a string, as in a regular expression, it is a word without letters; with
 * "u" behind it, the beginning of one.
 */
static size_t read_backslash(struct script_tokens *tokens, struct slice raw, size_t at)
{
	if (raw.len - at == 2)
		return raw.len;
	if (raw.len - at > 2 && raw.base[at + 1] == 'u')
		return read_word(tokens, raw, at);
	add_text(tokens, SCRIPT_WORD, tokens->texts.len);
	return at + 1;
}

/* A backslash ends a word, but for "\\u", of which the "u" is left out. */
static size_t read_word(struct script_tokens *tokens, struct slice raw, size_t at)
{
	size_t from = tokens->texts.len;

	while (at < raw.len) {
		uint8_t c = raw.base[at];

		if (c == '\\' && at + 1 < raw.len && raw.base[at + 1] == 'u')
			at++;
		else if (!begins_word(c) && !is_digit(c))
			break;
		growing_put(&tokens->texts, c);
		at++;
	}
	if (at == raw.len) {
		tokens->texts.len = from;
		return at;
	}
	add_text(tokens, SCRIPT_WORD, from);
	return raw.base[at] == '\\' ? at + 1 : at;
}

static size_t skip_digits(struct slice raw, size_t at)
{
	while (at < raw.len && is_digit(raw.base[at]))
		at++;
	return at;
}

/* Digits; behind a point more of them and an exponent. */
static size_t number_end(struct slice raw, size_t at)
{
	at = skip_digits(raw, at);
	if (at == raw.len || raw.base[at] != '.')
		return at;
	at = skip_digits(raw, at + 1);
	if (at == raw.len || (raw.base[at] | 0x20) != 'e')
		return at;
	at++;
	if (at < raw.len && (raw.base[at] == '+' || raw.base[at] == '-'))
		at++;
	return skip_digits(raw, at);
}

static size_t read_number(struct script_tokens *tokens, struct slice raw, size_t at)
{
	size_t from = tokens->texts.len, end = number_end(raw, at);
	char text[NUMBER_MAX], written[NUMBER_MAX];

	if (end == raw.len)
		return end;
	size_t len = min_size(end - at, NUMBER_MAX - 1);
	memcpy(text, &raw.base[at], len);
	text[len] = '\0';
	if (strchr(text, '.'))
		snprintf(written, sizeof(written), "%g", strtod(text, NULL));
	else
		snprintf(written, sizeof(written), "%d", (int)strtol(text, NULL, 10));
	growing_add(&tokens->texts, slice_of(written));
	add_text(tokens, SCRIPT_NUMBER, from);
	return end;
}

/* Behind "+" and a string it is one with that. */
static bool joins(const struct script_tokens *tokens)
{
	size_t n = tokens->count;

	return script_is_sign(tokens, n - 1, '+') &&
	       script_is_kind(tokens, n - 2, SCRIPT_STRING) &&
	       !tokens->list[n - 2].is_final;
}

static size_t read_string(struct script_tokens *tokens, struct slice raw, size_t at)
{
	struct growing *texts = &tokens->texts;
	size_t from = texts->len, end = at + 1;
	uint8_t quote = raw.base[at];

	while (end < raw.len && raw.base[end] != quote)
		end += raw.base[end] == '\\' ? 2 : 1;
	end = min_size(end, raw.len);
	decode_string((struct slice){ &raw.base[at + 1], end - at - 1 }, texts);
	if (joins(tokens)) {
		struct script_token *first = &tokens->list[tokens->count - 2];

		/* Nothing else was written since: its text goes on here. */
		first->len = (uint32_t)(texts->len - first->at);
		tokens->count--;
	} else {
		add_text(tokens, SCRIPT_STRING, from);
	}
	return end + 1;
}

static void decode_string(struct slice text, struct growing *to)
{
	size_t at = 0;

	while (at < text.len) {
		if (text.base[at] == '\\')
			at = read_escape(to, text, at + 1);
		else
			growing_put(to, text.base[at++]);
	}
}

/* Other digits count as 0, but for the last, which makes it -1. */
static int loose_hex(struct slice text, size_t at, size_t count)
{
	int value = 0, digit = 0;

	for (size_t i = 0; i < count; i++) {
		digit = script_hex(text, at + i, 1);
		value = value * 16 + (digit < 0 ? 0 : digit);
	}
	return digit < 0 ? -1 : value;
}

/* What follows a backslash; returns the place behind it. */
static size_t read_escape(struct growing *to, struct slice text, size_t at)
{
	static const char controls[] = "b\bf\fn\nr\rt\tv\v0\0";

	if (at >= text.len) {
		growing_put(to, '\\');
		return at;
	}
	uint8_t c = text.base[at++];
	if (c == 'x' || c == 'u') {
		size_t digits = c == 'x' ? 2 : 4;

		/* Cut short it loses its letter, and with "x" the digit as well. */
		if (text.len - at < digits) {
			growing_put(to, '\\');
			return c == 'x' ? text.len : at;
		}
		if (c == 'x')
			script_put_byte(to, (uint8_t)loose_hex(text, at, 2));
		else
			script_put_unit(to, (uint16_t)loose_hex(text, at, 4));
		return at + digits;
	}
	for (size_t i = 0; i + 1 < sizeof(controls); i += 2) {
		if (c == controls[i]) {
			script_put_byte(to, (uint8_t)controls[i + 1]);
			return at;
		}
	}
	script_put_byte(to, c);
	return at;
}

/* Line ends were made spaces before: a comment in a line ends at the first of them. */
static size_t skip_comment(struct slice raw, size_t at)
{
	bool is_line = raw.base[at + 1] == '/';

	at += 2;
	while (at < raw.len) {
		if (is_line && raw.base[at] == ' ')
			return at;
		if (!is_line && raw.base[at] == '*' && at + 1 < raw.len &&
		    raw.base[at + 1] == '/')
			return at + 2;
		at++;
	}
	return at;
}

struct slice script_token_text(const struct script_tokens *tokens,
			       const struct script_token *token)
{
	return (struct slice){ &tokens->texts.bytes[token->at], token->len };
}

bool script_is_sign(const struct script_tokens *tokens, size_t i, char sign)
{
	return script_is_kind(tokens, i, SCRIPT_SIGN) &&
	       tokens->list[i].at == (uint8_t)sign;
}

bool script_is_word(const struct script_tokens *tokens, size_t i, const char *word)
{
	return script_is_kind(tokens, i, SCRIPT_WORD) &&
	       slice_is(script_token_text(tokens, &tokens->list[i]), word);
}

bool script_is_kind(const struct script_tokens *tokens, size_t i, enum script_kind kind)
{
	return i < tokens->count && tokens->list[i].kind == kind;
}

void script_put_byte(struct growing *to, uint8_t byte)
{
	growing_put(to, byte == 0 ? 1 : byte);
}

void script_put_unit(struct growing *to, uint16_t unit)
{
	if (unit < 0x80) {
		script_put_byte(to, (uint8_t)unit);
	} else if (unit < 0x800) {
		growing_put(to, (uint8_t)(0xc0 | unit >> 6));
		growing_put(to, (uint8_t)(0x80 | (unit & 0x3f)));
	} else {
		growing_put(to, (uint8_t)(0xe0 | unit >> 12));
		growing_put(to, (uint8_t)(0x80 | (unit >> 6 & 0x3f)));
		growing_put(to, (uint8_t)(0x80 | (unit & 0x3f)));
	}
}

int script_hex(struct slice text, size_t at, size_t count)
{
	int value = 0;

	if (!range_fits(at, count, text.len))
		return -1;
	for (size_t i = 0; i < count; i++) {
		int digit = hex_digit(text.base[at + i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}
