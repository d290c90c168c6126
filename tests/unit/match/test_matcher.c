/* SPDX-License-Identifier: Apache-2.0 */
#include "match/matcher.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gen.h"
#include "match/expr.h"
#include "match/filter.h"
#include "patterns.h"
#include "segment_maker.h"
#include "test.h"

enum { HITS_MAX = 256 };

struct hit {
	uint32_t segment, rule;
	uint64_t offset, len;
};

struct heard {
	struct hit hits[HITS_MAX];
	size_t hit_count, cut_count;
};

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	struct heard *heard = context;

	if (heard->hit_count < HITS_MAX)
		heard->hits[heard->hit_count] = (struct hit){ segment, rule, offset,
							      len };
	heard->hit_count++;
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	struct heard *heard = context;

	(void)segment;
	(void)rule;
	heard->cut_count++;
}

static uint64_t fixed_time(void *context)
{
	return *(const uint64_t *)context;
}

static uint64_t now;

struct fixture {
	struct arena arena;
	struct digests digests;
	struct digest_state digest_state;
	struct matcher matcher;
	struct heard heard;
	struct match_result result;
};

/* Everything a matcher needs, for these tables. */
static void open_matcher(struct fixture *fixture, const struct tables *segments,
			 size_t count)
{
	arena_init(&fixture->arena, 64 << 20);
	CHECK_EQ(digests_load(&fixture->digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&fixture->digest_state, &fixture->digests), STATUS_OK);
	now = 0;
	fixture->matcher = (struct matcher){
		.segments = segments,
		.segment_count = count,
		.digest_state = &fixture->digest_state,
		.arena = &fixture->arena,
		.clock = { fixed_time, &now },
		.limits = { 1000, UINT64_C(1) << 40, 1 << 20 },
		.events = { on_hit, on_cut, &fixture->heard },
	};
}

static void close_matcher(struct fixture *fixture)
{
	CHECK(arena_left(&fixture->arena) > (60 << 20));
	arena_clear(&fixture->arena);
	digest_state_clear(&fixture->digest_state);
	digests_clear(&fixture->digests);
}

static enum status run(struct fixture *fixture, const struct match_object *object,
		       unsigned flags)
{
	fixture->heard.hit_count = fixture->heard.cut_count = 0;
	fixture->matcher.flags = flags;
	return matcher_run(&fixture->matcher, object, &fixture->result);
}

static struct match_object object_of(const void *bytes, size_t len)
{
	return (struct match_object){
		.source = source_of_memory(bytes, len),
		.type = TYPE_BINARY_DATA,
	};
}

static int file_of(const void *bytes, size_t len)
{
	int fd = memfd_create("object", MFD_CLOEXEC);

	CHECK_EQ(pwrite(fd, bytes, len, 0), (ssize_t)len);
	return fd;
}

static const struct slice only_sub = { (const uint8_t *)"\x01\0", 2 };

/* A rule that looks for one literal, and is triggered by it. */
static uint32_t add_literal_rule(struct segment_maker *maker, const char *literal,
				 size_t len, struct made_sub where)
{
	struct made_rule rule = { .expression = only_sub };
	struct bytes program = { 0 };

	put_lit(&program, PATTERN_LIT, literal, len);
	struct bytes list = list_of(&program);
	where.programs = (struct slice){ list.at, list.len };
	uint32_t id = make_rule(maker, &rule, &where, 1);
	make_trigger(maker, id, (struct slice){ (const uint8_t *)literal, len }, false);
	return id;
}

