/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What matching costs, in counts that are the same on every machine: how much the filter
 * lets through of usual content, and that no content is much dearer than that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "built.h"
#include "gen.h"
#include "match/budget.h"
#include "match/filter.h"
#include "match/matcher.h"
#include "match/trigger.h"
#include "match/veil.h"
#include "test.h"

enum {
	MIB = 1 << 20,
	NDB_RULES = 6000,
	LDB_RULES = 2000,
	DEARER_MAX = 20,
};

/* What is often in programs: bytes, and behind them how many by chance. */
static const struct {
	const char *bytes;
	size_t len, chance;
} code[] = {
	{ "\x55\x48\x89\xe5", 4, 0 },
	{ "\x48\x8b\x45", 3, 1 },
	{ "\x48\x89\x45", 3, 1 },
	{ "\x8b\x45", 2, 1 },
	{ "\xe8", 1, 3 },
	{ "\0", 1, 0 },
	{ "\xff", 1, 0 },
	{ "\x0f\x84", 2, 2 },
	{ "\0\0", 2, 0 },
	{ "\x48\x83\xec", 3, 1 },
	{ "\x48\x8d\x3d", 3, 3 },
	{ "\x31\xc0", 2, 0 },
	{ "\x5d\xc3", 2, 0 },
	{ "\x41\x5c\x41\x5d", 4, 0 },
	{ "\xf3\x0f\x1e\xfa", 4, 0 },
	{ "\x83\xf8", 2, 1 },
	{ "\x74", 1, 1 },
	{ "\xeb", 1, 1 },
	{ "\xb8", 1, 2 },
	{ "\0\0\0\0\0\0\0\0", 8, 0 },
	{ "\x66\x2e\x0f\x1f\x84\0\0\0\0\0", 10, 0 },
	{ "\x48\x8b\x05", 3, 3 },
	{ "\xff\x25", 2, 3 },
	{ "\x68", 1, 1 },
};

static void fill_with_code(struct gen *gen, uint8_t *out, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t i = gen_below(gen, sizeof(code) / sizeof(code[0]));

		for (size_t j = 0; j < code[i].len && at < len; j++)
			out[at++] = (uint8_t)code[i].bytes[j];
		for (size_t j = 0; j < code[i].chance + i % 2 && at < len; j++)
			out[at++] = (uint8_t)gen_u64(gen);
	}
}

/* Words by chance, the short and the first ones often, as in texts. */
static void fill_with_words(struct gen *gen, uint8_t *out, size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint64_t word = gen_below(gen, 1 + gen_below(gen, 4000));
		struct gen letters = { word * 977 + 1 };
		size_t letter_count = 1 + gen_below(&letters, 9);

		for (size_t i = 0; i < letter_count && at < len; i++)
			out[at++] = (uint8_t)('a' + gen_below(&letters, 26));
		if (at < len)
			out[at++] = gen_below(gen, 10) ? ' ' : '\n';
	}
}

