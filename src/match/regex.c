/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "match/regex.h"

#include <pcre2.h>

#include "base/checked.h"
#include "match/regex_cache.h"

enum {
	/* Some nanoseconds each; but few rules ask for expressions, and those that do need
	 * several at every byte. */
	STEPS_PER_ITEM = 1,
	STEPS_PER_TEXT_BYTE = 64, /* to compile */
	/* of PCRE2's own way back: enough for what is no bomb */
	HEAP_MAX_KIB = 20000,
};

/* The part of the object that the expression sees at a time. */
struct window {
	uint8_t *bytes; /* NULL: the object is in memory */
	size_t size;
	struct reader seen;
	uint64_t at; /* where it begins in the object */
	bool is_last;
};

struct search {
	const struct pattern_search *in;
	const struct regex *regex;
	uint64_t first; /* where the subject begins, and where it ends */
	uint64_t end;
	uint64_t last; /* a match starts here at the latest */
	uint32_t options;
	struct arena *arena; /* where PCRE2 takes memory, if nothing is kept */
	pcre2_general_context *general;
	pcre2_match_context *context;
	pcre2_code *code;
	pcre2_match_data *data;
	uint32_t lookbehind;
	struct window window;
	uint64_t next; /* no match starts before */
	enum status status;
};

struct found {
	uint64_t start, end;
};

static pcre2_code *compile(const struct regex *regex, pcre2_general_context *general,
			   int *error, PCRE2_SIZE *error_at);
static pcre2_general_context *general_in(struct arena **arena);
static enum status find_code(struct search *search);
static void keep_code(struct search *search);
static enum status search_open(struct search *search);
static enum status search_all(struct search *search, uint64_t want,
			      struct pattern_matches *out);
static enum status search_next(struct search *search, struct found *out);
static enum status move_window(struct search *search, size_t *ret_start);
static enum status after_no_match(struct search *search, int result);
static int on_item(pcre2_callout_block *block, void *context);

enum status regex_check(const struct regex *regex, struct arena *arena,
			struct regex_error *error)
{
	struct arena_mark mark = arena_mark(arena);
	pcre2_general_context *general = general_in(&arena);
	PCRE2_SIZE at = 0;
	int code = 0;

	if (!general)
		return STATUS_NO_MEMORY;
	bool is_good = compile(regex, general, &code, &at);
	arena_rewind(arena, mark);
	if (is_good)
		return STATUS_OK;
	if (code == PCRE2_ERROR_HEAP_FAILED)
		return STATUS_NO_MEMORY;
	*error = (struct regex_error){ .offset = at };
	(void)pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message,
				      sizeof(error->message));
	return STATUS_MALFORMED;
}

enum status regex_find(const struct pattern_search *search, const struct regex *regex,
		       struct pattern_range range, uint64_t want,
		       struct pattern_matches *out)
{
	struct arena_mark mark = arena_mark(search->arena);
	bool is_anywhere = range.first == 0 && range.last == UINT64_MAX;
	struct search work = {
		.in = search,
		.regex = regex,
		.first = range.first,
		.next = range.first,
		.end = search->text->len,
		.last = range.last,
	};

	if (range.first >= work.end)
		return STATUS_OK;
	if (regex->flags & REGEX_ANCHORED)
		work.options = PCRE2_ANCHORED;
	/* Of a single place the first match is there, and each other behind the last. */
	if (range.first == range.last && !(regex->flags & REGEX_ROLLING))
		work.options |= PCRE2_ANCHORED;
	if (range.first == range.last)
		work.last = UINT64_MAX;
	else if (regex->flags & REGEX_ENCOMPASS && !is_anywhere)
		work.end = min_u64(work.end, range.last);
	enum status status = search_open(&work);
	if (status == STATUS_OK)
		status = search_all(&work, want, out);
	arena_rewind(search->arena, mark);
	return status;
}

static void *take(PCRE2_SIZE size, void *arena)
{
	return arena_alloc(*(struct arena **)arena, size);
}

