/* SPDX-License-Identifier: Apache-2.0 */
#include "view/script_fold.h"

#include "base/checked.h"

enum { PACKED_TOKENS = 12, BASE_MAX = 62 };

struct fold {
	struct script_tokens in;
	struct script_tokens *out;
	bool has_packer; /* its function was seen, its arguments not yet */
};

static void close_parentheses(struct script_tokens *tokens);
static size_t fold_unescape(struct fold *fold, size_t i);
static size_t fold_packed(struct fold *fold, size_t i);
static void fold_eval(struct fold *fold);
static void copy(struct fold *fold, size_t i);

void script_fold(struct arena *arena, struct slice raw, struct script_tokens *out)
{
	struct fold fold = { .out = out };
	size_t i = 0;

	script_tokens_init(&fold.in, arena);
	script_tokens_init(out, arena);
	script_tokens_read(&fold.in, raw);
	close_parentheses(&fold.in);
	while (i < fold.in.count && out->failed == STATUS_OK) {
		size_t taken = fold_unescape(&fold, i);

		if (taken == 0)
			taken = fold_packed(&fold, i);
		if (taken == 0) {
			copy(&fold, i);
			taken = 1;
			fold_eval(&fold);
		}
		i += taken;
	}
	if (fold.in.failed != STATUS_OK)
		out->failed = fold.in.failed;
}

static void close_parentheses(struct script_tokens *tokens)
{
	size_t depth = 0;

	for (size_t i = 0; i < tokens->count; i++) {
		if (script_is_sign(tokens, i, '('))
			depth++;
		else if (script_is_sign(tokens, i, ')') && depth > 0)
			depth--;
	}
	for (; depth > 0 && tokens->failed == STATUS_OK; depth--)
		script_tokens_add(tokens, (struct script_token){ .at = ')' });
}

static void copy(struct fold *fold, size_t i)
{
	struct script_token token = fold->in.list[i];

	if (token.kind != SCRIPT_SIGN) {
		struct slice text = script_token_text(&fold->in, &token);

		token.at = (uint32_t)fold->out->texts.len;
		growing_add(&fold->out->texts, text);
	}
	script_tokens_add(fold->out, token);
}

/* Is word `i` a function's name, and not that of a member of something? */
static bool is_call(const struct script_tokens *tokens, size_t i, const char *name)
{
	return script_is_word(tokens, i, name) && script_is_sign(tokens, i + 1, '(') &&
	       !(i > 0 && script_is_sign(tokens, i - 1, '.'));
}

/* Whatever follows the string is taken for the parenthesis. Returns the tokens taken. */
static size_t fold_unescape(struct fold *fold, size_t i)
{
	const struct script_tokens *in = &fold->in;
	struct growing *texts = &fold->out->texts;
	size_t from = texts->len;

	if (!is_call(in, i, "unescape") || !script_is_kind(in, i + 2, SCRIPT_STRING))
		return 0;
	struct slice text = script_token_text(in, &in->list[i + 2]);
	for (size_t at = 0; at < text.len;) {
		bool is_escape = text.base[at] == '%';
		bool is_wide = is_escape && at + 1 < text.len && text.base[at + 1] == 'u';
		int unit = is_wide ? script_hex(text, at + 2, 4) :
				     script_hex(text, at + 1, 2);

		if (!is_escape || unit < 0) {
			growing_put(texts, text.base[at++]);
		} else if (is_wide) {
			script_put_unit(texts, (uint16_t)unit);
			at += 6;
		} else {
			script_put_byte(texts, (uint8_t)unit);
			at += 3;
		}
	}
	script_tokens_add(fold->out,
			  (struct script_token){ .at = (uint32_t)from,
						 .len = (uint32_t)(texts->len - from),
						 .kind = SCRIPT_STRING,
						 .is_final = true });
	return 4;
}

/* The last tokens were eval ( "…" ): what is in the string takes their place. */
static void fold_eval(struct fold *fold)
{
	struct script_tokens *out = fold->out;
	size_t n = out->count;

	if (n < 4 || !is_call(out, n - 4, "eval") ||
	    !script_is_kind(out, n - 2, SCRIPT_STRING) ||
	    !script_is_sign(out, n - 1, ')'))
		return;
	/* The list may move while it grows, the bytes of what it was stay. */
	struct slice text = script_token_text(out, &out->list[n - 2]);
	out->count = n - 4;
	script_tokens_read(out, text);
}

