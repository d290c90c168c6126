/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-16 as a source of single bytes, for looking at what is all ASCII: each unit is one
 * byte, those outside of ASCII are '?'. An odd byte at the end is not there.
 */
#pragma once

#include <stdbool.h>

#include "bytes/source.h"

struct narrow {
	struct source wide;
	bool is_big; /* the high byte comes first */
};

/* Valid as long as `narrow` stays where it is. */
struct source narrow_source(struct narrow *narrow);
