/* SPDX-License-Identifier: Apache-2.0 */
#include "match/expr_tree.h"

enum { NODES_MAX = 512 };

/* A node, and where its program begins. */
struct open_node {
	struct expr_node *node;
	size_t from;
};

struct growth {
	struct slice program;
	struct expr_tree tree;
	struct open_node stack[EXPR_STACK];
	size_t depth;
};

static bool grow(struct growth *growth, struct reader *in);
static bool read_node(struct reader *in, struct expr_node *out, bool *ret_is_skip);
static bool take_operands(struct growth *growth, struct expr_node *node, size_t from);

enum status expr_tree_build(struct slice expression, struct arena *arena,
			    struct expr_tree *out)
{
	struct growth growth = {
		.program = expression,
		.tree.nodes = arena_new_array(arena, struct expr_node, NODES_MAX),
	};
	struct reader in = reader_of_slice(expression);

	if (!growth.tree.nodes)
		return STATUS_NO_MEMORY;
	while (reader_left(&in) > 0)
		if (!grow(&growth, &in))
			return STATUS_MALFORMED;
	if (growth.depth != 1)
		return STATUS_MALFORMED;
	growth.tree.root = growth.stack[0].node;
	*out = growth.tree;
	return STATUS_OK;
}

static bool grow(struct growth *growth, struct reader *in)
{
	size_t from = growth->program.len - reader_left(in);
	struct expr_node node = { 0 };
	bool is_skip = false;

	if (!read_node(in, &node, &is_skip))
		return false;
	if (is_skip)
		return true;
	if (growth->tree.count == NODES_MAX)
		return false;
	struct expr_node *kept = &growth->tree.nodes[growth->tree.count++];
	*kept = node;
	if (!take_operands(growth, kept, from))
		return false;

	struct reader whole = reader_of_slice(growth->program);
	from = growth->stack[growth->depth - 1].from;
	reader_seek(&whole, from);
	kept->program = reader_slice(&whole,
				     growth->program.len - reader_left(in) - from);
	return true;
}

static bool read_node(struct reader *in, struct expr_node *out, bool *ret_is_skip)
{
	uint8_t op = reader_u8(in);

	switch (op) {
	case EXPR_SUB:
		out->sub = reader_u8(in);
		break;
	case EXPR_AND:
	case EXPR_OR:
		break;
	case EXPR_CMP:
		out->how = reader_u8(in);
		out->count = reader_u32le(in);
		out->different = reader_u32le(in);
		break;
	case EXPR_SKIP_IF_FALSE:
	case EXPR_SKIP_IF_TRUE:
		reader_skip(in, 2);
		*ret_is_skip = true;
		break;
	default:
		return false;
	}
	out->op = (enum expr_op)op;
	return reader_ok(in);
}

static bool take_operands(struct growth *growth, struct expr_node *node, size_t from)
{
	size_t wanted = 2;

	if (node->op == EXPR_SUB)
		wanted = 0;
	else if (node->op == EXPR_CMP)
		wanted = 1;
	if (growth->depth < wanted || growth->depth - wanted == EXPR_STACK)
		return false;
	if (wanted == 2) {
		growth->depth--;
		node->right = growth->stack[growth->depth].node;
	}
	if (wanted > 0) {
		growth->depth--;
		node->left = growth->stack[growth->depth].node;
		from = growth->stack[growth->depth].from;
	}
	growth->stack[growth->depth++] = (struct open_node){ node, from };
	return true;
}
