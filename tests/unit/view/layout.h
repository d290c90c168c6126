/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests of layouts: programs from recipes, and what was read of them. */
#pragma once

#include <stdlib.h>

#include "prefix.h"
#include "recipe.h"
#include "test.h"
#include "view/executable.h"

struct layout {
	enum status status;
	struct executable executable;
	struct executable_section sections[16]; /* copies of the first */
};

static inline struct layout layout_of_bytes(const uint8_t *bytes, size_t len,
					    enum file_type type)
{
	struct source source = source_of_memory(bytes, len);
	struct layout layout = { 0 };
	struct arena arena;

	arena_init(&arena, 16 << 20);
	layout.status = executable_parse(&source, type, &arena, &layout.executable);
	for (size_t i = 0; i < layout.executable.section_count && i < 16; i++)
		layout.sections[i] = layout.executable.sections[i];
	layout.executable.sections = NULL;
	arena_clear(&arena);
	return layout;
}

/* The recipe may have a second part, for what differs from test to test. */
static inline struct layout layout_of(const char *recipe, const char *rest,
				      enum file_type type)
{
	struct layout layout = { 0 };
	struct recipe made;
	char *text = NULL;

	if (asprintf(&text, "%s%s", recipe, rest) < 0 || !recipe_build(text, &made)) {
		CHECK(false);
		free(text);
		return layout;
	}
	layout = layout_of_bytes(made.bytes, made.len, type);
	recipe_free(&made);
	free(text);
	return layout;
}

static inline void look_at_prefix(const uint8_t *bytes, size_t len, void *type)
{
	struct layout layout = layout_of_bytes(bytes, len, *(enum file_type *)type);

	CHECK(layout.status == STATUS_OK || layout.status == STATUS_TRUNCATED ||
	      layout.status == STATUS_MALFORMED);
}

static inline void every_prefix_of_recipe_is_safe(const char *recipe, enum file_type type)
{
	struct recipe made;

	if (!CHECK(recipe_build(recipe, &made)))
		return;
	every_prefix_is_safe(look_at_prefix, made.bytes, made.len, &type);
	recipe_free(&made);
}
