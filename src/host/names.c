/* SPDX-License-Identifier: Apache-2.0 */
#include "host/names.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/cleanup.h"
#include "host/position.h"

enum { READ_BYTES = 128 * 1024 };

static MUST_CHECK bool make_room(struct names *names, size_t len);

enum status names_add(struct names *names, struct slice name, uint8_t type)
{
	if (slice_is(name, ".") || slice_is(name, "..") || name.len == 0)
		return STATUS_OK;
	if (names->count >= NAMES_COUNT_MAX ||
	    !range_fits(names->bytes_len, name.len + 1, NAMES_BYTES_MAX)) {
		errno = EOVERFLOW;
		return STATUS_IO;
	}
	if (!make_room(names, name.len + 1))
		return STATUS_NO_MEMORY;

	names->list[names->count++] = (struct name){ (uint32_t)names->bytes_len, type };
	memcpy(&names->bytes[names->bytes_len], name.base, name.len);
	names->bytes[names->bytes_len + name.len] = '\0';
	names->bytes_len += name.len + 1;
	return STATUS_OK;
}

enum status names_read(struct names *names, int directory)
{
	AUTO_FREE uint8_t *buffer = malloc(READ_BYTES);

	if (!buffer)
		return STATUS_NO_MEMORY;
	for (;;) {
		ssize_t got = getdents64(directory, buffer, READ_BYTES);
		struct entries entries = { buffer, (size_t)got, 0 };
		struct slice name;
		uint8_t type;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_IO;
		if (got == 0)
			return STATUS_OK;
		while (entries_next(&entries, &name, &type)) {
			enum status status = names_add(names, name, type);

			if (status != STATUS_OK)
				return status;
		}
	}
}

bool entries_next(struct entries *entries, struct slice *ret_name, uint8_t *ret_type)
{
	enum { HEADER = offsetof(struct dirent64, d_name) };
	size_t left = entries->len - entries->pos;
	struct dirent64 entry;

	if (left <= HEADER)
		return false;
	memcpy(&entry, &entries->base[entries->pos], HEADER);
	if (entry.d_reclen <= HEADER || entry.d_reclen > left)
		return false;
	ret_name->base = &entries->base[entries->pos + HEADER];
	ret_name->len = strnlen((const char *)ret_name->base, entry.d_reclen - HEADER);
	*ret_type = entry.d_type;
	entries->pos += entry.d_reclen;
	return true;
}

static int compare_names(const void *a, const void *b, void *context)
{
	const char *bytes = context;
	const struct name *left = a, *right = b;

	return position_compare_paths(slice_of(&bytes[left->at]),
				      slice_of(&bytes[right->at]));
}

void names_sort(struct names *names)
{
	if (names->count > 1)
		qsort_r(names->list, names->count, sizeof(*names->list), compare_names,
			names->bytes);
}

void names_clear(struct names *names)
{
	free(names->bytes);
	free(names->list);
	*names = (struct names){ 0 };
}

static bool make_room(struct names *names, size_t len)
{
	if (names->bytes_room - names->bytes_len < len) {
		size_t room = names->bytes_room ? names->bytes_room * 2 : 512;

		while (room - names->bytes_len < len)
			room *= 2;

		char *bytes = realloc(names->bytes, room);

		if (!bytes)
			return false;
		names->bytes = bytes;
		names->bytes_room = room;
	}
	if (names->count == names->room) {
		size_t room = names->room ? names->room * 2 : 32;
		struct name *list = reallocarray(names->list, room, sizeof(*list));

		if (!list)
			return false;
		names->list = list;
		names->room = room;
	}
	return true;
}
