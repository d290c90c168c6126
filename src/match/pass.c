/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pass.h"

#include <string.h>

#include "base/checked.h"

enum { WINDOW_LEN = 256 * 1024, MARGIN = FILTER_LITERAL_MAX };

static enum status run_memory(struct pass *pass);
static enum status run_windows(struct pass *pass);
static enum status run_stretch(struct pass *pass, struct extent stretch, uint8_t *window,
			       size_t window_len);
static bool next_stretch(const struct source *source, uint64_t from, struct extent *out);
static enum status look(struct pass *pass, struct slice text, size_t from, size_t to);
static enum status hash_hole(struct pass *pass, uint64_t to);
static void hash(struct pass *pass, const uint8_t *bytes, size_t len);
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

		hash(pass, &whole.base[at], len);
		enum status status = look(pass, whole, at, at + len);
		if (status != STATUS_OK)
			return status;
		at += len;
	}
	return STATUS_OK;
}

static enum status run_windows(struct pass *pass)
{
	uint64_t size = pass->source->size;
	size_t window_len = (size_t)min_u64(size, WINDOW_LEN);
	uint8_t *window = arena_alloc_unset(pass->matcher->arena, window_len);
	struct extent stretch;
	uint64_t from = 0;

	if (!window)
		return STATUS_NO_MEMORY;
	while (next_stretch(pass->source, from, &stretch)) {
		enum status status = hash_hole(pass, stretch.offset);
		if (status == STATUS_OK)
			status = run_stretch(pass, stretch, window, window_len);
		if (status != STATUS_OK)
			return status;
		from = stretch.offset + stretch.len;
		if (stretch.len == size && window_len == size)
			pass->whole = (struct slice){ window, window_len };
	}
	return hash_hole(pass, size);
}

/*
 * A literal that its gram lets suspect is compared with what is around it. So grams
 * wait until MARGIN bytes behind them are there, and as many before them are kept.
 */
static enum status run_stretch(struct pass *pass, struct extent stretch, uint8_t *window,
			       size_t window_len)
{
	uint64_t next = stretch.offset;
	uint64_t end = stretch.offset + stretch.len;
	size_t have = 0;
	size_t looked = 0;

	while (next < end) {
		size_t len = (size_t)min_u64(window_len - have, end - next);
		enum status status = source_read_all(pass->source, next, &window[have],
						     len);
		if (status != STATUS_OK)
			return status;
		hash(pass, &window[have], len);
		have += len;
		next += len;

		size_t to = next == end ? have : have - min_size(have, MARGIN);
		status = look(pass, (struct slice){ window, have }, looked, to);
		if (status != STATUS_OK)
			return status;
		if (next == end)
			break;
		size_t drop = to - min_size(to, MARGIN);
		have -= drop;
		looked = to - drop;
		memmove(window, &window[drop], have);
	}
	return STATUS_OK;
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
		hash(pass, zeros, (size_t)min_u64(sizeof(zeros), to - pass->hashed));
	}
	return STATUS_OK;
}

static void hash(struct pass *pass, const uint8_t *bytes, size_t len)
{
	if (pass->kinds == 0)
		return;
	digest_update(pass->matcher->digest_state, bytes, len);
	pass->hashed += len;
}

static bool is_time_up(const struct pass *pass)
{
	return clock_now_ms(&pass->matcher->clock) >= pass->matcher->limits.deadline_ms;
}
