/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directory has 16 bytes (at 12 the number of entries with a text for a name, at 14 of
 * those with a number), then its entries: name (4), and what is below (4), which is a
 * directory if its highest bit is set. On the third level stand 16 bytes: address of
 * the data, length, code page, zero. All places count from the start of the resources.
 */
#include "view/pe_resource.h"

#include "base/checked.h"

enum { DIRECTORY_LEN = 16, ENTRY_LEN = 8, ENTRIES_MAX = 65536, LEVELS = 3 };
#define IS_DIRECTORY (UINT32_C(1) << 31)

struct walk {
	const struct pe_image *image;
	struct arena *arena;
	enum pe_resource_type type;
	size_t entries_left; /* to be looked at */
	uint32_t name;       /* the entries that led here, one of each level */
	uint32_t language;
	struct pe_resources found;
};

static enum status open_directory(const struct walk *walk, uint32_t place,
				  struct reader *out);
static bool is_wanted(struct walk *walk, size_t level, uint32_t name);
static enum status add_leaf(struct walk *walk, uint32_t place);
static enum status view_at(const struct walk *walk, uint32_t place, size_t len,
			   struct reader *out);

enum status pe_resource_list(const struct pe_image *image, struct arena *arena,
			     enum pe_resource_type type, struct pe_resources *out)
{
	struct walk walk = { image, arena, type, ENTRIES_MAX, 0, 0, { 0 } };
	struct reader entries[LEVELS];
	struct arena_mark marks[LEVELS];
	size_t level = 0;

	walk.found.list = arena_new_array(arena, struct pe_resource, PE_RESOURCES_MAX);
	if (!walk.found.list)
		return STATUS_NO_MEMORY;
	marks[0] = arena_mark(arena);
	enum status status = STATUS_OK;
	if (image->directories[PE_RESOURCES].len == 0)
		entries[0] = reader_of(NULL, 0);
	else
		status = open_directory(&walk, 0, &entries[0]);

	while (status == STATUS_OK && walk.entries_left > 0 &&
	       walk.found.count < PE_RESOURCES_MAX) {
		if (reader_left(&entries[level]) < ENTRY_LEN) {
			arena_rewind(arena, marks[level]);
			if (level == 0)
				break;
			level--;
			continue;
		}
		uint32_t name = reader_u32le(&entries[level]);
		uint32_t below = reader_u32le(&entries[level]);
		walk.entries_left--;
		if (!is_wanted(&walk, level, name))
			continue;
		if (level + 1 == LEVELS) {
			status = add_leaf(&walk, below);
		} else if (below & IS_DIRECTORY) {
			level++;
			marks[level] = arena_mark(arena);
			status = open_directory(&walk, below & ~IS_DIRECTORY,
						&entries[level]);
		}
	}
	arena_rewind(arena, marks[0]);
	if (status == STATUS_OK)
		*out = walk.found;
	return status;
}

/* Its entries, as many as it says or as there are. */
static enum status open_directory(const struct walk *walk, uint32_t place,
				  struct reader *out)
{
	struct arena_mark mark = arena_mark(walk->arena);
	struct reader head;
	enum status status = view_at(walk, place, DIRECTORY_LEN, &head);

	if (status != STATUS_OK)
		return status;
	reader_skip(&head, 12);
	size_t count = reader_u16le(&head);
	count += reader_u16le(&head);
	arena_rewind(walk->arena, mark);
	status = view_at(walk, place, DIRECTORY_LEN + count * ENTRY_LEN, out);
	if (status == STATUS_OK)
		reader_skip(out, DIRECTORY_LEN);
	return status;
}

static bool is_wanted(struct walk *walk, size_t level, uint32_t name)
{
	switch (level) {
	case 0:
		return name == (uint32_t)walk->type;
	case 1:
		walk->name = name;
		return true;
	default:
		walk->language = name;
		return true;
	}
}

static enum status add_leaf(struct walk *walk, uint32_t place)
{
	struct arena_mark mark = arena_mark(walk->arena);
	struct reader in;

	if (place & IS_DIRECTORY)
		return STATUS_OK;
	enum status status = view_at(walk, place, 8, &in);
	if (status != STATUS_OK)
		return status;
	struct pe_resource resource = {
		.name = walk->name,
		.language = walk->language,
		.address = reader_u32le(&in),
	};
	resource.len = reader_u32le(&in);
	if (reader_ok(&in))
		walk->found.list[walk->found.count++] = resource;
	arena_rewind(walk->arena, mark);
	return STATUS_OK;
}

static enum status view_at(const struct walk *walk, uint32_t place, size_t len,
			   struct reader *out)
{
	uint64_t address = walk->image->directories[PE_RESOURCES].address;

	return pe_view(walk->image, walk->arena, address + place, len, out);
}
