/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a script of differences does. Edits of an open file are gathered, whatever their
 * order, and made at its CLOSE in one pass; lines are counted in the file as it was. What
 * is made is appended to the room, and only then is it the file.
 */
#include <stdlib.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "cvd/diff.h"
#include "cvd/field.h"

enum { PIECE_LEN = 16 * 1024, BEGINNING_MAX = 64 * 1024 };

/* A line that goes, or becomes another. */
struct edit {
	uint64_t line; /* from 1 */
	struct slice beginning;
	struct slice text;
	bool is_exchange;
};

struct script {
	struct cvd_diff *diff;
	struct cvd_files *files;
	struct arena *arena;
	struct cvd_file *open;
	struct arena_mark mark; /* of what belongs to the open file */
	struct edit *edits;
	size_t edit_count;
	struct slice *added;
	size_t added_count;
};

/* A place in a file, moved from line to line. */
struct walk {
	struct source source;
	uint64_t at;   /* where `line` begins */
	uint64_t line; /* from 1 */
};

static enum status refuse(struct script *script, const char *reason);
static enum status run(struct script *script, struct reader *lines, struct slice line);
static enum status open_file(struct script *script, struct reader lines,
			     struct slice name);
static enum status add_line(struct script *script, struct slice text);
static enum status delete_line(struct script *script, struct slice rest);
static enum status exchange_line(struct script *script, struct slice rest);
static enum status move_lines(struct script *script, struct slice rest);
static enum status unlink_file(struct script *script, struct slice name);
static enum status close_file(struct script *script);
static enum status make_edits(struct script *script, struct cvd_range *out);
static enum status make_edit(struct script *script, struct walk *walk,
			     const struct edit *edit);
static enum status go_to(struct walk *walk, uint64_t line);
static enum status begins_with(struct script *script, const struct walk *walk,
			       struct slice beginning);
static enum status copy(struct cvd_room *room, const struct source *source, uint64_t from,
			uint64_t to);

/* To the next LF, and without it: everything else is the line's. False at the end. */
static bool take_line(struct reader *lines, struct slice *out)
{
	size_t end = lines->len;

	if (reader_left(lines) == 0)
		return false;
	bool has_end = reader_find(lines, lines->pos, slice_of("\n"), &end);
	*out = reader_slice(lines, end - lines->pos);
	if (has_end)
		reader_skip(lines, 1);
	return true;
}

enum status cvd_diff_apply(struct cvd_diff *diff, struct cvd_files *files,
			   struct arena *arena)
{
	struct script script = { .diff = diff, .files = files, .arena = arena };
	struct reader lines = reader_of_slice(diff->script);
	enum status status = STATUS_OK;
	struct slice line;

	diff->line = 0;
	while (status == STATUS_OK && take_line(&lines, &line)) {
		diff->line++;
		status = run(&script, &lines, line);
	}
	if (status == STATUS_OK && script.open)
		status = refuse(&script, "a file is not closed");
	return status;
}

/* For `return refuse(...)`. */
static enum status refuse(struct script *script, const char *reason)
{
	script->diff->reason = reason;
	return STATUS_MALFORMED;
}

/* The first word, and what is behind the blank that ends it. */
static struct slice take_word(struct slice *rest)
{
	struct reader reader = reader_of_slice(*rest);
	size_t end = rest->len;

	(void)reader_find(&reader, 0, slice_of(" "), &end);
	struct slice word = reader_slice(&reader, end);
	if (reader_left(&reader) > 0)
		reader_skip(&reader, 1);
	*rest = reader_rest(&reader);
	return word;
}

static enum status run(struct script *script, struct reader *lines, struct slice line)
{
	struct slice rest = line;
	struct slice command = take_word(&rest);

	if (line.len > 0 && line.base[0] == '#')
		return STATUS_OK;
	if (slice_is(command, "OPEN"))
		return open_file(script, *lines, rest);
	if (slice_is(command, "MOVE"))
		return move_lines(script, rest);
	if (slice_is(command, "UNLINK"))
		return unlink_file(script, rest);
	if (slice_is(command, "ADD"))
		return add_line(script, rest);
	if (slice_is(command, "DEL"))
		return delete_line(script, rest);
	if (slice_is(command, "XCHG"))
		return exchange_line(script, rest);
	if (slice_is(command, "CLOSE"))
		return close_file(script);
	return refuse(script, "an unknown command");
}

/* As many edits as there are lines up to CLOSE: room for all of them. */
static enum status open_file(struct script *script, struct reader lines,
			     struct slice name)
{
	size_t count = 0;
	struct slice line;

