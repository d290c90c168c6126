/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ere_tree.h"

enum { DEPTH_MAX = 64, TIMES_MAX = 255 };

struct tree {
	const struct rule_line *line;
	size_t at;
	size_t end;
	bool fold;
	unsigned depth;
};

static enum status read_branches(struct tree *tree, struct ere_node *group);
static enum status read_branch(struct tree *tree, struct ere_branch *branch);
static enum status read_atom(struct tree *tree, struct ere_node *node);
static enum status read_group(struct tree *tree, struct ere_node *node);
static enum status read_set(struct tree *tree, struct ere_node *node);
static enum status read_times(struct tree *tree, struct ere_node *node);
static enum status read_bounds(struct tree *tree, struct ere_node *node);

enum status ere_tree_read(const struct rule_line *line, struct span span, bool fold,
			  struct ere_node *out)
{
	struct tree tree = { line, span.start, span.end, fold, 0 };

	*out = (struct ere_node){ .kind = ERE_NODE_GROUP, .min = 1, .max = 1 };
	return read_branches(&tree, out);
}

static enum status refuse(const struct tree *tree, const char *message)
{
	struct span here = { tree->at, tree->end };

	return line_refuse(tree->line, here, STATUS_MALFORMED, message);
}

/* The byte so far ahead, or -1 at the end of the expression. */
static int peek(const struct tree *tree, size_t ahead)
{
	if (ahead >= tree->end - tree->at)
		return -1;
	return line_byte(tree->line, tree->at + ahead);
}

