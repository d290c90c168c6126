/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern program (match/pattern.h), made ready: cut at its gaps into parts,
 * each of which is verified at one place, with a needle to find that place by.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/reader.h"
#include "match/needle.h"
#include "match/pattern.h"

struct pattern_part {
	struct slice steps;   /* the operations between two gaps */
	uint64_t len_min;     /* it matches at least so many bytes */
	struct needle needle; /* len 0: nothing to find it by */
	uint32_t gap_min;     /* from its end to the start of the next part; */
	uint32_t gap_max;     /* both 0 behind the last */
};

struct pattern_program {
	struct pattern_part *parts;
	size_t count;
	unsigned alt_depth; /* how deep ALTs nest; 0: there are none */
};

/*
 *   OK         *out is ready; it borrows the bytes
 *   MALFORMED  not a program: it matches nothing
 *   NO_MEMORY
 */
MUST_CHECK enum status pattern_load(struct slice bytes, struct arena *arena,
				    struct pattern_program *out);

/* One operation, as it stands in a program. */
struct pattern_step {
	enum pattern_op op;
	uint8_t kind;       /* MARK */
	uint8_t flags;      /* ALT, MARK, NEAR */
	uint16_t count;     /* ALT: of alternatives */
	uint32_t min, max;  /* GAP, NEAR; SKIP: both are its length */
	struct slice bytes; /* LIT, FOLD; MASK, NEAR: pairs; ALT: its alternatives */
};

/* The next operation. False at the end, or (then the reader has failed) where it is damaged. */
MUST_CHECK bool pattern_next_step(struct reader *steps, struct pattern_step *out);

/* The next alternative of an ALT, a program itself. False behind the last. */
MUST_CHECK bool pattern_next_alternative(struct reader *alternatives, struct slice *out);

/* The fewest bytes that a program matches. Bounded work, whatever the program is. */
uint64_t pattern_len_min(struct slice program);
