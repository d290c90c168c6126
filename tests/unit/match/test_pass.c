/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pass in pieces, some of which somebody else looks at: whoever helps with what, the
 * hits are those of the pass without help, in the same order.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gen.h"
#include "match/help.h"
#include "patterns.h"
#include "segment_maker.h"
#include "test.h"

enum {
	PIECE = 300 * 1024, /* longer than a window */
	PIECES = 5,
	SIZE = (PIECES - 1) * PIECE + 12345,
	RULES = 40,
	LITERAL_MAX = FILTER_LITERAL_MAX,
	HITS_MAX = 256,
	HELPERS_MAX = 4,
};

struct hits {
	uint64_t list[HITS_MAX]; /* rule << 40 | offset */
	size_t count, cuts;
};

/* One of those who help: all that it needs of its own. */
struct helper {
	struct arena arena;
	struct matcher matcher;
};

struct fixture {
	struct segment_maker maker;
	struct tables tables;
	struct digests digests;
	struct digest_state digest_state;
	struct helper owner, helpers[HELPERS_MAX];
	struct match_object object;
	struct match_result result;
	struct hits hits;
	int fd;
	/* who looks at a piece: 0 the owner, else which helper */
	unsigned who[PIECES];
	unsigned begun, ended, taken;
	bool lies; /* a helper names all the rules */
	uint64_t said[RULES + 1];
};

static const struct slice only_sub = { (const uint8_t *)"\x01\0", 2 };
static char literals[RULES][LITERAL_MAX];
static size_t lengths[RULES];
static uint8_t bytes[SIZE];

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	struct hits *hits = context;

	(void)segment;
	(void)len;
	if (hits->count < HITS_MAX)
		hits->list[hits->count] = (uint64_t)rule << 40 | offset;
	hits->count++;
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	struct hits *hits = context;

	(void)segment;
	(void)rule;
	hits->cuts++;
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static void on_begin(void *context, unsigned target, uint32_t pieces)
{
	struct fixture *fixture = context;

	CHECK_EQ(target, 0);
	CHECK_EQ(pieces, PIECES);
	fixture->begun++;
}

static void on_end(void *context)
{
	struct fixture *fixture = context;

	fixture->ended++;
}

static bool on_take(void *context, uint32_t piece, const uint64_t **ret_ids,
		    size_t *ret_count)
{
	struct fixture *fixture = context;
	struct id_set found;

	if (!CHECK(piece < PIECES) || fixture->who[piece] == 0)
		return false;
	struct helper *helper = &fixture->helpers[fixture->who[piece] - 1];
	id_set_init(&found, &helper->arena);
	CHECK_EQ(match_piece(&helper->matcher, &fixture->object, piece, &found),
		 STATUS_OK);
	CHECK(found.count <= RULES);
	if (found.count > 0 && found.count <= RULES)
		memcpy(fixture->said, found.ids, found.count * sizeof(found.ids[0]));
	*ret_count = found.count;
	for (uint32_t i = 0; fixture->lies && i < RULES; i++)
		fixture->said[i] = RULES - 1 - i;
	if (fixture->lies)
		*ret_count = RULES;
	*ret_ids = fixture->said;
	fixture->taken++;
	arena_clear(&helper->arena);
	return true;
}

static void open_helper(struct fixture *fixture, struct helper *helper)
{
	arena_init(&helper->arena, 16 << 20);
	helper->matcher = (struct matcher){
		.segments = &fixture->tables,
		.segment_count = 1,
		.digest_state = &fixture->digest_state,
		.arena = &helper->arena,
		.clock = { no_time, NULL },
		.limits = { .deadline_ms = 1000,
			    .steps_max = UINT64_C(1) << 40,
			    .piece_bytes = PIECE },
		.events = { on_hit, on_cut, &fixture->hits, NULL },
	};
}

