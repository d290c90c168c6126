/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An icon group is a directory of one picture in several sizes: 6 bytes, the last two of
 * which are the number of entries, then entries of 14, the last two of which are the name
 * of an icon resource.
 */
#include "view/pe_icons.h"

#include "base/checked.h"
#include "view/pe_resource.h"

enum { HEAD_LEN = 6, ENTRY_LEN = 14, NAME_AT = 12 };

static enum status read_group(const struct pe_image *image, struct arena *arena,
			      const struct pe_resource *group, struct pe_icons *out);
static enum status read_named(const struct pe_image *image, struct arena *arena,
			      uint32_t name, const struct pe_resources *icons,
			      struct pe_icons *out);

enum status pe_icons_read(const struct pe_image *image, struct arena *arena,
			  struct pe_icons *out)
{
	struct pe_icons found = {
		.looks = arena_new_array(arena, struct icon_look, PE_ICONS_MAX),
	};
	struct arena_mark mark = arena_mark(arena);
	struct pe_resources groups;

	if (!found.looks)
		return STATUS_NO_MEMORY;
	enum status status = pe_resource_list(image, arena, PE_RESOURCE_ICON_GROUP,
					      &groups);
	if (status == STATUS_OK && groups.count > 0)
		status = read_group(image, arena, &groups.list[0], &found);
	arena_rewind(arena, mark);
	if (status == STATUS_OK)
		*out = found;
	return status;
}

static enum status read_group(const struct pe_image *image, struct arena *arena,
			      const struct pe_resource *group, struct pe_icons *out)
{
	size_t len = min_size(group->len, HEAD_LEN + PE_ICONS_MAX * ENTRY_LEN);
	struct pe_resources icons;
	struct reader in;
	enum status status = pe_view(image, arena, group->address, len, &in);

	if (status == STATUS_OK)
		status = pe_resource_list(image, arena, PE_RESOURCE_ICON, &icons);
	if (status != STATUS_OK)
		return status;
	reader_skip(&in, HEAD_LEN - 2);
	for (size_t left = reader_u16le(&in); left > 0; left--) {
		if (reader_left(&in) < ENTRY_LEN)
			break;
		reader_skip(&in, NAME_AT);
		status = read_named(image, arena, reader_u16le(&in), &icons, out);
		if (status != STATUS_OK)
			return status;
	}
	return STATUS_OK;
}

/* The first of that name; of others, in further languages, nothing is wanted. */
static enum status read_named(const struct pe_image *image, struct arena *arena,
			      uint32_t name, const struct pe_resources *icons,
			      struct pe_icons *out)
{
	size_t i = 0;
	uint64_t offset;

	while (i < icons->count && icons->list[i].name != name)
		i++;
	if (i == icons->count || !pe_place(image, icons->list[i].address, &offset))
		return STATUS_OK;
	enum status status = icon_read(&image->source, offset, arena,
				       &out->looks[out->count]);
	if (status == STATUS_OK)
		out->count++;
	if (status == STATUS_CHANGED || status == STATUS_IO || status == STATUS_NO_MEMORY)
		return status;
	return STATUS_OK;
}
