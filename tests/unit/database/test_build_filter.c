/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The triggers that a build chooses decide what is looked at, never what is found:
 * with the filter and without it the matcher must say the same.
 */
#include <string.h>

#include "built.h"
#include "gen.h"
#include "match/matcher.h"
#include "test.h"

enum { RULES = 60, TEXT_LEN = 300, ROUNDS = 60 };

static struct built built;
static struct text_buffer text;

/* Which rules matched, and how often a candidate was cut. */
struct outcome_of {
	bool hits[RULES];
	unsigned cuts;
};

static void hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		uint64_t len)
{
	(void)segment;
	(void)offset;
	(void)len;
	((struct outcome_of *)context)->hits[rule] = true;
}

static void cut(void *context, uint32_t segment, uint32_t rule)
{
	(void)segment;
	(void)rule;
	((struct outcome_of *)context)->cuts++;
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static bool run(struct digest_state *digest, const uint8_t *bytes, size_t len,
		unsigned flags, struct outcome_of *out)
{
	struct match_object object = {
		.source = source_of_memory(bytes, len),
		.type = TYPE_BINARY_DATA,
		.target = type_target(TYPE_BINARY_DATA),
	};
	struct match_result result;
	struct arena arena;

	memset(out, 0, sizeof(*out));
	arena_init(&arena, 64 << 20);
	struct matcher matcher = {
		.segments = built.database.segments,
		.segment_count = 1,
		.digest_state = digest,
		.arena = &arena,
		.clock = { no_time, NULL },
		.limits = { .deadline_ms = UINT64_MAX, .steps_max = UINT64_MAX },
		.events = { hit, cut, out },
		.flags = flags,
	};
	bool ok = matcher_run(&matcher, &object, &result) == STATUS_OK;
	arena_clear(&arena);
	return ok;
}

/* Bytes of few kinds, so that patterns are found now and then. */
static void gen_sub(struct gen *gen)
{
	static const char *const pieces[] = { "61",   "62", "6162",      "626161",
					      "6?",   "??", "(61|6262)", "!(61|62)",
					      "????", "(W)" };
	static const char *const gaps[] = { "*", "{-3}", "{1-2}" };
	static const char *const options[] = { "", "", "::i", "::w", "::wa", "::f" };
	bool has_not = false;

	text_add(&text, ";");
	for (size_t part = 1 + gen_below(gen, 2); part > 0; part--) {
		text_add(&text, gen_below(gen, 2) ? "6162" : "6261");
		for (size_t n = gen_below(gen, 4); n > 0; n--) {
			const char *piece = pieces[gen_below(gen, ARRAY_LEN(pieces))];

			has_not = has_not || piece[0] == '!';
			text_add(&text, "%s", piece);
		}
		if (part > 1)
			text_add(&text, "6162%s", gaps[gen_below(gen, ARRAY_LEN(gaps))]);
	}
	if (!has_not)
		text_add(&text, "%s", options[gen_below(gen, ARRAY_LEN(options))]);
}

static void gen_rule(struct gen *gen, unsigned number)
{
	static const char *const logics[] = {
		"0&1&2",     "0|1|2",         "(0|1)&2", "0&(1|2)",   "0>1&1&2",
		"(0|1|2)>1", "(0|1|2)>1,2",   "0&1=0&2", "0=0|1&2",   "(0&1)|2>2",
		"(0|1)=0|2", "((0|1)>1|2)>2", "0<2&1&2", "(0&1&2)>3", "0&1|2=0",
		"2|(0|1)<1", "0|1=0|2",
	};

	text_add(&text, "R%u;Target:0;%s", number,
		 logics[gen_below(gen, ARRAY_LEN(logics))]);
	for (int i = 0; i < 3; i++)
		gen_sub(gen);
	text_add(&text, "\n");
}

static void gen_bytes_of_few(struct gen *gen, uint8_t *bytes, size_t len)
{
	static const char letters[] = "aaaabbbbAB.\0";

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)letters[gen_below(gen, sizeof(letters) - 1)];
}

TEST("with the filter and without it the same is found")
{
	struct gen gen = gen_start();
	struct digests digests;
	struct digest_state digest;
	unsigned found = 0, not_found = 0;

	REQUIRE(digests_load(&digests) == STATUS_OK);
	REQUIRE(digest_state_init(&digest, &digests) == STATUS_OK);
	for (int round = 0; round < ROUNDS; round++) {
		struct outcome_of with, without;
		uint8_t bytes[TEXT_LEN];
		size_t len = gen_below(&gen, TEXT_LEN);

		text_clear(&text);
		for (unsigned i = 0; i < RULES; i++)
			gen_rule(&gen, i);
		built_one(&built, "a.ldb", text.text);
		if (!CHECK(built.status == STATUS_OK && built.counts[0].taken == RULES)) {
			printf("# %s\n", built.problems.text);
			return;
		}
		gen_bytes_of_few(&gen, bytes, len);
		CHECK(run(&digest, bytes, len, 0, &with));
		CHECK(run(&digest, bytes, len, MATCH_ALL_RULES, &without));
		for (unsigned i = 0; i < RULES; i++) {
			found += without.hits[i];
			not_found += !without.hits[i];
			if (!CHECK_EQ(with.hits[i], without.hits[i]))
				printf("#   rule %u of\n%s", i, text.text);
		}
		built_free(&built);
	}
	/* Otherwise the comparison would say little. */
	CHECK(found > RULES * ROUNDS / 10);
	CHECK(not_found > RULES * ROUNDS / 10);
	digest_state_clear(&digest);
	digests_clear(&digests);
}

TEST_MAIN()
