/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as rules for target 7 see it: the same words, whatever the spacing, the
 * case and the encoding. What is written here was found by giving texts to
 * clamscan 1.4.6 and reading what it matched:
 *
 *   - letters A–Z become a–z;
 *   - a run of white space (HT, LF, VT, FF, CR, space) becomes one space;
 *   - every other byte outside 0x20–0x7f is left out, and does not end a run; so
 *     letters of UTF-16 come out like any others, without their zeros.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "bytes/reader.h"
#include "bytes/source.h"
#include "bytes/stream.h"

struct plain_text {
	struct source in;
	uint64_t offset; /* of the first byte not taken yet */
	uint8_t *window; /* raw bytes, PLAIN_TEXT_WINDOW of them */
	bool in_space;   /* the last thing given was the space of a run */
};

enum { PLAIN_TEXT_WINDOW = 16 * 1024 };
enum { PLAIN_TEXT_WIDE_HEAD = 1024, PLAIN_TEXT_WIDE_MIN = 8 };

/*
 * The plain reading of some bytes.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status plain_text_open(struct arena *arena, struct source in,
				       struct plain_text **out);

/* Its bytes; never more than the object has. Lives as long as the arena's mark. */
struct stream plain_text_stream(struct plain_text *text);

/*
 * Would clamscan take this for UTF-16, the high byte first? So it does with nearly
 * all bytes that are no text in ASCII: units that are control characters alone speak
 * against it. It looks at the first PLAIN_TEXT_WIDE_HEAD bytes.
 */
bool plain_text_reads_wide(struct reader head);
