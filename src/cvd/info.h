/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of a container's members (NAME.info): the header's line, a line
 * `member:size:sha256` for each, and a signature of all that is above it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/slice.h"
#include "base/status.h"
#include "cvd/header.h"

enum { CVD_INFO_BYTES_MAX = 256 * 1024, CVD_MEMBERS_MAX = 1024 };

struct cvd_info_member {
	struct slice name;
	uint64_t size;
	struct digest sha256;
};

/* Slices point into the text. */
struct cvd_info {
	struct cvd_header header;
	struct cvd_info_member *members; /* in the arena */
	size_t member_count;
	struct slice signed_text; /* what the signature is of */
	struct slice signature;   /* empty: there is none */
};

/* Is it the name of such a list: something with the ending .info? */
bool cvd_info_is_name(struct slice name);

/*
 *   OK
 *   MALFORMED  a line is of no such form, or a member is there twice
 *   LIMIT      more than CVD_MEMBERS_MAX
 *   NO_MEMORY
 */
MUST_CHECK enum status cvd_info_read(struct slice text, struct arena *arena,
				     struct cvd_info *out);

/* The member of that name, or NULL. */
const struct cvd_info_member *cvd_info_find(const struct cvd_info *info,
					    struct slice name);

/*
 * Is the list signed with ClamAV's key?
 *   OK, MALFORMED (no), NO_MEMORY
 */
MUST_CHECK enum status cvd_info_verify(const struct cvd_info *info,
				       struct digest_state *state);
