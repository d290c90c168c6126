/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compact form: a version, then each list of the program as its count and its
 * entries. Every number is a varint: seven bits a byte, the lowest first, the top bit set
 * but in the last. One function walks all of a program in both directions, so that the
 * two cannot differ.
 */
#include "base/checked.h"
#include "bytecode/code.h"
#include "bytes/reader.h"

enum { FORM_VERSION = 1, VARINT_MAX = 10, FIRST_ROOM = 4096 };

struct form {
	bool is_reading;
	struct reader in;
	struct arena *arena;
	uint8_t *out;
	size_t out_len, out_room;
	enum status status;
};

static void form_program(struct form *form, struct program *program);

enum status program_load(struct slice bytes, struct arena *arena, struct program *out)
{
	struct form form = {
		.is_reading = true,
		.in = reader_of_slice(bytes),
		.arena = arena,
	};
	struct program program = { 0 };

	form_program(&form, &program);
	if (form.status == STATUS_OK && !reader_ok(&form.in))
		form.status = STATUS_MALFORMED;
	if (form.status == STATUS_OK && reader_left(&form.in) > 0)
		form.status = STATUS_MALFORMED;
	if (form.status == STATUS_OK)
		*out = program;
	return form.status;
}

enum status program_save(const struct program *program, struct arena *arena,
			 struct slice *out)
{
	struct form form = { .arena = arena };
	struct program copy = *program;

	form_program(&form, &copy);
	if (form.status == STATUS_OK)
		*out = (struct slice){ form.out, form.out_len };
	return form.status;
}

static uint64_t read_varint(struct form *form)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < VARINT_MAX; i++) {
		uint8_t byte = reader_u8(&form->in);

		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80))
			return value;
	}
	form->status = STATUS_MALFORMED;
	return 0;
}

static bool has_room(struct form *form)
{
	size_t room = max_size(form->out_room * 2, FIRST_ROOM);

	if (form->out_room - form->out_len >= VARINT_MAX)
		return true;
	uint8_t *larger = arena_alloc(form->arena, room);
	if (!larger) {
		form->status = STATUS_NO_MEMORY;
		return false;
	}
	if (form->out_len > 0)
		memcpy(larger, form->out, form->out_len);
	form->out = larger;
	form->out_room = room;
	return true;
}

static void write_varint(struct form *form, uint64_t value)
{
	if (form->status != STATUS_OK || !has_room(form))
		return;
	for (; value > 0x7f; value >>= 7)
		form->out[form->out_len++] = (uint8_t)(value | 0x80);
	form->out[form->out_len++] = (uint8_t)value;
}

static void form_u64(struct form *form, uint64_t *value)
{
	if (form->is_reading)
		*value = read_varint(form);
	else
		write_varint(form, *value);
}

static void form_u32(struct form *form, uint32_t *value)
{
	uint64_t wide = *value;

	form_u64(form, &wide);
	if (wide > UINT32_MAX)
		form->status = STATUS_MALFORMED;
	*value = (uint32_t)wide;
}

static void form_u8(struct form *form, uint8_t *value)
{
	uint64_t wide = *value;

	form_u64(form, &wide);
	if (wide > UINT8_MAX)
		form->status = STATUS_MALFORMED;
	*value = (uint8_t)wide;
}

static void form_bool(struct form *form, bool *value)
{
	uint8_t byte = *value;

	form_u8(form, &byte);
	*value = byte != 0;
}

/*
 * A list's count, and when reading the memory for it. An entry takes a byte at least, so
 * a count beyond the bytes that are left is a lie.
 */
static void *form_list(struct form *form, void *list, uint32_t *count, size_t size)
{
	form_u32(form, count);
	if (!form->is_reading)
		return list;
	if (*count > PROGRAM_LIST_MAX || *count > reader_left(&form->in))
		form->status = STATUS_MALFORMED;
	if (form->status == STATUS_OK) {
		list = arena_alloc_array(form->arena, max_size(*count, 1), size);
		if (list)
			return list;
		form->status = STATUS_NO_MEMORY;
	}
	*count = 0;
	return NULL;
}

