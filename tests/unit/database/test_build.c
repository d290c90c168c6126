/* SPDX-License-Identifier: Apache-2.0 */
#include "database/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "built.h"
#include "database/segment.h"
#include "match/matcher.h"
#include "test.h"

#define MD5 "44d88612fea8a8f36de82e1278abb02f"
#define SHA1 "3395856ce81f2b7382dee72602f798b642f14140"
#define SHA256 "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

static struct built built, again;

/* The names of all rules in the order of their ids, with a blank behind each. */
static const char *all_names(const struct built *of)
{
	static struct text_buffer names;
	struct rule_info info;

	text_clear(&names);
	for (uint32_t i = 0; i < database_rule_count(&of->database, 0); i++)
		if (database_rule(&of->database, 0, i, &info))
			text_add(&names, "%.*s ", (int)info.name.len,
				 (const char *)info.name.base);
	return names.text;
}

TEST("a bad line costs itself, and is told with its place")
{
	built_one(&built, "a.ndb",
		  "A:0:*:616263\r\n"
		  "# comment\n"
		  "\n"
		  "B:0:*:61626\n"
		  "C:15:*:616263\n"
		  "D:0:*:616264\r\r\n"
		  "E:0:*:616265");
	CHECK_EQ(built.status, STATUS_OK);
	CHECK_STR(all_names(&built), "A D E ");
	CHECK_STR(built.problems.text,
		  "refused 0:4:11 a byte has two hexadecimal digits: 6\n"
		  "left out 0:5:3 an unknown target: 15\n");
	CHECK_EQ(built.counts[0].taken, 3);
	CHECK_EQ(built.counts[0].refused, 1);
	CHECK_EQ(built.counts[0].skipped, 1);
	built_free(&built);
}

TEST("a rule is found again with its line, its file and its source")
{
	const struct built_file files[] = {
		{ "x.ldb", "#\nA;Target:0;0;6162\n", 2 },
		{ "y.hdb", MD5 ":68:H\n" SHA1 ":*:PUA.H:73\n", 1 },
		{ NULL, NULL, 0 },
	};
	struct rule_info info;
	char text[64];

	built_make(&built, files, NULL);
	REQUIRE(built.status == STATUS_OK);
	REQUIRE(database_rule(&built.database, 0, 0, &info));
	CHECK(slice_is(info.name, "A"));
	database_rule_text(&built.database, 0, 0, text, sizeof(text));
	CHECK_STR(text, "A;Target:0;0;6162");
	CHECK(slice_is(info.file, "x.ldb"));
	CHECK(slice_is(info.source, "s2"));
	CHECK_EQ(info.source_id, 2);
	CHECK_EQ(info.line, 2);
	CHECK(!info.is_hash);
	REQUIRE(database_rule(&built.database, 0, 2, &info));
	CHECK(slice_is(info.name, "PUA.H"));
	CHECK(slice_is(info.file, "y.hdb"));
	CHECK(slice_is(info.source, "s1"));
	CHECK_EQ(info.line, 2);
	CHECK_EQ(info.flags, RULE_WEAK);
	CHECK(info.is_hash && !info.is_allow);
	CHECK(!database_rule(&built.database, 0, 3, &info));
	CHECK(!database_rule(&built.database, 1, 0, &info));
	built_free(&built);
}

TEST("ids count patterns first, then hashes by scope, kind, digest and size")
{
	const struct built_file files[] = {
		{ "a.fp", MD5 ":68:Allowed\n", 0 },
		{ "a.hsb",
		  SHA256 ":68:H256\n" SHA1 ":68:H1\n" MD5 ":70:H5b\n" MD5 ":9:H5a\n"
			 "04d88612fea8a8f36de82e1278abb02f:1:H5first\n",
		  0 },
		{ "a.ndb", "P:0:*:616263\n", 0 },
		{ NULL, NULL, 0 },
	};

	built_make(&built, files, NULL);
	CHECK_STR(all_names(&built), "P H5first H5a H5b H1 H256 Allowed ");
	built_free(&built);
}

/* Digests of the filter's test: as good as any, and known again. */
static void make_digest(uint32_t number, uint8_t out[16])
{
	uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15);

	for (unsigned i = 0; i < 16; i++) {
		state = (state ^ state >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
		out[i] = (uint8_t)(state >> 56);
	}
}

static void count_hash(void *context, uint32_t rule)
{
	(void)rule;
	++*(unsigned *)context;
}

/*
 * With and without its filter a table finds the same; and the filter lets through few of
 * those that are not there.
 */
