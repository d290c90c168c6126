/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Integers of 1 to 64 bits, modulo 2 to their width. What has no result ends the run:
 * division by zero, the smallest number divided by -1, a shift by the width or more.
 */
#include "bytecode/operation.h"

struct binary {
	uint64_t a, b;
	unsigned bits;
};

static bool divide(struct machine *machine, enum bytecode_op op,
		   const struct binary *binary, uint64_t *out)
{
	int64_t a = bits_signed(binary->a, binary->bits);
	int64_t b = bits_signed(binary->b, binary->bits);

	if (binary->b == 0)
		return machine_trap(machine, STATUS_MALFORMED, "a division by zero");
	if (op == OP_UDIV)
		*out = binary->a / binary->b;
	else if (op == OP_UREM)
		*out = binary->a % binary->b;
	else if (b == -1 && binary->a == UINT64_C(1) << (binary->bits - 1))
		return machine_trap(machine, STATUS_MALFORMED,
				    "a division whose result does not fit");
	else if (op == OP_SDIV)
		*out = (uint64_t)(a / b);
	else
		*out = (uint64_t)(a % b);
	return true;
}

static bool shift(struct machine *machine, enum bytecode_op op,
		  const struct binary *binary, uint64_t *out)
{
	if (binary->b >= binary->bits)
		return machine_trap(machine, STATUS_MALFORMED,
				    "a shift by the width or more");
	if (op == OP_SHL)
		*out = binary->a << binary->b;
	else if (op == OP_LSHR)
		*out = binary->a >> binary->b;
	else
		*out = (uint64_t)(bits_signed(binary->a, binary->bits) >> binary->b);
	return true;
}

static uint64_t combine(enum bytecode_op op, const struct binary *binary)
{
	switch ((unsigned)op) {
	case OP_ADD:
		return binary->a + binary->b;
	case OP_SUB:
		return binary->a - binary->b;
	case OP_MUL:
		return binary->a * binary->b;
	case OP_AND:
		return binary->a & binary->b;
	case OP_OR:
		return binary->a | binary->b;
	default:
		return binary->a ^ binary->b;
	}
}

bool run_binary(struct machine *machine, const struct program_instruction *instruction)
{
	enum bytecode_op op = (enum bytecode_op)instruction->op;
	uint64_t mask = bits_mask(instruction->type), result;
	struct binary binary = {
		.a = machine_operand(machine, instruction, 0) & mask,
		.b = machine_operand(machine, instruction, 1) & mask,
		.bits = instruction->type,
	};

	if (op >= OP_UDIV && op <= OP_SREM) {
		if (!divide(machine, op, &binary, &result))
			return false;
	} else if (op >= OP_SHL && op <= OP_ASHR) {
		if (!shift(machine, op, &binary, &result))
			return false;
	} else {
		result = combine(op, &binary);
	}
	machine_result(machine, instruction, result);
	return true;
}

bool run_cast(struct machine *machine, const struct program_instruction *instruction)
{
	unsigned bits = machine_operand_bits(machine, instruction, 0);
	uint64_t value = machine_operand(machine, instruction, 0);

	if (instruction->op == OP_SEXT)
		value = (uint64_t)bits_signed(value, bits);
	machine_result(machine, instruction, value);
	return true;
}

static bool compare(enum bytecode_op op, uint64_t a, uint64_t b)
{
	switch ((unsigned)op) {
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	case OP_UGT:
		return a > b;
	case OP_UGE:
		return a >= b;
	case OP_ULT:
		return a < b;
	default:
		return a <= b;
	}
}

static bool compare_signed(enum bytecode_op op, int64_t a, int64_t b)
{
	if (op == OP_SGT)
		return a > b;
	if (op == OP_SGE)
		return a >= b;
	if (op == OP_SLE)
		return a <= b;
	return a < b;
}

bool run_compare(struct machine *machine, const struct program_instruction *instruction)
{
	enum bytecode_op op = (enum bytecode_op)instruction->op;
	unsigned bits = 64;

	if (program_type_is_int(instruction->what))
		bits = instruction->what;
	uint64_t a = machine_operand(machine, instruction, 0) & bits_mask(bits);
	uint64_t b = machine_operand(machine, instruction, 1) & bits_mask(bits);
	bool holds = op >= OP_SGT ? compare_signed(op, bits_signed(a, bits),
						   bits_signed(b, bits)) :
				    compare(op, a, b);

	machine_result(machine, instruction, holds);
	return machine->status == STATUS_OK;
}

bool run_select(struct machine *machine, const struct program_instruction *instruction)
{
	unsigned which = machine_operand(machine, instruction, 0) & 1 ? 1 : 2;

	machine_result(machine, instruction,
		       machine_operand(machine, instruction, which));
	return machine->status == STATUS_OK;
}

bool run_swap(struct machine *machine, const struct program_instruction *instruction)
{
	uint64_t value = machine_operand(machine, instruction, 0);

	if (instruction->op == OP_BSWAP16)
		value = __builtin_bswap16((uint16_t)value);
	else if (instruction->op == OP_BSWAP32)
		value = __builtin_bswap32((uint32_t)value);
	else
		value = __builtin_bswap64(value);
	machine_result(machine, instruction, value);
	return true;
}
