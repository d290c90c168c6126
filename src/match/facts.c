/* SPDX-License-Identifier: Apache-2.0 */
#include "match/facts.h"

#include "view/image.h"

static enum status hash_image(const struct facts *facts, uint64_t *ret_hash);

enum status facts_version(struct facts *facts, const struct pe_version **out)
{
	const struct matcher *matcher = facts->matcher;
	const struct executable *executable = facts->object->executable;
	bool compat = matcher->flags & MATCH_CLAMAV_COMPAT;
	enum status status = STATUS_OK;

	if (!facts->knows_version && executable && executable->pe)
		status = pe_version_read(executable->pe, matcher->arena, compat,
					 &facts->version);
	if (status != STATUS_OK)
		return status;
	facts->knows_version = true;
	*out = &facts->version;
	return STATUS_OK;
}

enum status facts_icons(struct facts *facts, const struct pe_icons **out)
{
	const struct executable *executable = facts->object->executable;
	enum status status = STATUS_OK;

	if (!facts->knows_icons && executable && executable->pe)
		status = pe_icons_read(executable->pe, facts->matcher->arena,
				       &facts->icons);
	if (status != STATUS_OK)
		return status;
	facts->knows_icons = true;
	*out = &facts->icons;
	return STATUS_OK;
}

enum status facts_image(struct facts *facts, uint64_t *ret_hash)
{
	if (!facts->knows_image) {
		enum status status = hash_image(facts, &facts->image);

		if (status != STATUS_OK && status != STATUS_END)
			return status;
		facts->knows_image = true;
		facts->has_image = status == STATUS_OK;
	}
	*ret_hash = facts->image;
	return facts->has_image ? STATUS_OK : STATUS_END;
}

static enum status hash_image(const struct facts *facts, uint64_t *ret_hash)
{
	const struct match_object *object = facts->object;
	struct arena *arena = facts->matcher->arena;
	struct arena_mark mark = arena_mark(arena);
	struct image image;

	if (!image_type(object->type))
		return STATUS_END;
	enum status status = image_read(&object->source, object->type, arena, &image);
	if (status == STATUS_OK)
		status = image_hash(&image, arena, ret_hash);
	arena_rewind(arena, mark);
	if (status == STATUS_MALFORMED || status == STATUS_TRUNCATED ||
	    status == STATUS_UNSUPPORTED)
		return STATUS_END;
	return status;
}