TEST("a rule that matches is told, with place and length")
{
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	struct match_object object = object_of("....needle....needle", 20);

	add_literal_rule(&maker, "absent", 6, (struct made_sub){ 0 });
	add_literal_rule(&maker, "needle", 6, (struct made_sub){ 0 });
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	REQUIRE(fixture.heard.hit_count == 1);
	CHECK_EQ(fixture.heard.hits[0].rule, 1);
	CHECK_EQ(fixture.heard.hits[0].offset, 4);
	CHECK_EQ(fixture.heard.hits[0].len, 6);
	CHECK_EQ(fixture.result.candidates, 1);
	CHECK_EQ(run(&fixture, &object, MATCH_ALL_RULES), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 1);
	CHECK_EQ(fixture.result.candidates, 2);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

TEST("nothing is found in nothing")
{
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	struct match_object object = object_of("", 0);

	add_literal_rule(&maker, "needle", 6, (struct made_sub){ 0 });
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(run(&fixture, &object, MATCH_ALL_RULES), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 0);
	fixture.matcher.segment_count = 0;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

/* Does "needle" match there, in an object where it stands at 100? */
static bool matches_at(struct made_sub where, const struct executable *executable)
{
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	static uint8_t bytes[1000];
	struct match_object object = object_of(bytes, sizeof(bytes));

	memcpy(bytes + 100, "needle", 6);
	object.executable = executable;
	add_literal_rule(&maker, "needle", 6, where);
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	size_t hits = fixture.heard.hit_count;
	close_matcher(&fixture);
	segment_maker_free(&maker);
	return hits == 1;
}

#define AT(...) matches_at((struct made_sub){ .offset = __VA_ARGS__ }, &executable)

TEST("offsets are from the start, the end, the entry point and the sections")
{
	struct executable_section at[] = { { 50, 49, 0 }, { 90, 20, 0 }, { 99, 300, 0 } };
	struct executable executable = { true, 90, at, 3, NULL, false, false };

	CHECK(AT(OFFSET_ABSOLUTE, .value = 100));
	CHECK(!AT(OFFSET_ABSOLUTE, .value = 99));
	CHECK(AT(OFFSET_ABSOLUTE, .value = 90, .shift = 10));
	CHECK(!AT(OFFSET_ABSOLUTE, .value = 90, .shift = 9));
	CHECK(AT(OFFSET_FROM_END, .value = 900));
	CHECK(!AT(OFFSET_FROM_END, .value = 901));
	CHECK(AT(OFFSET_FROM_END, .value = 950, .shift = 50));
	CHECK(!AT(OFFSET_FROM_END, .value = 1001, .shift = 500));
	CHECK(AT(OFFSET_ENTRY_PLUS, .value = 10));
	CHECK(!AT(OFFSET_ENTRY_PLUS, .value = 11));
	executable.entry_offset = 110;
	CHECK(AT(OFFSET_ENTRY_MINUS, .value = 10));
	CHECK(!AT(OFFSET_ENTRY_MINUS, .value = 111));
	executable.has_entry = false;
	CHECK(!AT(OFFSET_ENTRY_MINUS, .value = 10));
	CHECK(AT(OFFSET_SECTION_PLUS, .section = 1, .value = 10));
	CHECK(!AT(OFFSET_SECTION_PLUS, .section = 2, .value = 10));
	CHECK(!AT(OFFSET_SECTION_PLUS, .section = 3, .value = 1));
	CHECK(AT(OFFSET_LAST_SECTION_PLUS, .value = 1));
	CHECK(!AT(OFFSET_IN_SECTION, .section = 0));
	CHECK(AT(OFFSET_IN_SECTION, .section = 0, .shift = 1));
	CHECK(AT(OFFSET_IN_SECTION, .section = 1));
	CHECK(!AT(OFFSET_IN_SECTION, .section = 9));
	CHECK(!AT((enum offset_kind)77));
	executable.section_count = 0;
	CHECK(!AT(OFFSET_LAST_SECTION_PLUS, .value = 1));
	CHECK(!matches_at((struct made_sub){ .offset = OFFSET_IN_SECTION }, NULL));
}

TEST("across the borders of windows everything is found")
{
	enum { SIZE = 800 * 1024, WINDOW = 256 * 1024 };
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	static uint8_t bytes[SIZE];
	struct match_object object = object_of(bytes, SIZE);

	add_literal_rule(&maker, "a needle of some length: 32 byte", 32,
			 (struct made_sub){ 0 });
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	memset(bytes, 'x', SIZE);
	int fd = file_of(bytes, SIZE);
	object.source = source_of_fd(fd, SIZE, NULL, 0);
	for (size_t at = WINDOW - 200; at < WINDOW + 40; at++) {
		CHECK_EQ(pwrite(fd, "a needle of some length: 32 byte", 32, (off_t)at),
			 32);
		CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
		if (!CHECK(fixture.heard.hit_count == 1 &&
			   fixture.heard.hits[0].offset == at))
			break;
		CHECK_EQ(pwrite(fd, bytes, 32, (off_t)at), 32);
	}
	close(fd);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

TEST("in a sparse file the borders of holes and the holes are looked at")
{
	enum { HUGE = 1 << 30 };
	struct extent extents[] = { { 1 << 20, 4096 },
				    { (1 << 20) + 4100, 10 },
				    { 1 << 29, 4096 } };
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	static uint8_t data[4096];
	struct match_object object = object_of("", 0);
	char zeros[40] = { 0 };

	add_literal_rule(&maker, "\0\0\0abc", 6, (struct made_sub){ 0 });
	add_literal_rule(&maker, "end\0\0\0", 6, (struct made_sub){ 0 });
	add_literal_rule(&maker, zeros, 40,
			 (struct made_sub){ .offset = OFFSET_ABSOLUTE });
	add_literal_rule(&maker, "end\0\0\0\0mid", 10, (struct made_sub){ 0 });
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	memset(data, 'x', sizeof(data));
	memcpy(data, "abc", 3);
	memcpy(data + sizeof(data) - 3, "end", 3);
	int fd = file_of("", 0);
	REQUIRE(ftruncate(fd, HUGE) == 0);
	REQUIRE(pwrite(fd, data, 4096, 1 << 20) == 4096);
	REQUIRE(pwrite(fd, "mid.......", 10, (1 << 20) + 4100) == 10);
	REQUIRE(pwrite(fd, data, 4096, 1 << 29) == 4096);
	object.source = source_of_fd(fd, HUGE, extents, 3);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 4);
	object.source = source_of_fd(fd, HUGE, extents, 0);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 1);
	close(fd);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

/* The SHA-256 of as many zeros, and the size, as a hash rule. */
static void add_hash_of_zeros(struct segment_maker *maker, struct fixture *fixture,
			      size_t len)
{
	uint8_t *zeros = calloc(1, len);
	struct digest digest;

	CHECK_EQ(digest_of(&fixture->digest_state, DIGEST_SHA256,
			   (struct slice){ zeros, len }, &digest),
		 STATUS_OK);
	make_hash(maker, HASH_OF_OBJECT, (struct slice){ digest.bytes, digest.len },
		  (uint32_t)len);
	make_size(maker, (uint32_t)len, 1 << DIGEST_SHA256);
	free(zeros);
}

TEST("digests are taken where a rule wants them, of holes up to a limit")
{
	enum { SIZE = 700000 };
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	struct tables tables = { 0 };
	struct extent extents[] = { { 300000, 1000 } };
	struct match_object object = object_of("abc", 3);
	static uint8_t zeros[SIZE];

	open_matcher(&fixture, &tables, 1);
	add_hash_of_zeros(&maker, &fixture, SIZE);
	tables = make_tables(&maker);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.result.digest_mask, 0);

	object.source = source_of_memory(zeros, SIZE);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 1);
	CHECK_EQ(fixture.heard.hits[0].len, SIZE);
	CHECK_EQ(fixture.result.digest_mask, DIGEST_BIT_SHA256);

	int fd = file_of(zeros, SIZE);
	object.source = source_of_fd(fd, SIZE, NULL, 0);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 1);
	object.source = source_of_fd(fd, SIZE, extents, 1);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 1);
	object.source = source_of_fd(fd, SIZE, extents, 0);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 1);

	fixture.matcher.limits.hole_hash_bytes = 600000;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.hit_count, 0);
	CHECK(fixture.result.hashes_missed);
	CHECK_EQ(fixture.result.digest_mask, 0);
	object.source = source_of_fd(fd, SIZE - 1, extents, 0);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK(!fixture.result.hashes_missed);
	close(fd);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

