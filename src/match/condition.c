/* SPDX-License-Identifier: Apache-2.0 */
#include "base/checked.h"
#include "bytes/reader.h"
#include "match/expr.h"
#include "match/matcher.h"

static bool test_holds(struct reader *condition, const struct match_object *object);
static struct icon_groups read_groups(struct reader *condition);
static bool container_is(struct slice name, const struct match_object *object);
static bool intermediates_are(struct reader *condition,
			      const struct match_object *object);
static bool type_is(enum file_type type, struct slice name);

bool condition_holds(struct slice condition, const struct match_object *object)
{
	struct reader tests = reader_of_slice(condition);

	while (reader_left(&tests) > 0)
		if (!condition_next(&tests, object))
			return false;
	return true;
}

bool condition_next(struct reader *tests, const struct match_object *object)
{
	return test_holds(tests, object) && reader_ok(tests);
}

/* Goes on to the first test of that kind; its key is read. False: there is none. */
static bool seek_test(struct reader *tests, enum condition_key key)
{
	static const struct match_object nothing = { .type = TYPE_ANY };

	while (reader_left(tests) > 0) {
		if (reader_peek(tests, tests->pos) == (int)key) {
			reader_skip(tests, 1);
			return true;
		}
		(void)test_holds(tests, &nothing);
	}
	return false;
}

struct slice condition_retype(struct slice condition)
{
	struct reader tests = reader_of_slice(condition);

	if (!seek_test(&tests, COND_RETYPE))
		return (struct slice){ 0 };
	return reader_slice(&tests, reader_u8(&tests));
}

struct icon_groups condition_icons(struct slice condition)
{
	struct reader tests = reader_of_slice(condition);

	if (!seek_test(&tests, COND_ICONS))
		return (struct icon_groups){ 0 };
	return read_groups(&tests);
}

static struct icon_groups read_groups(struct reader *condition)
{
	unsigned which = reader_u8(condition);
	struct icon_groups groups = { 0 };

	for (size_t i = 0; i < ICON_GROUPS; i++) {
		groups.is_asked[i] = which >> i & 1;
		if (groups.is_asked[i])
			groups.names[i] = reader_slice(condition, reader_u8(condition));
	}
	return groups;
}

/* Reads one test, whether it holds or not. */
static bool test_holds(struct reader *condition, const struct match_object *object)
{
	const struct executable *executable = object->executable;
	uint64_t min, max;

	switch (reader_u8(condition)) {
	case COND_FILE_SIZE:
		min = reader_u64le(condition);
		max = reader_u64le(condition);
		return object->source.size >= min && object->source.size <= max;
	case COND_ENTRY_POINT:
		min = reader_u32le(condition);
		max = reader_u32le(condition);
		return executable && executable->has_entry &&
		       executable->entry_offset >= min && executable->entry_offset <= max;
	case COND_SECTIONS:
		min = reader_u32le(condition);
		max = reader_u32le(condition);
		return executable && executable->section_count >= min &&
		       executable->section_count <= max;
	case COND_CONTAINER:
		return container_is(reader_slice(condition, reader_u8(condition)),
				    object);
	case COND_INTERMEDIATES:
		return intermediates_are(condition, object);
	case COND_ICONS:
		(void)read_groups(condition);
		return true;
	case COND_RETYPE:
		(void)reader_slice(condition, reader_u8(condition));
		return true;
	default:
		return false;
	}
}

static bool container_is(struct slice name, const struct match_object *object)
{
	if (object->container_count == 0)
		return type_is(TYPE_ANY, name);
	return type_is(object->containers[object->container_count - 1], name);
}

/* The last names are those of the closest; each "ANY" fits every type. */
static bool intermediates_are(struct reader *condition, const struct match_object *object)
{
	uint8_t count = reader_u8(condition);
	bool all = count <= object->container_count;

	for (size_t i = 0; i < count; i++) {
		struct slice name = reader_slice(condition, reader_u8(condition));
		if (!all)
			continue;
		enum file_type type =
			object->containers[object->container_count - count + i];
		all = type_is(type, name) || type_is(TYPE_ANY, name);
	}
	return all;
}

static bool type_is(enum file_type type, struct slice name)
{
	return slice_is(name, type_name(type));
}
