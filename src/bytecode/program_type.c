/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sizes of a program's types. A type may be made of types behind it, so they are
 * gone over until nothing is left, as often as types may be nested and no further: what
 * is left then contains itself or is nested too deep.
 */
#include "bytecode/program_check.h"

#include "base/checked.h"

enum { NESTED_MAX = 64, POINTER_SIZE = 8, POINTER_LEAVES = 2 };

/* Of a type whose size is not known yet. */
#define UNKNOWN UINT64_MAX

static const struct program_type *own(const struct program *program, uint32_t type)
{
	return &program->types[type - TYPE_OWN];
}

uint64_t program_type_size(const struct program *program, uint32_t type)
{
	if (type == TYPE_VOID)
		return 0;
	if (type <= 8)
		return 1;
	if (type <= 16)
		return 2;
	if (type <= 32)
		return 4;
	if (type < TYPE_OWN)
		return 8;
	return own(program, type)->size;
}

bool program_type_is_pointer(const struct program *program, uint32_t type)
{
	if (type < TYPE_OWN)
		return type >= TYPE_POINTERS;
	return own(program, type)->shape == SHAPE_POINTER;
}

uint32_t program_type_pointee(const struct program *program, uint32_t type)
{
	if (!program_type_is_pointer(program, type))
		return TYPE_VOID;
	if (type < TYPE_OWN)
		return 8u << (type - TYPE_POINTERS);
	return program->parts[own(program, type)->first];
}

bool program_type_exists(const struct program *program, uint32_t type)
{
	return type < TYPE_OWN || type - TYPE_OWN < program->type_count;
}

static uint64_t leaves_of(const struct program *program, uint32_t type)
{
	if (type >= TYPE_OWN)
		return own(program, type)->leaves;
	return program_type_is_pointer(program, type) ? POINTER_LEAVES : 1;
}

static bool check_parts(const struct program *program, const struct program_type *type)
{
	bool is_one = type->shape == SHAPE_ARRAY || type->shape == SHAPE_POINTER;

	if (type->shape < SHAPE_FUNCTION || type->shape > SHAPE_POINTER)
		return false;
	if (is_one && type->part_count != 1)
		return false;
	if (type->shape == SHAPE_FUNCTION && type->part_count == 0)
		return false;
	for (uint32_t i = 0; i < type->part_count; i++)
		if (!program_type_exists(program, program->parts[type->first + i]))
			return false;
	return true;
}

static bool add_part(const struct program *program, uint32_t part, uint64_t times,
		     struct program_type *sum)
{
	uint64_t size = program_type_size(program, part), leaves;

	if (size == UNKNOWN)
		return false;
	if (!mul_u64(size, times, &size) || !add_u64(sum->size, size, &sum->size) ||
	    sum->size > PROGRAM_TYPE_SIZE_MAX)
		sum->size = PROGRAM_TYPE_SIZE_MAX + 1;
	if (!mul_u64(leaves_of(program, part), times, &leaves) ||
	    !add_u64(sum->leaves, leaves, &sum->leaves))
		sum->leaves = UNKNOWN;
	return true;
}

/* Sets a type's size if those of its parts are known. */
static bool try_size(const struct program *program, struct program_type *type)
{
	struct program_type sum = { .size = 0, .leaves = 0 };

	if (type->shape == SHAPE_POINTER || type->shape == SHAPE_FUNCTION) {
		type->size = type->shape == SHAPE_POINTER ? POINTER_SIZE : 0;
		type->leaves = type->shape == SHAPE_POINTER ? POINTER_LEAVES : 1;
		return true;
	}
	uint64_t times = type->shape == SHAPE_ARRAY ? type->count : 1;
	for (uint32_t i = 0; i < type->part_count; i++)
		if (!add_part(program, program->parts[type->first + i], times, &sum))
			return false;
	type->size = sum.size;
	type->leaves = sum.leaves;
	return true;
}

/* Types share out parts in their order, so that no part is gone over for two of them. */
static const char *share_out(struct program *program)
{
	uint32_t part = 0;

	for (uint32_t i = 0; i < program->type_count; i++) {
		struct program_type *type = &program->types[i];

		if (type->first != part ||
		    !range_fits(part, type->part_count, program->part_count))
			return "a type that is out of order";
		part += type->part_count;
		if (!check_parts(program, type))
			return "a type that is none";
		type->size = UNKNOWN;
	}
	return part == program->part_count ? NULL : "parts that belong to no type";
}

const char *program_check_types(struct program *program)
{
	uint32_t left = program->type_count;
	const char *why = share_out(program);

	if (why)
		return why;
	for (unsigned pass = 0; pass < NESTED_MAX && left > 0; pass++)
		for (uint32_t i = 0; i < program->type_count; i++)
			if (program->types[i].size == UNKNOWN)
				left -= try_size(program, &program->types[i]);
	if (left > 0)
		return "a type inside itself, or nested too deep";
	for (uint32_t i = 0; i < program->type_count; i++)
		if (program->types[i].size > PROGRAM_TYPE_SIZE_MAX)
			return "a type that is too large";
	return NULL;
}

const char *program_check_globals(struct program *program)
{
	program->globals_size = 0;
	for (uint32_t i = 0; i < program->global_count; i++) {
		struct program_global *global = &program->globals[i];

		if (!program_type_exists(program, global->type))
			return "a global of no type";
		if (!range_fits(global->first, global->constant_count,
				program->constant_count))
			return "a global without constants";
		uint64_t leaves = leaves_of(program, global->type);
		bool is_zero = global->constant_count == 1 &&
			       program->constants[global->first] == 0;
		if (global->constant_count != leaves && !is_zero)
			return "a global with too few or too many constants";
		global->size = program_type_size(program, global->type);
		global->at = program->globals_size;
		program->globals_size += global->size;
		if (program->globals_size > PROGRAM_GLOBALS_SIZE_MAX)
			return "globals that are too large";
	}
	return NULL;
}