/*
 * A random expression over `subs` subsignatures. What it returns is a set of them at
 * least one of which must match for it to hold; 0: there is no such set.
 */
static uint64_t gen_expression(struct gen *gen, struct bytes *out, size_t subs, int depth)
{
	if (depth == 0 || gen_below(gen, 3) == 0) {
		size_t id = gen_below(gen, subs);
		put(out, EXPR_SUB, 1);
		put(out, id, 1);
		return UINT64_C(1) << id;
	}
	if (gen_below(gen, 4) == 0) {
		uint64_t needed = gen_expression(gen, out, subs, depth - 1);
		char how = "=<>"[gen_below(gen, 3)];
		size_t count = gen_below(gen, 4);

		put(out, EXPR_CMP, 1);
		put(out, (uint8_t)how, 1);
		put(out, count, 4);
		put(out, gen_below(gen, 2), 4);
		return how == '>' || (how == '=' && count > 0) ? needed : 0;
	}
	uint64_t one = gen_expression(gen, out, subs, depth - 1);
	uint64_t two = gen_expression(gen, out, subs, depth - 1);
	bool is_and = gen_below(gen, 2);
	put(out, is_and ? EXPR_AND : EXPR_OR, 1);
	if (!is_and)
		return one && two ? one | two : 0;
	return one ? one : two;
}