TEST("a filter passes every digest of its table, and few others")
{
	enum { COUNT = 20000, LINE_LEN = 32 + sizeof(":77:N\n") - 1 };
	char *text = malloc(COUNT * LINE_LEN + 1);
	struct tables plain;
	uint8_t bytes[16];
	unsigned found = 0, passed = 0;

	REQUIRE(text);
	for (uint32_t i = 0; i < COUNT; i++) {
		make_digest(i, bytes);
		for (unsigned b = 0; b < 16; b++)
			snprintf(&text[i * LINE_LEN + 2 * b], 3, "%02x", bytes[b]);
		memcpy(&text[i * LINE_LEN + 32], ":77:N\n", LINE_LEN - 32 + 1);
	}
	built_one(&built, "a.hdb", text);
	free(text);
	REQUIRE(built.status == STATUS_OK && built.counts[0].taken == COUNT);
	plain = built.database.segments[0];
	plain.section[SECTION_DIGEST_FILTERS].len = 0;
	for (uint32_t i = 0; i < 3 * COUNT; i++) {
		struct digest digest = { .len = 16 };
		struct hash_query query = { HASH_OF_OBJECT, &digest, 77 };
		unsigned before = found;

		make_digest(i, digest.bytes);
		match_hash(&built.database.segments[0], &query, count_hash, &found);
		CHECK_EQ(found - before, i < COUNT);
		passed += i >= COUNT &&
			  match_hash_may_be(&built.database.segments[0], &query);
		match_hash(&plain, &query, count_hash, &before);
		CHECK_EQ(before, found);
	}
	CHECK(passed < 2 * COUNT / 200);
	built_free(&built);
}

TEST("lists of rules to leave out act by name or line, on their own source alone")
{
	const struct built_file files[] = {
		{ "r.ndb", "A:0:*:616263\nB:0:*:616264\nC:0:*:616265\nAA:0:*:616266\n",
		  0 },
		{ "r.hdb", MD5 ":68:H\n", 0 },
		{ "s.ndb", "A:0:*:616263\n", 1 },
		/* the second digest is that of `C:0:*:616265` */
		{ "x.ign2",
		  "A\nH\nB:00000000000000000000000000000000\n"
		  "C:06dc379cd84269340a218c22d146c490\nx.db:1:NotThere\n",
		  0 },
		{ NULL, NULL, 0 },
	};

	built_make(&built, files, NULL);
	CHECK_STR(all_names(&built), "B AA A ");
	CHECK_STR(built.problems.text,
		  "left out 0:1:0 left out by its source's own list: A\n"
		  "left out 0:3:0 left out by its source's own list: C\n"
		  "left out 1:1:0 left out by its source's own list: H\n");
	CHECK_EQ(built.counts[3].taken, 5);
	built_free(&built);

	built_make(&built, files, &(struct built_limits){ .clamav_compat = true });
	CHECK_STR(all_names(&built), "B AA ");
	built_free(&built);
}

TEST("lists act on rules of every language")
{
	const struct built_file files[] = {
		{ "r.cdb", "A:*:*:*:*:*:*:*:*:*\nB:*:*:*:*:*:*:*:*:*\n", 0 },
		{ "r.ftm", "0:0:51:C:CL_TYPE_ANY:CL_TYPE_ELF\n", 0 },
		{ "r.pwdb", "D;Engine:81-255;0;x\n", 0 },
		/* the digests are those of the lines of B and, wrong, of D */
		{ "x.ign2",
		  "A\nC\nB:9d4a065574ffeb9659c2560abad6bff2\n"
		  "D:00000000000000000000000000000000\n",
		  0 },
		{ NULL, NULL, 0 },
	};

	built_make(&built, files, NULL);
	CHECK_STR(all_names(&built), "D ");
	CHECK_EQ(built.counts[0].skipped, 2);
	CHECK_EQ(built.counts[1].skipped, 1);
	built_free(&built);
}

TEST("the same rule is kept once in a source, the first of them")
{
	const struct built_file files[] = {
		{ "a.ndb", "A:0:*:616263\nA:0:*:616263\nA:0:*:616263:1\n", 0 },
		{ "b.ndb", "A:0:*:616263\n", 0 },
		{ "c.ndb", "A:0:*:616263\n", 1 },
		{ "a.hdb", MD5 ":68:H\n" MD5 ":68:H\n" MD5 ":68:I\n" MD5 ":69:H\n", 0 },
		{ "b.hdb", MD5 ":68:H\n", 1 },
		{ NULL, NULL, 0 },
	};
	struct rule_info info;

	built_make(&built, files, NULL);
	CHECK_STR(all_names(&built), "A A A H I H H ");
	CHECK_STR(built.problems.text, "left out 0:2:0 the same rule once more: A\n"
				       "left out 1:1:0 the same rule once more: A\n"
				       "left out 3:2:0 the same rule once more\n");
	CHECK_EQ(built.counts[3].taken, 3);
	CHECK_EQ(built.counts[3].skipped, 1);
	REQUIRE(database_rule(&built.database, 0, 3, &info));
	CHECK_EQ(info.line, 1);
	built_free(&built);
}

