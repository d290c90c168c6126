/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the other parts of custos are: beside this program (as built), else
 * where they were installed.
 */
#pragma once

/* "custos-worker" … as a path; free() it. NULL: no memory. The file need not be there. */
char *program_helper_path(const char *name);

/* The rules that come with the program. As above. */
char *program_builtin_path(void);
