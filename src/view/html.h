/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTML as rules for target 3 see it: three texts made in one pass over a page. What is
 * written here was found by giving pages to clamscan 1.4.6 and reading what it made of
 * them, its oddities included; docs/formats/clamav-signatures.md says it in words.
 *
 *   page    the markup: small letters, one space for many, no comments, attribute
 *           values in double quotes, entities decoded
 *   words   what stands between the tags, and where links and images lead
 *   script  the scripts, decoded (codec/screnc.h) and each normalised
 *           (view/script_text.h)
 *
 * The parser is a machine that takes one byte after another and never looks back, so
 * that nothing in a page makes it slow or deep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/growing.h"
#include "base/status.h"
#include "bytes/source.h"
#include "type/type.h"

enum {
	HTML_NAME_MAX = 1024,  /* longer names of tags and attributes are compared cut */
	HTML_VALUE_MAX = 1024, /* and so much is kept of a value */
};

struct html_views {
	struct growing page;
	struct growing words;
	struct growing script;
	bool has_damage; /* an encoded script is not what its head and trailer say */
};

struct html_limits {
	size_t bytes_max;       /* of `page` and of `script` */
	size_t words_bytes_max; /* of `words` */
	struct clock clock;
	uint64_t deadline_ms;
};

/*
 * Reads the page, which is HTML in some encoding with ASCII's lower half, or UTF-16 if
 * `type` is HTML_UTF16. The texts live in the arena. A text that did not fit says so
 * itself (growing.failed); the others are good.
 *   OK, TIME, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status html_read(struct arena *arena, const struct source *source,
				 enum file_type type, const struct html_limits *limits,
				 struct html_views *out);
