/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules about members of containers (entries of RULE_CONTAINER): what a container says
 * of a member before anybody opens it, and so of encrypted members, too. The data of an
 * entry, little-endian:
 *
 *	u8 encrypted: 0 no, 1 yes, 2 either
 *	u8 whether there is a sum (enum member_sum), u32 CRC-32
 *	u64 min, u64 max, both included, of: the container's size, the member's packed
 *	size, its size, its place among the members from 1
 *	u8 length and name of the container's type; empty: any
 *	what its name must match (match/ere.h); empty: any name
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "type/type.h"

enum { MEMBER_ENCRYPTED_ANY = 2, MEMBER_RANGES = 4 };

/* clamscan reads the sum of a cdb rule, and compares those of zmd and rmd alone. */
enum member_sum { MEMBER_SUM_NONE, MEMBER_SUM, MEMBER_SUM_ALWAYS };

/* The order of the ranges. */
enum member_range {
	MEMBER_CONTAINER_SIZE,
	MEMBER_PACKED,
	MEMBER_SIZE,
	MEMBER_PLACE,
};

/* A value that the container does not tell; it is in no range but that of everything. */
#define MEMBER_UNKNOWN UINT64_MAX

struct member {
	/* what the container is, and what it is opened as: a document that is a zip */
	enum file_type container, opened_as;
	uint64_t values[MEMBER_RANGES]; /* by enum member_range */
	struct slice name;
	bool is_encrypted;
	bool has_crc;
	bool clamav_compat; /* a MEMBER_SUM is not compared */
	uint32_t crc;
};

/*
 * Does a rule with this data match the member? `arena` is rewound; `steps` is taken from.
 *   OK          *ret_matches says it
 *   LIMIT       there are no steps left
 *   MALFORMED   the data is damaged
 *   NO_MEMORY
 */
MUST_CHECK enum status member_test(struct slice data, const struct member *member,
				   struct arena *arena, uint64_t *steps,
				   bool *ret_matches);