/* A random program with a literal of two bytes or more in it, which *ret_literal is. */
static void gen_anchored(struct gen *gen, struct bytes *out, struct slice *ret_literal)
{
	struct bytes around[2] = { 0 };
	static char letters[64];
	size_t len = 2 + gen_below(gen, 5);

	for (size_t i = 0; i < len; i++)
		letters[i] = "abAB"[gen_below(gen, 4)];
	gen_program(gen, &around[0]);
	gen_program(gen, &around[1]);
	out->len = 0;
	if (gen_below(gen, 2))
		put_bytes(out, around[0].at, around[0].len);
	size_t at = out->len + 3;
	put_lit(out, PATTERN_LIT, letters, len);
	if (gen_below(gen, 2))
		put_bytes(out, around[1].at, around[1].len);
	*ret_literal = (struct slice){ out->at + at, len };
}

/* Makes one random rule, with triggers as they have to be. */
static void gen_rule(struct gen *gen, struct segment_maker *maker)
{
	static struct bytes programs[4];
	static struct bytes lists[4];
	struct slice literals[4];
	struct made_sub subs[4] = { 0 };
	struct bytes expression = { 0 };
	size_t count = 1 + gen_below(gen, 4);

	for (size_t i = 0; i < count; i++) {
		gen_anchored(gen, &programs[i], &literals[i]);
		lists[i] = list_of(&programs[i]);
		subs[i].programs = (struct slice){ lists[i].at, lists[i].len };
		subs[i].flags = SUB_COUNTED;
		if (gen_below(gen, 4) == 0) {
			subs[i].offset = gen_below(gen, 2) ? OFFSET_ABSOLUTE :
							     OFFSET_FROM_END;
			subs[i].value = (uint32_t)gen_below(gen, 200);
			subs[i].shift = (uint32_t)gen_below(gen, 100);
		}
	}
	uint64_t needed = gen_expression(gen, &expression, count, 3);
	struct made_rule rule = {
		.target = gen_below(gen, 5) ? 0 : 6,
		.expression = { expression.at, expression.len },
	};
	uint32_t id = make_rule(maker, &rule, subs, count);
	if (needed == 0)
		make_always(maker, id);
	for (size_t i = 0; i < count; i++)
		if (needed >> i & 1)
			make_trigger(maker, id, literals[i], false);
}

static int by_rule(const void *a, const void *b)
{
	const struct hit *one = a;
	const struct hit *two = b;

	if (one->segment != two->segment)
		return one->segment < two->segment ? -1 : 1;
	return one->rule < two->rule ? -1 : one->rule > two->rule;
}

/* Runs both ways; false if they differ. *hits and *spared grow. */
static bool same_both_ways(struct fixture *fixture, const struct match_object *object,
			   size_t *hits, size_t *spared)
{
	if (!CHECK_EQ(run(fixture, object, MATCH_ALL_RULES), STATUS_OK))
		return false;
	struct heard all = fixture->heard;
	uint64_t rules = fixture->result.candidates;
	if (!CHECK_EQ(run(fixture, object, 0), STATUS_OK) ||
	    !CHECK_EQ(fixture->heard.hit_count, all.hit_count) ||
	    !CHECK(all.hit_count <= HITS_MAX) || !CHECK_EQ(fixture->heard.cut_count, 0))
		return false;
	qsort(all.hits, all.hit_count, sizeof(all.hits[0]), by_rule);
	qsort(fixture->heard.hits, all.hit_count, sizeof(all.hits[0]), by_rule);
	*hits += all.hit_count;
	*spared += rules - fixture->result.candidates;
	return CHECK(memcmp(all.hits, fixture->heard.hits,
			    all.hit_count * sizeof(all.hits[0])) == 0);
}

