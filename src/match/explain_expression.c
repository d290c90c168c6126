/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's expression as a tree with the value of each part. An expression is a postfix
 * program (match/expr.h), so that every part of it is a run of its bytes: the value of a
 * part is what expr_run() makes of that run, and nothing here decides anything.
 */
#include <stdio.h>

#include "base/checked.h"
#include "bytes/reader.h"
#include "match/explain.h"

/* More operations than this are not drawn. */
enum { NODES_MAX = 512 };

struct node {
	size_t from, to; /* its bytes in the program */
	uint8_t op, how;
	unsigned sub;
	uint32_t count, different; /* CMP */
	struct node *left, *right;
	bool is_known;
	struct expr_value value;
};

struct tree {
	struct slice program;
	struct node *nodes;
	size_t count;
	struct node *stack[EXPR_STACK];
	size_t depth;
};

static bool grow(struct tree *tree);
static bool take_operands(struct tree *tree, struct node *node);
static void value(struct explaining *explaining, const struct tree *tree,
		  struct node *node);
static bool known_count(void *context, unsigned sub, uint64_t *ret_count);
static void say_node(struct explaining *explaining, const struct node *node,
		     unsigned level, uint8_t around);
static void name_node(const struct node *node, char *out, size_t size);
static void say_why(struct explaining *explaining, const struct node *root);

enum status explain_expression(struct explaining *explaining, bool *ret_holds)
{
	struct tree *tree = arena_new(explaining->matcher->arena, struct tree);

	if (!tree)
		return STATUS_NO_MEMORY;
	*tree = (struct tree){
		.program = table_bytes(explaining->tables, SECTION_CONDITIONS,
				       explaining->rule.expression,
				       explaining->rule.expression_len),
		.nodes = arena_new_array(explaining->matcher->arena, struct node,
					 NODES_MAX),
	};
	if (!tree->nodes)
		return STATUS_NO_MEMORY;
	if (!grow(tree)) {
		struct node whole = { .to = tree->program.len };

		value(explaining, tree, &whole);
		*ret_holds = whole.value.holds;
		explain_say(explaining, 1, whole.value.holds ? WATCH_YES : WATCH_NO,
			    "the expression, which is too long to be shown");
		return STATUS_OK;
	}
	for (size_t i = 0; i < tree->count; i++)
		value(explaining, tree, &tree->nodes[i]);
	*ret_holds = tree->stack[0]->value.holds;
	say_why(explaining, tree->stack[0]);
	say_node(explaining, tree->stack[0], 1, 0);
	return STATUS_OK;
}

/* False: damaged, or too long. */
static bool grow(struct tree *tree)
{
	struct reader in = reader_of_slice(tree->program);

	while (reader_left(&in) > 0) {
		struct node *node = &tree->nodes[tree->count];

		if (tree->count == NODES_MAX)
			return false;
		*node = (struct node){ .from = tree->program.len - reader_left(&in) };
		node->op = reader_u8(&in);
		switch (node->op) {
		case EXPR_SUB:
			node->sub = reader_u8(&in);
			break;
		case EXPR_AND:
		case EXPR_OR:
			break;
		case EXPR_CMP:
			node->how = reader_u8(&in);
			node->count = reader_u32le(&in);
			node->different = reader_u32le(&in);
			break;
		case EXPR_SKIP_IF_FALSE:
		case EXPR_SKIP_IF_TRUE:
			reader_skip(&in, 2);
			continue;
		default:
			return false;
		}
		node->to = tree->program.len - reader_left(&in);
		if (!reader_ok(&in) || !take_operands(tree, node))
			return false;
		tree->count++;
	}
	return tree->depth == 1;
}

static bool take_operands(struct tree *tree, struct node *node)
{
	size_t wanted = 2;

	if (node->op == EXPR_SUB)
		wanted = 0;
	else if (node->op == EXPR_CMP)
		wanted = 1;
	if (tree->depth < wanted || tree->depth - wanted == EXPR_STACK)
		return false;
	if (wanted == 2) {
		tree->depth--;
		node->right = tree->stack[tree->depth];
	}
	if (wanted > 0) {
		tree->depth--;
		node->left = tree->stack[tree->depth];
		node->from = node->left->from;
	}
	tree->stack[tree->depth++] = node;
	return true;
}

static void value(struct explaining *explaining, const struct tree *tree,
		  struct node *node)
{
	struct reader in = reader_of_slice(tree->program);

	reader_seek(&in, node->from);
	node->is_known = expr_run(reader_slice(&in, node->to - node->from), known_count,
				  explaining, &node->value);
}

static bool known_count(void *context, unsigned sub, uint64_t *ret_count)
{
	const struct explaining *explaining = context;

	/* What is not there is told as not matching, as evaluation does. */
	if (sub >= explaining->rule.sub_count) {
		*ret_count = 0;
		return true;
	}
	*ret_count = explaining->counts[sub];
	return explaining->is_counted[sub];
}

/* As deep as parentheses nest, and no deeper than lines may be. */
static void say_node(struct explaining *explaining, const struct node *node,
		     unsigned level, uint8_t around)
{
	bool is_joint = node->op == EXPR_AND || node->op == EXPR_OR;
	char name[128];

	if (level >= WATCH_LEVEL_MAX)
		return;
	/* a & b & c is one line with three below it. */
	if (!is_joint || node->op != around) {
		enum watch_answer answer = node->value.holds ? WATCH_YES : WATCH_NO;

		name_node(node, name, sizeof(name));
		explain_say(explaining, level, node->is_known ? answer : WATCH_UNKNOWN,
			    "%s", name);
		level++;
	}
	if (node->left)
		say_node(explaining, node->left, level, node->op);
	if (node->right)
		say_node(explaining, node->right, level, node->op);
}

static void name_node(const struct node *node, char *out, size_t size)
{
	unsigned long long count = node->value.count;

	switch (node->op) {
	case EXPR_SUB:
		snprintf(out, size, "subsignature %u", node->sub);
		return;
	case EXPR_AND:
		snprintf(out, size, "all of these:");
		return;
	case EXPR_OR:
		snprintf(out, size, "any of these:");
		return;
	default:
		break;
	}
	count = node->left->value.count;
	int len = snprintf(out, size, "matches %s %u: there %s %llu",
			   node->how == '=' ? "exactly" :
			   node->how == '>' ? "more than" :
					      "fewer than",
			   node->count, count == 1 ? "is" : "are", count);
	if (node->different > 0 && len > 0 && (size_t)len < size)
		snprintf(&out[len], size - (size_t)len,
			 ", of at least %u different subsignatures: %d", node->different,
			 __builtin_popcountll(node->left->value.subs));
}

/* The first part, from the left and as far down as it goes, that keeps it from holding. */
static void say_why(struct explaining *explaining, const struct node *root)
{
	const struct node *node = root;
	char name[128];

	if (root->value.holds || explaining->why[0] != '\0')
		return;
	while (node->op == EXPR_AND)
		node = node->left->value.holds ? node->right : node->left;
	name_node(node, name, sizeof(name));
	if (!node->is_known)
		snprintf(explaining->why, sizeof(explaining->why),
			 "the expression cannot be told");
	else if (node->op == EXPR_OR)
		snprintf(explaining->why, sizeof(explaining->why),
			 "none of the subsignatures that an OR names is there");
	else if (node->op == EXPR_SUB)
		snprintf(explaining->why, sizeof(explaining->why), "%s is not there",
			 name);
	else
		snprintf(explaining->why, sizeof(explaining->why), "%s", name);
}
