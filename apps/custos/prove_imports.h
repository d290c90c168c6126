/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the worker program asks of its libraries, read off the file: functions
 * that open files, reach the network or start programs are not among it.
 * (The libraries have them; the system call list is there for that.)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "host/pool_error.h"

struct prove_imports {
	size_t count;    /* functions it asks for */
	char found[256]; /* those that it should not, with blanks between; or empty */
};

/* False, with *error filled in, if the program cannot be read. */
MUST_CHECK bool prove_imports_look(struct prove_imports *imports,
				   struct pool_error *error);
