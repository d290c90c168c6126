/* SPDX-License-Identifier: Apache-2.0 */
#include "match/expr.h"

#include "base/checked.h"
#include "bytes/reader.h"

struct machine {
	struct reader program;
	struct expr_value stack[EXPR_STACK];
	size_t depth;
	expr_count *count;
	void *context;
	bool is_sub;  /* the top is a subsignature just pushed, not a block */
	bool gave_up; /* a count could not be told */
};

static bool step(struct machine *machine);
static bool push_sub(struct machine *machine, uint8_t sub);
static bool join(struct machine *machine, bool needs_both);
static bool compare(struct machine *machine, bool is_sub);
static bool skip(struct machine *machine, bool if_holds);
static struct expr_value *top(struct machine *machine);

bool expr_run(struct slice expression, expr_count *count, void *context,
	      struct expr_value *out)
{
	struct machine machine = {
		.program = reader_of_slice(expression),
		.count = count,
		.context = context,
	};
	bool sound = true;

	while (sound && reader_left(&machine.program) > 0)
		sound = step(&machine);
	if (machine.gave_up)
		return false;
	if (sound && reader_ok(&machine.program) && machine.depth == 1)
		*out = machine.stack[0];
	else
		*out = (struct expr_value){ 0 };
	return true;
}

/* False: the program is damaged, or a count could not be told. */
static bool step(struct machine *machine)
{
	bool is_sub = machine->is_sub;

	machine->is_sub = false;
	switch (reader_u8(&machine->program)) {
	case EXPR_SUB:
		machine->is_sub = true;
		return push_sub(machine, reader_u8(&machine->program));
	case EXPR_AND:
		return join(machine, true);
	case EXPR_OR:
		return join(machine, false);
	case EXPR_CMP:
		return compare(machine, is_sub);
	case EXPR_SKIP_IF_FALSE:
		return skip(machine, false);
	case EXPR_SKIP_IF_TRUE:
		return skip(machine, true);
	default:
		return false;
	}
}

static bool push_sub(struct machine *machine, uint8_t sub)
{
	struct expr_value value = { 0 };

	if (machine->depth == EXPR_STACK || sub >= EXPR_SUBS_MAX)
		return false;
	if (!machine->count(machine->context, sub, &value.count)) {
		machine->gave_up = true;
		return false;
	}
	value.holds = value.count > 0;
	value.subs = value.members = UINT64_C(1) << sub;
	machine->stack[machine->depth++] = value;
	return true;
}

/* What does not hold adds nothing. */
static bool join(struct machine *machine, bool needs_both)
{
	static const struct expr_value no;

	if (machine->depth < 2)
		return false;
	struct expr_value b = *top(machine);
	machine->depth--;
	struct expr_value *a = top(machine);
	if (needs_both ? !(a->holds && b.holds) : !(a->holds || b.holds)) {
		*a = no;
		return true;
	}
	if (!a->holds)
		*a = no;
	if (!b.holds)
		b = no;
	a->holds = true;
	a->count = add_u64_capped(a->count, b.count);
	a->subs |= b.subs;
	a->members |= b.members;
	return true;
}

static bool compare(struct machine *machine, bool is_sub)
{
	uint8_t how = reader_u8(&machine->program);
	uint32_t count = reader_u32le(&machine->program);
	uint32_t different = reader_u32le(&machine->program);
	struct expr_value *value = top(machine);
	bool holds;

	if (!value)
		return false;
	if (how == '=')
		holds = value->count == count;
	else if (how == '>')
		holds = value->count > count;
	else
		holds = how == '<' && value->count < count;
	if (different > (unsigned)__builtin_popcountll(value->members))
		holds = false;
	if (holds)
		value->holds = true;
	else
		*value = (struct expr_value){ 0 };
	if (!is_sub)
		value->members = 0;
	return true;
}

static bool skip(struct machine *machine, bool if_holds)
{
	uint16_t len = reader_u16le(&machine->program);
	struct expr_value *value = top(machine);

	if (!value)
		return false;
	if (value->holds != if_holds)
		return true;
	/* As what would have followed makes it. */
	if (!if_holds)
		*value = (struct expr_value){ 0 };
	reader_skip(&machine->program, len);
	return true;
}

static struct expr_value *top(struct machine *machine)
{
	if (machine->depth == 0)
		return NULL;
	return &machine->stack[machine->depth - 1];
}

uint64_t expr_count_max(struct slice expression)
{
	struct reader program = reader_of_slice(expression);
	uint64_t max = 0;

	while (reader_left(&program) > 0) {
		switch (reader_u8(&program)) {
		case EXPR_SUB:
			reader_skip(&program, 1);
			break;
		case EXPR_CMP:
			reader_skip(&program, 1);
			max = max_u64(max, reader_u32le(&program));
			reader_skip(&program, 4);
			break;
		case EXPR_SKIP_IF_FALSE:
		case EXPR_SKIP_IF_TRUE:
			reader_skip(&program, 2);
			break;
		case EXPR_AND:
		case EXPR_OR:
			break;
		default:
			return max + 1;
		}
	}
	return max + 1;
}
