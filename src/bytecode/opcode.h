/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers that stand in the text of bytecode: kinds of programs, operations, types,
 * and what the engine has for them. docs/formats/bytecode.md says what they mean.
 */
#pragma once

/* When a program is run; numbers as in the text. */
enum bytecode_kind {
	BYTECODE_GENERIC = 0,
	BYTECODE_STARTUP = 1,
	BYTECODE_LOGICAL = 256, /* its logical signature matched */
	BYTECODE_PE_UNPACKER = 257,
	BYTECODE_PDF = 258,
	BYTECODE_PE_ALL = 259,
	BYTECODE_PRECLASS = 260,
	BYTECODE_ELF_UNPACKER = 261,
	BYTECODE_MACHO_UNPACKER = 262,
	BYTECODE_KIND_MAX = BYTECODE_MACHO_UNPACKER,
};

/* Operations; numbers as in the text. */
enum bytecode_op {
	OP_ADD = 1,
	OP_SUB,
	OP_MUL,
	OP_UDIV,
	OP_SDIV,
	OP_UREM,
	OP_SREM,
	OP_SHL,
	OP_LSHR,
	OP_ASHR,
	OP_AND,
	OP_OR,
	OP_XOR,
	OP_TRUNC,
	OP_SEXT,
	OP_ZEXT,
	OP_BRANCH,
	OP_JUMP,
	OP_RETURN,
	OP_RETURN_VOID,
	OP_EQ,
	OP_NE,
	OP_UGT,
	OP_UGE,
	OP_ULT,
	OP_ULE,
	OP_SGT,
	OP_SGE,
	OP_SLE,
	OP_SLT,
	OP_SELECT,
	OP_CALL,
	OP_CALL_API,
	OP_COPY,
	OP_GEP1,
	OP_GEPZ,
	OP_GEPN,
	OP_STORE,
	OP_LOAD,
	OP_MEMSET,
	OP_MEMCPY,
	OP_MEMMOVE,
	OP_MEMCMP,
	OP_IS_BIG_ENDIAN,
	OP_ABORT,
	OP_BSWAP16,
	OP_BSWAP32,
	OP_BSWAP64,
	OP_PTRDIFF32,
	OP_PTRTOINT64,
	OP_LAST = OP_PTRTOINT64,
};

/*
 * Types by number: 0 is void, 1 to 64 are integers of so many bits, 65 to 68 pointers to
 * those of 8, 16, 32 and 64 bits; a program's own are numbered from 69.
 */
enum {
	TYPE_VOID = 0,
	TYPE_INT_MAX = 64,
	TYPE_POINTERS = 65,
	TYPE_OWN = 69,
};

enum type_shape { /* as in the text */
		  SHAPE_FUNCTION = 1,
		  SHAPE_PACKED = 2,
		  SHAPE_STRUCT =
			  3, /* laid out as if packed: padding is a member of its own */
		  SHAPE_ARRAY = 4,
		  SHAPE_POINTER = 5,
};

/*
 * Constants of a pointer are an offset and what it points into: a global's index, or one
 * of the engine's own.
 */
enum program_context {
	CONTEXT_MATCH_COUNTS = 0x8000,
	CONTEXT_KIND,
	CONTEXT_VIRUS_NAMES,
	CONTEXT_PE_DATA,
	CONTEXT_FILE_SIZE,
	CONTEXT_MATCH_OFFSETS,
	CONTEXT_END,
};