static bool is_packer(const struct script_tokens *in, size_t i)
{
	static const char *const names[] = { "p", "a", "c", "k", "e" };

	if (!script_is_word(in, i, "function") || !script_is_sign(in, i + 1, '('))
		return false;
	for (size_t n = 0; n < 5; n++)
		if (!script_is_word(in, i + 2 + 2 * n, names[n]) ||
		    !script_is_sign(in, i + 3 + 2 * n, ','))
			return false;
	return true;
}

/* } ( "…" , 62 , 2 , "…" . split ( "|" ) */
static bool is_packed(const struct script_tokens *in, size_t i)
{
	return script_is_sign(in, i, '}') && script_is_sign(in, i + 1, '(') &&
	       script_is_kind(in, i + 2, SCRIPT_STRING) &&
	       script_is_sign(in, i + 3, ',') &&
	       script_is_kind(in, i + 4, SCRIPT_NUMBER) &&
	       script_is_sign(in, i + 5, ',') &&
	       script_is_kind(in, i + 6, SCRIPT_NUMBER) &&
	       script_is_sign(in, i + 7, ',') &&
	       script_is_kind(in, i + 8, SCRIPT_STRING) &&
	       script_is_sign(in, i + 9, '.') && script_is_word(in, i + 10, "split") &&
	       script_is_sign(in, i + 11, '(');
}

static bool is_of_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static uint64_t digit_of(uint8_t c)
{
	if (c <= '9')
		return (uint64_t)(c - '0');
	if (c >= 'a')
		return (uint64_t)(c - 'a' + 10);
	return (uint64_t)(c - 'A' + 36);
}

/* The word that a number written in `base` stands for; empty: for itself. */
static struct slice word_of(const struct slice *words, size_t count, struct slice number,
			    uint64_t base)
{
	uint64_t value = 0;

	for (size_t i = 0; i < number.len; i++) {
		value = value * base + digit_of(number.base[i]);
		if (value >= count)
			return (struct slice){ 0 };
	}
	return words[value];
}

static struct slice *split_words(struct arena *arena, struct slice text,
				 size_t *ret_count)
{
	size_t count = 1, from = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.base[i] == '|';
	struct slice *words = arena_new_array(arena, struct slice, count);
	if (!words)
		return NULL;
	*ret_count = count;
	count = 0;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.base[i] != '|')
			continue;
		words[count++] = (struct slice){ &text.base[from], i - from };
		from = i + 1;
	}
	return words;
}

static void unpack(struct slice packed, const struct slice *words, size_t count,
		   uint64_t base, struct growing *to)
{
	for (size_t at = 0; at < packed.len;) {
		struct slice number = { &packed.base[at], 0 };

		while (at + number.len < packed.len &&
		       is_of_word(packed.base[at + number.len]))
			number.len++;
		if (number.len == 0) {
			growing_put(to, packed.base[at++]);
			continue;
		}
		struct slice word = word_of(words, count, number, base);
		growing_add(to, word.len > 0 ? word : number);
		at += number.len;
	}
}

static size_t number_of(const struct script_tokens *tokens, size_t i)
{
	struct slice text = script_token_text(tokens, &tokens->list[i]);
	size_t value = 0;

	for (size_t at = 0; at < text.len && value <= BASE_MAX; at++)
		value = value * 10 + (size_t)(text.base[at] & 15);
	return value;
}

/* From the function's last brace to the end of the call's arguments. */
static size_t fold_packed(struct fold *fold, size_t i)
{
	struct script_tokens *in = &fold->in, *out = fold->out;
	size_t end = i + PACKED_TOKENS, depth = 2, count;
	struct growing unpacked;

	fold->has_packer = fold->has_packer || is_packer(in, i);
	if (!fold->has_packer || !is_packed(in, i))
		return 0;
	size_t base = number_of(in, i + 4);
	struct slice *words = split_words(
		in->arena, script_token_text(in, &in->list[i + 8]), &count);
	if (!words) {
		out->failed = STATUS_NO_MEMORY;
		return 0;
	}
	if (base < 2 || base > BASE_MAX)
		return 0;
	growing_init(&unpacked, in->arena, UINT32_MAX);
	unpack(script_token_text(in, &in->list[i + 2]), words, count, base, &unpacked);
	copy(fold, i);
	copy(fold, i + 1);
	script_tokens_read(out, growing_slice(&unpacked));
	if (unpacked.failed != STATUS_OK)
		out->failed = STATUS_NO_MEMORY;
	fold->has_packer = false;
	/* Up to the parenthesis that ends the arguments. */
	for (; end < in->count && depth > 0; end++) {
		depth += script_is_sign(in, end, '(');
		depth -= script_is_sign(in, end, ')');
	}
	return end - i - (depth == 0);
}