TEST("the filter decides what is looked at, never what is true")
{
	struct gen gen = gen_start();
	static uint8_t text[1000];
	size_t hits = 0;
	size_t spared = 0;

	for (int i = 0; i < 60; i++) {
		struct segment_maker makers[2] = { 0 };
		struct tables tables[2];
		struct fixture fixture = { 0 };

		for (size_t j = 0; j < 50; j++)
			gen_rule(&gen, &makers[j % 2]);
		tables[0] = make_tables(&makers[0]);
		tables[1] = make_tables(&makers[1]);
		open_matcher(&fixture, tables, 2);
		for (int j = 0; j < 20; j++) {
			size_t len = gen_below(&gen, sizeof(text));
			struct match_object object;
			int fd = -1;

			gen_text(&gen, text, len / (1 + gen_below(&gen, 4)));
			object = object_of(text, len);
			if (j % 2) {
				fd = file_of(text, len);
				object.source = source_of_fd(fd, len, NULL, 0);
			}
			object.target = gen_below(&gen, 2) ? 6 : 1;
			bool same = same_both_ways(&fixture, &object, &hits, &spared);
			if (fd >= 0)
				close(fd);
			REQUIRE(same);
		}
		close_matcher(&fixture);
		segment_maker_free(&makers[0]);
		segment_maker_free(&makers[1]);
	}
	CHECK(hits > 1000 && spared > 1000);
}

TEST("what takes too long is cut, and told")
{
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	struct made_rule rule = { .expression = only_sub };
	struct made_sub sub = { 0 };
	struct bytes program = { 0 };
	static uint8_t zeros[100000];
	struct match_object object = object_of(zeros, sizeof(zeros));

	for (int i = 0; i < 5; i++) {
		put_lit(&program, PATTERN_LIT, "\0", 1);
		put_gap(&program, 0, 1000);
	}
	put_lit(&program, PATTERN_LIT, "\0\1", 2);
	struct bytes list = list_of(&program);
	sub.programs = (struct slice){ list.at, list.len };
	make_always(&maker, make_rule(&maker, &rule, &sub, 1));
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	fixture.matcher.limits.steps_max = 1000;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.cut_count, 1);
	fixture.matcher.limits.steps_max = UINT64_C(1) << 40;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.cut_count, 0);
	now = 2000;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_TIME);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

TEST("a rule that is made to be slow does not silence the others")
{
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	struct made_rule rule = { .expression = only_sub };
	struct made_sub sub = { 0 };
	struct bytes program = { 0 };
	static uint8_t bytes[4000];
	struct match_object object = object_of(bytes, sizeof(bytes));

	put(&program, PATTERN_MASK, 1);
	put(&program, 2, 2);
	put(&program, 0x0200, 2);
	put(&program, 0xff01, 2);
	struct bytes list = list_of(&program);
	sub.programs = (struct slice){ list.at, list.len };
	make_always(&maker, make_rule(&maker, &rule, &sub, 1));
	add_literal_rule(&maker, "needle", 6, (struct made_sub){ 0 });
	memcpy(bytes + 10, "needle", 6);
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	fixture.matcher.limits.steps_max = 2000;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_OK);
	CHECK_EQ(fixture.heard.cut_count, 1);
	CHECK_EQ(fixture.heard.hit_count, 1);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

TEST("a file that ends before its size breaks the run")
{
	struct segment_maker maker = { 0 };
	struct fixture fixture = { 0 };
	struct match_object object = object_of("", 0);
	int fd = file_of("abc", 3);

	add_literal_rule(&maker, "needle", 6, (struct made_sub){ 0 });
	struct tables tables = make_tables(&maker);
	open_matcher(&fixture, &tables, 1);
	object.source = source_of_fd(fd, 1000, NULL, 0);
	CHECK_EQ(run(&fixture, &object, 0), STATUS_CHANGED);
	CHECK_EQ(run(&fixture, &object, MATCH_ALL_RULES), STATUS_CHANGED);
	arena_clear(&fixture.arena);
	fixture.arena.budget_bytes = 1000;
	CHECK_EQ(run(&fixture, &object, 0), STATUS_NO_MEMORY);
	fixture.arena.budget_bytes = 64 << 20;
	close(fd);
	close_matcher(&fixture);
	segment_maker_free(&maker);
}

TEST_MAIN()
