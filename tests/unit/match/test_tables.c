/* SPDX-License-Identifier: Apache-2.0 */
#include "match/tables.h"

#include "guard.h"
#include "match/veil.h"
#include "test.h"

/* One section that holds the numbers 1, 2, 3 … in its bytes, and ends at a wall. */
static struct guard numbers(struct tables *tables, enum section_id id, size_t len)
{
	struct guard guard = guard_new(len);

	for (size_t i = 0; i < len; i++)
		guard.bytes[i] = (uint8_t)(i + 1);
	tables->section[id] = (struct table){ guard.bytes, len };
	return guard;
}

TEST("records are decoded field by field")
{
	struct tables tables = { 0 };
	struct guard rules = numbers(&tables, SECTION_RULES, RULE_RECORD_LEN);
	struct guard subs = numbers(&tables, SECTION_SUBS, SUB_RECORD_LEN);
	struct guard hashes = numbers(&tables, SECTION_HASHES, HASH_RECORD_LEN);
	struct rule_record rule = table_rule(&tables, 0);
	struct sub_record sub = table_sub(&tables, 0);
	struct hash_record hash = table_hash(&tables, SECTION_HASHES, 0);

	CHECK_EQ(rule.name, 0x04030201);
	CHECK_EQ(rule.expression_len, 0x18171615);
	CHECK_EQ(rule.sub_count, 0x1e1d);
	CHECK_EQ(rule.target, 0x25);
	CHECK_EQ(rule.flags, 0x2827);
	CHECK_EQ(sub.data, 0x04030201);
	CHECK_EQ(sub.offset_section, 0x1211);
	CHECK_EQ(sub.offset_kind, 0x13);
	CHECK_EQ(sub.kind, 0x14);
	CHECK_EQ(sub.flags, 0x1615);
	CHECK_EQ(sub.reserved2, INT64_C(0x201f1e1d1c1b1a19));
	CHECK_EQ(hash.size, 0x04030201);
	CHECK_EQ(hash.file, 0x0e0d);
	guard_free(&rules);
	guard_free(&subs);
	guard_free(&hashes);
}

TEST("what is not there is zero")
{
	struct tables tables = { 0 };

	CHECK_EQ(table_rule(&tables, 0).name, 0);
	CHECK_EQ(table_u64(&tables, SECTION_INFO, 0), 0);
	struct guard rules = numbers(&tables, SECTION_RULES, 2 * RULE_RECORD_LEN - 1);
	CHECK_EQ(table_count(&tables, SECTION_RULES, RULE_RECORD_LEN), 1);
	CHECK_EQ(table_rule(&tables, 1).name, 0);
	CHECK_EQ(table_rule(&tables, UINT32_MAX).name, 0);
	CHECK_EQ(table_u16(&tables, SECTION_RULES, 77), 0x4f4e);
	CHECK_EQ(table_u16(&tables, SECTION_RULES, 78), 0);
	CHECK_EQ(table_u32(&tables, SECTION_RULES, SIZE_MAX), 0);
	CHECK_EQ(table_bytes(&tables, SECTION_RULES, 70, 9).len, 9);
	CHECK_EQ(table_bytes(&tables, SECTION_RULES, 70, 10).len, 0);
	CHECK_EQ(table_bytes(&tables, SECTION_RULES, 70, SIZE_MAX).len, 0);
	guard_free(&rules);
}

TEST("a string has its length before it")
{
	struct tables tables = { 0 };
	struct guard strings = guard_copy("\x03\0abc\x09\0ab", 9);

	tables.section[SECTION_STRINGS] = (struct table){ strings.bytes, strings.len };
	CHECK(slice_is(table_string(&tables, 0), "abc"));
	CHECK_EQ(table_string(&tables, 5).len, 0);
	CHECK_EQ(table_string(&tables, 8).len, 0);
	CHECK_EQ(table_string(&tables, 4000).len, 0);
	guard_free(&strings);
}

TEST("a veiled string is given with a NUL, as far as there is room")
{
	struct tables tables = { 0 };
	char bytes[] = "\0\0\x05\0veils";
	char out[8];

	veil_apply((uint8_t *)&bytes[4], (uint8_t *)&bytes[4], 5, 4);
	tables.section[SECTION_STRINGS] = (struct table){ (uint8_t *)bytes, 9 };
	CHECK(memcmp(&bytes[4], "veils", 5) != 0);
	CHECK_EQ(table_veiled_string(&tables, 2, out, sizeof(out)), 5);
	CHECK_STR(out, "veils");
	CHECK_EQ(table_veiled_string(&tables, 2, out, 4), 5);
	CHECK_STR(out, "vei");
	CHECK_EQ(table_veiled_string(&tables, 8, out, sizeof(out)), 0);
	CHECK_STR(out, "");
}

TEST("the veil is taken off at any place as it was put on for the whole")
{
	uint8_t whole[64], piece[64];

	for (size_t i = 0; i < sizeof(whole); i++)
		whole[i] = (uint8_t)i;
	veil_apply(whole, whole, sizeof(whole), 3);
	for (size_t at = 0; at < sizeof(whole); at++) {
		size_t len = sizeof(whole) - at;

		veil_apply(piece, &whole[at], len, 3 + at);
		for (size_t i = 0; i < len; i++)
			if (!CHECK_EQ(piece[i], at + i))
				return;
	}
}

TEST_MAIN()
