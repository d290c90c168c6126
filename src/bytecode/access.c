/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses and memory. An address is made without a look at what is there: only its use
 * is checked. Its lower half, the offset, wraps; its region stays.
 */
#include "bytecode/memory.h"
#include "bytecode/operation.h"

#include "bytes/store.h"

static uint64_t moved(uint64_t pointer, uint64_t by)
{
	return (pointer & ~(uint64_t)UINT32_MAX) | ((pointer + by) & UINT32_MAX);
}

/* gep1: so many of what the pointer's type points to. gepz: so many bytes. */
bool run_gep(struct machine *machine, const struct program_instruction *instruction)
{
	const struct program *program = machine->program;
	unsigned bits = machine_operand_bits(machine, instruction, 1);
	uint64_t scale = 1, pointer;

	if (!machine_pointer(machine, instruction, 0, &pointer))
		return false;
	if (instruction->op == OP_GEP1)
		scale = program_type_size(
			program, program_type_pointee(program, instruction->what));
	uint64_t index = (uint64_t)bits_signed(machine_operand(machine, instruction, 1),
					       bits);
	machine_result(machine, instruction, moved(pointer, index * scale));
	return true;
}

/*
 * The type that an index leads to inside another, and how far in it is: the members
 * before it are added up, so they cost.  False after a trap.
 */
static bool step_in(struct machine *machine, uint32_t *type, uint64_t index,
		    uint64_t *offset)
{
	static const char nothing[] = "an address of what is not there";
	const struct program *program = machine->program;

	if (*type < TYPE_OWN)
		return machine_trap(machine, STATUS_MALFORMED, nothing);
	const struct program_type *own = &program->types[*type - TYPE_OWN];
	if (own->shape == SHAPE_ARRAY) {
		*type = program->parts[own->first];
		*offset += index * program_type_size(program, *type);
		return true;
	}
	if ((own->shape != SHAPE_STRUCT && own->shape != SHAPE_PACKED) ||
	    index >= own->part_count)
		return machine_trap(machine, STATUS_MALFORMED, nothing);
	if (!machine_work(machine, index * MACHINE_BYTES_PER_STEP))
		return false;
	for (uint32_t i = 0; i < index; i++)
		*offset += program_type_size(program, program->parts[own->first + i]);
	*type = program->parts[own->first + (uint32_t)index];
	return true;
}

bool run_gepn(struct machine *machine, const struct program_instruction *instruction)
{
	const struct program *program = machine->program;
	uint32_t type = program_type_pointee(program, instruction->what);
	uint64_t pointer, offset = 0;

	if (!machine_pointer(machine, instruction, 0, &pointer))
		return false;
	for (unsigned i = 1; i < instruction->operand_count; i++) {
		unsigned bits = machine_operand_bits(machine, instruction, i);
		uint64_t index = (uint64_t)bits_signed(
			machine_operand(machine, instruction, i), bits);

		if (i == 1)
			offset = index * program_type_size(program, type);
		else if (!step_in(machine, &type, index, &offset))
			return false;
	}
	machine_result(machine, instruction, moved(pointer, offset));
	return true;
}

bool run_load(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t size = program_type_size(machine->program, instruction->type);
	uint64_t pointer, value = 0;

	if (!machine_pointer(machine, instruction, 0, &pointer))
		return false;
	const uint8_t *bytes = machine_bytes(machine, pointer, size, false);
	if (!bytes)
		return false;
	for (uint64_t i = size; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	machine_result(machine, instruction, value);
	return true;
}

bool run_store(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t value = machine_operand(machine, instruction, 0), pointer;
	unsigned bits = instruction->type;
	uint8_t stored[8];

	if (!program_type_is_int(bits))
		bits = machine_operand_bits(machine, instruction, 0);
	uint64_t size = program_type_size(machine->program, bits);
	value &= bits_mask(bits);
	if (!machine_pointer(machine, instruction, 1, &pointer))
		return false;
	uint8_t *bytes = machine_bytes(machine, pointer, size, true);
	if (!bytes)
		return false;
	store_u64le(stored, value);
	memcpy(bytes, stored, size);
	return true;
}

/* How many bytes: the third operand, as a number without sign. */
static uint64_t length_of(struct machine *machine,
			  const struct program_instruction *instruction)
{
	return machine_operand(machine, instruction, 2);
}

bool run_fill(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t len = length_of(machine, instruction), pointer;

	if (!machine_pointer(machine, instruction, 0, &pointer))
		return false;
	uint8_t *bytes = machine_bytes(machine, pointer, len, true);
	if (!bytes || !machine_work(machine, len))
		return false;
	memset(bytes, (int)(machine_operand(machine, instruction, 1) & 0xff), len);
	return true;
}

/* memcpy is as good as memmove, so that bytes that overlap are no accident. */
bool run_move(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t len = length_of(machine, instruction), to, from;

	if (!machine_pointer(machine, instruction, 0, &to) ||
	    !machine_pointer(machine, instruction, 1, &from))
		return false;
	uint8_t *dest = machine_bytes(machine, to, len, true);
	const uint8_t *source = machine_bytes(machine, from, len, false);
	if (!dest || !source || !machine_work(machine, len))
		return false;
	memmove(dest, source, len);
	return true;
}

/* The difference of the first bytes that differ. */
bool run_memcmp(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t len = length_of(machine, instruction), a, b;
	int64_t difference = 0;

	if (!machine_pointer(machine, instruction, 0, &a) ||
	    !machine_pointer(machine, instruction, 1, &b))
		return false;
	const uint8_t *left = machine_bytes(machine, a, len, false);
	const uint8_t *right = machine_bytes(machine, b, len, false);
	if (!left || !right || !machine_work(machine, len))
		return false;
	for (uint64_t i = 0; i < len && difference == 0; i++)
		difference = (int64_t)left[i] - right[i];
	machine_result(machine, instruction, (uint64_t)difference);
	return true;
}

bool run_is_big_endian(struct machine *machine,
		       const struct program_instruction *instruction)
{
	machine_result(machine, instruction, 0);
	return true;
}

bool run_ptrdiff(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t a, b;

	if (!machine_pointer(machine, instruction, 0, &a) ||
	    !machine_pointer(machine, instruction, 1, &b))
		return false;
	if (a >> 32 != b >> 32)
		return machine_trap(machine, STATUS_MALFORMED,
				    "the difference of unrelated addresses");
	machine_result(machine, instruction, (a - b) & UINT32_MAX);
	return true;
}

bool run_ptrtoint(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t pointer;

	if (!machine_pointer(machine, instruction, 0, &pointer))
		return false;
	machine_result(machine, instruction, pointer);
	return true;
}
