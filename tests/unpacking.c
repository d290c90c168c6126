/* SPDX-License-Identifier: Apache-2.0 */
#include "unpacking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"

enum { BUDGET = 16 << 20, PIECE = 4096 };

static void *need(void *memory)
{
	if (!memory)
		exit(99);
	return memory;
}

static void note(void *context, enum status status, uint64_t offset)
{
	struct unpacked *unpacked = context;

	if (unpacked->note_count < sizeof(unpacked->notes) / sizeof(unpacked->notes[0])) {
		unpacked->notes[unpacked->note_count].status = status;
		unpacked->notes[unpacked->note_count].offset = offset;
	}
	unpacked->note_count++;
}

static void take_source(const struct source *source, struct unpacked_child *out)
{
	size_t len = source->size < UNPACKED_BYTES_MAX ? (size_t)source->size :
							 UNPACKED_BYTES_MAX;

	out->bytes = need(malloc(len + 1));
	enum status status = source_read(source, 0, out->bytes, len, &out->len);
	out->status = status == STATUS_OK ? STATUS_END : status;
}

static void take_stream(const struct stream *stream, struct unpacked_child *out)
{
	enum status status = STATUS_OK;
	size_t got;

	while (status == STATUS_OK && out->len < UNPACKED_BYTES_MAX) {
		out->bytes = need(realloc(out->bytes, out->len + PIECE));
		status = stream_read(stream, out->bytes + out->len, PIECE, &got);
		if ((status == STATUS_OK) != (got > 0) && status <= STATUS_END)
			abort();
		out->len += got;
	}
	out->status = status;
	if (status != STATUS_OK &&
	    (stream_read(stream, out->bytes, PIECE, &got) != status || got))
		abort();
}

static void take(const struct child *child, struct unpacked *unpacked)
{
	unpacked->children = need(realloc(
		unpacked->children, (unpacked->count + 1) * sizeof(*unpacked->children)));
	struct unpacked_child *out = &unpacked->children[unpacked->count];

	unpacked->folders += child->is_folder;
	unpacked->count += !child->is_folder;
	if (child->is_folder)
		return;
	*out = (struct unpacked_child){
		.name = need(calloc(1, child->name.len + 1)),
		.name_len = child->name.len,
		.packed_bytes = child->packed_bytes,
		.claimed_bytes = child->claimed_bytes,
		.is_encrypted = child->is_encrypted,
		.status = child->problem,
	};
	if (child->name.len > 0)
		memcpy(out->name, child->name.base, child->name.len);
	if (child->problem != STATUS_OK)
		return;
	if (child->is_stream)
		take_stream(&child->stream, out);
	else
		take_source(&child->source, out);
}

struct unpacked unpack_source(const struct unpacker *unpacker, struct source source,
			      size_t budget)
{
	struct unpacked unpacked = { .ended = STATUS_END };
	struct arena arena;
	struct unpack unpack = {
		.source = source,
		.arena = &arena,
		.note = note,
		.note_context = &unpacked,
	};
	void *state = NULL;

	arena_init(&arena, budget);
	unpacked.opened = unpacker->open(&unpack, &state);
	if (unpacked.opened == STATUS_OK) {
		struct arena_mark mark = arena_mark(&arena);
		do {
			struct child child = { 0 };
			arena_rewind(&arena, mark);
			unpacked.ended = unpacker->next(state, &child);
			if (unpacked.ended == STATUS_OK)
				take(&child, &unpacked);
		} while (unpacked.ended == STATUS_OK &&
			 unpacked.count < UNPACKED_CHILDREN_MAX);
	}
	unpacked.arena_peak = arena.peak_bytes;
	arena_clear(&arena);
	return unpacked;
}

static bool same(const struct unpacked *a, const struct unpacked *b)
{
	if (strcmp(unpacked_text(a), unpacked_text(b)) != 0 || a->opened != b->opened)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->children[i].len > 0 &&
		    memcmp(a->children[i].bytes, b->children[i].bytes,
			   a->children[i].len) != 0)
			return false;
	return true;
}

struct unpacked unpack_bytes(const struct unpacker *unpacker, const void *bytes,
			     size_t len)
{
	struct guard guard = guard_copy(bytes, len);
	int fd = memfd_create("unpacking", MFD_CLOEXEC);
	struct unpacked unpacked = unpack_source(
		unpacker, source_of_memory(guard.bytes, len), BUDGET);

	if (fd < 0 || write(fd, guard.bytes, len) != (ssize_t)len)
		exit(99);
	struct unpacked again = unpack_source(unpacker, source_of_fd(fd, len, NULL, 0),
					      BUDGET);
	if (!same(&unpacked, &again)) {
		printf("# memory: %s\n", unpacked_text(&unpacked));
		printf("# file:   %s\n", unpacked_text(&again));
		abort();
	}
	unpacked_free(&again);
	close(fd);
	guard_free(&guard);
	return unpacked;
}

void unpacked_free(struct unpacked *unpacked)
{
	for (size_t i = 0; i < unpacked->count; i++) {
		free(unpacked->children[i].name);
		free(unpacked->children[i].bytes);
	}
	free(unpacked->children);
	*unpacked = (struct unpacked){ 0 };
}

const char *unpacked_text(const struct unpacked *unpacked)
{
	static char buffers[2][65536];
	static int which;
	char *text = buffers[which ^= 1];
	size_t used = 0, size = sizeof(buffers[0]);

	text[0] = '\0';
	if (unpacked->opened != STATUS_OK)
		used += (size_t)snprintf(text, size, "open:%s",
					 status_name(unpacked->opened));
	for (size_t i = 0; i < unpacked->count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s:%zu:%s",
					 i ? " " : "", unpacked->children[i].name,
					 unpacked->children[i].len,
					 status_name(unpacked->children[i].status));
	if (unpacked->ended != STATUS_END && used < size)
		used += (size_t)snprintf(text + used, size - used, " !%s",
					 status_name(unpacked->ended));
	for (size_t i = 0; i < unpacked->note_count && i < 32 && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s@%llu",
					 i ? " " : " | ",
					 status_name(unpacked->notes[i].status),
					 (unsigned long long)unpacked->notes[i].offset);
	return text;
}
