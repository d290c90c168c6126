/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "rules/languages.h"
#include "rules/rule.h"
#include "test.h"

TEST("a file that is PKCS #7 is an entry, as it is; another is refused")
{
	static const uint8_t good[] = { 0x30, 0x0d, 0x06, 9,    0x2a, 0x86, 0x48, 0x86,
					0xf7, 0x0d, 0x01, 0x07, 0x02, 0x05, 0x00 };
	const struct rule_reader *reader = rule_reader_of(slice_of("x.cat"));
	struct rule_error error = { 0 };
	struct arena arena;
	struct rule rule;

	REQUIRE(reader && reader->is_whole_file);
	arena_init(&arena, 1 << 20);
	REQUIRE(reader->read(&arena, (struct slice){ good, sizeof(good) }, &rule,
			     &error) == STATUS_OK);
	CHECK_EQ(rule.language, RULE_CATALOG);
	CHECK_EQ(rule.data.len, sizeof(good));
	CHECK(rule.flags & RULE_FINDS_NOTHING);
	for (size_t len = 0; len < 13; len++)
		CHECK_EQ(reader->read(&arena, (struct slice){ good, len }, &rule, &error),
			 STATUS_MALFORMED);
	CHECK_EQ(reader->read(&arena, slice_of("text"), &rule, &error), STATUS_MALFORMED);
	CHECK_STR(error.message, "no catalogue: not PKCS #7");
	arena_clear(&arena);
}

TEST_MAIN()
