/* SPDX-License-Identifier: Apache-2.0 */
#include "match/member.h"

#include "bytes/store.h"
#include "test.h"

struct rule_data {
	uint8_t bytes[6 + 16 * MEMBER_RANGES + 1 + 3];
};

static struct rule_data any(void)
{
	struct rule_data data = { .bytes[0] = MEMBER_ENCRYPTED_ANY };

	for (unsigned i = 0; i < MEMBER_RANGES; i++)
		store_u64le(&data.bytes[6 + 16 * i + 8], UINT64_MAX);
	return data;
}

static bool test_data(const struct rule_data *data, size_t len,
		      const struct member *member)
{
	struct arena arena;
	uint64_t steps = 1000;
	bool matches = true;

	arena_init(&arena, 1 << 20);
	CHECK_EQ(member_test((struct slice){ data->bytes, len }, member, &arena, &steps,
			     &matches),
		 STATUS_OK);
	arena_clear(&arena);
	return matches;
}

static const struct member a_member = {
	.container = TYPE_OOXML_WORD,
	.opened_as = TYPE_ZIP,
	.values = { 100, 20, 30, 4 },
};

enum { WITHOUT_TYPE = sizeof(struct rule_data) - 3 };

TEST("each range has to hold the value of its own")
{
	for (unsigned i = 0; i < MEMBER_RANGES; i++) {
		struct rule_data data = any();
		struct member member = a_member;

		CHECK(test_data(&data, WITHOUT_TYPE, &member));
		store_u64le(&data.bytes[6 + 16 * i], a_member.values[i]);
		store_u64le(&data.bytes[6 + 16 * i + 8], a_member.values[i]);
		CHECK(test_data(&data, WITHOUT_TYPE, &member));
		member.values[i]--;
		CHECK(!test_data(&data, WITHOUT_TYPE, &member));
		member.values[i] += 2;
		CHECK(!test_data(&data, WITHOUT_TYPE, &member));
	}
}

TEST("a size that nobody knows is in no range but that of all")
{
	struct rule_data data = any();
	struct member member = a_member;

	member.values[MEMBER_SIZE] = MEMBER_UNKNOWN;
	CHECK(test_data(&data, WITHOUT_TYPE, &member));
	store_u64le(&data.bytes[6 + 16 * MEMBER_SIZE + 8], MEMBER_UNKNOWN - 1);
	CHECK(!test_data(&data, WITHOUT_TYPE, &member));
}

TEST("a sum is compared where both have one")
{
	struct rule_data data = any();
	struct member member = a_member;

	data.bytes[1] = 1;
	store_u32le(&data.bytes[2], 0x12345678);
	CHECK(test_data(&data, WITHOUT_TYPE, &member));
	member.has_crc = true;
	CHECK(!test_data(&data, WITHOUT_TYPE, &member));
	member.crc = 0x12345678;
	CHECK(test_data(&data, WITHOUT_TYPE, &member));
	member.crc = 0x12345679;
	member.clamav_compat = true;
	CHECK(test_data(&data, WITHOUT_TYPE, &member));
	data.bytes[1] = MEMBER_SUM_ALWAYS;
	CHECK(!test_data(&data, WITHOUT_TYPE, &member));
}

TEST("encrypted, not, or either")
{
	struct rule_data data = any();
	struct member member = a_member;

	for (unsigned is_encrypted = 0; is_encrypted < 2; is_encrypted++) {
		member.is_encrypted = is_encrypted;
		for (uint8_t asked = 0; asked <= MEMBER_ENCRYPTED_ANY; asked++) {
			data.bytes[0] = asked;
			CHECK_EQ(test_data(&data, WITHOUT_TYPE, &member),
				 asked == MEMBER_ENCRYPTED_ANY || asked == is_encrypted);
		}
	}
}

TEST("a document that is a zip is a document and a zip")
{
	struct rule_data data = any();
	struct member member = a_member;

	data.bytes[WITHOUT_TYPE - 1] = 3;
	memcpy(&data.bytes[WITHOUT_TYPE], "ZIP", 3);
	CHECK(test_data(&data, sizeof(data), &member));
	member.container = TYPE_ZIP;
	CHECK(test_data(&data, sizeof(data), &member));
	member.opened_as = TYPE_RAR;
	CHECK(test_data(&data, sizeof(data), &member));
	member.container = TYPE_RAR;
	CHECK(!test_data(&data, sizeof(data), &member));
}

TEST("data that is cut is malformed")
{
	struct rule_data data = any();
	struct arena arena;
	uint64_t steps = 1000;
	bool matches;

	arena_init(&arena, 1 << 20);
	for (size_t len = 0; len < WITHOUT_TYPE; len++)
		CHECK_EQ(member_test((struct slice){ data.bytes, len }, &a_member, &arena,
				     &steps, &matches),
			 STATUS_MALFORMED);
	/* One byte is no expression. */
	CHECK_EQ(member_test((struct slice){ data.bytes, WITHOUT_TYPE + 1 }, &a_member,
			     &arena, &steps, &matches),
		 STATUS_MALFORMED);
	arena_clear(&arena);
}

TEST_MAIN()
