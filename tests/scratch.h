/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder for one test, made in $TMPDIR, /dev/shm or /tmp, entered, and removed with all
 * that is in it. Files are made by path from there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Ends the program when that is not possible. */
void scratch_enter(void);
void scratch_leave(void);

/* Writes a file whole; folders on the way are made. Ends the program when refused. */
void scratch_write(const char *path, const char *text);

/* A folder, and those on the way. */
void scratch_folder(const char *path);

/* The absolute path of the scratch folder. */
const char *scratch_path(void);
