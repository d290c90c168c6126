/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States are written in the order of the expression; each leads to the next but for
 * splits and jumps:
 *
 *	a|b      split 1 2; 1: a; jump 3; 2: b; 3:
 *	a*       1: split 2 3; 2: a; jump 1; 3:
 *	a{2,4}   a; a; split 1 3; 1: a; split 2 3; 2: a; 3:
 *
 * So what is repeated is written as often as it may stand, up to a limit.
 */
#include "rules/ere_compile.h"

#include "bytes/store.h"
#include "rules/ere_tree.h"

/* No state: the end of a chain. */
enum { ERE_NO_STATE = UINT16_MAX };

struct writer {
	struct arena *arena;
	struct ere_state *states; /* ERE_STATES_MAX */
	size_t count;
	uint8_t (*sets)[ERE_SET_LEN]; /* as many */
	size_t set_count;
	struct slice literal;
	bool is_full;
};

static size_t add_state(struct writer *writer, struct ere_state state);
static void write_group(struct writer *writer, const struct ere_node *group);
static void write_node(struct writer *writer, const struct ere_node *node);
static void write_end(struct writer *writer);
static bool choose_literal(struct writer *writer, const struct ere_node *group);
static bool is_one_byte(const struct ere_node *node);
static enum status put_together(const struct writer *writer, bool fold,
				struct slice *out);

enum status ere_compile(const struct rule_line *line, struct span span, unsigned options,
			struct slice *out)
{
	struct writer writer = { .arena = line->arena };
	bool fold = line_starts(line, span, "(?i)");
	struct span rest = span;
	struct ere_node root;

	if (fold)
		rest.start += strlen("(?i)");
	writer.states = arena_new_array(line->arena, struct ere_state, ERE_STATES_MAX);
	writer.sets = arena_alloc_array(line->arena, ERE_STATES_MAX, ERE_SET_LEN);
	if (!writer.states || !writer.sets)
		return STATUS_NO_MEMORY;
	enum status status = ere_tree_read(line, rest, fold, &root);
	if (status != STATUS_OK)
		return status;
	write_group(&writer, &root);
	if (options & ERE_TO_THE_END)
		write_end(&writer);
	add_state(&writer, (struct ere_state){ .op = ERE_MATCH });
	if (writer.is_full)
		return line_refuse(line, span, STATUS_MALFORMED,
				   "the expression is too large");
	if (!choose_literal(&writer, &root))
		return STATUS_NO_MEMORY;
	return put_together(&writer, fold, out);
}

static size_t add_state(struct writer *writer, struct ere_state state)
{
	if (writer->count == ERE_STATES_MAX) {
		writer->is_full = true;
		return 0;
	}
	writer->states[writer->count] = state;
	return writer->count++;
}

/* To where the next state will be. */
static void lead_here(struct writer *writer, size_t state)
{
	struct ere_state *from = &writer->states[state];

	if (from->op == ERE_JUMP)
		from->x = (uint16_t)writer->count;
	from->y = (uint16_t)writer->count;
}

/* A split to what follows it, and to where lead_here() will say. */
static size_t add_split(struct writer *writer)
{
	return add_state(writer, (struct ere_state){
					 .op = ERE_SPLIT,
					 .x = (uint16_t)(writer->count + 1),
				 });
}

/*
 * The jumps behind the alternatives are a chain through their `x` until it is known
 * where they all lead.
 */
static void write_group(struct writer *writer, const struct ere_node *group)
{
	const struct ere_branch *branch = group->branches;
	uint16_t jumps = ERE_NO_STATE;

	for (; branch && !writer->is_full; branch = branch->next) {
		size_t split = 0;

		if (branch->next)
			split = add_split(writer);
		for (const struct ere_node *node = branch->first; node; node = node->next)
			write_node(writer, node);
		if (!branch->next)
			break;
		struct ere_state jump = { .op = ERE_JUMP, .x = jumps };
		jumps = (uint16_t)add_state(writer, jump);
		lead_here(writer, split);
	}
	while (jumps != ERE_NO_STATE && !writer->is_full) {
		uint16_t before = writer->states[jumps].x;

		lead_here(writer, jumps);
		jumps = before;
	}
}

/* A state all the same, so that many of them are many. */
static void write_nothing(struct writer *writer)
{
	uint16_t next = (uint16_t)(writer->count + 1);

	add_state(writer, (struct ere_state){ .op = ERE_JUMP, .x = next, .y = next });
}

/* A slash that may be there, and the end. */
static void write_end(struct writer *writer)
{
	size_t split = add_split(writer);

	add_state(writer, (struct ere_state){ .op = ERE_BYTE, .byte = '/' });
	lead_here(writer, split);
	add_state(writer, (struct ere_state){ .op = ERE_END });
}

