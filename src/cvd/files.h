/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a container while differences are applied to them: each a name and a range
 * of a room.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "cvd/container.h"
#include "cvd/room.h"

struct cvd_file {
	struct slice name; /* plain, as tape_name_is_plain() says */
	struct cvd_range range;
};

struct cvd_files {
	struct cvd_file *list; /* CVD_MEMBERS_MAX of them */
	size_t count;
	struct cvd_room *room;
};

/* None yet; the list is the arena's.  OK, NO_MEMORY */
MUST_CHECK enum status cvd_files_init(struct cvd_files *files, struct arena *arena,
				      struct cvd_room *room);

/* All members of a checked container.  OK, and what cvd_next() and room_stream() say */
MUST_CHECK enum status cvd_files_unpack(struct cvd_files *files, struct cvd *cvd);

/* The file of that name, or NULL. */
struct cvd_file *cvd_files_find(struct cvd_files *files, struct slice name);

/* A new one, empty, or NULL: there are too many, or its name is not plain. */
struct cvd_file *cvd_files_add(struct cvd_files *files, struct slice name);

void cvd_files_remove(struct cvd_files *files, struct cvd_file *file);

/*
 * Appends a container of all files to the room: the header that the list says, and a
 * plain tar archive, the list in front.
 *   OK         *out is where it is
 *   MALFORMED  there is no list, or it has no header
 *   NO_MEMORY, CHANGED, IO, LIMIT
 */
MUST_CHECK enum status cvd_files_pack(struct cvd_files *files, struct arena *arena,
				      struct cvd_range *out);
