/* SPDX-License-Identifier: Apache-2.0 */
/* What operations work on, and the operations. */
#pragma once

#include "bytecode/machine.h"

/* What an operand is worth: an integer without sign, or a pointer. */
uint64_t machine_operand(struct machine *machine,
			 const struct program_instruction *instruction, unsigned which);
/* The same where a pointer is wanted.  False after a trap. */
MUST_CHECK bool machine_pointer(struct machine *machine,
				const struct program_instruction *instruction,
				unsigned which, uint64_t *out);
/* Writes an instruction's result, cut to its type. */
void machine_result(struct machine *machine,
		    const struct program_instruction *instruction, uint64_t value);

/* How many bits a value of the operand has. */
unsigned machine_operand_bits(const struct machine *machine,
			      const struct program_instruction *instruction,
			      unsigned which);

struct program_value machine_value(const struct machine *machine, uint64_t index);

/* One operation each.  False: the run is over. */
typedef bool operation(struct machine *machine,
		       const struct program_instruction *instruction);
operation run_binary, run_cast, run_compare, run_select, run_swap; /* arithmetic.c */
operation run_branch, run_jump, run_return, run_call, run_call_api,
	run_abort; /* calls.c */
operation run_copy, run_gep, run_gepn, run_store, run_load, run_fill, run_move,
	run_memcmp, run_is_big_endian, run_ptrdiff, run_ptrtoint; /* access.c */

static inline uint64_t bits_mask(unsigned bits)
{
	if (bits >= 64)
		return UINT64_MAX;
	return (UINT64_C(1) << bits) - 1;
}

static inline int64_t bits_signed(uint64_t value, unsigned bits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1);

	value &= bits_mask(bits);
	return (int64_t)((value ^ sign) - sign);
}
