/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What program_check() asks of instructions: a table says how many operands each
 * operation has and of what kind, where its result goes, and what its other numbers
 * mean.
 */
#include "bytecode/program_check.h"

#include "base/checked.h"
#include "base/compiler.h"
#include "bytecode/api.h"

/* What may be an operand. */
enum wants {
	WANTS_INT = 1,
	WANTS_POINTER, /* or a variable that has an address, or a global */
	WANTS_SCALAR,  /* an integer, a pointer, or a variable that has an address */
	WANTS_PLACE,   /* a value that is written to */
};

/* What the type of an instruction is for. */
enum result {
	RESULT_NONE, /* nothing is written */
	RESULT_INT,  /* an integer */
	RESULT_POINTER,
	RESULT_SCALAR,
	RESULT_CALL,  /* of what is called: a scalar, or nothing */
	RESULT_WIDTH, /* nothing, but the type is that of the operand, or void */
};

struct op_form {
	uint8_t count;
	uint8_t wants[3];
	uint8_t result;
	uint8_t is_last; /* 1: ends a block; 2: may */
};

#define BINARY \
	{ \
		2, { WANTS_INT, WANTS_INT }, RESULT_INT, 0 \
	}
#define CAST \
	{ \
		1, { WANTS_INT }, RESULT_INT, 0 \
	}
#define COMPARE \
	{ \
		2, { WANTS_SCALAR, WANTS_SCALAR }, RESULT_INT, 0 \
	}
#define MEMORY(second) \
	{ \
		3, { WANTS_POINTER, second, WANTS_INT }, RESULT_NONE, 0 \
	}

static const struct op_form forms[] = {
	[OP_ADD] = BINARY,
	[OP_SUB] = BINARY,
	[OP_MUL] = BINARY,
	[OP_UDIV] = BINARY,
	[OP_SDIV] = BINARY,
	[OP_UREM] = BINARY,
	[OP_SREM] = BINARY,
	[OP_SHL] = BINARY,
	[OP_LSHR] = BINARY,
	[OP_ASHR] = BINARY,
	[OP_AND] = BINARY,
	[OP_OR] = BINARY,
	[OP_XOR] = BINARY,
	[OP_TRUNC] = CAST,
	[OP_SEXT] = CAST,
	[OP_ZEXT] = CAST,
	[OP_BRANCH] = { 1, { WANTS_INT }, RESULT_NONE, 1 },
	[OP_JUMP] = { 0, { 0 }, RESULT_NONE, 1 },
	[OP_RETURN] = { 1, { WANTS_SCALAR }, RESULT_NONE, 1 },
	[OP_RETURN_VOID] = { 0, { 0 }, RESULT_NONE, 1 },
	[OP_EQ] = COMPARE,
	[OP_NE] = COMPARE,
	[OP_UGT] = COMPARE,
	[OP_UGE] = COMPARE,
	[OP_ULT] = COMPARE,
	[OP_ULE] = COMPARE,
	[OP_SGT] = COMPARE,
	[OP_SGE] = COMPARE,
	[OP_SLE] = COMPARE,
	[OP_SLT] = COMPARE,
	[OP_SELECT] = { 3, { WANTS_INT, WANTS_SCALAR, WANTS_SCALAR }, RESULT_SCALAR, 0 },
	[OP_CALL] = { 0, { 0 }, RESULT_CALL, 0 },
	[OP_CALL_API] = { 0, { 0 }, RESULT_CALL, 0 },
	[OP_COPY] = { 2, { WANTS_SCALAR, WANTS_PLACE }, RESULT_NONE, 0 },
	[OP_GEP1] = { 2, { WANTS_POINTER, WANTS_INT }, RESULT_POINTER, 0 },
	[OP_GEPZ] = { 2, { WANTS_POINTER, WANTS_INT }, RESULT_POINTER, 0 },
	[OP_GEPN] = { 0, { 0 }, RESULT_POINTER, 0 },
	[OP_STORE] = { 2, { WANTS_SCALAR, WANTS_POINTER }, RESULT_WIDTH, 0 },
	[OP_LOAD] = { 1, { WANTS_POINTER }, RESULT_SCALAR, 0 },
	[OP_MEMSET] = MEMORY(WANTS_INT),
	[OP_MEMCPY] = MEMORY(WANTS_POINTER),
	[OP_MEMMOVE] = MEMORY(WANTS_POINTER),
	[OP_MEMCMP] = { 3, { WANTS_POINTER, WANTS_POINTER, WANTS_INT }, RESULT_INT, 0 },
	[OP_IS_BIG_ENDIAN] = { 0, { 0 }, RESULT_INT, 0 },
	[OP_ABORT] = { 0, { 0 }, RESULT_NONE, 2 },
	[OP_BSWAP16] = CAST,
	[OP_BSWAP32] = CAST,
	[OP_BSWAP64] = CAST,
	[OP_PTRDIFF32] = { 2, { WANTS_POINTER, WANTS_POINTER }, RESULT_INT, 0 },
	[OP_PTRTOINT64] = { 1, { WANTS_POINTER }, RESULT_INT, 0 },
};

