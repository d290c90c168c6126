/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Landlock with no rule at all: whatever it governs is forbidden. Our own
 * constants, since the headers we build with are older than many kernels we
 * run on; what the kernel governs is asked at run time.
 */
#pragma once

#include "sandbox/walls.h"

/* Needs no_new_privs. Raises the three landlock walls, or puts them down as missing. */
void landlock_lock(struct walls *walls);
