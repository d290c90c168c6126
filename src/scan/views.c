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
#include "type/as_clamscan.h"
#include "type/html_sign.h"
#include "view/html.h"
#include "view/plain_text.h"

enum { WINDOW_LEN = 256 * 1024 };

static void match_views_as_clamscan(struct scan *scan, struct level *level,
				    enum file_type as);
static bool may_be_page(enum file_type as);
static bool stays_page(const struct scan *scan, const struct level *level);
static bool reads_wide(const struct scan *scan, const struct level *level);
static void match_view(struct scan *scan, struct level *level, enum file_type as,
		       void (*match)(struct scan *scan, struct level *level,
				     enum file_type as));
static void match_plain_text(struct scan *scan, struct level *level, enum file_type as);
static void match_page(struct scan *scan, struct level *level, enum file_type as);
static void match_part(struct scan *scan, struct level *level,
		       const struct reading *reading, const struct growing *text);
static void match_reading(struct scan *scan, struct level *level,
			  const struct reading *reading);
static enum status read_whole(struct scan *scan, const struct stream *stream,
			      size_t size_max, struct source *out);
static void skipped(struct scan *scan, struct level *level, unsigned target,
		    enum status why);
static bool has_rules(const struct scan *scan, unsigned target);

bool object_has_views(const struct scan *scan, enum file_type as)
{
	unsigned target = type_target(as);

	if (target == TARGET_TEXT || target == TARGET_HTML)
		return has_rules(scan, TARGET_HTML) || has_rules(scan, TARGET_TEXT) ||
		       has_rules(scan, TARGET_ANY);
	bool could_be = as == TYPE_BINARY_DATA;

	if (scan->setup->clamav_compat)
		could_be = may_be_page(as);
	return could_be && (has_rules(scan, TARGET_HTML) || has_rules(scan, TARGET_TEXT));
}

void object_match_views(struct scan *scan, struct level *level, enum file_type as)
{
	const bool is_page = type_target(as) == TARGET_HTML;
	const bool is_binary = as == TYPE_BINARY_DATA;
	uint64_t len = is_binary ? HTML_SIGN_HEAD : level->source.size;
	bool has_sign;

	if (scan->setup->clamav_compat) {
		match_views_as_clamscan(scan, level, as);
		return;
	}
	if (html_sign_find(scan->setup->arena, &level->source, len, &has_sign) !=
	    STATUS_OK)
		has_sign = is_page;
	has_sign = has_sign || as == TYPE_HTML_UTF16;
	if (has_sign || is_page)
		match_view(scan, level, as, match_page);
	bool is_text = !is_binary ||
		       (has_rules(scan, TARGET_TEXT) && reads_wide(scan, level));
	if (!scan->stopped && is_text && (!has_sign || !is_page))
		match_view(scan, level, as, match_plain_text);
}

/* One or the other. */
static void match_views_as_clamscan(struct scan *scan, struct level *level,
				    enum file_type as)
{
	bool has_sign = type_target(as) == TARGET_HTML;

	if (may_be_page(as) && html_sign_find(scan->setup->arena, &level->source,
					      UINT64_MAX, &has_sign) != STATUS_OK)
		has_sign = false;
	if (has_sign && may_be_page(as))
		has_sign = stays_page(scan, level);
	if (has_sign)
		match_view(scan, level, as, match_page);
	else if (type_target(as) == TARGET_TEXT)
		match_view(scan, level, as, match_plain_text);
}

/* In these it looks for the signs of a page from end to end. */
static bool may_be_page(enum file_type as)
{
	return as == TYPE_TEXT_ASCII || as == TYPE_GIF;
}

/* A letter or an archive anywhere in it is more to clamscan than a page. */
static bool stays_page(const struct scan *scan, const struct level *level)
{
	struct arena_mark mark = arena_mark(scan->setup->arena);
	const struct source *source = &level->source;
	bool stays = true;

	for (uint64_t offset = 0; offset < source->size && stays;
	     offset += WINDOW_LEN - AS_CLAMSCAN_OVERLAP) {
		struct reader window;

		stays = source_view(source, scan->setup->arena, offset, WINDOW_LEN,
				    &window) != STATUS_OK ||
			!type_outranks_page(window, offset == 0);
		arena_rewind(scan->setup->arena, mark);
	}
	return stays;
}

