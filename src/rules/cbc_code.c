/* SPDX-License-Identifier: Apache-2.0 */
/* Functions: a line of their values, then a line for each block. */
#include "rules/cbc.h"

#include "base/compiler.h"
#include "rules/cbc_text.h"

/* What stands behind an operation's number. */
enum form {
	FORM_NONE,
	FORM_1, /* operands */
	FORM_2,
	FORM_3,
	FORM_TYPE_1, /* a type, then operands */
	FORM_TYPE_2,
	FORM_BRANCH,  /* an operand, two blocks */
	FORM_JUMP,    /* a block */
	FORM_CALL,    /* how many operands, what, these */
	FORM_INDICES, /* how many indices, a type, a pointer, these */
};

static const uint8_t forms[] = {
	[OP_ADD] = FORM_2,         [OP_SUB] = FORM_2,
	[OP_MUL] = FORM_2,         [OP_UDIV] = FORM_2,
	[OP_SDIV] = FORM_2,        [OP_UREM] = FORM_2,
	[OP_SREM] = FORM_2,        [OP_SHL] = FORM_2,
	[OP_LSHR] = FORM_2,        [OP_ASHR] = FORM_2,
	[OP_AND] = FORM_2,         [OP_OR] = FORM_2,
	[OP_XOR] = FORM_2,         [OP_TRUNC] = FORM_1,
	[OP_SEXT] = FORM_1,        [OP_ZEXT] = FORM_1,
	[OP_BRANCH] = FORM_BRANCH, [OP_JUMP] = FORM_JUMP,
	[OP_RETURN] = FORM_TYPE_1, [OP_RETURN_VOID] = FORM_NONE,
	[OP_EQ] = FORM_TYPE_2,     [OP_NE] = FORM_TYPE_2,
	[OP_UGT] = FORM_TYPE_2,    [OP_UGE] = FORM_TYPE_2,
	[OP_ULT] = FORM_TYPE_2,    [OP_ULE] = FORM_TYPE_2,
	[OP_SGT] = FORM_TYPE_2,    [OP_SGE] = FORM_TYPE_2,
	[OP_SLE] = FORM_TYPE_2,    [OP_SLT] = FORM_TYPE_2,
	[OP_SELECT] = FORM_3,      [OP_CALL] = FORM_CALL,
	[OP_CALL_API] = FORM_CALL, [OP_COPY] = FORM_2,
	[OP_GEP1] = FORM_TYPE_2,   [OP_GEPZ] = FORM_TYPE_2,
	[OP_GEPN] = FORM_INDICES,  [OP_STORE] = FORM_2,
	[OP_LOAD] = FORM_1,        [OP_MEMSET] = FORM_3,
	[OP_MEMCPY] = FORM_3,      [OP_MEMMOVE] = FORM_3,
	[OP_MEMCMP] = FORM_3,      [OP_IS_BIG_ENDIAN] = FORM_NONE,
	[OP_ABORT] = FORM_NONE,    [OP_BSWAP16] = FORM_1,
	[OP_BSWAP32] = FORM_1,     [OP_BSWAP64] = FORM_1,
	[OP_PTRDIFF32] = FORM_2,   [OP_PTRTOINT64] = FORM_1,
};

static enum status read_function(struct cbc *cbc);

enum status cbc_read_functions(struct cbc *cbc)
{
	enum status status = STATUS_OK;

	while (status == STATUS_OK && cbc_take(&cbc->line, 'A')) {
		status = read_function(cbc);
		if (status == STATUS_OK && !cbc_next_line(cbc))
			break;
	}
	if (status != STATUS_OK)
		return status;
	if (cbc->program.function_count != cbc->function_count)
		return cbc_refuse(cbc, "not as many functions as the first line says");
	return STATUS_OK;
}

static enum status read_values(struct cbc *cbc, struct program_function *function)
{
	struct program *program = &cbc->program;
	struct reader *in = &cbc->line;

	function->argument_count = (uint32_t)cbc_fixed(in, 1);
	function->result = cbc_number32(in);
	if (!cbc_take(in, 'L'))
		return cbc_refuse(cbc, "no values");
	uint64_t count = cbc_number(in) + function->argument_count;
	for (uint64_t i = 0; i < count && reader_ok(in); i++) {
		struct program_value *value = cbc_add(cbc, (void **)&program->values,
						      &program->value_count,
						      sizeof(*value));
		if (!value)
			return STATUS_NO_MEMORY;
		value->type = cbc_number32(in);
		value->has_address = cbc_fixed(in, 1) != 0;
		function->value_count++;
	}
	return STATUS_OK;
}

static enum status read_operands(struct cbc *cbc, struct program_instruction *instruction,
				 uint64_t count)
{
	struct program *program = &cbc->program;

	for (uint64_t i = 0; i < count; i++) {
		struct program_operand *operand = cbc_add(
			cbc, (void **)&program->operands, &program->operand_count,
			sizeof(*operand));
		if (!operand)
			return STATUS_NO_MEMORY;
		*operand = cbc_operand(&cbc->line);
		instruction->operand_count++;
	}
	return STATUS_OK;
}

