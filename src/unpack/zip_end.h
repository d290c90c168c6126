/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of a zip, where its reading begins: the record that tells where the directory is.
 */
#pragma once

#include "unpack/ranges.h"
#include "unpack/unpack.h"

struct zip_end {
	struct range directory; /* where it lies */
	uint64_t shift;   /* what stands before the archive: to be added to all offsets */
	uint64_t entries; /* as it says */
	uint32_t volume;  /* the number of this file among several */
	struct range records; /* the end record and its zip64 companions */
	struct range comment;
};

/*
 * Finds the last end record whose directory is where it says, or just before it.
 *   OK
 *   END         there is none at all
 *   MALFORMED   there is one, at ret->records, but no directory fits it
 *   VOLUMES     there is one, but the directory begins in another file
 *   NO_MEMORY, CHANGED, IO
 */
MUST_CHECK enum status zip_end_find(struct unpack *unpack, struct zip_end *ret);
