/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From rule text to hits, three times: with the filter, with every rule looked at, and
 * with every rule explained. What the builder takes for the triggers of a rule has to be
 * enough to find it, and an explanation has to come to what matching comes to.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "database/build.h"
#include "database/database.h"
#include "gen.h"
#include "match/matcher.h"
#include "match/watch.h"
#include "test.h"

enum { TEXT_LEN = 4000, NDB_RULES = 60, LDB_RULES = 40, SEGMENT_MAX = 8 << 20 };

struct text {
	char at[64 * 1024];
	size_t len;
};

static void add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(text->at + text->len, sizeof(text->at) - text->len, format,
			  args);
	va_end(args);
	if (n > 0 && text->len + (size_t)n < sizeof(text->at))
		text->len += (size_t)n;
}

static void add_hex(struct gen *gen, struct text *text, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t kind = i < 2 ? 9 : gen_below(gen, 12);

		if (kind == 0)
			add(text, "??");
		else if (kind == 1)
			add(text, "%x?", bytes[i] >> 4);
		else if (kind == 2)
			add(text, "(%02x|%02zx)", bytes[i], gen_below(gen, 256));
		else
			add(text, "%02x", bytes[i]);
	}
}

/* A pattern that stands in the bytes, or nearly does. */
static void add_pattern(struct gen *gen, struct text *text, const uint8_t *bytes)
{
	size_t at = gen_below(gen, TEXT_LEN - 200);
	size_t parts = 1 + gen_below(gen, 3);

	for (size_t i = 0; i < parts; i++) {
		size_t len = 2 + gen_below(gen, 12);
		size_t gap = gen_below(gen, 20);

		if (i > 0 && gen_below(gen, 2))
			add(text, "*");
		else if (i > 0)
			add(text, "{%zu-%zu}", gap / 2, gap + gen_below(gen, 3));
		at += i > 0 ? gap : 0;
		add_hex(gen, text, bytes + at, len);
		at += len;
	}
}

/* Over subsignatures from … to. */
static void add_logic(struct gen *gen, struct text *text, size_t from, size_t to)
{
	if (from == to) {
		add(text, "%zu", from);
		if (gen_below(gen, 6) == 0)
			add(text, "%c%zu", "=<>"[gen_below(gen, 3)], gen_below(gen, 3));
		return;
	}
	size_t middle = from + gen_below(gen, to - from);
	add(text, "(");
	add_logic(gen, text, from, middle);
	add(text, gen_below(gen, 3) ? "&" : "|");
	add_logic(gen, text, middle + 1, to);
	add(text, ")");
	if (gen_below(gen, 8) == 0)
		add(text, "%c%zu", "=<>"[gen_below(gen, 3)], gen_below(gen, 4));
}

static void add_rules(struct gen *gen, struct text *ndb, struct text *ldb,
		      const uint8_t *bytes)
{
	static const char *const options[] = { "", "", "", "::i", "::w", "::f" };

	for (size_t i = 0; i < NDB_RULES; i++) {
		add(ndb, "N.%zu:%d:%s:", i, gen_below(gen, 3) ? 0 : 6,
		    gen_below(gen, 4) ? "*" : "10,3000");
		add_pattern(gen, ndb, bytes);
		add(ndb, "\n");
	}
	for (size_t i = 0; i < LDB_RULES; i++) {
		size_t subs = 1 + gen_below(gen, 4);

		add(ldb, "L.%zu;Engine:81-255,Target:0;", i);
		add_logic(gen, ldb, 0, subs - 1);
		for (size_t j = 0; j < subs; j++) {
			add(ldb, ";");
			add_pattern(gen, ldb, bytes);
			add(ldb, "%s", options[gen_below(gen, 6)]);
		}
		add(ldb, "\n");
	}
}

static bool write_segment(void *context, uint64_t offset, const void *bytes, size_t len)
{
	if (offset + len > SEGMENT_MAX)
		return false;
	memcpy((uint8_t *)context + offset, bytes, len);
	return true;
}

/* A random rule that is refused is one less. */
static void on_problem(void *context, const struct build_problem *problem)
{
	(void)context;
	(void)problem;
}