/* So many of the rules are planted: later ones are not in the object. */
static void open_fixture(struct fixture *fixture, struct gen *gen)
{
	for (size_t i = 0; i < RULES; i++) {
		struct made_rule rule = { .expression = only_sub };
		struct bytes program = { 0 };

		lengths[i] = 5 + gen_below(gen, LITERAL_MAX - 5);
		gen_bytes(gen, (uint8_t *)literals[i], lengths[i]);
		put_lit(&program, PATTERN_LIT, literals[i], lengths[i]);
		struct bytes list = list_of(&program);
		const struct made_sub sub = { .programs = { list.at, list.len } };
		uint32_t id = make_rule(&fixture->maker, &rule, &sub, 1);
		make_trigger(&fixture->maker, id,
			     (struct slice){ (const uint8_t *)literals[i], lengths[i] },
			     false);
	}
	fixture->tables = make_tables(&fixture->maker);
	CHECK_EQ(digests_load(&fixture->digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&fixture->digest_state, &fixture->digests), STATUS_OK);
	open_helper(fixture, &fixture->owner);
	for (size_t i = 0; i < HELPERS_MAX; i++)
		open_helper(fixture, &fixture->helpers[i]);
	fixture->fd = memfd_create("object", MFD_CLOEXEC);
	fixture->object = (struct match_object){
		.source = source_of_fd(fixture->fd, SIZE, NULL, 0),
		.type = TYPE_BINARY_DATA,
	};
}

static void close_fixture(struct fixture *fixture)
{
	CHECK_EQ(fixture->begun, fixture->ended);
	close(fixture->fd);
	arena_clear(&fixture->owner.arena);
	for (size_t i = 0; i < HELPERS_MAX; i++)
		arena_clear(&fixture->helpers[i].arena);
	digest_state_clear(&fixture->digest_state);
	digests_clear(&fixture->digests);
	segment_maker_free(&fixture->maker);
}

static struct hits run(struct fixture *fixture, bool helped, unsigned flags)
{
	const struct match_help help = { on_begin, on_take, on_end, fixture };

	fixture->hits.count = fixture->hits.cuts = 0;
	fixture->owner.matcher.flags = flags;
	fixture->owner.matcher.help = helped ? &help : NULL;
	CHECK_EQ(matcher_run(&fixture->owner.matcher, &fixture->object, &fixture->result),
		 STATUS_OK);
	fixture->owner.matcher.help = NULL;
	CHECK_EQ(fixture->hits.cuts, 0);
	return fixture->hits;
}

static bool same(const struct hits *a, const struct hits *b)
{
	return a->count == b->count && a->count < HITS_MAX &&
	       memcmp(a->list, b->list, a->count * sizeof(a->list[0])) == 0;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *left = a;
	const uint64_t *right = b;

	return *left < *right ? -1 : *left > *right;
}

/* Some rules anywhere, and some over each border of two pieces. */
static void plant(struct fixture *fixture, struct gen *gen)
{
	gen_bytes(gen, bytes, SIZE);
	for (size_t i = 0; i < RULES; i++) {
		size_t border = PIECE * (1 + gen_below(gen, PIECES - 1));
		size_t at = border - gen_below(gen, lengths[i] + 1);

		if (gen_below(gen, 4) == 0)
			continue;
		if (gen_below(gen, 4) == 0)
			at = gen_below(gen, SIZE - LITERAL_MAX);
		memcpy(bytes + at, literals[i], lengths[i]);
	}
	CHECK_EQ(pwrite(fixture->fd, bytes, SIZE, 0), SIZE);
}

TEST("whoever looks at the pieces, the hits are the same, and in the same order")
{
	struct gen gen = gen_start();
	struct fixture fixture = { 0 };

	open_fixture(&fixture, &gen);
	for (size_t round = 0; round < 20; round++) {
		plant(&fixture, &gen);
		const struct hits alone = run(&fixture, false, 0);
		const uint64_t candidates = fixture.result.candidates;
		CHECK(alone.count > 0);
		for (unsigned helpers = 1; helpers <= HELPERS_MAX; helpers++) {
			for (size_t i = 0; i < PIECES; i++)
				fixture.who[i] = (unsigned)gen_below(&gen, helpers + 1);
			const struct hits helped = run(&fixture, true, 0);
			CHECK(same(&alone, &helped));
			CHECK_EQ(fixture.result.candidates, candidates);
		}
		struct hits sorted = alone;
		struct hits all = run(&fixture, true, MATCH_ALL_RULES);
		qsort(sorted.list, sorted.count, sizeof(sorted.list[0]), by_number);
		qsort(all.list, all.count, sizeof(all.list[0]), by_number);
		CHECK(same(&sorted, &all));
	}
	CHECK(fixture.taken > 0);
	CHECK_EQ(fixture.begun, 20 * HELPERS_MAX);
	close_fixture(&fixture);
}

