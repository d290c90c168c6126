/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/files.h"

#include <stdio.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "cvd/header.h"
#include "type/tar_sign.h"

static struct cvd_file *find_list(struct cvd_files *files);
static enum status put_head(struct cvd_files *files, const struct cvd_file *list,
			    struct arena *arena);
static enum status put_file(struct cvd_files *files, const struct cvd_file *file);
static void put_tar_header(struct cvd_room *room, const struct cvd_file *file);

enum status cvd_files_init(struct cvd_files *files, struct arena *arena,
			   struct cvd_room *room)
{
	*files = (struct cvd_files){
		.list = arena_new_array(arena, struct cvd_file, CVD_MEMBERS_MAX),
		.room = room,
	};
	return files->list ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status cvd_files_unpack(struct cvd_files *files, struct cvd *cvd)
{
	enum status status = cvd_start(cvd);
	size_t index;

	while (status == STATUS_OK) {
		status = cvd_next(cvd, &index);
		if (status != STATUS_OK)
			break;
		struct cvd_file *file = cvd_files_add(files, cvd->members[index].name);
		/* A checked container has plain names, and not too many. */
		status = file ? room_stream(files->room, cvd_stream(cvd), &file->range) :
				STATUS_LIMIT;
	}
	cvd_finish(cvd);
	return status == STATUS_END ? STATUS_OK : status;
}

struct cvd_file *cvd_files_find(struct cvd_files *files, struct slice name)
{
	for (size_t i = 0; i < files->count; i++)
		if (slice_equal(files->list[i].name, name))
			return &files->list[i];
	return NULL;
}

struct cvd_file *cvd_files_add(struct cvd_files *files, struct slice name)
{
	if (files->count == CVD_MEMBERS_MAX || !tape_name_is_plain(name))
		return NULL;
	struct cvd_file *file = &files->list[files->count++];
	*file = (struct cvd_file){ .name = name };
	return file;
}

void cvd_files_remove(struct cvd_files *files, struct cvd_file *file)
{
	for (size_t i = 0; i + 1 < files->count; i++) {
		if (&files->list[i] != file)
			continue;
		files->list[i] = files->list[i + 1];
		file = &files->list[i + 1];
	}
	files->count--;
}

enum status cvd_files_pack(struct cvd_files *files, struct arena *arena,
			   struct cvd_range *out)
{
	static const uint8_t end[2 * TAR_BLOCK];
	const struct cvd_file *list = find_list(files);
	uint64_t start = files->room->at;

	if (!list)
		return STATUS_MALFORMED;
	enum status status = put_head(files, list, arena);
	if (status == STATUS_OK)
		status = put_file(files, list);
	for (size_t i = 0; i < files->count && status == STATUS_OK; i++)
		if (&files->list[i] != list)
			status = put_file(files, &files->list[i]);
	if (status != STATUS_OK)
		return status;
	room_put(files->room, (struct slice){ end, sizeof(end) });
	status = room_sync(files->room);
	if (status == STATUS_OK)
		*out = (struct cvd_range){ start, files->room->at - start };
	return status;
}

static struct cvd_file *find_list(struct cvd_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (cvd_info_is_name(files->list[i].name))
			return &files->list[i];
	return NULL;
}

/* The first line of the list, filled up with blanks. */
static enum status put_head(struct cvd_files *files, const struct cvd_file *list,
			    struct arena *arena)
{
	struct source source = room_range(files->room, list->range);
	uint8_t head[CVD_HEADER_LEN];
	struct cvd_header header;
	struct reader bytes;
	struct slice line;
	enum status status = source_view(&source, arena, 0, CVD_HEADER_LEN, &bytes);

	if (status != STATUS_OK)
		return status;
	if (!reader_line(&bytes, &line) || line.len >= CVD_HEADER_LEN ||
	    cvd_header_read(line, &header) != STATUS_OK)
		return STATUS_MALFORMED;
	memset(head, ' ', sizeof(head));
	memcpy(head, line.base, line.len);
	room_put(files->room, (struct slice){ head, sizeof(head) });
	return STATUS_OK;
}

static enum status put_file(struct cvd_files *files, const struct cvd_file *file)
{
	static const uint8_t zeros[TAR_BLOCK];
	struct source source = room_range(files->room, file->range);
	size_t padding = (TAR_BLOCK - file->range.len % TAR_BLOCK) % TAR_BLOCK;
	uint8_t piece[8192];
	size_t got = 1;

	put_tar_header(files->room, file);
	for (uint64_t at = 0; got > 0; at += got) {
		enum status status = source_read(&source, at, piece, sizeof(piece), &got);

		if (status != STATUS_OK)
			return status;
		room_put(files->room, (struct slice){ piece, got });
	}
	room_put(files->room, (struct slice){ zeros, padding });
	return STATUS_OK;
}

static void put_tar_header(struct cvd_room *room, const struct cvd_file *file)
{
	uint8_t block[TAR_BLOCK] = { 0 };
	char number[16];
	unsigned sum = 0;

	memcpy(block, file->name.base, file->name.len);
	memcpy(&block[100], "0000644", 7);
	snprintf(number, sizeof(number), "%011llo", (unsigned long long)file->range.len);
	memcpy(&block[124], number, 11);
	memset(&block[148], ' ', 8);
	block[156] = '0';
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	snprintf(number, sizeof(number), "%06o", sum);
	memcpy(&block[148], number, 7);
	room_put(room, (struct slice){ block, sizeof(block) });
}
