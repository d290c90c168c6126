/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts that are made of an object, each matched like the object itself.
 *
 * A text is made when a rule might be true of it: one for its target, or one for any
 * object, which may find in "one case, one space" what the raw bytes hide. When it is
 * not made, because the object is too large or memory is short, then the object is
 * `incomplete` only if rules for the text's target were not asked; rules for any
 * object have seen the bytes.
 */
#include "base/checked.h"
#include "match/matcher.h"
#include "scan/reading.h"
#include "view/plain_text.h"

static void match_plain_text(struct scan *scan, struct level *level, enum file_type as);
static enum status read_whole(struct scan *scan, const struct stream *stream,
			      size_t size_max, struct source *out);
static void skipped(struct scan *scan, struct level *level, unsigned target,
		    enum reason reason);
static bool has_rules(const struct scan *scan, unsigned target);

bool object_has_views(const struct scan *scan, enum file_type as)
{
	unsigned target = type_target(as);

	return target == TARGET_TEXT &&
	       (has_rules(scan, target) || has_rules(scan, TARGET_ANY));
}

void object_match_views(struct scan *scan, struct level *level, enum file_type as)
{
	match_plain_text(scan, level, as);
}

static void match_plain_text(struct scan *scan, struct level *level, enum file_type as)
{
	struct arena *arena = scan->setup->arena;
	struct arena_mark mark = arena_mark(arena);
	struct reading reading = {
		.as = as,
		.view = VIEW_TEXT,
		.target = TARGET_TEXT,
		.flags = MATCH_NO_HASHES,
	};
	struct plain_text *text;

	if (level->source.size > scan->setup->limits.normalize_text_bytes) {
		skipped(scan, level, TARGET_TEXT, REASON_SIZE);
		return;
	}
	enum status status = plain_text_open(arena, level->source, as, &text);
	if (status == STATUS_OK) {
		struct stream stream = plain_text_stream(text);
		status = read_whole(scan, &stream, (size_t)level->source.size,
				    &reading.source);
	}
	if (status == STATUS_TIME) {
		scan_stop(scan, level, REASON_TIME);
	} else if (status != STATUS_OK) {
		skipped(scan, level, TARGET_TEXT, scan_reason(status));
	} else {
		if (scan->setup->events.data)
			object_tell_data(scan, level, reading.view, &reading.source);
		object_match(scan, level, &reading);
	}
	arena_rewind(arena, mark);
}

/* Reads a stream that gives at most `size_max` bytes. */
static enum status read_whole(struct scan *scan, const struct stream *stream,
			      size_t size_max, struct source *out)
{
	uint8_t *bytes = arena_alloc(scan->setup->arena, max_size(size_max, 1));
	enum status status = STATUS_OK;
	size_t len = 0;

	if (!bytes)
		return STATUS_NO_MEMORY;
	while (status == STATUS_OK && len < size_max) {
		size_t got = 0;

		if (scan_time_is_up(scan))
			return STATUS_TIME;
		status = stream_read(stream, &bytes[len], size_max - len, &got);
		len += got;
	}
	if (status != STATUS_OK && status != STATUS_END)
		return status;
	*out = source_of_memory(bytes, len);
	return STATUS_OK;
}

static void skipped(struct scan *scan, struct level *level, unsigned target,
		    enum reason reason)
{
	if (has_rules(scan, target))
		scan_incomplete(scan, level, reason, 0,
				slice_of("not normalised for the rules of its type"));
}

static bool has_rules(const struct scan *scan, unsigned target)
{
	return scan->setup->database->targets >> target & 1;
}