/* Builds a segment of these rules in `memory`; false if that failed. */
static bool build(const struct text *ndb, const struct text *ldb,
		  const struct digests *digests, uint8_t *memory, struct database *out)
{
	struct build_input inputs[] = {
		{ slice_of("r.ndb"), source_of_memory(ndb->at, ndb->len),
		  .source_id = 0 },
		{ slice_of("r.ldb"), source_of_memory(ldb->at, ldb->len),
		  .source_id = 0 },
	};
	struct build_source source = { .name = slice_of("test") };
	struct build_count counts[2];
	struct arena arena;
	uint64_t size = 0;
	struct build_options options = {
		.sources = &source,
		.source_count = 1,
		.build_id = slice_of("test"),
		.arena = &arena,
		.digests = digests,
		.problem = on_problem,
		.write = write_segment,
		.context = memory,
	};

	arena_init(&arena, 64 << 20);
	enum status status = database_build(&options, inputs, 2, counts, &size);
	arena_clear(&arena);
	*out = (struct database){ 0 };
	return CHECK_EQ(status, STATUS_OK) && CHECK(counts[0].taken > NDB_RULES / 2) &&
	       CHECK_EQ(database_add(out, memory, (size_t)size), STATUS_OK);
}

/* A bit for each rule that was told, and how many. */
struct heard {
	uint8_t rules[NDB_RULES + LDB_RULES];
	size_t hits, cuts;
};

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	struct heard *heard = context;

	(void)segment;
	(void)len;
	if (rule < NDB_RULES + LDB_RULES)
		heard->rules[rule] = (uint8_t)(1 + (offset & 0x7f));
	heard->hits++;
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	struct heard *heard = context;

	(void)segment;
	(void)rule;
	heard->cuts++;
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

/* What the last line says. */
struct conclusion {
	size_t lines;
	enum watch_answer answer;
};

static void on_line(void *context, const struct watch_line *line)
{
	struct conclusion *conclusion = context;

	CHECK(line->level <= WATCH_LEVEL_MAX && line->text.len < WATCH_TEXT_MAX);
	conclusion->lines++;
	if (line->level == 0)
		conclusion->answer = line->answer;
}

static struct heard match(const struct database *database, struct digest_state *state,
			  struct source source, unsigned flags,
			  const struct match_watch *watch)
{
	struct heard heard = { 0 };
	struct match_result result;
	struct arena arena;
	struct match_object object = {
		.source = source,
		.type = TYPE_ELF,
		.target = 6,
	};
	struct matcher matcher = {
		.segments = database->segments,
		.segment_count = database->segment_count,
		.digest_state = state,
		.arena = &arena,
		.clock = { no_time, NULL },
		.limits = { 1, UINT64_C(1) << 40, 1 << 20 },
		.events = { on_hit, on_cut, &heard },
		.flags = flags,
		.watch = watch,
	};

	arena_init(&arena, 64 << 20);
	CHECK_EQ(matcher_run(&matcher, &object, &result), STATUS_OK);
	arena_clear(&arena);
	return heard;
}

static void check_explanation(const struct database *database, struct digest_state *state,
			      struct source source, uint32_t rule, bool matched)
{
	struct conclusion conclusion = { 0 };
	struct match_watch watch = {
		.explains = true,
		.rule = rule,
		.line = on_line,
		.context = &conclusion,
	};

	match(database, state, source, 0, &watch);
	CHECK(conclusion.lines > 2 || conclusion.answer == WATCH_NO);
	CHECK_EQ(conclusion.answer, matched ? WATCH_YES : WATCH_NO);
}

TEST("rules from text are found by their triggers wherever they match")
{
	struct gen gen = gen_start();
	struct digests digests;
	struct digest_state state;
	uint8_t *memory = malloc(SEGMENT_MAX);
	static uint8_t bytes[TEXT_LEN];
	static struct text ndb, ldb;
	size_t hits = 0;

	REQUIRE(memory && digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&state, &digests) == STATUS_OK);
	for (int i = 0; i < 40; i++) {
		struct database database;
		size_t kinds = 2 + gen_below(&gen, 254);

		for (size_t j = 0; j < TEXT_LEN; j++)
			bytes[j] = (uint8_t)gen_below(&gen, kinds);
		ndb.len = ldb.len = 0;
		add_rules(&gen, &ndb, &ldb, bytes);
		REQUIRE(build(&ndb, &ldb, &digests, memory, &database));
		for (size_t from = 0; from < TEXT_LEN; from += 700) {
			struct source source = source_of_memory(bytes + from,
								TEXT_LEN - from);
			struct heard with = match(&database, &state, source, 0, NULL);
			struct heard without = match(&database, &state, source,
						     MATCH_ALL_RULES, NULL);
			uint32_t rule = (uint32_t)gen_below(
				&gen, database_rule_count(&database, 0));

			CHECK_EQ(with.cuts + without.cuts, 0);
			REQUIRE(CHECK_EQ(with.hits, without.hits) &&
				CHECK(memcmp(with.rules, without.rules,
					     sizeof(with.rules)) == 0));
			check_explanation(&database, &state, source, rule,
					  with.rules[rule] != 0);
			hits += with.hits;
		}
	}
	CHECK(hits > 2000);
	digest_state_clear(&state);
	digests_clear(&digests);
	free(memory);
}

TEST_MAIN()
