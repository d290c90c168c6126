/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/screnc.h"

#include <string.h>

#include "base/base64.h"
#include "base/slice.h"
#include "bytes/reader.h"

enum { DIGITS = 6, CYCLE = 64, TABLE_FIRST = 0x20, TABLE_LEN = 96 };

/* Which of the three alphabets is meant, place by place. */
static const char cycle[CYCLE + 1] = "01201212212102120212001221021221"
				     "00212120200120210212001220012021";

/* What 0x20 … 0x7f stand for in each, and a tab. '<', '>' and '@' stand for nothing. */
static const struct {
	char of[TABLE_LEN + 1];
	char of_tab;
} alphabets[] = {
	{ ".GzVBj/&IA42[vrC89pEhqO\tbD#u<~>^@wJa]\"KoN;LPg*}t"
	  "T+-,0nkf5%!dMRc?{x)(sY3\177mUS|:_eFX1ilZH'\\=$y7`Q 6",
	  'W' },
	{ "-uR`q^I\\b})6 |z\177kc3+hQfv1dTC<:>~@E,*t'7DyY/o&rj9"
	  "{?8wgSG4x]0#Z[lHUpi.L!$NP\tVs5aKX;W\"mM%(FJ2A=_OBe",
	  'n' },
	{ "20!)[83=X:5e9\\VsfNEkbYx^}Jmq<`>S@B'Hru17MR\"TjGd-"
	  " \177.L]~loytC&v%$+(#A4\t*D?w;UiacPgQIOFh|6pnz/_KZ,W",
	  '{' },
};

static void step(struct screnc *screnc, struct screnc_out *out);
static bool is_head(const struct screnc *screnc);
static bool is_trailer(const struct screnc *screnc);
static void begin_text(struct screnc *screnc);
static void end_text(struct screnc *screnc);
static void decode(struct screnc *screnc, struct screnc_out *out);
static uint8_t character(struct screnc *screnc, uint8_t c);
static struct slice held(const struct screnc *screnc, size_t from);
static bool is_number(struct slice digits);
static uint32_t number_of(struct slice digits);

void screnc_take(struct screnc *screnc, uint8_t c, struct screnc_out *out)
{
	out->len = 0;
	/* NUL: every other byte of a text in UTF-16. */
	if (c == '\0' || (screnc->in_text && (c == '\r' || c == '\n')))
		return;
	screnc->held[screnc->held_len++] = c;
	if (screnc->held_len == SCRENC_HELD)
		step(screnc, out);
}

void screnc_end(struct screnc *screnc, struct screnc_out *out)
{
	out->len = 0;
	if (screnc->in_text || screnc->is_due)
		screnc->is_damaged = true;
	/* A part of the trailer. */
	if (screnc->in_text && screnc->left == 0)
		screnc->held_len = 0;
	while (screnc->held_len > 0 && out->len == 0)
		step(screnc, out);
}

static void release(struct screnc *screnc, size_t len, enum screnc_kind kind,
		    struct screnc_out *out)
{
	out->kind = kind;
	out->len = len;
	memcpy(out->bytes, screnc->held, len);
	screnc->held_len -= len;
	memmove(screnc->held, &screnc->held[len], screnc->held_len);
}

/* Deals with the first of the held bytes, or with several. */
static void step(struct screnc *screnc, struct screnc_out *out)
{
	const size_t all = screnc->held_len;

	if (screnc->ends_at_tag && slice_begins_nocase(held(screnc, 0), "</script")) {
		screnc->is_damaged = screnc->is_damaged || screnc->in_text;
		screnc->is_over = true;
		release(screnc, all, SCRENC_PLAIN, out);
	} else if (!screnc->in_text && is_head(screnc)) {
		begin_text(screnc);
		release(screnc, all, SCRENC_HEAD, out);
	} else if (!screnc->in_text) {
		release(screnc, 1, SCRENC_PLAIN, out);
	} else if (screnc->left == 0 && is_trailer(screnc)) {
		end_text(screnc);
		screnc->held_len = 0;
	} else {
		release(screnc, 1, SCRENC_DECODED, out);
		decode(screnc, out);
	}
}

static bool is_head(const struct screnc *screnc)
{
	const struct slice sign = held(screnc, 0);

	if (screnc->held_len < SCRENC_HEAD_LEN || !slice_begins_nocase(sign, "#@~^"))
		return false;
	/* No digit is a '<', and the end of a script begins with it. */
	return is_number(held(screnc, 4)) ||
	       (screnc->is_due && !memchr(screnc->held, '<', screnc->held_len));
}

static bool is_trailer(const struct screnc *screnc)
{
	return screnc->held_len == SCRENC_TRAILER_LEN && !screnc->is_pair &&
	       !screnc->is_double && is_number(held(screnc, 0)) &&
	       slice_is(held(screnc, 8), "^#~@");
}

static void begin_text(struct screnc *screnc)
{
	const struct slice number = held(screnc, 4);

	screnc->in_text = true;
	screnc->is_due = false;
	screnc->sum = 0;
	screnc->phase = 0;
	screnc->is_pair = screnc->is_double = screnc->has_double = false;
	screnc->left = UINT32_MAX;
	if (is_number(number))
		screnc->left = number_of(number);
	else
		screnc->is_damaged = true;
}

static void end_text(struct screnc *screnc)
{
	screnc->in_text = false;
	screnc->blocks++;
	if (!screnc->has_double && number_of(held(screnc, 0)) != screnc->sum)
		screnc->is_damaged = true;
}

/* Of the one byte in *out. */
static void decode(struct screnc *screnc, struct screnc_out *out)
{
	const uint8_t c = out->bytes[0];

	if (screnc->is_double) {
		screnc->is_double = false;
		return;
	}
	if (c >= 0x80 && !screnc->is_pair) {
		screnc->is_double = screnc->has_double = true;
	} else if (c == '@' && !screnc->is_pair) {
		screnc->is_pair = true;
		out->len = 0;
	} else {
		out->bytes[0] = character(screnc, c);
		screnc->phase = (screnc->phase + 1) % CYCLE;
		screnc->sum += out->bytes[0];
	}
	if (screnc->left > 0)
		screnc->left--;
	else
		screnc->is_damaged = true;
}

static uint8_t character(struct screnc *screnc, uint8_t c)
{
	static const char pairs[] = "&\n#\r!<*>$@";

	if (screnc->is_pair) {
		screnc->is_pair = false;
		for (size_t i = 0; pairs[i] != '\0'; i += 2)
			if (c == (uint8_t)pairs[i])
				return (uint8_t)pairs[i + 1];
		return 0xff;
	}
	size_t alphabet = (size_t)(cycle[screnc->phase] - '0');
	if (c == '\t')
		return (uint8_t)alphabets[alphabet].of_tab;
	if (c < TABLE_FIRST)
		return c;
	return (uint8_t)alphabets[alphabet].of[c - TABLE_FIRST];
}

static struct slice held(const struct screnc *screnc, size_t from)
{
	struct reader reader = reader_of(screnc->held, screnc->held_len);

	reader_seek(&reader, from);
	return reader_rest(&reader);
}

static bool is_number(struct slice digits)
{
	if (digits.len < DIGITS + 2)
		return false;
	for (size_t i = 0; i < DIGITS; i++)
		if (base64_value(digits.base[i]) < 0)
			return false;
	return digits.base[DIGITS] == '=' && digits.base[DIGITS + 1] == '=';
}

static uint32_t number_of(struct slice digits)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < DIGITS; i++)
		bits = bits << 6 | (uint64_t)base64_value(digits.base[i]);
	return __builtin_bswap32((uint32_t)(bits >> 4));
}