static bool reads_wide(const struct scan *scan, const struct level *level)
{
	struct arena_mark mark = arena_mark(scan->setup->arena);
	struct reader head;
	bool reads = source_view(&level->source, scan->setup->arena, 0,
				 PLAIN_TEXT_WIDE_HEAD, &head) == STATUS_OK &&
		     plain_text_reads_wide(head);

	arena_rewind(scan->setup->arena, mark);
	return reads;
}

static void match_view(struct scan *scan, struct level *level, enum file_type as,
		       void (*match)(struct scan *scan, struct level *level,
				     enum file_type as))
{
	struct arena_mark mark = arena_mark(scan->setup->arena);

	match(scan, level, as);
	arena_rewind(scan->setup->arena, mark);
}

static void match_plain_text(struct scan *scan, struct level *level, enum file_type as)
{
	struct reading reading = {
		.as = as,
		.view = VIEW_TEXT,
		.target = TARGET_TEXT,
		.flags = MATCH_NO_HASHES,
	};
	enum status status = STATUS_LIMIT;
	struct plain_text *text;

	if (level->source.size <= scan->setup->limits.normalize_text_bytes)
		status = plain_text_open(scan->setup->arena, level->source, &text);
	if (status == STATUS_OK) {
		struct stream stream = plain_text_stream(text);

		status = read_whole(scan, &stream, (size_t)level->source.size,
				    &reading.source);
	}
	if (status != STATUS_OK)
		skipped(scan, level, TARGET_TEXT, status);
	else
		match_reading(scan, level, &reading);
}

static void match_page(struct scan *scan, struct level *level, enum file_type as)
{
	const struct scan_limits *limits = &scan->setup->limits;
	const uint64_t most = SIZE_MAX / 4;
	const struct html_limits html_limits = {
		/* A page may grow while its quotes and names are put right. */
		.bytes_max = (size_t)min_u64(limits->normalize_html_bytes, most) * 2,
		.words_bytes_max = (size_t)min_u64(limits->normalize_no_tags_bytes, most),
		.clock = scan->setup->clock,
		.deadline_ms = scan->deadline_ms,
	};
	struct reading reading = { .as = as, .view = VIEW_HTML, .target = TARGET_HTML };
	enum status status = STATUS_LIMIT;
	struct html_views views;

	if (level->source.size <= limits->normalize_html_bytes)
		status = html_read(scan->setup->arena, &level->source, as, &html_limits,
				   &views);
	if (status != STATUS_OK) {
		skipped(scan, level, TARGET_HTML, status);
		return;
	}
	if (views.has_damage)
		scan_incomplete(scan, level, REASON_DAMAGED, 0,
				slice_of("an encoded script"));
	match_part(scan, level, &reading, &views.page);
	reading.view = VIEW_HTML_TEXT;
	match_part(scan, level, &reading, &views.words);
	reading.view = VIEW_SCRIPT;
	match_part(scan, level, &reading, &views.script);
}

/* Scripts are matched as text as well, if there are rules for that. */
static void match_part(struct scan *scan, struct level *level, const struct reading *page,
		       const struct growing *text)
{
	struct reading reading = *page;

	if (scan->stopped)
		return;
	/* What there is of it is looked at. */
	if (text->failed != STATUS_OK)
		skipped(scan, level, TARGET_HTML, text->failed);
	if (text->len == 0)
		return;
	reading.source = source_of_memory(text->bytes, text->len);
	match_reading(scan, level, &reading);
	if (reading.view != VIEW_SCRIPT || !has_rules(scan, TARGET_TEXT) || scan->stopped)
		return;
	reading.target = TARGET_TEXT;
	reading.flags = MATCH_NO_HASHES;
	object_match(scan, level, &reading);
}

static void match_reading(struct scan *scan, struct level *level,
			  const struct reading *reading)
{
	if (scan->setup->events.data)
		object_tell_data(scan, level, reading->view, &reading->source);
	object_match(scan, level, reading);
}

/* Reads a stream that gives at most `size_max` bytes. */
static enum status read_whole(struct scan *scan, const struct stream *stream,
			      size_t size_max, struct source *out)
{
	uint8_t *bytes = arena_alloc_unset(scan->setup->arena, max_size(size_max, 1));
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
		    enum status why)
{
	enum reason reason = why == STATUS_LIMIT ? REASON_SIZE : scan_reason(why);

	if (why == STATUS_TIME)
		scan_stop(scan, level, REASON_TIME);
	else if (has_rules(scan, target))
		scan_incomplete(scan, level, reason, 0,
				slice_of("not normalised for the rules of its type"));
}

static bool has_rules(const struct scan *scan, unsigned target)
{
	return scan->setup->database->targets >> target & 1;
}