static void form_types(struct form *form, struct program *program)
{
	program->types = form_list(form, program->types, &program->type_count,
				   sizeof(*program->types));
	for (uint32_t i = 0; i < program->type_count; i++) {
		struct program_type *type = &program->types[i];

		form_u8(form, &type->shape);
		form_u32(form, &type->first);
		form_u32(form, &type->part_count);
		form_u64(form, &type->count);
	}
	program->parts = form_list(form, program->parts, &program->part_count,
				   sizeof(*program->parts));
	for (uint32_t i = 0; i < program->part_count; i++)
		form_u32(form, &program->parts[i]);
}

static void form_globals(struct form *form, struct program *program)
{
	program->apis = form_list(form, program->apis, &program->api_count,
				  sizeof(*program->apis));
	for (uint32_t i = 0; i < program->api_count; i++) {
		form_u32(form, &program->apis[i].number);
		form_u32(form, &program->apis[i].type);
	}
	program->globals = form_list(form, program->globals, &program->global_count,
				     sizeof(*program->globals));
	for (uint32_t i = 0; i < program->global_count; i++) {
		struct program_global *global = &program->globals[i];

		form_u32(form, &global->type);
		form_u32(form, &global->first);
		form_u32(form, &global->constant_count);
	}
	program->constants = form_list(form, program->constants, &program->constant_count,
				       sizeof(*program->constants));
	for (uint32_t i = 0; i < program->constant_count; i++)
		form_u64(form, &program->constants[i]);
}

static void form_functions(struct form *form, struct program *program)
{
	program->functions = form_list(form, program->functions, &program->function_count,
				       sizeof(*program->functions));
	for (uint32_t i = 0; i < program->function_count; i++) {
		struct program_function *function = &program->functions[i];

		form_u32(form, &function->argument_count);
		form_u32(form, &function->result);
		form_u32(form, &function->first_value);
		form_u32(form, &function->value_count);
		form_u32(form, &function->first_block);
		form_u32(form, &function->block_count);
	}
	program->values = form_list(form, program->values, &program->value_count,
				    sizeof(*program->values));
	for (uint32_t i = 0; i < program->value_count; i++) {
		form_u32(form, &program->values[i].type);
		form_bool(form, &program->values[i].has_address);
	}
	program->blocks = form_list(form, program->blocks, &program->block_count,
				    sizeof(*program->blocks));
	for (uint32_t i = 0; i < program->block_count; i++)
		form_u32(form, &program->blocks[i]);
}

static void form_code(struct form *form, struct program *program)
{
	program->instructions = form_list(form, program->instructions,
					  &program->instruction_count,
					  sizeof(*program->instructions));
	for (uint32_t i = 0; i < program->instruction_count; i++) {
		struct program_instruction *instruction = &program->instructions[i];

		form_u8(form, &instruction->op);
		form_u8(form, &instruction->operand_count);
		form_bool(form, &instruction->is_last);
		form_u32(form, &instruction->type);
		form_u32(form, &instruction->dest);
		form_u32(form, &instruction->what);
		form_u32(form, &instruction->otherwise);
		form_u32(form, &instruction->first);
	}
	program->operands = form_list(form, program->operands, &program->operand_count,
				      sizeof(*program->operands));
	for (uint32_t i = 0; i < program->operand_count; i++) {
		form_u8(form, &program->operands[i].kind);
		form_u8(form, &program->operands[i].size);
		form_u64(form, &program->operands[i].value);
	}
}

static void form_program(struct form *form, struct program *program)
{
	uint32_t version = FORM_VERSION;

	form_u32(form, &version);
	if (version != FORM_VERSION)
		form->status = STATUS_MALFORMED;
	form_u32(form, &program->kind);
	form_types(form, program);
	form_globals(form, program);
	form_functions(form, program);
	form_code(form, program);
}
