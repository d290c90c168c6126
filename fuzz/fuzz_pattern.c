/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as pattern programs, in any text:
 *
 *	le 2	length of the list of programs (sub_record.data)
 *	-	the list
 *	-	the text
 */
#include <assert.h>

#include "bytes/reader.h"
#include "match/pattern_find.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_of(data, size);
	struct slice programs = reader_slice(&in, reader_u16le(&in));
	struct slice bytes = reader_rest(&in);
	struct source source = source_of_memory(bytes.base, bytes.len);
	struct budget budget = budget_of(1 << 18, (struct clock){ .now_ms = no_time }, 1);
	struct pattern_range range = { 0, UINT64_MAX };
	struct pattern_matches found = { 0 };
	struct arena arena;
	struct text text;

	arena_init(&arena, 8 << 20);
	if (text_open(&text, &source, &arena, TEXT_WINDOW_LEN) == STATUS_OK) {
		struct pattern_search search = { &text, &budget, &arena };
		enum status status = pattern_find(&search, programs, range, 1000, &found);

		assert(status == STATUS_OK || status == STATUS_LIMIT ||
		       status == STATUS_NO_MEMORY);
		assert(found.count <= 1000);
		assert(found.offset + found.len <= bytes.len);
	}
	arena_clear(&arena);
	return 0;
}
