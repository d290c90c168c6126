/* SPDX-License-Identifier: Apache-2.0 */
#include "cvd/room.h"

#include "base/checked.h"
#include "bytes/reader.h"

static void flush(struct cvd_room *room)
{
	uint64_t offset = room->at - room->used;

	if (room->used > 0 && !room->failed && room->at <= room->size_max)
		room->failed = !room->write(room->context, offset, room->piece,
					    room->used);
	room->used = 0;
}

void room_put(struct cvd_room *room, struct slice bytes)
{
	struct reader left = reader_of_slice(bytes);

	while (reader_left(&left) > 0) {
		size_t len = min_size(reader_left(&left), CVD_ROOM_PIECE - room->used);

		reader_bytes(&left, &room->piece[room->used], len);
		room->used += len;
		room->at += len;
		if (room->used == CVD_ROOM_PIECE)
			flush(room);
	}
}

enum status room_stream(struct cvd_room *room, struct stream stream,
			struct cvd_range *out)
{
	uint8_t piece[8192];
	uint64_t start = room->at;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && room->at <= room->size_max) {
		size_t got;

		status = stream_read(&stream, piece, sizeof(piece), &got);
		room_put(room, (struct slice){ piece, got });
	}
	if (status == STATUS_OK || status == STATUS_END)
		status = room_sync(room);
	if (status == STATUS_OK)
		*out = (struct cvd_range){ start, room->at - start };
	return status;
}

enum status room_sync(struct cvd_room *room)
{
	flush(room);
	if (room->at > room->size_max)
		return STATUS_LIMIT;
	return room->failed ? STATUS_IO : STATUS_OK;
}

struct source room_range(struct cvd_room *room, struct cvd_range range)
{
	struct source all = room->read(room->context, room->at);

	return source_window(&all, range.offset, range.len);
}
