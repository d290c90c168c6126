/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's expression as a tree, to be shown. Each part of the postfix program
 * (match/expr.h) is a run of its bytes, so that what a part comes to is what expr_run()
 * makes of that run.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "match/expr.h"

struct expr_node {
	struct slice program; /* its run */
	enum expr_op op;      /* SUB, AND, OR or CMP */
	unsigned sub;         /* SUB */
	uint8_t how;          /* CMP: '=', '<' or '>', and the two numbers */
	uint32_t count, different;
	struct expr_node *left, *right; /* AND and OR have both, CMP has left */
	bool is_known;                  /* the caller's, like the value */
	struct expr_value value;
};

struct expr_tree {
	struct expr_node *nodes; /* each behind those below it */
	size_t count;
	struct expr_node *root;
};

/*
 * In the arena.
 *   OK
 *   MALFORMED  damaged, or of more parts than anybody would read
 *   NO_MEMORY
 */
MUST_CHECK enum status expr_tree_build(struct slice expression, struct arena *arena,
				       struct expr_tree *out);
