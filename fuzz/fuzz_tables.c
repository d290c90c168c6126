/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A good segment with some of its bytes changed, and a text:
 *
 *	le 1	number of changes, then for each
 *	le 1	section (modulo their number)
 *	le 3	offset (modulo its length)
 *	le 1	the byte's new value
 *	le 1	0xff: the section is cut off there instead
 *	-	the text
 *
 * Whatever is changed, matching stays inside the tables, the text and the budget.
 */
#include <assert.h>
#include <stdlib.h>

#include "bytes/reader.h"
#include "match/expr.h"
#include "match/matcher.h"
#include "patterns.h"
#include "segment_maker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES_MAX = 64 };

/* A byte that was changed, or a section that was cut. */
struct change {
	size_t section, at;
	uint8_t before;
	bool is_cut;
	size_t len_before;
};

struct fixture {
	struct tables tables;
	struct digests digests;
	struct digest_state digest_state;
};

static void add_rule(struct segment_maker *maker, const char *literal,
		     struct made_sub second)
{
	static const uint8_t both[] = {
		EXPR_SUB, 0, EXPR_SKIP_IF_FALSE, 3, 0, EXPR_SUB, 1, EXPR_AND,
	};
	static const uint8_t condition[] = {
		COND_FILE_SIZE, 0,    0,    0,    0, 0, 0, 0, 0,
		0xff,           0xff, 0xff, 0xff, 0, 0, 0, 0,
	};
	struct made_rule rule = {
		.condition = { condition, sizeof(condition) },
		.expression = { both, sizeof(both) },
	};
	struct bytes one = { 0 };
	struct bytes two = { 0 };

	put_lit(&one, PATTERN_LIT, literal, strlen(literal));
	put_lit(&two, PATTERN_FOLD, "ab", 2);
	put_gap(&two, 0, PATTERN_GAP_NO_END);
	put(&two, PATTERN_ALT, 1);
	put(&two, 0, 1);
	put(&two, 2, 2);
	for (size_t i = 1; i < 3; i++) {
		put(&two, 3 + i, 2);
		put_lit(&two, PATTERN_LIT, "xx", i);
	}
	put_mark(&two, 'B', PATTERN_MARK_AFTER);

	struct bytes first_list = list_of(&one);
	struct bytes second_list = list_of(&two);
	struct made_sub subs[] = { { { first_list.at, first_list.len }, 0, 0, 0, 0, 0 },
				   second };
	subs[1].programs = (struct slice){ second_list.at, second_list.len };
	subs[1].flags = SUB_COUNTED;
	uint32_t id = make_rule(maker, &rule, subs, 2);
	make_trigger(maker, id, slice_of(literal), false);
}

/* Exactly as long as it has to be, so that a sanitizer sees what is behind it. */
static void own(struct table *table)
{
	uint8_t *copy = malloc(table->len + !table->len);

	assert(copy);
	if (table->len > 0)
		memcpy(copy, table->base, table->len);
	table->base = copy;
}

static struct fixture *make_fixture(void)
{
	static struct fixture fixture;
	struct segment_maker maker = { 0 };
	uint8_t digest[32] = { 0 };

	if (fixture.tables.section[0].base)
		return &fixture;
	add_rule(&maker, "needle", (struct made_sub){ .offset = OFFSET_ANY });
	add_rule(
		&maker, "abc",
		(struct made_sub){ .offset = OFFSET_FROM_END, .value = 20, .shift = 20 });
	add_rule(&maker, "abcdefghi", (struct made_sub){ .offset = OFFSET_IN_SECTION });
	add_rule(&maker, "xy", (struct made_sub){ .offset = OFFSET_ENTRY_PLUS });
	make_always(&maker, 1);
	for (uint8_t i = 0; i < 20; i++) {
		digest[0] = i;
		make_hash(&maker, HASH_OF_OBJECT, (struct slice){ digest, 32 },
			  HASH_ANY_SIZE);
	}
	make_size(&maker, HASH_ANY_SIZE, 1 << DIGEST_SHA256);
	fixture.tables = make_tables(&maker);
	for (size_t i = 0; i < SECTION_COUNT; i++)
		own(&fixture.tables.section[i]);
	segment_maker_free(&maker);
	assert(digests_load(&fixture.digests) == STATUS_OK);
	assert(digest_state_init(&fixture.digest_state, &fixture.digests) == STATUS_OK);
	return &fixture;
}

static uint64_t no_time(void *context)
{
	(void)context;
	return 0;
}

static void on_hit(void *context, uint32_t segment, uint32_t rule, uint64_t offset,
		   uint64_t len)
{
	const struct match_object *object = context;

	(void)rule;
	assert(segment == 0);
	assert(offset + len <= object->source.size);
}

static void on_cut(void *context, uint32_t segment, uint32_t rule)
{
	(void)context;
	(void)segment;
	(void)rule;
}

static void match(struct fixture *fixture, struct slice text, unsigned flags)
{
	struct executable_section sections[] = {
		{ .len = 10 },
		{ .offset = 10, .len = 1000 },
	};
	struct executable executable = {
		.has_entry = true,
		.entry_offset = 3,
		.sections = sections,
		.section_count = 2,
	};
	struct match_object object = {
		.source = source_of_memory(text.base, text.len),
		.type = TYPE_MSEXE,
		.target = 1,
		.executable = &executable,
	};
	struct match_result result;
	struct arena arena;
	struct matcher matcher = {
		.segments = &fixture->tables,
		.segment_count = 1,
		.digest_state = &fixture->digest_state,
		.arena = &arena,
		.clock = { no_time, NULL },
		.limits = { 1, 1 << 18, 1 << 16 },
		.events = { on_hit, on_cut, &object },
		.flags = flags,
	};

	arena_init(&arena, 16 << 20);
	enum status status = matcher_run(&matcher, &object, &result);
	assert(status == STATUS_OK || status == STATUS_NO_MEMORY);
	arena_clear(&arena);
}

static struct change apply(struct tables *tables, struct reader *in)
{
	struct change change = { .section = reader_u8(in) % SECTION_COUNT };
	struct table *table = &tables->section[change.section];
	uint32_t offset = reader_u16le(in);

	offset |= (uint32_t)reader_u8(in) << 16;
	uint8_t value = reader_u8(in);
	change.is_cut = reader_u8(in) == 0xff;
	change.len_before = table->len;
	if (table->len == 0)
		return change;
	change.at = offset % table->len;
	change.before = table->base[change.at];
	if (change.is_cut)
		table->len = change.at;
	else
		((uint8_t *)table->base)[change.at] = value;
	return change;
}

static void undo(struct tables *tables, const struct change *change)
{
	struct table *table = &tables->section[change->section];

	table->len = change->len_before;
	if (table->len > 0)
		((uint8_t *)table->base)[change->at] = change->before;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fixture *fixture = make_fixture();
	struct change changes[CHANGES_MAX];
	struct reader in = reader_of(data, size);
	size_t count = reader_u8(&in) % CHANGES_MAX;

	for (size_t i = 0; i < count; i++)
		changes[i] = apply(&fixture->tables, &in);
	struct slice text = reader_rest(&in);
	match(fixture, text, 0);
	match(fixture, text, MATCH_ALL_RULES);
	while (count > 0)
		undo(&fixture->tables, &changes[--count]);
	return 0;
}