/* Bytes that a rule looks for: of code, of texts and by chance. */
static void put_pattern(struct gen *gen, FILE *out)
{
	uint8_t bytes[48];
	size_t len = 10 + gen_below(gen, 38);

	switch (gen_below(gen, 4)) {
	case 0:
		fill_with_code(gen, bytes, len);
		break;
	case 1:
		fill_with_words(gen, bytes, len);
		break;
	default:
		gen_bytes(gen, bytes, len);
	}
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void put_rules(struct gen *gen, FILE *ndb, FILE *ldb)
{
	static const uint8_t targets[] = { 0, 1, 6 };

	for (unsigned i = 0; i < NDB_RULES; i++) {
		fprintf(ndb, "Ndb.%u:%u:*:", i, (unsigned)targets[i % 3]);
		put_pattern(gen, ndb);
		fputc('\n', ndb);
	}
	for (unsigned i = 0; i < LDB_RULES; i++) {
		fprintf(ldb, "Ldb.%u;Engine:81-255,Target:0;0&1&2", i);
		for (unsigned j = 0; j < 3; j++) {
			fputc(';', ldb);
			put_pattern(gen, ldb);
		}
		fputc('\n', ldb);
	}
}

struct fixture {
	struct gen gen;
	struct built built;
	struct digests digests;
	struct digest_state state;
	struct arena arena;
	size_t hits, cuts;
};

static void open_fixture(struct fixture *fixture)
{
	char *ndb = NULL, *ldb = NULL;
	size_t ndb_len, ldb_len;
	FILE *ndb_file = open_memstream(&ndb, &ndb_len);
	FILE *ldb_file = open_memstream(&ldb, &ldb_len);

	/* The same on every run: what is counted has to be. */
	*fixture = (struct fixture){ .gen = { 1 } };
	put_rules(&fixture->gen, ndb_file, ldb_file);
	fclose(ndb_file);
	fclose(ldb_file);
	const struct built_file files[] = { { "r.ndb", ndb, 0 },
					    { "r.ldb", ldb, 0 },
					    { 0 } };
	built_make(&fixture->built, files, &(struct built_limits){ 0 });
	CHECK_EQ(fixture->built.status, STATUS_OK);
	CHECK_EQ(digests_load(&fixture->digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&fixture->state, &fixture->digests), STATUS_OK);
	arena_init(&fixture->arena, 256 << 20);
	free(ndb);
	free(ldb);
}

static void close_fixture(struct fixture *fixture)
{
	arena_clear(&fixture->arena);
	digest_state_clear(&fixture->state);
	digests_clear(&fixture->digests);
	built_free(&fixture->built);
}

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	struct fixture *fixture = context;

	(void)segment;
	(void)rule;
	(void)offset;
	(void)len;
	fixture->hits++;
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	struct fixture *fixture = context;

	(void)segment;
	(void)rule;
	fixture->cuts++;
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static struct match_result look_at(struct fixture *fixture, const uint8_t *bytes,
				   size_t len)
{
	struct match_result result = { 0 };
	struct match_object object = {
		.source = source_of_memory(bytes, len),
		.type = TYPE_ELF,
		.target = 6,
	};
	struct matcher matcher = {
		.segments = fixture->built.database.segments,
		.segment_count = fixture->built.database.segment_count,
		.digest_state = &fixture->state,
		.arena = &fixture->arena,
		.clock = { no_time, NULL },
		.limits = { 1, budget_steps_of(len), 1 << 20 },
		.events = { on_hit, on_cut, fixture },
	};

	fixture->hits = fixture->cuts = 0;
	CHECK_EQ(matcher_run(&matcher, &object, &result), STATUS_OK);
	return result;
}

/*
 * Of the order of nanoseconds. A byte of a program goes through the whole engine in two or
 * more; a lookup waits for memory.
 */
static double cost_of(const struct match_result *result, size_t len)
{
	return 2.0 * (double)len + 40.0 * (double)result->lookups +
	       15.0 * (double)result->visits + (double)result->steps;
}

static void show(const char *what, const struct fixture *fixture,
		 const struct match_result *result, size_t len)
{
	double mib = (double)len / MIB;

	printf("# %s: a MiB has %.0f lookups, %.0f visits, %.1f comparisons, %.1f "
	       "candidates, "
	       "%.0f steps; a byte costs %.1f; %zu hits, %zu cuts\n",
	       what, (double)result->lookups / mib, (double)result->visits / mib,
	       (double)result->comparisons / mib, (double)result->candidates / mib,
	       (double)result->steps / mib, cost_of(result, len) / (double)len,
	       fixture->hits, fixture->cuts);
}

/* What a MiB of usual content may have. */
struct counts_max {
	uint64_t lookups, comparisons, candidates, steps;
};

static bool is_within(const struct match_result *result, size_t mib,
		      const struct counts_max *max)
{
	return CHECK(result->lookups <= mib * max->lookups) &&
	       CHECK(result->comparisons <= mib * max->comparisons) &&
	       CHECK(result->candidates <= mib * max->candidates) &&
	       CHECK(result->steps <= mib * max->steps);
}

TEST("of usual content the filter lets little through")
{
	enum { LEN = 4 * MIB };
	struct fixture fixture;
	uint8_t *bytes = malloc(LEN);

	open_fixture(&fixture);
	fill_with_code(&fixture.gen, bytes, LEN);
	struct match_result result = look_at(&fixture, bytes, LEN);
	show("code", &fixture, &result, LEN);
	is_within(&result, 4, &(struct counts_max){ 150000, 45000, 8, 450000 });
	fill_with_words(&fixture.gen, bytes, LEN);
	result = look_at(&fixture, bytes, LEN);
	show("words", &fixture, &result, LEN);
	is_within(&result, 4, &(struct counts_max){ 28000, 30000, 8, 2500000 });
	gen_bytes(&fixture.gen, bytes, LEN);
	result = look_at(&fixture, bytes, LEN);
	show("chance", &fixture, &result, LEN);
	is_within(&result, 4, &(struct counts_max){ 6200, 3, 1, 1000 });
	free(bytes);
	close_fixture(&fixture);
}

static struct trigger_record trigger_at(const struct tables *tables, size_t index)
{
	return trigger_read(table_bytes(tables, SECTION_TRIGGERS,
					index * TRIGGER_RECORD_LEN, TRIGGER_RECORD_LEN));
}

/* Its literal; returns how long that is. */
static size_t anchor_of(const struct tables *tables, const struct trigger_record *trigger,
			uint8_t out[TRIGGER_NUMBER])
{
	struct slice veiled = table_bytes(tables, SECTION_LITERALS, trigger->literal,
					  trigger->len & TRIGGER_NUMBER);

	veil_apply(out, veiled.base, veiled.len, trigger->literal);
	return veiled.len;
}

/* The last of the gram that leads to the most. */
static struct trigger_record noisiest(const struct tables *tables)
{
	size_t count = table_count(tables, SECTION_TRIGGERS, TRIGGER_RECORD_LEN);
	struct trigger_record best = { 0 };
	size_t run = 0, most = 0;

	for (size_t i = 0; i < count; i++) {
		struct trigger_record trigger = trigger_at(tables, i);

		run++;
		if (!(trigger.gram_at & TRIGGER_LAST))
			continue;
		if (run > most) {
			most = run;
			best = trigger;
		}
		run = 0;
	}
	CHECK(most > 2);
	return best;
}

/* Over and over. */
static void repeat(uint8_t *bytes, size_t from, size_t len)
{
	for (size_t i = from; i < len; i++)
		bytes[i] = bytes[i - from];
}

/* Every anchor there is, once; returns how long that is. */
static size_t put_anchors(const struct tables *tables, uint8_t *out, size_t room)
{
	size_t count = table_count(tables, SECTION_TRIGGERS, TRIGGER_RECORD_LEN);
	size_t rules = table_count(tables, SECTION_RULES, RULE_RECORD_LEN);
	bool *seen = calloc(rules, sizeof(*seen));
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		struct trigger_record trigger = trigger_at(tables, i);

		if (seen[trigger.rule] || room - at < TRIGGER_NUMBER)
			continue;
		seen[trigger.rule] = true;
		at += anchor_of(tables, &trigger, out + at);
	}
	free(seen);
	return at;
}