/*
 * A function is named by its number from 1, one of the engine by its own, of which the
 * program has a list.
 */
static void read_callee(struct cbc *cbc, struct program_instruction *instruction)
{
	const struct program *program = &cbc->program;
	uint32_t number = cbc_number32(&cbc->line);

	instruction->what = UINT32_MAX;
	if (instruction->op == OP_CALL) {
		instruction->what = number - 1;
		return;
	}
	for (uint32_t i = 0; i < program->api_count; i++)
		if (program->apis[i].number == number)
			instruction->what = i;
}

static enum status read_form(struct cbc *cbc, struct program_instruction *instruction)
{
	struct reader *in = &cbc->line;
	uint64_t count = 0;
	enum status status;

	switch ((enum form)forms[instruction->op]) {
	case FORM_NONE:
		return STATUS_OK;
	case FORM_1:
	case FORM_2:
	case FORM_3:
		count = forms[instruction->op] - FORM_1 + 1u;
		break;
	case FORM_TYPE_1:
	case FORM_TYPE_2:
		instruction->what = cbc_number32(in);
		count = forms[instruction->op] - FORM_TYPE_1 + 1u;
		break;
	case FORM_BRANCH:
		status = read_operands(cbc, instruction, 1);
		instruction->what = cbc_number32(in);
		instruction->otherwise = cbc_number32(in);
		return status;
	case FORM_JUMP:
		instruction->what = cbc_number32(in);
		return STATUS_OK;
	case FORM_CALL:
		count = cbc_fixed(in, 1);
		read_callee(cbc, instruction);
		break;
	case FORM_INDICES:
		count = cbc_fixed(in, 1) + 1;
		instruction->what = cbc_number32(in);
		break;
	}
	return read_operands(cbc, instruction, count);
}

static enum status read_instruction(struct cbc *cbc, bool *ret_is_last)
{
	struct program *program = &cbc->program;
	struct reader *in = &cbc->line;
	struct program_instruction *added = cbc_add(cbc, (void **)&program->instructions,
						    &program->instruction_count,
						    sizeof(*added));
	struct program_instruction instruction = { .first = program->operand_count };

	if (!added)
		return STATUS_NO_MEMORY;
	instruction.is_last = cbc_take(in, 'T');
	if (!instruction.is_last) {
		instruction.type = cbc_number32(in);
		instruction.dest = cbc_number32(in);
	}
	instruction.op = (uint8_t)cbc_fixed(in, 2);
	if (!reader_ok(in) || instruction.op == 0 || instruction.op > OP_LAST)
		return cbc_refuse(cbc, "an operation that is none");
	enum status status = read_form(cbc, &instruction);
	*added = instruction;
	*ret_is_last = instruction.is_last;
	return status;
}

static enum status read_block(struct cbc *cbc)
{
	struct program *program = &cbc->program;
	uint32_t *block = cbc_add(cbc, (void **)&program->blocks, &program->block_count,
				  sizeof(*block));
	bool is_last = false;

	if (!block)
		return STATUS_NO_MEMORY;
	*block = program->instruction_count;
	if (!cbc_next_line(cbc) || !cbc_take(&cbc->line, 'B'))
		return cbc_refuse(cbc, "a block is missing");
	while (!is_last) {
		enum status status = read_instruction(cbc, &is_last);

		if (status != STATUS_OK)
			return status;
		if (!reader_ok(&cbc->line))
			return cbc_refuse(cbc, "an instruction that cannot be read");
	}
	return STATUS_OK;
}

static enum status read_function(struct cbc *cbc)
{
	struct program *program = &cbc->program;
	struct program_function *added = cbc_add(cbc, (void **)&program->functions,
						 &program->function_count,
						 sizeof(*added));
	struct program_function function = {
		.first_value = program->value_count,
		.first_block = program->block_count,
	};

	if (!added)
		return STATUS_NO_MEMORY;
	enum status status = read_values(cbc, &function);
	if (status != STATUS_OK)
		return status;
	if (!cbc_take(&cbc->line, 'F'))
		return cbc_refuse(cbc, "values that cannot be read");
	uint32_t first = program->instruction_count;
	uint64_t instructions = cbc_number(&cbc->line), blocks = cbc_number(&cbc->line);
	for (uint64_t i = 0; i < blocks && status == STATUS_OK; i++)
		status = read_block(cbc);
	if (status != STATUS_OK)
		return status;
	function.block_count = program->block_count - function.first_block;
	*added = function;
	if (program->instruction_count - first != instructions)
		return cbc_refuse(cbc, "not as many instructions as it says");
	if (!cbc_take(&cbc->line, 'E'))
		return cbc_refuse(cbc, "a function without an end");
	return STATUS_OK;
}
