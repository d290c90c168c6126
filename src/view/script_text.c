/* SPDX-License-Identifier: Apache-2.0 */
#include "view/script_text.h"

#include <stdio.h>

#include "view/script_fold.h"
#include "view/script_names.h"

enum { TOKENS_BETWEEN_CLOCKS = 4096 };

static enum status write_tokens(const struct script_tokens *tokens,
				struct script_names *names,
				const struct script_limits *limits, struct growing *out);
static void write_token(const struct script_tokens *tokens,
			const struct script_token *token, int64_t number,
			struct growing *out);
static void write_lower(struct slice text, struct growing *out);

enum status script_normalise(struct arena *arena, struct slice raw,
			     const struct script_limits *limits, struct growing *out)
{
	static const char end[] = "</script>";
	struct script_tokens tokens;
	struct script_names *names;

	script_fold(arena, raw, &tokens);
	if (tokens.failed != STATUS_OK)
		return tokens.failed;
	enum status status = script_names_read(arena, &tokens, &names);
	if (status != STATUS_OK)
		return status;
	growing_add(out, slice_of("<script>"));
	size_t from = out->len;
	status = write_tokens(&tokens, names, limits, out);
	if (status != STATUS_OK)
		return status;
	struct slice written = growing_slice(out);
	size_t len = sizeof(end) - 1;
	if (written.len - from < len ||
	    memcmp(&written.base[written.len - len], end, len) != 0)
		growing_add(out, slice_of(end));
	return STATUS_OK;
}

static bool is_wordy(const struct script_token *token)
{
	return token->kind == SCRIPT_WORD || token->kind == SCRIPT_NUMBER;
}

static enum status write_tokens(const struct script_tokens *tokens,
				struct script_names *names,
				const struct script_limits *limits, struct growing *out)
{
	for (size_t i = 0; i < tokens->count; i++) {
		const struct script_token *token = &tokens->list[i];

		if (i % TOKENS_BETWEEN_CLOCKS == 0 &&
		    clock_now_ms(&limits->clock) >= limits->deadline_ms)
			return STATUS_TIME;
		if (i > 0 && is_wordy(token) && is_wordy(&tokens->list[i - 1]))
			growing_put(out, ' ');
		write_token(tokens, token, script_names_next(names, tokens, i), out);
	}
	return STATUS_OK;
}

static void write_token(const struct script_tokens *tokens,
			const struct script_token *token, int64_t number,
			struct growing *out)
{
	char name[32];

	switch ((enum script_kind)token->kind) {
	case SCRIPT_SIGN:
		growing_put(out, (uint8_t)token->at);
		break;
	case SCRIPT_STRING:
		growing_put(out, '"');
		write_lower(script_token_text(tokens, token), out);
		growing_put(out, '"');
		break;
	case SCRIPT_WORD:
	case SCRIPT_NUMBER:
		if (number >= 0) {
			snprintf(name, sizeof(name), "n%03lld", (long long)number);
			growing_add(out, slice_of(name));
		} else {
			write_lower(script_token_text(tokens, token), out);
		}
		break;
	}
}

static void write_lower(struct slice text, struct growing *out)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.base[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		else if (c >= '\t' && c <= '\r')
			c = ' ';
		growing_put(out, c);
	}
}
