/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Literals of every class of the filter, planted back to back and moved over the borders
 * of everything that an object is looked at in: blocks, windows, data between holes, its
 * beginning and its end. Each is to be found at each place, on each path of the processor.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gen.h"
#include "match/filter.h"
#include "match/matcher.h"
#include "match/probe.h"
#include "patterns.h"
#include "segment_maker.h"
#include "test.h"

static const size_t lens[] = { 2, 3, 4, 5, 7, 10, 11, 12, 33, FILTER_LITERAL_MAX };

enum {
	LITERALS = sizeof(lens) / sizeof(lens[0]),
	ROW_LEN = 2 + 3 + 4 + 5 + 7 + 10 + 11 + 12 + 33 + FILTER_LITERAL_MAX,
	ROWS_MAX = 3,
	RULES = LITERALS * ROWS_MAX,
	WINDOW = 256 * 1024,
	/* A window of a file begins and ends a margin beside what is asked about in it. */
	MARGIN = FILTER_LITERAL_MAX,
	SIZE = 2 * WINDOW + 1000,
};

struct fixture {
	struct arena arena;
	struct digests digests;
	struct digest_state digest_state;
	struct segment_maker maker;
	struct tables tables;
	struct matcher matcher;
	uint8_t rows[ROWS_MAX][ROW_LEN];
	uint64_t found_at[RULES]; /* UINT64_MAX: nowhere */
};

static uint8_t background[SIZE];

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	struct fixture *fixture = context;

	(void)segment;
	(void)len;
	if (CHECK(rule < RULES))
		fixture->found_at[rule] = offset;
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	(void)segment;
	(void)rule;
	CHECK(false);
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static void add_rule(struct fixture *fixture, struct slice literal)
{
	static const struct slice only_sub = { (const uint8_t *)"\x01\0", 2 };
	struct made_rule rule = { .expression = only_sub };
	struct bytes program = { 0 };

	put_lit(&program, PATTERN_LIT, (const char *)literal.base, literal.len);
	struct bytes list = list_of(&program);
	struct made_sub sub = { .programs = { list.at, list.len } };
	uint32_t id = make_rule(&fixture->maker, &rule, &sub, 1);
	make_trigger(&fixture->maker, id, literal, false);
}

/* Rules with high bytes, and something without any to stand between them. */
static void open_fixture(struct fixture *fixture)
{
	struct gen gen = gen_start();

	*fixture = (struct fixture){ 0 };
	for (size_t i = 0; i < SIZE; i++)
		background[i] = (uint8_t)gen_below(&gen, 128);
	for (size_t row = 0; row < ROWS_MAX; row++) {
		uint8_t *at = fixture->rows[row];

		for (size_t i = 0; i < ROW_LEN; i++)
			at[i] = (uint8_t)gen_u64(&gen) | 0x80;
		for (size_t i = 0; i < LITERALS; at += lens[i++])
			add_rule(fixture, (struct slice){ at, lens[i] });
	}
	fixture->tables = make_tables(&fixture->maker);
	arena_init(&fixture->arena, 64 << 20);
	CHECK_EQ(digests_load(&fixture->digests), STATUS_OK);
	CHECK_EQ(digest_state_init(&fixture->digest_state, &fixture->digests), STATUS_OK);
	fixture->matcher = (struct matcher){
		.segments = &fixture->tables,
		.segment_count = 1,
		.digest_state = &fixture->digest_state,
		.arena = &fixture->arena,
		.clock = { no_time, NULL },
		.limits = { 1, UINT64_C(1) << 40, 0 },
		.events = { on_hit, on_cut, fixture },
	};
}

static void close_fixture(struct fixture *fixture)
{
	arena_clear(&fixture->arena);
	digest_state_clear(&fixture->digest_state);
	digests_clear(&fixture->digests);
	segment_maker_free(&fixture->maker);
}

/* Are those of the first rows found, each where it stands? Short ones may stand before. */
static bool rows_are_found(struct fixture *fixture, struct source source,
			   const uint64_t *at, size_t row_count)
{
	struct match_object object = { .source = source, .type = TYPE_BINARY_DATA };
	struct match_result result;

	for (size_t i = 0; i < RULES; i++)
		fixture->found_at[i] = UINT64_MAX;
	if (!CHECK_EQ(matcher_run(&fixture->matcher, &object, &result), STATUS_OK))
		return false;
	for (size_t row = 0; row < row_count; row++) {
		uint64_t want = at[row];

		for (size_t i = 0; i < LITERALS; want += lens[i++]) {
			uint64_t got = fixture->found_at[row * LITERALS + i];

			if (lens[i] > 3 ? !CHECK_EQ(got, want) : !CHECK(got <= want))
				return false;
		}
	}
	return true;
}