static void write_once(struct writer *writer, const struct ere_node *node)
{
	struct ere_state state = { .byte = node->byte };

	switch (node->kind) {
	case ERE_NODE_GROUP:
		write_group(writer, node);
		return;
	case ERE_NODE_NOTHING:
		write_nothing(writer);
		return;
	case ERE_NODE_SET:
		state.op = ERE_SET;
		state.x = (uint16_t)writer->set_count;
		break;
	case ERE_NODE_BYTE:
		state.op = ERE_BYTE;
		break;
	case ERE_NODE_ANY:
		state.op = ERE_ANY;
		break;
	case ERE_NODE_BEGIN:
		state.op = ERE_BEGIN;
		break;
	case ERE_NODE_END:
		state.op = ERE_END;
		break;
	}
	add_state(writer, state);
}

static void write_node(struct writer *writer, const struct ere_node *node)
{
	uint16_t splits = ERE_NO_STATE;

	if (node->max == 0)
		write_nothing(writer);
	for (unsigned i = 0; i < node->min && !writer->is_full; i++)
		write_once(writer, node);
	if (node->max == ERE_NO_END) {
		size_t split = add_split(writer);

		write_once(writer, node);
		add_state(writer, (struct ere_state){ ERE_JUMP, 0, (uint16_t)split,
						      (uint16_t)split });
		lead_here(writer, split);
	}
	/* Each of the rest only behind the one before it; all may be left out. */
	for (unsigned i = node->min;
	     node->max != ERE_NO_END && i < node->max && !writer->is_full; i++) {
		size_t split = add_split(writer);

		writer->states[split].y = splits;
		splits = (uint16_t)split;
		write_once(writer, node);
	}
	while (splits != ERE_NO_STATE && !writer->is_full) {
		uint16_t before = writer->states[splits].y;

		lead_here(writer, splits);
		splits = before;
	}
	if (node->kind == ERE_NODE_SET && writer->set_count < ERE_STATES_MAX) {
		memcpy(writer->sets[writer->set_count], node->set, ERE_SET_LEN);
		writer->set_count++;
	}
}

/* The longest run of bytes, if there is only one branch: every match goes through it. */
static bool choose_literal(struct writer *writer, const struct ere_node *group)
{
	const struct ere_branch *branch = group->branches;
	const struct ere_node *best = NULL;
	size_t best_len = 0;
	uint8_t *bytes;

	for (const struct ere_node *node = branch->first; node && !branch->next;
	     node = node->next) {
		const struct ere_node *end = node;
		size_t len = 0;

		for (; is_one_byte(end); end = end->next)
			len++;
		if (len > best_len) {
			best = node;
			best_len = len;
		}
	}
	bytes = arena_alloc(writer->arena, best_len);
	if (!bytes)
		return false;
	for (size_t i = 0; i < best_len; i++, best = best->next)
		bytes[i] = best->byte;
	writer->literal = (struct slice){ bytes, best_len };
	return true;
}

static bool is_one_byte(const struct ere_node *node)
{
	return node && node->kind == ERE_NODE_BYTE && node->min == 1 && node->max == 1;
}

static enum status put_together(const struct writer *writer, bool fold, struct slice *out)
{
	size_t sets_at = ERE_HEAD_LEN + writer->count * ERE_STATE_LEN;
	size_t literal_at = sets_at + writer->set_count * ERE_SET_LEN;
	size_t len = literal_at + writer->literal.len;
	uint8_t *bytes = arena_alloc(writer->arena, len);

	if (!bytes)
		return STATUS_NO_MEMORY;
	store_u16le(&bytes[0], (uint16_t)writer->count);
	store_u16le(&bytes[2], (uint16_t)writer->set_count);
	store_u16le(&bytes[4], fold ? ERE_FOLD : 0);
	store_u16le(&bytes[6], (uint16_t)writer->literal.len);
	for (size_t i = 0; i < writer->count; i++) {
		const struct ere_state *state = &writer->states[i];
		uint8_t *at = &bytes[ERE_HEAD_LEN + i * ERE_STATE_LEN];

		at[0] = state->op;
		at[1] = state->byte;
		store_u16le(&at[2], state->x);
		store_u16le(&at[4], state->y);
	}
	for (size_t i = 0; i < writer->set_count; i++)
		memcpy(&bytes[sets_at + i * ERE_SET_LEN], writer->sets[i], ERE_SET_LEN);
	if (writer->literal.len > 0)
		memcpy(&bytes[literal_at], writer->literal.base, writer->literal.len);
	*out = (struct slice){ bytes, len };
	return STATUS_OK;
}
