/* SPDX-License-Identifier: Apache-2.0 */
#include "match/beginnings.h"

#include <string.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "bytes/store.h"
#include "match/pattern.h"
#include "match/pattern_program.h"

/* What is more than this is left as it is. */
enum { WORDS_MAX = 64, WORD_LEN_MAX = 256 };
enum { ALT_HEAD = 4, MASK_HEAD = 3, LEN_HEAD = 2 };

/* One of the things that alternatives can be, as MASK has bytes. */
struct word {
	size_t len;
	bool is_lost;
	uint8_t pairs[2 * WORD_LEN_MAX];
};

/* Programs that are still to be read, and the words that were. */
struct words {
	struct arena *arena;
	struct slice forms[WORDS_MAX];
	size_t form_count;
	struct word *at;
	size_t count;
	bool any_lost; /* of this part, or one before it */
};

struct pieces {
	struct slice *at;
	size_t count;
};

static enum status cut_part(struct words *words, const struct pattern_step *alt,
			    struct budget *budget, struct slice *step);
static struct words *words_new(struct arena *arena);
static enum status read_words(struct words *words);
static enum status read_form(struct words *words, struct slice form);
static enum status replace_alternatives(struct words *words, struct slice form,
					struct slice before,
					const struct pattern_step *alt);
static bool append(struct word *word, const struct pattern_step *step);
static bool lose(struct words *words);
static bool begins(const struct word *shorter, const struct word *longer);
static enum status write_alternatives(const struct words *words, struct slice *out);
static enum status join(const struct pieces *pieces, struct arena *arena,
			struct slice *out);

/* Does the step look back, so that what follows is still the beginning? */
static bool looks_back(const struct pattern_step *step)
{
	return (step->op == PATTERN_MARK && step->flags & PATTERN_MARK_BEFORE) ||
	       (step->op == PATTERN_NEAR && step->flags & PATTERN_NEAR_BEFORE);
}

static size_t count_steps(struct slice program)
{
	struct reader steps = reader_of_slice(program);
	struct pattern_step step;
	size_t count = 0;

	while (pattern_next_step(&steps, &step))
		count++;
	return count;
}

enum status beginnings_cut(struct slice program, struct budget *budget,
			   struct arena *arena, struct slice *out)
{
	struct reader steps = reader_of_slice(program);
	struct reader from = steps;
	struct words *words = NULL;
	struct pieces pieces = {
		.at = arena_new_array(arena, struct slice, count_steps(program)),
	};
	struct pattern_step step;
	enum status status = STATUS_OK;
	bool is_first = true;

	if (!pieces.at)
		return STATUS_NO_MEMORY;
	while (status == STATUS_OK && pattern_next_step(&steps, &step)) {
		struct slice *piece = &pieces.at[pieces.count++];

		*piece = reader_slice(&from, reader_left(&from) - reader_left(&steps));
		if (is_first && step.op == PATTERN_ALT) {
			words = words ? words : words_new(arena);
			status = words ? cut_part(words, &step, budget, piece) :
					 STATUS_NO_MEMORY;
		}
		is_first = step.op == PATTERN_GAP || (is_first && looks_back(&step));
	}
	if (status != STATUS_OK)
		return status;
	if (reader_ok(&steps) && words && words->any_lost)
		return join(&pieces, arena, out);
	*out = program;
	return STATUS_OK;
}

static struct words *words_new(struct arena *arena)
{
	struct words *words = arena_new(arena, struct words);

	if (!words)
		return NULL;
	words->arena = arena;
	words->at = arena_new_array(arena, struct word, WORDS_MAX);
	return words->at ? words : NULL;
}

/* The alternatives that a part begins with: `step` is all of it, and what is left. */
static enum status cut_part(struct words *words, const struct pattern_step *alt,
			    struct budget *budget, struct slice *step)
{
	const struct slice none = { 0 };

	if (!budget_take(budget, WORDS_MAX * (WORDS_MAX + alt->bytes.len)))
		return budget->status;
	words->count = words->form_count = 0;
	enum status status = replace_alternatives(words, none, none, alt);
	if (status == STATUS_OK)
		status = read_words(words);
	if (status == STATUS_OK && lose(words))
		return write_alternatives(words, step);
	return status == STATUS_UNSUPPORTED ? STATUS_OK : status;
}

static enum status read_words(struct words *words)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && words->form_count > 0) {
		words->form_count--;
		status = read_form(words, words->forms[words->form_count]);
	}
	return status;
}

/* A form without alternatives is a word; else it is as many forms as there are. */
static enum status read_form(struct words *words, struct slice form)
{
	struct reader steps = reader_of_slice(form);
	struct reader whole = steps;
	struct word *word = &words->at[words->count];
	struct pattern_step step;
	size_t before = 0;