	if (script->open)
		return refuse(script, "a file is open already");
	script->open = cvd_files_find(script->files, name);
	if (!script->open)
		script->open = cvd_files_add(script->files, name);
	if (!script->open)
		return refuse(script, "the file's name is not plain");
	while (take_line(&lines, &line) && !slice_is(line, "CLOSE"))
		count++;
	script->mark = arena_mark(script->arena);
	script->edits = arena_new_array(script->arena, struct edit, count + 1);
	script->added = arena_new_array(script->arena, struct slice, count + 1);
	script->edit_count = 0;
	script->added_count = 0;
	return script->edits && script->added ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status add_line(struct script *script, struct slice text)
{
	if (!script->open)
		return refuse(script, "no file is open");
	script->added[script->added_count++] = text;
	return STATUS_OK;
}

static enum status add_edit(struct script *script, struct edit edit)
{
	if (!script->open)
		return refuse(script, "no file is open");
	if (edit.beginning.len == 0 || edit.beginning.len > BEGINNING_MAX)
		return refuse(script, "a line has to be named by its beginning");
	script->edits[script->edit_count++] = edit;
	return STATUS_OK;
}

/* An empty line has no beginning but its end. */
static enum status delete_line(struct script *script, struct slice rest)
{
	struct edit edit = { 0 };

	if (!field_number(take_word(&rest), INT64_MAX, &edit.line) || edit.line == 0)
		return refuse(script, "the line's number is none");
	edit.beginning = rest.len > 0 ? rest : slice_of("\n");
	return add_edit(script, edit);
}

static enum status exchange_line(struct script *script, struct slice rest)
{
	struct edit edit = { .is_exchange = true };

	if (!field_number(take_word(&rest), INT64_MAX, &edit.line) || edit.line == 0)
		return refuse(script, "the line's number is none");
	edit.beginning = take_word(&rest);
	edit.text = rest;
	if (rest.len == 0)
		return refuse(script, "there is no new line");
	return add_edit(script, edit);
}

static int by_line(const void *a, const void *b)
{
	const struct edit *one = a, *other = b;

	return (one->line > other->line) - (one->line < other->line);
}

static enum status close_file(struct script *script)
{
	struct cvd_range made;

	if (!script->open)
		return refuse(script, "no file is open");
	qsort(script->edits, script->edit_count, sizeof(*script->edits), by_line);
	for (size_t i = 1; i < script->edit_count; i++)
		if (script->edits[i].line == script->edits[i - 1].line)
			return refuse(script, "a line is changed twice");
	enum status status = make_edits(script, &made);
	if (status != STATUS_OK)
		return status;
	script->open->range = made;
	script->open = NULL;
	arena_rewind(script->arena, script->mark);
	return STATUS_OK;
}

static enum status make_edits(struct script *script, struct cvd_range *out)
{
	struct cvd_room *room = script->files->room;
	struct walk walk = { room_range(room, script->open->range), 0, 1 };
	uint64_t start = room->at;
	enum status status = STATUS_OK;
	uint8_t last = '\n';

	for (size_t i = 0; i < script->edit_count && status == STATUS_OK; i++)
		status = make_edit(script, &walk, &script->edits[i]);
	if (status == STATUS_OK)
		status = copy(room, &walk.source, walk.at, walk.source.size);
	if (status == STATUS_OK && walk.at < walk.source.size)
		status = source_read_all(&walk.source, walk.source.size - 1, &last, 1);
	if (status != STATUS_OK)
		return status;
	if (last != '\n' && script->added_count > 0)
		room_put(room, slice_of("\n"));
	for (size_t i = 0; i < script->added_count; i++) {
		room_put(room, script->added[i]);
		room_put(room, slice_of("\n"));
	}
	status = room_sync(room);
	if (status == STATUS_OK)
		*out = (struct cvd_range){ start, room->at - start };
	return status;
}

/* Copies what is in front of the line, and leaves the walk behind it. */
static enum status make_edit(struct script *script, struct walk *walk,
			     const struct edit *edit)
{
	struct cvd_room *room = script->files->room;
	uint64_t from = walk->at;
	enum status status = go_to(walk, edit->line);

	if (status == STATUS_OK)
		status = begins_with(script, walk, edit->beginning);
	if (status == STATUS_END)
		return refuse(script, "a line that is to be changed is not there");
	if (status == STATUS_OK)
		status = copy(room, &walk->source, from, walk->at);
	if (status == STATUS_OK && edit->is_exchange) {
		room_put(room, edit->text);
		room_put(room, slice_of("\n"));
	}
	if (status != STATUS_OK)
		return status;
	status = go_to(walk, edit->line + 1);
	/* It may have been the last. */
	return status == STATUS_END ? STATUS_OK : status;
}

/* OK; END: there is no such line, and the walk is at the end; CHANGED, IO */
static enum status go_to(struct walk *walk, uint64_t line)
{
	uint8_t piece[PIECE_LEN];

