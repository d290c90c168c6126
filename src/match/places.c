/* SPDX-License-Identifier: Apache-2.0 */
#include "match/places.h"

#include "base/checked.h"

static bool section_range(const struct executable *executable, size_t index,
			  struct pattern_range *out);

enum status places_of(struct evaluator *evaluator, const struct sub_record *sub,
		      struct places *out)
{
	struct places places = { 0 };
	enum status status = STATUS_OK;

	if (sub->offset_kind == OFFSET_VERSION_INFO)
		status = facts_version(&evaluator->facts, &places.version);
	else if (!places_range(sub, evaluator->object, &places.range))
		return STATUS_END;
	if (status == STATUS_OK)
		*out = places;
	return status;
}

bool places_range(const struct sub_record *sub, const struct match_object *object,
		  struct pattern_range *out)
{
	const struct executable *executable = object->executable;
	struct pattern_range range = { 0, 0 };
	uint64_t value = sub->offset_value;
	bool is_minus = false;

	switch (sub->offset_kind) {
	case OFFSET_ANY:
		*out = (struct pattern_range){ 0, UINT64_MAX };
		return true;
	case OFFSET_ABSOLUTE:
		break;
	case OFFSET_FROM_END:
		if (object->has_no_end)
			return false;
		range.first = object->source.size;
		is_minus = true;
		break;
	case OFFSET_ENTRY_PLUS:
	case OFFSET_ENTRY_MINUS:
		if (!executable || !executable->has_entry)
			return false;
		range.first = executable->entry_offset;
		is_minus = sub->offset_kind == OFFSET_ENTRY_MINUS;
		break;
	case OFFSET_SECTION_PLUS:
	case OFFSET_IN_SECTION:
		if (!section_range(executable, sub->offset_section, &range))
			return false;
		break;
	case OFFSET_LAST_SECTION_PLUS:
		if (!executable ||
		    !section_range(executable, executable->section_count - 1, &range))
			return false;
		break;
	default:
		return false;
	}
	if (is_minus && value > range.first)
		return false;
	range.first = is_minus ? range.first - value : add_u64_capped(range.first, value);
	/* A place behind the offset, or, in a section, behind its end. */
	if (sub->offset_kind != OFFSET_IN_SECTION)
		range.last = range.first;
	range.last = add_u64_capped(range.last, sub->offset_shift);
	*out = range;
	return true;
}

/* From its first byte to the one behind its last: clamscan lets a match start there too. */
static bool section_range(const struct executable *executable, size_t index,
			  struct pattern_range *out)
{
	if (!executable || index >= executable->section_count)
		return false;
	const struct executable_section *section = &executable->sections[index];
	out->first = section->offset;
	out->last = add_u64_capped(section->offset, section->len);
	return true;
}
