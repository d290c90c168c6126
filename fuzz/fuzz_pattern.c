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

enum { COUNT_MAX = 1000 };

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

struct results {
	bool is_known;
	struct pattern_matches found;
	uint64_t count;
};

static bool is_result(enum status status)
{
	assert(status == STATUS_OK || status == STATUS_LIMIT ||
	       status == STATUS_NO_MEMORY);
	return status == STATUS_OK;
}

static struct results look(struct slice programs, struct slice bytes, bool compat)
{
	const struct pattern_range range = { 0, UINT64_MAX };
	struct source source = source_of_memory(bytes.base, bytes.len);
	struct budget budget = budget_of(1 << 18, (struct clock){ .now_ms = no_time }, 1);
	struct results results = { 0 };
	struct arena arena;
	struct text text;

	arena_init(&arena, 8 << 20);
	if (text_open(&text, &source, &arena, TEXT_WINDOW_LEN) == STATUS_OK) {
		struct pattern_search search = {
			.text = &text,
			.budget = &budget,
			.arena = &arena,
			.clamav_compat = compat,
		};
		results.is_known = is_result(pattern_find(&search, programs, range,
							  COUNT_MAX, &results.found)) &&
				   is_result(pattern_count(&search, programs, range,
							   COUNT_MAX, &results.count));
	}
	arena_clear(&arena);
	return results;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_of(data, size);
	struct slice programs = reader_slice(&in, reader_u16le(&in));
	struct slice bytes = reader_rest(&in);
	struct results plain = look(programs, bytes, false);
	struct results compat = look(programs, bytes, true);

	assert(plain.found.count <= COUNT_MAX && plain.count <= COUNT_MAX);
	assert(plain.found.offset + plain.found.len <= bytes.len);
	if (plain.is_known) {
		assert((plain.found.count > 0) == (plain.count > 0));
		assert(pattern_has_gap(programs) || plain.found.count == plain.count);
	}
	if (plain.is_known && compat.is_known) {
		assert(compat.found.count <= plain.found.count);
		assert(compat.count <= plain.count);
	}
	return 0;
}
