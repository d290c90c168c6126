/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scripts of differences, applied to two small files. What they leave is put together as
 * a container.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cvd/diff.h"

enum { ROOM_MAX = 256 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[ROOM_MAX];

static bool write_memory(void *context, uint64_t offset, const void *bytes, size_t len)
{
	(void)context;
	assert(offset + len <= sizeof(memory));
	memcpy(memory + offset, bytes, len);
	return true;
}

static struct source read_memory(void *context, uint64_t size)
{
	(void)context;
	return source_of_memory(memory, (size_t)size);
}

static void add_file(struct cvd_files *files, const char *name, const char *text)
{
	struct cvd_file *file = cvd_files_add(files, slice_of(name));

	assert(file);
	file->range = (struct cvd_range){ files->room->at, strlen(text) };
	room_put(files->room, slice_of(text));
	assert(room_sync(files->room) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cvd_room room;
	struct cvd_diff diff = { .script = { data, size } };
	struct cvd_files files;
	struct cvd_range range;
	struct arena arena;

	arena_init(&arena, 2 << 20);
	room = (struct cvd_room){ .write = write_memory,
				  .read = read_memory,
				  .size_max = sizeof(memory) };
	if (cvd_files_init(&files, &arena, &room) != STATUS_OK)
		return 0;
	add_file(&files, "a.info", "ClamAV-VDB:t:1:2:3:X:X:me:4\nx\n");
	add_file(&files, "b.ndb", "one\ntwo\nthree");
	enum status status = cvd_diff_apply(&diff, &files, &arena);
	assert(status != STATUS_MALFORMED || (diff.reason && diff.line <= size));
	assert(files.count <= CVD_MEMBERS_MAX);
	for (size_t i = 0; i < files.count; i++) {
		assert(tape_name_is_plain(files.list[i].name));
		assert(files.list[i].range.offset + files.list[i].range.len <= room.at);
	}
	if (status == STATUS_OK && cvd_files_pack(&files, &arena, &range) == STATUS_OK)
		assert(range.len % 512 == 0);
	arena_clear(&arena);
	return 0;
}
