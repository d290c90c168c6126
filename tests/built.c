/* SPDX-License-Identifier: Apache-2.0 */
#include "built.h"

#include <string.h>

static const struct built_limits no_limits;

/* What the callbacks of a build need. */
struct building {
	struct built *built;
	const struct built_limits *limits;
};

static bool keep(void *context, uint64_t offset, const void *bytes, size_t len)
{
	struct building *building = context;
	struct built *built = building->built;

	built->writes++;
	if (building->limits->writes_max && built->writes > building->limits->writes_max)
		return false;
	if (offset + len > built->len) {
		built->bytes = realloc(built->bytes, offset + len);
		if (!built->bytes)
			abort();
		memset(built->bytes + built->len, 0, offset + len - built->len);
		built->len = offset + len;
	}
	memcpy(built->bytes + offset, bytes, len);
	return true;
}

static void note(void *context, const struct build_problem *problem)
{
	static const char *const severities[] = { "refused", "left out", "note" };
	struct building *building = context;
	struct text_buffer *text = &building->built->problems;

	text_add(text, "%s %u:%u:%u ", severities[problem->severity], problem->input,
		 problem->line, problem->column);
	if (problem->member.len > 0)
		text_add(text, "%.*s ", (int)problem->member.len,
			 (const char *)problem->member.base);
	text_add(text, "%s", problem->message);
	if (problem->detail.len > 0)
		text_add(text, ": %.*s", (int)problem->detail.len,
			 (const char *)problem->detail.base);
	text_add(text, "\n");
}

void built_make(struct built *out, const struct built_file *files,
		const struct built_limits *limits)
{
	static const char *const names[BUILT_FILES_MAX] = { "s0", "s1", "s2", "s3",
							    "s4", "s5", "s6", "s7" };
	struct building building = { out, limits ? limits : &no_limits };
	struct build_source sources[BUILT_FILES_MAX] = { 0 };
	struct build_input inputs[BUILT_FILES_MAX + 1] = { 0 };
	struct digests digests;
	struct arena arena;
	size_t count = 0;

	memset(out, 0, sizeof(*out));
	for (; count < BUILT_FILES_MAX && files[count].name; count++) {
		inputs[count].name = slice_of(files[count].name);
		size_t len = strlen(files[count].text);
		if (count == 0 && building.limits->first_len > 0)
			len = building.limits->first_len;
		inputs[count].content = source_of_memory(files[count].text, len);
		inputs[count].source_id = files[count].source;
		if (building.limits->roles)
			inputs[count].role = building.limits->roles[count];
	}
	for (size_t i = 0; i < BUILT_FILES_MAX; i++)
		sources[i].name = slice_of(names[i]);
	if (building.limits->base)
		inputs[count++] = (struct build_input){
			.name = slice_of(BUILT_BASE_NAME),
			.content = source_of_memory(building.limits->base->bytes,
						    building.limits->base->len),
			.role = BUILD_BASE,
		};
	if (digests_load(&digests) != STATUS_OK)
		abort();
	size_t budget = building.limits->budget_bytes;
	arena_init(&arena, budget ? budget : (size_t)1 << 30);
	const struct build_options options = {
		.sources = sources,
		.source_count = BUILT_FILES_MAX,
		.build_id = slice_of("test build"),
		.clamav_compat = building.limits->clamav_compat,
		.pua = building.limits->pua,
		.arena = &arena,
		.digests = &digests,
		.problem = note,
		.write = keep,
		.context = &building,
	};
	out->status = database_build(&options, inputs, count, out->counts,
				     &out->size_bytes);
	out->arena_peak_bytes = arena.peak_bytes;
	if (out->status == STATUS_OK)
		out->status = database_add(&out->database, out->bytes, out->len);
	arena_clear(&arena);
	digests_clear(&digests);
}

void built_one(struct built *out, const char *name, const char *text)
{
	const struct built_file files[] = { { name, text, 0 }, { NULL, NULL, 0 } };

	built_make(out, files, NULL);
}

void built_free(struct built *built)
{
	free(built->bytes);
	built->bytes = NULL;
}
