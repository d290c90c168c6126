/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pass.h"

#include <string.h>

#include "base/checked.h"
#include "match/help.h"

enum { WINDOW_LEN = 256 * 1024, MARGIN = FILTER_LITERAL_MAX };
enum { PIECE_LEN = 8 * 1024 * 1024 };

/* What is looked at: grams that begin in from … to - 1 of what is read, the stretch. */
struct piece {
	struct extent stretch;
	uint64_t from, to;
};

struct window {
	uint8_t *bytes;
	size_t len;
};

static enum status run_memory(struct pass *pass);
static enum status run_windows(struct pass *pass);
static enum status run_stretch(struct pass *pass, struct extent stretch,
			       const struct window *window, struct id_set *found);
static enum status run_own_piece(struct pass *pass, const struct piece *piece,
				 const struct window *window, struct id_set *found);
static enum status run_others_piece(struct pass *pass, const struct piece *piece,
				    const struct window *window);
static bool take_help(const struct pass *pass, const struct piece *piece,
		      const uint64_t **ret_ids, size_t *ret_count);
static enum status run_piece(struct pass *pass, const struct piece *piece,
			     const struct window *window);
static enum status add_candidates(struct pass *pass, const uint64_t *ids, size_t count);
static bool make_window(const struct pass *pass, struct window *out);
static uint64_t piece_bytes(const struct pass *pass);
static bool has_help(const struct pass *pass);
static bool next_stretch(const struct source *source, uint64_t from, struct extent *out);
static enum status look(struct pass *pass, struct slice text, size_t from, size_t to);
static enum status hash_hole(struct pass *pass, uint64_t to);
static void hash(struct pass *pass, uint64_t offset, const uint8_t *bytes, size_t len);
static bool is_time_up(const struct pass *pass);

enum status pass_run(struct pass *pass)
{
	bool is_memory = source_memory(pass->source, &pass->whole);

	/* Nobody wants the bytes. */
	if (!pass->prefilter && pass->kinds == 0)
		return STATUS_OK;
	if (pass->kinds != 0) {
		enum status status = digest_start(pass->matcher->digest_state,
						  pass->kinds);
		if (status != STATUS_OK)
			return status;
	}
	if (is_memory)
		return run_memory(pass);
	return run_windows(pass);
}

/* In pieces, so that digests and filter find the same bytes in the cache. */
static enum status run_memory(struct pass *pass)
{
	struct slice whole = pass->whole;

	for (size_t at = 0; at < whole.len;) {
		size_t len = min_size(WINDOW_LEN, whole.len - at);

		hash(pass, at, &whole.base[at], len);
		enum status status = look(pass, whole, at, at + len);
		if (status != STATUS_OK)
			return status;
		at += len;
	}
	return STATUS_OK;
}

static enum status run_windows(struct pass *pass)
{
	const struct match_help *help = pass->matcher->help;
	const uint64_t size = pass->source->size;
	const uint64_t pieces = (size + piece_bytes(pass) - 1) / piece_bytes(pass);
	struct window window;
	struct id_set found;
	struct extent stretch;
	uint64_t from = 0;
	enum status status = STATUS_OK;

	if (!make_window(pass, &window))
		return STATUS_NO_MEMORY;
	id_set_init(&found, pass->matcher->arena);
	if (has_help(pass))
		help->begin(help->context, pass->prefilter->target, (uint32_t)pieces);
	while (status == STATUS_OK && next_stretch(pass->source, from, &stretch)) {
		status = hash_hole(pass, stretch.offset);
		if (status == STATUS_OK)
			status = run_stretch(pass, stretch, &window, &found);
		from = stretch.offset + stretch.len;
		if (stretch.len == size && window.len == size && status == STATUS_OK)
			pass->whole = (struct slice){ window.bytes, window.len };
	}
	if (has_help(pass))
		help->end(help->context);
	return status == STATUS_OK ? hash_hole(pass, size) : status;
}

enum status pass_run_piece(struct pass *pass, uint32_t piece)
{
	const uint64_t size = pass->source->size;
	const uint64_t len = piece_bytes(pass);
	struct window window;

	if (size == 0 || piece > (size - 1) / len)
		return STATUS_UNSUPPORTED;
	if (!make_window(pass, &window))
		return STATUS_NO_MEMORY;
	return run_piece(pass,
			 &(struct piece){ { 0, size },
					  piece * len,
					  min_u64(size, (piece + UINT64_C(1)) * len) },
			 &window);
}

uint64_t match_piece_bytes(const struct match_limits *limits, uint64_t size)
{
	uint64_t len = limits->piece_bytes ? limits->piece_bytes : PIECE_LEN;

	return max_u64(len, size / MATCH_PIECES_MAX + 1);
}

static enum status run_stretch(struct pass *pass, struct extent stretch,
			       const struct window *window, struct id_set *found)
{
	const uint64_t end = stretch.offset + stretch.len;
	struct piece piece = { stretch, stretch.offset, stretch.offset };
	enum status status = STATUS_OK;

	while (piece.to < end && status == STATUS_OK) {
		const uint64_t *ids = NULL;
		size_t count = 0;

		piece.from = piece.to;
		piece.to = min_u64(end, piece.from + piece_bytes(pass));
		if (take_help(pass, &piece, &ids, &count)) {
			status = add_candidates(pass, ids, count);
			if (status == STATUS_OK)
				status = run_others_piece(pass, &piece, window);
		} else {
			status = run_own_piece(pass, &piece, window, found);
		}
	}
	return status;
}