/* Is it looked at for less than so many times what usual content costs? */
static void check_price(struct fixture *fixture, const char *what, const uint8_t *bytes,
			size_t len, double usual)
{
	struct match_result result = look_at(fixture, bytes, len);

	show(what, fixture, &result, len);
	CHECK(cost_of(&result, len) <= DEARER_MAX * usual * (double)len);
}

/* A byte of a program, of the same rules. */
static double usual_cost(struct fixture *fixture, uint8_t *bytes, size_t len)
{
	fill_with_code(&fixture->gen, bytes, len);
	struct match_result result = look_at(fixture, bytes, len);
	return cost_of(&result, len) / (double)len;
}

TEST("what is made to be dear is not much dearer than usual content")
{
	enum { LEN = 8 * MIB };
	struct fixture fixture;
	uint8_t *bytes = malloc(LEN);
	uint8_t anchor[TRIGGER_NUMBER];

	open_fixture(&fixture);
	const struct tables *tables = &fixture.built.database.segments[0];
	double usual = usual_cost(&fixture, bytes, LEN);

	memset(bytes, 0, LEN);
	check_price(&fixture, "zeros", bytes, LEN, usual);

	struct trigger_record trigger = noisiest(tables);
	size_t len = anchor_of(tables, &trigger, anchor);
	memcpy(bytes, anchor, len);
	repeat(bytes, len, LEN);
	check_price(&fixture, "the anchor of most rules", bytes, LEN, usual);
	memcpy(bytes, anchor + (trigger.gram_at & TRIGGER_NUMBER), FILTER_LONG);
	repeat(bytes, FILTER_LONG, LEN);
	check_price(&fixture, "its gram, with no anchor about it", bytes, LEN, usual);

	len = put_anchors(tables, bytes, LEN);
	CHECK(len > NDB_RULES * FILTER_LONG_MIN);
	check_price(&fixture, "every anchor once", bytes, len, usual);
	repeat(bytes, len, LEN);
	check_price(&fixture, "every anchor, again and again", bytes, LEN, usual);
	for (size_t i = 0; i < LEN; i += 16)
		bytes[i] ^= 1;
	check_price(&fixture, "nearly every anchor", bytes, LEN, usual);
	free(bytes);
	close_fixture(&fixture);
}

TEST_MAIN()
