/* SPDX-License-Identifier: Apache-2.0 */
#include "host/trail.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/walk.h"

static MUST_CHECK bool path_append(struct trail *trail, const void *bytes, size_t len);
static void frame_clear(struct frame *frame);

void trail_clear(struct trail *trail)
{
	for (size_t i = 0; i < trail->count; i++)
		frame_clear(&trail->frames[i]);
	free(trail->frames);
	free(trail->path);
	*trail = (struct trail){ 0 };
}

bool trail_start(struct trail *trail, struct slice root)
{
	trail->path_len = 0;
	if (!path_append(trail, root.base, root.len))
		return false;
	trail->below = root.len;
	return true;
}

bool trail_enter_name(struct trail *trail, const char *name)
{
	const struct frame *top = trail_top(trail);
	size_t below = trail->below;

	trail->path_len = top->path_len;
	/* "/" and "folder/" have their slash already. */
	if (trail->path_len == 0 || trail->path[trail->path_len - 1] != '/')
		if (!path_append(trail, "/", 1))
			return false;
	if (trail->count == 1)
		below = trail->path_len;
	if (!path_append(trail, name, strlen(name)))
		return false;
	trail->below = below;
	return true;
}

struct slice trail_below(const struct trail *trail)
{
	return (struct slice){ (const uint8_t *)&trail->path[trail->below],
			       trail->path_len - trail->below };
}

struct frame *trail_top(const struct trail *trail)
{
	return trail->count > 0 ? &trail->frames[trail->count - 1] : NULL;
}

bool trail_has(const struct trail *trail, const struct target_facts *directory)
{
	for (size_t i = 0; i < trail->count; i++)
		if (trail->frames[i].inode == directory->inode &&
		    trail->frames[i].device == directory->device)
			return true;
	return false;
}

bool trail_push(struct trail *trail, struct frame *frame)
{
	if (trail->count == trail->room) {
		size_t room = trail->room ? trail->room * 2 : 32;
		struct frame *frames = reallocarray(trail->frames, room, sizeof(*frames));

		if (!frames)
			return false;
		trail->frames = frames;
		trail->room = room;
	}
	frame->path_len = trail->path_len;
	trail->frames[trail->count++] = *frame;
	if (trail->count > WALK_DIRECTORIES_OPEN) {
		struct frame *far =
			&trail->frames[trail->count - 1 - WALK_DIRECTORIES_OPEN];

		cleanup_close(&far->fd);
		far->fd = -1;
	}
	return true;
}

bool trail_close_far(struct trail *trail)
{
	bool closed = false;

	for (size_t i = 0; i + 1 < trail->count; i++) {
		struct frame *frame = &trail->frames[i];

		closed = closed || frame->fd >= 0;
		cleanup_close(&frame->fd);
		frame->fd = -1;
	}
	return closed;
}

void trail_pop(struct trail *trail)
{
	frame_clear(trail_top(trail));
	trail->count--;
}

static void frame_clear(struct frame *frame)
{
	cleanup_close(&frame->fd);
	names_clear(&frame->names);
}

static bool path_append(struct trail *trail, const void *bytes, size_t len)
{
	if (trail->path_room - trail->path_len < len + 1) {
		size_t room = (trail->path_len + len + 1) * 2;
		char *path = realloc(trail->path, room);

		if (!path)
			return false;
		trail->path = path;
		trail->path_room = room;
	}
	memcpy(&trail->path[trail->path_len], bytes, len);
	trail->path_len += len;
	trail->path[trail->path_len] = '\0';
	return true;
}
