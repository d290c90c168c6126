/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions: what must hold of an object before its bytes are searched, and
 * the expression over a rule's subsignatures. Both are stored in CONDITIONS.
 *
 * A *condition* is a list of tests, all of which must hold:
 *
 *   u8 key, then
 *   COND_FILE_SIZE      u64 min, u64 max     bytes of the object
 *   COND_ENTRY_POINT    u32 min, u32 max     file offset of the entry point
 *   COND_SECTIONS       u32 min, u32 max     number of sections
 *   COND_CONTAINER      u8 n, n bytes        type name of the immediate container; "ANY": none
 *   COND_INTERMEDIATES  u8 m, m × (u8 n, n bytes)   the containers above, the closest last
 *   COND_RETYPE         u8 n, n bytes        type name; holds: what the rule matches is to
 *                                            be looked at as that type, too
 *   COND_ICONS          u8 which (1 the first group, 2 the second), for each (u8 n, n
 *                                            bytes) its name; holds: it takes more than a
 *                                            look, and match/icons.h decides it
 *
 * An *expression* is a program for a small stack machine. A value is whether it
 * holds, how many matches it stands for, and which subsignatures (64-bit sets) they
 * belong to; (false, 0, {}) below is "no". Seen with clamscan 1.4.6: a comparison hands
 * its count on, so that `((0>1)|1)>2` counts the matches of both, and `0=0` holds with
 * a count of 0. Which subsignatures they belong to is handed on for one alone, not for a
 * block: `((0|1)>0&2)>0,2` never holds.
 *
 *   u8 op, then
 *   EXPR_SUB  u8 id             push (n > 0, n, {id}), n the matches of the subsignature
 *   EXPR_AND                    pop b, a; push (true, a + b, A ∪ B) if both hold, else no
 *   EXPR_OR                     pop b, a; push (true, a + b, A ∪ B) if one holds, else no
 *   EXPR_CMP  u8 how, u32 x, u32 y   pop a; push (true, a, A) if a.count is how ('=', '>',
 *                               '<') x and, with y > 0, A has at least y members; else no.
 *                               A is then {}, but right behind EXPR_SUB
 *   EXPR_SKIP_IF_FALSE u16 n    if the top does not hold make it no, and go on n bytes
 *                               further (short cut)
 *   EXPR_SKIP_IF_TRUE  u16 n    if the top holds go on n bytes further
 *
 * Jumps go forward only, so a program ends. One value is left at the end; a
 * damaged program does not hold. Stack depth is EXPR_STACK at most.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "bytes/reader.h"

struct match_object;

enum condition_key {
	COND_FILE_SIZE = 1,
	COND_ENTRY_POINT = 2,
	COND_SECTIONS = 3,
	COND_CONTAINER = 4,
	COND_INTERMEDIATES = 5,
	COND_ICONS = 6,
	COND_RETYPE = 16,
};

enum expr_op {
	EXPR_SUB = 1,
	EXPR_AND = 2,
	EXPR_OR = 3,
	EXPR_CMP = 4,
	EXPR_SKIP_IF_FALSE = 5,
	EXPR_SKIP_IF_TRUE = 6,
};

enum { EXPR_STACK = 64, EXPR_SUBS_MAX = 64 };

/* Does the condition hold of the object? An empty one does, a damaged one does not. */
bool condition_holds(struct slice condition, const struct match_object *object);

/* The same of the next test alone; the reader goes on behind it. */
bool condition_next(struct reader *tests, const struct match_object *object);

/* The type name of COND_RETYPE; empty if there is none. */
struct slice condition_retype(struct slice condition);

enum { ICON_GROUPS = 2 };

/* The groups that one of the icons must look like a member of, both at once. */
struct icon_groups {
	bool is_asked[ICON_GROUPS];
	struct slice names[ICON_GROUPS];
};

/* The groups of COND_ICONS; none is asked for if there is no such test. */
struct icon_groups condition_icons(struct slice condition);

struct expr_value {
	bool holds;
	uint64_t count;
	uint64_t subs;    /* whose matches they are: one bit per subsignature … */
	uint64_t members; /* … and those that a comparison counts as different ones */
};

/* How often does a subsignature match? False: that cannot be told. */
typedef bool expr_count(void *context, unsigned sub, uint64_t *ret_count);

/*
 * Runs an expression; `count` is asked for what it needs, in order.
 * False if it was asked in vain: then nothing is known of the expression.
 */
MUST_CHECK bool expr_run(struct slice expression, expr_count *count, void *context,
			 struct expr_value *out);

/*
 * No comparison of the expression can tell a count above this one from this one:
 * one more than the largest number compared with, and at least 1.
 */
uint64_t expr_count_max(struct slice expression);