static enum status run_own_piece(struct pass *pass, const struct piece *piece,
				 const struct window *window, struct id_set *found)
{
	if (!pass->prefilter)
		return run_piece(pass, piece, window);
	id_set_clear(found);
	prefilter_restart(pass->prefilter, found);
	enum status status = run_piece(pass, piece, window);
	if (status == STATUS_OK)
		status = add_candidates(pass, found->ids, found->count);
	return status;
}

/* Somebody else has looked at it; the digests want to have it all the same. */
static enum status run_others_piece(struct pass *pass, const struct piece *piece,
				    const struct window *window)
{
	struct prefilter *prefilter = pass->prefilter;

	if (pass->kinds == 0)
		return is_time_up(pass) ? STATUS_TIME : STATUS_OK;
	pass->prefilter = NULL;
	enum status status = run_piece(pass, piece, window);
	pass->prefilter = prefilter;
	return status;
}

static bool take_help(const struct pass *pass, const struct piece *piece,
		      const uint64_t **ret_ids, size_t *ret_count)
{
	const struct match_help *help = pass->matcher->help;

	/* Pieces are counted in an object that is one stretch. */
	if (!has_help(pass) || piece->stretch.len != pass->source->size)
		return false;
	return help->take(help->context, (uint32_t)(piece->from / piece_bytes(pass)),
			  ret_ids, ret_count);
}

/*
 * A literal that its gram lets suspect is compared with what is around it. So grams
 * wait until MARGIN bytes behind them are there, and as many before them are kept.
 */
static enum status run_piece(struct pass *pass, const struct piece *piece,
			     const struct window *window)
{
	const struct extent stretch = piece->stretch;
	uint64_t next = piece->from - min_u64(piece->from - stretch.offset, MARGIN);
	uint64_t end = piece->to +
		       min_u64(stretch.offset + stretch.len - piece->to, MARGIN);
	size_t have = 0;
	size_t looked = (size_t)(piece->from - next);

	while (next < end) {
		size_t len = (size_t)min_u64(window->len - have, end - next);
		enum status status = source_read_all(pass->source, next,
						     &window->bytes[have], len);
		if (status != STATUS_OK)
			return status;
		hash(pass, next, &window->bytes[have], len);
		have += len;
		next += len;

		size_t to = next == end ? have - (size_t)(end - piece->to) :
					  have - min_size(have, MARGIN);
		status = look(pass, (struct slice){ window->bytes, have }, looked, to);
		if (status != STATUS_OK)
			return status;
		if (next == end)
			break;
		size_t drop = to - min_size(to, MARGIN);
		have -= drop;
		looked = max_size(looked, to) - drop;
		memmove(window->bytes, &window->bytes[drop], have);
	}
	return STATUS_OK;
}

static enum status add_candidates(struct pass *pass, const uint64_t *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!id_set_add(pass->candidates, ids[i]))
			return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static bool make_window(const struct pass *pass, struct window *out)
{
	out->len = (size_t)min_u64(pass->source->size, WINDOW_LEN);
	out->bytes = arena_alloc_unset(pass->matcher->arena, out->len);
	return out->bytes != NULL;
}

static uint64_t piece_bytes(const struct pass *pass)
{
	return match_piece_bytes(&pass->matcher->limits, pass->source->size);
}

static bool has_help(const struct pass *pass)
{
	return pass->matcher->help && pass->prefilter &&
	       pass->source->size > piece_bytes(pass);
}

/* Data from `from` on, with margins; over holes that are smaller than these. */
static bool next_stretch(const struct source *source, uint64_t from, struct extent *out)
{
	struct extent data;

	if (!source_next_data(source, from, &data)) {
		/* All is one hole. */
		*out = (struct extent){ 0, min_u64(MARGIN, source->size) };
		return from == 0 && source->size > 0;
	}
	uint64_t start = data.offset - min_u64(data.offset - from, MARGIN);
	uint64_t end;
	do {
		end = min_u64(data.offset + data.len + MARGIN, source->size);
	} while (source_next_data(source, data.offset + data.len, &data) &&
		 data.offset <= end + MARGIN);
	*out = (struct extent){ start, end - start };
	return true;
}

static enum status look(struct pass *pass, struct slice text, size_t from, size_t to)
{
	if (is_time_up(pass))
		return STATUS_TIME;
	if (!pass->prefilter)
		return STATUS_OK;
	return prefilter_run(pass->prefilter, text, from, to);
}

/* Zeros from where the digests are to `to`; too many, and there will be no digests. */
static enum status hash_hole(struct pass *pass, uint64_t to)
{
	static const uint8_t zeros[4096];
	enum { BETWEEN_CLOCKS = 1024 * 1024 };

	if (pass->kinds == 0 || to <= pass->hashed)
		return STATUS_OK;
	if (to - pass->hashed > pass->holes_left) {
		pass->kinds = 0;
		pass->hashes_missed = true;
		return STATUS_OK;
	}
	pass->holes_left -= to - pass->hashed;
	while (pass->hashed < to) {
		if (pass->hashed % BETWEEN_CLOCKS < sizeof(zeros) && is_time_up(pass))
			return STATUS_TIME;
		hash(pass, pass->hashed, zeros,
		     (size_t)min_u64(sizeof(zeros), to - pass->hashed));
	}
	return STATUS_OK;
}

/* What lies in two pieces' margins comes twice. */
static void hash(struct pass *pass, uint64_t offset, const uint8_t *bytes, size_t len)
{
	if (pass->kinds == 0 || offset + len <= pass->hashed)
		return;
	size_t known = (size_t)(pass->hashed - offset);
	digest_update(pass->matcher->digest_state, &bytes[known], len - known);
	pass->hashed = offset + len;
}

static bool is_time_up(const struct pass *pass)
{
	return clock_now_ms(&pass->matcher->clock) >= pass->matcher->limits.deadline_ms;
}