static uint8_t folded(const struct tree *tree, int byte)
{
	if (tree->fold && byte >= 'A' && byte <= 'Z')
		return (uint8_t)(byte | 0x20);
	return (uint8_t)byte;
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

/* Outside of all parentheses a `)` is a byte. */
static bool ends_branch(const struct tree *tree)
{
	int byte = peek(tree, 0);

	return byte < 0 || byte == '|' || (byte == ')' && tree->depth > 0);
}

static enum status read_branches(struct tree *tree, struct ere_node *group)
{
	struct ere_branch **last = &group->branches;

	for (;;) {
		*last = arena_new(tree->line->arena, struct ere_branch);
		if (!*last)
			return STATUS_NO_MEMORY;
		if (ends_branch(tree))
			return refuse(tree, "an empty alternative");
		enum status status = read_branch(tree, *last);
		if (status != STATUS_OK || peek(tree, 0) != '|')
			return status;
		tree->at++;
		last = &(*last)->next;
	}
}

static enum status read_branch(struct tree *tree, struct ere_branch *branch)
{
	struct ere_node **last = &branch->first;

	while (!ends_branch(tree)) {
		struct ere_node *node = arena_new(tree->line->arena, struct ere_node);

		if (!node)
			return STATUS_NO_MEMORY;
		node->min = 1;
		node->max = 1;
		enum status status = read_atom(tree, node);
		if (status == STATUS_OK)
			status = read_times(tree, node);
		if (status != STATUS_OK)
			return status;
		*last = node;
		last = &node->next;
	}
	return STATUS_OK;
}

static bool is_repetition(const struct tree *tree)
{
	int byte = peek(tree, 0);

	return byte == '*' || byte == '+' || byte == '?' ||
	       (byte == '{' && is_digit(peek(tree, 1)));
}

static enum status read_atom(struct tree *tree, struct ere_node *node)
{
	if (is_repetition(tree))
		return refuse(tree, "nothing that could be repeated");
	int byte = peek(tree, 0);
	if (byte == '(')
		return read_group(tree, node);
	if (byte == '[')
		return read_set(tree, node);
	tree->at++;
	if (byte == '.') {
		node->kind = ERE_NODE_ANY;
	} else if (byte == '^') {
		node->kind = ERE_NODE_BEGIN;
	} else if (byte == '$') {
		node->kind = ERE_NODE_END;
	} else {
		if (byte == '\\') {
			byte = peek(tree, 0);
			if (byte < 0)
				return refuse(tree, "nothing behind the backslash");
			tree->at++;
		}
		node->kind = ERE_NODE_BYTE;
		node->byte = folded(tree, byte);
	}
	return STATUS_OK;
}

static enum status read_group(struct tree *tree, struct ere_node *node)
{
	enum status status = STATUS_OK;

	if (tree->depth == DEPTH_MAX)
		return refuse(tree, "parentheses too deep");
	tree->at++;
	node->kind = ERE_NODE_NOTHING;
	if (peek(tree, 0) != ')') {
		node->kind = ERE_NODE_GROUP;
		tree->depth++;
		status = read_branches(tree, node);
		tree->depth--;
	}
	if (status == STATUS_OK && peek(tree, 0) != ')')
		return refuse(tree, "a parenthesis is not closed");
	tree->at++;
	return status;
}

static enum status read_times(struct tree *tree, struct ere_node *node)
{
	int byte = peek(tree, 0);
	enum status status = STATUS_OK;

	if (!is_repetition(tree))
		return STATUS_OK;
	if (node->kind == ERE_NODE_BEGIN)
		return refuse(tree, "the beginning cannot be repeated");
	if (byte == '{') {
		status = read_bounds(tree, node);
	} else {
		node->min = byte == '+' ? 1 : 0;
		node->max = byte == '?' ? 1 : ERE_NO_END;
		tree->at++;
	}
	if (status == STATUS_OK && is_repetition(tree))
		return refuse(tree, "a repetition of a repetition");
	return status;
}

static enum status read_number(struct tree *tree, uint16_t *out)
{
	struct span digits = { tree->at, tree->at };
	uint64_t value;

	while (is_digit(peek(tree, 0)))
		tree->at++;
	digits.end = tree->at;
	if (!line_number(tree->line, digits, TIMES_MAX, &value))
		return line_refuse(tree->line, digits, STATUS_MALFORMED,
				   "a number of repetitions is 0 to 255");
	*out = (uint16_t)value;
	return STATUS_OK;
}

static enum status read_bounds(struct tree *tree, struct ere_node *node)
{
	tree->at++;
	enum status status = read_number(tree, &node->min);

	node->max = node->min;
	if (status == STATUS_OK && peek(tree, 0) == ',') {
		tree->at++;
		node->max = ERE_NO_END;
		if (is_digit(peek(tree, 0)))
			status = read_number(tree, &node->max);
	}
	if (status != STATUS_OK)
		return status;
	if (peek(tree, 0) != '}' || node->min > node->max)
		return refuse(tree, "repetitions are {n}, {n,} or {n,m}");
	tree->at++;
	return STATUS_OK;
}

static void add_byte(const struct tree *tree, struct ere_node *node, int byte)
{
	uint8_t value = folded(tree, byte);

	node->set[value / 8] |= (uint8_t)(1 << value % 8);
}

/* One byte of a set: itself, [.x.] or, which begins no range, [=x=]. */
static enum status read_member(struct tree *tree, int *ret_byte, bool *ret_is_class)
{
	int byte = peek(tree, 0);
	int kind = peek(tree, 1);

	*ret_is_class = false;
	if (byte < 0)
		return refuse(tree, "a set is not closed");
	if (byte != '[' || (kind != '.' && kind != '=' && kind != ':')) {
		*ret_byte = byte;
		tree->at++;
		return STATUS_OK;
	}
	if (kind == ':' || peek(tree, 3) != kind || peek(tree, 4) != ']')
		return refuse(tree, "only a byte can stand in [. .] and [= =]");
	*ret_byte = peek(tree, 2);
	*ret_is_class = kind == '=';
	tree->at += 5;
	return STATUS_OK;
}

/* A byte, or all from one to another. */
static enum status read_range(struct tree *tree, struct ere_node *node)
{
	bool is_class;
	int first, last;

	if (peek(tree, 0) == '-')
		return refuse(tree, "a range without a beginning");
	enum status status = read_member(tree, &first, &is_class);
	if (status != STATUS_OK)
		return status;
	last = first;
	if (!is_class && peek(tree, 0) == '-' && peek(tree, 1) >= 0 &&
	    peek(tree, 1) != ']') {
		tree->at++;
		status = read_member(tree, &last, &is_class);
		if (status != STATUS_OK)
			return status;
	}
	if (first > last)
		return refuse(tree, "a range ends before it begins");
	for (int byte = first; byte <= last; byte++)
		add_byte(tree, node, byte);
	return STATUS_OK;
}

/* A `]` or a `-` is itself where it comes first, a `-` also where it comes last. */
static enum status read_set(struct tree *tree, struct ere_node *node)
{
	bool negated = peek(tree, 1) == '^';

	node->kind = ERE_NODE_SET;
	tree->at += negated ? 2 : 1;
	if (peek(tree, 0) == ']' || peek(tree, 0) == '-') {
		add_byte(tree, node, peek(tree, 0));
		tree->at++;
	}
	while (peek(tree, 0) != ']' && !(peek(tree, 0) == '-' && peek(tree, 1) == ']')) {
		enum status status = read_range(tree, node);

		if (status != STATUS_OK)
			return status;
	}
	if (peek(tree, 0) == '-') {
		add_byte(tree, node, '-');
		tree->at++;
	}
	tree->at++;
	for (size_t i = 0; i < ERE_SET_LEN && negated; i++)
		node->set[i] = (uint8_t)~node->set[i];
	return STATUS_OK;
}
