/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tokens of a script: words, numbers, strings, and single characters.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/growing.h"
#include "base/slice.h"
#include "base/status.h"

enum script_kind {
	SCRIPT_SIGN,   /* a character that is none of the following: `at` is it */
	SCRIPT_WORD,   /* a name or a keyword, as written */
	SCRIPT_NUMBER, /* as it will be written: 017 is 17, 1.50 is 1.5 */
	SCRIPT_STRING, /* decoded */
};

struct script_token {
	uint32_t at; /* in the texts */
	uint32_t len;
	uint8_t kind;
	bool is_final; /* a string that was made of others: no more is made of it */
};

/* Tokens, and the texts that they point into. */
struct script_tokens {
	struct arena *arena;
	struct growing texts;
	struct script_token *list;
	size_t count;
	size_t size;
	enum status failed; /* OK or NO_MEMORY, and then nothing more is added */
};

void script_tokens_init(struct script_tokens *tokens, struct arena *arena);

/*
 * Cuts `raw` into tokens and adds them. A word or a number that reaches the end of
 * `raw` might go on, and is left out; a string ends there.
 */
void script_tokens_read(struct script_tokens *tokens, struct slice raw);

void script_tokens_add(struct script_tokens *tokens, struct script_token token);

struct slice script_token_text(const struct script_tokens *tokens,
			       const struct script_token *token);

/* Is token `i` this sign, or this word? No, if there is no such token. */
bool script_is_sign(const struct script_tokens *tokens, size_t i, char sign);
bool script_is_word(const struct script_tokens *tokens, size_t i, const char *word);
bool script_is_kind(const struct script_tokens *tokens, size_t i, enum script_kind kind);

/* Writes a character: as a byte or as UTF-8. 0 becomes 1. */
void script_put_byte(struct growing *to, uint8_t byte);
void script_put_unit(struct growing *to, uint16_t unit);

/* `count` hexadecimal digits, or -1. */
int script_hex(struct slice text, size_t at, size_t count);
