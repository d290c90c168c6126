/* SPDX-License-Identifier: Apache-2.0 */
#include "bytecode/operation.h"

#include "base/checked.h"

static bool (*const operations[])(struct machine *,
				  const struct program_instruction *) = {
	[OP_ADD] = run_binary,        [OP_SUB] = run_binary,
	[OP_MUL] = run_binary,        [OP_UDIV] = run_binary,
	[OP_SDIV] = run_binary,       [OP_UREM] = run_binary,
	[OP_SREM] = run_binary,       [OP_SHL] = run_binary,
	[OP_LSHR] = run_binary,       [OP_ASHR] = run_binary,
	[OP_AND] = run_binary,        [OP_OR] = run_binary,
	[OP_XOR] = run_binary,        [OP_TRUNC] = run_cast,
	[OP_SEXT] = run_cast,         [OP_ZEXT] = run_cast,
	[OP_BRANCH] = run_branch,     [OP_JUMP] = run_jump,
	[OP_RETURN] = run_return,     [OP_RETURN_VOID] = run_return,
	[OP_EQ] = run_compare,        [OP_NE] = run_compare,
	[OP_UGT] = run_compare,       [OP_UGE] = run_compare,
	[OP_ULT] = run_compare,       [OP_ULE] = run_compare,
	[OP_SGT] = run_compare,       [OP_SGE] = run_compare,
	[OP_SLE] = run_compare,       [OP_SLT] = run_compare,
	[OP_SELECT] = run_select,     [OP_CALL] = run_call,
	[OP_CALL_API] = run_call_api, [OP_COPY] = run_copy,
	[OP_GEP1] = run_gep,          [OP_GEPZ] = run_gep,
	[OP_GEPN] = run_gepn,         [OP_STORE] = run_store,
	[OP_LOAD] = run_load,         [OP_MEMSET] = run_fill,
	[OP_MEMCPY] = run_move,       [OP_MEMMOVE] = run_move,
	[OP_MEMCMP] = run_memcmp,     [OP_IS_BIG_ENDIAN] = run_is_big_endian,
	[OP_ABORT] = run_abort,       [OP_BSWAP16] = run_swap,
	[OP_BSWAP32] = run_swap,      [OP_BSWAP64] = run_swap,
	[OP_PTRDIFF32] = run_ptrdiff, [OP_PTRTOINT64] = run_ptrtoint,
};

static void run(struct machine *machine)
{
	const struct program *program = machine->program;
	const struct program_instruction *instruction;

	while (machine->frame_count > 0) {
		struct frame *frame = &machine->frames[machine->frame_count - 1];

		if (!budget_take(&machine->budget, 1)) {
			machine_trap(machine, machine->budget.status, "too many steps");
			break;
		}
		instruction = &program->instructions[frame->next++];
		if (!operations[instruction->op](machine, instruction))
			break;
	}
}

/* What it made last is a child, and what it found is told, however it ended. */
static void finish(struct machine *machine)
{
	const struct bytecode_host *host = machine->host;

	const struct slice made = { machine->child.bytes, machine->child.len };

	if (made.len > 0 && host->child &&
	    !host->child(host->context, made, machine->child_id))
		machine_trap(machine, STATUS_LIMIT, "it makes too much");
	if (machine->name.len > 0 && host->found)
		host->found(host->context, machine->name);
}

enum status bytecode_run(const struct program *program, const struct bytecode_host *host,
			 const struct bytecode_limits *limits, struct arena *arena,
			 struct bytecode_result *out)
{
	struct machine machine = {
		.program = program,
		.host = host,
		.arena = arena,
		.budget = budget_of(limits->steps_max, limits->clock,
				    limits->deadline_ms),
		.memory_left = limits->memory_max,
		.child_left = limits->child_max,
	};

	if (machine_make_globals(&machine) && machine_enter(&machine, 0))
		run(&machine);
	finish(&machine);
	*out = (struct bytecode_result){
		.value = machine.result,
		.steps = limits->steps_max - machine.budget.steps,
		.why = machine.why,
	};
	return machine.status;
}
