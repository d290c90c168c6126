/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's body: a tar archive, read from its first byte to its last, of files with
 * plain names and of nothing else. Whatever the archive could say beyond that (folders,
 * links, names of any length) is refused: what unpack/tar.c is lenient with must not be
 * read in two ways here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/status.h"
#include "bytes/stream.h"
#include "type/tar_sign.h"

enum { TAPE_NAME_MAX = 100 };

struct tape {
	struct stream in;
	uint8_t block[TAR_BLOCK];
	uint8_t name_bytes[TAPE_NAME_MAX];
	struct slice name; /* of the member that it stands at */
	uint64_t size;
	uint64_t left;      /* of its bytes */
	enum status ended;  /* what every read of the member says once it is not OK */
	const char *reason; /* with MALFORMED: a constant string */
};

void tape_init(struct tape *tape, struct stream in);

/*
 * Moves to the next member; what was not read of the present one is passed over.
 *   OK         its name and size are in *tape
 *   END        there is none
 *   MALFORMED  `reason` says why
 *   TRUNCATED  the archive ends inside a member
 *   other      of the stream
 */
MUST_CHECK enum status tape_next(struct tape *tape);

/* The bytes of the present member; as struct stream says, with its statuses. */
struct stream tape_member(struct tape *tape);

/*
 * Is it a name that a rule file of a container can have: 1 to TAPE_NAME_MAX letters,
 * digits, '.', '_' and '-', the first of them no '.' and no '-'?
 */
bool tape_name_is_plain(struct slice name);
