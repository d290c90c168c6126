/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of a rule about members, as a damaged segment may have it: length (u16), data;
 * the rest is the member's name.
 */
#include "bytes/reader.h"
#include "match/member.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader in = reader_of(data, size);
	struct slice rule = reader_slice(&in, reader_u16le(&in));
	struct member member = {
		.container = TYPE_ZIP,
		.opened_as = TYPE_ZIP,
		.values = { 1, 2, 3, 4 },
		.name = reader_rest(&in),
	};
	uint64_t steps = 1 << 22;
	struct arena arena;
	bool matches;

	arena_init(&arena, 1 << 20);
	(void)!member_test(rule, &member, &arena, &steps, &matches);
	arena_clear(&arena);
	return 0;
}
