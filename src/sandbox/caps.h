/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities: all of them away, for good.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/*
 * Empties the bounding set, as far as this process may: inherited, and what is
 * in it afterwards is idle under no_new_privs.
 */
void caps_drop_bounding(void);

/*
 * Empties the ambient, inheritable, permitted and effective sets. False, with
 * errno, if this process still holds one afterwards.
 */
MUST_CHECK bool caps_drop_all(void);

/* Keeps CAP_SYS_ADMIN, if there, and drops all others. */
void caps_keep_admin(void);
