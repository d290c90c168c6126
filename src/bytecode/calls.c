/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames: a frame holds a function's values, each at its place, little-endian. The stack
 * moves when it grows, so nobody keeps an address in it: regions of variables that have
 * an address name their place in the stack.
 */
#include "bytecode/memory.h"
#include "bytecode/operation.h"

#include "base/checked.h"
#include "bytes/store.h"

enum { FIRST_STACK = 64 * 1024, FIRST_FRAMES = 64 };

static uint64_t load(const uint8_t *bytes, uint32_t size)
{
	uint64_t value = 0;

	for (uint32_t i = size; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	return value;
}

static const struct frame *top(const struct machine *machine)
{
	return &machine->frames[machine->frame_count - 1];
}

static const struct program_function *function_of(const struct machine *machine)
{
	return &machine->program->functions[top(machine)->function];
}

struct program_value machine_value(const struct machine *machine, uint64_t index)
{
	return machine->program
		->values[function_of(machine)->first_value + (uint32_t)index];
}

static uint8_t *in_frame(const struct machine *machine, uint32_t at)
{
	return &machine->stack[top(machine)->base + at];
}

static bool grow_stack(struct machine *machine, uint32_t size)
{
	uint32_t room = machine->stack_room == 0 ? FIRST_STACK : machine->stack_room;

	while (room - machine->stack_used < size)
		room *= 2;
	if (room > MACHINE_STACK_MAX)
		return machine_trap(machine, STATUS_LIMIT, "calls nested too deep");
	uint8_t *stack = machine_alloc(machine, room);
	if (!stack)
		return false;
	if (machine->stack_used > 0)
		memcpy(stack, machine->stack, machine->stack_used);
	machine->stack = stack;
	machine->stack_room = room;
	return true;
}

static bool grow_frames(struct machine *machine)
{
	uint32_t room = machine->frame_room == 0 ? FIRST_FRAMES : machine->frame_room * 2;
	struct frame *frames;

	if (machine->frame_count >= MACHINE_CALLS_MAX)
		return machine_trap(machine, STATUS_LIMIT, "calls nested too deep");
	frames = machine_alloc(machine, room * sizeof(*frames));
	if (!frames)
		return false;
	if (machine->frame_count > 0)
		memcpy(frames, machine->frames, machine->frame_count * sizeof(*frames));
	machine->frames = frames;
	machine->frame_room = room;
	return true;
}

bool machine_enter(struct machine *machine, uint32_t index)
{
	const struct program *program = machine->program;
	const struct program_function *function = &program->functions[index];

	if (machine->frame_count >= MACHINE_CALLS_MAX)
		return machine_trap(machine, STATUS_LIMIT, "calls nested too deep");
	if (machine->frame_count == machine->frame_room && !grow_frames(machine))
		return false;
	if (machine->stack_room - machine->stack_used < function->frame_size &&
	    !grow_stack(machine, function->frame_size))
		return false;
	/* And what machine_leave() will go through; a value may take no room. */
	uint64_t work = function->frame_size;
	if (function->has_addresses)
		work += (uint64_t)function->value_count * MACHINE_BYTES_PER_STEP;
	if (!machine_work(machine, work))
		return false;
	machine->frames[machine->frame_count++] = (struct frame){
		.function = index,
		.next = program->blocks[function->first_block],
		.base = machine->stack_used,
	};
	machine->stack_used += function->frame_size;
	if (function->frame_size > 0)
		memset(in_frame(machine, 0), 0, function->frame_size);
	return true;
}

/* What pointed to the frame's variables points to nothing from here on. */
void machine_leave(struct machine *machine)
{
	const struct program_function *function = function_of(machine);

	for (uint32_t i = 0; function->has_addresses && i < function->value_count; i++) {
		struct program_value value = machine_value(machine, i);

		if (value.has_address)
			machine_region_free(machine,
					    load(in_frame(machine, value.pointer_at), 8));
	}
	machine->stack_used = top(machine)->base;
	machine->frame_count--;
}

/* The address of a variable: its region is made when it is first asked for. */
static uint64_t address_of(struct machine *machine, const struct program_value *value)
{
	uint64_t pointer = load(in_frame(machine, value->pointer_at), 8);
	struct region region = {
		.at = top(machine)->base + value->at,
		.size = value->size,
		.kind = REGION_STACK,
	};

	if (pointer == 0 && machine_region(machine, region, &pointer))
		store_u64le(in_frame(machine, value->pointer_at), pointer);
	return pointer;
}

static const struct program_operand *operand_of(
	const struct machine *machine, const struct program_instruction *instruction,
	unsigned which)
{
	return &machine->program->operands[instruction->first + which];
}

/* A scalar is its value, anything else its address; nothing (void) is no address. */
static uint64_t global_operand(const struct machine *machine, uint64_t index)
{
	const struct program *program = machine->program;
	const struct program_global *global = &program->globals[index];

	if (global->type == TYPE_VOID)
		return 0;
	if (program_type_is_int(global->type) ||
	    program_type_is_pointer(program, global->type))
		return load(&machine->globals[global->at], (uint32_t)global->size);
	return machine->global_pointers[index];
}

uint64_t machine_operand(struct machine *machine,
			 const struct program_instruction *instruction, unsigned which)
{
	const struct program_operand *operand = operand_of(machine, instruction, which);

	if (operand->kind == OPERAND_CONSTANT)
		return operand->value & bits_mask(operand->size * 8u);
	if (operand->kind == OPERAND_GLOBAL)
		return global_operand(machine, operand->value);
	struct program_value value = machine_value(machine, operand->value);
	if (value.has_address && value.type >= TYPE_OWN &&
	    !program_type_is_pointer(machine->program, value.type))
		return address_of(machine, &value);
	return load(in_frame(machine, value.at), value.size);
}

bool machine_pointer(struct machine *machine,
		     const struct program_instruction *instruction, unsigned which,
		     uint64_t *out)
{
	const struct program_operand *operand = operand_of(machine, instruction, which);
	const struct program *program = machine->program;

	if (operand->kind == OPERAND_VALUE) {
		struct program_value value = machine_value(machine, operand->value);

		if (value.has_address)
			*out = address_of(machine, &value);
		else
			*out = load(in_frame(machine, value.at), value.size);
	} else if (operand->kind == OPERAND_GLOBAL &&
		   program_type_is_int(program->globals[operand->value].type)) {
		*out = machine->global_pointers[operand->value];
	} else {
		*out = machine_operand(machine, instruction, which);
	}
	return machine->status == STATUS_OK;
}

unsigned machine_operand_bits(const struct machine *machine,
			      const struct program_instruction *instruction,
			      unsigned which)
{
	const struct program_operand *operand = operand_of(machine, instruction, which);
	uint32_t type = TYPE_VOID;

	if (operand->kind == OPERAND_CONSTANT)
		return operand->size * 8u;
	if (operand->kind == OPERAND_GLOBAL)
		type = machine->program->globals[operand->value].type;
	else
		type = machine_value(machine, operand->value).type;
	return program_type_is_int(type) ? type : 64;
}

void machine_result(struct machine *machine,
		    const struct program_instruction *instruction, uint64_t value)
{
	uint32_t type = instruction->type;
	uint8_t bytes[8];

	if (type == TYPE_VOID)
		return;
	struct program_value dest = machine_value(machine, instruction->dest);
	if (program_type_is_int(type))
		value &= bits_mask(type);
	store_u64le(bytes, value);
	memcpy(in_frame(machine, dest.at), bytes, dest.size);
}

static bool go_to(struct machine *machine, uint32_t block)
{
	uint32_t first = function_of(machine)->first_block;

	machine->frames[machine->frame_count - 1].next =
		machine->program->blocks[first + block];
	return true;
}

bool run_branch(struct machine *machine, const struct program_instruction *instruction)
{
	if (machine_operand(machine, instruction, 0) & 1)
		return go_to(machine, instruction->what);
	return go_to(machine, instruction->otherwise);
}

bool run_jump(struct machine *machine, const struct program_instruction *instruction)
{
	return go_to(machine, instruction->what);
}

/* The instruction that called is the one before the caller's next. */
bool run_return(struct machine *machine, const struct program_instruction *instruction)
{
	uint32_t type = function_of(machine)->result;
	uint64_t value = 0;

	if (instruction->operand_count > 0)
		value = machine_operand(machine, instruction, 0);
	if (program_type_is_int(type))
		value &= bits_mask(type);
	machine_leave(machine);
	machine->result = value;
	if (machine->frame_count > 0)
		machine_result(machine,
			       &machine->program->instructions[top(machine)->next - 1],
			       value);
	return machine->status == STATUS_OK;
}

bool run_call(struct machine *machine, const struct program_instruction *instruction)
{
	const struct program *program = machine->program;
	const struct program_function *callee = &program->functions[instruction->what];
	uint64_t arguments[PROGRAM_ARGUMENTS_MAX] = { 0 };

	for (uint32_t i = 0; i < callee->argument_count; i++) {
		uint32_t type = program->values[callee->first_value + i].type;

		if (!program_type_is_pointer(program, type))
			arguments[i] = machine_operand(machine, instruction, i) &
				       bits_mask(type);
		else if (!machine_pointer(machine, instruction, i, &arguments[i]))
			return false;
	}
	if (!machine_enter(machine, instruction->what))
		return false;
	for (uint32_t i = 0; i < callee->argument_count; i++) {
		struct program_value value = machine_value(machine, i);
		uint8_t bytes[8];

		store_u64le(bytes, arguments[i]);
		memcpy(in_frame(machine, value.at), bytes, value.size);
	}
	return true;
}

bool run_call_api(struct machine *machine, const struct program_instruction *instruction)
{
	uint32_t number = machine->program->apis[instruction->what].number;
	const struct api *api = api_of(number);
	uint64_t arguments[API_ARGUMENTS_MAX] = { 0 };
	uint64_t result = 0;

	for (uint32_t i = 0; i < instruction->operand_count; i++) {
		if (api->arguments[i] != 'p')
			arguments[i] = machine_operand(machine, instruction, i) &
				       UINT32_MAX;
		else if (!machine_pointer(machine, instruction, i, &arguments[i]))
			return false;
	}
	if (!api->call(machine, arguments, &result))
		return false;
	machine_result(machine, instruction, result);
	return true;
}

bool run_abort(struct machine *machine, const struct program_instruction *instruction)
{
	(void)instruction;
	return machine_trap(machine, STATUS_MALFORMED, "it gave up");
}

bool run_copy(struct machine *machine, const struct program_instruction *instruction)
{
	const struct program_operand *to = operand_of(machine, instruction, 1);
	struct program_value dest = machine_value(machine, to->value);
	uint64_t value = machine_operand(machine, instruction, 0);
	uint8_t bytes[8];

	if (program_type_is_int(dest.type))
		value &= bits_mask(dest.type);
	store_u64le(bytes, value);
	memcpy(in_frame(machine, dest.at), bytes, dest.size);
	return machine->status == STATUS_OK;
}
