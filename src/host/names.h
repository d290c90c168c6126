/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names in one directory, in the order of a walk. This is the one list
 * that a walk holds whole: sorted, because where it stopped must mean the same
 * on the next run, and the system hands names out in any order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"

enum {
	/* Of one directory. A file system that never ends its list is cut off here. */
	NAMES_BYTES_MAX = 512 * 1024 * 1024,
	NAMES_COUNT_MAX = 16 * 1024 * 1024,
};

struct name {
	uint32_t at; /* in `bytes` */
	uint8_t type; /* DT_REG … as in readdir(3); DT_UNKNOWN where the system does not say */
};

/* Starts as all zeros. */
struct names {
	char *bytes; /* each name ends with a NUL */
	size_t bytes_len;
	size_t bytes_room;
	struct name *list;
	size_t count;
	size_t room;
};

/*
 * Adds one, of any bytes but NUL. "." and ".." are passed over.
 *   OK
 *   IO         one of the limits above; errno is EOVERFLOW
 *   NO_MEMORY
 */
MUST_CHECK enum status names_add(struct names *names, struct slice name, uint8_t type);

/*
 * Adds all names of an open directory, from its beginning.
 *   OK
 *   IO         the system refused, perhaps in the middle; errno says why
 *   NO_MEMORY
 */
MUST_CHECK enum status names_read(struct names *names, int directory);

void names_sort(struct names *names);

static inline const char *names_get(const struct names *names, size_t i)
{
	return &names->bytes[names->list[i].at];
}

/* Gives all memory back; the list may be used again. */
void names_clear(struct names *names);

/* One directory entry after the other out of a buffer that getdents64(2) filled. */
struct entries {
	const uint8_t *base;
	size_t len;
	size_t pos;
};

/* The next entry. False at the end, or where the buffer makes no sense. */
MUST_CHECK bool entries_next(struct entries *entries, struct slice *ret_name,
			     uint8_t *ret_type);
