/* SPDX-License-Identifier: Apache-2.0 */
#include "database/database.h"

#include "built.h"
#include "database/segment.h"
#include "gen.h"
#include "test.h"

#define MD5 "44d88612fea8a8f36de82e1278abb02f"
#define SHA256 "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

static struct built built;

TEST("four segments can be open, and keep apart")
{
	struct database database = { 0 };
	struct rule_info info;

	built_one(&built, "a.ndb", "A:0:*:616263\n");
	REQUIRE(built.status == STATUS_OK);
	for (int i = 0; i < DATABASE_SEGMENTS_MAX; i++)
		CHECK_EQ(database_add(&database, built.bytes, built.len), STATUS_OK);
	CHECK_EQ(database_add(&database, built.bytes, built.len), STATUS_LIMIT);
	CHECK_EQ(database.segment_count, DATABASE_SEGMENTS_MAX);
	CHECK(database_rule(&database, 3, 0, &info));
	CHECK(!database_rule(&database, 4, 0, &info));
	CHECK_EQ(database_rule_count(&database, 3), 1);
	CHECK_EQ(database_rule_count(&database, 4), 0);
	built_free(&built);
}

TEST("a segment that cannot be opened is not added")
{
	struct database database = { 0 };

	CHECK_EQ(database_add(&database, "no", 2), STATUS_MALFORMED);
	CHECK_EQ(database.segment_count, 0);
}

TEST("the line of a hash rule is made again")
{
	char text[128];

	built_one(&built, "a.hsb",
		  MD5 ":68:A.B-1\n" SHA256 ":*:C:73\n" MD5 ":69:Longer.Name:1:300\n");
	REQUIRE(built.status == STATUS_OK);
	CHECK_EQ(database_rule_text(&built.database, 0, 0, text, sizeof(text)),
		 strlen(MD5 ":68:A.B-1"));
	CHECK_STR(text, MD5 ":68:A.B-1");
	database_rule_text(&built.database, 0, 1, text, sizeof(text));
	CHECK_STR(text, MD5 ":69:Longer.Name");
	database_rule_text(&built.database, 0, 2, text, sizeof(text));
	CHECK_STR(text, SHA256 ":*:C:73");
	CHECK_EQ(database_rule_text(&built.database, 0, 2, text, 10),
		 strlen(SHA256 ":*:C:73"));
	CHECK_STR(text, "275a021bb");
	CHECK_EQ(database_rule_text(&built.database, 0, 3, text, sizeof(text)), 0);
	built_free(&built);
}

TEST("a pattern rule has its own line, not a made one")
{
	char text[16];

	built_one(&built, "a.ndb", "A:0:*:616263\n");
	CHECK_EQ(database_rule_text(&built.database, 0, 0, text, sizeof(text)), 12);
	CHECK_STR(text, "A:0:*:616263");
	CHECK_EQ(database_rule_text(&built.database, 0, 0, text, 4), 12);
	CHECK_STR(text, "A:0");
	built_free(&built);
}

static bool segment_holds(const char *text)
{
	return memmem(built.bytes, built.len, text, strlen(text));
}

TEST("what rules look for, and their lines, cannot be read in a segment")
{
	built_one(&built, "a.ldb",
		  "Name.A;Target:0;0&1&2;6e6565646c65206f6e65;6e6565646c652074776f::i;"
		  "6162(6e6565646c652073697821|6e6565646c6520736576656e)\n");
	REQUIRE(built.status == STATUS_OK);
	CHECK_EQ(built.database.segments[0].section[SECTION_LITERALS].len > 0, true);
	CHECK(segment_holds("Name.A"));
	CHECK(!segment_holds("needle"));
	CHECK(!segment_holds("6e6565646c65"));
	CHECK(!segment_holds("Target"));
	built_free(&built);
}

/* Everything there is to ask of a segment. Returns how much of it there was. */
static unsigned ask_all(const struct database *database)
{
	uint32_t count = database_rule_count(database, 0);
	struct segment_info segment;
	struct source_info source;
	struct rule_info info;
	char text[256];
	unsigned there = database_info(database, 0, &segment);

	for (uint32_t i = 0; i < 3; i++)
		there += database_source(database, 0, i, &source);
	for (uint32_t i = 0; i < count && i < 100; i++) {
		there += database_rule(database, 0, i, &info);
		there += database_rule_text(database, 0, i, text, sizeof(text)) > 0;
	}
	return there;
}

TEST("a damaged segment can be asked everything")
{
	struct gen gen = gen_start();

	built_one(&built, "a.hsb", MD5 ":68:A.B-1\n" SHA256 ":*:C:73\n");
	REQUIRE(built.status == STATUS_OK);
	for (int i = 0; i < 3000; i++) {
		size_t at = SEGMENT_SECTIONS_AT +
			    gen_below(&gen, built.len - SEGMENT_SECTIONS_AT);
		uint8_t kept = built.bytes[at];

		built.bytes[at] = (uint8_t)gen_u64(&gen);
		CHECK_EQ(ask_all(&built.database), 1 + 3 + 2 * 2);
		built.bytes[at] = kept;
	}
	CHECK_EQ(database_rule_count(&built.database, 0), 2);
	built_free(&built);
}

TEST_MAIN()
