/* SPDX-License-Identifier: Apache-2.0 */
/* What a page comes to, for tests. */
#pragma once

#include "test.h"
#include "view/html.h"

static inline uint64_t html_text_now(void *context)
{
	(void)context;
	return 0;
}

static const struct html_limits html_text_limits = {
	.bytes_max = 1 << 20,
	.words_bytes_max = 1 << 20,
	.clock = { html_text_now, NULL },
	.deadline_ms = 1,
};

/* Reads a page of `len` bytes; ends the test where that fails. */
static inline struct html_views html_text_of(struct arena *arena, const void *page,
					     size_t len)
{
	struct source source = source_of_memory(page, len);
	struct html_views views = { 0 };

	CHECK_EQ(html_read(arena, &source, TYPE_HTML, &html_text_limits, &views),
		 STATUS_OK);
	return views;
}

/* Compares one of the texts, by name, and says what it is where it is another. */
#define HTML_TEXT(which, page, want) \
	do { \
		struct arena arena_; \
		arena_init(&arena_, 1 << 22); \
		struct html_views views_ = html_text_of(&arena_, page, \
							sizeof(page) - 1); \
		struct slice got_ = growing_slice(&views_.which); \
		growing_put(&views_.which, 0); \
		if (!CHECK(slice_equal(got_, (struct slice){ (const uint8_t *)(want), \
							     sizeof(want) - 1 }))) \
			CHECK_STR((const char *)views_.which.bytes, want); \
		arena_clear(&arena_); \
	} while (0)
