/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One tar header: its fields, and the pax records that change them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "bytes/reader.h"

struct tar_header {
	struct slice name;   /* with the prefix of ustar; in the arena */
	uint64_t size;       /* bytes that follow, as the header says */
	uint8_t kind;        /* '0' and 0 file, '1' link, '5' folder, 'L', 'x' … */
	bool is_sparse;      /* GNU: holes are left out of the bytes that follow */
	bool has_more_holes; /* GNU: a block with more of the map follows first */
};

/* What pax records say of the next member; what they leave out is not set. */
struct tar_pax {
	bool has_name, has_size;
	struct slice name; /* borrowed from the records */
	uint64_t size;
	bool is_sparse;
};

/*
 * Reads a header of TAR_BLOCK bytes whose sum has been checked (type/tar_sign.h).
 *   OK
 *   MALFORMED  its size is no number; it is taken for 0 in *out
 *   NO_MEMORY
 */
MUST_CHECK enum status tar_header_read(struct reader block, struct arena *arena,
				       struct tar_header *out);

/*
 * Reads records "length key=value\n" up to the end.
 *   OK
 *   MALFORMED  one of them does not fit; those before it are in *out
 */
MUST_CHECK enum status tar_pax_read(struct reader records, struct tar_pax *out);