	if (words->count == WORDS_MAX)
		return STATUS_UNSUPPORTED;
	word->len = 0;
	word->is_lost = false;
	while (pattern_next_step(&steps, &step)) {
		if (step.op == PATTERN_ALT)
			return replace_alternatives(words, reader_rest(&steps),
						    reader_slice(&whole, before), &step);
		if (!append(word, &step))
			return STATUS_UNSUPPORTED;
		before = form.len - reader_left(&steps);
	}
	words->count++;
	return reader_ok(&steps) ? STATUS_OK : STATUS_UNSUPPORTED;
}

static enum status replace_alternatives(struct words *words, struct slice behind,
					struct slice before,
					const struct pattern_step *alt)
{
	struct reader alternatives = reader_of_slice(alt->bytes);
	struct slice parts[3] = { before, { 0 }, behind };

	/* With none there would be forms without a word, and nothing to count them by. */
	if (alt->flags & PATTERN_ALT_NOT || alt->count == 0)
		return STATUS_UNSUPPORTED;
	while (pattern_next_alternative(&alternatives, &parts[1])) {
		const struct pieces pieces = { parts, 3 };

		if (words->form_count == WORDS_MAX)
			return STATUS_UNSUPPORTED;
		enum status status = join(&pieces, words->arena,
					  &words->forms[words->form_count++]);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* False if that is not so many bytes, each of them alone. */
static bool append(struct word *word, const struct pattern_step *step)
{
	const bool is_mask = step->op == PATTERN_MASK;
	const bool is_fold = step->op == PATTERN_FOLD;
	size_t len = is_mask ? step->bytes.len / 2 : step->bytes.len;

	if (step->op == PATTERN_SKIP)
		len = step->min;
	else if (step->op != PATTERN_LIT && !is_fold && !is_mask)
		return false;
	if (len > WORD_LEN_MAX - word->len)
		return false;
	for (size_t i = 0; i < len; i++) {
		uint8_t *pair = &word->pairs[2 * word->len++];

		pair[0] = pair[1] = 0;
		if (step->op == PATTERN_SKIP)
			continue;
		pair[0] = step->bytes.base[is_mask ? 2 * i : i];
		pair[1] = is_mask ? step->bytes.base[2 * i + 1] : 0xff;
		if (is_fold && pair[0] >= 'a' && pair[0] <= 'z') {
			/* Of a letter that is both cases, and nothing else. */
			pair[0] &= 0xdf;
			pair[1] = 0xdf;
		}
	}
	return true;
}

/* Marks those that are lost. False if there are none. */
static bool lose(struct words *words)
{
	bool any = false;

	for (size_t i = 0; i < words->count; i++) {
		for (size_t j = 0; j < words->count; j++) {
			struct word *one = &words->at[i];
			struct word *other = &words->at[j];

			if (one->len < other->len && begins(one, other))
				any = one->is_lost = other->is_lost = true;
		}
	}
	words->any_lost = words->any_lost || any;
	return any;
}

/* Can both be the same bytes, as far as the shorter goes? */
static bool begins(const struct word *shorter, const struct word *longer)
{
	for (size_t i = 0; i < 2 * shorter->len; i += 2) {
		unsigned mask = shorter->pairs[i + 1] & longer->pairs[i + 1];
		if ((shorter->pairs[i] ^ longer->pairs[i]) & mask)
			return false;
	}
	return true;
}

/* With none left it is no program, and is nowhere. */
static enum status write_alternatives(const struct words *words, struct slice *out)
{
	size_t len = ALT_HEAD;
	uint16_t count = 0;

	for (size_t i = 0; i < words->count; i++) {
		if (words->at[i].is_lost)
			continue;
		len += LEN_HEAD + MASK_HEAD + 2 * words->at[i].len;
		count++;
	}
	uint8_t *bytes = arena_alloc(words->arena, len);
	if (!bytes)
		return STATUS_NO_MEMORY;
	bytes[0] = PATTERN_ALT;
	bytes[1] = 0;
	store_u16le(&bytes[2], count);
	size_t at = ALT_HEAD;
	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->at[i];

		if (word->is_lost)
			continue;
		store_u16le(&bytes[at], (uint16_t)(MASK_HEAD + 2 * word->len));
		bytes[at + LEN_HEAD] = PATTERN_MASK;
		store_u16le(&bytes[at + LEN_HEAD + 1], (uint16_t)word->len);
		at += LEN_HEAD + MASK_HEAD;
		memcpy(&bytes[at], word->pairs, 2 * word->len);
		at += 2 * word->len;
	}
	*out = (struct slice){ bytes, len };
	return STATUS_OK;
}

static enum status join(const struct pieces *pieces, struct arena *arena,
			struct slice *out)
{
	size_t len = 0;
	size_t at = 0;

	for (size_t i = 0; i < pieces->count; i++)
		len += pieces->at[i].len;
	uint8_t *bytes = arena_alloc(arena, len);
	if (!bytes)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < pieces->count; i++) {
		if (pieces->at[i].len > 0)
			memcpy(&bytes[at], pieces->at[i].base, pieces->at[i].len);
		at += pieces->at[i].len;
	}
	*out = (struct slice){ bytes, len };
	return STATUS_OK;
}
