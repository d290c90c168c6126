/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities: all of them away, for good.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/*
 * Empties the bounding, ambient, inheritable, permitted and effective sets.
 * False, with errno, if this process still holds one afterwards. (A bounding
 * set that may not be emptied is no failure: no_new_privs makes it idle.)
 */
MUST_CHECK bool caps_drop_all(void);

/* Keeps CAP_SYS_ADMIN, if there, and drops all others. */
void caps_keep_admin(void);