/* An instruction and where it stands. */
struct place {
	const struct program *program;
	const struct program_function *function;
	const struct program_instruction *instruction;
};

static const struct program_value *value_of(const struct place *place, uint64_t index)
{
	if (index >= place->function->value_count)
		return NULL;
	return &place->program->values[place->function->first_value + (uint32_t)index];
}

static bool is_scalar(const struct program *program, uint32_t type)
{
	return program_type_is_int(type) || program_type_is_pointer(program, type);
}

static bool type_fits(const struct program *program, uint32_t type, enum wants wants)
{
	if (wants == WANTS_INT)
		return program_type_is_int(type);
	if (wants == WANTS_POINTER)
		return program_type_is_pointer(program, type);
	return is_scalar(program, type);
}

static bool operand_fits(const struct place *place, const struct program_operand *operand,
			 enum wants wants)
{
	const struct program *program = place->program;

	if (operand->kind == OPERAND_CONSTANT)
		return wants != WANTS_PLACE && operand->size <= 8 &&
		       __builtin_popcount(operand->size) == 1;
	if (operand->kind == OPERAND_GLOBAL) {
		if (operand->value >= program->global_count || wants == WANTS_PLACE)
			return false;
		return wants == WANTS_POINTER || wants == WANTS_SCALAR ||
		       type_fits(program, program->globals[operand->value].type, wants);
	}
	const struct program_value *value = value_of(place, operand->value);
	if (operand->kind != OPERAND_VALUE || !value)
		return false;
	if ((wants == WANTS_POINTER || wants == WANTS_SCALAR) && value->has_address)
		return true;
	return type_fits(program, value->type, wants);
}

static bool operands_fit(const struct place *place, const uint8_t *wants, uint32_t count)
{
	const struct program_instruction *instruction = place->instruction;

	for (uint32_t i = 0; i < count; i++)
		if (!operand_fits(place,
				  &place->program->operands[instruction->first + i],
				  (enum wants)wants[i]))
			return false;
	return true;
}

/* The result needs a value of its own size. */
static bool result_fits(const struct place *place, enum result result)
{
	const struct program *program = place->program;
	uint32_t type = place->instruction->type;
	const struct program_value *dest = value_of(place, place->instruction->dest);

	if (result == RESULT_NONE || type == TYPE_VOID)
		return result == RESULT_NONE || result == RESULT_CALL ||
		       result == RESULT_WIDTH;
	if (!program_type_exists(program, type) || !is_scalar(program, type))
		return false;
	if (result == RESULT_WIDTH)
		return true;
	if (result == RESULT_INT && !program_type_is_int(type))
		return false;
	if (result == RESULT_POINTER && !program_type_is_pointer(program, type))
		return false;
	return dest && is_scalar(program, dest->type) &&
	       dest->size == program_type_size(program, type);
}

static const char *check_call(const struct place *place)
{
	const struct program *program = place->program;
	const struct program_instruction *instruction = place->instruction;
	const struct program_function *callee;

	if (instruction->what >= program->function_count)
		return "a call of no function";
	callee = &program->functions[instruction->what];
	if (instruction->operand_count != callee->argument_count)
		return "a call with too few or too many arguments";
	for (uint32_t i = 0; i < callee->argument_count; i++) {
		uint32_t type = program->values[callee->first_value + i].type;
		uint8_t wants = WANTS_INT;

		if (program_type_is_pointer(program, type))
			wants = WANTS_POINTER;
		else if (!program_type_is_int(type))
			return "a function that takes what is no scalar";
		if (!operand_fits(place, &program->operands[instruction->first + i],
				  (enum wants)wants))
			return "a call with wrong arguments";
	}
	return NULL;
}

