/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was not looked at in a file, as bytes that the verdict cache keeps, and back. For
 * each gap, all numbers little-endian:
 *
 *	u8 reason, u32 serial of the object, u64 its size, u64 offset, then texts (u32
 *	length, bytes): its type, the detail; u32 count and as many texts: its names
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/slice.h"
#include "result.h"

/*
 * Those of a judged result, to be freed; none: empty. False: there are reasons that the
 * file itself does not give (time, memory, a worker's end …), or that were not all kept:
 * the next scan may see more.
 */
MUST_CHECK bool notes_write(const struct result *result, struct slice *ret_notes);

/*
 * Adds what the notes say to a result; NULL: it only looks whether they can be read.
 * False: they cannot be, and the result has some of them.
 */
MUST_CHECK bool notes_read(struct slice notes, struct result *result);
