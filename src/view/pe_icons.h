/* SPDX-License-Identifier: Apache-2.0 */
/* What the icons of a PE file look like. */
#pragma once

#include <stddef.h>

#include "view/icon.h"
#include "view/pe_image.h"

enum { PE_ICONS_MAX = 100 };

struct pe_icons {
	struct icon_look *looks;
	size_t count;
};

/*
 * Reads the icons that the first icon group names, PE_ICONS_MAX at most; those that
 * cannot be read are left out.
 *   OK, CHANGED, IO, NO_MEMORY
 */
MUST_CHECK enum status pe_icons_read(const struct pe_image *image, struct arena *arena,
				     struct pe_icons *out);
