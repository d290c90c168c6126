/* SPDX-License-Identifier: Apache-2.0 */
#include "bytes/settled.h"

#include <string.h>

#include "base/checked.h"
#include "base/message_digest.h"
#include "bytes/reader.h"

static enum status read_pieces(void *state, uint64_t offset, uint8_t *buffer, size_t len);
static enum status read_piece(struct settled *settled, size_t index);
static enum status settle(struct settled *settled, size_t index, struct slice bytes);

bool settled_init(struct settled *settled, struct source under,
		  const struct digests *digests, struct arena *arena)
{
	uint64_t count = under.size / SETTLED_PIECE + 1;

	*settled = (struct settled){ .under = under, .digests = digests };
	if (count > SIZE_MAX / sizeof(*settled->pieces))
		return false;
	settled->pieces = arena_new_array(arena, struct settled_piece, (size_t)count);
	settled->piece = arena_alloc(arena, SETTLED_PIECE);
	return settled->pieces && settled->piece;
}

struct source settled_source(struct settled *settled)
{
	return (struct source){
		.kind = SOURCE_READER,
		.size = settled->under.size,
		.fd = -1,
		.read = read_pieces,
		.state = settled,
	};
}

static enum status read_pieces(void *state, uint64_t offset, uint8_t *buffer, size_t len)
{
	struct settled *settled = state;
	size_t done = 0;

	while (done < len) {
		size_t index = (size_t)(offset / SETTLED_PIECE);
		size_t within = (size_t)(offset % SETTLED_PIECE);
		size_t count = min_size(len - done, SETTLED_PIECE - within);
		enum status status = read_piece(settled, index);

		if (status != STATUS_OK)
			return status;
		memcpy(&buffer[done], &settled->piece[within], count);
		done += count;
		offset += count;
	}
	return STATUS_OK;
}

static enum status read_piece(struct settled *settled, size_t index)
{
	uint64_t at = (uint64_t)index * SETTLED_PIECE;
	size_t len = (size_t)min_u64(SETTLED_PIECE, settled->under.size - at);

	if (settled->is_read && settled->index == index)
		return STATUS_OK;
	settled->is_read = false;
	enum status status = source_read_all(&settled->under, at, settled->piece, len);
	if (status == STATUS_TRUNCATED)
		status = STATUS_CHANGED;
	if (status == STATUS_OK)
		status = settle(settled, index, (struct slice){ settled->piece, len });
	settled->is_read = status == STATUS_OK;
	settled->index = index;
	return status;
}

static enum status settle(struct settled *settled, size_t index, struct slice bytes)
{
	struct settled_piece *piece = &settled->pieces[index];
	struct message_digest digest;
	enum status status = message_digest_of(settled->digests, HASH_SHA256, bytes,
					       &digest);

	if (status != STATUS_OK)
		return status;
	if (!piece->is_known) {
		memcpy(piece->sha256, digest.bytes, sizeof(piece->sha256));
		piece->is_known = true;
	}
	if (memcmp(piece->sha256, digest.bytes, sizeof(piece->sha256)) != 0)
		return STATUS_CHANGED;
	return STATUS_OK;
}