static const char *check_api(const struct place *place)
{
	const struct program *program = place->program;
	const struct program_instruction *instruction = place->instruction;

	if (instruction->what >= program->api_count)
		return "a call of a function of the engine that is not listed";
	const struct api *api = api_of(program->apis[instruction->what].number);
	if (!api || !api->call)
		return "a call of a function that the engine does not have";
	if (instruction->operand_count != strlen(api->arguments))
		return "a call of the engine with too few or too many arguments";
	for (uint32_t i = 0; i < instruction->operand_count; i++) {
		enum wants wants = api->arguments[i] == 'p' ? WANTS_POINTER : WANTS_INT;

		if (!operand_fits(place, &program->operands[instruction->first + i],
				  wants))
			return "a call of the engine with wrong arguments";
	}
	return NULL;
}

static const char *check_gepn(const struct place *place)
{
	static const uint8_t wants[1 + PROGRAM_ARGUMENTS_MAX] = {
		WANTS_POINTER, WANTS_INT, WANTS_INT, WANTS_INT, WANTS_INT, WANTS_INT,
		WANTS_INT,     WANTS_INT, WANTS_INT, WANTS_INT, WANTS_INT, WANTS_INT,
		WANTS_INT,     WANTS_INT, WANTS_INT, WANTS_INT,
	};
	uint32_t count = place->instruction->operand_count;

	if (count < 2 || count > ARRAY_LEN(wants) || !operands_fit(place, wants, count))
		return "an address of nothing";
	return NULL;
}

/* The numbers of an instruction that are neither operands nor its result. */
static const char *check_numbers(const struct place *place)
{
	const struct program_instruction *instruction = place->instruction;
	enum bytecode_op op = (enum bytecode_op)instruction->op;
	uint32_t blocks = place->function->block_count;

	if (op == OP_BRANCH &&
	    (instruction->what >= blocks || instruction->otherwise >= blocks))
		return "a branch out of its function";
	if (op == OP_JUMP && instruction->what >= blocks)
		return "a jump out of its function";
	if ((op >= OP_EQ && op <= OP_SLT) &&
	    (!program_type_exists(place->program, instruction->what) ||
	     !is_scalar(place->program, instruction->what)))
		return "a comparison of what is no scalar";
	if (op == OP_RETURN &&
	    program_type_size(place->program, place->function->result) == 0)
		return "a result of a function that has none";
	return NULL;
}

static const char *check_step(const struct place *place)
{
	const struct program_instruction *instruction = place->instruction;

	if ((instruction->op == OP_GEP1 || instruction->op == OP_GEPN) &&
	    (!program_type_exists(place->program, instruction->what) ||
	     !program_type_is_pointer(place->program, instruction->what)))
		return "an address by what is no pointer";
	return NULL;
}

static const char *check_instruction(const struct place *place)
{
	const struct program_instruction *instruction = place->instruction;
	const struct op_form *form;

	if (instruction->op == 0 || instruction->op > OP_LAST)
		return "an operation that is none";
	form = &forms[instruction->op];
	if (form->is_last < 2 && instruction->is_last != form->is_last)
		return "a block that ends with an operation that does not end it";
	if (!range_fits(instruction->first, instruction->operand_count,
			place->program->operand_count))
		return "operands that are not there";
	if (!result_fits(place, (enum result)form->result))
		return "a result that does not fit its place";
	const char *why = check_numbers(place);
	if (!why)
		why = check_step(place);
	if (why)
		return why;
	if (instruction->op == OP_CALL)
		return check_call(place);
	if (instruction->op == OP_CALL_API)
		return check_api(place);
	if (instruction->op == OP_GEPN)
		return check_gepn(place);
	if (instruction->operand_count != form->count ||
	    !operands_fit(place, form->wants, form->count))
		return "operands that do not fit the operation";
	return NULL;
}

const char *program_check_code(const struct program *program)
{
	struct place place = { .program = program };

	for (uint32_t f = 0; f < program->function_count; f++) {
		place.function = &program->functions[f];
		uint32_t end = place.function->first_block + place.function->block_count;
		uint32_t stop = program->instruction_count;

		if (end < program->block_count)
			stop = program->blocks[end];
		for (uint32_t i = program->blocks[place.function->first_block]; i < stop;
		     i++) {
			place.instruction = &program->instructions[i];
			const char *why = check_instruction(&place);

			if (why)
				return why;
		}
	}
	return NULL;
}
