/* SPDX-License-Identifier: Apache-2.0 */
#include "bytecode/program_check.h"

#include <stddef.h>

#include "base/checked.h"

enum { SLOT = 8 };

static const char *check_function(struct program *program,
				  struct program_function *function);
static const char *check_blocks(const struct program *program);

enum status program_check(struct program *program, const char **ret_why)
{
	const char *why = program_check_types(program);

	if (!why && program->kind > BYTECODE_KIND_MAX)
		why = "of no kind that is known";
	if (!why)
		why = program_check_globals(program);
	if (!why)
		why = program_check_functions(program);
	if (!why)
		why = program_check_code(program);
	if (!why)
		return STATUS_OK;
	*ret_why = why;
	return STATUS_MALFORMED;
}

/* Functions share out values and blocks in their order, and blocks instructions. */
const char *program_check_functions(struct program *program)
{
	uint32_t value = 0, block = 0;

	if (program->function_count == 0)
		return "no function";
	for (uint32_t i = 0; i < program->function_count; i++) {
		struct program_function *function = &program->functions[i];

		if (function->first_value != value || function->first_block != block)
			return "a function that is out of order";
		if (!range_fits(value, function->value_count, program->value_count) ||
		    !range_fits(block, function->block_count, program->block_count))
			return "a function with too many values or blocks";
		value += function->value_count;
		block += function->block_count;
		const char *why = check_function(program, function);
		if (why)
			return why;
	}
	if (program->functions[0].argument_count > 0)
		return "the first function takes arguments";
	if (value != program->value_count || block != program->block_count)
		return "values or blocks that belong to no function";
	return check_blocks(program);
}

static uint64_t rounded_up(uint64_t size)
{
	return size + (SLOT - size % SLOT) % SLOT;
}

/* Each value in a place of its own; those with an address also have one to keep it in. */
static const char *check_function(struct program *program,
				  struct program_function *function)
{
	uint64_t at = 0;

	if (function->argument_count > PROGRAM_ARGUMENTS_MAX ||
	    function->argument_count > function->value_count)
		return "a function with too many arguments";
	if (function->block_count == 0)
		return "a function without code";
	if (!program_type_exists(program, function->result) ||
	    program_type_size(program, function->result) > SLOT)
		return "a function whose result is none";
	for (uint32_t i = 0; i < function->value_count; i++) {
		struct program_value *value = &program->values[function->first_value + i];

		if (!program_type_exists(program, value->type))
			return "a value of no type";
		value->size = (uint32_t)program_type_size(program, value->type);
		if (value->has_address) {
			value->pointer_at = (uint32_t)at;
			function->has_addresses = true;
			at += SLOT;
		}
		value->at = (uint32_t)at;
		at += rounded_up(value->size);
		if (at > PROGRAM_FRAME_SIZE_MAX)
			return "a function whose values are too large";
	}
	function->frame_size = (uint32_t)at;
	return NULL;
}

static const char *check_blocks(const struct program *program)
{
	for (uint32_t i = 0; i < program->block_count; i++) {
		uint32_t first = program->blocks[i];
		uint32_t end = program->instruction_count;

		if (i + 1 < program->block_count)
			end = program->blocks[i + 1];
		if ((i == 0 && first != 0) || first >= end ||
		    end > program->instruction_count)
			return "a block that is empty or out of order";
		for (uint32_t k = first; k < end; k++)
			if (program->instructions[k].is_last != (k + 1 == end))
				return "a block that does not end where it should";
	}
	return NULL;
}
