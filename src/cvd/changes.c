/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/changes.h"

#include <stdio.h>

#include "base/checked.h"
#include "bytes/reader.h"

enum { KEY_LEN = 16, PIECE_LEN = 16 * 1024, BEGINNING_LEN = 32, SLOTS_MIN = 1024 };

/* A line that is known by its digest, and how often it is there. */
struct slot {
	uint8_t key[KEY_LEN];
	uint32_t count;
	bool is_used;
};

struct lines {
	struct slot *slots; /* a power of two of them */
	size_t slot_count;
};

struct comparison {
	struct cvd_room *room;
	struct digest_state *digest;
	struct lines lines; /* of the newer file */
	struct slice name;  /* of the file */
	bool is_open;       /* OPEN has been written */
};

/* One line of a file after the other. */
struct walk {
	struct source source;
	uint64_t start, end; /* of the line, without its LF */
	uint64_t next;
	uint64_t number; /* from 1 */
	uint8_t key[KEY_LEN];
	uint8_t piece[PIECE_LEN];
	uint64_t piece_at;
	size_t piece_len;
};

static enum status compare_files(struct comparison *comparison, struct source before,
				 struct source after, struct arena *arena);
static enum status count_lines(struct comparison *comparison, struct walk *walk,
			       struct arena *arena);
static enum status tell_gone(struct comparison *comparison, struct walk *walk);
static enum status tell_new(struct comparison *comparison, struct walk *walk);
static enum status next_line(struct comparison *comparison, struct walk *walk);
static struct slot *find(const struct lines *lines, const uint8_t key[KEY_LEN]);
static void begin_file(struct comparison *comparison);
static void end_file(struct comparison *comparison);

static bool is_passed_over(struct slice name)
{
	return slice_is(name, "COPYING") || cvd_info_is_name(name);
}

enum status cvd_changes(struct cvd_files *before, struct cvd_files *after,
			struct arena *arena, struct digest_state *digest,
			struct cvd_range *out)
{
	struct comparison comparison = { .room = after->room, .digest = digest };
	uint64_t start = after->room->at;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < before->count; i++) {
		struct slice name = before->list[i].name;

		if (is_passed_over(name) || cvd_files_find(after, name))
			continue;
		room_put(after->room, slice_of("UNLINK "));
		room_put(after->room, name);
		room_put(after->room, slice_of("\n"));
	}
	for (size_t i = 0; i < after->count && status == STATUS_OK; i++) {
		const struct cvd_file *file = &after->list[i];
		const struct cvd_file *older = cvd_files_find(before, file->name);
		struct arena_mark mark = arena_mark(arena);

		if (is_passed_over(file->name))
			continue;
		comparison.name = file->name;
		status = compare_files(&comparison,
				       older ? room_range(before->room, older->range) :
					       source_of_memory(NULL, 0),
				       room_range(after->room, file->range), arena);
		arena_rewind(arena, mark);
	}
	if (status == STATUS_OK)
		status = room_sync(after->room);
	*out = (struct cvd_range){ start, after->room->at - start };
	return status;
}

static enum status compare_files(struct comparison *comparison, struct source before,
				 struct source after, struct arena *arena)
{
	struct walk *walk = arena_new(arena, struct walk);
	enum status status = STATUS_NO_MEMORY;

	if (walk) {
		walk->source = after;
		status = count_lines(comparison, walk, arena);
	}
	if (status == STATUS_OK) {
		*walk = (struct walk){ .source = before };
		status = tell_gone(comparison, walk);
	}
	if (status == STATUS_OK) {
		*walk = (struct walk){ .source = after };
		status = tell_new(comparison, walk);
	}
	end_file(comparison);
	return status;
}

/* The lines are counted first, for a table that is never more than half full. */
static enum status count_lines(struct comparison *comparison, struct walk *walk,
			       struct arena *arena)
{
	struct source source = walk->source;
	struct lines *lines = &comparison->lines;
	enum status status;

