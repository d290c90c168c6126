/* SPDX-License-Identifier: Apache-2.0 */
/* The tables are read here as match/filter.h says, and only so. */
#include "database/gram_filter.h"

#include "built.h"
#include "bytes/reader.h"
#include "match/filter.h"
#include "match/trigger.h"
#include "match/veil.h"
#include "test.h"
#include "type/type.h"

static struct built built;

static const struct tables *tables(void)
{
	return &built.database.segments[0];
}

static uint32_t filter_field(unsigned target, unsigned field)
{
	return table_u32(tables(), SECTION_FILTERS,
			 target * FILTER_RECORD_LEN + 4 * field);
}

/* Does the filter of the target let the gram of four bytes through? */
static bool passes(unsigned target, uint32_t gram)
{
	uint32_t log2 = filter_field(target, 1);
	uint32_t print = filter_print(filter_fold(gram), 0);

	if (log2 == FILTER_NONE)
		return false;
	uint64_t word = table_u64(tables(), SECTION_FILTERS,
				  filter_field(target, 0) + 8 * filter_word(print, log2));
	return (word & filter_bits(print)) == filter_bits(print);
}

static bool passes_short(unsigned target, uint16_t gram)
{
	if (!filter_field(target, 3))
		return false;
	struct slice byte = table_bytes(tables(), SECTION_FILTERS,
					filter_field(target, 2) + gram / 8, 1);
	return byte.len == 1 && byte.base[0] >> (gram & 7) & 1;
}

static struct trigger_record trigger_at(size_t index)
{
	return trigger_read(table_bytes(tables(), SECTION_TRIGGERS,
					index * TRIGGER_RECORD_LEN, TRIGGER_RECORD_LEN));
}

/* The triggers of a gram. */
struct run {
	size_t first, count;
};

static struct run run_at(size_t first)
{
	struct run run = { first, 1 };

	while (!(trigger_at(first + run.count - 1).gram_at & TRIGGER_LAST))
		run.count++;
	return run;
}

/* None if it has no record. */
static struct run find_gram(uint32_t folded, unsigned len)
{
	size_t slots = table_count(tables(), SECTION_GRAMS, GRAM_RECORD_LEN);
	size_t slot = filter_slot(filter_hash(folded, len), (uint32_t)slots);

	for (unsigned i = 0; slots > 0 && i < FILTER_PROBES_MAX; i++) {
		uint32_t gram = table_u32(tables(), SECTION_GRAMS,
					  slot * GRAM_RECORD_LEN);
		uint32_t place = table_u32(tables(), SECTION_GRAMS,
					   slot * GRAM_RECORD_LEN + 4);

		if (place == 0)
			break;
		if (gram == folded && (len == FILTER_LONG) == !!(place & GRAM_LONG))
			return run_at((place & ~GRAM_LONG) - 1);
		slot = (slot + 1) % slots;
	}
	return (struct run){ 0 };
}

TEST("every gram is found, with its triggers, in the filters of its targets alone")
{
	static struct text_buffer text;

	text_clear(&text);
	for (uint32_t i = 0; i < 3000; i++)
		text_add(&text, "N%u:%u:*:%08x\n", i, i % 2 ? 6 : 1,
			 __builtin_bswap32((i * 2654435761u) | 0x20202020));
	built_one(&built, "a.ndb", text.text);
	REQUIRE(built.status == STATUS_OK);
	for (uint32_t i = 0; i < 3000; i++) {
		uint32_t gram = (i * 2654435761u) | 0x20202020;
		struct run run = find_gram(gram, FILTER_GRAM);
		bool ok = run.count > 0 && passes(i % 2 ? 6 : 1, gram);

		for (size_t t = run.first; t < run.first + run.count; t++)
			ok = ok && trigger_at(t).rule < 3000;
		if (!CHECK(ok))
			break;
	}
	CHECK_EQ(filter_field(0, 1), FILTER_NONE);
	built_free(&built);
}

TEST("most other grams are kept out")
{
	static struct text_buffer text;
	unsigned let_through = 0;

	text_clear(&text);
	for (uint32_t i = 0; i < 2000; i++)
		text_add(&text, "N%u:0:*:%08x\n", i, i * 2654435761u);
	built_one(&built, "a.ndb", text.text);
	REQUIRE(built.status == STATUS_OK);
	for (uint32_t i = 0; i < 20000; i++)
		let_through += passes(0, i * 40503u + 77);
	CHECK(let_through < 20000 / 50);
	CHECK(let_through > 0);
	built_free(&built);
}

