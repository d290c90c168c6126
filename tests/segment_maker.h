/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables for the matcher, made by hand: the form that src/database/ writes, without
 * files, languages or choices. The one who makes them says which literals trigger.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "match/filter.h"
#include "match/tables.h"
#include "match/trigger.h"

struct made_section {
	uint8_t *bytes;
	size_t len, room;
};

struct made_trigger {
	uint32_t gram;
	unsigned gram_len;
	struct trigger_record record;
};

struct segment_maker {
	struct made_section sections[SECTION_COUNT];
	struct made_trigger *triggers;
	size_t trigger_count;
};

struct made_rule {
	uint8_t target;
	struct slice condition;
	struct slice expression;
};

struct made_sub {
	struct slice programs; /* the whole list */
	enum offset_kind offset;
	uint32_t value, shift;
	uint16_t section;
	uint16_t flags;
};

/* Zeroed storage is an empty maker. Each returns the id of what was added. */
uint32_t make_rule(struct segment_maker *maker, const struct made_rule *rule,
		   const struct made_sub *subs, size_t sub_count);

/* One more literal that makes the rule a candidate; lower case if it is to be folded. */
void make_trigger(struct segment_maker *maker, uint32_t rule, struct slice literal,
		  bool fold);

/* The rule is a candidate in every object. */
void make_always(struct segment_maker *maker, uint32_t rule);

/* Digests of one scope and kind come in ascending order. */
void make_hash(struct segment_maker *maker, enum hash_scope scope, struct slice digest,
	       uint32_t size);

/* Sizes come in ascending order. */
void make_size(struct segment_maker *maker, uint32_t size, uint16_t kinds);

/* The tables, which point into the maker. It may then only be freed. */
struct tables make_tables(struct segment_maker *maker);

void segment_maker_free(struct segment_maker *maker);