/* All of it is given back at once. */
static void give(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

static pcre2_general_context *general_in(struct arena **arena)
{
	return pcre2_general_context_create(take, give, arena);
}

static uint32_t options_of(unsigned flags)
{
	static const struct {
		unsigned flag;
		uint32_t option;
	} list[] = {
		{ REGEX_CASELESS, PCRE2_CASELESS },
		{ REGEX_DOTALL, PCRE2_DOTALL },
		{ REGEX_MULTILINE, PCRE2_MULTILINE },
		{ REGEX_EXTENDED, PCRE2_EXTENDED },
		{ REGEX_ANCHORED, PCRE2_ANCHORED },
		{ REGEX_DOLLAR_END, PCRE2_DOLLAR_ENDONLY },
		{ REGEX_UNGREEDY, PCRE2_UNGREEDY },
	};
	/* A callout at each item is where work is charged and the clock is asked. */
	uint32_t options = PCRE2_NEVER_UTF | PCRE2_AUTO_CALLOUT | PCRE2_USE_OFFSET_LIMIT;

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (flags & list[i].flag)
			options |= list[i].option;
	return options;
}

static pcre2_code *compile(const struct regex *regex, pcre2_general_context *general,
			   int *error, PCRE2_SIZE *error_at)
{
	pcre2_compile_context *context = pcre2_compile_context_create(general);

	*error = PCRE2_ERROR_HEAP_FAILED;
	if (!context)
		return NULL;
	return pcre2_compile(regex->text.base, regex->text.len, options_of(regex->flags),
			     error, error_at, context);
}

static enum status search_open(struct search *search)
{
	const struct pattern_search *in = search->in;
	uint64_t len = search->end - search->first;

	if (!budget_take(in->budget, search->regex->text.len * STEPS_PER_TEXT_BYTE))
		return in->budget->status;
	if (in->regexes)
		in->regexes->arena = in->arena;
	search->arena = in->arena;
	search->general = general_in(in->regexes ? &in->regexes->arena : &search->arena);
	if (!search->general)
		return STATUS_NO_MEMORY;
	enum status status = find_code(search);
	if (status != STATUS_OK)
		return status;
	search->context = pcre2_match_context_create(search->general);
	search->data = pcre2_match_data_create(1, search->general);
	if (!search->context || !search->data)
		return STATUS_NO_MEMORY;
	(void)pcre2_pattern_info(search->code, PCRE2_INFO_MAXLOOKBEHIND,
				 &search->lookbehind);
	(void)pcre2_set_callout(search->context, on_item, in->budget);
	/* Steps are what limits work. */
	(void)pcre2_set_match_limit(search->context, UINT32_MAX);
	(void)pcre2_set_depth_limit(search->context, UINT32_MAX);
	(void)pcre2_set_heap_limit(search->context, HEAP_MAX_KIB);
	if (in->text->memory.base)
		return STATUS_OK;
	search->window.size = min_size((size_t)min_u64(len, REGEX_WINDOW_LEN),
				       arena_left(in->arena) / 2);
	search->window.bytes = arena_alloc(in->arena, search->window.size);
	return search->window.bytes ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The expression compiled, now or before. */
static enum status find_code(struct search *search)
{
	struct regex_cache *kept = search->in->regexes;
	PCRE2_SIZE error_at;
	int error;

	if (kept)
		search->code = regex_cache_find(kept, search->regex);
	if (search->code)
		return STATUS_OK;
	search->code = compile(search->regex, search->general, &error, &error_at);
	if (!search->code)
		return error == PCRE2_ERROR_HEAP_FAILED ? STATUS_NO_MEMORY : STATUS_LIMIT;
	if (kept)
		keep_code(search);
	return STATUS_OK;
}

/* A copy stays when the object's memory goes. */
static void keep_code(struct search *search)
{
	struct regex_cache *kept = search->in->regexes;
	struct regex_slot *slot = NULL;
	size_t bytes = 0;

	if (pcre2_pattern_info(search->code, PCRE2_INFO_SIZE, &bytes) == 0)
		slot = regex_cache_slot(kept, search->regex, bytes);
	if (!slot)
		return;
	kept->arena = &slot->memory;
	slot->code = pcre2_code_copy(search->code);
	kept->arena = search->in->arena;
}

static enum status search_all(struct search *search, uint64_t want,
			      struct pattern_matches *out)
{
	struct pattern_matches matches = { 0 };
	enum status status = STATUS_OK;
	struct found found = { 0 };

	if (!(search->regex->flags & REGEX_GLOBAL))
		want = min_u64(want, 1);
	while (matches.count < want) {
		status = search_next(search, &found);
		/* \K moves the start. */
		if (status != STATUS_OK || found.start > search->last)
			break;
		if (matches.count == 0) {
			matches.offset = found.start;
			matches.len = found.end - found.start;
		}
		matches.last = found.start;
		matches.count++;
		search->next = found.end;
		search->options &= ~(uint32_t)PCRE2_NOTEMPTY_ATSTART;
		if (found.start == found.end)
			search->options |= PCRE2_NOTEMPTY_ATSTART;
	}
	if (status != STATUS_OK && status != STATUS_END)
		return status;
	*out = matches;
	return STATUS_OK;
}

/* The next match, or END. */
static enum status search_next(struct search *search, struct found *out)
{
	struct budget *budget = search->in->budget;

	while (search->next <= search->last) {
		uint32_t options = search->options;
		uint64_t from = search->next;
		size_t start;
		enum status status = move_window(search, &start);

		if (status != STATUS_OK)
			return status;
		struct reader bytes = search->window.seen;
		struct slice seen = reader_rest(&bytes);
		if (!search->window.is_last)
			options |= PCRE2_PARTIAL_HARD;
		PCRE2_SIZE limit = PCRE2_UNSET;
		if (search->last - search->window.at < seen.len)
			limit = search->last - search->window.at;
		(void)pcre2_set_offset_limit(search->context, limit);
		int result = pcre2_match(search->code, seen.base, seen.len, start,
					 options, search->data, search->context);
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(search->data);
		if (result < 0) {
			status = after_no_match(search, result);
		} else {
			out->start = search->window.at + min_size(ends[0], ends[1]);
			out->end = search->window.at + ends[1];
			search->next = out->end;
		}
		if (!budget_take(budget,
				 (search->next - from) / BUDGET_SEARCHED_PER_STEP))
			return budget->status;
		if (result >= 0 || status != STATUS_OK)
			return status;
	}
	return STATUS_END;
}

/*
 * Shows the expression what begins at search->next and as much before it as it may
 * look back at, but nothing before its first byte; *ret_start is where the next is.
 */
static enum status move_window(struct search *search, size_t *ret_start)
{
	struct window *window = &search->window;
	const struct pattern_search *in = search->in;
	size_t len;

	window->at = search->first;
	window->is_last = true;
	if (!window->bytes) {
		struct reader all = reader_of_slice(in->text->memory);

		reader_seek(&all, (size_t)search->first);
		window->seen = reader_take(&all, (size_t)(search->end - search->first));
		*ret_start = (size_t)(search->next - search->first);
		return STATUS_OK;
	}
	/* At least a byte, so that the window does not begin like the subject. */
	uint64_t before = min_u64(search->next - search->first,
				  (uint64_t)search->lookbehind + 1);
	window->at = search->next - before;
	len = (size_t)min_u64(search->end - window->at, window->size);
	if (before >= window->size)
		return STATUS_LIMIT;
	window->is_last = window->at + len == search->end;
	in->text->status = source_read_all(&in->text->source, window->at, window->bytes,
					   len);
	if (in->text->status != STATUS_OK)
		return in->text->status;
	window->seen = reader_of(window->bytes, len);
	*ret_start = (size_t)before;
	return STATUS_OK;
}

/* OK: go on at search->next; END: there is no match. */
static enum status after_no_match(struct search *search, int result)
{
	const struct window *window = &search->window;
	uint64_t end = window->at + reader_left(&window->seen);
	uint64_t partial;

	switch (result) {
	case PCRE2_ERROR_NOMATCH:
		search->next = end;
		if (window->is_last || search->options & PCRE2_ANCHORED)
			return STATUS_END;
		return STATUS_OK;
	case PCRE2_ERROR_PARTIAL:
		/* It needs to see more behind it than there is room for. */
		partial = window->at + pcre2_get_ovector_pointer(search->data)[0];
		if (partial <= search->next)
			return STATUS_LIMIT;
		search->next = partial;
		return STATUS_OK;
	case PCRE2_ERROR_CALLOUT:
		return search->in->budget->status;
	case PCRE2_ERROR_NOMEMORY:
		return STATUS_NO_MEMORY;
	default:
		return STATUS_LIMIT;
	}
}

static int on_item(pcre2_callout_block *block, void *context)
{
	(void)block;
	if (budget_take(context, STEPS_PER_ITEM))
		return 0;
	return PCRE2_ERROR_CALLOUT;
}
