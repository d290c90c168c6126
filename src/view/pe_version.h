/* SPDX-License-Identifier: Apache-2.0 */
/* The version information of a PE file: where its names and values stand. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "view/pe_image.h"

enum { PE_VERSION_PAIRS_MAX = 4096 };

struct pe_version {
	uint64_t *pairs; /* offset in the file of each name, behind which its value is */
	size_t count;
};

/*
 * Reads the first 16 version resources. With `clamav_compat` pairs that clamscan 1.4.6
 * does not see are left out: docs/formats/clamav-signatures.md names them. What is
 * damaged has no pairs; of more than PE_VERSION_PAIRS_MAX the first are given.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status pe_version_read(const struct pe_image *image, struct arena *arena,
				       bool clamav_compat, struct pe_version *out);