TEST("a literal is found at every place around a border, on whichever side one helps")
{
	struct gen gen = gen_start();
	struct fixture fixture = { 0 };

	open_fixture(&fixture, &gen);
	memset(bytes, 'x', SIZE);
	CHECK_EQ(pwrite(fixture.fd, bytes, SIZE, 0), SIZE);
	for (size_t before = 0; before <= lengths[0] + 1; before++) {
		const off_t at = (off_t)(2 * PIECE - before);

		CHECK_EQ(pwrite(fixture.fd, literals[0], lengths[0], at),
			 (ssize_t)lengths[0]);
		fixture.who[1] = before & 1;
		fixture.who[2] = before >> 1 & 1;
		const struct hits hits = run(&fixture, true, 0);
		if (!CHECK(hits.count == 1 && hits.list[0] == (uint64_t)at))
			break;
		CHECK_EQ(pwrite(fixture.fd, bytes, lengths[0], at), (ssize_t)lengths[0]);
	}
	close_fixture(&fixture);
}

TEST("what a helper names is looked at, not believed")
{
	struct gen gen = gen_start();
	struct fixture fixture = { 0 };

	open_fixture(&fixture, &gen);
	plant(&fixture, &gen);
	struct hits alone = run(&fixture, false, 0);
	fixture.lies = true;
	fixture.who[3] = 1;
	struct hits helped = run(&fixture, true, 0);
	CHECK_EQ(fixture.result.candidates, RULES);
	qsort(alone.list, alone.count, sizeof(alone.list[0]), by_number);
	qsort(helped.list, helped.count, sizeof(helped.list[0]), by_number);
	CHECK(same(&alone, &helped));
	close_fixture(&fixture);
}

TEST("digests are those of all bytes, also of those that somebody else looks at")
{
	struct gen gen = gen_start();
	struct fixture fixture = { 0 };
	struct digest digest;

	open_fixture(&fixture, &gen);
	plant(&fixture, &gen);
	segment_maker_free(&fixture.maker);
	fixture.maker = (struct segment_maker){ 0 };
	struct made_rule rule = { .expression = only_sub };
	struct bytes program = { 0 };
	put_lit(&program, PATTERN_LIT, literals[0], lengths[0]);
	struct bytes list = list_of(&program);
	const struct made_sub sub = { .programs = { list.at, list.len } };
	uint32_t id = make_rule(&fixture.maker, &rule, &sub, 1);
	make_trigger(&fixture.maker, id,
		     (struct slice){ (const uint8_t *)literals[0], lengths[0] }, false);
	CHECK_EQ(digest_of(&fixture.digest_state, DIGEST_SHA256,
			   (struct slice){ bytes, SIZE }, &digest),
		 STATUS_OK);
	make_hash(&fixture.maker, HASH_OF_OBJECT,
		  (struct slice){ digest.bytes, digest.len }, SIZE);
	make_size(&fixture.maker, SIZE, 1 << DIGEST_SHA256);
	fixture.tables = make_tables(&fixture.maker);
	for (size_t i = 0; i < PIECES; i++)
		fixture.who[i] = i & 1;
	run(&fixture, true, 0);
	CHECK_EQ(fixture.result.digest_mask, 1 << DIGEST_SHA256);
	CHECK(memcmp(fixture.result.digests[DIGEST_SHA256].bytes, digest.bytes,
		     digest.len) == 0);
	CHECK_EQ(fixture.taken, PIECES / 2);
	close_fixture(&fixture);
}

TEST("there are no pieces beyond the end, and those of huge objects are longer")
{
	struct gen gen = gen_start();
	struct fixture fixture = { 0 };
	struct id_set found;
	const struct match_limits limits = { .piece_bytes = PIECE };

	open_fixture(&fixture, &gen);
	CHECK_EQ(pwrite(fixture.fd, bytes, SIZE, 0), SIZE);
	struct helper *helper = &fixture.helpers[0];
	id_set_init(&found, &helper->arena);
	CHECK_EQ(match_piece(&helper->matcher, &fixture.object, PIECES - 1, &found),
		 STATUS_OK);
	CHECK_EQ(match_piece(&helper->matcher, &fixture.object, PIECES, &found),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(match_piece(&helper->matcher, &fixture.object, UINT32_MAX, &found),
		 STATUS_UNSUPPORTED);
	CHECK_EQ(match_piece_bytes(&limits, SIZE), PIECE);
	for (uint64_t size = 1; size != 0; size <<= 1) {
		uint64_t len = match_piece_bytes(&limits, size);
		CHECK(len >= PIECE && (size - 1) / len < MATCH_PIECES_MAX);
	}
	close_fixture(&fixture);
}

TEST_MAIN()