TEST("allow entries are kept apart, with their source")
{
	const struct built_file files[] = {
		{ "a.fp", MD5 ":68:ok\n", 3 },
		{ "a.sfp", SHA256 ":*:ok:73\n", 4 },
		{ NULL, NULL, 0 },
	};
	struct rule_info info;
	struct segment_info segment;

	built_make(&built, files, NULL);
	REQUIRE(database_info(&built.database, 0, &segment));
	CHECK_EQ(segment.allow_entries, 2);
	CHECK_EQ(segment.hash_rules, 0);
	REQUIRE(database_rule(&built.database, 0, 0, &info));
	CHECK(info.is_allow);
	CHECK_EQ(info.source_id, 3);
	REQUIRE(database_rule(&built.database, 0, 1, &info));
	CHECK_EQ(info.source_id, 4);
	built_free(&built);
}

TEST("totals and sources are told")
{
	const struct built_file files[] = {
		{ "a.ndb", "A:0:*:616263\nB:0:*:6162\nC:13:*:616263\nD:99:*:616263\n",
		  1 },
		{ "a.ldb", "L;Target:0;0=0;6162\n", 1 },
		{ "a.hdb", MD5 ":68:H\n", 2 },
		{ "a.fp", MD5 ":68:F\n", 2 },
		{ "a.xyz", "whatever\n", 2 },
		{ NULL, NULL, 0 },
	};
	struct segment_info info;
	struct source_info source;

	built_make(&built, files, NULL);
	REQUIRE(database_info(&built.database, 0, &info));
	CHECK_EQ(info.format_version, SEGMENT_VERSION);
	CHECK(slice_is(info.build_id, "test build"));
	CHECK_EQ(info.sources, BUILT_FILES_MAX);
	CHECK_EQ(info.pattern_rules, 3);
	CHECK_EQ(info.hash_rules, 1);
	CHECK_EQ(info.allow_entries, 1);
	CHECK_EQ(info.always_rules, 1);
	CHECK_EQ(info.refused_rules, 2);
	REQUIRE(database_source(&built.database, 0, 1, &source));
	CHECK(slice_is(source.name, "s1"));
	CHECK_EQ(source.rules, 2);
	REQUIRE(database_source(&built.database, 0, 2, &source));
	CHECK_EQ(source.rules, 1);
	CHECK(!database_source(&built.database, 0, BUILT_FILES_MAX, &source));
	CHECK(strstr(built.problems.text,
		     "refused 4:0:0 no rule language that is read here: "
		     "a.xyz\n"));
	CHECK(strstr(built.problems.text, "note 0:3:0 no object is of its target: it "
					  "finds nothing: C\n"));
	CHECK(strstr(
		built.problems.text,
		"note 1:1:0 no literal to search for: evaluated for every object: L\n"));
	built_free(&built);
}

TEST("no rules at all are a database too")
{
	const struct built_file files[] = { { NULL, NULL, 0 } };

	built_make(&built, files, NULL);
	CHECK_EQ(built.status, STATUS_OK);
	CHECK_EQ(database_rule_count(&built.database, 0), 0);
	built_free(&built);
	built_one(&built, "a.ndb", "");
	CHECK_EQ(built.status, STATUS_OK);
	CHECK_STR(built.problems.text, "");
	built_free(&built);
}

/* Some of everything. */
static void add_rules(struct text_buffer *ndb, struct text_buffer *hdb)
{
	text_clear(ndb);
	text_clear(hdb);
	for (unsigned i = 0; i < 400; i++) {
		text_add(ndb, "N%u:%u:*:%08x%02x(61|62)??%06x\n", i, i % 3,
			 i * 2654435761u, i & 255, i);
		text_add(hdb, "%08x%08x%08x%08x:%u:H%u\n", i * 2654435761u, i, i, i,
			 i % 50 + 1, i);
	}
}

TEST("the same rules make the same bytes")
{
	static struct text_buffer ndb, hdb;
	const struct built_file files[] = { { "a.ndb", ndb.text, 0 },
					    { "a.hdb", hdb.text, 1 },
					    { NULL, NULL, 0 } };

	add_rules(&ndb, &hdb);
	built_make(&built, files, NULL);
	built_make(&again, files, NULL);
	REQUIRE(built.status == STATUS_OK && again.status == STATUS_OK);
	CHECK_EQ(built.size_bytes, built.len);
	REQUIRE(built.len == again.len);
	CHECK(memcmp(built.bytes, again.bytes, built.len) == 0);
	built_free(&built);
	built_free(&again);
}