	while ((status = next_line(comparison, walk)) == STATUS_OK)
		;
	if (status != STATUS_END)
		return status;
	lines->slot_count = SLOTS_MIN;
	while (lines->slot_count / 2 < walk->number)
		lines->slot_count *= 2;
	lines->slots = arena_new_array(arena, struct slot, lines->slot_count);
	if (!lines->slots)
		return STATUS_NO_MEMORY;
	*walk = (struct walk){ .source = source };
	while ((status = next_line(comparison, walk)) == STATUS_OK) {
		struct slot *slot = find(lines, walk->key);

		memcpy(slot->key, walk->key, KEY_LEN);
		slot->is_used = true;
		slot->count++;
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status tell_gone(struct comparison *comparison, struct walk *walk)
{
	enum status status;

	while ((status = next_line(comparison, walk)) == STATUS_OK) {
		struct slot *slot = find(&comparison->lines, walk->key);
		uint8_t beginning[BEGINNING_LEN];
		char text[32];
		size_t got;

		if (slot->count > 0) {
			slot->count--;
			continue;
		}
		status = source_read(
			&walk->source, walk->start, beginning,
			(size_t)min_u64(walk->end - walk->start, BEGINNING_LEN), &got);
		if (status != STATUS_OK)
			return status;
		begin_file(comparison);
		snprintf(text, sizeof(text), "DEL %llu ",
			 (unsigned long long)walk->number);
		room_put(comparison->room, slice_of(text));
		room_put(comparison->room, (struct slice){ beginning, got });
		room_put(comparison->room, slice_of("\n"));
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status tell_new(struct comparison *comparison, struct walk *walk)
{
	enum status status;

	while ((status = next_line(comparison, walk)) == STATUS_OK) {
		struct slot *slot = find(&comparison->lines, walk->key);
		uint8_t piece[4096];
		size_t got;

		if (slot->count == 0)
			continue;
		slot->count--;
		begin_file(comparison);
		room_put(comparison->room, slice_of("ADD "));
		for (uint64_t at = walk->start; at < walk->end; at += got) {
			status = source_read(
				&walk->source, at, piece,
				(size_t)min_u64(walk->end - at, sizeof(piece)), &got);
			if (status != STATUS_OK)
				return status;
			room_put(comparison->room, (struct slice){ piece, got });
		}
		room_put(comparison->room, slice_of("\n"));
	}
	return status == STATUS_END ? STATUS_OK : status;
}

/* What is left of the piece that was read; another one, if that is nothing. */
static enum status look(struct walk *walk, struct reader *out)
{
	uint64_t skip = walk->next - walk->piece_at;

	if (skip >= walk->piece_len) {
		enum status status = source_read(&walk->source, walk->next, walk->piece,
						 PIECE_LEN, &walk->piece_len);
		if (status != STATUS_OK)
			return status;
		walk->piece_at = walk->next;
		skip = 0;
	}
	*out = reader_of(walk->piece, walk->piece_len);
	reader_seek(out, (size_t)skip);
	return STATUS_OK;
}

/* OK, END, NO_MEMORY, CHANGED, IO */
static enum status next_line(struct comparison *comparison, struct walk *walk)
{
	struct digest digests[DIGEST_COUNT];
	enum status status = digest_start(comparison->digest, DIGEST_BIT_SHA256);
	bool is_over = false;

	if (walk->next >= walk->source.size)
		status = STATUS_END;
	walk->start = walk->next;
	while (status == STATUS_OK && !is_over) {
		struct reader reader;
		size_t end;

		status = look(walk, &reader);
		if (status != STATUS_OK || reader_left(&reader) == 0)
			break;
		is_over = reader_find(&reader, reader.pos, slice_of("\n"), &end);
		if (!is_over)
			end = reader.len;
		struct slice part = reader_slice(&reader, end - reader.pos);
		digest_update(comparison->digest, part.base, part.len);
		walk->next += part.len + is_over;
	}
	digest_finish(comparison->digest, digests);
	walk->end = walk->next - is_over;
	walk->number++;
	memcpy(walk->key, digests[DIGEST_SHA256].bytes, KEY_LEN);
	return status;
}

/* Its slot, or the free one where it would be. */
static struct slot *find(const struct lines *lines, const uint8_t key[KEY_LEN])
{
	struct reader reader = reader_of(key, KEY_LEN);
	size_t at = (size_t)reader_u64le(&reader);

	for (;; at++) {
		struct slot *slot = &lines->slots[at & (lines->slot_count - 1)];

		if (!slot->is_used || memcmp(slot->key, key, KEY_LEN) == 0)
			return slot;
	}
}

static void begin_file(struct comparison *comparison)
{
	if (comparison->is_open)
		return;
	comparison->is_open = true;
	room_put(comparison->room, slice_of("OPEN "));
	room_put(comparison->room, comparison->name);
	room_put(comparison->room, slice_of("\n"));
}

static void end_file(struct comparison *comparison)
{
	if (comparison->is_open)
		room_put(comparison->room, slice_of("CLOSE\n"));
	comparison->is_open = false;
}
