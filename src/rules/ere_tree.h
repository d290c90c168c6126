/* SPDX-License-Identifier: Apache-2.0 */
/* An expression as a tree: what ere_tree.c reads from a text, and ere_compile.c makes states of. */
#pragma once

#include "match/ere.h"
#include "rules/line.h"

enum ere_kind {
	ERE_NODE_BYTE,
	ERE_NODE_ANY,
	ERE_NODE_SET,
	ERE_NODE_BEGIN,
	ERE_NODE_END,
	ERE_NODE_NOTHING, /* () */
	ERE_NODE_GROUP,   /* one of some branches */
};

#define ERE_NO_END UINT16_MAX

struct ere_node {
	enum ere_kind kind;
	uint8_t byte;
	uint8_t set[ERE_SET_LEN];
	struct ere_branch *branches; /* of a group */
	uint16_t min, max;           /* how often; ERE_NO_END: without end */
	struct ere_node *next;       /* in its branch */
};

struct ere_branch {
	struct ere_node *first;
	struct ere_branch *next;
};

/*
 * Reads the expression in `span`, letters in lower case if `fold` is set.
 * OK: *out is a group that stands once. MALFORMED: the line is refused. NO_MEMORY.
 */
MUST_CHECK enum status ere_tree_read(const struct rule_line *line, struct span span,
				     bool fold, struct ere_node *out);