TEST("with whatever memory there is, the build ends well or says that it was not enough")
{
	static struct text_buffer ndb, hdb;
	const struct built_file files[] = { { "a.ndb", ndb.text, 0 },
					    { "a.hdb", hdb.text, 1 },
					    { NULL, NULL, 0 } };
	unsigned good = 0, bad = 0;

	add_rules(&ndb, &hdb);
	for (size_t budget = 4096; budget < 8u << 20; budget += budget / 3) {
		struct built_limits limits = { .budget_bytes = budget };

		built_make(&built, files, &limits);
		good += built.status == STATUS_OK;
		bad += built.status == STATUS_NO_MEMORY;
		CHECK(built.status == STATUS_OK || built.status == STATUS_NO_MEMORY);
		CHECK(built.arena_peak_bytes <= budget);
		built_free(&built);
	}
	CHECK(good > 0 && bad > 0);
}

TEST("whichever write fails, the build says so")
{
	struct built_limits limits = { 0 };
	unsigned writes;

	built_one(&built, "a.ndb", "A:0:*:616263\n");
	writes = built.writes;
	built_free(&built);
	REQUIRE(writes >= 2);
	for (limits.writes_max = 1; limits.writes_max < writes; limits.writes_max++) {
		const struct built_file files[] = { { "a.ndb", "A:0:*:616263\n", 0 },
						    { NULL, NULL, 0 } };

		built_make(&built, files, &limits);
		CHECK_EQ(built.status, STATUS_IO);
		built_free(&built);
	}
}

TEST("a line may be as long as its language allows, and a longer one is refused alone")
{
	static struct text_buffer text;

	text_clear(&text);
	text_add(&text, "A:0:*:");
	text_repeat(&text, "61", (8 * 1024 - 6) / 2);
	text_add(&text, "\nB:0:*:");
	text_repeat(&text, "61", (8 * 1024 - 6) / 2 + 1);
	text_add(&text, "\nC:0:*:616263\n");
	built_one(&built, "a.ndb", text.text);
	CHECK_STR(all_names(&built), "A C ");
	CHECK_STR(built.problems.text, "refused 0:2:0 the line is too long\n");
	built_free(&built);

	text_clear(&text);
	text_add(&text, "A;Target:0;0;");
	text_repeat(&text, "61", (32 * 1024 - 13) / 2);
	text_add(&text, "\nB;Target:0;0;");
	text_repeat(&text, "61", 15000);
	text_add(&text, "\n");
	built_one(&built, "a.ldb", text.text);
	CHECK_STR(all_names(&built), "A B ");
	built_free(&built);
}

static bool drop(void *context, uint64_t offset, const void *bytes, size_t len)
{
	(void)offset;
	(void)bytes;
	*(uint64_t *)context += len;
	return true;
}

static void count_problem(void *context, const struct build_problem *problem)
{
	(void)context;
	(void)problem;
}

TEST("300 MB of anything take no more memory than a few rules")
{
	struct build_source source = { .name = slice_of("s") };
	int fd = memfd_create("rules", MFD_CLOEXEC);
	struct digests digests;
	struct arena arena;
	struct build_count count;
	uint64_t size, written = 0;

	REQUIRE(fd >= 0);
	/* One line of zeros, then a rule. */
	REQUIRE(pwrite(fd, "\nA:0:*:616263\n", 14, 300 << 20) == 14);
	struct build_input input = { slice_of("a.ndb"),
				     source_of_fd(fd, (300 << 20) + 14, NULL, 0),
				     .source_id = 0 };
	REQUIRE(digests_load(&digests) == STATUS_OK);
	arena_init(&arena, 16 << 20);
	struct build_options options = {
		.sources = &source,
		.source_count = 1,
		.arena = &arena,
		.digests = &digests,
		.problem = count_problem,
		.write = drop,
		.context = &written,
	};
	CHECK_EQ(database_build(&options, &input, 1, &count, &size), STATUS_OK);
	CHECK_EQ(count.taken, 1);
	CHECK_EQ(count.refused, 1);
	CHECK_EQ(written, size);

	/* A file that is shorter than was said is no file. */
	input.content = source_of_fd(fd, (300 << 20) + 15, NULL, 0);
	CHECK_EQ(database_build(&options, &input, 1, &count, &size), STATUS_IO);
	close(fd);
	arena_clear(&arena);
	digests_clear(&digests);
}

TEST("languages are known by their names")
{
	CHECK(build_reads(slice_of("x.ndb")));
	CHECK(build_reads(slice_of("x.IGN2")));
	CHECK(!build_reads(slice_of("x.yar")));
	CHECK(!build_reads(slice_of("ndb")));
}

TEST_MAIN()
