/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as rules for target 7 see it: the same words, whatever the spacing, the
 * case and the encoding. What is written here was found by giving texts to
 * clamscan 1.4.6 and reading what it matched:
 *
 *   - letters A–Z become a–z;
 *   - a run of white space (HT, LF, VT, FF, CR, space) becomes one space;
 *   - every other byte outside 0x20–0x7e is left out, and does not end a run;
 *   - UTF-16 is read as its code units, those above 0x7e left out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "bytes/source.h"
#include "bytes/stream.h"
#include "type/type.h"

struct plain_text {
	struct source in;
	uint64_t offset; /* of the first byte not taken yet */
	uint8_t *window; /* raw bytes, PLAIN_TEXT_WINDOW of them */
	size_t step;     /* bytes of a code unit: 1 or 2 */
	size_t low_at;   /* which of them is the low one */
	bool in_space;   /* the last thing given was the space of a run */
};

enum { PLAIN_TEXT_WINDOW = 16 * 1024 };

/*
 * The plain reading of a TEXT_* object, or of any other as bytes.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status plain_text_open(struct arena *arena, struct source in,
				       enum file_type type, struct plain_text **out);

/* Its bytes; never more than the object has. Lives as long as the arena's mark. */
struct stream plain_text_stream(struct plain_text *text);
