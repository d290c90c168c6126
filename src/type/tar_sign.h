/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this a tar header? Its only sure sign is the sum of its bytes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bytes/reader.h"

enum { TAR_BLOCK = 512 };

/*
 * Does the sum that the block states fit its bytes? Taken with signed or with unsigned
 * bytes: writers of both kinds exist. A block of zeros has no sum. False if `block` is
 * shorter than TAR_BLOCK.
 */
bool tar_sum_fits(struct reader block);