	while (walk->line < line) {
		size_t got, end;
		enum status status = source_read(&walk->source, walk->at, piece,
						 sizeof(piece), &got);
		struct reader reader = reader_of(piece, got);

		if (status != STATUS_OK)
			return status;
		if (got == 0)
			return STATUS_END;
		while (walk->line < line &&
		       reader_find(&reader, reader.pos, slice_of("\n"), &end)) {
			reader_seek(&reader, end + 1);
			walk->line++;
		}
		walk->at += walk->line < line ? got : reader.pos;
	}
	return walk->at < walk->source.size ? STATUS_OK : STATUS_END;
}

/* OK; END: another line is there; NO_MEMORY, CHANGED, IO */
static enum status begins_with(struct script *script, const struct walk *walk,
			       struct slice beginning)
{
	struct arena_mark mark = arena_mark(script->arena);
	struct reader bytes;
	enum status status = source_view(&walk->source, script->arena, walk->at,
					 beginning.len, &bytes);

	if (status == STATUS_OK && !reader_has(&bytes, 0, beginning))
		status = STATUS_END;
	arena_rewind(script->arena, mark);
	return status;
}

/* MOVE from to first beginning last beginning: lines from one file to another's end. */
struct move {
	struct cvd_file *from, *to;
	uint64_t first, last;
	struct slice first_text, last_text;
	uint64_t start, end; /* in `from` */
};

static enum status read_move(struct script *script, struct slice rest, struct move *out)
{
	out->from = cvd_files_find(script->files, take_word(&rest));
	out->to = cvd_files_find(script->files, take_word(&rest));
	struct slice first = take_word(&rest);
	out->first_text = take_word(&rest);
	struct slice last = take_word(&rest);
	out->last_text = rest;

	if (script->open)
		return refuse(script, "a file is open");
	if (!out->from || !out->to || out->from == out->to)
		return refuse(script, "MOVE needs two files that are there");
	if (!field_number(first, INT64_MAX, &out->first) || out->first == 0 ||
	    !field_number(last, INT64_MAX - 1, &out->last) || out->last < out->first)
		return refuse(script, "the lines' numbers are none");
	return STATUS_OK;
}

static enum status find_moved(struct script *script, struct move *move)
{
	struct walk walk = { room_range(script->files->room, move->from->range), 0, 1 };
	enum status status = go_to(&walk, move->first);

	if (status == STATUS_OK)
		status = begins_with(script, &walk, move->first_text);
	move->start = walk.at;
	if (status == STATUS_OK)
		status = go_to(&walk, move->last);
	if (status == STATUS_OK)
		status = begins_with(script, &walk, move->last_text);
	if (status == STATUS_END)
		return refuse(script, "a line that is to be moved is not there");
	if (status == STATUS_OK)
		status = go_to(&walk, move->last + 1);
	move->end = walk.at;
	/* It may have been the last. */
	return status == STATUS_END ? STATUS_OK : status;
}

/* What stays, then what it is added to. */
static enum status move_lines(struct script *script, struct slice rest)
{
	struct cvd_room *room = script->files->room;
	struct cvd_range stays, longer;
	struct move move;
	enum status status = read_move(script, rest, &move);

	if (status == STATUS_OK)
		status = find_moved(script, &move);
	if (status != STATUS_OK)
		return status;
	struct source from = room_range(room, move.from->range);
	struct source to = room_range(room, move.to->range);
	stays.offset = room->at;
	status = copy(room, &from, 0, move.start);
	if (status == STATUS_OK)
		status = copy(room, &from, move.end, from.size);
	stays.len = room->at - stays.offset;
	longer.offset = room->at;
	if (status == STATUS_OK)
		status = copy(room, &to, 0, to.size);
	if (status == STATUS_OK)
		status = copy(room, &from, move.start, move.end);
	longer.len = room->at - longer.offset;
	if (status == STATUS_OK)
		status = room_sync(room);
	if (status != STATUS_OK)
		return status;
	move.from->range = stays;
	move.to->range = longer;
	return STATUS_OK;
}

static enum status unlink_file(struct script *script, struct slice name)
{
	struct cvd_file *file = cvd_files_find(script->files, name);

	if (script->open)
		return refuse(script, "a file is open");
	if (!file)
		return refuse(script, "there is no such file");
	cvd_files_remove(script->files, file);
	return STATUS_OK;
}

static enum status copy(struct cvd_room *room, const struct source *source, uint64_t from,
			uint64_t to)
{
	uint8_t piece[PIECE_LEN];

	while (from < to) {
		size_t got;
		enum status status = source_read(
			source, from, piece, (size_t)min_u64(to - from, sizeof(piece)),
			&got);

		if (status != STATUS_OK)
			return status;
		if (got == 0)
			return STATUS_CHANGED;
		room_put(room, (struct slice){ piece, got });
		from += got;
	}
	return STATUS_OK;
}
