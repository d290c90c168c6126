/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A link as tables about links see it. Browsers forgive much, and so do the writers of
 * what is shown of a link; what is told here is what is compared, not a page's address:
 *
 *	[scheme "://"] [user "@"] host [":" port] [rest]
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

struct link {
	struct slice scheme; /* in lower case; empty if there is none */
	struct slice user;
	struct slice host; /* in lower case, without dots and blanks around it */
	struct slice rest; /* from the slash or question mark on, without a fragment */
	bool has_null;     /* a %00 or %01 stands in what is before the rest */
};

/*
 * Takes a link apart, in the arena. Text that is no link has an empty host: one whose host
 * has no dot, or that names another scheme than http, https and ftp.
 *   OK, NO_MEMORY
 */
MUST_CHECK enum status link_read(struct slice text, struct arena *arena,
				 struct link *out);

/* An address in numbers: 1.2.3.4, 16909060, 0x1.0x2.0x3.0x4 … */
bool link_is_numeric(struct slice host);

/*
 * The part of a host that one registers: the last two labels, or three where the last
 * is a country's and the one before it a common one (example.co.uk).
 */
struct slice link_domain(struct slice host);
