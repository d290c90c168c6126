/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules may ask of an object that takes more than a look at its headers. Each fact
 * is found when a rule first asks for it, and then kept until the object is done.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/status.h"
#include "match/icons.h"
#include "match/matcher.h"
#include "view/pe_icons.h"
#include "view/pe_version.h"

struct facts {
	const struct matcher *matcher;
	const struct match_object *object;
	bool knows_version;
	struct pe_version version;
	bool knows_image;
	bool has_image;
	uint64_t image;
	bool knows_icons;
	struct pe_icons icons;
	bool knows_icon_finds;
	struct icon_finds icon_finds;
};

/*
 * The object's version information; empty if it has none.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status facts_version(struct facts *facts, const struct pe_version **out);

/*
 * What the object looks like, if it is a picture (view/image_hash.h).
 *   OK
 *   END   it is none, or one that cannot be decoded
 *   LIMIT, NO_MEMORY   a picture too large
 *   CHANGED, IO
 */
MUST_CHECK enum status facts_image(struct facts *facts, uint64_t *ret_hash);

/*
 * What the icons of the object look like; none if it is no PE file.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status facts_icons(struct facts *facts, const struct pe_icons **out);
