/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "match/explain.h"
#include "match/expr_tree.h"

static void value(struct explaining *explaining, struct expr_node *node);
static void say_node(struct explaining *explaining, const struct expr_node *node,
		     unsigned level, enum expr_op around);
static void name_node(const struct expr_node *node, char *out, size_t size);
static void say_why(struct explaining *explaining, const struct expr_node *root);

enum status explain_expression(struct explaining *explaining, bool *ret_holds)
{
	struct expr_node whole = {
		.program = table_bytes(explaining->tables, SECTION_CONDITIONS,
				       explaining->rule.expression,
				       explaining->rule.expression_len),
	};
	struct expr_tree tree;
	enum status status = expr_tree_build(whole.program, explaining->matcher->arena,
					     &tree);

	if (status == STATUS_NO_MEMORY)
		return status;
	if (status != STATUS_OK) {
		value(explaining, &whole);
		*ret_holds = whole.value.holds;
		explain_say(explaining, 1, whole.value.holds ? WATCH_YES : WATCH_NO,
			    "the expression, which is too long to be shown");
		return STATUS_OK;
	}
	for (size_t i = 0; i < tree.count; i++)
		value(explaining, &tree.nodes[i]);
	*ret_holds = tree.root->value.holds;
	say_why(explaining, tree.root);
	say_node(explaining, tree.root, 1, EXPR_SUB);
	return STATUS_OK;
}

static void value(struct explaining *explaining, struct expr_node *node)
{
	node->is_known = expr_run(node->program, explain_count, explaining, &node->value);
}

bool explain_count(void *context, unsigned sub, uint64_t *ret_count)
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
static void say_node(struct explaining *explaining, const struct expr_node *node,
		     unsigned level, enum expr_op around)
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

static void name_node(const struct expr_node *node, char *out, size_t size)
{
	unsigned long long count = node->value.count;

	if (node->op == EXPR_SUB) {
		snprintf(out, size, "subsignature %u", node->sub);
		return;
	}
	if (node->op != EXPR_CMP) {
		snprintf(out, size, "%s of these:", node->op == EXPR_AND ? "all" : "any");
		return;
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
			 __builtin_popcountll(node->left->value.members));
}

/* The first part, from the left and as far down as it goes, that keeps it from holding. */
static void say_why(struct explaining *explaining, const struct expr_node *root)
{
	const struct expr_node *node = root;
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