/* An object, and where it is kept if it is a file. */
struct place {
	uint8_t *bytes;
	size_t len;
	int fd; /* -1: in memory */
	const struct extent *extents;
	size_t extent_count;
};

static void put_at(const struct place *place, size_t at, const uint8_t *bytes, size_t len)
{
	memcpy(&place->bytes[at], bytes, len);
	if (place->fd >= 0)
		CHECK_EQ(pwrite(place->fd, bytes, len, (off_t)at), (ssize_t)len);
}

/* Rows are moved from behind the borders until they end as far before them, on every path. */
static void move_over(struct fixture *fixture, const struct place *place,
		      const size_t *borders, size_t border_count, size_t breadth)
{
	const struct probe_kernel *kernels[PROBE_KERNELS_MAX];
	size_t kernel_count = probe_kernels(kernels);
	struct source source = source_of_memory(place->bytes, place->len);

	if (place->fd >= 0)
		source = source_of_fd(place->fd, place->len, place->extents,
				      place->extent_count);
	for (size_t shift = 0; shift <= ROW_LEN + breadth + 2 * PROBE_READ_AHEAD;
	     shift++) {
		uint64_t at[ROWS_MAX];
		bool ok = true;

		for (size_t i = 0; i < border_count; i++) {
			at[i] = borders[i] + PROBE_READ_AHEAD - shift;
			put_at(place, (size_t)at[i], fixture->rows[i], ROW_LEN);
		}
		for (size_t i = 0; i < kernel_count && ok; i++) {
			fixture->matcher.cpu_path = kernels[i]->path;
			ok = rows_are_found(fixture, source, at, border_count);
		}
		for (size_t i = 0; i < border_count; i++)
			put_at(place, (size_t)at[i], &background[at[i]], ROW_LEN);
		if (!ok)
			break;
	}
}

static struct place place_of(size_t len, bool is_file)
{
	struct place place = { malloc(len), len, .fd = -1 };

	if (CHECK(place.bytes))
		memcpy(place.bytes, background, len);
	if (is_file) {
		place.fd = memfd_create("object", MFD_CLOEXEC);
		CHECK_EQ(pwrite(place.fd, background, len, 0), (ssize_t)len);
	}
	return place;
}

static void leave_place(struct place *place)
{
	free(place->bytes);
	if (place->fd >= 0)
		close(place->fd);
}

TEST("over the borders of blocks, and at every alignment")
{
	static const size_t borders[] = { PROBE_BLOCK, 2 * PROBE_BLOCK };
	struct fixture fixture;
	struct place place;

	open_fixture(&fixture);
	place = place_of(3 * PROBE_BLOCK, false);
	move_over(&fixture, &place, borders, 2, 0);
	leave_place(&place);
	close_fixture(&fixture);
}

TEST("over those of the pieces that memory is looked at in")
{
	static const size_t borders[] = { WINDOW, 2 * WINDOW };
	struct fixture fixture;
	struct place place;

	open_fixture(&fixture);
	place = place_of(SIZE, false);
	move_over(&fixture, &place, borders, 2, 0);
	leave_place(&place);
	close_fixture(&fixture);
}

TEST("over those of what is asked about, and of what was read, of a file")
{
	/* Two margins before these begins what is kept for the next window. */
	static const size_t borders[] = { WINDOW, 2 * WINDOW - 2 * MARGIN };
	struct fixture fixture;
	struct place place;

	open_fixture(&fixture);
	place = place_of(SIZE, true);
	move_over(&fixture, &place, borders, 2, (size_t)2 * MARGIN);
	leave_place(&place);
	close_fixture(&fixture);
}

/* The row moves from one end of the object to the other, which is no longer than needed. */
static void move_through(bool is_file)
{
	static const size_t borders[] = { ROW_LEN + PROBE_READ_AHEAD };
	struct fixture fixture;
	struct place place;

	open_fixture(&fixture);
	place = place_of(2 * ROW_LEN + 2 * PROBE_READ_AHEAD, is_file);
	move_over(&fixture, &place, borders, 1, 0);
	leave_place(&place);
	close_fixture(&fixture);
}

TEST("from one end of a small object to the other")
{
	move_through(false);
	move_through(true);
}

TEST("from one end of data between holes to the other, over a seam in it")
{
	enum { START = 700, SEAM = START + 600, LEN = 5000 };
	static const struct extent extents[] = { { START, SEAM - START }, { SEAM, 900 } };
	static const size_t borders[] = { START + ROW_LEN + PROBE_READ_AHEAD, SEAM,
					  SEAM + 900 - ROW_LEN - PROBE_READ_AHEAD };
	struct fixture fixture;
	struct place place;

	open_fixture(&fixture);
	place = place_of(LEN, true);
	place.extents = extents;
	place.extent_count = 2;
	move_over(&fixture, &place, borders, 3, 0);
	leave_place(&place);
	close_fixture(&fixture);
}

TEST_MAIN()
