/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bytecode program: ClamAV's intermediate form, decoded. docs/formats/bytecode.md
 * describes its text and the compact form that segments hold.
 *
 * A program is made by the reader of rule text or by program_load(), and is worth
 * nothing until program_check() said yes: that finds out whether every number in it
 * names something, and lays out types, globals and frames. What runs is bounded by what
 * program_check() promised and by the machine's own checks of each access.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytecode/opcode.h"

struct program_type {
	uint8_t shape;
	uint32_t first; /* in `parts`: members, or the element */
	uint32_t part_count;
	uint64_t count;  /* of an array's elements */
	uint64_t size;   /* these by program_check(): in bytes, */
	uint64_t leaves; /* and how many constants a value of it is made of */
};

struct program_api {
	uint32_t
		number; /* as in the text; what it is called stands in the table of api.h */
	uint32_t type;
};

struct program_global {
	uint32_t type;
	uint32_t first; /* in `constants` */
	uint32_t constant_count;
	uint64_t size; /* by program_check() */
	uint64_t at;   /* among all globals; by program_check() */
};

struct program_value {
	uint32_t type;
	bool has_address; /* a variable in memory: as a pointer it is its own address */
	uint32_t size;    /* these by program_check() */
	uint32_t at;      /* in the frame */
	uint32_t pointer_at; /* in the frame: where its address is kept, if it has one */
};

struct program_function {
	uint32_t argument_count; /* its first values */
	uint32_t result;         /* type */
	uint32_t first_value, value_count;
	uint32_t first_block, block_count;
	uint32_t frame_size; /* these by program_check() */
	bool has_addresses;
};

enum operand_kind { OPERAND_VALUE, OPERAND_CONSTANT, OPERAND_GLOBAL };

struct program_operand {
	uint8_t kind;
	uint8_t size;   /* of a constant: 1, 2, 4, 8 */
	uint64_t value; /* constant, or index */
};

struct program_instruction {
	uint8_t op;
	uint8_t operand_count;
	bool is_last;  /* of its block */
	uint32_t type; /* of the result */
	uint32_t dest; /* value; not for void */
	/* type (comparisons, return, gep), callee, or the first or only branch */
	uint32_t what;
	uint32_t otherwise; /* the second branch */
	uint32_t first;     /* in `operands` */
};

struct program {
	uint32_t kind;
	/* a value for each of the program's lists, in the order of the struct */
	struct program_type *types;
	uint32_t type_count;
	uint32_t *parts;
	uint32_t part_count;
	struct program_api *apis;
	uint32_t api_count;
	struct program_global *globals;
	uint32_t global_count;
	uint64_t *constants;
	uint32_t constant_count;
	struct program_function *functions;
	uint32_t function_count;
	struct program_value *values;
	uint32_t value_count;
	uint32_t *blocks; /* the first instruction of each */
	uint32_t block_count;
	struct program_instruction *instructions;
	uint32_t instruction_count;
	struct program_operand *operands;
	uint32_t operand_count;

	uint64_t globals_size; /* by program_check() */
};

/* Bounds of what is taken; larger programs are refused by program_check(). */
enum {
	PROGRAM_LIST_MAX = 1 << 20,         /* entries of each list above */
	PROGRAM_TYPE_SIZE_MAX = 1 << 24,    /* bytes */
	PROGRAM_GLOBALS_SIZE_MAX = 1 << 24, /* bytes */
	PROGRAM_FRAME_SIZE_MAX = 1 << 22,   /* bytes of the values of a function */
	PROGRAM_ARGUMENTS_MAX = 15,
};

/* Reads the compact form; memory is the arena's.  OK, MALFORMED, NO_MEMORY */
MUST_CHECK enum status program_load(struct slice bytes, struct arena *arena,
				    struct program *out);

/* Writes it.  OK, NO_MEMORY */
MUST_CHECK enum status program_save(const struct program *program, struct arena *arena,
				    struct slice *out);

/*
 * OK, or MALFORMED and in *ret_why what is wrong. On OK: every index is within its list,
 * every block ends with an instruction that leaves it and belongs to one function alone,
 * operands fit their operations, calls fit what they call, sizes are set.
 */
MUST_CHECK enum status program_check(struct program *program, const char **ret_why);

/* For checked programs, and types that are in range. */
uint64_t program_type_size(const struct program *program, uint32_t type);
bool program_type_is_pointer(const struct program *program, uint32_t type);

static inline bool program_type_is_int(uint32_t type)
{
	return type != TYPE_VOID && type <= TYPE_INT_MAX;
}

/* What a pointer points to; void if the type is no pointer. */
uint32_t program_type_pointee(const struct program *program, uint32_t type);