TEST("rules for any target are in every filter, others in their own")
{
	built_one(&built, "a.ndb", "A:0:*:8fd317b9\nB:6:*:fe139be2\nC:5:*:9a9b\n");
	REQUIRE(built.status == STATUS_OK);
	for (unsigned target = 0; target < TARGET_COUNT; target++) {
		CHECK(passes(target, 0xb917d38f));
		CHECK_EQ(passes(target, 0xe29b13fe), target == 6);
		CHECK_EQ(passes_short(target, 0xbbba), target == 5);
		CHECK_EQ(filter_field(target, 0) % 64, 0);
	}
	/* What is alike is there once. */
	CHECK_EQ(filter_field(0, 0), filter_field(1, 0));
	CHECK(filter_field(0, 0) != filter_field(6, 0));
	CHECK_EQ(find_gram(0xbbba, FILTER_SHORT).count, 1);
	CHECK_EQ(find_gram(0x2020bbba, FILTER_GRAM).count, 0);
	built_free(&built);
}

TEST("grams of one place do not crowd out their rules, nor stop the build")
{
	enum { ALIKE = 600 };
	static struct text_buffer text;
	static bool is_there[ALIKE];
	uint32_t found = 0;

	text_clear(&text);
	for (uint32_t gram = 0; found < ALIKE; gram++) {
		uint32_t folded = filter_fold(gram * 2654435761u);

		if (filter_slot(filter_hash(folded, FILTER_GRAM), 1 << 16) != 0)
			continue;
		text_add(&text, "N%u:0:*:%08x\n", found, __builtin_bswap32(folded));
		found++;
	}
	built_one(&built, "a.ndb", text.text);
	REQUIRE(built.status == STATUS_OK);
	size_t always = table_count(tables(), SECTION_ALWAYS, 4);
	CHECK(always > 0 && always < ALIKE);
	for (size_t i = 0; i < always; i++)
		is_there[table_u32(tables(), SECTION_ALWAYS, 4 * i) % ALIKE] = true;
	for (size_t i = 0;
	     i < table_count(tables(), SECTION_TRIGGERS, TRIGGER_RECORD_LEN); i++) {
		struct trigger_record trigger = trigger_at(i);
		struct slice veiled = table_bytes(tables(), SECTION_LITERALS,
						  trigger.literal, 4);
		uint8_t bytes[4];

		veil_apply(bytes, veiled.base, veiled.len, trigger.literal);
		uint32_t gram = filter_fold((uint32_t)bytes[3] << 24 | bytes[2] << 16 |
					    bytes[1] << 8 | bytes[0]);

		if (find_gram(gram, FILTER_GRAM).count > 0)
			is_there[trigger.rule % ALIKE] = true;
	}
	for (size_t i = 0; i < built.counts[0].taken; i++)
		if (!CHECK(is_there[i]))
			break;
	built_free(&built);
}

TEST("more rules of one gram than its record can count are candidates everywhere")
{
	enum { RULES = UINT16_MAX + 40, LINE_LEN = 21 };
	char *text = calloc(RULES * LINE_LEN + 1, 1);

	REQUIRE(text);
	for (unsigned i = 0; i < RULES; i++)
		snprintf(text + i * LINE_LEN, LINE_LEN + 1, "N%06u:0:*:8fd317b9\n", i);
	built_one(&built, "a.ndb", text);
	free(text);
	REQUIRE(built.status == STATUS_OK);
	CHECK_EQ(built.counts[0].taken, RULES);
	CHECK_EQ(find_gram(filter_fold(0xb917d38f), FILTER_GRAM).count, UINT16_MAX);
	REQUIRE(table_count(tables(), SECTION_ALWAYS, 4) == RULES - UINT16_MAX);
	for (size_t i = 0; i < RULES - UINT16_MAX; i++)
		CHECK_EQ(table_u32(tables(), SECTION_ALWAYS, 4 * i), UINT16_MAX + i);
	built_free(&built);
}

TEST("rules without a literal are listed, and no tables are made for nothing")
{
	built_one(&built, "a.ldb", "A;Target:0;0=0;616263\nB;Target:0;0<3;616263\n");
	REQUIRE(built.status == STATUS_OK);
	CHECK_EQ(table_count(tables(), SECTION_ALWAYS, 4), 2);
	CHECK_EQ(table_u32(tables(), SECTION_ALWAYS, 4), 1);
	CHECK_EQ(tables()->section[SECTION_GRAMS].len, 0);
	CHECK_EQ(tables()->section[SECTION_TRIGGERS].len, 0);
	CHECK_EQ(filter_field(3, 1), FILTER_NONE);
	CHECK_EQ(filter_field(3, 3), 0);
	built_free(&built);
}

TEST_MAIN()
