/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of a program that runs, and the things that it knows by numbers. What
 * fails has ended the run with machine_trap().
 */
#pragma once

#include "bytecode/machine.h"

/* Zeroed memory out of the program's share; NULL after a trap. */
MUST_CHECK void *machine_alloc(struct machine *machine, size_t size);

/* Makes a region known; *ret_pointer points to its start.  False after a trap. */
MUST_CHECK bool machine_region(struct machine *machine, struct region region,
			       uint64_t *ret_pointer);
void machine_region_free(struct machine *machine, uint64_t pointer);

/*
 * The `len` bytes that a pointer points to, for reading or, with `writes`, for writing.
 * NULL after a trap. They stay where they are until the next call or region.
 */
MUST_CHECK uint8_t *machine_bytes(struct machine *machine, uint64_t pointer, uint64_t len,
				  bool writes);

/*
 * From the pointer to the NUL or its region's end, for reading. Takes what looking for
 * it costs.  False after a trap.
 */
MUST_CHECK bool machine_text(struct machine *machine, uint64_t pointer,
			     struct slice *out);

/* Makes room for `len` more bytes in a buffer.  False after a trap. */
MUST_CHECK bool machine_append(struct machine *machine, struct buffer *buffer,
			       const uint8_t *bytes, size_t len);

/* Numbers an object; -1 if there are too many (no trap).  False after a trap. */
MUST_CHECK bool machine_object_add(struct machine *machine, struct objects *objects,
				   void *object, int32_t *ret_id);

/* The object with that number, or NULL. */
void *machine_object(const struct objects *objects, uint64_t id);
/* Forgets it. False: there is none. */
bool machine_object_drop(struct objects *objects, uint64_t id);
